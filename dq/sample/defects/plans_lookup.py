"""Plans with their reviews, and private fostering with its visits, looked up by what can go wrong with them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeAlias, TypeVar

from dq.sample.calendar import age, birthday
from dq.sample.defects.defect import Defect, change
from dq.sample.defects.scene import Scene, text
from dq.sample.records import Involvement, Plan
from dq.sample.records.plans import NeedPlan, NeedReview, PlanReview, PrivateFostering, PrivateFosteringVisit

YEAR = 365
GROWN = (18, 20)
LATE_WORKING_DAYS = (6, 9)
Carriers: TypeAlias = Callable[[Scene, str], Iterator[Defect]]


class _Spell(Protocol):
    person_id: str
    start_date: dt.date
    end_date: dt.date | None


class _Review(Protocol):
    review_id: str
    person_id: str
    due_date: dt.date
    held_date: dt.date | None


PlanT = TypeVar("PlanT", bound=_Spell)
ReviewT = TypeVar("ReviewT", bound=_Review)


@dataclass(frozen=True)
class Reviewed(Generic[PlanT, ReviewT]):
    """A plan with the reviews held of it in order of time, and the one to come where the plan is open."""

    plan: PlanT
    held: list[ReviewT]
    to_come: ReviewT | None

    @property
    def child(self) -> str:
        """Return whose plan it is."""
        return self.plan.person_id

    @property
    def is_open(self) -> bool:
        """Return whether the plan is open at the period end."""
        return self.plan.end_date is None


@dataclass(frozen=True)
class Fostered:
    """A private fostering arrangement with the visits made in order of time, and the one to come where it is open."""

    arrangement: PrivateFostering
    made: list[PrivateFosteringVisit]
    to_come: PrivateFosteringVisit | None

    @property
    def child(self) -> str:
        """Return who is fostered."""
        return self.arrangement.person_id

    @property
    def key(self) -> str:
        """Return the key of the arrangement."""
        return self.arrangement.arrangement_id

    @property
    def is_open(self) -> bool:
        """Return whether the arrangement is open at the period end."""
        return self.arrangement.end_date is None


def need_plans(scene: Scene) -> Iterator[Reviewed[NeedPlan, NeedReview]]:
    """Yield the plans for children in need."""
    return _reviewed(
        scene.records.cin_plans, scene.records.cin_reviews, lambda p: p.cin_plan_id, lambda r: r.cin_plan_id
    )


def protection_plans(scene: Scene) -> Iterator[Reviewed[Plan, PlanReview]]:
    """Yield the child protection plans."""
    return _reviewed(scene.records.cp_plans, scene.records.cp_reviews, lambda p: p.cp_plan_id, lambda r: r.cp_plan_id)


def _reviewed(
    plans: Iterable[PlanT],
    reviews: Iterable[ReviewT],
    key: Callable[[PlanT], str],
    under: Callable[[ReviewT], str],
) -> Iterator[Reviewed[PlanT, ReviewT]]:
    found: dict[str, list[ReviewT]] = defaultdict(list)
    for review in reviews:
        found[under(review)].append(review)
    for plan in plans:
        own = found[key(plan)]
        to_come = next((review for review in own if review.held_date is None), None)
        yield Reviewed(plan, [review for review in own if review.held_date is not None], to_come)


def recent_plans(scene: Scene) -> list[Plan]:
    """Return the protection plans that are open, or ended in the last twelve months."""
    return [plan for plan in scene.records.cp_plans if plan.end_date is None or scene.is_recent(plan.end_date)]


def fostered(scene: Scene) -> Iterator[Fostered]:
    """Yield the private fostering arrangements."""
    found: dict[str, list[PrivateFosteringVisit]] = defaultdict(list)
    for visit in scene.records.private_fostering_visits:
        found[visit.arrangement_id].append(visit)
    for arrangement in scene.records.private_fostering:
        own = found[arrangement.arrangement_id]
        to_come = next((visit for visit in own if visit.visit_date is None), None)
        yield Fostered(arrangement, [visit for visit in own if visit.visit_date is not None], to_come)


def held_now(scene: Scene) -> Mapping[str, Involvement]:
    """Return child → who holds the case at the period end."""
    return {i.person_id: i for i in scene.open_cases}


def in_care_now(scene: Scene) -> set[str]:
    """Return the children in care at the period end."""
    return {care.person.person_id for care in scene.in_care}


def grown_up(scene: Scene, child: str, rule: str, key: str) -> Iterator[Defect]:
    """Yield the fault that types a child's date of birth so early that ``key`` is a record of an adult.

    Of a child whose birth was expected another rule would find it, so none is put in.
    """
    person = scene.persons[child]
    if person.expected_dob is None:
        early = text(birthday(person.dob, age(person.dob, scene.end) - scene.chance.between(*GROWN)))
        yield change(child, "persons", child, rule, flagged=key, dob=early)


def written_late(scene: Scene, day: dt.date | None) -> dt.date | None:
    """Return a day more than a week after an event on which it could have been written up, if it is in the period."""
    if day is None:
        return None
    late = scene.making.days.after(day, scene.chance.between(*LATE_WORKING_DAYS))
    return late if scene.month_start <= late <= scene.end else None
