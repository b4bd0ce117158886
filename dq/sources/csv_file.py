"""CSV files: comma, semicolon, tab or bar; any encoding people save in; titles above the headings."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TextIO

from dq.problems import ProblemsError
from dq.sources.intake import LONGEST_LINE, Digest, Intake, csv_relation
from dq.sources.kinds import kind_of, not_what_it_says
from dq.sources.table import LOOKED_AT, Spot, Table, Wanted, find_headings, fit_of
from dq.sources.text import read_text

_DELIMITERS = ",;\t|"
_QUOTES = "Close it, or double the quotes inside it."


@dataclass(frozen=True)
class _Record:
    """A record as the csv module reads it, and the line it begins on."""

    cells: list[str]
    line: int


def open_csv(path: Path, wanted: Wanted | None, intake: Intake) -> Table:
    """Find the headings of a CSV file and count its records. Raises ProblemsError for what is not text."""
    kind = kind_of(path)
    if kind is not None:
        raise not_what_it_says(path, kind)
    spot = Spot(path)
    text = read_text(path, intake.file)
    delimiter, begin, place = _headings(text.path, spot, wanted)
    found, above = begin[place], [record for record in begin[:place] if record.cells]
    records = text.records - len(above) - 1
    if len(found.cells) == 1:
        records += text.blank - (place - len(above))  # where there is but one cell in a line, a blank one is a record
    table = Table(
        spot,
        tuple(found.cells),
        csv_relation(text.path, len(found.cells), delimiter, found.line - 1),
        records,
        line=found.line,
        titles=sum(1 for record in above if any(cell.strip() for cell in record.cells)),
        encoding=text.encoding,
        digest=Digest(path),
    )
    return replace(
        table,
        again=partial(_again, table, text.path, delimiter, intake),
        lines=partial(_lines_of_records, table, text.path, delimiter),
    )


def _headings(path: Path, spot: Spot, wanted: Wanted | None) -> tuple[str, list[_Record], int]:
    """Return the delimiter, the first records, blank ones too, and which of them holds the headings."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        begin = [line for line in islice(_lines(file, spot, 1), LOOKED_AT) if line.strip(" \t\r\n")]
    if not begin:
        raise spot.refuse("this file is empty.", 1, "It should begin with a row of headings.")
    choices = []
    for delimiter in (mark for mark in _DELIMITERS if mark == "," or any(mark in line for line in begin)):
        records = _first_records(path, spot, delimiter)
        place = find_headings([record.cells for record in records], wanted)
        choices.append((fit_of(wanted, records[place].cells), begin[0].count(delimiter), delimiter, records, place))
    _, _, delimiter, records, place = max(choices, key=lambda choice: choice[:2])
    return delimiter, records, place


def _first_records(path: Path, spot: Spot, delimiter: str) -> list[_Record]:
    found: list[_Record] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            found.extend(islice(_records(file, spot, 1, delimiter, strict=False), LOOKED_AT))
        except ProblemsError:
            if not found:  # otherwise the fault is further down, and is told when the file is read
                raise
    return found


def _again(table: Table, path: Path, delimiter: str, intake: Intake) -> Table:
    """Read a file record by record and write it anew, with one kind of line end, for the other parser to read.

    Raises ProblemsError at the record that is at fault.
    """
    copy, width, count = intake.file(), len(table.headings), 0
    with path.open(encoding="utf-8-sig", newline="") as file, copy.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
        for _ in islice(file, table.line - 1):
            pass
        for record in _records(file, table.spot, table.line, delimiter, strict=True):
            cells = record.cells if any(record.cells[width:]) else record.cells[:width]
            if len(cells) <= 1 and not any(cell.strip() for cell in cells):
                continue
            if len(cells) != width:
                raise table.spot.refuse(
                    f"this row has {len(cells)} cells where the heading has {width}.",
                    record.line,
                    "Put cells that hold the delimiter in double quotes.",
                )
            writer.writerow(cells)
            count += 1
    return replace(table, relation=csv_relation(copy, width), records=count - 1, again=None)


def _lines_of_records(table: Table, path: Path, delimiter: str) -> Iterator[int]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for _ in islice(file, table.line - 1):
            pass
        for record in islice(_records(file, table.spot, table.line, delimiter, strict=False), 1, None):
            if len(record.cells) > 1 or any(cell.strip() for cell in record.cells):
                yield record.line


def _records(file: TextIO, spot: Spot, line: int, delimiter: str, *, strict: bool) -> Iterator[_Record]:
    """Yield the records of a file, which stands at ``line``; blank lines as records of no cell."""
    reader, before = csv.reader(_lines(file, spot, line), delimiter=delimiter, strict=strict), line - 1
    while True:
        line = before + reader.line_num + 1
        try:
            with _long_cells():
                cells = next(reader, None)
        except csv.Error as error:
            raise _unreadable(spot, line, str(error)) from None
        if cells is None:
            return
        yield _Record(cells, line)


def _unreadable(spot: Spot, line: int, error: str) -> ProblemsError:
    if "field limit" in error:
        return spot.refuse(f"a cell of this row is longer than {LONGEST_LINE:,} letters.", line, _QUOTES)
    if "expected after" in error:
        return spot.refuse("a quoted cell goes on after its closing quote.", line, _QUOTES)
    return spot.refuse("a quoted cell is not closed.", line, _QUOTES)


@contextmanager
def _long_cells() -> Iterator[None]:
    before = csv.field_size_limit(LONGEST_LINE)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _lines(file: TextIO, spot: Spot, line: int) -> Iterator[str]:
    while text := file.readline(LONGEST_LINE + 1):
        if len(text) > LONGEST_LINE:
            raise spot.refuse(f"this line is longer than {LONGEST_LINE:,} letters.", line, "Is a quote not closed?")
        yield text
        line += 1
