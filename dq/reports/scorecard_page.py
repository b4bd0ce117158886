"""The scorecard as a page: what a director puts before a committee."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dq.model import Figure, Line, RunResult, Scope, Scorecard, Section
from dq.reports.as_published import restated, source
from dq.reports.by_month import MonthTable, month_tables
from dq.reports.page_kit import write_page
from dq.reports.paper_rows import ByLine, Row, by_line, of_line, row_of
from dq.reports.tally import Tally

REASONS_SHOWN = 3
_COUNTED = ("G", "A", "R", "monitor", "none")


def write_scorecard(
    result: RunResult, scorecard: Scorecard, tally: Tally | None, out: Path, *, note: str | None = None
) -> None:
    """Write ``out/scorecard.html``.

    With a ``note`` it is for outside: it says so, leads to no other page and does not tell what is wrong with records.
    """
    figures = by_line(result)
    judged = [section for section in scorecard.sections if section.layout == "lines"]
    sections = [(section.title, _rows(section.lines, figures, result, tally)) for section in judged]
    by_month = _by_month(scorecard, figures, result, tally)
    rows = [row for _, of_section in sections for row in of_section]
    rows += [row for _, of_section in by_month for row in of_section]
    has_colours = any(row.figure.band is not None for row in rows)
    write_page(
        "scorecard.html.j2",
        out / "scorecard.html",
        result=result,
        scorecard=scorecard,
        sections=[(title, of_section) for title, of_section in sections if of_section],
        by_month=by_month,
        units=[_units(section, figures) for section in scorecard.sections if section.layout == "by_unit"],
        comparisons=[
            _comparison(section, scorecard, figures) for section in scorecard.sections if section.layout == "comparison"
        ],
        has_colours=has_colours,
        amiss=[row for row in rows if (row.figure.rag == "R" if has_colours else row.figure.meets_target is False)],
        areas=[scope for scope in result.scopes if scope.type == "area"],
        rows=rows,
        counts=count_colours(row.figure for row in rows),
        targets=Counter(row.figure.meets_target for row in rows),
        unsettled=sum(row.figure.settled is False for row in rows),
        team_pages={scope.id for scope in result.scopes if scope.type == "team"},
        reasons_shown=REASONS_SHOWN,
        note=note,
        restated=restated(result.figures),
    )


def count_colours(figures: Iterable[Figure]) -> dict[str, int]:
    """Return how many figures are green, amber, red, without a colour (monitor) or not available (none)."""
    counts = Counter(_colour(figure) for figure in figures)
    return {colour: counts[colour] for colour in _COUNTED}


def _colour(figure: Figure) -> str:
    if figure.rag is not None:
        return figure.rag
    return "none" if figure.value is None else "monitor"


def _by_month(
    scorecard: Scorecard, figures: ByLine, result: RunResult, tally: Tally | None
) -> list[tuple[MonthTable, list[Row]]]:
    """Return each table by month, with a row for every line of it that has no breakdown."""
    sections = [section for section in scorecard.sections if section.layout == "by_month"]
    tables = month_tables(sections, {key: found[0] for key, found in figures.items()})
    judged = [[line for line in section.lines if line.breakdown is None] for section in sections]
    return [(table, _rows(lines, figures, result, tally)) for table, lines in zip(tables, judged, strict=True)]


def _rows(lines: Iterable[Line], figures: ByLine, result: RunResult, tally: Tally | None) -> list[Row]:
    area_ids = [scope.id for scope in result.scopes if scope.type == "area"]
    return [row_of(line, of_line(figures, line), area_ids, tally) for line in lines]


@dataclass(frozen=True)
class Units:
    """A table of what there is in each unit: the lines, and for each scope their figures in order."""

    title: str
    lines: tuple[Figure, ...]
    rows: tuple[tuple[Scope, tuple[Figure, ...]], ...]

    @property
    def has_published(self) -> bool:
        """Whether last month's number is anywhere as published."""
        return any(source(figure, 1) == "published" for _, figures in self.rows for figure in figures)


def _units(section: Section, figures: ByLine) -> Units:
    """Return the table of a section, without the units that have had nothing since last month: most are closed."""
    columns = [of_line(figures, line) for line in section.lines]
    rows = [(found[0].scope, tuple(found)) for found in zip(*columns, strict=True)]
    shown = [row for row in rows if row[0].type == "authority" or any(f.value or f.previous for f in row[1])]
    return Units(section.title, rows[0][1] if rows else (), tuple(shown))


@dataclass(frozen=True)
class Beside:
    """A figure of the whole, and the same figure of a part of it."""

    whole: Figure
    part: Figure

    @property
    def variance(self) -> float | None:
        """How far the part is from the whole, in the figure's own unit; None where either is not known."""
        return None if self.whole.value is None or self.part.value is None else self.part.value - self.whole.value


@dataclass(frozen=True)
class Comparison:
    """A table for the authority and one for each area: every line of the whole, and as it is of a part."""

    title: str
    part: str
    tables: tuple[tuple[Scope, tuple[Beside, ...]], ...]


def _comparison(section: Section, scorecard: Scorecard, figures: ByLine) -> Comparison:
    whole = {line.number: line for line in scorecard.judged}
    tables: dict[str, tuple[Scope, list[Beside]]] = {}
    for line in section.lines:
        if line.number not in whole:
            raise LookupError(f"no line {line.number} to compare '{line.title}' with")
        beside = {figure.scope.id: figure for figure in of_line(figures, whole[line.number])}
        for part in of_line(figures, line):
            if part.scope.type != "team":
                _, rows = tables.setdefault(part.scope.id, (part.scope, []))
                rows.append(Beside(beside[part.scope.id], part))
    there = [(scope, tuple(rows)) for scope, rows in tables.values() if any(_there(row.whole) for row in rows)]
    return Comparison(section.title, section.compares, tuple(there))


def _there(figure: Figure) -> bool:
    """Whether a figure is of anything: a share of none, or a count of none, is not."""
    return bool(figure.denominator or (figure.denominator is None and figure.value))
