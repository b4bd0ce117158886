"""The sheets of the scorecard workbook after the first: areas, teams, every figure, trend, gate, definitions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Literal

from xlsxwriter.utility import xl_rowcol_to_cell

from dq.model import Figure, Line, RunResult, Scope, Scorecard, Unit, Verdict
from dq.periods import month_run
from dq.reports import words
from dq.reports.as_published import Told, told
from dq.reports.by_month import Key
from dq.reports.figure_columns import colour_figures, figure_columns, note_of
from dq.reports.sheets import QUIET, RAG_FILLS, TITLE, Cell, Column, Look, Sheet, figure_cell
from dq.reports.tasks import named

TREND = "Trend"
_FIRST_MONTH = 2
"""Column of the first month of the sheet of trends, counted from 0; its first figure is in row 1."""


def trend_range(row: int, months: int) -> str:
    """Return the range that holds the past of the figure in ``row`` of the sheet of trends."""
    last = xl_rowcol_to_cell(row, _FIRST_MONTH + months - 1)
    return f"{TREND}!{xl_rowcol_to_cell(row, _FIRST_MONTH)}:{last}"


def write_trend(sheet: Sheet, paper: Scorecard, figures: Mapping[Key, Figure]) -> list[dt.date]:
    """Write every month of every figure of the authority, in the paper's order; return the months."""
    listed = [figures[line.key] for line in paper.lines if line.key in figures]
    known = [{**dict(figure.history), figure.period: figure.value} for figure in listed]
    ends = sorted(set().union(*known)) if known else []
    months = month_run(ends[0], ends[-1]) if ends else []
    columns = [Column[Figure]("No.", 5, lambda f: Cell(f.number, "centre"), lambda _: {"font_color": QUIET})]
    columns.append(Column("Indicator", 46, lambda f: Cell(f.title or f.indicator.title)))
    columns += [_month_column(month) for month in months]
    columns.append(Column("Note", 26, lambda f: Cell(note_of(f)), lambda _: {"font_color": QUIET}))
    sheet.table(0, columns, listed)
    return months


def _month_column(month: dt.date) -> Column[Figure]:
    def cell(figure: Figure) -> Cell:
        known = {**dict(figure.history), figure.period: figure.value}
        # A gap and not a dash where nothing is known: a chart would draw text as 0.
        value = known.get(month)
        return Cell(None, "answer") if value is None else figure_cell(value, figure.indicator.unit)

    return Column(month, 8.5, cell, lambda f: {"italic": True} if month in f.months_published else {})


# --- areas and teams ---------------------------------------------------------------------------------------


def write_matrix(sheet: Sheet, result: RunResult, paper: Scorecard, kind: Literal["area", "team"]) -> None:
    """Write the authority and each of its areas or teams in a row, and each indicator in a column.

    A figure is a number whose format shows its RAG letter beside it, so the colour is never alone.
    """
    areas = {scope.id: scope.name for scope in result.scopes if scope.type == "area"}
    scopes = [scope for scope in result.scopes if scope.type in ("authority", kind)]
    figures = {(figure.scope.id, figure.key): figure for figure in result.figures if figure.scope in scopes}
    columns = [
        Column[Scope](
            "Area" if kind == "area" else "Team", 30, lambda scope: Cell(scope.name), lambda _: {"bold": True}
        )
    ]
    if kind == "team":
        columns.append(Column("Area", 20, lambda scope: Cell(areas.get(scope.area or "", scope.area))))
    columns += [_indicator_column(line, figures) for line in paper.lines if line.breakdown is None]
    sheet.widths(columns)
    sheet.header(0, columns, scopes, 110)
    end = sheet.rows(1, columns, scopes, lambda scope: {"top": 1} if scope.type == "authority" else {})
    sheet.finish(0, len(columns) - 1, end, frozen_columns=1)


def _indicator_column(line: Line, figures: Mapping[tuple[str, Key], Figure]) -> Column[Scope]:
    def figure(scope: Scope) -> Figure | None:
        return figures.get((scope.id, line.key))

    def cell(scope: Scope) -> Cell:
        found = figure(scope)
        return Cell(None, "count") if found is None else figure_cell(found.value, found.indicator.unit)

    def look(scope: Scope) -> Look:
        found = figure(scope)
        return {"align": "center", "indent": 0, **({} if found is None else _letter_look(found))}

    return Column(named(line), 13, cell, look)


def _letter_look(figure: Figure) -> Look:
    if figure.rag is None or figure.value is None:
        return {}
    fill, ink = RAG_FILLS[figure.rag]
    number = {Unit.PERCENT: "0.0%", Unit.COUNT: "#,##0"}.get(figure.indicator.unit, "#,##0.0")
    return {"bg_color": fill, "font_color": ink, "num_format": f'{number}"  {figure.rag}"'}


def write_all_figures(sheet: Sheet, result: RunResult, paper: Scorecard, *, outside: bool = False) -> None:
    """Write every figure in a row, to sort and filter: what the matrices leave out, denominators first of all."""
    names = {scope.id: scope.name for scope in result.scopes}
    sections = {line.key: section.title for section in paper.sections for line in paper.lines_of(section)}
    columns = [
        Column[Figure]("For", 11, lambda f: Cell(f.scope.type.capitalize())),
        Column[Figure]("Name", 26, lambda f: Cell(f.scope.name), lambda _: {"bold": True}),
        Column[Figure]("Area", 18, lambda f: Cell(names.get(f.scope.area or "", f.scope.area))),
        Column[Figure]("Section", 20, lambda f: Cell(sections.get(f.key)), lambda _: {"font_color": QUIET}),
        *figure_columns(paper.arrow, outside=outside),
    ]
    end = sheet.table(0, columns, result.figures)
    colour_figures(sheet, columns, 1, max(1, end - 1))


def write_as_published(sheet: Sheet, figures: Iterable[Figure]) -> None:
    """Write every earlier month for which something was published, beside what the records now say of it."""
    columns: list[Column[Told]] = [
        Column("For", 11, lambda one: Cell(one.figure.scope.type.capitalize())),
        Column("Name", 26, lambda one: Cell(one.figure.scope.name), lambda _: {"bold": True}),
        Column("No.", 8, lambda one: Cell(one.figure.number, "centre"), lambda _: {"font_color": QUIET}),
        Column("Indicator", 46, lambda one: Cell(one.figure.title or one.figure.indicator.title)),
        Column("Month end", 12, lambda one: Cell(one.month.end, "day")),
        Column("Published then", 11, lambda one: figure_cell(one.month.value, one.figure.indicator.unit)),
        Column("Records now say", 11, lambda one: figure_cell(one.month.recorded, one.figure.indicator.unit)),
        Column("Difference", 11, lambda one: figure_cell(one.off, one.figure.indicator.unit)),
        Column("Shown elsewhere", 18, lambda one: Cell("as published" if one.month.stands else "from the records")),
        Column("Restated", 11, lambda one: Cell("Yes" if one.month in one.figure.restated else None, "centre")),
        Column("Moved by", 44, lambda one: Cell(one.why or None), lambda _: {"font_color": QUIET}),
    ]
    sheet.table(0, columns, told(figures))


# --- the gate, and what everything means -------------------------------------------------------------------


def write_gate(sheet: Sheet, verdict: Verdict) -> None:
    """Write every check of the gate with its outcome in words, those that failed first."""
    columns: list[Column[tuple[str, bool, str]]] = [
        Column("Outcome", 14, lambda check: Cell("Passed" if check[1] else "Not passed", "centre"), _outcome_look),
        Column("Check", 44, lambda check: Cell(check[0])),
        Column("What was found", 100, lambda check: Cell(check[2])),
    ]
    sheet.banner(0, 2, verdict.in_words, 28, TITLE)
    sheet.table(1, columns, sorted(verdict.outcomes, key=lambda check: check[1]))


def _outcome_look(check: tuple[str, bool, str]) -> Look:
    fill, ink = RAG_FILLS["G" if check[1] else "R"]
    return {"bg_color": fill, "font_color": ink}


def write_about(sheet: Sheet, result: RunResult, paper: Scorecard, figures: Mapping[Key, Figure]) -> None:
    """Write the definition, source and bands of every indicator, then how to read the numbers and what made them."""
    listed = [figures[line.key] for line in paper.lines if line.key in figures and not line.is_part]
    quiet: Look = {"font_color": QUIET}
    columns: list[Column[Figure]] = [
        Column("No.", 6, lambda f: Cell(f.number, "centre"), lambda _: quiet),
        Column("Indicator", 44, lambda f: Cell(f.title or f.indicator.title), lambda _: {"bold": True}),
        Column("Definition", 70, lambda f: Cell(f.indicator.definition)),
        Column("Polarity", 16, lambda f: Cell(words.POLARITY_WORDS[f.indicator.polarity])),
        Column("Green", 10, lambda f: Cell(_limit(f, "green"), "centre")),
        Column("Amber", 10, lambda f: Cell(_limit(f, "amber"), "centre")),
        Column("Where the bands come from", 40, lambda f: Cell(_basis(f)), lambda _: quiet),
        Column("Source", 36, lambda f: Cell(f.indicator.source), lambda _: quiet),
    ]
    end = sheet.table(0, columns, listed)
    notes: list[Column[tuple[str, str | dt.date]]] = [
        Column("", 6, lambda _: Cell(None, "answer")),
        Column("", 44, lambda note: Cell(note[0]), lambda _: {"bold": True}),
        Column("", 70, lambda note: Cell(note[1], "text" if isinstance(note[1], str) else "day")),
    ]
    sheet.rows(end + 1, notes, list(_notes(result, paper)), lambda _: {})


def _limit(figure: Figure, colour: Literal["green", "amber"]) -> str | None:
    if figure.band is None:
        return None
    return words.limit_words(figure.band.green if colour == "green" else figure.band.amber, figure.indicator.unit)


def _basis(figure: Figure) -> str | None:
    return None if figure.band is None else f"{figure.band.basis.capitalize()}: {figure.band.evidence}"


def _notes(result: RunResult, paper: Scorecard) -> Iterable[tuple[str, str | dt.date]]:
    arrows = (
        "An arrow up is better performance, whichever way the number went."
        if paper.arrow == "performance"
        else "An arrow shows which way the number went; the word says whether that is better."
    )
    yield "Percentages", "Stored as fractions and shown as percentages: 81.0% is 0.81 to a formula. Nothing is rounded."
    yield "Colours", "Decided on the unrounded figure. The letter is always beside the colour: G green, A amber, R red."
    yield (
        "Could be as low or as high as",
        "The least and the greatest the figure could be once every open error in the records behind it is resolved, "
        "whichever way. The colour is settled when it is the same at both ends.",
    )
    yield "Arrows", arrows
    yield (
        "Last month, a year ago",
        (
            "Worked out again from these extracts, so that like is compared with like; as published where the note "
            "says so. A month in italics on the sheet of trends is as published."
        ),
    )
    yield "SS and R12M", "Snapshot, at the end of the month; rolling 12 months, those that end with it."
    yield "Paper", f"{paper.edition}. Source: {paper.source}"
    yield "Period end", result.period
    yield "Run", result.run_id
    yield "Run finished", result.finished_at.date()
    yield "Versions", ", ".join(f"{name} {version}" for name, version in sorted(result.versions.items()))
    yield "Fingerprints", "\n".join(f"{name}: {mark}" for name, mark in sorted(result.fingerprints.items()))
