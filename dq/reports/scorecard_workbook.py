"""The scorecard as a workbook. This module writes the first sheet, the paper itself, and puts the others behind it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dq.model import Decision, Figure, RunResult, Scorecard, Verdict
from dq.reports import words
from dq.reports.figure_columns import colour_figures, figure_columns
from dq.reports.scorecard_sheets import (
    TREND,
    trend_range,
    write_about,
    write_all_figures,
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


def write_scorecard(result: RunResult, paper: Scorecard, verdict: Verdict, path: Path) -> None:
    """Write the scorecard workbook. It opens at the paper."""
    authority, period = result.project.authority, words.month(result.period)
    with Book(path, f"{paper.title}, {period}", authority, result.finished_at) as book:
        names = ("Scorecard", "By area", "By team", "All figures", TREND, "Gate", "About")
        first, areas, teams, every, trend, gate, about = (book.sheet(name, authority, period) for name in names)
        figures = {figure.indicator.id: figure for figure in result.figures if figure.scope.type == "authority"}
        months = write_trend(trend, paper, figures)
        _write_paper(first, _Published(result, paper, verdict), figures, months)
        write_matrix(areas, result, paper, "area")
        write_matrix(teams, result, paper, "team")
        write_all_figures(every, result, paper)
        write_gate(gate, verdict)
        write_about(about, result, paper, figures)
        first.writer.activate()


def _write_paper(sheet: Sheet, run: _Published, figures: Mapping[str, Figure], months: Sequence[dt.date]) -> None:
    columns = figure_columns(run.paper.arrow)
    columns.insert(len(columns) - 1, Column("Trend", 16, lambda _: Cell(None, "answer")))
    sheet.widths(columns)
    top = _top_band(sheet, run, figures.values(), len(columns) - 1)
    sheet.header(top, columns, list(figures.values()), 42)
    row = top + 1
    trend_row = 1
    for section in run.paper.sections:
        sheet.section(row, len(columns) - 1, section.title)
        listed = [figures[line.indicator] for line in section.lines if line.indicator in figures]
        for place in range(len(listed)):
            _sparkline(sheet, row + 1 + place, len(columns) - 2, trend_row + place, len(months))
        trend_row += len(listed)
        row = sheet.rows(row + 1, columns, listed, lambda _: {"valign": "vcenter"})
    colour_figures(sheet, columns, top + 1, row - 1)
    sheet.finish(top, len(columns) - 1, row, frozen_columns=2)
    sheet.writer.set_selection(top + 2, 0, top + 2, 0)


def _top_band(sheet: Sheet, run: _Published, figures: Iterable[Figure], last: int) -> int:
    """Write whose paper it is, the gate's decision with its reasons, and the colours counted; return the next row."""
    sheet.banner(0, last, f"{run.result.project.authority}: {run.paper.title}", 28, TITLE)
    about = f"{words.month(run.result.period)}. {run.paper.edition}. {in_colours(figures)}"
    sheet.banner(1, last, about, 18, {"font_color": QUIET})
    sheet.banner(2, last, words.DECISION_WORDS[run.verdict.decision], 22, _DECISION_LOOKS[run.verdict.decision])
    for place, reason in enumerate(run.verdict.reasons, start=3):
        sheet.banner(place, last, f"{place - 2}. {reason}", 16)
    return 3 + len(run.verdict.reasons)


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
