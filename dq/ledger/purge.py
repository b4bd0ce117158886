"""Retention: rows about records go when their time is over, and what still stands is carried over before they go.

The entry that held them stays, and with it the chain: what its rows came to is in its hash, and a later entry says that
they were removed.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, func, select

from dq.ledger.chain import Row as Said
from dq.ledger.entries import append
from dq.ledger.tables import ENTRY, EXCEPTION, PURGED, RESPONSE
from dq.model import CLOSED

CARRIED = "carried"
"""The kind of an entry that says again what stands of an entry whose rows are removed."""
Targets = Sequence[tuple[Table, int]]


@dataclass(frozen=True)
class Gone:
    """What retention removes: rows of so many entries, of which so many say again what still stands."""

    entries: int
    rows: int
    carried: int


def purge(connection: Connection, exceptions: dt.date | None, answers: dt.date | None) -> Gone:
    """Remove what was entered of exceptions and of answers before a day, None for never; what stands is carried over.

    An exception stands while it is there; an answer while it is the last to one that is. The connection must be
    writing.
    """
    standing = _standing(connection)
    targets = _targets(connection, exceptions, answers, standing)
    found = Gone(len({entry for _, entry in targets}), 0, 0)
    for table, target in targets:
        held = connection.execute(select(table).where(table.c.entry == target)).all()
        kept = [_said(row) for row in held if standing[table.name].get(row.exception_id) == target]
        if kept:
            of = carried_of(connection).get(target, target)
            append(connection, CARRIED, {"of": of, "table": table.name}, {table: kept})
        found = Gone(found.entries, found.rows + len(held), found.carried + len(kept))
    if targets:
        gone = [{"target": target, "table_name": table.name} for table, target in targets]
        append(connection, "purged", {"entries": found.entries, "rows": found.rows}, {PURGED: gone})
    for table, target in targets:
        connection.execute(delete(table).where(table.c.entry == target))
    return found


def due(connection: Connection, exceptions: dt.date | None, answers: dt.date | None) -> Gone:
    """Return what ``purge`` would remove."""
    standing = _standing(connection)
    rows = carried = 0
    targets = _targets(connection, exceptions, answers, standing)
    for table, target in targets:
        count = select(func.count()).select_from(table).where(table.c.entry == target)
        rows += connection.execute(count).scalar_one()
        carried += sum(entry == target for entry in standing[table.name].values())
    return Gone(len({entry for _, entry in targets}), rows, carried)


def carried_of(connection: Connection) -> dict[int, int]:
    """Return entry → the entry that what it says was carried over from."""
    query = select(ENTRY.c.number, ENTRY.c.content).where(ENTRY.c.kind == CARRIED)
    return {row.number: int(json.loads(row.content)["of"]) for row in connection.execute(query)}


def with_carried(connection: Connection, chain: Sequence[int]) -> list[int]:
    """Return a chain of runs, and with it the entries that what stands of them was carried over to."""
    there = set(chain)
    return [*chain, *(entry for entry, of in carried_of(connection).items() if of in there)]


def _standing(connection: Connection) -> Mapping[str, Mapping[str, int]]:
    """Return, for each table, exception_id → the entry that says how it stands, of those that are there."""
    states = select(EXCEPTION.c.exception_id, EXCEPTION.c.entry, EXCEPTION.c.state).order_by(EXCEPTION.c.entry)
    latest = {row.exception_id: row for row in connection.execute(states)}
    there = {key: row.entry for key, row in latest.items() if row.state not in CLOSED}
    answers = select(RESPONSE.c.exception_id, RESPONSE.c.entry).order_by(RESPONSE.c.entry)
    answered = {row.exception_id: row.entry for row in connection.execute(answers) if row.exception_id in there}
    return {EXCEPTION.name: there, RESPONSE.name: answered}


def _targets(
    connection: Connection,
    exceptions: dt.date | None,
    answers: dt.date | None,
    standing: Mapping[str, Mapping[str, int]],
) -> Targets:
    """Return whose rows go: of entries before a day, but of what was carried over only where some stands no more."""
    entered = {row.number: row.at for row in connection.execute(select(ENTRY.c.number, ENTRY.c.at))}
    of = carried_of(connection)
    found = []
    for table, day in ((EXCEPTION, exceptions), (RESPONSE, answers)):
        counts = select(table.c.entry, func.count()).group_by(table.c.entry).order_by(table.c.entry)
        for entry, count in connection.execute(counts) if day is not None else ():
            all_stand = entry in of and count == sum(at == entry for at in standing[table.name].values())
            if entered[of.get(entry, entry)] < str(day) and not all_stand:
                found.append((table, entry))
    return found


def _said(row: Row[Any]) -> Said:
    return {name: value for name, value in row._mapping.items() if name != "entry"}
