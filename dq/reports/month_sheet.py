"""The tables by month as a sheet of the workbook: the figures, and beside them what the page has in brackets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dq.model import Figure, Scorecard
from dq.reports import words
from dq.reports.by_month import Amount, Key, MonthGroup, MonthRow, MonthTable, month_tables
from dq.reports.sheets import QUIET, TITLE, Cell, Column, Look, Sheet, figure_cell

NAME = "By month"
_QUIET: Look = {"font_color": QUIET}


@dataclass(frozen=True)
class _Told:
    """A row of the sheet, with the group it is of."""

    group: MonthGroup
    row: MonthRow

    @property
    def is_first(self) -> bool:
        return self.row == self.group.whole


def has_months(paper: Scorecard) -> bool:
    """Whether a scorecard has a table by month."""
    return any(section.layout == "by_month" for section in paper.sections)


def write_months(sheet: Sheet, paper: Scorecard, figures: Mapping[Key, Figure]) -> None:
    """Write every table by month below one heading; ``figures`` are the authority's, by the key of their line."""
    tables = month_tables(paper.sections, figures)
    rows = [_Told(group, row) for group in tables[0].groups for row in group.rows]
    columns = _columns(tables, paper)
    last = len(columns) - 1
    sheet.widths(columns)
    sheet.banner(0, last, f"{paper.title}, by month", 28, TITLE)
    about = "First the figures, then what the page has in brackets: what a percentage is of, or what share a count is."
    sheet.banner(1, last, about, 18, _QUIET)
    sheet.header(2, columns, rows, 42)
    end = 3
    for table in tables:
        sheet.section(end, last, table.title)
        told = [_Told(group, row) for group in table.groups for row in group.rows]
        end = sheet.rows(end + 1, columns, told, lambda one: {"bold": True} if one.is_first else {})
    sheet.finish(2, last, end, frozen_columns=2)


def _columns(tables: Sequence[MonthTable], paper: Scorecard) -> list[Column[_Told]]:
    months = tables[0].months
    columns: list[Column[_Told]] = [
        Column("No.", 8, lambda one: Cell(one.group.line.number, "centre"), lambda _: _QUIET),
        Column("Indicator", 46, lambda one: Cell(one.row.title), lambda one: {} if one.is_first else {"indent": 2}),
    ]
    columns += [_month(month, place, beside=False) for place, month in enumerate(months)]
    if any(table.together for table in tables):
        columns.append(Column("12 months: total, or mean", 11, lambda one: _cell(one.row.together, beside=False)))
    columns.append(Column("Target", 9, _target))
    columns.append(Column("Since last month", 11, lambda one: _moved(one.row, paper)))
    columns.append(Column("Could be as low as", 10.5, lambda one: _range(one.row, "low")))
    columns.append(Column("Could be as high as", 10.5, lambda one: _range(one.row, "high")))
    columns += [_month(month, place, beside=True) for place, month in enumerate(months)]
    return columns


def _month(month: dt.date, place: int, *, beside: bool) -> Column[_Told]:
    title = f"{words.month(month)}, in brackets" if beside else month
    look: Look = _QUIET if beside else {}
    return Column(title, 9, lambda one: _cell(one.row.amounts[place], beside=beside), lambda _: look)


def _cell(amount: Amount | None, *, beside: bool) -> Cell:
    if amount is None:
        return Cell(None, "count")
    return figure_cell(amount.beside, amount.beside_unit) if beside else figure_cell(amount.value, amount.unit)


def _target(one: _Told) -> Cell:
    figure = one.group.figure
    return figure_cell(figure.target if one.is_first else None, figure.indicator.unit)


def _moved(row: MonthRow, paper: Scorecard) -> Cell:
    moved = row.moved
    said = None if moved is None else f"{words.arrow(moved, paper.arrow)} {words.moved_words(moved)}"
    return Cell(said, "centre")


def _range(row: MonthRow, end: str) -> Cell:
    if row.figure is None:
        return Cell(None, "count")
    return figure_cell(row.figure.low if end == "low" else row.figure.high, row.figure.indicator.unit)
