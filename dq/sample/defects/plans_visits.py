"""Faults in visits to children in need and on plans: whose they are, under what, and who was seen alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from dq.sample.defects.defect import Defect, change
from dq.sample.defects.plans_lookup import Carriers, recent_plans
from dq.sample.defects.scene import Scene, text
from dq.sample.records import NeedVisit, PlanVisit

NEVER_DAYS = 91


def _last(scene: Scene, extract: str) -> Iterable[NeedVisit | PlanVisit]:
    """Return the last visits to each child in need, and under each plan of late."""
    if extract == "cin_visits":
        return (visit for need in scene.in_need for visit in need.visits[-5:])
    return (visit for plan in recent_plans(scene) for visit in scene.plan_visits[plan.cp_plan_id][-5:])


def alone_but_not_seen(extract: str) -> Carriers:
    """Return a fault that says of a child who was not seen that they were seen alone."""

    def carriers(scene: Scene, rule: str) -> Iterator[Defect]:
        for visit in _last(scene, extract):
            if visit.seen == "N":
                yield change(visit.person_id, extract, visit.visit_id, rule, seen_alone="Y")

    return carriers


def seen_alone_not_said(extract: str) -> Carriers:
    """Return a fault that leaves unanswered whether a child was seen alone."""

    def carriers(scene: Scene, rule: str) -> Iterator[Defect]:
        for visit in _last(scene, extract):
            if visit.seen == "Y":
                yield change(visit.person_id, extract, visit.visit_id, rule, seen_alone="")

    return carriers


def of_another_child(scene: Scene, rule: str) -> Iterator[Defect]:
    """Give a visit under a plan to another child who was not visited that day."""
    visited = {(visit.person_id, visit.visit_date) for visit in scene.records.cp_visits}
    other = None
    for plan in recent_plans(scene):
        for visit in scene.plan_visits[plan.cp_plan_id][-6:]:
            if other is not None and (other, visit.visit_date) not in visited:
                yield change(plan.person_id, "cp_visits", visit.visit_id, rule, person_id=other)
        other = plan.person_id


def after_case_closed(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the last visit to a child in need after the case was closed."""
    held = {i.person_id for i in scene.open_cases}
    closed = {i.person_id: i.end_date for i in scene.records.involvements if i.person_id not in held}
    last = {visit.person_id: visit for visit in _in_order(scene.records.cin_visits)}
    for child, visit in last.items():
        end = closed.get(child)
        if end is not None:
            late = scene.making.days.on_or_after(end + dt.timedelta(days=scene.chance.between(2, 20)))
            if scene.is_recent(end) and late <= scene.end:
                day = text(late)
                yield change(child, "cin_visits", visit.visit_id, rule, visit_date=day, recorded_on=day)


def during_protection_plan(scene: Scene, rule: str) -> Iterator[Defect]:
    """Write up a visit to a child on a plan on the form for children in need."""
    for plan in recent_plans(scene):
        last = plan.end_date or scene.end
        day = scene.making.days.on_or_before(last - dt.timedelta(days=scene.chance.between(3, 12)))
        if plan.start_date < day:
            key = f"{plan.cp_plan_id}N"
            visit = NeedVisit(key, plan.person_id, day, "Y", "Y", day)
            yield Defect(plan.person_id, ((rule, key),), added=(("cin_visits", visit),))


def child_in_need_never_visited(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave every visit to a child in need unwritten."""
    for need in scene.in_need:
        if need.visits and need.involvement.start_date <= scene.ago(NEVER_DAYS):
            child = need.person.person_id
            dropped = tuple(("cin_visits", visit.visit_id) for visit in need.visits)
            yield Defect(child, ((rule, child),), dropped=dropped)


def _in_order(visits: Iterable[NeedVisit]) -> list[NeedVisit]:
    return sorted(visits, key=lambda visit: visit.visit_date)
