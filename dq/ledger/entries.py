"""Entries are added at the end of the chain, and read from it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, insert, select

from dq.ledger.bulk import insert_all
from dq.ledger.chain import BEGINNING, Entry, Row, canonical, digest, link
from dq.ledger.tables import ENTRY

if TYPE_CHECKING:
    import pyarrow as pa

LATEST = 2**31 - 1
"""After every entry."""


def append(
    connection: Connection,
    kind: str,
    content: Mapping[str, Any],
    rows: Mapping[Table, Sequence[Row] | pa.Table] | None = None,
) -> Entry:
    """Add an entry with its rows, and return it; the rows need not name the entry. The connection must be writing."""
    last = connection.execute(select(ENTRY.c.number, ENTRY.c.hash).order_by(ENTRY.c.number.desc()).limit(1)).first()
    number, previous = (last.number + 1, last.hash) if last else (1, BEGINNING)
    full = {table: _full(table, number, some) for table, some in (rows or {}).items() if len(some)}
    digests = canonical({table.name: digest(table, some) for table, some in full.items()})
    at = dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")
    said = canonical(content)
    entry = Entry(number, kind, at, said, digests, previous, link(number, kind, at, said, digests, previous))
    connection.execute(insert(ENTRY), vars(entry))
    for table, some in full.items():
        insert_all(connection, table, some)
    return entry


def _full(table: Table, number: int, rows: Sequence[Row] | pa.Table) -> list[tuple[Any, ...]]:
    names = [column.name for column in table.columns if column.name != "entry"]
    if isinstance(rows, Sequence):
        return [(number, *[row[name] for name in names]) for row in rows]
    return list(zip(repeat(number), *(rows.column(name).to_pylist() for name in names), strict=False))


def entries(connection: Connection, *, since: int = 0) -> Iterator[Entry]:
    """Yield the entries after a number, in order."""
    for row in connection.execute(select(ENTRY).where(ENTRY.c.number > since).order_by(ENTRY.c.number)):
        yield Entry(*row)


def content_of(connection: Connection, number: int) -> dict[str, Any]:
    """Return what an entry says."""
    return dict(json.loads(connection.execute(select(ENTRY.c.content).where(ENTRY.c.number == number)).scalar_one()))
