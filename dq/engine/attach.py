"""Check records where they are: a PostgreSQL database whose tables are the extracts, none of them copied.

The contract's columns are given to each table by a temporary view; text is read as dates and numbers there as a
file's would be here, and what cannot be read is kept beside it. One snapshot serves the whole check.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from dq.engine.compile import Dates
from dq.engine.plan import reference_tables
from dq.engine.postgres import There
from dq.engine.typed_views import READERS, typed_view
from dq.language.bind import REFERENCE_TABLES
from dq.language.portable import SESSION
from dq.library.policy import BoundRule, Library
from dq.model import Contract, ExtractRead
from dq.model import Mapping as Layout
from dq.postcodes import postcodes
from dq.problems import refuse
from dq.sources.mapping import renames_only
from dq.sources.matching import find_table, match_headings
from dq.sources.postgres import Database, connect
from dq.sources.reference import calendar_rows
from dq.workspace import Workspace, name

if TYPE_CHECKING:
    import psycopg


@dataclass(frozen=True)
class Attached:
    """A database ready to be checked: where its statements run, and how its tables stand against the contracts."""

    place: There
    extracts: tuple[ExtractRead, ...]


@contextmanager
def attached(
    url: str, workspace: Workspace, library: Library, rules: Iterable[BoundRule], dates: Dates, layout: Layout | None
) -> Iterator[Attached]:
    """Open a database, and leave it as it was at the end. Raises ProblemsError where it cannot be reached or read."""
    with connect(url, read_only=False) as database:
        connection = database.connection
        for setting in SESSION["postgres"]:
            connection.execute(setting.encode())
        connection.execute(READERS.encode())
        read = _extracts(database, library, layout)
        _add_reference(connection, library, list(rules))
        yield Attached(There(connection, workspace, library, dates), read)


def _extracts(database: Database, library: Library, layout: Layout | None) -> tuple[ExtractRead, ...]:
    connection, where = database.connection, database.schema
    rows = connection.execute(
        "SELECT table_name, column_name, udt_name FROM information_schema.columns WHERE table_schema = %s "
        "ORDER BY table_name, ordinal_position",
        [where],
    ).fetchall()
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        tables.setdefault(str(table), {})[str(column)] = str(kind)
    read = [_extract(connection, where, tables, contract, layout) for contract in library.contracts.values()]
    if not any(extract.present for extract in read):
        held = f"It holds {', '.join(list(tables)[:5])}." if tables else "It holds no table that can be seen."
        raise refuse(
            f"schema '{where}' of {database.shown} holds no extract. {held}", instead="Say which with ?schema=name."
        )
    return tuple(read)


def _extract(
    connection: psycopg.Connection[Any],
    schema: str,
    tables: Mapping[str, Mapping[str, str]],
    contract: Contract,
    layout: Layout | None,
) -> ExtractRead:
    mapping = None if layout is None else layout.of(contract.name)
    if not renames_only(mapping):
        raise refuse(
            f"the mapping of {contract.name} changes values, which is not done where the records are.",
            instead="Name the database as 'extracts' in dq.yaml instead; its tables are then read here.",
        )
    table = find_table(contract.name, contract, tables, mapping)
    columns = {} if table is None else tables[table]
    matched = match_headings(contract, list(columns), mapping)
    headed = list(columns)
    source = {column: (headed[i], columns[headed[i]]) for column, i in matched.columns.items()}
    for statement in typed_view(contract, schema, table, source):
        connection.execute(statement.encode())
    if table is None:
        return ExtractRead(contract.name, None, None, 0, missing_columns=tuple(contract.columns))
    if contract.key_of:
        what = f"the records of {contract.name} have no key of their own, and one is worked out only as they are read."
        raise refuse(what, instead="Name the database as 'extracts' in dq.yaml instead; its tables are then read here.")
    if contract.key not in source:
        raise refuse(f"table {schema}.{table} has no column '{contract.key}', the key of {contract.name}.")
    missing, not_held = contract.lacking(matched.missing)
    when = contract.entered or contract.event
    latest = "NULL" if when is None else f"max({name(when)})::date"
    counted = connection.execute(
        "SELECT count(*), coalesce(sum((SELECT count(*) FROM jsonb_object_keys(unread))), 0), "
        f"{latest} FROM {name(contract.name)}".encode()
    ).fetchone()
    count, unread, last = counted or (0, 0, None)
    return ExtractRead(
        contract.name, f"{schema}.{table}", None, int(count), missing_columns=missing, not_held=not_held,
        unknown_columns=matched.unknown, unread_values=int(unread), latest_entry=last,
        latest_only=mapping is not None and mapping.latest_only,
    )  # fmt: skip


_LOOKED_UP_BY = {"calendar": ("day", "working_day"), "postcodes": ("postcode",)}


def _add_reference(connection: psycopg.Connection[Any], library: Library, rules: list[BoundRule]) -> None:
    """Make the reference tables, with rows in those that anything may read."""
    types = {"day": "date", "working_day": "integer", "easting": "float8", "northing": "float8"}
    for table, columns in REFERENCE_TABLES.items():
        declared = ", ".join(f"{name(column)} {types.get(column, 'text')}" for column in columns)
        connection.execute(f"CREATE TEMP TABLE {name(table)} ({declared}) ON COMMIT DROP".encode())
    named = reference_tables(library, rules)
    if "calendar" in named:
        _copy(connection, "calendar", calendar_rows())
    if "postcodes" in named:
        holders = [(contract.name, column) for contract in library.contracts.values() for column in contract.postcodes]
        # Only the first half of each postcode is asked for: enough to send the directory's part, and nobody's home.
        held = " UNION ".join(
            f"SELECT regexp_replace(upper(replace({name(column)}, ' ', '')), '...$', '') FROM {name(extract)}"
            for extract, column in holders
        )
        halves = {half for (half,) in connection.execute(held.encode()).fetchall() if half and half[0].isalpha()}
        rows = postcodes(sorted({half[0] for half in halves}))
        _copy(connection, "postcodes", rows.filter(pc.is_in(_first_half(rows["postcode"]), pa.array(sorted(halves)))))


def _first_half(postcodes: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.utf8_slice_codeunits(postcodes, 0, -4)


def _copy(connection: psycopg.Connection[Any], table: str, rows: pa.Table) -> None:
    columns = ", ".join(name(column) for column in rows.column_names)
    with connection.cursor() as cursor, cursor.copy(f"COPY {name(table)} ({columns}) FROM STDIN".encode()) as copy:
        for batch in rows.to_batches(100_000):
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                copy.write_row(row)
    for column in _LOOKED_UP_BY[table]:
        connection.execute(f"CREATE INDEX ON {name(table)} ({name(column)})".encode())
    connection.execute(f"ANALYZE {name(table)}".encode())
