"""What is over goes by retention and the chain stays whole; an audit sample is the same for the same seed."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from command_line import dq_here
from months import Authority, placement
from runs import records

from dq.ledger.purge import due, purge
from dq.ledger.store import open_ledger
from dq.ledger.verify import verify
from tests.postgres import postgres_url

__all__ = ["postgres_url"]

pytestmark = pytest.mark.usefixtures("small_policy")

POSTCODE = "placement-postcode-missing"
SETTINGS = "authority: Kent\nscorecard: kent-scs\nextracts: extracts\n"
EVER = dt.date(2999, 1, 1)


@pytest.fixture
def kent(tmp_path: Path) -> Authority:
    (tmp_path / "dq.yaml").write_text(SETTINGS, encoding="utf-8")
    return Authority(tmp_path, (POSTCODE,))


def month(kent: Authority, period: str, *faulty: str) -> None:
    """Run a month in which these of six placements lack a postcode."""
    keys = [f"P{i}" for i in range(1, 7)]
    kent.run(period, *[placement(key, postcode="" if key in faulty else "ME14 1XX") for key in keys])


def test_what_is_over_goes_and_what_stands_is_known_as_before(tmp_path: Path, postgres_url: str) -> None:
    for place, address in (("sqlite", "sqlite:///ledger.sqlite"), ("postgres", postgres_url)):
        (tmp_path / place).mkdir()
        kent = Authority(tmp_path / place, (POSTCODE,), ledger=address)
        month(kent, "2016-06", "P1", "P2", "P3")
        month(kent, "2016-07", "P1", "P4")
        with open_ledger(address, kent.folder, None) as ledger:
            with ledger.reading() as connection:
                foreseen = due(connection, EVER, EVER)
            with ledger.writing() as connection:
                assert purge(connection, EVER, EVER) == foreseen
            # June: P1 stands, P2 and P3 are fixed. July: P4 stands; how P2 and P3 went is over.
            assert (foreseen.entries, foreseen.rows, foreseen.carried) == (2, 6, 2)
            found = verify(ledger)
            assert (found.faults, found.purged) == ((), 2)
        month(kent, "2016-08", "P1", "P2")
        assert kent.states("2016-08", POSTCODE) == {"P1": ("2016-06-30", "open"), "P2": ("2016-08-31", "new")}
        with open_ledger(address, kent.folder, None) as ledger, ledger.writing() as connection:
            assert purge(connection, EVER, EVER).carried == 1, "P2; P1 stands where it was carried to"
        month(kent, "2016-09", "P1")
        assert kent.states("2016-09", POSTCODE) == {"P1": ("2016-06-30", "open")}
        with open_ledger(address, kent.folder, None) as ledger:
            assert verify(ledger).faults == ()


def test_of_what_was_removed_no_byte_is_left(kent: Authority) -> None:
    kent.run("2016-07", placement("P1", postcode="", person_id="ZQXGONE"), placement("P2", postcode=""))
    kent.run("2016-08", placement("P2", postcode=""))
    (kent.folder / "dq.yaml").write_text(f"{SETTINGS}retention: {{exceptions: 1}}\n", encoding="utf-8")
    kept = dq_here("ledger", "purge", kent.folder, "--yes")
    assert "0 rows of 0 entries" in kept.out, "they were entered today"
    with open_ledger(kent.ledger, kent.folder, None) as ledger:
        with ledger.writing() as connection:
            purge(connection, EVER, None)
        ledger.settle()
    assert [path.name for path in kent.folder.glob("ledger*") if b"ZQXGONE" in path.read_bytes()] == []


def test_without_a_rule_nothing_goes(kent: Authority) -> None:
    month(kent, "2016-07", "P1")
    ended = dq_here("ledger", "purge", kent.folder, "--yes")
    assert ended.code == 2
    assert "retention: {exceptions: 72" in ended.err


def test_a_sample_is_the_same_for_the_same_seed_and_another_for_another(kent: Authority) -> None:
    keys = [f"P{i}" for i in range(100)]
    kent.run("2016-07", *[placement(key, postcode="") for key in keys])
    kent.run("2016-08", *[placement(key, postcode="" if i % 2 else "ME14 1XX") for i, key in enumerate(keys)])

    def drawn(seed: int) -> list[set[str]]:
        said = dq_here("ledger", "sample", "--seed", str(seed), "--records", "10", "--project", kent.folder, "--json")
        found = json.loads(said.out)
        assert found["of"] == [0, 50, 50]
        return [{row["record_key"] for row in found[part]} for part in ("there", "fixed")]

    there, fixed = drawn(1)
    assert (len(there), len(fixed)) == (10, 10)
    assert all(int(key[1:]) % 2 for key in there)
    assert not any(int(key[1:]) % 2 for key in fixed)
    assert drawn(1) == [there, fixed]
    assert drawn(2) != [there, fixed]


FIGURES = "indicator_id,scope_name,period,value,numerator,denominator\n"


def test_figures_of_before_are_entered_once_and_stand_beside_those_of_the_records(kent: Authority) -> None:
    kent.write("cla_placements", [placement("P1")])
    teams = [("K", "Kent", ""), ("N", "North", "K"), ("T1", "North 1", "N")]
    kent.write("teams", [dict(zip(("team_id", "team_name", "parent_id"), team, strict=True)) for team in teams])
    assert dq_here("run", kent.folder, "--period", "2016-08").code == 1
    file = kent.folder / "before.csv"
    rows = "cla_count,,2016-07,2310,,\ncin_seen,North,2016-07,82.9,201,254\ncla_count,,2015-08,1866,,\n"
    file.write_text(FIGURES + rows, encoding="utf-8")
    ended = dq_here("ledger", "import", file, "--project", kent.folder)
    assert (ended.code, ended.said.strip()) == (0, "3 figures entered, 0 known already")
    assert "0 figures entered, 3 known" in dq_here("ledger", "import", file, "--project", kent.folder).out

    assert dq_here("run", kent.folder, "--period", "2016-08").code == 1
    card = records(kent.folder / "out" / "2016-08" / "scorecard.csv")
    told = {
        (row["indicator_id"], row["scope_id"]): (row["previous_published"], row["year_ago_published"])
        for row in card
        if row["previous_published"]
    }
    assert told == {("cla_count", "K"): ("2310.0", "1866.0"), ("cin_seen", "N"): ("82.9", "")}
    with open_ledger(kent.ledger, kent.folder, None) as ledger:
        assert verify(ledger).faults == ()


WRONG = {
    "an indicator that is not": ("cla_cuont,,2016-07,1,,", "Did you mean 'cla_count'?"),
    "a team that is not": ("cla_count,Nroth,2016-07,1,,", "Did you mean 'North'?"),
    "a share that is none": ("cin_seen,,2016-07,829,,", "from 0 to 100"),
    "a month that is none": ("cla_count,,July,1,,", "is no month"),
}


@pytest.mark.parametrize(("row", "says"), WRONG.values(), ids=WRONG.keys())
def test_of_a_file_with_a_fault_nothing_is_entered(kent: Authority, row: str, says: str) -> None:
    month(kent, "2016-07", "P1")
    file = kent.folder / "before.csv"
    file.write_text(f"{FIGURES}cla_count,,2016-06,2310,,\n{row}\n", encoding="utf-8")
    ended = dq_here("ledger", "import", file, "--project", kent.folder)
    assert (ended.code, says in ended.err, "before.csv:3" in ended.err) == (2, True, True), ended.said
    with open_ledger(kent.ledger, kent.folder, None) as ledger, ledger.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM entry WHERE kind = 'import'").scalar_one() == 0
