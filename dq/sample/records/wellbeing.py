"""Health, education and offending of children in care. Numbers are kept as they are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dq.sample.records.core import Day


@dataclass(slots=True)
class HealthCheck:
    """A health assessment, dental check or eye test."""

    health_check_id: str
    person_id: str
    check_type: str
    check_date: Day | None
    status: str
    refused_date: Day | None
    due_date: Day | None
    date_source: str
    out_of_area: str | None
    recorded_on: Day


@dataclass(slots=True)
class HealthRequest:
    """A request to the health service for an assessment."""

    request_id: str
    person_id: str
    cla_id: str
    request_kind: str
    sent_date: Day
    consent_received: str | None
    recorded_on: Day


@dataclass(slots=True)
class Immunisation:
    """Whether a child's immunisations are up to date."""

    person_id: str
    up_to_date: str
    status_date: Day
    recorded_on: Day


@dataclass(slots=True)
class Questionnaire:
    """A strengths and difficulties questionnaire (SDQ)."""

    sdq_id: str
    person_id: str
    completed_date: Day
    score: str | None
    reason: str | None
    recorded_on: Day


@dataclass(slots=True)
class SubstanceMisuse:
    """A substance misuse problem, and the help offered."""

    misuse_id: str
    person_id: str
    identified_date: Day
    received: str
    offered: str
    accepted: str
    refused: str
    recorded_on: Day


@dataclass(slots=True)
class Offence:
    """An offence and its outcome."""

    offence_id: str
    person_id: str
    offence_date: Day
    outcome: str | None
    outcome_date: Day | None
    recorded_on: Day


@dataclass(slots=True)
class EducationPlan:
    """A personal education plan (PEP), held or due."""

    pep_id: str
    person_id: str
    kind: str
    due_date: Day
    meeting_date: Day | None
    quality: str | None
    recorded_on: Day


@dataclass(slots=True)
class SchoolPlace:
    """A spell on the roll of a school."""

    place_id: str
    person_id: str
    urn: str
    school_kind: str
    main_place: str
    start_date: Day
    end_date: Day | None
    hours_a_week: str
    part_time_reason: str | None
    recorded_on: Day


@dataclass(slots=True)
class Attendance:
    """A child's month at school, in sessions."""

    attendance_id: str
    person_id: str
    month: Day
    possible: str
    attended: str
    authorised: str
    unauthorised: str
    recorded_on: Day


@dataclass(slots=True)
class Result:
    """A result in one subject."""

    result_id: str
    person_id: str
    stage: str
    subject: str
    academic_year: str
    grade: str
    met_standard: str
    recorded_on: Day


@dataclass(slots=True)
class SpecialNeedsPlan:
    """An education, health and care (EHC) plan."""

    ehc_plan_id: str
    person_id: str
    requested_date: Day
    issued_date: Day
    last_review_date: Day | None
    ceased_date: Day | None
    recorded_on: Day


@dataclass
class WellbeingRecords:
    """The lists of these records, by extract."""

    health_checks: list[HealthCheck] = field(default_factory=list)
    health_requests: list[HealthRequest] = field(default_factory=list)
    immunisations: list[Immunisation] = field(default_factory=list)
    sdq_scores: list[Questionnaire] = field(default_factory=list)
    substance_misuse: list[SubstanceMisuse] = field(default_factory=list)
    offences: list[Offence] = field(default_factory=list)
    peps: list[EducationPlan] = field(default_factory=list)
    school_places: list[SchoolPlace] = field(default_factory=list)
    attendance: list[Attendance] = field(default_factory=list)
    attainment: list[Result] = field(default_factory=list)
    ehc_plans: list[SpecialNeedsPlan] = field(default_factory=list)


ROWS: dict[str, type[Any]] = {
    "health_checks": HealthCheck,
    "health_requests": HealthRequest,
    "immunisations": Immunisation,
    "sdq_scores": Questionnaire,
    "substance_misuse": SubstanceMisuse,
    "offences": Offence,
    "peps": EducationPlan,
    "school_places": SchoolPlace,
    "attendance": Attendance,
    "attainment": Result,
    "ehc_plans": SpecialNeedsPlan,
}
"""Extract → the class of its rows."""
