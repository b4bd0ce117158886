"""How entries are chained: each one's hash covers the one before, what it says, and a digest of its rows elsewhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Float, Table

BEGINNING = "0" * 64
"""What stands for the hash before the first."""

Row = Mapping[str, Any]
Cells = tuple[Any, ...]
"""A row as the database has it."""


@dataclass(frozen=True)
class Entry:
    """One link of the chain; ``content`` and ``digests`` are canonical JSON, ``at`` is UTC."""

    number: int
    kind: str
    at: str
    content: str
    digests: str
    previous: str
    hash: str

    @property
    def works_out_as(self) -> str:
        """The hash that what it says gives."""
        return link(self.number, self.kind, self.at, self.content, self.digests, self.previous)


def canonical(value: object) -> str:
    """Return JSON of which there is one form only: keys in order, no spaces, numbers as they are."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def link(number: int, kind: str, at: str, content: str, digests: str, previous: str) -> str:
    """Return the hash of an entry, 64 hexadecimal digits."""
    return _sha256(canonical([number, kind, at, content, digests, previous]))


def in_order(table: Table, rows: Iterable[Cells]) -> list[Cells]:
    """Return rows of a table by its key, as they are hashed; columns as the table has them."""
    keys = [place for place, column in enumerate(table.columns) if column.primary_key]
    return sorted(rows, key=itemgetter(*keys))


def digest(table: Table, batches: Iterable[Iterable[Cells]]) -> str:
    """Return the SHA-256 of an entry's rows in a table, which come in order, some at a time."""
    measured = {place for place, column in enumerate(table.columns) if isinstance(column.type, Float)}
    found, between = hashlib.sha256(b"["), ""
    for batch in batches:
        held = [_as_floats(row, measured) for row in batch] if measured else list(batch)
        found.update(f"{between}{canonical(held)[1:-1]}".encode())
        between = ","
    found.update(b"]")
    return found.hexdigest()


def _as_floats(row: Cells, places: Container[int]) -> Cells:
    return tuple(float(cell) if i in places and cell is not None else cell for i, cell in enumerate(row))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
