"""Faults in the review conferences of child protection plans."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from dq.sample.calendar import age
from dq.sample.defects.defect import Defect, change
from dq.sample.defects.plans_lookup import Carriers, protection_plans, written_late
from dq.sample.defects.scene import Scene, text
from dq.sample.records.plans import PlanReview

REVIEWS = "cp_reviews"
FIRST_DAYS, LATER_DAYS = 91, 183
OF_AGE = 4


def _move(scene: Scene, rule: str, review: PlanReview, latest: dt.date) -> Iterator[Defect]:
    """Date a review after the latest day it could be held on, where that is in the period."""
    late = latest + dt.timedelta(days=scene.chance.between(1, 12))
    if scene.month_start <= late <= scene.end:
        day = text(late)
        yield change(review.person_id, REVIEWS, review.review_id, rule, held_date=day, recorded_on=day)


def first_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Hold the first review, which is also the last, more than three months after the plan began."""
    for reviewed in protection_plans(scene):
        if reviewed.is_open and len(reviewed.held) == 1:
            latest = reviewed.plan.start_date + dt.timedelta(days=FIRST_DAYS)
            yield from _move(scene, rule, reviewed.held[0], latest)


def later_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Hold the last review more than six months after the one before."""
    for reviewed in protection_plans(scene):
        before = reviewed.held[-2].held_date if len(reviewed.held) > 1 else None
        if reviewed.is_open and before is not None:
            yield from _move(scene, rule, reviewed.held[-1], before + dt.timedelta(days=LATER_DAYS))


def overdue(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the last review of a plan unwritten, where it was the first or the one before is too long ago."""
    for reviewed in protection_plans(scene):
        plan, held = reviewed.plan, [review.held_date for review in reviewed.held if review.held_date]
        if not reviewed.is_open or not held or plan.initial_category != plan.latest_category:
            continue
        border = plan.start_date < scene.ago(FIRST_DAYS) if len(held) == 1 else held[-2] < scene.ago(LATER_DAYS)
        if border:
            dropped = ((REVIEWS, reviewed.held[-1].review_id),)
            yield Defect(reviewed.child, ((rule, plan.cp_plan_id),), dropped=dropped)


def not_written_up(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the review to come with a day that has long passed."""
    for reviewed in protection_plans(scene):
        if reviewed.to_come:
            passed = text(scene.ago(scene.chance.between(15, 60)))
            yield change(reviewed.child, REVIEWS, reviewed.to_come.review_id, rule, due_date=passed)


def outside_plan(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the review that ended a plan some days after the plan ended, before the period."""
    for reviewed in protection_plans(scene):
        end = reviewed.plan.end_date
        if scene.is_recent(end) and end is not None and end < scene.month_start - dt.timedelta(days=12):
            day = text(end + dt.timedelta(days=scene.chance.between(1, 10)))
            yield change(reviewed.child, REVIEWS, reviewed.held[-1].review_id, rule, held_date=day, recorded_on=day)


def of_another_child(scene: Scene, rule: str) -> Iterator[Defect]:
    """Give a review to the child of another plan."""
    other = None
    for reviewed in protection_plans(scene):
        if other is not None and reviewed.held:
            yield change(reviewed.child, REVIEWS, reviewed.held[-1].review_id, rule, person_id=other)
        other = reviewed.child


def twice(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a review a second time: both are flagged."""
    for reviewed in protection_plans(scene):
        for review in reviewed.held[-2:]:
            again = replace(review, review_id=f"{review.review_id}B")
            both = ((rule, review.review_id), (rule, again.review_id))
            yield Defect(reviewed.child, both, added=((REVIEWS, again),))


def leave_out(column: str) -> Carriers:
    """Return a fault that leaves a column of one of the last reviews blank."""

    def carriers(scene: Scene, rule: str) -> Iterator[Defect]:
        for reviewed in protection_plans(scene):
            for review in reviewed.held[-2:]:
                key = review.review_id
                yield Defect(reviewed.child, ((rule, key),), {(REVIEWS, key, column): ""})

    return carriers


def not_quorate(scene: Scene, rule: str) -> Iterator[Defect]:
    """Say of a review of the period that too few agencies were there."""
    for review in scene.records.cp_reviews:
        if review.held_date is not None and review.held_date >= scene.month_start:
            yield change(review.person_id, REVIEWS, review.review_id, rule, quorate="N")


def participation_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out how a child who is old enough took part."""
    for review in scene.records.cp_reviews:
        held = review.held_date
        if held is not None and age(scene.persons[review.person_id].dob, held) >= OF_AGE:
            yield change(review.person_id, REVIEWS, review.review_id, rule, participation="")


def recorded_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Write up a review after more than a week."""
    for review in scene.records.cp_reviews:
        late = written_late(scene, review.held_date)
        if late is not None:
            yield change(review.person_id, REVIEWS, review.review_id, rule, recorded_on=text(late))


def decision_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the decision of an earlier review in words."""
    for reviewed in protection_plans(scene):
        for review in reviewed.held[:-1]:
            yield change(reviewed.child, REVIEWS, review.review_id, rule, continues="Continue")


def of_no_plan(scene: Scene, rule: str) -> Iterator[Defect]:
    """Record the first review under a plan there is not, where the second was held before the period."""
    for reviewed in protection_plans(scene):
        second = reviewed.held[1].held_date if len(reviewed.held) > 1 else None
        if second is not None and second < scene.month_start:
            unknown = f"X{reviewed.plan.cp_plan_id}"
            yield change(reviewed.child, REVIEWS, reviewed.held[0].review_id, rule, cp_plan_id=unknown)
