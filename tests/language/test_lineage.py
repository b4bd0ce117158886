"""What views read, worked out by hand from their SQL.

A pair (extract, column) is written ``extract.column``, several of one extract ``extract.one,two``.
"""

from __future__ import annotations

import pytest

from dq.language.lineage import Reads
from dq.library.load import load_library
from dq.library.policy import Library
from tests.conftest import Folder


def _pairs(text: str) -> Reads:
    """Return the pairs a text names."""
    named = [part.split(".") for part in text.split()]
    return frozenset((extract, column) for extract, columns in named for column in columns.split(","))


CELLS = [
    ("allocations", "end_date", "involvements.end_date"),
    ("allocation_now", "team_id", "involvements.team_id"),
    ("periods_of_care", "left_care", "cla_episodes.ceased_date"),
    ("periods_of_care", "entered_care", "cla_episodes.start_date"),
    ("children_in_care", "provider", "cla_placements.provider"),
    ("children_in_care", "placement_start", "cla_placements.start_date"),
    ("children_in_care", "age", "persons.dob"),
    ("children_in_care", "is_uasc", "persons.uasc"),
    ("children_in_care", "home_postcode", "addresses.postcode"),
    ("children_in_care", "home_address_id", "addresses.address_id"),
    ("children_in_care", "last_visit_on", "cla_visits.visit_date"),
    ("children_in_care", "team_id", "involvements.team_id"),
    ("children_in_care", "miles_from_home", ""),  # from the postcode directory, which is no extract
    ("children_in_need", "last_seen_on", "cin_visits.visit_date"),
    ("children_on_plans", "last_visit_on", "cp_visits.visit_date"),
    ("missing_returns", "interviewed_on", "missing_episodes.rhi_date"),
    ("missing_returns", "found_on", "missing_episodes.end_date"),
    ("missing_returns", "team_id", "involvements.team_id"),
    ("open_cases", "open_since", "involvements.start_date cla_episodes.start_date cp_plans.start_date"),
    ("persons_alike", "others_with_same_number", "persons.common_child_id"),
    ("visits_under_plans", "plan_start", "cp_plans.start_date"),
]


@pytest.mark.parametrize(("view", "column", "cells"), CELLS, ids=[f"{v}.{c}" for v, c, _ in CELLS])
def test_the_cells_a_column_takes_its_value_from(library: Library, view: str, column: str, cells: str) -> None:
    assert library.tables.cells(view, [column]) == _pairs(cells)


ROWS = [
    ("allocations", "involvements.involvement_id,role,start_date"),
    ("allocation_now", "involvements.involvement_id,role,start_date,end_date,person_id"),
    ("periods_of_care", "cla_episodes.episode_id,cla_id,start_date"),
    ("children_in_care", "cla_episodes.episode_id,cla_id,start_date,ceased_date,person_id"),
    ("children_on_plans", "cp_plans.cp_plan_id,start_date,end_date"),
    (
        "children_in_need",
        "involvements.involvement_id,role,start_date,end_date,person_id,case_type "
        "cp_plans.cp_plan_id,start_date,end_date,person_id "
        "cla_episodes.episode_id,cla_id,start_date,ceased_date,person_id",
    ),
    ("missing_returns", "missing_episodes.missing_episode_id,end_date"),
    ("visits_under_plans", "cp_visits.visit_id,cp_plan_id cp_plans.cp_plan_id"),
    ("persons_alike", "persons.person_id,common_child_id"),
    ("placements_in_order", "cla_placements.placement_id,start_date"),
]


@pytest.mark.parametrize(("view", "reads"), ROWS, ids=[view for view, _ in ROWS])
def test_what_decides_which_rows_a_view_has(library: Library, view: str, reads: str) -> None:
    assert library.tables.reads[view].rows == _pairs(reads)


COLUMNS = [
    ("allocation_now", "team_id", "involvements.team_id"),
    ("children_in_need", "last_seen_on", "cin_visits.visit_id,visit_date,seen,person_id involvements.person_id"),
    ("children_on_plans", "last_visit_on", "cp_visits.visit_id,visit_date,cp_plan_id cp_plans.cp_plan_id"),
    (
        "placements_in_order",
        "previous_placement_id",
        "cla_placements.placement_id,person_id,cla_id,start_date,end_date",
    ),
    ("placements_in_order", "latest_end_before", "cla_placements.placement_id,person_id,cla_id,start_date,end_date"),
    ("cp_visits_due", "due_from", "cp_visits.visit_id,visit_date,cp_plan_id cp_plans.start_date"),
    (
        "missing_returns",
        "team_id",
        "missing_episodes.missing_episode_id,person_id,end_date "
        "involvements.involvement_id,role,start_date,end_date,person_id,team_id",
    ),
    (
        "children_in_care",
        "provider",
        "cla_placements.placement_id,person_id,cla_id,start_date,end_date,provider cla_episodes.person_id,cla_id",
    ),
    ("children_in_care", "age", "persons.person_id,dob cla_episodes.person_id"),
]


@pytest.mark.parametrize(("view", "column", "reads"), COLUMNS, ids=[f"{v}.{c}" for v, c, _ in COLUMNS])
def test_all_a_column_depends_on(library: Library, view: str, column: str, reads: str) -> None:
    assert library.tables.reads[view].columns[column] == _pairs(reads)


def test_distance_depends_on_both_addresses_and_on_nothing_of_the_child(library: Library) -> None:
    reads = library.tables.reads["children_in_care"].columns["miles_from_home"]
    assert reads >= _pairs(
        "addresses.address_id,postcode,address_type,start_date,person_id "
        "cla_placements.placement_id,postcode,start_date,end_date,person_id,cla_id"
    )
    assert {extract for extract, _ in reads} == {"addresses", "cla_placements", "cla_episodes"}
    assert not reads & _pairs("addresses.end_date,recorded_on cla_placements.provider,placement_type,change_reason")


FEEDS = [
    ("cin-child-seen-missing", "cin_seen"),
    ("cla-child-seen-missing", ""),
    ("home-postcode-missing", "cla_within_20_miles"),
    ("placement-postcode-impossible", "cla_within_20_miles"),
    ("uasc-not-recorded", "cla_in_house_foster_care cla_within_20_miles"),
    ("interview-completed-without-date", "return_home_interview_timeliness"),
    ("contract.cla_placements.provider.codes", "cla_in_house_foster_care"),
    ("contract.cla_placements.change_reason.codes", ""),
    (
        "contract.cla_placements.placement_type.required",
        "cla_in_house_foster_care cla_within_20_miles placement_stability_3_plus",
    ),
    ("contract.persons.dob.required", "placement_stability_2_years"),
    ("contract.cp_visits.visit_date.readable", "cp_visits_timeliness"),
    (
        "ceased-without-reason",
        "",
    ),
    (
        "contract.cla_episodes.ceased_date.readable",
        "cin_seen cla_count cla_in_house_foster_care cla_within_20_miles placement_stability_2_years "
        "placement_stability_3_plus",
    ),
]


@pytest.mark.parametrize(("rule", "indicators"), FEEDS, ids=[rule for rule, _ in FEEDS])
def test_which_indicators_a_rule_feeds(library: Library, rule: str, indicators: str) -> None:
    assert sorted(library.rules[rule].feeds) == indicators.split()


OWN_VIEWS = {
    "either": """-- one row: a visit of either kind
-- key: id
select visit_id as id, person_id, visit_date as day from cin_visits where seen = 'Y'
union all
select v.visit_id, v.person_id, v.recorded_on from cla_visits v
""",
    "latest": """-- one row: a child with a visit of either kind
-- key: person_id
with latest as (select person_id, max(day) as day from either group by person_id)
select person.person_id, latest.day, person.dob
from persons person inner join latest on latest.person_id = person.person_id
""",
}


@pytest.fixture(scope="module")
def own(project_folder: Folder) -> Library:
    return load_library(
        "casework", project_folder({f"data/casework/views/{n}.sql": text for n, text in OWN_VIEWS.items()})
    )


def test_the_two_sides_of_a_union_by_position(own: Library) -> None:
    reads = own.tables.reads["either"]
    assert reads.rows == _pairs("cin_visits.visit_id,seen cla_visits.visit_id")
    assert reads.cells["day"] == _pairs("cin_visits.visit_date cla_visits.recorded_on")
    assert reads.columns["person_id"] == _pairs("cin_visits.person_id cla_visits.person_id")


def test_through_a_common_table_a_view_and_an_inner_join(own: Library) -> None:
    reads = own.tables.reads["latest"]
    assert reads.rows == _pairs("cin_visits.visit_id,seen,person_id cla_visits.visit_id,person_id persons.person_id")
    assert reads.cells["day"] == _pairs("cin_visits.visit_date cla_visits.recorded_on")
    assert reads.columns["dob"] == _pairs("persons.dob")
