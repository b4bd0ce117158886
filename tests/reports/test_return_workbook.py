"""A return by child: issues.csv as colleagues know it, and return.xlsx with the doubtful cells marked."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.command_line import dq

PROJECT = "authority: Kent\ndataset: ssda903\nscorecard: none\nextracts: extracts\n"
HEADER = """\
CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB
A1,M,01/05/2015,WBRI,A123456789012,,
B2,X,31/02/2015,WBRI,B123456789012,,
=C3,F,01/06/2016,WBRI,C123456789012,,
"""
EPISODES = """\
CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN
A1,02/05/2025,S,V2,N1,U1,PR1,,,,ME14 1XX,ME14 1XX,SC123456
B2,02/05/2025,S,V2,N1,U1,PR1,,,,ME14 1XX,ME14 1XX,SC123456
=C3,02/05/2025,S,ZZ,N1,U1,PR1,,,,ME14 1XX,ME14 1XX,SC123456
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("return")
    (project / "extracts").mkdir()
    (project / "dq.yaml").write_text(PROJECT, encoding="utf-8")
    (project / "extracts" / "header.csv").write_text(HEADER, encoding="utf-8")
    (project / "extracts" / "episodes.csv").write_text(EPISODES, encoding="utf-8")
    ended = dq("check", project, "--year", "2026", "--out", project / "out", "--by-child", "--rules", "1[04][0-9]*")
    assert ended.code == 0, ended.said
    return project / "out"


def test_a_line_for_each_cell_in_doubt(written: Path) -> None:
    with (written / "issues.csv").open(encoding="utf-8", newline="") as file:
        lines = [tuple(row.values()) for row in csv.DictReader(file)]
    assert [line[:5] for line in lines if line[4] in ("101", "102", "144")] == [
        ("'=C3", "episodes", "LS", "2", "144"),
        ("B2", "header", "SEX", "1", "101"),
        ("B2", "header", "DOB", "1", "102"),
    ]


def test_the_cells_in_doubt_are_marked_in_their_table_and_no_others(written: Path) -> None:
    sheet = load_workbook(written / "return.xlsx")["header"]
    rows = {row[1].value: row for row in sheet.iter_rows(min_row=2)}
    assert set(rows) == {"B2", "'=C3"}
    filled = {cell.value for row in rows.values() for cell in row if cell.fill.fgColor.rgb == "FFF6CFCB"}
    assert filled == {"X", "31/02/2015"}
    assert rows["B2"][0].value == 3
    assert rows["B2"][-1].value == "101 (SEX); 102 (DOB)"


def test_rules_that_were_not_run_are_said_first(written: Path) -> None:
    rules = load_workbook(written / "return.xlsx")["Rules"]
    how = [cell.value for cell in rules[1]].index("How it ended")
    ended = [(row[0].value, row[how].value) for row in rules.iter_rows(min_row=2)]
    skipped = [rule for rule, said in ended if said.startswith("not run: ")]
    assert "104" in skipped
    assert [rule for rule, _ in ended[: len(skipped)]] == skipped


def test_children_with_most_errors_come_first(written: Path) -> None:
    children = load_workbook(written / "return.xlsx")["Children"]
    assert [row[:3] for row in children.iter_rows(min_row=2, values_only=True)] == [("B2", 2, 0), ("'=C3", 1, 0)]


def test_it_is_not_asked_for_with_keys_alone(tmp_path: Path) -> None:
    (tmp_path / "dq.yaml").write_text(PROJECT, encoding="utf-8")
    ended = dq("check", tmp_path, "--year", "2026", "--keys", "--by-child")
    assert ended.code == 2
    assert "--by-child and --keys are given" in ended.said
