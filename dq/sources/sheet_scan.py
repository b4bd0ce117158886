"""A sheet's own XML, looked through for what its reader does not tell: rows that hold something, faults, merges."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from dq.sources.zipped import pieces

_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?row>)", re.DOTALL)
_NUMBER = re.compile(rb'\br="(\d+)"')
_VALUE = re.compile(rb"<(?:\w+:)?[vt](?:\s[^>]*)?>[^<]")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_TEXT = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)<")
_PLACE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]+\d+:[A-Z]+(\d+))"')
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_END = b"row>"
_LONGEST_ROW = 32 << 20
"""Bytes of one row; what is longer was not written by a spreadsheet."""
_TAIL = 100
"""The longest tag that is looked for after the rows."""


@dataclass
class SheetScan:
    """What a sheet holds. Rows and columns count from 1 and 0.

    ``filled`` lists the first rows that hold a value, ``rows`` counts all of them; ``errors`` are the cells that hold
    an Excel error, as (row, column, text); ``pending`` is the first formula without a result, as a cell's name;
    ``merged`` are the ranges of merged cells and their last rows.
    """

    rows: int = 0
    filled: list[int] = field(default_factory=list)
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    pending: str | None = None
    merged: list[tuple[str, int]] = field(default_factory=list)

    def beneath(self, row: int) -> int:
        """Return how many rows beneath one of the first hold a value."""
        return self.rows - sum(1 for filled in self.filled if filled <= row)


def scan_sheet(archive: zipfile.ZipFile, part: str, first: int) -> SheetScan:
    """Look a sheet through; ``first`` is how many of the rows with a value are listed. Raises BadZipFile."""
    found, number, rest = SheetScan(), 0, b""
    for piece in pieces(archive, part):
        text = rest + piece
        end = text.rfind(_END)
        for row in _ROW.finditer(text[: end + len(_END)] if end >= 0 else b""):
            told = _NUMBER.search(row[1])
            number = int(told[1]) if told else number + 1
            _add(found, number, row[2] or b"", first)
        rest = text[end + len(_END) :] if end >= 0 else text
        if len(rest) > _LONGEST_ROW:
            raise zipfile.BadZipFile
        found.merged += _merged(rest)
        if found.merged:
            rest = rest[-_TAIL:]
    found.merged = list(dict.fromkeys(found.merged))
    return found


def _merged(text: bytes) -> Iterator[tuple[str, int]]:
    return ((m[1].decode(), int(m[2])) for m in _MERGED.finditer(text))


def _add(found: SheetScan, number: int, cells: bytes, first: int) -> None:
    if b't="e"' in cells or _FORMULA.search(cells):
        _look(found, number, cells)
    if _VALUE.search(cells):
        found.rows += 1
        if len(found.filled) < first:
            found.filled.append(number)


def _look(found: SheetScan, number: int, cells: bytes) -> None:
    column = -1
    for cell in _CELL.finditer(cells):
        place = _PLACE.search(cell[1])
        column = _column(place[1]) if place else column + 1
        value = _TEXT.search(cell[2] or b"")
        if b't="e"' in cell[1] and value:
            found.errors.append((number, column, unescape(value[1].decode())))
        elif _FORMULA.search(cell[2] or b"") and not (value and value[1]) and b't="str"' not in cell[1]:
            found.pending = found.pending or f"{_letters(column)}{number}"


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1


def _letters(column: int) -> str:
    letters = ""
    while column >= 0:
        letters, column = chr(65 + column % 26) + letters, column // 26 - 1
    return letters
