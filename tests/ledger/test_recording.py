"""A run enters the ledger once its outputs are in place; what went wrong in between is found and said."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import Ended, dq_here
from months import Authority, placement
from runs import records

from dq.ledger.store import open_ledger
from dq.ledger.verify import Verified, verify

pytestmark = pytest.mark.usefixtures("small_policy")

POSTCODE = "placement-postcode-missing"
SETTINGS = "authority: Kent\nscorecard: kent-scs\nextracts: extracts\n"


@pytest.fixture
def kent(tmp_path: Path) -> Authority:
    (tmp_path / "dq.yaml").write_text(SETTINGS, encoding="utf-8")
    return Authority(tmp_path, (POSTCODE,))


def publish(kent: Authority, period: str) -> Ended:
    ended = dq_here("run", kent.folder, "--period", period)
    assert ended.code == 1, ended.err
    return ended


def verified(kent: Authority) -> Verified:
    with open_ledger("sqlite:///ledger.sqlite", kent.folder, None) as ledger:
        return verify(ledger)


def states(file: Path) -> dict[str, str]:
    return {row["record_key"]: row["state"] for row in records(file) if row["rule_id"] == POSTCODE}


def test_a_run_enters_what_it_found_and_says_of_the_next_what_is_new(kent: Authority) -> None:
    kent.write("cla_placements", [placement("P1", postcode=""), placement("P2")])
    publish(kent, "2016-07")
    kent.write("cla_placements", [placement("P1", postcode=""), placement("P2", postcode="")])
    publish(kent, "2016-08")
    assert states(kent.folder / "out" / "2016-08" / "exceptions.csv") == {"P1": "open", "P2": "new"}
    assert kent.written(POSTCODE) == {"P1": ["open"], "P2": ["new"]}
    assert verified(kent).faults == ()

    kent.write("cla_placements", [placement("P2", postcode=""), placement("P3", postcode="")])
    assert dq_here("check", kent.folder, "--period", "2016-09", "--rules", POSTCODE).code == 0
    assert states(kent.folder / "check" / "2016-09" / "exceptions.csv") == {"P2": "open", "P3": "new"}
    assert kent.written(POSTCODE) == {"P1": ["open"], "P2": ["new"]}, "a check compares, and enters nothing"


def test_a_run_that_was_stopped_before_it_was_entered_is_said_once(kent: Authority) -> None:
    kent.write("cla_placements", [placement("P1")])
    publish(kent, "2016-07")
    (kent.folder / "ledger.sqlite").unlink()
    said = "Ledger  The outputs of 2016-07 are of a run that is not in the ledger: run it again."
    assert said in publish(kent, "2016-08").out
    assert "Ledger" not in publish(kent, "2016-08").out


def test_a_run_whose_outputs_cannot_take_their_place_enters_nothing(kent: Authority) -> None:
    kent.write("cla_placements", [placement("P1")])
    publish(kent, "2016-07")
    before = verified(kent).entries
    (kent.folder / "out" / "2016-08").mkdir()
    (kent.folder / "out" / "2016-08" / "mine.txt").write_text("mine", encoding="utf-8")
    assert dq_here("run", kent.folder, "--period", "2016-08").code == 2
    assert verified(kent).entries == before


def test_a_project_may_have_no_ledger(kent: Authority) -> None:
    (kent.folder / "dq.yaml").write_text(f"{SETTINGS}ledger: none\n", encoding="utf-8")
    kent.write("cla_placements", [placement("P1", postcode="")])
    publish(kent, "2016-07")
    publish(kent, "2016-08")
    assert states(kent.folder / "out" / "2016-08" / "exceptions.csv") == {"P1": "open"}
    assert not (kent.folder / "ledger.sqlite").exists()
