"""Records that are in no figure yet, and come to one once something is put right: what is told of it beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from dq.engine.check import Absent, check
from dq.engine.compile import dates_at
from dq.engine.examples import given
from dq.indicators.compute import AUTHORITY, ScopeKey, tally_all
from dq.indicators.ranges import Range
from dq.indicators.touched import touched
from dq.library.policy import Library
from dq.model import Severity
from dq.workspace import Workspace
from tests.conftest import PERIOD

Records = Mapping[str, list[dict[str, Any]]]
CASE = {"person_id": "C1", "role": "Allocated Case Worker", "case_type": "CLA"}
RECORDS: Records = {
    "teams": [{"team_id": team, "team_name": team} for team in ("T1", "T2")],
    "persons": [{"person_id": "C1", "dob": "2012-03-01", "sex": "1", "uasc": "N", "ethnicity": "WBRI"}],
    "involvements": [
        {**CASE, "involvement_id": "I1", "team_id": "T1", "start_date": "2016-01-05", "end_date": "2017-05-22"},
        {**CASE, "involvement_id": "I2", "team_id": "T2", "start_date": "2017-05-22"},
    ],
}


def spans(
    workspace: Workspace, library: Library, records: Records, measure: str
) -> tuple[float | None, dict[ScopeKey, Range]]:
    """Return the authority's figure, and the ranges by scope, of a measure."""
    rules = [bound for bound in library.rules.values() if bound.rule.severity is Severity.ERROR]
    bound = library.indicators[measure]
    with given(workspace, library, {**RECORDS, **records}):
        findings = check(workspace, library, rules, dates_at(PERIOD), Absent((), ()), lambda _: None)
        tallies = tally_all(workspace, library, [bound], PERIOD, None, lambda _: None)
        found = touched(workspace, library, [bound], {}, findings, tallies, PERIOD).ranges
    tally = tallies.at(bound, AUTHORITY, PERIOD)
    assert tally is not None
    return tally.value(bound.indicator.unit), dict(found.get(measure, {}))


@pytest.mark.parametrize("closed", [{}, {"closed_date": "2017-05-20", "closed_reason": "RC8"}])
def test_of_a_referral_that_nobody_assessed_the_assessment_may_come(
    prepared: Workspace, library: Library, closed: dict[str, str]
) -> None:
    referral = {"referral_id": "R1", "person_id": "C1", "referral_date": "2017-05-02", "nfa": "N", "team_id": "T1"}
    referral |= closed
    value, ranges = spans(prepared, library, {"referrals": [referral]}, "assessments_completed")
    assert value == 0
    assert (ranges[AUTHORITY].low, ranges[AUTHORITY].high) == (0, 1)
    assert ranges["team", "T1"].high == 1


def test_a_match_may_come_to_whichever_team_has_held_the_case(prepared: Workspace, library: Library) -> None:
    """Without a day that can be read the child has no plan for adoption yet, and so no team's row."""
    plan = {"permanence_id": "M1", "person_id": "C1", "cla_id": "L1", "matched_date": "31/02/2017"}
    _, ranges = spans(prepared, library, {"permanence": [plan]}, "adoption_a2_order_to_match")
    for team in ("T1", "T2"):
        assert (ranges["team", team].low, ranges["team", team].high) == (0, 1825)
