"""Ten runs at once: all are entered, and each is compared with the one before it, so that nothing is entered twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from months import Authority, placement
from sqlalchemy import func, select

from dq.ledger.queries import past_runs
from dq.ledger.store import open_ledger
from dq.ledger.tables import EXCEPTION
from dq.ledger.verify import verify
from tests.postgres import postgres_url

__all__ = ["postgres_url"]

pytestmark = pytest.mark.usefixtures("small_policy")

POSTCODE = "placement-postcode-missing"
RUNS, FAULTS = 10, 30


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_ten_runs_at_once_are_all_entered_and_none_twice(
    tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    ledger = request.getfixturevalue("postgres_url") if kind == "postgres" else f"sqlite:///{tmp_path}/ledger.sqlite"
    authority = f"Kent in {kind}"
    library = Authority(tmp_path, (POSTCODE,)).library
    kents = []
    for i in range(RUNS):
        (tmp_path / f"{i}").mkdir()
        kents.append(Authority(tmp_path / f"{i}", (POSTCODE,), authority, ledger, lists=False))
        kents[-1].library = library
    rows = [placement(f"P{i}", postcode="") for i in range(FAULTS)]
    with ThreadPoolExecutor(RUNS) as pool:
        list(pool.map(lambda kent: kent.run("2016-07", *rows), kents))
    with open_ledger(ledger, tmp_path, None) as opened:
        with opened.reading() as connection:
            runs = past_runs(connection)
            written = connection.execute(select(func.count()).select_from(EXCEPTION)).scalar_one()
        assert verify(opened).faults == ()
    assert len(runs) == RUNS
    assert [run.baseline for run in runs] == [None, *(run.entry for run in runs[:-1])]
    assert written == FAULTS
