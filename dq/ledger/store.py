"""Where the ledger is kept: opened, made where there is none, read, and added to by one writer at a time."""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from dq.ledger.migrate import bring_up_to_date
from dq.problems import refuse

_WAIT_SECONDS = 600
"""How long a writer waits for those before it."""
_ADVISORY_LOCK = 0x9A1_4B
"""The number under which writers queue in PostgreSQL."""
_WRITING = "plumbline_writing"
_FORMS = "Write sqlite:///ledger.sqlite, or postgresql://user@host/database."


class Ledger:
    """An open ledger. Whoever writes waits for whoever writes; readers wait for nobody."""

    def __init__(self, engine: Engine, place: str) -> None:
        self._engine = engine
        self.place = place

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees the ledger as it stood at one moment. Raises ProblemsError."""
        with _told(self.place), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection that alone may add: at the end all it added is there, or none. Raises ProblemsError."""
        with _told(self.place), self._engine.connect() as plain:
            connection = plain.execution_options(**{_WRITING: True})
            with connection.begin():
                if connection.dialect.name == "postgresql":
                    connection.execute(select(func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
                yield connection

    def settle(self) -> None:
        """Leave nothing of removed rows in the files beside the database. Raises ProblemsError."""
        with _told(self.place), self._engine.connect() as plain:
            if plain.dialect.name == "sqlite":
                plain.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def open_ledger(address: str, folder: Path, asked_in: Path | None) -> Iterator[Ledger]:
    """Open the ledger at an address, made or brought up to date if need be; a relative file is of ``folder``.

    Raises ProblemsError for an address that is none, a place that cannot be written, a file that is no ledger, and one
    of a later version.
    """
    url = url_of(address, folder, asked_in)
    place = url.database if url.drivername == "sqlite" else url.render_as_string(hide_password=True)
    engine = _engine(url)
    try:
        ledger = Ledger(engine, place or "")
        with _told(ledger.place):
            bring_up_to_date(ledger.reading, ledger.writing, ledger.place)
        yield ledger
    finally:
        engine.dispose()


def url_of(address: str, folder: Path, asked_in: Path | None) -> URL:
    """Return the address of a ledger, read; a relative file is of ``folder``. Raises ProblemsError."""
    try:
        url = make_url(address)
    except ArgumentError:
        raise refuse("'ledger' is no address of a database.", asked_in, instead=_FORMS) from None
    if url.drivername in {"postgresql", "postgres"}:
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise refuse(f"a ledger cannot be kept in '{url.drivername}'.", asked_in, instead=_FORMS)
    if url.drivername == "sqlite":
        if url.database in {None, "", ":memory:"}:
            raise refuse("a ledger must be in a file.", asked_in, instead=_FORMS)
        url = url.set(database=str(folder / str(url.database)))
    return url


class _Silent(logging.Logger):
    """A logger that is told nothing, however much others are: the library would log every row that it reads."""

    def isEnabledFor(self, level: int) -> bool:  # noqa: N802 - as its parent has it
        """Return that nothing is to be logged."""
        return False


def _silenced(engine: Engine) -> Engine:
    engine.logger = _Silent("dq.ledger")
    return engine


def _engine(url: URL) -> Engine:
    # A statement that fails is told without its values.
    if url.drivername != "sqlite":
        return _silenced(create_engine(url, poolclass=NullPool, hide_parameters=True))
    waits = {"timeout": _WAIT_SECONDS}
    engine = _silenced(create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=waits))

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _: object) -> None:
        connection.isolation_level = None  # transactions begin where we say
        for setting in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "cell_size_check = ON",
            "secure_delete = ON",
        ):
            _set(connection, setting)

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        writing = connection.get_execution_options().get(_WRITING)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _set(connection: sqlite3.Connection, setting: str) -> None:
    try:
        connection.execute(f"PRAGMA {setting}")
    except UnicodeDecodeError:
        # The words in which SQLite says what is damaged are damaged themselves.
        raise sqlite3.DatabaseError("database disk image is malformed") from None


@contextmanager
def _told(place: str) -> Iterator[None]:
    """Say what the database refused, without any value."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        original = error.orig if isinstance(error, DBAPIError) else error
        said = (str(original).strip() or type(original).__name__).splitlines()[0]
        raise refuse(f"the ledger {place} cannot be used: {_bare(said)}.", instead=_hint(said)) from None
    except SQLAlchemyError as error:
        raise refuse(f"the ledger {place} cannot be used ({type(error).__name__}).") from None


def _bare(said: str) -> str:
    """Return a database's words without what it quotes."""
    return re.sub(r"(\"|').*?\1", "…", said).rstrip(".")


def _hint(said: str) -> str:
    if "not a database" in said or "malformed" in said:
        return "Put back a copy of it; `dq ledger verify` says whether that is whole."
    if "locked" in said:
        return "Another run is writing; try again when it has ended."
    return "Check that it can be written, or name another with 'ledger:' in dq.yaml."
