"""Bring a ledger to the form that this version writes, in one transaction, with Alembic's migrations."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import Connection, inspect, select, table
from sqlalchemy import column as named

from dq.ledger.entries import append
from dq.ledger.shape import shape_of
from dq.problems import refuse

HEAD = "0001"
"""The form that this version writes."""

_VERSION = table("alembic_version", named("version_num"))
Opening = Callable[[], AbstractContextManager[Connection]]


def bring_up_to_date(reading: Opening, writing: Opening, place: str) -> None:
    """Make the tables of an empty database, or bring older ones up to date. Raises ProblemsError for a later form."""
    with reading() as connection:
        if _form(connection, place) == HEAD:
            return
    with writing() as connection:
        if _form(connection, place) != HEAD:
            _upgrade(connection)


def _form(connection: Connection, place: str) -> str | None:
    """Return the form of a database: None where it holds nothing yet."""
    tables = inspect(connection).get_table_names()
    if _VERSION.name not in tables:
        if "entry" in tables:
            raise refuse(f"{place} holds tables of something else.", instead="Name another database with 'ledger:'.")
        return None
    form = str(connection.execute(select(_VERSION.c.version_num)).scalar_one())
    if form > HEAD:
        raise refuse(f"the ledger {place} is of a later version of Plumbline.", instead="Bring this one up to date.")
    return form


def _upgrade(connection: Connection) -> None:
    # Loaded only where there is something to do: most runs find the ledger as they need it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "dq.ledger:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
    append(connection, "form", {"form": HEAD, "shape": shape_of(connection)})
