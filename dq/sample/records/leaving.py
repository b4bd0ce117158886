"""Care leavers, pathway plans, permanence and adoption, adopters and foster carers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dq.sample.records.core import Day


@dataclass(slots=True)
class CareLeaver:
    """What is known now of a young person preparing to leave care, or supported since."""

    status_id: str
    person_id: str
    eligibility: str
    in_touch: str | None
    latest_contact_date: Day | None
    accommodation: str | None
    accommodation_suitable: str | None
    activity: str | None
    pathway_review_date: Day | None
    adviser_id: str | None
    adviser_since: Day | None
    status_date: Day
    recorded_on: Day


@dataclass(slots=True)
class LeaverContact:
    """A contact with a care leaver, or an attempt at one."""

    contact_id: str
    person_id: str
    contact_date: Day
    kind: str
    outcome: str
    worker_id: str | None
    recorded_on: Day


@dataclass(slots=True)
class PathwayPlan:
    """A pathway plan, or a review of one."""

    pathway_plan_id: str
    person_id: str
    plan_date: Day
    review_due: Day
    worker_id: str | None
    recorded_on: Day


@dataclass(slots=True)
class Permanence:
    """A plan of adoption, or an order that gave a child a permanent home."""

    permanence_id: str
    person_id: str
    cla_id: str
    plan_agreed_date: Day | None
    adm_decision_date: Day | None
    placement_order_date: Day | None
    matched_date: Day | None
    adopter_id: str | None
    placed_date: Day | None
    reversed_date: Day | None
    reversed_reason: str | None
    order_date: Day | None
    order_type: str | None
    recorded_on: Day


@dataclass(slots=True)
class Adopter:
    """The journey of a household that asked to adopt."""

    adopter_id: str
    team_id: str
    source_agency: str
    enquiry_date: Day
    response_date: Day | None
    registration_date: Day | None
    stage_1_ended: Day | None
    stage_2_started: Day | None
    panel_date: Day | None
    approved_date: Day | None
    matched_date: Day | None
    closed_date: Day | None
    closed_reason: str | None
    recorded_on: Day


@dataclass(slots=True)
class FosterEnquiry:
    """An enquiry about fostering."""

    enquiry_id: str
    household_id: str
    team_id: str
    enquiry_date: Day
    response_date: Day | None
    information_requested: Day | None
    information_received: Day | None
    visit_allocated: Day | None
    visit_completed: Day | None
    outcome: str | None
    closed_date: Day | None
    recorded_on: Day


@dataclass(slots=True)
class FosterAssessment:
    """An assessment of a household that applied to foster."""

    assessment_id: str
    household_id: str
    team_id: str
    stage_1_opened: Day
    stage_1_completed: Day | None
    stage_2_opened: Day | None
    stage_2_completed: Day | None
    checks_completed: Day | None
    panel_date: Day | None
    decision_date: Day | None
    outcome: str | None
    recorded_on: Day


@dataclass(slots=True)
class FosterCarer:
    """A household approved to foster."""

    household_id: str
    team_id: str
    worker_id: str | None
    provider: str
    kind: str
    approved_date: Day
    places: str
    last_review_date: Day | None
    ended_date: Day | None
    ended_reason: str | None
    recorded_on: Day


@dataclass
class LeavingRecords:
    """The lists of these records, by extract."""

    care_leavers: list[CareLeaver] = field(default_factory=list)
    care_leaver_contacts: list[LeaverContact] = field(default_factory=list)
    pathway_plans: list[PathwayPlan] = field(default_factory=list)
    permanence: list[Permanence] = field(default_factory=list)
    adopters: list[Adopter] = field(default_factory=list)
    foster_enquiries: list[FosterEnquiry] = field(default_factory=list)
    foster_assessments: list[FosterAssessment] = field(default_factory=list)
    foster_carers: list[FosterCarer] = field(default_factory=list)


ROWS: dict[str, type[Any]] = {
    "care_leavers": CareLeaver,
    "care_leaver_contacts": LeaverContact,
    "pathway_plans": PathwayPlan,
    "permanence": Permanence,
    "adopters": Adopter,
    "foster_enquiries": FosterEnquiry,
    "foster_assessments": FosterAssessment,
    "foster_carers": FosterCarer,
}
"""Extract → the class of its rows."""
