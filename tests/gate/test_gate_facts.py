import math

import pyarrow as pa
import pytest
from gate_runs import PERIOD, SIZES, arrived, facts, flagging, proved, result

from dq.gate import Evidence, facts_of
from dq.gate.columns import COLUMNS
from dq.model import Project, RuleStatus, Severity, Status
from dq.problems import ProblemsError
from tests.held_rows import held


def extract(found, name):
    return found.table("extracts").set_index("extract").loc[name]


def test_the_expected_size_is_the_projects_where_it_gives_one():
    found = facts(expected_rows={"cp_plans": (2_500, 2_900)})
    assert tuple(extract(found, "cp_plans")[["expected_low", "expected_high"]]) == (2_500, 2_900)


def test_the_expected_size_is_else_within_a_fifth_of_the_run_before():
    found = facts(previous={"cp_plans": 1_001})
    assert tuple(extract(found, "cp_plans")[["expected_low", "expected_high"]]) == (801, 1_201)


@pytest.mark.parametrize("previous", [{}, {"cp_plans": 0}])
def test_the_expected_size_is_else_not_known(previous):
    found = extract(facts(previous=previous), "cp_plans")
    assert not found["size_known"]
    assert math.isnan(found["expected_low"])


def test_days_to_the_period_end_are_counted_from_the_latest_entry():
    found = facts({"cp_visits": {"latest_entry": PERIOD.replace(day=1)}, "cp_plans": {"latest_entry": None}})
    assert extract(found, "cp_visits")["days_to_period_end"] == 30
    assert math.isnan(extract(found, "cp_plans")["days_to_period_end"])


def test_errors_are_counted_for_every_thousand_records_and_queries_are_not():
    found = facts(results=(flagging(600), result("no-visit", Status.FLAGGED, 900, severity=Severity.QUERY)))
    run = found.table("run").iloc[0]
    assert (run["records_tested"], run["exceptions_error"], run["errors_per_1000"]) == (200_000, 600, 3.0)


def test_the_share_flagged_is_of_the_records_in_scope():
    rates = facts(results=(flagging(500), result("x", Status.SKIPPED))).table("rules").set_index("rule_id")["rate"]
    assert rates["cp-child-seen-missing"] == 0.025
    assert math.isnan(rates["x"])


def test_a_rule_that_is_only_tried_out_is_not_counted():
    run = facts(results=(result("new", Status.ERROR, rule_status=RuleStatus.SHADOW),)).table("run").iloc[0]
    assert (run["rules_total"], run["rules_error"]) == (2, 0)


def test_what_no_rule_looked_at_was_not_tested():
    findings = held((result("a", Status.ERROR), result("b", Status.SKIPPED)), pa.table({}))
    found = facts_of(
        Project(authority="Kent", scorecard="kent"), PERIOD, Evidence([arrived("persons")], findings, proved())
    )
    assert found.table("run").loc[0, "records_tested"] == 0
    assert math.isnan(found.table("run").loc[0, "errors_per_1000"])


def test_tables_have_the_same_types_when_they_are_empty():
    nothing = Evidence([], held((), pa.table({})), proved())
    empty = facts_of(Project(authority="Kent", scorecard="kent"), PERIOD, nothing)
    full = facts()
    for kind in COLUMNS:
        assert empty.table(kind).dtypes.to_dict() == full.table(kind).dtypes.to_dict()


def test_an_expected_size_for_an_extract_there_is_not_is_refused():
    with pytest.raises(ProblemsError, match="Did you mean 'cp_plans'"):
        facts(expected_rows={"cp_plan": (1, 2)})


def test_the_sizes_of_the_sound_run_add_up():
    assert sum(SIZES.values()) == 200_000
