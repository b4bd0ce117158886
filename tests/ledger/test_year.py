"""Months of an authority, with their own truth: every exception stands in every month as it must.

``make year`` follows all rules for a year; here are those of a small policy for half of one.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from told import held_in, told_in
from year import STATES, follow

from dq.ledger.store import open_ledger
from dq.ledger.verify import verify
from dq.library.load import load_library

pytestmark = pytest.mark.usefixtures("small_policy")


def test_every_exception_stands_as_it_must_in_every_month(tmp_path: Path) -> None:
    followed, _, months = follow(tmp_path, scale=0.01, seed=5, months=6)
    found, held = [], set[str]()
    for month in months:
        found.append(month)
        held |= held_in(tmp_path / "extracts", load_library().contracts)
    assert [wrong for month in found for wrong in month.wrong] == []
    assert len(found) == 6
    assert {state for month in found for state in month.stands} == set(STATES), "each happens"
    assert len(followed) > 100
    assert len(held) > 1000
    assert told_in(tmp_path / "ledger.sqlite", held) == []
    assert told_in(tmp_path / "ledger.sqlite", {"move-without-reason", "no-such-text"}) == ["move-without-reason"]
    with open_ledger("sqlite:///ledger.sqlite", tmp_path, None) as ledger:
        assert verify(ledger).faults == ()
