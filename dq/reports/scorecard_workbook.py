"""The scorecard as a workbook. This module writes the first sheet, the paper itself, and puts the others behind it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dq.model import Decision, Figure, RunResult, Scorecard, Verdict
from dq.reports import words
from dq.reports.by_month import Key
from dq.reports.figure_columns import colour_figures, figure_columns
from dq.reports.month_sheet import NAME as BY_MONTH
from dq.reports.month_sheet import has_months, write_months
from dq.reports.scorecard_sheets import (
    TREND,
    trend_range,
    write_about,
    write_all_figures,
    write_as_published,
    write_gate,
    write_matrix,
    write_trend,
)
from dq.reports.sheets import QUIET, RAG_FILLS, TITLE, Book, Cell, Column, Look, Sheet

_DECISION_LOOKS: Mapping[Decision, Look] = {
    decision: {"bg_color": RAG_FILLS[letter][0], "font_color": RAG_FILLS[letter][1], "bold": True, "font_size": 12}
    for decision, letter in ((Decision.GO, "G"), (Decision.CAVEATS, "A"), (Decision.STOP, "R"))
}


@dataclass(frozen=True)
class _Published:
    """A run that has a paper to fill and a verdict to say above it."""

    result: RunResult
    paper: Scorecard
    verdict: Verdict
    note: str | None = None


def write_scorecard(
    result: RunResult, paper: Scorecard, verdict: Verdict, path: Path, *, note: str | None = None
) -> None:
    """Write the scorecard workbook. It opens at the paper. With a ``note`` it is for outside, and says so."""
    authority, period = result.project.authority, words.month(result.period)
    with Book(path, f"{paper.title}, {period}", authority, result.finished_at) as book:
        figures = {figure.key: figure for figure in result.figures if figure.scope.type == "authority"}
        first = book.sheet("Scorecard", authority, period)
        if has_months(paper):
            write_months(book.sheet(BY_MONTH, authority, period), paper, figures)
        names = ("By area", "By team", "All figures", TREND, "Gate", "About")
        areas, teams, every, trend, gate, about = (book.sheet(name, authority, period) for name in names)
        months = write_trend(trend, paper, figures)
        _write_paper(first, _Published(result, paper, verdict, note), figures, months)
        write_matrix(areas, result, paper, "area")
        write_matrix(teams, result, paper, "team")
        write_all_figures(every, result, paper, outside=note is not None)
        write_gate(gate, verdict)
        if any(figure.published for figure in result.figures):
            write_as_published(book.sheet("As published", authority, period), result.figures)
        write_about(about, result, paper, figures)
        first.writer.activate()


def _write_paper(sheet: Sheet, run: _Published, figures: Mapping[Key, Figure], months: Sequence[dt.date]) -> None:
    columns = figure_columns(run.paper.arrow, outside=run.note is not None, linked=run.note is None)
    columns.insert(len(columns) - 1, Column("Trend", 16, lambda _: Cell(None, "answer")))
    sheet.widths(columns)
    judged = [figures[line.key] for line in run.paper.judged if line.key in figures]
    top = _top_band(sheet, run, judged, len(columns) - 1)
    sheet.header(top, columns, list(figures.values()), 42)
    row = top + 1
    trend_row = 1
    for section in run.paper.sections:
        heading = f"{section.title}: {section.compares.lower()}" if section.compares else section.title
        sheet.section(row, len(columns) - 1, heading)
        listed = [figures[line.key] for line in run.paper.lines_of(section) if line.key in figures]
        for place in range(len(listed)):
            _sparkline(sheet, row + 1 + place, len(columns) - 2, trend_row + place, len(months))
        trend_row += len(listed)
        row = sheet.rows(row + 1, columns, listed, lambda _: {"valign": "vcenter"})
    colour_figures(sheet, columns, top + 1, row - 1)
    sheet.finish(top, len(columns) - 1, row, frozen_columns=2)
    sheet.writer.set_selection(top + 2, 0, top + 2, 0)


def _top_band(sheet: Sheet, run: _Published, figures: Iterable[Figure], last: int) -> int:
    """Write whose paper it is, the gate's decision with why, and the colours counted; return the next row."""
    sheet.banner(0, last, f"{run.result.project.authority}: {run.paper.title}", 28, TITLE)
    about = f"{words.month(run.result.period)}. {run.paper.edition}. {in_colours(figures)}"
    sheet.banner(1, last, about, 18, {"font_color": QUIET})
    sheet.banner(2, last, run.verdict.in_words, 22, _DECISION_LOOKS[run.verdict.decision])
    said = [f"{number}. {reason}" for number, reason in enumerate(run.verdict.reasons, start=1)]
    said += [run.note] if run.note else []
    lines = [(line, 16) for line in said]
    if run.verdict.caveat:
        lines.append((f"To be printed with the figures: {run.verdict.caveat}", 48))
    for place, (line, height) in enumerate(lines, start=3):
        sheet.banner(place, last, line, height)
    return 3 + len(lines)


def in_colours(figures: Iterable[Figure]) -> str:
    """Return how many figures are green, amber and red, how many are not available, and how many are unsettled."""
    listed = list(figures)
    letters = Counter(figure.rag for figure in listed if figure.rag)
    parts = [f"{letters[letter]} {word.lower()}" for letter, word in words.RAG_WORDS.items()]
    parts.append(f"{sum(figure.rag is None for figure in listed)} without a colour")
    unsettled = sum(figure.settled is False for figure in listed)
    return f"{', '.join(parts)}. {words.plural(unsettled, 'colour')} could change once open exceptions are resolved."


def _sparkline(sheet: Sheet, row: int, column: int, trend_row: int, months: int) -> None:
    """Draw the past of a figure from its row of the sheet of trends, whose months begin in column C."""
    if months < 2:
        return
    options = {"range": trend_range(trend_row, months), "last_point": True, "last_color": "#1D70B8", "weight": 1.5}
    sheet.writer.add_sparkline(row, column, {**options, "series_color": "#5B6770", "empty_cells": "gaps"})
