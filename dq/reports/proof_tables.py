"""The tables of a paper as its proof shows them: which rows, which cells are doubtful, and where the reasons stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dq.model import Doubt, PaperTable, Severity

LONG_ROWS = 60
"""A table of more rows shows those with a doubt, and the others where they are asked for."""
QUIET_CELLS = 5_000
"""A table with more cells in rows without a doubt shows those rows nowhere: a page must open."""
PRINTED_COLUMNS = 24
"""As many columns as a sheet holds: of a wider table it has those with a doubt before others, from the left."""
_NUMBER = re.compile(r"\s*[-+−£(]*\d[\d,.]*\s*[%)]?\s*")


class Shown(StrEnum):
    """How much of a table is on the page."""

    WHOLE = "whole"
    FOLDED = "folded"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True)
class Noted:
    """A doubt, its number on the page, and the id of the cell it is about; none where that is in no table."""

    doubt: Doubt
    number: int
    at: str | None

    @property
    def severity(self) -> Severity:
        """How sure its rule is."""
        return self.doubt.rule.severity


@dataclass(frozen=True)
class ShownRow:
    """A row of a paper: its number, its cells, and what is noted of them by column."""

    number: int
    cells: Sequence[str | None]
    notes: Mapping[int, Sequence[Noted]]

    def worst(self, column: int) -> Severity:
        """Return the severity that a cell is marked with, of all that is noted of it."""
        found = {note.severity for note in self.notes[column]}
        return next(severity for severity in Severity if severity in found)

    @property
    def reasons(self) -> list[Noted]:
        """All that is noted of the row, in the order of the findings: errors first."""
        return sorted((note for notes in self.notes.values() for note in notes), key=lambda note: note.number)


@dataclass(frozen=True)
class Gap:
    """Rows without a doubt, one after another, that are folded away or not on the page."""

    rows: Sequence[ShownRow]
    beneath: int


@dataclass(frozen=True)
class ShownTable:
    """A table of a paper: how much is shown, its rows in order, and which columns hold numbers or stay off paper."""

    table: PaperTable
    number: int
    title: str
    shown: Shown
    lines: Sequence[ShownRow | Gap]
    notes: Sequence[Noted]
    numeric: frozenset[int]
    not_printed: frozenset[int]

    def counted(self) -> dict[Severity, int]:
        """Return how many doubts of each severity it has."""
        return {severity: sum(note.severity is severity for note in self.notes) for severity in Severity}


class Places:
    """Where the cells of a paper's tables are on the page."""

    def __init__(self, tables: Sequence[PaperTable]) -> None:
        """Learn the tables, their columns and the numbers of their rows."""
        self._tables = {table.file: number for number, table in enumerate(tables, 1)}
        self._columns = {table.file: {name: i for i, name in enumerate(table.headings)} for table in tables}
        self._rows = {table.file: {row for row, _ in table.rows} for table in tables}

    def of(self, doubt: Doubt) -> tuple[int, int, int] | None:
        """Return the table, row and column of the cell a doubt is about; None where no table has it."""
        column = self._columns.get(doubt.file, {}).get(doubt.cell or "")
        if column is None or doubt.row_no is None or doubt.row_no not in self._rows[doubt.file]:
            return None
        return self._tables[doubt.file], doubt.row_no, column

    def order(self, doubt: Doubt) -> tuple[object, ...]:
        """Return what puts doubts in the order of the paper, those in none of its tables last."""
        cell = self.of(doubt)
        return (cell is None, cell or (), doubt.file, doubt.row_no or 0, doubt.place, doubt.record_key)


def cell_id(table: int, row: int, column: int) -> str:
    """Return the id that a marked cell has on the page: of numbers alone, so that no heading can spoil it."""
    return f"t{table}-{row}-{column}"


def shown_table(table: PaperTable, number: int, title: str, noted: Sequence[Noted], places: Places) -> ShownTable:
    """Return a table as it is shown, with what is noted of its cells."""
    by_row: dict[int, dict[int, list[Noted]]] = {}
    for note in noted:
        cell = places.of(note.doubt)
        if cell is not None and cell[0] == number:
            by_row.setdefault(cell[1], {}).setdefault(cell[2], []).append(note)
    rows = [ShownRow(row, cells, by_row.get(row, {})) for row, cells in table.rows]
    shown = _how_much(rows, len(table.headings))
    doubtful = {column for notes in by_row.values() for column in notes}
    return ShownTable(
        table=table,
        number=number,
        title=title,
        shown=shown,
        lines=rows if shown is Shown.WHOLE else list(_with_gaps(rows)),
        notes=[note for row in rows for note in row.reasons],
        numeric=frozenset(column for column in range(len(table.headings)) if _of_numbers(table, column)),
        not_printed=_not_printed(len(table.headings), doubtful),
    )


def _how_much(rows: Sequence[ShownRow], columns: int) -> Shown:
    if sum(not row.notes for row in rows) * columns > QUIET_CELLS:
        return Shown.DOUBTFUL
    return Shown.FOLDED if len(rows) > LONG_ROWS else Shown.WHOLE


def _with_gaps(rows: Sequence[ShownRow]) -> Iterator[ShownRow | Gap]:
    """Yield the rows with a doubt, and between them what is passed over."""
    quiet: list[ShownRow] = []
    for row in rows:
        if not row.notes:
            quiet.append(row)
            continue
        if quiet:
            yield Gap(quiet, len(quiet))
            quiet = []
        yield row
    if quiet:
        yield Gap(quiet, len(quiet))


def _of_numbers(table: PaperTable, column: int) -> bool:
    """Whether most of what a column holds is numbers, which stand to the right."""
    held = [text for _, cells in table.rows if (text := cells[column])]
    return 2 * sum(_NUMBER.fullmatch(text) is not None for text in held) > len(held)


def _not_printed(columns: int, doubtful: set[int]) -> frozenset[int]:
    """Return the columns that a sheet has no room for."""
    in_turn = sorted(range(columns), key=lambda column: (column not in doubtful, column))
    return frozenset(in_turn[PRINTED_COLUMNS:])
