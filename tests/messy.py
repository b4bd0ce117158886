"""Folders as case-management systems leave them: other names for files, headings and some values.

The records are those of a sample authority.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

Headed = Mapping[str, str | None]
"""Heading there → our column, or None for what no extract holds."""

Messy = Mapping[str, tuple[str, Headed]]
"""File → the extract it holds, and its headings."""

REPORTS: Messy = {
    "Mosaic Client Details": (
        "persons",
        {
            "MOSAIC_ID": "person_id",
            "FORENAME": None,
            "NHS_NO": "common_child_id",
            "DATE_OF_BIRTH": "dob",
            "GENDER": "sex",
            "ETHNIC_ORIGIN": "ethnicity",
            "DT_OF_DEATH": "death_date",
            "UASC_FLAG": "uasc",
            "DATE_CREATED": "recorded_on",
        },
    ),
    "Address history": (
        "addresses",
        {
            "Address Ref": "address_id",
            "Client ID": "person_id",
            "Type of Address": "address_type",
            "Date From": "start_date",
            "Date To": "end_date",
            "Post Code": "postcode",
            "Created On": "recorded_on",
        },
    ),
    "Org Units": (
        "teams",
        {"Org Unit ID": "team_id", "Org Unit Name": "team_name", "Parent Unit": "parent_id", "Cost Centre": None},
    ),
    "Staff list": (
        "workers",
        {
            "Staff ID": "worker_id",
            "Post Title": "job_title",
            "FTE": "full_time_equivalency",
            "Agency": "agency_worker",
            "Org Unit": "team_id",
            "Start Dt": "start_date",
            "End Dt": "end_date",
        },
    ),
    "Worker involvement": (
        "involvements",
        {
            "INVOLVEMENT_REF": "involvement_id",
            "PERSON_ID": "person_id",
            "WORKER_ID": "worker_id",
            "ROLE": "role",
            "ORG_UNIT_ID": "team_id",
            "STARTED": "start_date",
            "ENDED": "end_date",
            "REASON_FOR_CHANGE": "change_reason",
            "CASE_TYPE": "case_type",
            "ENTERED_ON": "recorded_on",
        },
    ),
    "CIN Home Visits": (
        "cin_visits",
        {
            "VisitRef": "visit_id",
            "ChildId": "person_id",
            "DateOfVisit": "visit_date",
            "ChildSeen": "seen",
            "SeenAlone": "seen_alone",
            "DateRecorded": "recorded_on",
            "VisitNotes": None,
        },
    ),
    "CP Plan List": (
        "cp_plans",
        {
            "CPP Ref": "cp_plan_id",
            "LCS Number": "person_id",
            "CP Plan Started": "start_date",
            "CP Plan Ended": "end_date",
            "Initial Category": "initial_category",
            "Current Category": "latest_category",
            "Input Date": "recorded_on",
        },
    ),
    "CP stat visits": (
        "cp_visits",
        {
            "Visit No": "visit_id",
            "LCS Number": "person_id",
            "CPP Ref": "cp_plan_id",
            "Visit Date": "visit_date",
            "Seen?": "seen",
            "Seen Alone?": "seen_alone",
            "Input Date": "recorded_on",
        },
    ),
    "LAC Episodes": (
        "cla_episodes",
        {
            "EpisodeId": "episode_id",
            "ChildId": "person_id",
            "LacPeriodId": "cla_id",
            "EpisodeStartDate": "start_date",
            "ReasonForNewEpisode": "start_reason",
            "CategoryOfNeed": "primary_need",
            "EpisodeEndDate": "ceased_date",
            "ReasonEpisodeCeased": "ceased_reason",
            "CreatedDate": "recorded_on",
        },
    ),
    "LAC Placements": (
        "cla_placements",
        {
            "PlacementId": "placement_id",
            "ChildId": "person_id",
            "LacPeriodId": "cla_id",
            "PlacementStartDate": "start_date",
            "PlacementEndDate": "end_date",
            "PlacementType": "placement_type",
            "PlacementProvider": "provider",
            "PlacementPostCode": "postcode",
            "ReasonPlacementChanged": "change_reason",
            "CreatedDate": "recorded_on",
            "PlacementAddressLine1": None,
        },
    ),
    "LAC Stat Visits": (
        "cla_visits",
        {
            "Visit Reference": "visit_id",
            "Child ID": "person_id",
            "LAC Period ID": "cla_id",
            "Date of Visit": "visit_date",
            "Was child seen": "seen",
            "Was child seen alone": "seen_alone",
            "Recorded Date": "recorded_on",
        },
    ),
    "Missing Children": (
        "missing_episodes",
        {
            "Missing Ref": "missing_episode_id",
            "Child Ref": "person_id",
            "Missing From Date": "start_date",
            "Date Returned": "end_date",
            "Missing / Absent": "episode_type",
            "RHI Offered": "rhi_offered",
            "RHI Accepted": "rhi_accepted",
            "RHI Status": "rhi_status",
            "RHI Date": "rhi_date",
            "Logged On": "recorded_on",
        },
    ),
}
"""As reports are: in the ways of Mosaic (capitals and underscores), Liquidlogic (words run together), and of people."""

TABLES: Messy = {
    "clients": (
        "persons",
        {
            "clientno": "person_id", "surname": None, "nhs": "common_child_id", "birth_dt": "dob", "sex_code": "sex",
            "ethnicity_code": "ethnicity", "deceased_dt": "death_date", "asylum_seeker_ind": "uasc",
            "create_dt": "recorded_on",
        },
    ),
    "client addresses": (
        "addresses",
        {
            "addr_seq": "address_id", "clientno": "person_id", "addr_kind": "address_type", "valid_from": "start_date",
            "valid_to": "end_date", "pcode": "postcode", "create_dt": "recorded_on",
        },
    ),
    "structure": ("teams", {"team_cd": "team_id", "team_desc": "team_name", "parent_team_cd": "parent_id"}),
    "workforce": (
        "workers",
        {
            "worker_no": "worker_id", "grade": "job_title", "contracted_fte": "full_time_equivalency",
            "is_agency": "agency_worker", "team_cd": "team_id", "joined": "start_date", "left": "end_date",
        },
    ),
    "allocations": (
        "involvements",
        {
            "alloc_id": "involvement_id", "clientno": "person_id", "worker_no": "worker_id", "alloc_role": "role",
            "team_cd": "team_id", "alloc_start": "start_date", "alloc_end": "end_date",
            "alloc_end_reason": "change_reason", "open_as": "case_type", "create_dt": "recorded_on",
        },
    ),
    "cin contacts": (
        "cin_visits",
        {
            "contact_id": "visit_id", "clientno": "person_id", "contact_dt": "visit_date", "child_seen_yn": "seen",
            "seen_alone_yn": "seen_alone", "create_dt": "recorded_on",
        },
    ),
    "cpplans": (
        "cp_plans",
        {
            "cpplan_no": "cp_plan_id", "clientno": "person_id", "plan_start": "start_date", "plan_end": "end_date",
            "abuse_cat_initial": "initial_category", "abuse_cat_latest": "latest_category", "create_dt": "recorded_on",
        },
    ),
    "cp contacts": (
        "cp_visits",
        {
            "contact_id": "visit_id", "clientno": "person_id", "cpplan_no": "cp_plan_id", "contact_dt": "visit_date",
            "child_seen_yn": "seen", "seen_alone_yn": "seen_alone", "create_dt": "recorded_on",
        },
    ),
    "ssda903 episodes": (
        "cla_episodes",
        {
            "episode_no": "episode_id", "clientno": "person_id", "poc_id": "cla_id", "DECOM": "start_date",
            "RNE": "start_reason", "CIN": "primary_need", "DEC": "ceased_date", "REC": "ceased_reason",
            "create_dt": "recorded_on",
        },
    ),
    "placements": (
        "cla_placements",
        {
            "placement_no": "placement_id", "clientno": "person_id", "poc_id": "cla_id", "plc_start": "start_date",
            "plc_end": "end_date", "PLACE": "placement_type", "PLACE_PROVIDER": "provider", "PL_POST": "postcode",
            "REASON_PLACE_CHANGE": "change_reason", "create_dt": "recorded_on",
        },
    ),
    "cic contacts": (
        "cla_visits",
        {
            "contact_id": "visit_id", "clientno": "person_id", "poc_id": "cla_id", "contact_dt": "visit_date",
            "child_seen_yn": "seen", "seen_alone_yn": "seen_alone", "create_dt": "recorded_on",
        },
    ),
    "misper": (
        "missing_episodes",
        {
            "misper_no": "missing_episode_id", "clientno": "person_id", "misper_from": "start_date",
            "misper_until": "end_date", "misper_type": "episode_type", "rhi_offered_yn": "rhi_offered",
            "rhi_accepted_yn": "rhi_accepted", "rhi_state": "rhi_status", "rhi_held_on": "rhi_date",
            "create_dt": "recorded_on",
        },
    ),
}  # fmt: skip
"""As a database's own tables are: short names, run together. Written before any of it was tried: 46 of the 92 headings
were then proposed right."""

SAID = {"sex": {"1": "Male", "2": "Female"}}
"""Column → our code → what the messy files hold in its place."""
NOTE = "kept at home"
"""What every cell of a column holds that we do not know."""


def write_messy(folder: Path, sample: Path, messy: Messy) -> None:
    """Write the extracts of ``sample`` into ``folder`` under other names."""
    folder.mkdir(parents=True)
    for name, (extract, headed) in messy.items():
        with (sample / f"{extract}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(headed)
            writer.writerows([_cell(row, column) for column in headed.values()] for row in rows)


def _cell(row: Mapping[str, str], column: str | None) -> str:
    return NOTE if column is None else SAID.get(column, {}).get(row[column], row[column])
