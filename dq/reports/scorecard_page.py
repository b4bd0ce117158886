"""The scorecard as a page: what a director puts before a committee."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dq.model import Figure, Line, RunResult, Scope, Scorecard
from dq.reports import charts, words
from dq.reports.page_kit import write_page
from dq.reports.tally import Tally

REASONS_SHOWN = 3
MONTHS_IN_TABLE = 13
_COUNTED = ("G", "A", "R", "monitor", "none")


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


def write_scorecard(result: RunResult, scorecard: Scorecard, tally: Tally, out: Path) -> None:
    """Write ``out/scorecard.html``."""
    sections = [(section.title, _rows(section.lines, result, tally)) for section in scorecard.sections]
    rows = [row for _, of_section in sections for row in of_section]
    write_page(
        "scorecard.html.j2",
        out / "scorecard.html",
        result=result,
        scorecard=scorecard,
        sections=[(title, of_section) for title, of_section in sections if of_section],
        reds=[row for row in rows if row.figure.rag == "R"],
        areas=[scope for scope in result.scopes if scope.type == "area"],
        rows=rows,
        counts=count_colours(row.figure for row in rows),
        unsettled=sum(row.figure.settled is False for row in rows),
        team_pages={scope.id for scope in result.scopes if scope.type == "team"},
        reasons_shown=REASONS_SHOWN,
    )


def count_colours(figures: Iterable[Figure]) -> dict[str, int]:
    """Return how many figures are green, amber, red, without a colour (monitor) or not available (none)."""
    counts = Counter(_colour(figure) for figure in figures)
    return {colour: counts[colour] for colour in _COUNTED}


def figures_of(result: RunResult, scope: Scope) -> tuple[Figure, ...]:
    """Return the figures of one scope, in the order of the paper."""
    return tuple(figure for figure in result.figures if (figure.scope.type, figure.scope.id) == (scope.type, scope.id))


def _colour(figure: Figure) -> str:
    if figure.rag is not None:
        return figure.rag
    return "none" if figure.value is None else "monitor"


def _rows(lines: Iterable[Line], result: RunResult, tally: Tally) -> list[Row]:
    figures: dict[tuple[str, str | None, str], list[Figure]] = defaultdict(list)
    for figure in result.figures:
        figures[figure.indicator.id, figure.number, figure.title].append(figure)
    area_ids = [scope.id for scope in result.scopes if scope.type == "area"]
    return [_row(line, figures[line.indicator, line.number, line.title], area_ids, tally) for line in lines]


def _row(line: Line, figures: Sequence[Figure], area_ids: Sequence[str], tally: Tally) -> Row:
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
        rules=tally.rules_of_indicator(line.indicator),
        months=_months(whole),
    )


def _months(figure: Figure) -> tuple[tuple[str, str], ...]:
    return tuple(
        (words.month(when), words.number(value, figure.indicator.unit))
        for when, value in charts.points(figure, MONTHS_IN_TABLE)
    )
