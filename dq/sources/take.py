"""Take the records of one extract into the workspace, and count what became of every row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import duckdb

from dq.model import Contract, ExtractMapping
from dq.sources.cast import as_text, cleaned, is_read, typed_select
from dq.sources.intake import Intake
from dq.sources.lasting import chosen
from dq.sources.mapping import MappedTable, mapped_source, renames_only
from dq.sources.matching import Matched
from dq.sources.table import Spot, Table, Wanted
from dq.workspace import Workspace, name

_UNREADABLE = "its records cannot be read: it is damaged or not whole."
_ANEW = "Export it again."
_Opened = Mapping[str, tuple[Table, Matched]]


@dataclass(frozen=True)
class Taken:
    """What became of the rows that are not records: blank, of no record of this extract, or one with another row.

    ``lasting`` says that the records were left where they lie.
    """

    blank: int = 0
    without: int = 0
    merged: int = 0
    lasting: bool = False


def take(intake: Intake, wanted: Wanted, opened: _Opened) -> tuple[_Opened, Taken]:
    """Read an extract from its tables, given as in the mapping's words; return them as they were read in the end.

    Raises ProblemsError for a table that cannot be read, or not all of it.
    """
    mapping = wanted.mapping
    if mapping is not None and (len(opened) > 1 or not renames_only(mapping)):
        return _take_mapped(intake, wanted.contract, mapping, opened)
    ((named, (table, matched)),) = opened.items()
    settled, taken = _take_one(intake, wanted, table, matched)
    return {named: (settled, matched)}, taken


def _take_one(intake: Intake, wanted: Wanted, table: Table, matched: Matched) -> tuple[Table, Taken]:
    """Read one table, whose headings alone may differ from the extract's."""
    workspace, contract, extract = intake.workspace, wanted.contract, name(wanted.contract.name)
    lasting = False

    def read(table: Table) -> int:
        nonlocal lasting
        held = chosen(table, wanted, matched, workspace)
        text = [c for c in matched.columns if c not in held.native and is_read(contract.columns[c].type)]
        lasting = table.lasting and not text
        kind = "VIEW" if lasting else "TABLE"
        select = typed_select(
            contract, held.select, matched.columns, native=held.native, tidy=held.tidy, numbered=lasting
        )
        workspace.execute(f"CREATE OR REPLACE {kind} {extract} AS {select}")
        return int(workspace.row(f"SELECT count(*) FROM {extract}")[0])

    settled = _settled(table, read)
    empty = " AND ".join(f"{name(column)} IS NULL" for column in (*contract.columns, "unread"))
    return settled, Taken(0 if lasting or table.blanks_count else _delete(workspace, extract, empty), lasting=lasting)


def _take_mapped(intake: Intake, contract: Contract, mapping: ExtractMapping, opened: _Opened) -> tuple[_Opened, Taken]:
    """Read one or more tables of another layout: copied as text, and then as the mapping says."""
    workspace = intake.workspace
    relations: dict[str, str] = {}
    settled: dict[str, tuple[Table, Matched]] = {}
    blank = 0
    for named, (table, matched) in opened.items():
        relations[named] = intake.name()
        settled[named] = read_texts(intake, table, relations[named]), matched
        cells = (cleaned(name(f"column {i}")) for i in range(len(table.headings)))
        blank += _delete(workspace, relations[named], " AND ".join(f"{cell} IS NULL" for cell in cells))
    tables = [MappedTable(named, relations[named], matched) for named, (_, matched) in settled.items()]
    source = mapped_source(contract, mapping, tables)
    select = typed_select(contract, f"({source.select})", source.arrived)
    workspace.execute(f"CREATE OR REPLACE TABLE {name(contract.name)} AS {select}")
    _, without, merged = workspace.row(source.counts)
    return settled, Taken(blank, int(without), int(merged))


def read_texts(intake: Intake, table: Table, into: str) -> Table:
    """Copy a table as text, with columns ``column 0``, …; return it as it was read in the end. Raises ProblemsError."""

    def read(table: Table) -> int:
        intake.workspace.execute(f"CREATE OR REPLACE TEMP TABLE {into} AS SELECT * FROM {_as_text(table)}")
        return int(intake.workspace.row(f"SELECT count(*) FROM {into}")[0])

    return _settled(table, read)


def _settled(table: Table, read: Callable[[Table], int]) -> Table:
    """Read a table, by its slower way if the first fails or does not give every record. Raises ProblemsError."""
    try:
        rows = read(table)
        if rows == table.records:
            return table
        fault = f"{table.records:,} records were counted here and {rows:,} read."
    except duckdb.Error:  # whose message quotes the row
        fault = _UNREADABLE
    if table.again is None:
        raise table.spot.refuse(fault, instead=_ANEW)
    return _settled(table.again(), read)


def _as_text(table: Table) -> str:
    columns = (name(f"column {i}") for i in range(len(table.headings)))
    cells = ", ".join(f"{as_text(column, table.type_of(i))} AS {column}" for i, column in enumerate(columns))
    return f"(SELECT {cells} FROM {table.relation})"


def _delete(workspace: Workspace, table: str, empty: str) -> int:
    """Remove the rows in which nothing stands, and return how many there were."""
    (count,) = workspace.row(f"SELECT count(*) FROM {table} WHERE {empty}")
    if count:
        workspace.execute(f"DELETE FROM {table} WHERE {empty}")
    return int(count)


def facts_of(workspace: Workspace, contract: Contract, taken: Taken, spot: Spot) -> tuple[int, int, dt.date | None]:
    """Return how many records an extract has, how many of their cells could not be read, and the latest entry.

    Raises ProblemsError where what is left where it lies turns out to be damaged.
    """
    when = contract.entered or contract.event
    asked = ["count(*)"]
    # Where nothing can be unread, the file's own statistics answer.
    asked += [] if taken.lasting else ["coalesce(sum(cardinality(unread)), 0)"]
    asked += [] if when is None else [f"CAST(max({name(when)}) AS DATE)"]
    try:
        told = list(workspace.row(f"SELECT {', '.join(asked)} FROM {name(contract.name)}"))
    except duckdb.Error:
        raise spot.refuse(_UNREADABLE, instead=_ANEW) from None
    latest = None if when is None else told.pop()
    return int(told[0]), 0 if taken.lasting else int(told[1]), latest
