"""Faults in plans for children in need and in the reviews of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from dq.sample.calendar import age, birthday
from dq.sample.defects.defect import Defect, change
from dq.sample.defects.plans_lookup import YEAR, grown_up, held_now, in_care_now, need_plans, written_late
from dq.sample.defects.scene import Scene, text
from dq.sample.records import Involvement
from dq.sample.records.plans import NeedPlan

PLANS, REVIEWS = "cin_plans", "cin_reviews"
FIRST_DAYS, LATER_DAYS = 91, 183
PLAN_WORKING_DAYS = 45
ADULT = 18


def dates_out_of_order(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the end of a plan with the year before."""
    for need in need_plans(scene):
        end = need.plan.end_date
        if end is not None and scene.is_recent(end) and (end - need.plan.start_date).days < YEAR:
            yield change(need.child, PLANS, need.plan.cin_plan_id, rule, end_date=text(birthday(end, -1)))


def two_open(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a plan a second time, as beginning later: both are flagged."""
    for need in need_plans(scene):
        if need.is_open:
            start = max(need.plan.start_date, scene.ago(scene.chance.between(5, 60)))
            again = replace(need.plan, cin_plan_id=f"{need.plan.cin_plan_id}B", start_date=start, recorded_on=start)
            both = ((rule, need.plan.cin_plan_id), (rule, again.cin_plan_id))
            yield Defect(need.child, both, added=((PLANS, again),))


def overlap(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter another plan as if it had been made and ended while this one went on."""
    for need in need_plans(scene):
        if need.is_open and need.plan.start_date < scene.ago(120):
            start = need.plan.start_date + dt.timedelta(days=scene.chance.between(10, 30))
            end = start + dt.timedelta(days=scene.chance.between(20, 60))
            key = f"{need.plan.cin_plan_id}B"
            again = replace(need.plan, cin_plan_id=key, start_date=start, end_date=end, recorded_on=start)
            yield Defect(need.child, ((rule, key),), added=((PLANS, again),))


def with_protection_plan(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave a plan for a child in need open beside a protection plan."""
    in_care, held = in_care_now(scene), held_now(scene)
    for plan in scene.open_plans:
        if plan.person_id not in in_care and plan.person_id in held:
            yield _beside(scene, rule, held[plan.person_id])


def in_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave a plan for a child in need open though the child is in care."""
    on_plan, held = {plan.person_id for plan in scene.open_plans}, held_now(scene)
    for care in scene.in_care:
        child = care.person.person_id
        if child in held and child not in on_plan and age(care.person.dob, scene.end) < ADULT:
            yield _beside(scene, rule, held[child])


def _beside(scene: Scene, rule: str, held: Involvement) -> Defect:
    start, key = max(held.start_date, scene.ago(scene.chance.between(10, 60))), f"{held.involvement_id}N"
    plan = NeedPlan(key, held.person_id, start, None, held.team_id, held.worker_id, start)
    return Defect(held.person_id, ((rule, key),), added=((PLANS, plan),))


def open_case_closed(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave a plan open when the case is closed."""
    held = held_now(scene)
    for need in need_plans(scene):
        if not need.is_open and need.child not in held:
            yield change(need.child, PLANS, need.plan.cin_plan_id, rule, end_date="")


def open_over_18(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the date of birth years too early."""
    for need in need_plans(scene):
        if need.is_open:
            yield from grown_up(scene, need.child, rule, need.plan.cin_plan_id)


def no_plan(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the plan of a child in need, and its reviews, unwritten."""
    since = {need.person.person_id: need.involvement.start_date for need in scene.in_need}
    for need in need_plans(scene):
        held_since = since.get(need.child)
        if need.is_open and held_since and scene.making.days.between(held_since, scene.end) > PLAN_WORKING_DAYS:
            rows = [*need.held, *([need.to_come] if need.to_come else [])]
            dropped = ((PLANS, need.plan.cin_plan_id), *((REVIEWS, review.review_id) for review in rows))
            yield Defect(need.child, ((rule, need.child),), dropped=dropped)


def first_review_overdue(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the reviews held of a plan unwritten."""
    for need in need_plans(scene):
        if need.is_open and need.held and need.plan.start_date < scene.ago(FIRST_DAYS):
            dropped = tuple((REVIEWS, review.review_id) for review in need.held)
            yield Defect(need.child, ((rule, need.plan.cin_plan_id),), dropped=dropped)


def review_overdue(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the last review of a plan unwritten: the one before is too long ago."""
    for need in need_plans(scene):
        held = [review.held_date for review in need.held if review.held_date]
        if need.is_open and len(held) > 1 and held[-2] < scene.ago(LATER_DAYS):
            dropped = ((REVIEWS, need.held[-1].review_id),)
            yield Defect(need.child, ((rule, need.plan.cin_plan_id),), dropped=dropped)


def review_outside_plan(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the last review of a plan after the plan ended."""
    for need in need_plans(scene):
        end = need.plan.end_date
        if end is not None and need.held and end <= scene.ago(10):
            day = text(end + dt.timedelta(days=scene.chance.between(1, 10)))
            yield change(need.child, REVIEWS, need.held[-1].review_id, rule, held_date=day, recorded_on=day)


def review_of_another_child(scene: Scene, rule: str) -> Iterator[Defect]:
    """Give a review to the child of another plan."""
    other = None
    for need in need_plans(scene):
        if other is not None and need.held:
            yield change(need.child, REVIEWS, need.held[-1].review_id, rule, person_id=other)
        other = need.child


def review_without_due_date(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out when a review was due."""
    for need in need_plans(scene):
        for review in need.held[-2:]:
            yield change(need.child, REVIEWS, review.review_id, rule, due_date="")


def review_not_written_up(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the review to come with a day that has long passed."""
    for need in need_plans(scene):
        if need.to_come:
            passed = text(scene.ago(scene.chance.between(15, 60)))
            yield change(need.child, REVIEWS, need.to_come.review_id, rule, due_date=passed)


def review_recorded_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Write up a review after more than a week."""
    for need in need_plans(scene):
        late = written_late(scene, need.held[-1].held_date) if need.held else None
        if late is not None:
            yield change(need.child, REVIEWS, need.held[-1].review_id, rule, recorded_on=text(late))


def without_worker(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the worker a plan is with."""
    for need in need_plans(scene):
        if need.is_open:
            yield change(need.child, PLANS, need.plan.cin_plan_id, rule, worker_id="")


def worker_unknown(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the ID of a worker there is not."""
    for need in need_plans(scene):
        unknown = f"X{need.plan.worker_id[1:]}"
        yield change(need.child, PLANS, need.plan.cin_plan_id, rule, worker_id=unknown)


def undated(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out when a plan that has ended began."""
    held = held_now(scene)
    for need in need_plans(scene):
        if not need.is_open and need.child not in held:
            yield change(need.child, PLANS, need.plan.cin_plan_id, rule, start_date="")


def review_of_no_plan(scene: Scene, rule: str) -> Iterator[Defect]:
    """Record an earlier review under a plan there is not."""
    for need in need_plans(scene):
        if len(need.held) > 1:
            unknown = f"X{need.plan.cin_plan_id}"
            yield change(need.child, REVIEWS, need.held[0].review_id, rule, cin_plan_id=unknown)
