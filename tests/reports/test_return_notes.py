"""Queries come with the words of a note to send: those of their rule, or of the dataset, with what the record holds."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dq.library.load import load_library
from dq.problems import ProblemsError
from tests.command_line import dq_here

PROJECT = "authority: Kent\ndataset: ssda903\nscorecard: none\n"
HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nA1,X,01/05/2015,WBRI,A123456789012,,\n"
EPISODES = """\
CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN
A1,02/05/2025,S,V2,N1,U1,PR1,02/05/2025,X1,,,,
A1,03/05/2025,S,V2,N1,U1,PR1,04/05/2025,X1,,,,
A1,05/05/2025,S,V2,N1,U1,PR1,05/05/2025,X1,,,,
"""
RULE = """\
title: Own query
severity: {severity}
dimension: accuracy
on: header
expect: mother is not null
fields: [MOTHER]
message: Of {{SEX}}
{more}why: To see.
fix: Look.
examples:
  - {{name: nothing there, given: {{header: [{{record: a, child: C1}}]}}, flags: [a]}}
  - {{name: something, given: {{header: [{{record: a, child: C1, mother: 1}}]}}, in_scope: 1}}
"""


def _own_rule(folder: Path, severity: str = "query", more: str = "") -> None:
    rules = folder / "rules" / "ssda903" / "identity"
    rules.mkdir(parents=True)
    (rules / "own.yaml").write_text(RULE.format(severity=severity, more=more), encoding="utf-8")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("return")
    files = {"dq.yaml": PROJECT, "extracts/header.csv": HEADER, "extracts/episodes.csv": EPISODES}
    files["data/ssda903/notes.yaml"] = "default: 'Right. {message}, as said.'\n"
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    _own_rule(folder)
    ended = dq_here("check", folder, "--year", "2026", "--out", folder / "out", "--by-child", "--rules", "!5*")
    assert ended.code == 0, ended.said
    return folder / "out"


def _notes(out: Path) -> dict[str, tuple[str, str, str]]:
    with (out / "notes.csv").open(encoding="utf-8", newline="") as file:
        return {row["rule_code"]: (row["child_id"], row["records"], row["note"]) for row in csv.DictReader(file)}


def test_a_child_has_one_note_of_a_rule_with_what_its_records_hold(out: Path) -> None:
    child, records, note = _notes(out)["355"]
    assert (child, records) == ("A1", "episodes row 2, episodes row 4")
    assert "2 May 2025" in note
    assert "5 May 2025" in note
    assert "4 May 2025" not in note


def test_a_rule_without_a_note_has_that_of_the_dataset(out: Path) -> None:
    assert _notes(out)["own"] == ("A1", "header row 2", "Right. Of X, as said.")


def test_errors_have_no_note(out: Path) -> None:
    with (out / "rules.csv").open(encoding="utf-8", newline="") as file:
        severity = {row["rule_id"]: row["severity"] for row in csv.DictReader(file) if row["status"] == "flagged"}
    assert severity["101"] == "error"
    assert set(_notes(out)) == {rule for rule, how in severity.items() if how == "query"}


def test_the_workbook_has_the_same_notes(out: Path) -> None:
    sheet = load_workbook(out / "return.xlsx")["Notes"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert {row[0]: (row[2], row[3], row[4]) for row in rows} == _notes(out)


@pytest.mark.parametrize(
    ("severity", "note", "said"),
    [
        ("error", "note: Right as it is\n", "'note' goes with severity 'query'"),
        ("query", "note: Born on {BORN}\n", "note: header has no column 'born'"),
    ],
)
def test_a_note_that_cannot_be_is_refused(tmp_path: Path, severity: str, note: str, said: str) -> None:
    _own_rule(tmp_path, severity, note)
    with pytest.raises(ProblemsError, match=said):
        load_library("ssda903", tmp_path)


def test_the_note_of_a_dataset_names_no_column(tmp_path: Path) -> None:
    (tmp_path / "data" / "ssda903").mkdir(parents=True)
    (tmp_path / "data" / "ssda903" / "notes.yaml").write_text("default: Born on {dob}\n", encoding="utf-8")
    with pytest.raises(ProblemsError, match=r"'\{dob\}' is not known here"):
        load_library("ssda903", tmp_path)


@pytest.mark.parametrize("dataset", ["ssda903", "cin"])
def test_every_query_of_the_packs_has_a_note_of_its_own_with_a_place_for_the_reason(dataset: str) -> None:
    rules = [bound.rule for bound in load_library(dataset).rules.values() if bound.rule.severity == "query"]
    assert rules
    assert [rule.id for rule in rules if "[" not in (rule.note or "")] == []
