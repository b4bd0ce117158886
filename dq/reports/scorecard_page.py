"""The scorecard as a page: what a director puts before a committee."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
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
    """One line of the paper: its figure for the authority, for each area and team, and the rules that touch it."""

    line: Line
    figure: Figure
    areas: tuple[Figure, ...]
    teams: tuple[Figure, ...]
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
        caveat=caveat(result),
    )


def count_colours(figures: Iterable[Figure]) -> dict[str, int]:
    """Return how many figures are green, amber, red, without a colour (monitor) or not available (none)."""
    counts = Counter(_colour(figure) for figure in figures)
    return {colour: counts[colour] for colour in _COUNTED}


def caveat(result: RunResult) -> str:
    """Return the sentence to print with the figures where the gate lets them go with caveats."""
    reasons = result.verdict.reasons if result.verdict else ()
    return " ".join(reason if reason.endswith(".") else f"{reason}." for reason in reasons)


def figures_of(result: RunResult, scope: Scope) -> tuple[Figure, ...]:
    """Return the figures of one scope, in the order of the paper."""
    return tuple(figure for figure in result.figures if (figure.scope.type, figure.scope.id) == (scope.type, scope.id))


def _colour(figure: Figure) -> str:
    if figure.rag is not None:
        return figure.rag
    return "none" if figure.value is None else "monitor"


def _rows(lines: Iterable[Line], result: RunResult, tally: Tally) -> list[Row]:
    found: dict[tuple[str, str | None, str], list[Figure]] = {}
    for figure in result.figures:
        found.setdefault((figure.indicator.id, figure.number, figure.title), []).append(figure)
    rows = []
    for line in lines:
        figures = found.get((line.indicator, line.number, line.title), [])
        for whole in (figure for figure in figures if figure.scope.type == "authority"):
            areas = tuple(figure for figure in figures if figure.scope.type == "area")
            teams = tuple(figure for figure in figures if figure.scope.type == "team")
            rows.append(Row(line, whole, areas, teams, tally.rules_of_indicator(line.indicator), _months(whole)))
    return rows


def _months(figure: Figure) -> tuple[tuple[str, str], ...]:
    return tuple(
        (words.month(when), words.number(value, figure.indicator.unit))
        for when, value in charts.points(figure, MONTHS_IN_TABLE)
    )
