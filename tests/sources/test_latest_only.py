"""What a source holds only the latest of is checked, and never made into a figure: Ofsted's lists, in a whole run."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from command_line import dq_here
from extract_files import csv_bytes, write_files
from small_policy import FIGURES

from dq.engine.check import Absent
from dq.library.policy import Library

LATEST = {"cin_visits", "cp_plans", "cp_visits", "cla_episodes", "cla_placements", "cla_visits"}
PLACEMENTS = "Not available: cla_episodes, cla_placements hold only the latest records."
LISTS: Mapping[str, bytes] = {
    "List 6.csv": csv_bytes(
        "Child Unique ID,Gender,Ethnicity,Date of Birth,Date Child Was Last Seen",
        "11,a) Male,a) WBRI,01/02/2010,09/08/2016",
    ),
    "List 7.csv": csv_bytes(
        "Child Unique ID,Gender,Ethnicity,Date of Birth,Child Protection Plan Start Date,"
        "Initial Category of Abuse,Latest Category of Abuse,Date of the Last Statutory Visit,"
        "Child Protection Plan End Date",
        "21,a) Male,a) WBRI,01/02/2011,01/03/2016,a) Neglect,a) Neglect,25/08/2016,",
    ),
    "List 8.csv": csv_bytes(
        "Child Unique ID,Gender,Ethnicity,Date of Birth,Date Started to be Looked After,Child's Category of Need,"
        "Start Date of Most Recent Placement,Placement Type,Placement Provider,Placement Postcode,"
        "Date of Last Social Work Visit,Date Ceased to be Looked After",
        "31,a) Male,a) WBRI,07/08/2009,03/02/2012,N1,04/03/2013,U4,PR1,ME15 6XX,19/08/2016,",
        "32,b) Female,a) WBRI,07/08/2008,03/02/2016,N1,05/02/2016,nowhere,PR1,ME15 6XX,19/08/2016,30/08/2016",
    ),
}


@dataclass(frozen=True)
class Ran:
    said: str
    facts: dict[str, Any]
    figures: list[dict[str, str]]
    rules: dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    project = tmp_path_factory.mktemp("north")
    write_files(project / "extracts", LISTS)
    settings = "authority: North\nscorecard: plain\nperiod: 2016-08\nhistory_from: 2014-01-01\nmapping: annex-a\n"
    (project / "dq.yaml").write_text(settings, encoding="utf-8")
    ended = dq_here("run", project, "--out", project / "made")
    assert ended.code == 1, "the gate stops what lacks whole extracts"
    made = {name: (project / "made" / name).read_text(encoding="utf-8") for name in ("scorecard.csv", "rules.csv")}
    return Ran(
        ended.out,
        json.loads((project / "made" / "run.json").read_text(encoding="utf-8")),
        list(csv.DictReader(made["scorecard.csv"].splitlines())),
        {row["rule_id"]: row for row in csv.DictReader(made["rules.csv"].splitlines())},
    )


def test_no_figure_is_made_of_it(ran: Ran) -> None:
    """A child is in care here and one is on a plan: without a word of the mapping four of these would be numbers."""
    notes = {row["indicator_id"]: row["note"] for row in ran.figures}
    assert notes == {
        "cin_seen": "Not available: cin_visits, cla_episodes, cp_plans hold only the latest records.",
        "return_home_interview_timeliness": "Not available: no extract missing_episodes.",
        "cp_visits_timeliness": "Not available: cp_plans, cp_visits hold only the latest records.",
        "cla_count": "Not available: cla_episodes holds only the latest records.",
        "placement_stability_3_plus": PLACEMENTS,
        "placement_stability_2_years": PLACEMENTS,
        "cla_in_house_foster_care": PLACEMENTS,
        "cla_within_20_miles": PLACEMENTS,
    }
    numbers = (
        "numerator", "denominator", "value", "previous_value", "year_ago_value", "r3m_value", "value_low", "value_high",
    )  # fmt: skip
    assert {row[name] for row in ran.figures for name in numbers} == {""}
    assert {row["available"] for row in ran.figures} == {"false"}


def test_rules_still_look_at_it(ran: Ran) -> None:
    flagged = ran.rules["contract.cla_placements.placement_type.codes"]
    assert (flagged["status"], flagged["in_scope"], flagged["flagged"]) == ("flagged", "2", "1")
    assert ran.rules["placement-dates-out-of-order"]["status"] == "passed"


def test_the_run_says_which_it_is(ran: Ran) -> None:
    assert "\n        cla_placements: the latest records only\n" in ran.said
    assert "persons: the latest" not in ran.said
    assert {read["extract"] for read in ran.facts["inputs"] if read["latest_only"]} == LATEST


def test_the_gate_says_so(ran: Ran) -> None:
    said = {check["name"]: check for check in ran.facts["gate"]["checks"]}
    check = said["Every extract holds more than the latest records"]
    assert not check["passed"]
    assert check["says"].startswith("6 extracts hold only the latest records, so no figure is made of them: ")


def test_what_reads_none_of_it_is_not_affected(library: Library) -> None:
    """Nor is anything where every extract has its history."""
    absent = Absent((), (), {"cla_placements"})
    able = {name for name, bound in library.indicators.items() if not absent.reason_for_figure(bound.reads)}
    assert able & set(FIGURES) == {"cla_count", "cin_seen", "cp_visits_timeliness", "return_home_interview_timeliness"}
    assert not any(Absent((), ()).reason_for_figure(bound.reads) for bound in library.indicators.values())
