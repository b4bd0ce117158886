"""What late recording is expected to bring figures to, in words and as a file of its own: never in a figure's place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from dq.model import Figure, Nowcast
from dq.reports import words

Cell = str | int | float | None

_COLUMNS: Mapping[str, Callable[[Figure, Nowcast], Cell]] = {
    "indicator_id": lambda figure, _: figure.indicator.id,
    "split": lambda figure, _: figure.split,
    "scope_type": lambda figure, _: figure.scope.type,
    "scope_id": lambda figure, _: figure.scope.id,
    "scope_name": lambda figure, _: figure.scope.name,
    "period": lambda figure, _: f"{figure.period:%Y-%m}",
    "unit": lambda figure, _: figure.indicator.unit.value,
    "recorded": lambda figure, _: figure.value,
    "expected": lambda _, nowcast: nowcast.expected,
    "low": lambda _, nowcast: nowcast.low,
    "high": lambda _, nowcast: nowcast.high,
    "complete_share": lambda _, nowcast: nowcast.complete,
    "working_days_since": lambda _, nowcast: nowcast.working_days,
    "months": lambda _, nowcast: nowcast.months,
    "reason": lambda _, nowcast: nowcast.reason,
}
COLUMNS = tuple(_COLUMNS)


def nowcast_rows(figures: Iterable[Figure]) -> list[dict[str, Cell]]:
    """Return a row for every figure of a measure that is entered late; numbers unrounded, shares from 0 to 1."""
    return [
        {name: cell(figure, figure.nowcast) for name, cell in _COLUMNS.items()}
        for figure in figures
        if figure.nowcast is not None
    ]


def short(figure: Figure) -> str:
    """Return what to expect, for beside the figure: 83.5% to 88.1% once all is entered; empty where it is as it is."""
    if not _moves(figure):
        return ""
    return f"{_between(figure)} once all is entered"


def told(figure: Figure) -> str:
    """Return what late recording is expected to bring, in sentences; or why that is not said."""
    nowcast = figure.nowcast
    if nowcast is None:
        return ""
    if nowcast.expected is None:
        return f"No figure is foretold. {nowcast.reason}"
    unit = figure.indicator.unit
    after = f"{words.plural(nowcast.working_days, 'working day')} after" if nowcast.working_days else "at"
    entered = "" if nowcast.complete is None else f", with some {nowcast.complete:.0%} of the month’s events entered"
    begun = f"As recorded {after} the month end, {words.number(figure.value, unit)}{entered}."
    if not _moves(figure):
        return f"{begun} What is entered later is not expected to move it: nine times of ten, {_between(figure)}."
    return (
        f"{begun} Once all is entered it is expected to be about {words.number(nowcast.expected, unit)}: nine times of "
        f"ten {_between(figure)}, going by what became of {nowcast.months} earlier month ends."
    )


def _moves(figure: Figure) -> bool:
    """Whether late recording is expected to show in the figure as it is printed."""
    nowcast, unit = figure.nowcast, figure.indicator.unit
    if nowcast is None or nowcast.expected is None:
        return False
    return words.number(nowcast.expected, unit) != words.number(figure.value, unit)


def _between(figure: Figure) -> str:
    assert figure.nowcast is not None  # noqa: S101 - asked only where there is one
    low, high = (words.number(end, figure.indicator.unit) for end in (figure.nowcast.low, figure.nowcast.high))
    return f"{low} to {high}" if low != high else f"about {low}"
