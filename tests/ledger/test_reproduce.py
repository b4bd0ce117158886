"""A run of the past gives the same bytes again, whatever was run since; where it does not, it is said why."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_line import Ended, dq_here
from months import Authority, placement

pytestmark = pytest.mark.usefixtures("small_policy")

SETTINGS = "authority: Kent\nscorecard: kent-scs\nextracts: extracts\n"
POSTCODE = "placement-postcode-missing"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, small_policy: Path) -> Path:
    """A project with July and August run, and the extracts of July put aside."""
    folder = tmp_path_factory.mktemp("kent")
    (folder / "dq.yaml").write_text(SETTINGS, encoding="utf-8")
    kent = Authority(folder, (POSTCODE,))
    kent.write("cla_placements", [placement("P1", postcode=""), placement("P2")])
    kent.write("teams", [{"team_id": "T1", "team_name": "North"}])
    assert dq_here("run", folder, "--period", "2016-07", "--publish").code == 1
    shutil.copytree(folder / "extracts", folder / "july")
    kent.write("cla_placements", [placement("P1", postcode=""), placement("P3", postcode="")])
    assert dq_here("run", folder, "--period", "2016-08").code == 1
    return folder


@pytest.fixture
def kent(ran: Path, tmp_path: Path) -> Authority:
    return Authority(shutil.copytree(ran, tmp_path / "kent"), (POSTCODE,))


def again(kent: Authority, *options: str | Path) -> Ended:
    place = ("--project", kent.folder)
    return dq_here("ledger", "reproduce", "2016-07", *place, "--extracts", kent.folder / "july", *options)


def test_the_same_bytes_after_another_run_answers_and_a_waiver(kent: Authority) -> None:
    said = ("--why", "So", "--asked-by", "A", "--approved-by", "B", "--until", "2099-01-01", "--project", kent.folder)
    assert dq_here("waive", "--rule", POSTCODE, *said).code == 0
    ended = again(kent, "--out", kent.folder / "again")
    assert ended.code == 0, ended.said
    assert "gives the same bytes again" in ended.out
    first, second = kent.folder / "out" / "2016-07", kent.folder / "again"
    files = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(second) for path in second.rglob("*") if path.is_file())
    assert [path for path in files if (first / path).read_bytes() != (second / path).read_bytes()] == []
    assert len(files) > 50


def test_all_that_has_changed_is_named(kent: Authority) -> None:
    placements, teams = kent.folder / "july" / "cla_placements.csv", kent.folder / "july" / "teams.csv"
    placements.write_text(placements.read_text(encoding="utf-8").replace("ME14", "ME15"), encoding="utf-8")
    teams.rename(teams.with_name("Teams.csv"))
    (kent.folder / "dq.yaml").write_text(f"{SETTINGS}expected_rows: {{teams: [5, 9]}}\n", encoding="utf-8")
    (kent.folder / "commentary" / "2016-07").mkdir(parents=True)
    (kent.folder / "commentary" / "2016-07" / "cla_count.txt").write_text("Fewer came.", encoding="utf-8")
    ended = again(kent)
    assert ended.code == 1, ended.said
    assert ended.out.split("Since then:\n")[1].splitlines() == [
        "  extract cla_placements has changed: it held 2 records, and holds 2",
        "  extract teams came as teams.csv, and comes as Teams.csv",
        "  dq.yaml has changed",
        "  commentary has changed",
    ]


def test_a_rule_that_means_something_else_is_named(kent: Authority, small_policy: Path) -> None:
    (path,) = (small_policy / "rules").rglob(f"{POSTCODE}.yaml")
    own = kent.folder / path.relative_to(small_policy)
    own.parent.mkdir(parents=True)
    own.write_text(path.read_text(encoding="utf-8").replace("severity: error", "severity: query"), encoding="utf-8")
    ended = again(kent)
    assert f"rule {POSTCODE} means something else" in ended.out, ended.said
    assert "words" not in ended.out


def test_a_run_that_there_is_not_is_refused(kent: Authority) -> None:
    ended = dq_here("ledger", "reproduce", "2016-05", "--project", kent.folder)
    assert ended.code == 2
    assert "no run '2016-05'" in ended.err
