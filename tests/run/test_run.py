"""A run from end to end: the paper's figures, every defect found and no other, nothing unchecked read as passed."""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
import yaml
from command_line import dq, python
from extract_files import everything_under
from runs import Ran, changed, records, run

from dq.library import policy_root

kent = pytest.mark.xdist_group("kent")
kent_in_small = pytest.mark.xdist_group("small kent")

PAPER = {
    "cin_seen": (1595, 1970),
    "return_home_interview_timeliness": (1281, 1891),
    "cp_visits_timeliness": (19560, 21663),
    "placement_stability_3_plus": (293, 2246),
    "placement_stability_2_years": (410, 576),
    "cla_in_house_foster_care": (1020, 1182),
    "cla_within_20_miles": (1115, 1392),
}
"""Numerators and denominators that Kent printed for August 2016."""
CHILDREN_IN_CARE = 2246
PAPER_AREAS = {
    "placement_stability_3_plus": {"North": (39, 282), "East": (85, 643), "South": (56, 392), "West": (47, 362)},
    "placement_stability_2_years": {"North": (51, 77), "East": (174, 228), "South": (72, 105), "West": (72, 112)},
}


# --- a sound authority -----------------------------------------------------------------------------------


@kent
@pytest.mark.parametrize("indicator", PAPER)
def test_a_sound_sample_gives_the_figures_of_the_paper(clean: Ran, indicator: str) -> None:
    row = clean.whole(indicator)
    numerator, denominator = PAPER[indicator]
    assert (int(row["numerator"]), int(row["denominator"])) == (numerator, denominator)
    assert float(row["value"]) == pytest.approx(100 * numerator / denominator, abs=1e-9)
    assert row["period"] == "2016-08"


@kent
def test_children_in_care_are_as_many_as_in_the_paper(clean: Ran) -> None:
    assert float(clean.whole("cla_count")["value"]) == CHILDREN_IN_CARE


@kent
@pytest.mark.parametrize("indicator", PAPER_AREAS)
def test_the_areas_are_as_printed(clean: Ran, indicator: str) -> None:
    found = {
        row["scope_name"].split()[0]: (int(row["numerator"]), int(row["denominator"]))
        for (kind, _, name), row in clean.figures.items()
        if (kind, name) == ("area", indicator)
    }
    assert {area: found.get(area) for area in PAPER_AREAS[indicator]} == PAPER_AREAS[indicator]


@kent
def test_nothing_is_flagged_in_a_sound_sample_and_the_gate_does_not_stop_it(clean: Ran) -> None:
    assert clean.exceptions == []
    ended = Counter(rule["status"] for rule in clean.rules.values())
    assert set(ended) <= {"passed", "not_applicable"}
    assert ended["passed"] > 0.97 * len(clean.rules)
    assert clean.facts["exceptions"] == {"error": 0, "query": 0, "information": 0}
    assert clean.facts["gate"]["decision"] != "stop"
    assert (clean.ended.code, clean.ended.err) == (0, "")
    assert all(row["value_low"] == row["value"] == row["value_high"] for row in clean.figures.values())


# --- with defects ----------------------------------------------------------------------------------------


def differences(ran: Ran) -> str:
    """Say, rule by rule, which defects were not found and what was found that is no defect; empty if none."""
    found = Counter((row["rule_id"], row["record_key"]) for row in ran.exceptions)
    put_in = Counter((row["rule_id"], row["record_key"]) for row in ran.truth)
    lines = []
    for rule in sorted({rule for rule, _ in [*(found - put_in), *(put_in - found)]}):
        missed = [key for name, key in (put_in - found).elements() if name == rule]
        extra = [key for name, key in (found - put_in).elements() if name == rule]
        lines.append(
            f"{rule}: {len(missed)} not found {missed[:3]}, {len(extra)} found that were not put in {extra[:3]}"
        )
    return "\n".join(lines)


@kent
@pytest.mark.parametrize("sample", ["flawed", "flawed_again", "in_error"])
def test_what_was_put_in_is_found_and_nothing_else(sample: str, request: pytest.FixtureRequest) -> None:
    ran: Ran = request.getfixturevalue(sample)
    assert len(ran.truth) > 100, "a sample with defects"
    assert differences(ran) == ""


@kent
def test_every_rule_that_can_flag_is_put_to_the_test(flawed: Ran) -> None:
    """A rule nothing was put in for is not tested by the truth above."""
    own = {rule for rule in flawed.rules if not rule.startswith("contract.")}
    assert own - {row["rule_id"] for row in flawed.truth} == set()


@kent
@pytest.mark.parametrize("scope", ["authority", "area"])
def test_the_true_figure_lies_inside_the_range(scope: str, fifth: Ran, in_error: Ran) -> None:
    outside = [
        f"{key}: {row['value']} is not from {now['value_low']} to {now['value_high']}"
        for key, row in fifth.figures.items()
        if key[0] == scope and row["value"]
        for now in [in_error.figures[key]]
        if not float(now["value_low"]) - 1e-9 <= float(row["value"]) <= float(now["value_high"]) + 1e-9
    ]
    assert outside == []


@kent
def test_errors_do_leave_ranges(in_error: Ran) -> None:
    for indicator in PAPER:
        row = in_error.whole(indicator)
        assert float(row["value_low"]) < float(row["value_high"])
        assert int(row["open_exceptions"]) > 0


@kent
def test_the_counts_of_rules_and_of_the_run_are_those_of_the_list(flawed: Ran) -> None:
    listed = Counter(row["rule_id"] for row in flawed.exceptions)
    assert {rule: int(row["flagged"]) for rule, row in flawed.rules.items() if row["status"] == "flagged"} == listed
    by_severity = Counter(row["severity"] for row in flawed.exceptions)
    assert flawed.facts["exceptions"] == {name: by_severity[name] for name in ("error", "query", "information")}
    assert len({row["exception_id"] for row in flawed.exceptions}) == len(flawed.exceptions)


# --- what is absent --------------------------------------------------------------------------------------

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


@kent_in_small
def test_without_an_extract_what_needs_it_is_skipped_and_the_gate_stops(small: Ran, tmp_path: Path) -> None:
    ran = run(changed(small.project, tmp_path / "kent", without="cp_plans.csv"))

    of_the_contract = {rule for rule in ran.rules if rule.startswith("contract.cp_plans.")}
    assert {f"contract.cp_plans.{check}" for check in ("cp_plan_id.unique", "end_date.future")} <= of_the_contract
    to_plans = {rule for rule in ran.rules if rule.endswith(".cp_plan_id.references")}
    needed = NEED_PLANS | of_the_contract | to_plans
    assert_skipped(ran, needed, needed | naming("cp_plans"), "no extract cp_plans")
    assert_not_available(ran, {"cin_seen", "cp_visits_timeliness"}, "no extract cp_plans")
    assert (ran.ended.code, ran.facts["gate"]["decision"]) == (1, "stop")
    assert ran.facts["gate"]["reasons"][0] == "1 extract is missing: cp_plans"
    (plans,) = [item for item in ran.facts["inputs"] if item["extract"] == "cp_plans"]
    assert (plans["file"], plans["rows"]) == (None, 0)
    assert "no extract cp_plans" in ran.ended.out


@kent_in_small
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


CRASHES = """\
title: Placement type is a number
severity: query
dimension: validity
on: cla_placements
expect: cast(placement_type as integer) > 0
fields: [placement_type]
message: "The placement type is not a number"
why: It never is; this rule fails when it runs.
fix: Remove the rule.
examples:
  - name: a number
    given: {cla_placements: [{placement_id: P1, placement_type: "5"}]}
"""


@kent_in_small
def test_a_rule_that_fails_when_it_runs_is_an_error_of_its_own(small: Ran, tmp_path: Path) -> None:
    project = changed(small.project, tmp_path / "kent")
    rule = project / "rules" / "casework" / "own" / "type-is-a-number.yaml"
    rule.parent.mkdir(parents=True)
    rule.write_text(CRASHES, encoding="utf-8")
    ran = run(project)

    assert ran.ended.code == 1, ran.ended.said
    failed = ran.rules["type-is-a-number"]
    assert (failed["status"], failed["in_scope"], failed["flagged"]) == ("error", "", "")
    assert failed["reason"]
    for code in ("U6", "K2", "T0"):  # the engine's own message quotes the cell it choked on
        assert code not in failed["reason"]

    def ended(of: Ran) -> dict[str, tuple[str, ...]]:
        columns = ("status", "in_scope", "flagged", "reason")
        return {name: tuple(row[c] for c in columns) for name, row in of.rules.items() if name != "type-is-a-number"}

    assert ended(ran) == ended(small)
    assert ran.figures == small.figures
    assert ran.facts["gate"]["decision"] == "stop"
    assert ran.facts["gate"]["reasons"][0].startswith("1 rule failed to run")
    assert "type-is-a-number" in ran.facts["gate"]["reasons"][0]


# --- whole or not at all, and the same again -------------------------------------------------------------

BREAKS_AT_THE_LAST_STEP = """
import sys
import dq.run
from dq.cli import main

def broken(*_):
    raise RuntimeError("at the last step")

dq.run.write_data_files = broken
sys.argv = ["dq", "run", "."]
main()
"""


@kent_in_small
def test_a_run_that_fails_leaves_the_earlier_outputs_as_they_were(small: Ran, tmp_path: Path) -> None:
    project = changed(small.project, tmp_path / "kent")
    shutil.copytree(small.out, project / "out" / "2016-08")
    before = everything_under(project)

    broken = python(BREAKS_AT_THE_LAST_STEP, cwd=project)
    assert broken.code == 3, broken.said
    assert everything_under(project) == before

    with (project / "extracts" / "workers.csv").open("a", encoding="utf-8") as file:
        file.write("W999999,too,many,cells,for,the,heading,there,is\n")
    before = everything_under(project)
    refused = dq("run", project)
    assert refused.code == 2, refused.said
    assert everything_under(project) == before


@kent_in_small
def test_outputs_take_the_place_of_a_runs_earlier_ones(small: Ran, tmp_path: Path) -> None:
    project = changed(small.project, tmp_path / "kent")
    (project / "out").mkdir()
    (project / "out" / "run.json").write_bytes((small.out / "run.json").read_bytes())
    (project / "out" / "exceptions.csv").write_text("of last week", encoding="utf-8")

    again = run(project)

    assert again.ended.code == small.ended.code
    assert again.facts["run_id"] != small.facts["run_id"]
    assert sorted(path.name for path in project.iterdir()) == ["dq.yaml", "extracts", "out"]
    for name in ("exceptions.csv", "scorecard.csv"):
        assert (again.out / name).read_bytes() == (small.out / name).read_bytes()


@kent
def test_running_again_gives_the_same_bytes(flawed: Ran) -> None:
    again = run(flawed.project, out="again")
    for name in ("exceptions.csv", "scorecard.csv"):
        assert (again.out / name).read_bytes() == (flawed.out / name).read_bytes()
    without_seconds = [{key: row[key] for key in row if key != "seconds"} for row in records(again.out / "rules.csv")]
    assert without_seconds == [
        {key: row[key] for key in row if key != "seconds"} for row in records(flawed.out / "rules.csv")
    ]
