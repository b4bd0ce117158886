"""A CIN census return, checked from its file to its lists as an authority would."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.command_line import dq_here

DQ_YAML = "authority: Kent\ndataset: cin\nscorecard: none\nextracts: .\n"
RETURN = """\
<Message>
  <Header>
    <CollectionDetails><Collection>CIN</Collection><Year>2026</Year><ReferenceDate>2026-03-31</ReferenceDate></CollectionDetails>
    <Source><LEA>886</LEA></Source>
  </Header>
  <Children>
    <Child>
      <ChildIdentifiers><LAchildID>C1</LAchildID><PersonBirthDate>2012-02-30</PersonBirthDate><Sex>F</Sex></ChildIdentifiers>
      <ChildCharacteristics>
        <Ethnicity>WBRI</Ethnicity>
        <Disabilities><Disability>HEAR</Disability><Disability>VIS</Disability></Disabilities>
      </ChildCharacteristics>
      <CINdetails>
        <CINreferralDate>2025-05-10</CINreferralDate><ReferralNFA>false</ReferralNFA>
        <Assessments><AssessmentActualStartDate>2025-05-09</AssessmentActualStartDate></Assessments>
      </CINdetails>
    </Child>
    <Child><ChildIdentifiers><Sex>M</Sex></ChildIdentifiers></Child>
    <Child><ChildIdentifiers/></Child>
  </Children>
</Message>
"""


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "dq.yaml").write_text(DQ_YAML, encoding="utf-8")
    (tmp_path / "return.xml").write_text(RETURN, encoding="utf-8")
    ended = dq_here("check", tmp_path, "--year", "2026", "--out", tmp_path / "out")
    assert ended.code == 0, ended.said
    return tmp_path / "out"


def test_a_return_goes_from_its_file_to_its_lists(out: Path) -> None:
    found = {(row["rule_id"], row["record_key"]): row for row in _rows(out / "exceptions.csv")}
    early = found["1103", "C1|1|2025-05-09"]
    assert early["person_id"] == "C1"
    marked = [row for row in _rows(out / "marks.csv") if row["exception_id"] == early["exception_id"]]
    assert [(row["extract"], row["record_key"], row["field"]) for row in marked] == [
        ("cindetails", "C1|2025-05-10", "cinreferraldate")
    ]
    unread = found["contract.childidentifiers.personbirthdate.readable", "C1"]
    assert "2012-02-30" in unread["values"], "a date that is none is told from one that is missing"


def test_children_without_an_id_are_flagged_each_even_one_with_nothing(out: Path) -> None:
    found = [row["record_key"] for row in _rows(out / "exceptions.csv") if row["rule_id"] == "8500"]
    assert found == ["#1", "#2"]
    exceptions = [row["exception_id"] for row in _rows(out / "exceptions.csv")]
    assert len(set(exceptions)) == len(exceptions)


def test_a_fault_of_the_return_as_a_whole_has_no_child(out: Path) -> None:
    (whole,) = [row for row in _rows(out / "exceptions.csv") if row["rule_id"] == "2887Q"]
    assert (whole["extract"], whole["record_key"], whole["person_id"], whole["fields"]) == (
        "header", "886|2026", "", "codes_used",
    )  # fmt: skip
    assert whole["message"] == "2 codes of disability are used in the return"


def test_every_rule_ran(out: Path) -> None:
    assert {row["status"] for row in _rows(out / "rules.csv")} <= {"passed", "flagged", "not_applicable"}
