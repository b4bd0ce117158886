"""A run from end to end: the paper's figures, every defect found and no other, and the same again."""

from __future__ import annotations

from collections import Counter

import pytest
from runs import Ran, records, run

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


RANGE_NOT_KNOWN = {
    "adoption_a1_entry_to_placement", "adoption_a2_order_to_match", "agency_staff", "fostering_caseload",
    "permanent_qualified_sw",
}  # fmt: skip
"""Averages, and shares of full time equivalents: what cells in doubt may hold is not bounded yet."""


# --- a sound authority -----------------------------------------------------------------------------------


@pytest.mark.parametrize("indicator", PAPER)
def test_a_sound_sample_gives_the_figures_of_the_paper(clean: Ran, indicator: str) -> None:
    row = clean.whole(indicator)
    numerator, denominator = PAPER[indicator]
    assert (int(row["numerator"]), int(row["denominator"])) == (numerator, denominator)
    assert float(row["value"]) == pytest.approx(100 * numerator / denominator, abs=1e-9)
    assert row["period"] == "2016-08"


def test_children_in_care_are_as_many_as_in_the_paper(clean: Ran) -> None:
    assert float(clean.whole("cla_count")["value"]) == CHILDREN_IN_CARE


@pytest.mark.parametrize("indicator", PAPER_AREAS)
def test_the_areas_are_as_printed(clean: Ran, indicator: str) -> None:
    found = {
        row["scope_name"].split()[0]: (int(row["numerator"]), int(row["denominator"]))
        for (kind, _, name), row in clean.figures.items()
        if (kind, name) == ("area", indicator)
    }
    assert {area: found.get(area) for area in PAPER_AREAS[indicator]} == PAPER_AREAS[indicator]


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


@pytest.mark.parametrize("sample", ["flawed", "in_error"])
def test_what_was_put_in_is_found_and_nothing_else(sample: str, request: pytest.FixtureRequest) -> None:
    ran: Ran = request.getfixturevalue(sample)
    assert len(ran.truth) > 100, "a sample with defects"
    assert differences(ran) == ""


def test_every_rule_that_can_flag_is_put_to_the_test(flawed: Ran) -> None:
    """A rule nothing was put in for is not tested by the truth above."""
    own = {rule for rule in flawed.rules if not rule.startswith("contract.")}
    assert own - {row["rule_id"] for row in flawed.truth} == set()


@pytest.mark.parametrize("scope", ["authority", "area", "team"])
def test_the_true_figure_lies_inside_the_range(scope: str, small: Ran, in_error: Ran) -> None:
    known = {key: row for key, row in small.figures.items() if key[0] == scope and row["value"]}
    pairs = [(key, row, in_error.figures[key]) for key, row in known.items()]
    outside = [
        f"{key}: {row['value']} is not from {now['value_low']} to {now['value_high']}"
        for key, row, now in pairs
        if now["value_low"]
        if not float(now["value_low"]) - 1e-9 <= float(row["value"]) <= float(now["value_high"]) + 1e-9
    ]
    assert outside == []
    assert {key[2] for key, _, now in pairs if not now["value_low"]} <= RANGE_NOT_KNOWN
    assert len(pairs) > 40


def test_errors_do_leave_ranges(in_error: Ran) -> None:
    for indicator in PAPER:
        row = in_error.whole(indicator)
        assert float(row["value_low"]) < float(row["value_high"])
        assert int(row["open_exceptions"]) > 0


def test_the_counts_of_rules_and_of_the_run_are_those_of_the_list(flawed: Ran) -> None:
    listed = Counter(row["rule_id"] for row in flawed.exceptions)
    assert {rule: int(row["flagged"]) for rule, row in flawed.rules.items() if row["status"] == "flagged"} == listed
    by_severity = Counter(row["severity"] for row in flawed.exceptions)
    assert flawed.facts["exceptions"] == {name: by_severity[name] for name in ("error", "query", "information")}
    assert len({row["exception_id"] for row in flawed.exceptions}) == len(flawed.exceptions)


# --- the same again --------------------------------------------------------------------------------------


def test_running_again_gives_the_same_bytes(in_error: Ran) -> None:
    again = run(in_error.project, out="again")
    for name in ("exceptions.csv", "scorecard.csv"):
        assert (again.out / name).read_bytes() == (in_error.out / name).read_bytes()
    without_seconds = [{key: row[key] for key in row if key != "seconds"} for row in records(again.out / "rules.csv")]
    assert without_seconds == [
        {key: row[key] for key in row if key != "seconds"} for row in records(in_error.out / "rules.csv")
    ]
