"""Tables of a SQLite database: opened to be read only, and every value as text, as a CSV file would hold it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from dq.problems import ProblemsError
from dq.sources.intake import Digest, Intake
from dq.sources.table import Spot, Table

_ROWS = 20_000
"""How many rows are brought across at a time."""


@contextmanager
def connect_sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database in one transaction, so that all tables are of one moment. Raises ProblemsError."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        connection.execute("BEGIN")
        yield connection
    except sqlite3.Error as error:
        raise _unreadable(Spot(path), error) from None
    finally:
        connection.close()


def sqlite_tables(path: Path, connection: sqlite3.Connection) -> list[str]:
    """Return the names of the tables and views of a database. Raises ProblemsError for one that is damaged."""
    try:
        found = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name")
        return [str(table) for (table,) in found.fetchall() if not str(table).startswith("sqlite_")]
    except sqlite3.Error as error:
        raise _unreadable(Spot(path), error) from None


def open_sqlite(path: Path, connection: sqlite3.Connection, table: str, digest: Digest, intake: Intake) -> Table:
    """Copy a table as text, and count its records in the database. Raises ProblemsError for what cannot be read."""
    spot = Spot(path, f"table '{table}'")
    named = '"' + table.replace('"', '""') + '"'
    try:
        (records,) = connection.execute(f"SELECT count(*) FROM {named}").fetchone()
        cursor = connection.execute(f"SELECT * FROM {named}")
        headings = tuple(str(column[0]) for column in cursor.description)
        relation = intake.table(len(headings))
        while rows := cursor.fetchmany(_ROWS):
            columns = [_texts(cells, headings[i], spot) for i, cells in enumerate(zip(*rows, strict=True))]
            intake.append(relation, pa.table(columns, [f"column {i}" for i in range(len(headings))]))
    except sqlite3.Error as error:
        raise _unreadable(spot, error) from None
    return Table(spot, headings, relation, int(records), digest=digest)


def _texts(cells: Sequence[Any], heading: str, spot: Spot) -> pa.Array:
    texts = [cell if cell is None or type(cell) is str else _text(cell, heading, spot) for cell in cells]
    return pa.array(texts, pa.string())


def _text(cell: float | bytes, heading: str, spot: Spot) -> str:
    if isinstance(cell, bytes):
        raise spot.refuse(f"the column '{heading}' holds binary values.", instead="Store it as text.")
    # A whole number in a column of fractions: 5.0 is not what anybody typed.
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _unreadable(spot: Spot, error: sqlite3.Error) -> ProblemsError:
    if "locked" in str(error):
        return spot.refuse("this database is being written to.", instead="Try again when that is done.")
    fault = getattr(error, "sqlite_errorname", type(error).__name__)
    return spot.refuse(f"this SQLite database cannot be read ({fault}).", instead="Is it whole? Make a fresh copy.")
