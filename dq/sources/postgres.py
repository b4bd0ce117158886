"""Tables of a PostgreSQL database: copied as text, all as of one moment."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dq.problems import ProblemsError, refuse
from dq.sources.intake import Intake, csv_relation
from dq.sources.table import Spot, Table

if TYPE_CHECKING:
    import psycopg

SCHEMES = ("postgresql://", "postgres://")
_FORM = "Write it as postgresql://user@host/database?schema=name; a password is best kept in PGPASSWORD or ~/.pgpass."
_PLAIN = re.compile(r"\w+://([^@/?]*@)?(?P<host>[\w.:\[\],-]*)(/(?P<database>[\w -]*))?([?].*)?")
"""An address of which it is certain where the password ends."""
_WAIT = "10"
"""Seconds to wait for a server to answer."""
_REASONS = {
    "28P01": "the password is wrong",
    "28000": "this user is not let in",
    "3D000": "there is no such database",
    "3F000": "there is no such schema",
    "53300": "the server has too many connections",
    "57P03": "the server is starting up or shutting down",
}
"""What PostgreSQL's codes mean. Its own messages may quote what was asked for, so they are not passed on."""
_SESSION = (
    "SET DateStyle TO ISO, YMD",
    "SET IntervalStyle TO iso_8601",
    "SET TimeZone TO 'UTC'",
    "SET bytea_output TO hex",
    "SET extra_float_digits TO 1",
    "SET synchronize_seqscans TO off",
)
"""So that the same table is always the same text, in the same order."""


@dataclass(frozen=True)
class Database:
    """An open connection, the schema that is read, and the address as it may be printed."""

    connection: psycopg.Connection[Any]
    schema: str
    shown: str


def is_address(place: object) -> bool:
    """Whether a place is the address of a PostgreSQL database."""
    return isinstance(place, str) and place.startswith(SCHEMES)


def shown(address: str) -> str:
    """Return an address as it may be printed: host and database, without user, password or options."""
    found = _PLAIN.fullmatch(address)
    return f"postgresql://{found['host']}/{found['database']}" if found else "of the address that is given"


@contextmanager
def connect(address: str, *, read_only: bool = True) -> Iterator[Database]:
    """Open a database, as of one moment, in one transaction that is rolled back; not ``read_only`` is for work tables.

    Raises ProblemsError; no message holds the password.
    """
    import psycopg

    if not is_address(address):
        raise refuse("the engine is no address of a database.", instead=_FORM)
    server, schema = _parts(address)
    try:
        connection = psycopg.connect(**server)
    except psycopg.Error as error:
        raise _unreachable(address, error) from None
    with connection:
        connection.read_only = read_only
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        for setting in _SESSION:
            connection.execute(setting.encode())
        found = connection.execute("SELECT current_schema()").fetchone()
        try:
            yield Database(connection, schema or str(found[0] if found else ""), shown(address))
        finally:
            connection.rollback()


def _parts(address: str) -> tuple[dict[str, Any], str | None]:
    """Return what the driver is told, and the schema that ``?schema=`` names."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    server, _, options = address.partition("?")
    kept = [option for option in options.split("&") if option and not option.startswith("schema=")]
    schema = next((option[len("schema=") :] for option in options.split("&") if option.startswith("schema=")), None)
    if schema is not None and not re.fullmatch(r"[\w $-]+", schema):
        raise refuse("the schema of the database's address cannot be read.", instead=_FORM)
    try:
        told: dict[str, Any] = dict(conninfo_to_dict(server + ("?" + "&".join(kept) if kept else "")))
    except ProgrammingError:
        raise refuse("the address of the database cannot be read.", instead=_FORM) from None
    return {"connect_timeout": _WAIT, "application_name": "plumbline", **told}, schema


def _unreachable(address: str, error: psycopg.Error) -> ProblemsError:
    reason = _REASONS.get(error.sqlstate or "") or _reason(str(error))
    return refuse(f"the database {shown(address)} cannot be opened: {reason}.", instead=_FORM)


def _reason(message: str) -> str:
    """Say why there was no answer; a refusal while connecting comes as words, without a code."""
    known = {
        "password authentication failed": "the password is wrong",
        "no password supplied": "it asks for a password",
        "does not exist": "there is no such user or database",
        "pg_hba": "this user is not let in",
        "resolve": "there is no host of this name",
        "invalid": "its address is wrong",
        "timeout": f"nothing answered within {_WAIT} seconds",
    }
    return next((said for words, said in known.items() if words in message), "nothing answers there")


def postgres_tables(database: Database) -> list[str]:
    """Return the names of the tables and views of the schema that may be read. Raises ProblemsError if it has none."""
    rows = database.connection.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = %s ORDER BY table_name",
        [database.schema],
    ).fetchall()
    if not rows:
        what = f"the schema '{database.schema}' of {database.shown} holds no table that this user can see."
        raise refuse(what, instead="Say which schema with ?schema=name.")
    return [str(table) for (table,) in rows]


def open_postgres(database: Database, table: str, intake: Intake) -> Table:
    """Copy a table as text, and count its records in the database. Raises ProblemsError for what cannot be read."""
    import psycopg

    spot = Spot(None, f"table {database.schema}.{table}")
    relation = f"{_name(database.schema)}.{_name(table)}"
    try:
        cursor = database.connection.execute(f"SELECT * FROM {relation} LIMIT 0".encode())
        headings = tuple(column.name for column in cursor.description or ())
        counted = database.connection.execute(f"SELECT count(*) FROM {relation}".encode()).fetchone()
        cells = ", ".join(f"CAST({_name(heading)} AS text)" for heading in headings)
        copy, digest = intake.file(), hashlib.sha256()
        # What is null is written as the word, so that a row of one column is never a blank line.
        sql = f"COPY (SELECT {cells} FROM {relation}) TO STDOUT (FORMAT csv, HEADER true, NULL 'NULL', ENCODING 'UTF8')"
        with database.connection.cursor() as copying, copy.open("wb") as file, copying.copy(sql.encode()) as pieces:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
    except psycopg.errors.InsufficientPrivilege:
        raise spot.refuse("this user may not read it.", instead="Ask for SELECT on it.") from None
    except psycopg.Error as error:
        raise spot.refuse(f"it cannot be read ({type(error).__name__}).") from None
    records = int(counted[0]) if counted else 0
    return Table(spot, headings, csv_relation(copy, len(headings)), records, digest=digest.hexdigest())


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'
