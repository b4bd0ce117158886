"""The records of a workspace in a schema of PostgreSQL, typed as the contracts say."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dq.language.portable import extract_types
from dq.library.policy import Library
from dq.workspace import Workspace

if TYPE_CHECKING:
    import psycopg

TYPES = {"VARCHAR": "TEXT", "DOUBLE": "DOUBLE PRECISION"}
KEYS = {"calendar": "day", "postcodes": "postcode"}


@contextmanager
def database(url: str, schema: str) -> Iterator[psycopg.Connection]:
    """Open an empty schema of the database, where tables are made and found; it goes at the end."""
    import psycopg

    with psycopg.connect(url, autocommit=True, options=f"-csearch_path={schema}") as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        yield connection
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


def make_tables(connection: psycopg.Connection, library: Library, *, unread: bool = False) -> None:
    """Make every extract and reference table, empty; with ``unread``, extracts hold what could not be read too."""
    for table, columns in extract_types(library.contracts.values()).items():
        held = [f'"{name}" {TYPES.get(kind, kind)}' for name, kind in columns.items()]
        held += ["unread JSONB"] if unread and table in library.contracts else []
        held += [f"PRIMARY KEY ({KEYS[table]})"] if table in KEYS else []
        connection.execute(f'CREATE TABLE "{table}" ({", ".join(held)})')
    connection.execute("CREATE INDEX ON calendar (working_day)")


def fill(
    connection: psycopg.Connection,
    workspace: Workspace,
    library: Library,
    tables: Iterable[str],
    *,
    unread: bool = False,
) -> None:
    """Copy tables of the workspace into those of the same name."""
    types = extract_types(library.contracts.values())
    for table in tables:
        names = [*types[table], *(["unread"] if unread and table in library.contracts else [])]
        columns = ", ".join(f'"{name}"' for name in names)
        with connection.cursor().copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
            for row in workspace.execute(f'SELECT {columns} FROM "{table}"').fetchall():
                copy.write_row([json.dumps(cell) if isinstance(cell, dict) else cell for cell in row])
        connection.execute(f'ANALYZE "{table}"')
