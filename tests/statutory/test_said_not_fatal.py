"""What is missing from a return, or fails, is said in words, and the rest is checked all the same."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.command_line import dq_here

SSDA903 = "authority: Kent\ndataset: ssda903\nscorecard: none\nextracts: extracts\n"
CIN = "authority: Kent\ndataset: cin\nscorecard: none\nextracts: extracts\n"
HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nA1,X,01/05/2015,WBRI,2147483647,,\n"
CENSUS = """\
<Message>
  <Header><CollectionDetails><Year>2026</Year><ReferenceDate>2026-03-31</ReferenceDate></CollectionDetails></Header>
  <Children>
    <Child><ChildIdentifiers><LAchildID>C1</LAchildID><Sex>F</Sex></ChildIdentifiers></Child>
    <Child><ChildCharacteristics><Ethnicity>WBRI</Ethnicity></ChildCharacteristics></Child>
  </Children>
</Message>
"""
TOO_GREAT = """\
title: A number that is too great to be doubled
severity: error
dimension: validity
on: header
where: upn is not null
expect: try_cast(upn as int) * try_cast(upn as int) * try_cast(upn as int) > 0
fields: [UPN]
message: Too great
why: To see what becomes of a rule that fails.
fix: None.
examples:
  - name: small
    given: {header: [{record: a, child: C1, upn: '2'}]}
    flags: []
"""


def checked(
    project: Path, dq_yaml: str, files: dict[str, str]
) -> tuple[dict[str, dict[str, str]], list[dict[str, str]], str]:
    """Write a project, check it, and return its rules by id, its exceptions, and what was said."""
    for name, text in {"dq.yaml": dq_yaml, **files}.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, encoding="utf-8")
    ended = dq_here("check", project, "--year", "2026", "--out", project / "out")
    assert ended.code == 0, ended.said
    rules, exceptions = (list(_lines(project / "out" / f"{name}.csv")) for name in ("rules", "exceptions"))
    return {row["rule_id"]: row for row in rules}, exceptions, ended.said


def _lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_child_without_characteristics_or_identifiers_is_an_exception(tmp_path: Path) -> None:
    _, exceptions, _ = checked(tmp_path, CIN, {"extracts/return.xml": CENSUS})
    found = {(row["rule_id"], row["person_id"]) for row in exceptions}
    assert ("4220", "C1") in found
    assert ("8500", "") in found
    assert ("4180", "") in found


def test_a_missing_last_year_is_said_of_each_rule_that_needs_it(tmp_path: Path) -> None:
    rules, _, said = checked(tmp_path, SSDA903, {"extracts/header.csv": HEADER})
    assert (rules["202"]["status"], rules["202"]["reason"]) == ("skipped", "no extract header_last")
    assert "no extract header_last" in said
    assert rules["101"]["status"] == "flagged"


def test_an_empty_table_is_a_table_with_nothing_in_scope(tmp_path: Path) -> None:
    empty = "CHILD,DOB,MISSING,MIS_START,MIS_END\n"
    rules, _, said = checked(tmp_path, SSDA903, {"extracts/header.csv": HEADER, "extracts/missing.csv": empty})
    assert rules["1004"]["status"] == "not_applicable"
    assert rules["1004"]["in_scope"] == "0"
    assert "2 records in 3 of" in said  # the header's one, and what is said of the return as a whole


def test_a_rule_that_fails_is_named_and_the_others_keep_their_results(tmp_path: Path) -> None:
    own = {"extracts/header.csv": HEADER, "rules/ssda903/own/too-great.yaml": TOO_GREAT}
    rules, exceptions, said = checked(tmp_path, SSDA903, own)
    assert rules["too-great"]["status"] == "error"
    assert rules["too-great"]["reason"]
    assert "2147483647" not in rules["too-great"]["reason"] + said
    assert "too-great" in said
    assert rules["101"]["status"] == "flagged"
    assert not [row for row in exceptions if row["rule_id"] == "too-great"]
