"""One look for every workbook: cells, tables, bands and print settings on top of XlsxWriter.

All text reaches a workbook through this module, so all of it is neutralised. A percentage is stored as a fraction with
the format 0.0%, since that is what a spreadsheet computes with; a date is a real date, and nothing known is a dash.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

import xlsxwriter

from dq.formulas import neutralise
from dq.model import Unit
from dq.reports import words

INK, HEAD, RULE, STRIPE, QUIET, ANSWER = "#1D2B36", "#1F3A4D", "#C9D2D8", "#F1F5F7", "#5B6770", "#FFF8DC"
LINK = "#1A4C8B"
RAG_FILLS = {"G": ("#CCE8D6", "#00471F"), "A": ("#FFE3B3", "#5C3A00"), "R": ("#F6CFCB", "#7A1410")}
TITLE: Mapping[str, Any] = {"bold": True, "font_size": 16}
LINE_HEIGHT, TALLEST_ROW = 13.0, 400.0
"""Points; Excel allows a row 409."""
LONGEST_TEXT = 32_000
"""Characters; a cell of a spreadsheet holds 32,767."""
MOST_LINKS, LONGEST_LINK = 65_000, 2_000
"""Excel opens a sheet with at most 65,530 links, of 2,079 characters."""
MANY_ROWS = 5_000
"""From so many rows on, a workbook is written row by row and not kept in memory."""

Shape = Literal["text", "centre", "count", "decimal", "percent", "day", "rag", "answer", "answer_day"]
Look = Mapping[str, Any]
Value = str | float | dt.date | None
T = TypeVar("T")

_FORMATS: Mapping[Shape, Look] = {
    "text": {"text_wrap": True},
    "centre": {"align": "center"},
    "count": {"num_format": "#,##0", "align": "right", "indent": 1},
    "decimal": {"num_format": "#,##0.0", "align": "right", "indent": 1},
    "percent": {"num_format": "0.0%", "align": "right", "indent": 1},
    "day": {"num_format": "d mmm yyyy", "align": "left"},
    "rag": {"align": "center", "bold": True},
    "answer": {"text_wrap": True},
    "answer_day": {"num_format": "d mmm yyyy"},
}


@dataclass(frozen=True)
class Cell:
    """A value and how it is shown. A percentage is given as 81.0 and stored as 0.81; an answer can be typed over.

    ``link`` is an address that the text leads to.
    """

    value: Value
    shape: Shape = "text"
    link: str = ""


@dataclass(frozen=True)
class Column(Generic[T]):
    """A column of a table: its heading (or month), its width in characters, and the cell it makes of a row."""

    title: str | dt.date
    width: float
    cell: Callable[[T], Cell]
    look: Callable[[T], Look] = lambda _: {}


def figure_cell(value: float | None, unit: Unit) -> Cell:
    """Return a figure (a percentage as 81.0, a count, an average, a rate) as a cell."""
    return Cell(value, "percent") if unit is Unit.PERCENT else quantity_cell(value, whole=unit is Unit.COUNT)


def quantity_cell(value: float | None, *, whole: bool = True) -> Cell:
    """Return a number as a cell: with one decimal where it is not whole, or need not be."""
    return Cell(value, "count" if whole and (value is None or float(value).is_integer()) else "decimal")


class Book:
    """A workbook being written. Use it in a ``with`` block, which saves it. ``rows`` is how long it may become.

    A long one must be written from the top of each sheet down.
    """

    def __init__(self, path: Path, title: str, authority: str, made: dt.datetime, rows: int = 0) -> None:
        options: dict[str, Any] = {"strings_to_formulas": False, "strings_to_urls": False}
        # Children's records are never left in the temporary folder: a long workbook is written beside itself.
        if rows < MANY_ROWS:
            options |= {"in_memory": True}
        else:
            options |= {"constant_memory": True, "tmpdir": str(path.parent)}
        options |= {"default_format_properties": {"font_name": "Arial", "font_size": 10}}
        self.writer = xlsxwriter.Workbook(str(path), options)
        self.writer.set_properties(
            {"title": title, "company": authority, "created": made.astimezone(dt.UTC).replace(tzinfo=None)}
        )
        self.writer.set_size(28_800, 16_200)
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __enter__(self) -> Book:
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        if failed is None:
            self.writer.close()

    def style(self, *looks: Look) -> Any:
        """Return the format that adds these looks to the common one; later looks win."""
        merged: dict[str, Any] = {"font_name": "Arial", "font_size": 10, "font_color": INK, "valign": "top"}
        for look in looks:
            merged |= look
        key = tuple(sorted(merged.items()))
        if key not in self._formats:
            self._formats[key] = self.writer.add_format(merged)
        return self._formats[key]

    def sheet(self, name: str, whom: str, when: str) -> Sheet:
        """Return a new sheet that prints on A4 landscape, with whom and when it is about on every page."""
        return Sheet(self, name, whom, when)


class Sheet:
    """A sheet being written, row by row."""

    def __init__(self, book: Book, name: str, whom: str, when: str) -> None:
        self.book = book
        self.name = name
        self.writer = book.writer.add_worksheet(name)
        self.writer.hide_gridlines(2)
        self.writer.set_landscape()
        self.writer.set_paper(9)
        self.writer.fit_to_pages(1, 0)
        self.writer.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
        self.writer.set_header(f'&L&"Arial,Bold"{_spelt(whom)}&C{_spelt(name)}&R{_spelt(when)}')
        self.writer.set_footer("&LHolds children's records: keep inside the service&RPage &P of &N")
        self._links = 0

    def put(self, row: int, column: int, cell: Cell, *looks: Look) -> None:
        """Write one cell with its type: text neutralised, nothing known as a dash."""
        self._write(row, column, cell, self._style(cell, looks))

    def _style(self, cell: Cell, looks: Sequence[Look]) -> Any:
        linked: Look = {"font_color": LINK, "underline": 1} if cell.link else {}
        return self.book.style(_FORMATS[cell.shape], *looks, linked)

    def _write(self, row: int, column: int, cell: Cell, style: Any) -> None:
        value = cell.value
        if value is None and cell.shape in ("answer", "answer_day"):
            self.writer.write_blank(row, column, None, style)
            return
        if value is None or value == "":
            self.writer.write_string(row, column, words.DASH, style)
            return
        if isinstance(value, str):
            if cell.link and self._links < MOST_LINKS and len(cell.link) <= LONGEST_LINK:
                self._links += 1
                self.writer.write_url(row, column, cell.link, style, fitting(value))
            else:
                self.writer.write_string(row, column, fitting(value), style)
        elif isinstance(value, dt.date):
            self.writer.write_datetime(row, column, value, style)
        else:
            self.writer.write_number(row, column, value / 100 if cell.shape == "percent" else value, style)

    def banner(self, row: int, last_column: int, text: str, height: float, *looks: Look) -> None:
        """Write a line of text across the table; ``height`` in points, since merged cells do not grow."""
        self.writer.set_row(row, height)
        style = self.book.style({"text_wrap": True, "valign": "vcenter"}, *looks)
        self.writer.merge_range(row, 0, row, last_column, "", style)
        self.writer.write_string(row, 0, fitting(text), style)

    def section(self, row: int, last_column: int, text: str) -> None:
        """Write a heading between the rows of a table; not merged, since merged cells cannot be sorted."""
        self.writer.set_row(row, 18)
        style = self.book.style({"bold": True, "bg_color": "#DCE5EA", "valign": "vcenter"})
        self.writer.write_string(row, 0, fitting(text), style)
        for column in range(1, last_column + 1):
            self.writer.write_blank(row, column, None, style)

    def header(self, row: int, columns: Sequence[Column[T]], rows: Sequence[T], height: float = 30) -> None:
        """Write the headings of a table in a dark band, each aligned as the cell of the first row below it."""
        self.writer.set_row(row, height)
        look = {"bold": True, "font_color": "#FFFFFF", "bg_color": HEAD, "text_wrap": True, "valign": "vcenter"}
        for place, column in enumerate(columns):
            below = {**_FORMATS[column.cell(rows[0]).shape], **column.look(rows[0])} if rows else {}
            stand: dict[str, Any] = {name: below[name] for name in ("align", "indent") if name in below}
            style = self.book.style(look, {"right": 1, "right_color": "#4A6577", "num_format": "mmm yyyy"}, stand)
            if isinstance(column.title, dt.date):
                self.writer.write_datetime(row, place, column.title, style)
            else:
                self.writer.write_string(row, place, neutralise(column.title), style)

    def widths(self, columns: Sequence[Column[T]]) -> None:
        """Set the widths of the sheet's columns to those of a table."""
        for place, column in enumerate(columns):
            self.writer.set_column(place, place, column.width)

    def rows(
        self,
        first: int,
        columns: Sequence[Column[T]],
        rows: Iterable[T],
        look: Callable[[T], Look],
        outline: Callable[[T], Mapping[str, Any]] | None = None,
    ) -> int:
        """Write the rows of a table from row ``first``, and return the row after the last.

        ``outline`` says of each row how it folds away, in XlsxWriter's words.
        """
        styles: dict[tuple[Any, ...], Any] = {}
        row = first
        for item in rows:
            own = {"bottom": 1, "bottom_color": RULE, **look(item)}
            of_row = tuple(own.items())
            cells = [column.cell(item) for column in columns]
            # Said outright: LibreOffice and the previews of mail programs do not grow a row to fit its text.
            self.writer.set_row(
                row, _height(cells, columns, bold="bold" in own), None, outline(item) if outline else None
            )
            for place, (cell, column) in enumerate(zip(cells, columns, strict=True)):
                of_cell = column.look(item)
                key = (cell.shape, bool(cell.link), of_row, tuple(of_cell.items()))
                if key not in styles:
                    styles[key] = self._style(cell, (own, of_cell))
                self._write(row, place, cell, styles[key])
            row += 1
        return row

    def table(
        self, top: int, columns: Sequence[Column[T]], rows: Sequence[T], look: Callable[[T], Look] | None = None
    ) -> int:
        """Write a whole table: heading frozen and repeated in print, filters on. Return the row after the last."""
        self.widths(columns)
        self.header(top, columns, rows)
        end = self.rows(top + 1, columns, rows, look or (lambda _: {}))
        self.finish(top, len(columns) - 1, end)
        return end

    def finish(self, top: int, last_column: int, end: int, frozen_columns: int = 0) -> None:
        """Freeze, filter and repeat the heading in row ``top`` of a table that ends before row ``end``."""
        self.writer.freeze_panes(top + 1, frozen_columns)
        self.writer.repeat_rows(top)
        self.writer.autofilter(top, 0, max(top, end - 1), last_column)
        self.writer.ignore_errors({"number_stored_as_text": f"A1:XFD{end + 1}"})

    def colour_letters(self, first: int, last: int, column: int) -> None:
        """Fill the cells of a column by the RAG letter they hold, now and after an edit."""
        for letter, (fill, ink) in RAG_FILLS.items():
            style = self.book.writer.add_format({"bg_color": fill, "font_color": ink})
            rule = {"type": "cell", "criteria": "==", "value": f'"{letter}"', "format": style}
            self.writer.conditional_format(first, column, last, column, rule)


def _height(cells: Sequence[Cell], columns: Sequence[Column[T]], *, bold: bool) -> float:
    """Return the height of a row in points: its longest wrapped text, with a little air."""
    lines = 1
    for cell, column in zip(cells, columns, strict=True):
        if cell.shape == "text" and isinstance(cell.value, str):
            # A column is as wide as so many digits; letters of running text are narrower by about a sixth.
            lines = max(lines, _lines(cell.value, int(column.width * (1.0 if bold else 1.18))))
    return min(LINE_HEIGHT * lines + 5, TALLEST_ROW)


@lru_cache(maxsize=50_000)
def _lines(text: str, room: int) -> int:
    return sum(1 if len(part) <= room else len(textwrap.wrap(part, room)) for part in text.splitlines()) or 1


def fitting(text: str) -> str:
    """Return text as a cell can hold it: neutralised and, where too long for a cell, cut and said to be cut."""
    whole = neutralise(text)
    return whole if len(whole) <= LONGEST_TEXT else f"{whole[:LONGEST_TEXT]} … (cut: too long for a cell)"


def _spelt(text: str) -> str:
    # & begins a code in headers and footers; 60 characters keep three parts within Excel's 255.
    return text[:60].replace("&", "&&")
