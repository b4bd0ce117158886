"""Run the examples of indicators: the given records through contract, views and the one grouped pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dq.engine.examples import ExampleOutcome, given, prepare
from dq.indicators.compute import Tally, tally_all
from dq.library.policy import BoundIndicator, Library
from dq.model import IndicatorExample
from dq.workspace import Workspace


def run_indicator_examples(
    workspace: Workspace, library: Library, indicators: Iterable[BoundIndicator]
) -> Iterator[ExampleOutcome]:
    """Run every example of ``indicators`` and yield how each came out."""
    prepare(workspace, library)
    for bound in indicators:
        for example in bound.indicator.examples:
            yield ExampleOutcome(bound.indicator.id, example.name, _run(workspace, library, bound, example))


def _run(workspace: Workspace, library: Library, bound: BoundIndicator, example: IndicatorExample) -> str:
    with given(workspace, library, example.given):
        tallies = tally_all(workspace, library, [bound], example.period, None, lambda _: None)
    found = tallies.at(bound.indicator, ("authority", ""), example.period)
    wanted = Tally(example.numerator, example.denominator or 0)
    return "" if found == wanted else f"gives {_worded(found)}, not {_worded(wanted)}"


def _worded(tally: Tally | None) -> str:
    if tally is None:
        return "nothing"
    return str(tally.denominator) if tally.numerator is None else f"{tally.numerator} of {tally.denominator}"
