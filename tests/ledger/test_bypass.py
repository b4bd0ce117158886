"""A request to bypass a check of a national return is a waiver with a reference: it shows, and hides nothing."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from command_line import Ended, dq_here
from openpyxl import load_workbook

PROJECT = "authority: Kent\ndataset: ssda903\nscorecard: none\n"
HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n" + "".join(
    f"{child},X,01/05/2015,WBRI,A123456789012,,\n" for child in ("A1", "B2")
)
BY = ("--why", "As the Department advised", "--asked-by", "Ann", "--approved-by", "Bob", "--until", "2099-01-01")


def _project(folder: Path, scorecard: str = "none") -> Path:
    (folder / "extracts").mkdir()
    (folder / "dq.yaml").write_text(PROJECT.replace("none", scorecard), encoding="utf-8")
    (folder / "extracts" / "header.csv").write_text(HEADER, encoding="utf-8")
    return folder


def _check(folder: Path, *more: str) -> Ended:
    return dq_here("check", folder, "--year", "2026", "--out", folder / "out", *more)


def _rows(folder: Path, name: str, rule: str) -> list[dict[str, str]]:
    with (folder / "out" / name).open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if rule in (row.get("rule_id"), row.get("rule_code"))]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A return that was checked and entered; a bypass of one of two errors asked for; checked again."""
    folder = _project(tmp_path_factory.mktemp("return"))
    entered = _check(folder, "--enter", "--by-child")
    assert entered.code == 0, entered.said
    known = {row["person_id"]: row["exception_id"] for row in _rows(folder, "exceptions.csv", "101")}
    waived = dq_here("waive", known["A1"], "--bypass", "REQ-7", *BY, "--project", folder)
    assert waived.code == 0, waived.said
    again = _check(folder, "--by-child")
    assert again.code == 0, again.said
    return folder


def test_what_is_to_be_bypassed_stays_in_every_list_and_says_so(folder: Path) -> None:
    states = {row["person_id"]: row["state"] for row in _rows(folder, "exceptions.csv", "101")}
    assert states == {"A1": "waived", "B2": "open"}
    assert {row["child_id"]: row["bypass"] for row in _rows(folder, "issues.csv", "101")} == {"A1": "REQ-7", "B2": ""}


def test_it_is_counted_beside_what_was_found(folder: Path) -> None:
    (row,) = _rows(folder, "rules.csv", "101")
    assert (row["flagged"], row["waived"], row["bypassed"]) == ("2", "1", "1")
    book = load_workbook(folder / "out" / "return.xlsx")
    children = {row[0]: (row[1], row[3]) for row in book["Children"].iter_rows(min_row=2, values_only=True)}
    assert children["A1"][0] == children["B2"][0]
    assert children["A1"][1] == 1
    assert children["B2"][1] in (None, "–")


def test_the_childs_page_says_so_with_the_reference(folder: Path) -> None:
    pages = [path.read_text(encoding="utf-8") for path in (folder / "out" / "return" / "children").iterdir()]
    assert ["Bypass requested: REQ-7" in page for page in pages if "Child A1" in page] == [True]
    assert ["Bypass requested" in page for page in pages if "Child B2" in page] == [False]


def test_the_list_of_waivers_tells_a_request_from_others(folder: Path) -> None:
    assert dq_here("waive", "--rule", "102", *BY, "--project", folder).code == 0
    listed = dq_here("waive", "--list", "--project", folder).out.splitlines()
    assert ["bypass requested (REQ-7)" in line for line in listed] == [True, False]


def test_a_check_that_was_entered_can_be_shown_and_made_again(folder: Path) -> None:
    shown = dq_here("ledger", "show", "2026-03", "--project", folder)
    assert shown.code == 0, shown.said
    again = dq_here("ledger", "reproduce", "2026-03", "--project", folder)
    assert (again.code, "gives the same bytes again" in again.out) == (0, True), again.said


def test_a_request_wants_a_reference(folder: Path) -> None:
    ended = dq_here("waive", "--rule", "101", "--bypass", " ", *BY, "--project", folder)
    assert (ended.code, "has a reference" in ended.err) == (2, True), ended.said


def test_without_a_check_that_was_entered_there_is_nothing_to_waive(tmp_path: Path) -> None:
    ended = dq_here("waive", "--rule", "101", "--bypass", "REQ-7", *BY, "--project", _project(tmp_path))
    assert (ended.code, "dq check --enter" in ended.err) == (2, True), ended.said


@pytest.mark.parametrize("more", [("--rules", "101"), ("--keys",)])
def test_a_part_of_a_check_is_not_entered(tmp_path: Path, more: tuple[str, ...]) -> None:
    ended = _check(_project(tmp_path), "--enter", *more)
    assert (ended.code, "--enter is of a whole check" in ended.err) == (2, True), ended.said


def test_a_project_with_a_scorecard_enters_its_runs_and_no_check(tmp_path: Path) -> None:
    ended = _check(_project(tmp_path, "kent-scs"), "--enter")
    assert (ended.code, "Use `dq run`" in ended.err) == (2, True), ended.said
