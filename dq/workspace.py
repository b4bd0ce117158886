"""The DuckDB database a run works in: in this process, in memory, spilling to a folder of the run's own.

Once the extracts are loaded it is sealed: no statement can then read or write a file, load an extension,
reach the network or change a setting, whatever it says.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    import pyarrow as pa

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "preserve_insertion_order": "true",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
}


class Workspace:
    """A connection to the run's database. ``execute`` returns the connection, ready to fetch from."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.reads: list[Path] = []
        """The files that are read where they lie, and so must stay readable once all else is cut off."""
        self.writes: list[Path] = []
        """The files of a run that the database itself writes."""

    def execute(self, sql: str, values: Mapping[str, Any] | None = None) -> duckdb.DuckDBPyConnection:
        """Run one statement; ``values`` are those of its ``$parameters``, and may be more than it names."""
        given = _named(sql, values)
        return self.connection.execute(sql, given) if given else self.connection.execute(sql)

    @contextmanager
    def beside(self) -> Iterator[Workspace]:
        """Open the same database for another thread: it has all tables but temporary ones, and may have its own."""
        connection = self.connection.cursor()
        try:
            yield Workspace(connection)
        finally:
            connection.close()

    def row(self, sql: str) -> tuple[Any, ...]:
        """Run a statement that gives one row, and return it."""
        (found,) = self.execute(sql).fetchall()
        return tuple(found)

    def arrow(self, sql: str, values: Mapping[str, Any] | None = None) -> pa.Table:
        """Run a query and return its rows as an Arrow table."""
        return self.connection.sql(sql, params=_named(sql, values) or None).to_arrow_table()

    def arrow_batches(self, sql: str, rows: int) -> pa.RecordBatchReader:
        """Run a query and return a reader of its rows, so many at a time: they are never all in memory."""
        return self.connection.sql(sql).to_arrow_reader(rows)

    def types(self, table: str) -> dict[str, str]:
        """Return column → type of a table."""
        return {str(name): str(kind) for name, kind, *_ in self.execute(f'DESCRIBE "{table}"').fetchall()}

    def seal(self) -> None:
        """Cut the database off from files, network and settings for the rest of its life."""
        if open_still := [*self.reads, *self.writes]:
            self.execute(f"SET allowed_paths = [{', '.join(map(quoted, open_still))}]")
        self.execute("SET enable_external_access = false")
        self.execute("SET lock_configuration = true")


@contextmanager
def open_workspace() -> Iterator[Workspace]:
    """Open an empty workspace and remove it, with all it spilled, at the end."""
    with tempfile.TemporaryDirectory(prefix="plumbline-") as spill:
        connection = duckdb.connect(":memory:", config=_CONFIG | {"temp_directory": spill})
        try:
            connection.execute("SET enable_progress_bar = false")
            yield Workspace(connection)
        finally:
            connection.close()


def _named(sql: str, values: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return those of the values that a statement names."""
    named = set(re.findall(r"\$(\w+)", sql)) if values else set()
    return {name: value for name, value in (values or {}).items() if name in named}


def quoted(text: str | Path) -> str:
    """Return a text as an SQL string literal."""
    return "'" + str(text).replace("'", "''") + "'"


def name(identifier: str) -> str:
    """Return a name as a quoted SQL identifier."""
    return '"' + identifier.replace('"', '""') + '"'
