"""Entries are added at the end of the chain, and read from it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, insert, select

from dq.ledger.bulk import insert_all
from dq.ledger.chain import BEGINNING, Cells, Entry, Row, canonical, digest, in_order, link
from dq.ledger.tables import ENTRY

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 50_000
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
    full = {table: _Batches(table, number, some) for table, some in (rows or {}).items() if len(some)}
    digests = canonical({table.name: digest(table, batches) for table, batches in full.items()})
    at = dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")
    said = canonical(content)
    entry = Entry(number, kind, at, said, digests, previous, link(number, kind, at, said, digests, previous))
    connection.execute(insert(ENTRY), vars(entry))
    for table, batches in full.items():
        for some in batches:
            insert_all(connection, table, some)
    return entry


@dataclass(frozen=True)
class _Batches:
    """The rows of an entry in a table as the database has them, in order, of very many some at a time.

    They are gone through twice: to hash them, and to write them. A Python object for each of a million cells is more
    than a machine should be asked to hold for that.
    """

    table: Table
    number: int
    rows: Sequence[Row] | pa.Table

    def __iter__(self) -> Iterator[list[Cells]]:
        names = [column.name for column in self.table.columns if column.name != "entry"]
        if isinstance(self.rows, Sequence):
            yield in_order(self.table, [(self.number, *[row[name] for name in names]) for row in self.rows])
            return
        keys = [column.name for column in self.table.primary_key if column.name != "entry"]
        rows = self.rows.select(names).sort_by([(key, "ascending") for key in keys])
        for batch in rows.to_batches(_BATCH):
            yield list(zip(repeat(self.number), *(column.to_pylist() for column in batch.columns), strict=False))


def entries(connection: Connection, *, since: int = 0) -> Iterator[Entry]:
    """Yield the entries after a number, in order."""
    for row in connection.execute(select(ENTRY).where(ENTRY.c.number > since).order_by(ENTRY.c.number)):
        yield Entry(*row)


def content_of(connection: Connection, number: int) -> dict[str, Any]:
    """Return what an entry says."""
    return dict(json.loads(connection.execute(select(ENTRY.c.content).where(ENTRY.c.number == number)).scalar_one()))
