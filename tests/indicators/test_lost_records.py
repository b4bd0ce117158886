"""Single faults worked out by hand, and records wrong about *whose* they are: those may be any child's of any team."""

from __future__ import annotations

from typing import Any

import pytest

from dq.library.policy import Library
from dq.model import Figure
from dq.workspace import Workspace
from tests.indicators.an_authority import Authority
from tests.indicators.worlds import FALSE_DATE, HOME, NEAR, OLD, RECENT

pytestmark = pytest.mark.xdist_group("lost records")  # all cases are computed once, so on one worker
CHILD = {"dob": "2005-03-01", "sex": "1", "uasc": "N", "ethnicity": "WBRI"}
CASE = {"role": "Allocated Case Worker", "start_date": "2016-11-30"}
CARE = {"person_id": "C1", "cla_id": "C1", "start_date": "2016-11-30"}
FOSTER = {**CARE, "placement_type": "U6", "postcode": NEAR}
IN_NEED = {
    "persons": [{"person_id": "C1", **CHILD}, {"person_id": "C2", **CHILD}],
    "involvements": [{"person_id": child, **CASE, "case_type": "CIN"} for child in ("C1", "C2")],
    "cin_visits": [{"person_id": "C2", "visit_date": RECENT, "seen": "Y"}],
}
IN_CARE = {
    "persons": [{"person_id": "C1", **CHILD}],
    "involvements": [{"person_id": "C1", **CASE, "case_type": "CLA"}],
    "cla_episodes": [{**CARE, "start_reason": "S"}],
    "addresses": [{"person_id": "C1", "address_type": "Home", "start_date": "2010-01-01", "postcode": HOME}],
    "cla_placements": [{**FOSTER, "provider": "PR4"}],
}
LATER = {**FOSTER, "start_date": "2017-02-01", "provider": "PR1"}
BEFORE = {**FOSTER, "end_date": "2017-02-01", "change_reason": "CARPL", "provider": "PR4"}

Records = dict[str, list[dict[str, Any]]]


def _with(records: Records, extract: str, *rows: dict[str, Any]) -> Records:
    return {**records, extract: [*records.get(extract, []), *rows]}


def _on_a_plan(first_visit: str) -> Records:
    """A child with two visits under a plan; each is due 10 working days after what went before."""
    visit = {"person_id": "C1", "cp_plan_id": "P1", "seen": "Y"}
    return {
        "persons": [{"person_id": "C1", **CHILD}],
        "involvements": [{"person_id": "C1", **CASE, "case_type": "CP"}],
        "cp_plans": [{"person_id": "C1", "cp_plan_id": "P1", "start_date": "2017-02-01"}],
        "cp_visits": [{**visit, "visit_date": first_visit}, {**visit, "visit_date": "2017-02-20"}],
    }


def _visited(child: str | None, day: str | None) -> Records:
    return _with(IN_NEED, "cin_visits", {"person_id": child, "visit_date": day, "seen": "Y"})


def _placed(*rows: dict[str, Any]) -> Records:
    return {**IN_CARE, "cla_placements": list(rows)}


CASES = {
    "a visit to a child who is not in the extract": (
        "cin_seen",
        _visited("C9", RECENT),
        [_visited(child, RECENT) for child in ("C1", "C2")],
    ),
    "a visit to nobody": (
        "cin_seen",
        _visited(None, RECENT),
        [_visited(child, RECENT) for child in ("C1", "C2")],
    ),
    "a placement of nobody": (
        "cla_in_house_foster_care",
        _placed(BEFORE, {**LATER, "person_id": None}),
        [_placed(BEFORE, LATER)],
    ),
    "a case of nobody": (
        "cin_seen",
        {**IN_NEED, "involvements": [IN_NEED["involvements"][1], {**CASE, "case_type": "CIN"}]},
        [IN_NEED],
    ),
    "a placement in no period of care": (
        "cla_in_house_foster_care",
        _placed(BEFORE, {**LATER, "cla_id": None}),
        [_placed(BEFORE, LATER)],
    ),
    "two visits with one key": (
        "cin_seen",
        _with(
            IN_NEED,
            "cin_visits",
            {"visit_id": "V", "person_id": "C1", "visit_date": OLD, "seen": "Y"},
            {"visit_id": "V", "person_id": "C1", "visit_date": RECENT, "seen": "Y"},
        ),
        [_visited("C1", day) for day in (OLD, RECENT)],
    ),
    "a visit without a date": (
        "cin_seen",
        _visited("C1", None),
        [_visited("C1", day) for day in (OLD, RECENT)],
    ),
    "a visit without a date, on which the next one's due date stands": (
        "cp_visits_timeliness",
        _on_a_plan(FALSE_DATE),
        [_on_a_plan(day) for day in ("2017-02-10", "2017-02-17")],
    ),
    "a visit in the future": (
        "cin_seen",
        _visited("C1", "2107-05-20"),
        [_visited("C1", day) for day in (OLD, RECENT)],
    ),
    "an overlapping placement": (
        "cla_in_house_foster_care",
        _placed({**FOSTER, "provider": "PR4"}, LATER),
        [_placed(BEFORE, LATER)],
    ),
}  # fmt: skip


NOBODY_KNOWS_WHOSE = frozenset({
    "a visit to a child who is not in the extract", "a visit to nobody", "a placement of nobody", "a case of nobody",
})  # fmt: skip
"""Cases that may touch every team's figures, so that each is loaded by itself."""


@pytest.fixture(scope="module")
def found(prepared: Workspace, library: Library) -> dict[tuple[str, str], Figure]:
    figures: dict[tuple[str, str], Figure] = {}
    others = Authority()
    for place, (case, (_, recorded, repairs)) in enumerate(CASES.items()):
        for i, records in enumerate(repairs):
            others.add(f"repair{place}.{i}", records)
        if case in NOBODY_KNOWS_WHOSE:
            alone = Authority()
            alone.add(f"recorded{place}", recorded)
            figures |= alone.figures(prepared, library)
        else:
            others.add(f"recorded{place}", recorded)
    return figures | others.figures(prepared, library)


@pytest.mark.parametrize("case", CASES)
def test_the_figure_once_put_right_lies_in_the_range(found: dict[tuple[str, str], Figure], case: str) -> None:
    indicator, _, repairs = CASES[case]
    place = list(CASES).index(case)
    now = found[f"recorded{place}", indicator]
    assert now.open_exceptions
    assert now.low is not None
    assert now.high is not None
    for i in range(len(repairs)):
        repaired = found[f"repair{place}.{i}", indicator]
        assert repaired.open_exceptions == 0, "the repair must leave no error"
        assert repaired.value is not None
        assert now.low <= repaired.value <= now.high
