"""Whether the ledger is as it was written: every link of the chain, every row, and what protects them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from dq.ledger.chain import BEGINNING, Entry, digest, in_order
from dq.ledger.entries import entries
from dq.ledger.migrate import HEAD
from dq.ledger.shape import shape_of
from dq.ledger.store import Ledger
from dq.ledger.tables import ENTRY, OF_ENTRIES, PURGED


@dataclass(frozen=True)
class Verified:
    """What was looked at, and where it broke: nothing in ``faults`` where it is intact. ``head`` is the last hash."""

    entries: int
    rows: int
    purged: int
    head: str
    faults: tuple[str, ...]

    @property
    def intact(self) -> bool:
        """Whether all is as it was written."""
        return not self.faults


def verify(ledger: Ledger) -> Verified:
    """Read the whole ledger and hold it against its hashes. Raises ProblemsError where it cannot be opened at all."""
    faults: list[str] = []
    number = rows = purged = 0
    head = BEGINNING
    with ledger.reading() as connection:
        try:
            faults += _of_the_file(connection)
            gone = _purged(connection)
            last: Entry | None = None
            for last in entries(connection):
                number += 1
                faults += _of_link(last, number, head)
                head = last.hash
                counted, without, broken = _of_rows(connection, last, gone)
                rows, purged, faults = rows + counted, purged + without, faults + broken
            faults += _of_strays(connection, rows)
            faults += _of_shape(connection)
        except (SQLAlchemyError, ValueError, TypeError, KeyError) as error:
            faults.append(f"entry {number + 1} or later cannot be read ({type(error).__name__})")
    return Verified(number, rows, purged, head, tuple(faults))


def _of_the_file(connection: Connection) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        for (said,) in connection.execute(text("PRAGMA integrity_check(5)")):
            if said != "ok":
                yield "the file is damaged: SQLite's own check of its pages fails"
                return


def _of_link(entry: Entry, number: int, before: str) -> Iterator[str]:
    if entry.number != number:
        yield f"entry {number} is missing: {entry.number} stands in its place"
    if entry.previous != before:
        yield f"entry {entry.number} does not follow the one before it"
    if entry.hash != entry.works_out_as:
        yield f"entry {entry.number} ({entry.at}) has been changed"


def _of_rows(connection: Connection, entry: Entry, gone: Mapping[int, set[str]]) -> tuple[int, int, list[str]]:
    """Return how many rows an entry has, how many of its tables were purged, and what is wrong with them."""
    told = json.loads(entry.digests)
    count, without, faults = 0, 0, []
    for table in OF_ENTRIES:
        said = connection.execute(select(*table.columns).where(table.c.entry == entry.number))
        found = [tuple(row) for row in said]
        count += len(found)
        if table.name in gone[entry.number]:
            without += 1
            if found:
                faults.append(f"entry {entry.number}: rows of '{table.name}' that were purged are there")
        elif (digest(table, [in_order(table, found)]) if found else None) != told.get(table.name):
            faults.append(f"entry {entry.number}: its rows of '{table.name}' are not those that were written")
    return count, without, faults


def _purged(connection: Connection) -> Mapping[int, set[str]]:
    gone: dict[int, set[str]] = defaultdict(set)
    for target, name in connection.execute(select(PURGED.c.target, PURGED.c.table_name)):
        gone[target].add(name)
    return gone


def _of_strays(connection: Connection, counted: int) -> Iterator[str]:
    there = sum(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in OF_ENTRIES)
    if there != counted:
        yield f"{there - counted:,} rows belong to no entry"


def _of_shape(connection: Connection) -> Iterator[str]:
    said = select(ENTRY.c.content).where(ENTRY.c.kind == "form").order_by(ENTRY.c.number.desc()).limit(1)
    content = connection.execute(said).scalar_one_or_none()
    if content is None:
        yield "no entry says what form it has"
        return
    form = json.loads(content)
    if form["form"] != HEAD or form["shape"] != shape_of(connection):
        yield "its tables, or the triggers that keep them from being changed, are not those that were made"
