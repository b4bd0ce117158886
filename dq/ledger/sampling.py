"""A sample for an auditor: the same for the same seed and run, whoever draws it and wherever."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from dq.ledger.queries import PastRun, figures_of, is_open, standing_at
from dq.model import Standing


@dataclass(frozen=True)
class Drawn:
    """What was drawn, of how many: figures, exceptions that are there, and those that are said to be put right."""

    figures: Sequence[Row[Any]]
    there: Sequence[Row[Any]]
    fixed: Sequence[Row[Any]]
    of: tuple[int, int, int]


def draw(connection: Connection, run: PastRun, seed: int, figures: int, records: int) -> Drawn:
    """Return so many figures of a run, and so many records of each kind, chosen by chance.

    Each is put in an order by a hash of the seed, the run and its own name, so that chance is nobody's.
    """
    published = [row for row in figures_of(connection, run).values() if row.value is not None]
    known = standing_at(connection, run).values()
    there = [row for row in known if is_open(row)]
    fixed = [row for row in known if row.state == Standing.FIXED]
    return Drawn(
        _chosen(published, ("scope_type", "scope_id", "measure", "line"), (seed, run.run_id), figures),
        _chosen(there, ("exception_id",), (seed, run.run_id), records),
        _chosen(fixed, ("exception_id",), (seed, run.run_id), records),
        (len(published), len(there), len(fixed)),
    )


def _chosen(rows: Iterable[Row[Any]], names: Sequence[str], by: tuple[int, str], many: int) -> list[Row[Any]]:
    def place(row: Row[Any]) -> str:
        said = "|".join(str(part) for part in (*by, *(getattr(row, name) for name in names)))
        return hashlib.sha256(said.encode()).hexdigest()

    return sorted(rows, key=place)[:many]
