"""What is absent: nothing that could not be tested reads as passed, and no figure is made of what is not there."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import yaml
from runs import Ran, changed, records, run

from dq.library import policy_root

NEED_PLANS = {
    "contract.cp_visits.cp_plan_id.references",
    "plan-dates-out-of-order",
    "no-visit-on-plan",
    "visit-outside-plan",
    # A case is open while the child is in need, on a plan or in care.
    "ethnicity-not-obtained",
    "no-allocated-worker",
}
"""Some of the rules that need plans, beside those of the contract of plans."""
OF_PLANS = {
    "caseload_open", "unallocated_cases", "cin_seen", "cin_with_plan", "cp_plan_count", "cp_plan_starts",
    "cp_plan_ends", "cp_plan_duration_18m", "cp_plan_duration_2y_at_end", "cp_repeat_plan_rate",
    "cp_reviews_timeliness", "cp_visits_timeliness",
}  # fmt: skip
"""Figures of plans, of cases (open while there is a plan), and of children in need (who are on none)."""
WORD = re.compile(r"\w+")


def naming(extract: str) -> set[str]:
    """Return the rules whose text names an extract, or a view that names it, or one that names that view."""
    root = policy_root()
    paths = (root / "data" / "casework" / "views").glob("*.sql")
    views = {path.stem: set(WORD.findall(re.sub("--.*", "", path.read_text(encoding="utf-8")))) for path in paths}
    reached, before = {extract}, set[str]()
    while reached != before:
        before = set(reached)
        reached |= {view for view, words in views.items() if words & before}
    paths = (root / "rules" / "casework").rglob("*.yaml")
    declared = {path.stem: yaml.load(path.read_bytes(), yaml.BaseLoader) for path in paths}
    said = {name: f"{r['on']} {r.get('where', '')} {r['expect']}" for name, r in declared.items()}
    return {name for name, text in said.items() if reached & set(WORD.findall(text))}


def assert_skipped(ran: Ran, some: set[str], all_that_may: set[str], reason: str) -> None:
    """Assert that some rules were skipped and none that need not be, and that nothing about them reads as passed."""
    skipped = {rule: row for rule, row in ran.rules.items() if row["status"] == "skipped"}
    assert some <= set(skipped) <= all_that_may
    for row in skipped.values():
        assert reason in row["reason"]
        assert (row["in_scope"], row["flagged"]) == ("", "")
    others = Counter(row["status"] for rule, row in ran.rules.items() if rule not in skipped)
    assert set(others) <= {"passed", "not_applicable"}
    counted = ran.facts["rules"]
    assert counted == {"total": len(ran.rules), "passed": others["passed"], "flagged": 0,
                       "not_applicable": others["not_applicable"], "skipped": len(skipped), "error": 0}  # fmt: skip
    assert f"{len(skipped)} skipped" in ran.ended.out
    assert {row["rule_id"] for row in ran.exceptions} & set(skipped) == set()


def assert_not_available(ran: Ran, indicators: set[str], reason: str) -> None:
    """Assert that these indicators and no others are not available, at every scope, with the reason and no number."""
    assert {name for (_, _, name), row in ran.figures.items() if row["available"] == "false"} == indicators
    for (_, _, name), row in ran.figures.items():
        if name in indicators:
            assert row["available"] == "false"
            assert reason in row["note"]
            numbers = ("numerator", "denominator", "value", "rag", "value_low", "value_high", "settled", "r3m_value")
            assert [row[column] for column in numbers] == [""] * len(numbers)


def test_without_an_extract_what_needs_it_is_skipped_and_the_gate_stops(small: Ran, tmp_path: Path) -> None:
    ran = run(changed(small.project, tmp_path / "kent", without="cp_plans.csv"))

    of_the_contract = {rule for rule in ran.rules if rule.startswith("contract.cp_plans.")}
    assert {f"contract.cp_plans.{check}" for check in ("cp_plan_id.unique", "end_date.future")} <= of_the_contract
    to_plans = {rule for rule in ran.rules if rule.endswith(".cp_plan_id.references")}
    needed = NEED_PLANS | of_the_contract | to_plans
    assert_skipped(ran, needed, needed | naming("cp_plans"), "no extract cp_plans")
    assert_not_available(ran, OF_PLANS, "no extract cp_plans")
    assert (ran.ended.code, ran.facts["gate"]["decision"]) == (1, "stop")
    assert ran.facts["gate"]["reasons"][0] == "1 extract is missing: cp_plans"
    (plans,) = [item for item in ran.facts["inputs"] if item["extract"] == "cp_plans"]
    assert (plans["file"], plans["rows"]) == (None, 0)
    assert "no extract cp_plans" in ran.ended.out


def test_without_a_column_what_needs_it_is_skipped_and_readers_are_told(small: Ran, tmp_path: Path) -> None:
    with (small.project / "extracts" / "cla_placements.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    place = rows[0].index("postcode")
    kept = [row[:place] + row[place + 1 :] for row in rows]
    ran = run(changed(small.project, tmp_path / "kent", rewritten={"cla_placements.csv": kept}))

    needs = {"placement-postcode-missing", "placement-postcode-impossible", "placement-postcode-unknown"}
    assert_skipped(ran, needs, needs, "no column cla_placements.postcode")
    assert_not_available(ran, {"cla_within_20_miles"}, "no column cla_placements.postcode")
    # The gate's file: a missing column and a skipped rule are caveats, a missing extract stops.
    assert (ran.ended.code, ran.facts["gate"]["decision"]) == (0, "caveats")
    assert any("1 extract lacks columns: cla_placements (1 missing)" in r for r in ran.facts["gate"]["reasons"])
    assert any("3 rules were skipped" in reason for reason in ran.facts["gate"]["reasons"])
    (placements,) = [item for item in ran.facts["inputs"] if item["extract"] == "cla_placements"]
    assert placements["missing_columns"] == ["postcode"]
    assert "cla_placements: no column postcode" in ran.ended.out


def test_a_column_that_not_every_system_holds_may_be_left_out(small: Ran, tmp_path: Path) -> None:
    """A figure of it is not available and its rules have nothing to be tested on; all else is as it was."""
    with (small.project / "extracts" / "teams.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    place = rows[0].index("service")
    kept = [row[:place] + row[place + 1 :] for row in rows]
    ran = run(changed(small.project, tmp_path / "kent", rewritten={"teams.csv": kept}))

    of_it = {rule: row for rule, row in ran.rules.items() if row["reason"] == "no column teams.service"}
    assert set(of_it) == {"contract.teams.service.codes", "team-with-cases-without-service"}
    assert {(row["status"], row["in_scope"], row["flagged"]) for row in of_it.values()} == {
        ("not_applicable", "0", "0")
    }
    assert ran.facts["rules"]["skipped"] == 0
    assert_not_available(ran, {"fostering_caseload"}, "no column teams.service")
    by_kind = [row for row in records(ran.out / "scorecard.csv") if row["indicator_id"] == "average_caseload"]
    assert {(row["split"], row["available"]) for row in by_kind} == {
        ("care_teams", "false"),
        ("social_work_teams", "false"),
    }
    assert not any("lacks columns" in reason for reason in ran.facts["gate"]["reasons"])
    (teams,) = [item for item in ran.facts["inputs"] if item["extract"] == "teams"]
    assert (teams["missing_columns"], teams["not_held"]) == ([], ["service"])
    assert "teams: service not held; not every system holds it" in ran.ended.out
    assert "not held: service" in (ran.out / "index.html").read_text(encoding="utf-8")
