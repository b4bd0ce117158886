"""Where statements are run. The same syntax trees run wherever the records are; what is flagged comes here.

:class:`Here` is the run's own DuckDB, in this process. Another place keeps the records and runs the statements, and
hands over the rows at fault alone.
"""

from __future__ import annotations

from typing import Protocol

import duckdb
from sqlglot import exp

from dq.engine.compile import Dates
from dq.engine.statements import Statement
from dq.language.expression import DIALECT
from dq.workspace import Workspace, name

Query = exp.Query | Statement


class StatementError(Exception):
    """A statement failed; the message says how in a word or two, and never quotes a value."""


class Place(Protocol):
    """Where the records are: it runs trees over them, and puts what it finds into the run's own workspace."""

    def keep(self, view: str, tree: Query) -> None:
        """Work out a view and keep it as a table. Raises StatementError."""

    def forget(self, view: str) -> None:
        """Remove the table of a view that was kept."""

    def accepts(self, tree: Query) -> None:
        """Raise StatementError if the statement could not be run, whatever the records."""

    def count(self, tree: Query) -> tuple[int, ...]:
        """Run a statement that gives one row of numbers. Raises StatementError."""

    def find(self, tree: Query, into: str) -> None:
        """Run a statement and put its rows into a table of the workspace. Raises StatementError."""

    def fetch(self, tree: exp.Select, key: exp.Column, held: tuple[str, str], into: str) -> None:
        """Do the same for those rows whose ``key`` is among the values of a (table, column) of the workspace."""

    def explained(self, tree: Query) -> str:
        """Return how the engine would run a statement. Raises StatementError."""


class Here:
    """The run's own DuckDB, in which the extracts lie."""

    def __init__(self, workspace: Workspace, dates: Dates) -> None:
        self._workspace = workspace
        self._dates = dates

    def keep(self, view: str, tree: Query) -> None:
        """Work out a view and keep it as a table. Raises StatementError."""
        self._run(f"CREATE OR REPLACE TEMP TABLE {name(view)} AS {_sql(tree)}")

    def forget(self, view: str) -> None:
        """Remove the table of a view that was kept."""
        self._run(f"DROP TABLE {name(view)}")

    def accepts(self, tree: Query) -> None:
        """Raise StatementError if the statement could not be run, whatever the records."""
        self._run(f"EXPLAIN {_sql(tree)}")

    def count(self, tree: Query) -> tuple[int, ...]:
        """Run a statement that gives one row of numbers. Raises StatementError."""
        (row,) = self._run(_sql(tree)).fetchall()
        return tuple(int(number) for number in row)

    def find(self, tree: Query, into: str) -> None:
        """Run a statement and put its rows into a table of the workspace. Raises StatementError."""
        self._run(f"CREATE OR REPLACE TEMP TABLE {name(into)} AS {_sql(tree)}")

    def fetch(self, tree: exp.Select, key: exp.Column, held: tuple[str, str], into: str) -> None:
        """Do the same for those rows whose ``key`` is among the values of a (table, column) of the workspace."""
        table, column = held
        among = exp.select(exp.column(column)).from_(table)
        self.find(tree.where(exp.In(this=key.copy(), query=among.subquery())), into)

    def explained(self, tree: Query) -> str:
        """Return how DuckDB would run a statement."""
        return "\n".join(str(text) for _, text in self._run(f"EXPLAIN {_sql(tree)}").fetchall())

    def _run(self, sql: str) -> duckdb.DuckDBPyConnection:
        try:
            return self._workspace.execute(sql, self._dates)
        except duckdb.Error as error:
            raise StatementError(fault(error)) from None


def _sql(tree: Query) -> str:
    return tree.sql if isinstance(tree, Statement) else tree.sql(DIALECT, comments=False)


def fault(error: Exception) -> str:
    """Return what went wrong, in a word or two. The engine's own message may quote a value, so it is not kept."""
    words = type(error).__name__.removesuffix("Exception").removesuffix("Error")
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in words).strip()
    return f"{spaced} error".strip()
