"""A return by team: who holds a case is said apart from the return, and lists come out as those of casework do."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.command_line import Ended, dq_here

PROJECT = "authority: Kent\ndataset: ssda903\nscorecard: none\n"
HEADER = """\
CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB
a1,X,01/05/2015,WBRI,A123456789012,,
B2,X,01/05/2015,WBRI,A123456789012,,
C3,X,01/05/2015,WBRI,A123456789012,,
D4,X,01/05/2015,WBRI,A123456789012,,
"""
CASEWORK = """\
involvement_id,person_id,worker_id,role,team_id,start_date,end_date
1,A1,W1,Allocated Case Worker,T1,2024-01-01,2025-01-01
2,A1,W2,Allocated Case Worker,T2,2025-01-01,
3,A1,W9,Independent Reviewing Officer,T9,2025-01-01,
4,B2,W3,Allocated Case Worker,T1,2024-01-01,
5,D4,W4,Allocated Case Worker,T1,2026-04-01,
"""


def _checked(folder: Path, files: dict[str, str], more: str = "") -> Ended:
    for name, text in {"dq.yaml": PROJECT + more, "extracts/header.csv": HEADER, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return dq_here("check", folder, "--year", "2026", "--out", folder / "out", "--by-child", "--rules", "101")


def _held(folder: Path) -> dict[str, tuple[str, str]]:
    with (folder / "out" / "exceptions.csv").open(encoding="utf-8", newline="") as file:
        return {row["person_id"]: (row["team_id"], row["worker_id"]) for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("return")
    teams = "team_id,team_name\nT1,Care north\n"
    files = {"casework/involvements.csv": CASEWORK, "casework/teams.csv": teams}
    ended = _checked(folder, files, "casework: casework\n")
    assert ended.code == 0, ended.said
    assert "for 2 teams; 2 belong to no team" in ended.said
    return folder


def test_an_exception_is_of_the_team_and_worker_that_hold_the_case_when_the_year_ends(folder: Path) -> None:
    assert _held(folder) == {"A1": ("T2", "W2"), "B2": ("T1", "W3"), "C3": ("", ""), "D4": ("", "")}


def test_each_team_has_a_list_of_its_own_and_children_of_no_team_have_one(folder: Path) -> None:
    lists = folder / "out" / "teams"
    assert {path.name for path in lists.iterdir()} == {
        f"{team}.{kind}" for team in ("T1", "T2", "unallocated") for kind in ("html", "xlsx")
    }
    page = (lists / "T1.html").read_text(encoding="utf-8")
    assert "<h1>Care north</h1>" in page
    assert "B2" in page
    assert not {"A1", "C3", "D4"} & {word.strip("<>/") for word in page.replace("<", " <").replace(">", "> ").split()}


def test_the_index_of_children_leads_to_the_lists_and_says_who_has_no_team(folder: Path) -> None:
    index = (folder / "out" / "return" / "index.html").read_text(encoding="utf-8")
    assert '<a href="../teams/T1.html">Care north</a>' in index
    assert '<a href="../teams/unallocated.html">No team</a>' in index
    assert index.count("no team</td>") == 2


def test_a_list_of_children_and_teams_may_stand_among_the_files_of_the_return(tmp_path: Path) -> None:
    ended = _checked(tmp_path, {"extracts/case_holders.csv": "child,team_id,worker_id\nC3,T5,\n"})
    assert ended.code == 0, ended.said
    assert _held(tmp_path)["C3"] == ("T5", "")
    assert "case_holders" not in (tmp_path / "out" / "issues.csv").read_text(encoding="utf-8")


def test_a_bypass_may_be_of_one_team_alone(tmp_path: Path) -> None:
    files = {
        "extracts/case_holders.csv": "child,team_id\nA1,T1\nB2,T2\n",
        "extracts/teams.csv": "team_id,team_name\nT2,South\n",
    }
    assert _checked(tmp_path, files).code == 0
    assert dq_here("check", tmp_path, "--year", "2026", "--enter").code == 0
    by = ("--why", "As advised", "--asked-by", "Ann", "--approved-by", "Bob", "--until", "2099-01-01")
    asked = dq_here("waive", "--rule", "101", "--team", "South", "--bypass", "R1", *by, "--project", tmp_path)
    assert asked.code == 0, asked.said
    assert _checked(tmp_path, {}).code == 0
    with (tmp_path / "out" / "exceptions.csv").open(encoding="utf-8", newline="") as file:
        states = {row["person_id"]: row["state"] for row in csv.DictReader(file)}
    assert states == {"A1": "open", "B2": "waived", "C3": "open", "D4": "open"}


def test_without_such_a_list_there_is_none_by_team(tmp_path: Path) -> None:
    assert _checked(tmp_path, {}).code == 0
    assert not (tmp_path / "out" / "teams").exists()


def test_a_place_of_casework_that_is_not_there_is_refused(tmp_path: Path) -> None:
    ended = _checked(tmp_path, {}, "casework: elsewhere\n")
    assert ended.code == 2
    assert "elsewhere" in ended.said
