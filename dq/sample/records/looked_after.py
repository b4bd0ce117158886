"""Legal status, reviews, care plans, the reviewing officer's visits, care proceedings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dq.sample.records.core import Day


@dataclass(slots=True)
class LegalStatus:
    """A spell for which a child in care had one legal status."""

    legal_status_id: str
    person_id: str
    legal_status: str
    start_date: Day
    end_date: Day | None
    recorded_on: Day


@dataclass(slots=True)
class Review:
    """A review of a child in care, held or planned."""

    review_id: str
    person_id: str
    cla_id: str
    due_date: Day
    held_date: Day | None
    cancelled: str
    participation: str | None
    recorded_on: Day


@dataclass(slots=True)
class CarePlan:
    """A spell for which a care plan was in force."""

    care_plan_id: str
    person_id: str
    start_date: Day
    end_date: Day | None
    permanence_plan: str | None
    recorded_on: Day


@dataclass(slots=True)
class OfficerVisit:
    """A visit by the independent reviewing officer."""

    visit_id: str
    person_id: str
    worker_id: str | None
    visit_date: Day
    seen: str
    recorded_on: Day


@dataclass(slots=True)
class Proceedings:
    """A child's case before the family court."""

    proceedings_id: str
    person_id: str
    issue_date: Day
    final_hearing_date: Day | None
    end_date: Day | None
    outcome: str | None
    recorded_on: Day


@dataclass(slots=True)
class PreProceedings:
    """A child's time in pre-proceedings."""

    pre_proceedings_id: str
    person_id: str
    decision_date: Day
    letter_date: Day | None
    meeting_date: Day | None
    end_date: Day | None
    outcome: str | None
    recorded_on: Day


@dataclass(slots=True)
class Notification:
    """A message telling one service that a child came into care."""

    notification_id: str
    person_id: str
    cla_id: str
    recipient: str
    sent_date: Day
    recorded_on: Day


@dataclass(slots=True)
class PreviousPermanence:
    """What permanent home a child who came into care had before."""

    previous_permanence_id: str
    person_id: str
    permanence_option: str
    order_date: str | None
    authority_code: str | None
    recorded_on: Day


@dataclass
class LookedAfterRecords:
    """The lists of these records, by extract."""

    legal_statuses: list[LegalStatus] = field(default_factory=list)
    cla_reviews: list[Review] = field(default_factory=list)
    care_plans: list[CarePlan] = field(default_factory=list)
    iro_visits: list[OfficerVisit] = field(default_factory=list)
    care_proceedings: list[Proceedings] = field(default_factory=list)
    pre_proceedings: list[PreProceedings] = field(default_factory=list)
    notifications: list[Notification] = field(default_factory=list)
    previous_permanence: list[PreviousPermanence] = field(default_factory=list)


ROWS: dict[str, type[Any]] = {
    "legal_statuses": LegalStatus,
    "cla_reviews": Review,
    "care_plans": CarePlan,
    "iro_visits": OfficerVisit,
    "care_proceedings": Proceedings,
    "pre_proceedings": PreProceedings,
    "notifications": Notification,
    "previous_permanence": PreviousPermanence,
}
"""Extract → the class of its rows."""
