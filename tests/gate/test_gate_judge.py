"""The gate's decisions, by the library itself. Expected sentences are written out by hand."""

import datetime as dt
from dataclasses import replace

import pytest
from gate_runs import SIZES, facts, flagging, gate, proved, result, shipped_gate

from dq.gate import judge
from dq.model import Decision, Status
from dq.problems import ProblemsError

ABSENT = {"file": None, "rows": 0, "latest_entry": None}
STOPS = {
    "missing extract": (
        facts({"cp_plans": ABSENT}),
        "1 extract is missing: cp_plans",
    ),
    "halved extract": (
        facts({"cin_visits": {"rows": 10_000}}),
        "1 extract is smaller than expected: cin_visits (10,000 records, at least 16,000 expected)",
    ),
    "doubled extract": (
        facts({"cin_visits": {"rows": 40_000}, "cp_plans": {"rows": 6_000}}),
        "2 extracts are larger than expected: cin_visits (40,000 records, at most 24,000 expected), "
        "cp_plans (6,000 records, at most 3,600 expected)",
    ),
    "stale extract": (
        facts({"cla_visits": {"latest_entry": dt.date(2016, 7, 30)}}),
        "1 extract is out of date: cla_visits (latest entry 30 Jul 2016)",
    ),
    "crashed rule": (
        facts(results=(result("overlapping-placements", Status.ERROR, reason="out of memory"),)),
        "1 rule failed to run, so what it looks for is not known: overlapping-placements",
    ),
    "a figure against others": (
        facts(proof=proved(doubts=2)),
        "Figures of the scorecard that cannot be right beside the others: 2; see proof/proof.html",
    ),
    "a rule about the scorecard that did not run": (
        facts(proof=replace(proved(), results=(*proved().results, result("arrows", Status.ERROR)))),
        "Rules about the finished scorecard that did not run, so what they look for is not known: 1",
    ),
    "a scorecard that nobody checked": (
        facts(proof=proved(looked=False)),
        "No rule looked at the finished scorecard, so whether it agrees with itself is not known",
    ),
    "too many errors": (
        facts(results=(flagging(2_001),)),
        "There are 10.01 errors for every 1,000 records (2,001 in 200,000), "
        "more than the 10 at which figures can no longer be relied on",
    ),
    "nothing tested": (
        facts({name: {"rows": 0} for name in SIZES}, previous={}),
        "No record was tested, so nothing is known of any figure",
    ),
}
CAVEATS = {
    "some errors": (
        facts(results=(flagging(600),)),
        "There are 3 errors for every 1,000 records (600 in 200,000), enough to move a printed figure",
    ),
    "as many errors as may be": (
        facts(results=(flagging(2_000),)),
        "There are 10 errors for every 1,000 records (2,000 in 200,000), enough to move a printed figure",
    ),
    "only the latest records": (
        facts({"cla_placements": {"latest_only": True}, "cla_visits": {"latest_only": True}}),
        "2 extracts hold only the latest records, so no figure is made of them: cla_placements, cla_visits",
    ),
    "missing column": (
        facts({"addresses": {"missing_columns": ("postcode", "end_date")}}),
        "1 extract lacks columns: addresses (2 missing)",
    ),
    "skipped rules": (
        facts(results=tuple(result(f"rule-{n}", Status.SKIPPED, reason="no column postcode") for n in range(8))),
        "8 rules were skipped without leave, for want of an extract or column: "
        "rule-0, rule-1, rule-2, rule-3, rule-4 and 3 more",
    ),
    "unreadable values": (
        facts({"persons": {"unread_values": 1_200}, "cp_plans": {"unread_values": 1}}),
        "2 extracts have values that could not be read: persons (1,200), cp_plans (1)",
    ),
    "first run": (
        facts(previous={}),
        "There is nothing to compare the size of 12 extracts with, so a part of them may be missing",
    ),
    "new extract": (
        facts(previous={name: rows for name, rows in SIZES.items() if name != "cp_plans"}),
        "There is nothing to compare the size of 1 extract with, so a part of it may be missing",
    ),
}
GO = {
    "sound run": facts(),
    "few errors": facts(results=(flagging(200),)),
    "sizes the authority set": facts(previous={}, expected_rows={name: (1, 2 * rows) for name, rows in SIZES.items()}),
    "a fifth more and a fifth less": facts({"persons": {"rows": 24_000}, "cin_visits": {"rows": 16_000}}),
    "entered up to a month before": facts({"cp_visits": {"latest_entry": dt.date(2016, 7, 31)}}),
    "taken after the month": facts({"cp_visits": {"latest_entry": dt.date(2016, 9, 9)}}),
    "a rule with nothing in scope": facts(results=(result("rare", Status.NOT_APPLICABLE),)),
}


@pytest.mark.parametrize("name", GO)
def test_go(name, tmp_path):
    verdict = judge(shipped_gate(), GO[name], tmp_path)
    assert (verdict.decision, verdict.reasons) == (Decision.GO, ())
    assert all(passed for _, passed, _ in verdict.outcomes)
    assert len(verdict.outcomes) == len(shipped_gate().checks)


@pytest.mark.parametrize("name", STOPS)
def test_stop(name, tmp_path):
    run, reason = STOPS[name]
    verdict = judge(shipped_gate(), run, tmp_path)
    assert verdict.decision is Decision.STOP
    assert verdict.reasons[0] == reason


@pytest.mark.parametrize("name", CAVEATS)
def test_caveats(name, tmp_path):
    run, reason = CAVEATS[name]
    verdict = judge(shipped_gate(), run, tmp_path)
    assert (verdict.decision, verdict.reasons) == (Decision.CAVEATS, (reason,))


def test_what_passed_is_said_too(tmp_path):
    said = {name: sentence for name, _, sentence in judge(shipped_gate(), facts(), tmp_path).outcomes}
    assert said["Every extract is present"] == "Every extract is present (12 of 12 extracts)"
    assert said["Every extract is up to date"] == "Every extract is up to date (10 of 10 extracts)"
    assert said["No rule failed to run"] == "No rule failed to run (2 of 2 rules)"
    assert said["Records were tested"] == "Records were tested (records tested: 200,000)"


def test_the_three_weightiest_reasons_are_given_and_those_that_stop_come_first(tmp_path):
    wrong = {"cp_plans": ABSENT, "cin_visits": {"rows": 100}, "persons": {"unread_values": 3, "rows": 90_000}}
    verdict = judge(shipped_gate(), facts(wrong, (result("r", Status.ERROR), flagging(900))), tmp_path)
    assert [reason.split(":")[0] for reason in verdict.reasons] == [
        "1 extract is missing",
        "1 rule failed to run, so what it looks for is not known",
        "1 extract is smaller than expected",
    ]


def test_a_caveat_that_weighs_more_does_not_hide_the_reason_to_stop(tmp_path):
    present = {"expectation": "expect_column_values_to_be_in_set", "with": {"column": "present", "value_set": [True]}}
    heavy = {**present, "if_not": "caveats", "weight": 99, "says": "caveat {count}"}
    checks = [{**heavy, "name": f"Heavy {n}"} for n in range(3)]
    light = {**present, "name": "Light", "weight": 1, "says": "stop"}
    verdict = judge(gate(*checks, light), facts({"cp_plans": ABSENT}), tmp_path)
    assert verdict.reasons == ("stop", "caveat 1", "caveat 1")


BROKEN = [
    {"expectation": "expect_column_values_to_be_between", "with": {"column": "extract", "max_value": 5}},
    {
        "expectation": "expect_column_pair_values_a_to_be_greater_than_b",
        "with": {"column_A": "extract", "column_B": "rows"},
    },
    {"expectation": "expect_column_values_to_match_regex", "with": {"column": "rows", "regex": "("}},
    {"expectation": "expect_column_mean_to_be_between", "with": {"column": "extract", "max_value": 5}},
]


def test_a_check_that_raises_stops_and_never_passes(tmp_path):
    broken = [{**check, "name": check["expectation"], "if_not": "caveats"} for check in BROKEN]
    verdict = judge(gate(*broken), facts(), tmp_path)
    assert verdict.decision is Decision.STOP
    assert len(verdict.outcomes) == len(BROKEN)
    for name, passed, sentence in verdict.outcomes:
        assert not passed
        assert sentence.startswith(f"'{name}' could not be judged: ")
    assert "Traceback" not in (tmp_path / "extracts.html").read_text(encoding="utf-8")


def test_a_check_with_nothing_to_look_at_has_not_passed(tmp_path):
    check = {"expectation": "expect_column_values_to_be_in_set", "with": {"column": "rows", "value_set": [0]}}
    verdict = judge(gate({**check, "when": "not present"}), facts(), tmp_path)
    assert verdict.decision is Decision.CAVEATS
    assert verdict.reasons == ("A check: not judged, as there is nothing it applies to",)
    assert not verdict.outcomes[0][1]


def test_values_that_are_not_known_are_not_counted_as_looked_at(tmp_path):
    check = {"expectation": "expect_column_values_to_be_between", "with": {"column": "expected_low", "min_value": 1}}
    verdict = judge(gate(check), facts(previous={}), tmp_path)
    assert verdict.decision is Decision.CAVEATS


def test_checks_that_differ_only_in_what_their_failure_means_are_told_apart(tmp_path):
    check = {"expectation": "expect_column_values_to_be_in_set", "with": {"column": "present", "value_set": [True]}}
    said = gate({**check, "name": "One", "says": "one"}, {**check, "name": "Two", "says": "two", "if_not": "caveats"})
    verdict = judge(said, facts({"cp_plans": ABSENT}), tmp_path)
    assert verdict.reasons == ("one", "two")


WHEN = {
    "severity == 'error' and flagged > 100": "b, c",
    "rule_id in ['a', 'b']": "a, b",
    "status not in ['passed'] and flagged <= 200": "a, b",
    "rate >= 0.01": "b, c",
}


def test_when_says_which_rows_are_looked_at(tmp_path):
    results = tuple(result(name, Status.FLAGGED, count) for name, count in (("a", 100), ("b", 200), ("c", 300)))
    check = {"facts": "rules", "expectation": "expect_column_values_to_be_in_set", "says": "{which}"}
    checks = [{**check, "name": when, "when": when, "with": {"column": "flagged", "value_set": [0]}} for when in WHEN]
    verdict = judge(gate(*checks), facts(results=results), tmp_path)
    assert {name: sentence for name, _, sentence in verdict.outcomes} == WHEN


def test_an_expectation_of_the_whole_table_says_what_was_observed(tmp_path):
    check = {"facts": "rules", "expectation": "expect_table_row_count_to_be_between", "says": "Only {observed} rules"}
    verdict = judge(gate({**check, "with": {"min_value": 50}}), facts(), tmp_path)
    assert verdict.reasons == ("Only 2 rules",)


def test_a_value_that_an_expectation_does_not_take_is_refused(tmp_path):
    check = {"expectation": "expect_column_values_to_be_between", "with": {"column": "rows", "min_value": "many"}}
    with pytest.raises(ProblemsError, match="a value that it does not take"):
        judge(gate(check), facts(), tmp_path)
