"""A return as a workbook: the rules, the children, and each table with the doubtful cells marked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from dq.model import DoubtfulChild, DoubtfulRow, DoubtfulTable, RuleResult, RunResult, Severity, Status
from dq.reports import words
from dq.reports.return_words import NO_CHILD, ended_words, told_of
from dq.reports.sheets import QUIET, Book, Cell, Column, Look, Sheet

_ERROR: Look = {"bg_color": "#F6CFCB", "bold": True}
_QUERY: Look = {"bg_color": "#FFE3B3", "italic": True}
_QUIET: Look = {"font_color": QUIET}


def write_return_workbook(
    result: RunResult,
    children: Sequence[DoubtfulChild],
    tables: Sequence[DoubtfulTable],
    notes: Sequence[Mapping[str, str | None]],
    out: Path,
) -> None:
    """Write ``return.xlsx`` into ``out``; ``notes`` are rows of rule_code and so on (:class:`dq.model.Doubtful`)."""
    longest = max([len(children), len(notes), *(len(table.rows) for table in tables)])
    with Book(out / "return.xlsx", "The return", result.project.authority, result.finished_at, longest) as book:
        _rules(_sheet(book, "Rules", result), told_of(result.findings.results))
        _children(_sheet(book, "Children", result), children)
        _notes(_sheet(book, "Notes", result), notes)
        for table in tables:
            _table(_sheet(book, table.name, result), table)


def _sheet(book: Book, name: str, result: RunResult) -> Sheet:
    return book.sheet(name, result.project.authority, words.day(result.period))


def _rules(sheet: Sheet, results: Sequence[RuleResult]) -> None:
    columns: list[Column[RuleResult]] = [
        Column("Rule", 14, lambda one: Cell(one.rule.id), lambda _: {"bold": True}),
        Column("What it finds", 60, lambda one: Cell(one.rule.title)),
        Column("Severity", 10, lambda one: Cell(one.rule.severity.value), _severity),
        Column("Stage", 8, lambda one: Cell(one.rule.stage, "count")),
        Column("Records", 10, lambda one: Cell(one.flagged if one.status is Status.FLAGGED else None, "count")),
        Column("Bypassed", 10, lambda one: Cell(one.bypassed or None, "count")),
        Column("How it ended", 40, lambda one: Cell(ended_words(one))),
        Column("How to put it right", 60, lambda one: Cell(one.rule.fix), lambda _: _QUIET),
    ]
    sheet.table(0, columns, results)


def _severity(one: RuleResult) -> Look:
    return _ERROR if one.rule.severity is Severity.ERROR else _QUERY


def _children(sheet: Sheet, children: Sequence[DoubtfulChild]) -> None:
    columns: list[Column[DoubtfulChild]] = [
        Column("Child", 20, lambda one: Cell(one.id or NO_CHILD), lambda _: {"bold": True}),
        Column("Errors", 10, lambda one: Cell(one.errors, "count")),
        Column("Queries", 10, lambda one: Cell(one.queries, "count")),
        Column("Bypassed", 10, lambda one: Cell(one.bypassed or None, "count")),
        Column("Rules", 100, lambda one: Cell(", ".join(one.rules))),
    ]
    sheet.table(0, columns, children)


def _notes(sheet: Sheet, notes: Sequence[Mapping[str, str | None]]) -> None:
    """Write what may be sent with each query, to be pasted and amended."""
    columns: list[Column[Mapping[str, str | None]]] = [
        Column("Rule", 14, lambda one: Cell(one["rule_code"]), lambda _: {"bold": True}),
        Column("What it finds", 40, lambda one: Cell(one["rule_description"]), lambda _: _QUIET),
        Column("Child", 20, lambda one: Cell(one["child_id"])),
        Column("Records", 40, lambda one: Cell(one["records"])),
        Column("Note", 90, lambda one: Cell(one["note"])),
        Column("Bypass requested", 20, lambda one: Cell(one["bypass"])),
    ]
    sheet.table(0, columns, notes)


def _table(sheet: Sheet, table: DoubtfulTable) -> None:
    """Write a table: a cell that an error is about in red and bold, one of a query alone in amber and slanted."""
    columns: list[Column[DoubtfulRow]] = [
        Column("Row", 8, lambda row: Cell(row.place + 2, "count"), lambda _: _QUIET),
        *(_column(place, heading) for place, heading in enumerate(table.headings)),
        Column("Rules", 60, lambda row: Cell(_told(table.headings, row.doubts))),
    ]
    sheet.table(0, columns, table.rows)


def _column(place: int, heading: str) -> Column[DoubtfulRow]:
    def cell(row: DoubtfulRow) -> Cell:
        value = row.cells[place]
        return Cell(value, "day") if isinstance(value, dt.date) else Cell(None if value is None else str(value))

    def look(row: DoubtfulRow) -> Look:
        doubts = row.doubts.get(place, ())
        return {} if not doubts else _ERROR if any(wrong for _, wrong in doubts) else _QUERY

    return Column(heading, max(12, len(heading) + 3), cell, look)


def _told(headings: Sequence[str], doubts: Mapping[int, tuple[tuple[str, bool], ...]]) -> str:
    """Return which rules are about a row, and which of its cells each is about."""
    cells: dict[str, list[str]] = {}
    for place, rules in sorted(doubts.items()):
        for rule, _ in rules:
            cells.setdefault(rule, []).append(headings[place])
    return "; ".join(f"{rule} ({', '.join(named)})" for rule, named in sorted(cells.items()))
