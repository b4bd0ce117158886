"""Months of an authority, with their own truth: every exception stands in every month as it must.

``make year`` follows all rules for a year; here are those of a small policy for half of one.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from year import STATES, follow

from dq.ledger.store import open_ledger
from dq.ledger.verify import verify

pytestmark = pytest.mark.usefixtures("small_policy")


def test_every_exception_stands_as_it_must_in_every_month(tmp_path: Path) -> None:
    followed, _, months = follow(tmp_path, scale=0.01, seed=5, months=6)
    found = list(months)
    assert [wrong for month in found for wrong in month.wrong] == []
    assert len(found) == 6
    assert {state for month in found for state in month.stands} == set(STATES), "each happens"
    assert len(followed) > 100
    with open_ledger("sqlite:///ledger.sqlite", tmp_path, None) as ledger:
        assert verify(ledger).faults == ()
