"""A range that can be worked out on paper: Kirklees, April 2017, children who came into care and how far from home.

The paper (4.01.07) tells of 14 entrants with no postcode for five of them. With six of the other nine placed inside 20
miles and three beyond, 3 of 14 are beyond as recorded (21%), and up to 8 (57%) if all five turn out to be: so from 6 of
14 to 11 of 14, 43% to 79%, are inside.
"""

from __future__ import annotations

import datetime as dt

import pytest

from dq.engine.check import Absent, check
from dq.engine.compile import dates_at
from dq.engine.examples import given
from dq.indicators.figures import figures
from dq.library.policy import Library, is_counted
from dq.model import Figure, Line, Project, Scorecard, Section, Severity
from dq.workspace import Workspace

APRIL = dt.date(2017, 4, 30)
HOME, NEAR, FAR = "ME14 1XX", "DA12 1AU", "CT1 1YW"
"""Maidstone; Gravesend, 13 miles away; Canterbury, 24."""
PLACED = [NEAR] * 6 + [FAR] * 3 + [None] * 5


def at(postcode: str | None) -> dict[str, str | None]:
    return {"postcode": postcode}


@pytest.fixture(scope="module")
def beyond(prepared: Workspace, library: Library) -> Figure:
    children = [f"C{i}" for i in range(len(PLACED))]
    came = {"start_date": "2017-04-10"}
    records = {
        "teams": [{"team_id": "T1", "team_name": "Kirklees"}],
        "workers": [{"worker_id": "W1", "team_id": "T1"}],
        "persons": [{"person_id": child, "dob": "2009-01-01", "sex": "1", "uasc": "N"} for child in children],
        "addresses": [
            {"address_id": f"A{c}", "person_id": c, "start_date": "2010-01-01", "address_type": "Home", **at(HOME)}
            for c in children
        ],
        "cla_episodes": [{"episode_id": f"E{c}", "person_id": c, "cla_id": f"L{c}", **came} for c in children],
        "cla_placements": [
            {"placement_id": f"P{c}", "person_id": c, "cla_id": f"L{c}", **came, "placement_type": "U6", **at(code)}
            for c, code in zip(children, PLACED, strict=True)
        ],
        "involvements": [
            {"involvement_id": f"I{c}", "person_id": c, "role": "Allocated Case Worker", "case_type": "CLA",
             "worker_id": "W1", "team_id": "T1", **came}
            for c in children
        ],
    }  # fmt: skip
    rules = [library.rules["placement-postcode-missing"]]
    assert all(is_counted(bound.rule, APRIL) and bound.rule.severity is Severity.ERROR for bound in rules)
    line = Line(indicator="cla_starts_distance_20_miles", title="20 miles or more from home")
    card = Scorecard(
        title="Kirklees", authority="Kirklees", edition="June 2017", source="By hand", arrow="number",
        sections=[Section(title="Care", lines=[line])],
    )  # fmt: skip
    nothing, project = Absent((), ()), Project(authority="Kirklees", scorecard="plain")
    with given(prepared, library, records):
        findings = check(prepared, library, rules, dates_at(APRIL), nothing, lambda _: None)
        worked = figures(prepared, library, card, findings, nothing, project, APRIL, lambda _: None)
    return next(figure for figure in worked.figures if figure.scope.type == "authority")


def test_six_of_fourteen_are_inside_and_up_to_eleven_may_be(beyond: Figure) -> None:
    assert (beyond.numerator, beyond.denominator, beyond.open_exceptions) == (3, 14, 5)
    assert (beyond.low, beyond.high) == (pytest.approx(100 * 3 / 14), pytest.approx(100 * 8 / 14))
    assert beyond.low is not None
    assert beyond.high is not None
    assert (round(100 - beyond.high), round(100 - beyond.low)) == (43, 79)
