"""Months of an authority, with their own truth: every exception stands in every month as it must.

``make year`` follows all rules for a year; here are those of a small policy for half of one.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from runs import records
from year import STATES, follow

from dq.ledger.store import open_ledger
from dq.ledger.verify import verify
from dq.library.load import load_library

pytestmark = pytest.mark.usefixtures("small_policy")


def test_every_exception_stands_as_it_must_in_every_month(tmp_path: Path) -> None:
    followed, _, months = follow(tmp_path, scale=0.01, seed=5, months=6)
    found = list(months)
    assert [wrong for month in found for wrong in month.wrong] == []
    assert len(found) == 6
    assert {state for month in found for state in month.stands} == set(STATES), "each happens"
    assert len(followed) > 100
    assert told_in_it(tmp_path) == []
    with open_ledger("sqlite:///ledger.sqlite", tmp_path, None) as ledger:
        assert verify(ledger).faults == ()


def told_in_it(folder: Path) -> list[str]:
    """Return what the ledger tells of what records hold: texts, postcodes and days, but no ids, nor names of teams."""
    with sqlite3.connect(folder / "ledger.sqlite") as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        cells = {str(cell) for name in tables for row in connection.execute(f"SELECT * FROM {name}") for cell in row}
    connection.close()
    said = "\n".join(cells)
    held = set[str]()
    for name, contract in load_library().contracts.items():
        path = folder / "extracts" / f"{name.replace('_', ' ').title()}.csv"
        ids = {contract.key, contract.person, contract.team, contract.worker}
        told = [c for c, about in contract.columns.items() if not (c in ids or about.references or about.codes)]
        for row in records(path) if name != "teams" else ():
            held |= {row[column] for column in told if len(row.get(column) or "") >= 6}
    assert len(held) > 1000
    return sorted(value for value in held if value in said)
