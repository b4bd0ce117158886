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


def digest(table: Table, rows: Iterable[tuple[Any, ...]]) -> str:
    """Return the SHA-256 of an entry's rows in a table, whatever order they come in; columns as the table has them."""
    keys = [place for place, column in enumerate(table.columns) if column.primary_key]
    measured = {place for place, column in enumerate(table.columns) if isinstance(column.type, Float)}
    held = [_as_floats(row, measured) for row in rows] if measured else rows
    return _sha256(canonical(sorted(held, key=itemgetter(*keys))))


def _as_floats(row: tuple[Any, ...], places: Container[int]) -> tuple[Any, ...]:
    return tuple(float(cell) if i in places and cell is not None else cell for i, cell in enumerate(row))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
