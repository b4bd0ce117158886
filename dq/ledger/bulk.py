"""Many rows at once, past the library's rows: the database gathers each column, and takes tuples as they are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, Text, cast, func, select
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    import pyarrow as pa


def in_columns(connection: Connection, table: Table, entries: Iterable[int]) -> pa.Table:
    """Return the rows of some entries in a table, in no order; columns as the table has them.

    The database makes one list in JSON of each column of an entry. To make a Python object of every row, and of every
    cell that says the same again, takes three times as long.
    """
    import pyarrow as pa

    kinds = [pa.int64() if column.type.python_type is int else pa.string() for column in table.columns]
    schema = pa.schema(zip((column.name for column in table.columns), kinds, strict=True))
    on_server = connection.dialect.name == "postgresql"
    gather, between = (func.json_agg, '", "') if on_server else (func.json_group_array, '","')
    lists = select(*(cast(gather(column), Text) for column in table.columns))
    batches = []
    for entry in entries:
        said = connection.execute(lists.where(table.c.entry == entry)).one()
        arrays = [_array(listed or "[]", kind, between) for listed, kind in zip(said, kinds, strict=True)]
        batches.append(pa.RecordBatch.from_arrays(arrays, schema=schema))
    return pa.Table.from_batches(batches, schema)


def _array(listed: str, kind: pa.DataType, between: str) -> pa.Array:
    """Return what a JSON list holds; one of plain texts is only cut where one ends and the next begins."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if listed.startswith('["') and "\\" not in listed and "null" not in listed:
        return pc.split_pattern(pa.array([listed[2:-2]]), between).flatten()
    return pa.array(json.loads(listed), kind)


def insert_all(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add rows, their cells in the order of the table's columns."""
    if connection.dialect.name == "postgresql":
        _copy(connection, f"COPY {table.name} FROM STDIN", rows)
        return
    marks = ", ".join("?" * len(table.columns))
    connection.exec_driver_sql(f"INSERT INTO {table.name} VALUES ({marks})", rows)


def _copy(connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Copy rows into PostgreSQL through its driver. Raises DBAPIError, as whatever the library runs itself."""
    cursor: Any = connection.connection.cursor()
    try:
        with cursor, cursor.copy(statement) as copied:
            for row in rows:
                copied.write_row(row)
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError(statement, None, error) from None
