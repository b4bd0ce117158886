"""The lines of a paper with their figures, as its pages show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dq.model import Figure, Line, RunResult
from dq.reports import charts, words
from dq.reports.as_published import MARK
from dq.reports.tally import Tally

MONTHS_IN_TABLE = 13


@dataclass(frozen=True)
class Row:
    """One line of the paper: its figure for the authority, for each area and team, and the rules that touch it.

    ``across`` is the authority's figure and then one for each area of the run, None where it has none.
    """

    line: Line
    figure: Figure
    areas: tuple[Figure, ...]
    teams: tuple[Figure, ...]
    across: tuple[Figure | None, ...]
    rules: tuple[tuple[str, int], ...]
    months: tuple[tuple[str, str], ...]


_Key = tuple[str, str | None, str]
ByLine = Mapping[_Key, Sequence[Figure]]


def by_line(result: RunResult) -> ByLine:
    """Return the figures of a run by the line of the paper that they are of."""
    figures: dict[_Key, list[Figure]] = defaultdict(list)
    for figure in result.figures:
        figures[figure.key].append(figure)
    return figures


def of_line(figures: ByLine, line: Line) -> Sequence[Figure]:
    """Return the figures of one line, for every scope."""
    return figures.get(line.key, ())


def row_of(line: Line, figures: Sequence[Figure], area_ids: Sequence[str], tally: Tally | None) -> Row:
    """Gather the figures of one line. Every line has one for the authority: a line is never left out in silence."""
    whole = next((figure for figure in figures if figure.scope.type == "authority"), None)
    if whole is None:
        raise LookupError(f"no figure of the authority for line '{line.title}' ({line.indicator})")
    areas = {figure.scope.id: figure for figure in figures if figure.scope.type == "area"}
    return Row(
        line=line,
        figure=whole,
        areas=tuple(areas.values()),
        teams=tuple(figure for figure in figures if figure.scope.type == "team"),
        across=(whole, *(areas.get(area) for area in area_ids)),
        rules=() if tally is None else tally.rules_of_indicator(line.indicator),
        months=_months(whole),
    )


def _months(figure: Figure) -> tuple[tuple[str, str], ...]:
    return tuple(
        (words.month(when), _value(figure, value, published=when in figure.months_published))
        for when, value in charts.points(figure, MONTHS_IN_TABLE)
    )


def _value(figure: Figure, value: float | None, *, published: bool) -> str:
    printed = words.number(value, figure.indicator.unit)
    return f"{printed} {MARK}" if published else printed
