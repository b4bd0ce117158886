"""PostgreSQL as the place where statements run: the records stay there, and only the rows at fault come here.

Everything is done in one transaction over one snapshot, in temporary views and tables, and rolled back at the end:
the database is left as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from dq.engine.compile import Dates
from dq.engine.places import Query, StatementError, fault
from dq.engine.statements import Statement
from dq.language.portable import column_types, extract_types, portable
from dq.library.policy import Library
from dq.workspace import Workspace, name

if TYPE_CHECKING:
    import psycopg
    import pyarrow as pa

_ROWS = 50_000
"""How many flagged rows are fetched at a time."""
_TYPES = {
    "bool": "BOOLEAN", "int2": "BIGINT", "int4": "BIGINT", "int8": "BIGINT", "float4": "DOUBLE", "float8": "DOUBLE",
    "numeric": "DOUBLE", "date": "DATE", "timestamp": "TIMESTAMP", "jsonb": "MAP(VARCHAR, VARCHAR)",
}  # fmt: skip
"""PostgreSQL's types as the workspace's; whatever is not here is text."""


class There:
    """A PostgreSQL session in which the extracts stand as views of their own names."""

    def __init__(
        self, connection: psycopg.Connection[Any], workspace: Workspace, library: Library, dates: Dates
    ) -> None:
        self._connection = connection
        self._workspace = workspace
        self._dates = dates
        self._schema: dict[str, dict[str, str]] = extract_types(library.contracts.values())
        for columns in (self._schema[contract] for contract in library.contracts):
            columns["rowid"] = "BIGINT"

    def keep(self, view: str, tree: Query) -> None:
        """Work out a view and keep it as a table. Raises StatementError."""
        self._schema[view] = column_types(_tree(tree), self._schema)
        self._run(f"DROP TABLE IF EXISTS pg_temp.{name(view)}")
        self._run(f"CREATE TEMP TABLE {name(view)} ON COMMIT DROP AS {self._sql(tree)}")
        for column in {"person_id"} & set(self._schema[view]):
            self._run(f"CREATE INDEX ON {name(view)} ({name(column)})")
        self._run(f"ANALYZE {name(view)}")

    def forget(self, view: str) -> None:
        """Remove the table of a view that was kept."""
        self._run(f"DROP TABLE pg_temp.{name(view)}")

    def accepts(self, tree: Query) -> None:
        """Raise StatementError if the statement could not be run, whatever the records."""
        self._run(f"EXPLAIN {self._sql(tree)}")

    def count(self, tree: Query) -> tuple[int, ...]:
        """Run a statement that gives one row of numbers. Raises StatementError."""
        with self._cursor(self._sql(tree)) as cursor:
            (row,) = cursor.fetchall()
        return tuple(int(number) for number in row)

    def find(self, tree: Query, into: str) -> None:
        """Run a statement and put its rows into a table of the workspace. Raises StatementError."""
        self._bring(self._sql(tree), (), into)

    def fetch(self, tree: exp.Select, key: exp.Column, held: tuple[str, str], into: str) -> None:
        """Do the same for those rows whose ``key`` is among the values of a (table, column) of the workspace."""
        table, column = held
        keys = self._workspace.execute(f"SELECT DISTINCT {name(column)} FROM {name(table)}").fetchall()
        asked = self._sql(tree).replace("%", "%%")  # the one parameter is ours
        among = f"SELECT * FROM ({asked}) AS asked WHERE asked.{name(key.name)} = ANY(%s)"
        self._bring(among, ([value for (value,) in keys if value is not None],), into)

    def explained(self, tree: Query) -> str:
        """Return how PostgreSQL would run a statement."""
        with self._cursor(f"EXPLAIN {self._sql(tree)}") as cursor:
            return "\n".join(str(line) for (line,) in cursor.fetchall())

    def _sql(self, tree: Query) -> str:
        return portable(_tree(tree), self._schema, self._dates, unread=True)

    def _run(self, sql: str) -> None:
        with self._cursor(sql):
            pass

    @contextmanager
    def _cursor(self, sql: str, values: Sequence[Any] = ()) -> Iterator[psycopg.Cursor[Any]]:
        """Run a statement within the transaction; one that fails takes back itself alone. Raises StatementError."""
        import psycopg

        try:
            with self._connection.transaction(), self._connection.cursor() as cursor:
                cursor.execute(sql.encode(), values or None)
                yield cursor
        except psycopg.Error as error:
            raise StatementError(fault(error)) from None

    def _bring(self, sql: str, values: Sequence[Any], into: str) -> None:
        """Run a query and put its rows into a table of the workspace, some at a time."""
        import pyarrow as pa

        with self._cursor(sql, values) as cursor:
            columns = {column.name: _kind(column.type_display) for column in cursor.description or ()}
            declared = ", ".join(f"{name(column)} {kind}" for column, kind in columns.items())
            self._workspace.execute(f"CREATE OR REPLACE TEMP TABLE {name(into)} ({declared})")
            while rows := cursor.fetchmany(_ROWS):
                held = zip(columns.items(), zip(*rows, strict=True), strict=True)
                arrays = {column: _array(cells, kind) for (column, kind), cells in held}
                self._workspace.connection.register("brought", pa.table(arrays))
                self._workspace.execute(f"INSERT INTO {name(into)} SELECT * FROM brought")
                self._workspace.connection.unregister("brought")


def _kind(declared: str) -> str:
    return _TYPES.get(declared.partition("(")[0], "VARCHAR")


def _array(cells: Sequence[Any], kind: str) -> pa.Array:
    import pyarrow as pa

    if kind.startswith("MAP"):
        entries = [None if cell is None else list(cell.items()) for cell in cells]
        return pa.array(entries, pa.map_(pa.string(), pa.string()))
    if kind == "DOUBLE":
        return pa.array([None if cell is None else float(cell) for cell in cells], pa.float64())
    if kind == "VARCHAR":
        return pa.array([None if cell is None else str(cell) for cell in cells], pa.string())
    types = {"DATE": pa.date32(), "TIMESTAMP": pa.timestamp("us"), "BIGINT": pa.int64(), "BOOLEAN": pa.bool_()}
    return pa.array(cells, types[kind])


def _tree(tree: Query) -> exp.Query:
    return tree.tree if isinstance(tree, Statement) else tree
