"""What rules in shadow found: in files of its own, and in no count besides."""

from __future__ import annotations

import csv
import dataclasses
import json
from pathlib import Path

import pyarrow as pa
import pytest
from a_small_run import EXCEPTIONS, LATE, SCHEMA, SEEN_MISSING, a_run

from dq.model import RuleResult, RuleStatus, RunResult, Status
from dq.reports.data_files import write_data_files
from dq.summary import summary
from tests.held_rows import held

TRIED = LATE.model_copy(update={"id": "tried", "status": RuleStatus.SHADOW})
QUIET = LATE.model_copy(update={"id": "quiet", "status": RuleStatus.SHADOW})


def with_shadow() -> RunResult:
    """A small run with two rules in shadow, of which one found three records."""
    results = (RuleResult(TRIED, Status.FLAGGED, 50, 3), RuleResult(QUIET, Status.PASSED, 50))
    rows = [{**EXCEPTIONS[i], "exception_id": f"s{i}", "rule_id": "tried", "message": "=1+1"} for i in range(3)]
    marks = {"tried": "aa11", SEEN_MISSING.id: "bb22"}
    shadow = held(results, pa.Table.from_pylist(rows, SCHEMA))
    return dataclasses.replace(a_run(), shadow=shadow, rule_fingerprints=marks)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shadow")
    write_data_files(with_shadow(), folder)
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_rules_csv_tells_them_apart_and_has_every_fingerprint(out: Path) -> None:
    found = {row["rule_id"]: row for row in rows(out / "rules.csv")}
    assert {name for name, row in found.items() if row["rule_status"] == "shadow"} == {"tried", "quiet"}
    assert {row["rule_status"] for row in found.values()} == {"active", "shadow"}
    assert (found["tried"]["flagged"], found["tried"]["fingerprint"]) == ("3", "aa11")
    assert (found[SEEN_MISSING.id]["fingerprint"], found["quiet"]["fingerprint"]) == ("bb22", "")


def test_their_exceptions_are_in_a_file_of_their_own(out: Path, tmp_path: Path) -> None:
    shadow = rows(out / "shadow.csv")
    assert [row["exception_id"] for row in shadow] == ["s0", "s1", "s2"]
    assert {row["message"] for row in shadow} == {"'=1+1"}, "a formula is neutralised there as anywhere"
    assert list(shadow[0]) == list(rows(out / "exceptions.csv")[0])
    write_data_files(a_run(), tmp_path)
    assert (out / "exceptions.csv").read_bytes() == (tmp_path / "exceptions.csv").read_bytes()
    assert (out / "exceptions.parquet").read_bytes() == (tmp_path / "exceptions.parquet").read_bytes()
    assert (out / "scorecard.csv").read_bytes() == (tmp_path / "scorecard.csv").read_bytes()
    assert not (tmp_path / "shadow.csv").exists(), "where nothing is in shadow there is no such file"


def test_run_json_counts_them_apart(out: Path) -> None:
    facts = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert facts["shadow"] == {"rules": 2, "exceptions": 3}
    assert facts["rules"]["total"] == 5
    assert facts["exceptions"] == {"error": 6, "query": 1, "information": 0}


def test_the_summary_has_one_line_for_them(tmp_path: Path) -> None:
    with_it, without = (summary(run, tmp_path).splitlines() for run in (with_shadow(), a_run()))
    (line,) = set(with_it) - set(without)
    assert line == "Shadow  2 rules, 3 exceptions, counted nowhere: see shadow.csv"
    assert [said for said in with_it if said != line] == without
