"""Extracts as they stood on a day: without the rows whose events came later, or what is known only from a later day.

By the day of the event, never by the day it was recorded. Only extracts that figures read are here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from dq.library.policy import Library
from dq.workspace import name

_Told = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Known:
    """Which days the rows of an extract hang on.

    ``since``: a row is there from the first of these days on: a review from the day it was due, or was held.
    ``told``: a day → what is known only from then on, and the day itself. ``ahead``: days that are set beforehand.
    """

    since: tuple[str, ...] = ()
    told: _Told = field(default_factory=dict)
    ahead: tuple[str, ...] = ()


def _spell(*ended: str, since: str = "start_date", until: str = "end_date") -> Known:
    return Known((since,), {until: ended})


def _held(day: str, *told: str) -> Known:
    """Return the days of what was due, and then held."""
    return Known(("due_date", day), {day: told}, ("due_date",))


def _steps(first: str, *steps: str, **told: tuple[str, ...]) -> Known:
    return Known((first,), dict.fromkeys(steps, ()) | told)


_DECISIONS = (
    "plan_agreed_date",
    "adm_decision_date",
    "placement_order_date",
    "matched_date",
    "placed_date",
    "order_date",
)
KNOWN = {
    "addresses": _spell(),
    "adopters": _steps(
        "enquiry_date", "response_date", "registration_date", "stage_1_ended", "stage_2_started", "panel_date",
        "approved_date", "matched_date", closed_date=("closed_reason",),
    ),
    "assessments": _steps("start_date", "seen_date", authorised_date=("child_seen", "outcome")),
    "attainment": Known(("make_date(academic_year, 8, 31)",)),
    "attendance": Known(("month",)),
    # The list is of now: who is on it and what kind of care leaver they are is all that it says of an earlier day.
    "care_leavers": Known((), {
        "status_date": ("in_touch", "accommodation", "accommodation_suitable", "activity"),
        "latest_contact_date": (), "pathway_review_date": (), "adviser_since": ("adviser_id",),
    }, ("status_date",)),
    "care_proceedings": Known(("issue_date",), {"end_date": ("outcome",)}, ("final_hearing_date",)),
    "case_audits": _held("completed_date", "grade"),
    "child_population": Known(("published_on",)),
    "cin_plans": _spell(),
    "cin_reviews": _held("held_date"),
    "cin_visits": Known(("visit_date",)),
    "cla_episodes": _spell("ceased_reason", until="ceased_date"),
    "cla_placements": _spell("change_reason"),
    "cla_reviews": _held("held_date", "participation"),
    "cla_visits": Known(("visit_date",)),
    "contacts": Known(("received_at",), {"decided_at": ("outcome",)}),
    "cp_plans": _spell(),
    "cp_reviews": _held("held_date", "continues", "quorate", "participation"),
    "cp_visits": Known(("visit_date",)),
    "early_help_panels": Known(("panel_date",)),
    "foster_assessments": _steps(
        "stage_1_opened", "stage_1_completed", "stage_2_opened", "stage_2_completed", "checks_completed", "panel_date",
        decision_date=("outcome",),
    ),
    "foster_carers": _steps("approved_date", "last_review_date", ended_date=("ended_reason",)),
    "foster_enquiries": _steps(
        "enquiry_date", "response_date", "information_requested", "information_received", "visit_allocated",
        "visit_completed", closed_date=("outcome",),
    ),
    "graded_reports": Known(("report_date",)),
    "health_checks": Known(
        ("check_date", "refused_date", "due_date"),
        {"check_date": ("status", "date_source", "out_of_area"), "refused_date": ("status",)},
        ("due_date",),
    ),
    "health_requests": Known(("sent_date",)),
    "initial_conferences": Known(
        ("target_date", "conference_date"), {"conference_date": ("outcome_plan", "cp_plan_id")}, ("target_date",)
    ),
    "involvements": _spell("change_reason"),
    "iro_visits": Known(("visit_date",)),
    "legal_statuses": _spell(),
    "management_oversights": Known(("oversight_date",)),
    "missing_episodes": _steps(
        "start_date", rhi_offered_date=("rhi_offered", "rhi_accepted"), rhi_date=("rhi_status",),
        end_date=("rhi_offered", "rhi_accepted", "rhi_status"),
    ),
    "offences": Known(("offence_date",), {"outcome_date": ("outcome",)}),
    "pathway_plans": Known(("plan_date",), {}, ("review_due",)),
    "peps": _held("meeting_date", "quality"),
    "permanence": Known(_DECISIONS, dict.fromkeys(_DECISIONS, ()) | {
        "matched_date": ("adopter_id",), "order_date": ("order_type",), "reversed_date": ("reversed_reason",),
    }),
    # A child yet to be born is recorded with the day that is expected.
    "persons": Known((), {"dob": (), "death_date": ()}, ("expected_dob",)),
    "posts": _spell(),
    # An arrangement may be notified before it begins.
    "private_fostering": Known(("notified_date", "start_date"), {"end_date": ("ended_reason",)}, ("start_date",)),
    "private_fostering_visits": _held("visit_date", "seen", "seen_alone"),
    "referrals": _steps("referral_date", decision_date=("nfa",), closed_date=("closed_reason",)),
    "s47_enquiries": _spell("child_seen", "outcome"),
    "school_places": _spell(),
    "substance_misuse": Known(("identified_date",)),
    "supervisions": _held("held_date"),
    # Teams and staff are listed as they are now: an ending that is yet to come is all that can be taken from them.
    "teams": Known((), {"end_date": ("successor_id",)}, ("start_date",)),
    "workers": Known((), {"end_date": ()}, ("start_date",)),
}  # fmt: skip


def put_off(library: Library, days: int) -> dict[str, str]:
    """Return extract → a query for it in a slow authority: whatever ends or follows does so many days later."""
    return {
        extract: _replaced(extract, "recorded", [
            f"CAST({column} + INTERVAL {days} DAY AS {library.contracts[extract].columns[column].type.sql}) AS {column}"
            for column in sorted(known.told.keys() - {*known.ahead, "dob"})
        ])
        for extract, known in KNOWN.items()
    }  # fmt: skip


def as_known(day: dt.date, schema: str) -> dict[str, str]:
    """Return extract → a query for what of it had happened by the end of a day."""
    return {extract: _cut(extract, known, day, schema) for extract, known in KNOWN.items()}


def _cut(extract: str, known: Known, day: dt.date, schema: str) -> str:
    later: dict[str, list[str]] = {}
    for column, told in known.told.items():
        for cell in {column, *told} - set(known.ahead):
            later.setdefault(cell, []).append(_is_after(column, day))
    cells = [f"CASE WHEN NOT ({' OR '.join(when)}) THEN {cell} END AS {cell}" for cell, when in sorted(later.items())]
    if extract == "persons":
        cells.append("coalesce(expected_dob, dob) AS expected_dob")
    first = f"least({', '.join(known.since)})" if len(known.since) > 1 else "".join(known.since)
    there = f"NOT {_is_after(first, day)}" if first else "true"
    return f"{_replaced(extract, schema, cells)} WHERE {there}"


def _replaced(extract: str, schema: str, cells: list[str]) -> str:
    said = f"* REPLACE ({', '.join(cells)})" if cells else "*"
    return f"SELECT {said} FROM {schema}.{name(extract)}"


def _is_after(column: str, day: dt.date) -> str:
    return f"coalesce(CAST({column} AS DATE) > DATE '{day}', false)"
