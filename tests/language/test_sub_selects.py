"""``exists`` and ``in`` over extracts and views, in ``where`` and in ``expect``, with nulls among them."""

from __future__ import annotations

import datetime as dt

import pytest

from dq.engine.examples import prepare
from dq.library.load import load_library
from dq.library.policy import Library
from dq.workspace import open_workspace
from tests.conftest import Folder, check_records

IN_CARE = "person_id in (select c.person_id from children_in_care c)"
VISITED = "exists (select 1 from cla_visits v where v.person_id = persons.person_id and v.visit_date >= persons.dob)"
CASES = {
    "in-care-and-visited": (IN_CARE, VISITED, {"C2"}, 2),
    "visited-and-in-care": (VISITED, IN_CARE, {"C3"}, 2),
    "not-in-of-what-holds-null": ("true", "uasc not in (select v.seen from cla_visits v)", {"C1"}, 4),
    "not-in-without-null": (
        "true",
        "uasc not in (select v.seen from cla_visits v where v.seen is not null)",
        {"C1"},
        4,
    ),
    "not-exists": (f"not {VISITED}", f"not {IN_CARE}", {"C2"}, 2),
    "one-inside-another": (
        "true",
        "not exists (select 1 from cla_episodes e where e.person_id = persons.person_id and exists "
        "(select 1 from cla_visits v where v.cla_id = e.cla_id and v.visit_date < :period_start))",
        {"C1"},
        4,
    ),
}
"""Rule → where, expect, the children it flags and how many are in scope: worked out by hand from the records below."""

RECORDS = {
    # C1 and C2 are in care; C1 and C3 have been visited; C4 is neither. C1's visit is in April, before the period.
    "persons": [
        {"person_id": f"C{i}", "dob": "2005-01-01", "sex": "1", "uasc": uasc}
        for i, uasc in enumerate(("Y", "N", None, "N"), 1)
    ],
    "cla_episodes": [
        {
            "episode_id": f"E{i}",
            "person_id": f"C{i}",
            "cla_id": f"L{i}",
            "start_date": "2016-01-01",
            "start_reason": "S",
        }
        for i in (1, 2)
    ],
    "cla_visits": [
        {"visit_id": "V1", "person_id": "C1", "cla_id": "L1", "visit_date": "2017-04-30", "seen": "Y"},
        {"visit_id": "V3", "person_id": "C3", "cla_id": "L3", "visit_date": "2017-05-02"},
    ],
}


@pytest.fixture(scope="module")
def own(project_folder: Folder) -> Library:
    text = (
        "title: {0}\nseverity: error\ndimension: validity\non: persons\nwhere: '{1}'\nexpect: '{2}'\n"
        "fields: [uasc]\nmessage: x\nwhy: x\nfix: x\n"
    )
    return load_library("casework", project_folder({
        f"rules/casework/tried/{name}.yaml": text.format(name, where, expect)
        for name, (where, expect, *_) in CASES.items()
    }))  # fmt: skip


def test_sub_selects_give_what_was_worked_out_by_hand(own: Library) -> None:
    with open_workspace() as workspace:
        prepare(workspace, own)
        found = check_records(workspace, own, RECORDS, CASES, period=dt.date(2017, 5, 31))
        flagged = {name: set[str]() for name in CASES}
        for row in found.exceptions.to_pylist():
            flagged[row["rule_id"]].add(row["record_key"])
    assert flagged == {name: flags for name, (_, _, flags, _) in CASES.items()}
    assert {ended.rule.id: ended.in_scope for ended in found.results} == {name: n for name, (*_, n) in CASES.items()}
