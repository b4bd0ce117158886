"""Run the examples of indicators: the given records through contract, views and the one grouped pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dq.engine.examples import ExampleOutcome, given, prepare
from dq.indicators.compute import AUTHORITY, Tally, tally_all
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
    wanted = {"all": Tally(example.numerator, example.denominator or 0)}
    wanted |= {split: Tally(numerator, of) for split, (numerator, of) in example.splits.items()}
    asked = [bound.of(split) for split in wanted]
    with given(workspace, library, example.given):
        tallies = tally_all(workspace, library, asked, example.period, None, lambda _: None)
    found = {each.split: tallies.at(each, AUTHORITY, example.period) for each in asked}
    return "; ".join(
        f"gives {_worded(found[split])}, not {_worded(tally)}{'' if split == 'all' else f', for {split}'}"
        for split, tally in wanted.items()
        if found[split] != tally
    )


def _worded(tally: Tally | None) -> str:
    if tally is None:
        return "nothing"
    return str(tally.denominator) if tally.numerator is None else f"{tally.numerator} of {tally.denominator}"
