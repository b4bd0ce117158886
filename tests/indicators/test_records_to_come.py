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
    "teams": [{"team_id": "T0"}, *({"team_id": team, "parent_id": "T0"} for team in ("T1", "T2"))],
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


def test_a_case_opened_without_referral_came_of_a_contact(prepared: Workspace, library: Library) -> None:
    """The child has another contact, of which nothing came: the one that is missing is one more."""
    held = [{**CASE, "involvement_id": "I1", "team_id": "T1", "start_date": "2017-05-10"}]
    contact = {
        "contact_id": "K1", "person_id": "C1", "received_at": "2017-05-02 10:00", "decided_at": "2017-05-02 15:00",
        "source": "1A", "outcome": "NFA", "team_id": "T1",
    }  # fmt: skip
    value, ranges = spans(prepared, library, {"involvements": held, "contacts": [contact]}, "contacts_received")
    assert value == 1
    for scope in (AUTHORITY, ("team", "T1")):
        assert (ranges[scope].low, ranges[scope].high) == (1, 2)


def test_of_proceedings_open_twice_one_may_be_removed(prepared: Workspace, library: Library) -> None:
    issued = {"person_id": "C1", "issue_date": "2017-05-09"}
    records = {"care_proceedings": [{**issued, "proceedings_id": key} for key in ("CR1", "CR2")]}
    value, ranges = spans(prepared, library, records, "care_proceedings_new")
    assert value == 2
    assert ranges[AUTHORITY].low is not None
    assert ranges[AUTHORITY].low <= 1


def test_hours_that_lack_a_reason_may_be_wrong(prepared: Workspace, library: Library) -> None:
    records = {
        "persons": [{"person_id": "C1", "dob": "2005-03-01", "sex": "1", "uasc": "N", "ethnicity": "WBRI"}],
        "cla_episodes": [{"episode_id": "E1", "person_id": "C1", "cla_id": "L1", "start_date": "2016-01-05"}],
        "school_places": [{
            "place_id": "S1", "person_id": "C1", "urn": "100000", "school_kind": "PRIMARY", "main_place": "Y",
            "start_date": "2016-09-01", "hours_a_week": 2,
        }],
    }  # fmt: skip
    value, ranges = spans(prepared, library, records, "not_in_full_time_education")
    assert value == 100
    assert (ranges[AUTHORITY].low, ranges[AUTHORITY].high) == (0, 100)


def test_how_far_attendance_may_lie_is_not_known_while_a_months_feed_is_missing(
    prepared: Workspace, library: Library
) -> None:
    """The error is the authority's, and no child's: it concerns all children."""
    months = {"2016-09-01": 40, "2016-10-01": 40, "2017-02-01": 30, "2017-05-01": 40}
    records = {
        "persons": [{"person_id": "C1", "dob": "2005-03-01", "sex": "1", "uasc": "N", "ethnicity": "WBRI"}],
        "involvements": [{**CASE, "involvement_id": "I1", "team_id": "T1", "start_date": "2015-01-05"}],
        "cla_episodes": [{"episode_id": "E1", "person_id": "C1", "cla_id": "L1", "start_date": "2015-01-05"}],
        "attendance": [
            {"attendance_id": f"A{i}", "person_id": "C1", "month": month, "possible": n, "attended": n - 2}
            for i, (month, n) in enumerate(months.items())
        ],
    }  # fmt: skip
    value, ranges = spans(prepared, library, records, "attendance_cla")
    assert value is not None
    assert (ranges[AUTHORITY].low, ranges[AUTHORITY].high) == (None, None)
    assert ranges[AUTHORITY].exceptions >= 1


def test_an_open_cell_that_a_figure_does_not_look_at_forbids_no_way(prepared: Workspace, library: Library) -> None:
    """Help was received and accepted, and is entered as refused: no figure of acceptance reads who refused."""
    records = {
        "cla_episodes": [{"episode_id": "E1", "person_id": "C1", "cla_id": "L1", "start_date": "2016-01-05"}],
        "substance_misuse": [{
            "misuse_id": "M1", "person_id": "C1", "identified_date": "2017-02-01", "offered": "Y", "received": "Y",
            "accepted": "N", "refused": "Y",
        }],
    }  # fmt: skip
    value, ranges = spans(prepared, library, records, "substance_misuse_accepted")
    assert value == 0
    assert (ranges[AUTHORITY].low, ranges[AUTHORITY].high) == (0, 1)
