"""Plans for children in need, their reviews, reviews of protection plans, private fostering."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dq.sample.records.core import Day


@dataclass(slots=True)
class NeedPlan:
    """A plan for a child in need."""

    cin_plan_id: str
    person_id: str
    start_date: Day
    end_date: Day | None
    team_id: str
    worker_id: str
    recorded_on: Day


@dataclass(slots=True)
class NeedReview:
    """A review of a plan for a child in need."""

    review_id: str
    person_id: str
    cin_plan_id: str
    due_date: Day
    held_date: Day | None
    recorded_on: Day


@dataclass(slots=True)
class PlanReview:
    """A review conference of a child protection plan."""

    review_id: str
    person_id: str
    cp_plan_id: str
    due_date: Day
    held_date: Day | None
    continues: str | None
    quorate: str | None
    participation: str | None
    recorded_on: Day


@dataclass(slots=True)
class PrivateFostering:
    """A private fostering arrangement."""

    arrangement_id: str
    person_id: str
    notified_date: Day
    start_date: Day
    end_date: Day | None
    ended_reason: str | None
    postcode: str
    team_id: str
    worker_id: str
    recorded_on: Day


@dataclass(slots=True)
class PrivateFosteringVisit:
    """A visit to a privately fostered child."""

    visit_id: str
    person_id: str
    arrangement_id: str
    due_date: Day
    visit_date: Day | None
    seen: str | None
    seen_alone: str | None
    recorded_on: Day


@dataclass
class PlanRecords:
    """The lists of these records, by extract."""

    cin_plans: list[NeedPlan] = field(default_factory=list)
    cin_reviews: list[NeedReview] = field(default_factory=list)
    cp_reviews: list[PlanReview] = field(default_factory=list)
    private_fostering: list[PrivateFostering] = field(default_factory=list)
    private_fostering_visits: list[PrivateFosteringVisit] = field(default_factory=list)


ROWS: dict[str, type[Any]] = {
    "cin_plans": NeedPlan,
    "cin_reviews": NeedReview,
    "cp_reviews": PlanReview,
    "private_fostering": PrivateFostering,
    "private_fostering_visits": PrivateFosteringVisit,
}
"""Extract → the class of its rows."""
