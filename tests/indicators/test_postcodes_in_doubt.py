"""A missing postcode widens the figures that look at it, and no others: a home that was left long before is not one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from dq.engine.check import Absent, check
from dq.engine.compile import dates_at
from dq.engine.examples import given
from dq.indicators.figures import figures
from dq.library.policy import Library
from dq.model import Figure, Line, Project, Scorecard, Section
from dq.workspace import Workspace

MAY = dt.date(2017, 5, 31)
HOME, NEAR, FAR = "ME14 1XX", "DA12 1AU", "CT1 1YW"
"""Maidstone; Gravesend, 13 miles away; Canterbury, 24."""
WITHIN, INSIDE = "cla_within_20_miles", "cla_in_la_boundary"
FORMER = {"start_date": "2005-01-01", "end_date": "2010-01-01", "address_type": "Home"}
PRESENT = {"start_date": "2010-01-01", "address_type": "Home"}
Record = Mapping[str, Any]


def child(number: int, former: str | None, home: str | None, placed: str | None) -> dict[str, list[Record]]:
    """Return the records of a child in care since November: the postcodes of a home left in 2010, of home, of now."""
    me = {"person_id": f"C{number}"}
    care = {**me, "cla_id": f"L{number}", "start_date": "2016-11-30"}
    return {
        "persons": [{**me, "dob": "2004-01-01", "sex": "1", "uasc": "N"}],
        "addresses": [
            {"address_id": f"F{number}", **me, **FORMER, "postcode": former},
            {"address_id": f"H{number}", **me, **PRESENT, "postcode": home},
        ],
        "cla_episodes": [{"episode_id": f"E{number}", **care}],
        "cla_placements": [{"placement_id": f"P{number}", **care, "placement_type": "U6", "postcode": placed}],
        "involvements": [{
            "involvement_id": f"I{number}", **me, "role": "Allocated Case Worker", "case_type": "CLA",
            "worker_id": "W1", "team_id": "T1", "start_date": "2016-11-30",
        }],
    }  # fmt: skip


def figure(workspace: Workspace, library: Library, indicator: str, *children: Mapping[str, list[Record]]) -> Figure:
    """Return the authority's figure of an indicator, with what missing postcodes leave it."""
    records: dict[str, list[Any]] = {
        "teams": [{"team_id": "T1", "team_name": "Kent"}],
        "workers": [{"worker_id": "W1", "team_id": "T1"}],
    }
    for one in children:
        for extract, rows in one.items():
            records.setdefault(extract, []).extend(rows)
    rules = [library.rules["home-postcode-missing"], library.rules["placement-postcode-missing"]]
    section = Section(title="Care", lines=[Line(indicator=indicator, title="Of them")])
    card = Scorecard(title="Kent", authority="Kent", edition="1", source="By hand", arrow="number", sections=[section])
    nothing, project = Absent((), ()), Project(authority="Kent", scorecard="plain")
    with given(workspace, library, records):
        findings = check(workspace, library, rules, dates_at(MAY), nothing, lambda _: None)
        worked = figures(workspace, library, card, findings, nothing, project, MAY, lambda _: None)
    return next(one for one in worked.figures if one.scope.type == "authority")


@pytest.mark.parametrize(
    ("indicator", "children", "least", "most"),
    [
        pytest.param(WITHIN, [(None, HOME, NEAR), (HOME, HOME, FAR)], 50, 50, id="a home left before care is not home"),
        pytest.param(WITHIN, [(HOME, None, NEAR), (HOME, HOME, FAR)], 0, 50, id="home is"),
        pytest.param(WITHIN, [(None, None, NEAR), (HOME, HOME, FAR)], 0, 50, id="both missing: home alone matters"),
        pytest.param(WITHIN, [(None, HOME, None), (HOME, HOME, FAR)], 0, 50, id="a placement's own matters"),
        pytest.param(WITHIN, [(HOME, None, NEAR), (HOME, HOME, NEAR)], 50, 100, id="though no record is far away"),
        pytest.param(WITHIN, [(None, None, None), (HOME, HOME, NEAR)], 50, 100, id="and none is where it was"),
        pytest.param(INSIDE, [(HOME, HOME, None), (HOME, HOME, HOME)], 50, 100, id="though all are in one district"),
        pytest.param(INSIDE, [(None, HOME, HOME), (HOME, HOME, HOME)], 100, 100, id="former homes are in no district"),
    ],
)
def test_what_a_missing_postcode_leaves_of_a_figure(
    prepared: Workspace,
    library: Library,
    indicator: str,
    children: list[tuple[str | None, str | None, str | None]],
    least: float,
    most: float,
) -> None:
    found = figure(prepared, library, indicator, *(child(i, *places) for i, places in enumerate(children)))
    ends = (found.low, found.high) if found.open_exceptions else (found.value, found.value)
    assert ends == (least, most)


def test_a_postcode_that_is_not_looked_at_is_no_error_of_the_figure(prepared: Workspace, library: Library) -> None:
    found = figure(prepared, library, WITHIN, child(0, None, HOME, NEAR), child(1, HOME, None, FAR))
    assert found.open_exceptions == 1
