"""Faults in visits: not written up, late, unanswered, undated, dated wrongly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from dq.sample.calendar import birthday
from dq.sample.defects.defect import Defect, change
from dq.sample.defects.scene import Scene, text
from dq.sample.records import CareVisit, NeedVisit, PlanVisit

CARE_VISIT_DAYS = 42
PLAN_VISIT_WORKING_DAYS = 10
LATE_WORKING_DAYS = (6, 9)
SHORT_MONTHS = {4, 6, 9, 11}


def no_visit_in_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the last six weeks' visits to a child in care unwritten."""
    border = scene.ago(CARE_VISIT_DAYS)
    for care in scene.in_care:
        if care.episodes[0].start_date < scene.ago(CARE_VISIT_DAYS * 3):
            late = tuple(("cla_visits", v.visit_id) for v in care.visits if v.visit_date >= border)
            yield Defect(care.person.person_id, ((rule, care.person.person_id),), dropped=late)


def no_visit_on_plan(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the last two weeks' visits under a plan unwritten."""
    days = scene.making.days
    for plan in scene.open_plans:
        if days.between(plan.start_date, scene.end) > PLAN_VISIT_WORKING_DAYS * 3:
            late = tuple(
                ("cp_visits", v.visit_id)
                for v in scene.plan_visits[plan.cp_plan_id]
                if days.between(v.visit_date, scene.end) <= PLAN_VISIT_WORKING_DAYS
            )
            yield Defect(plan.person_id, ((rule, plan.cp_plan_id),), dropped=late)


def _recorded_late(
    scene: Scene, rule: str, extract: str, visits: Iterable[CareVisit | PlanVisit | NeedVisit]
) -> Iterator[Defect]:
    for visit in visits:
        late = scene.making.days.after(visit.visit_date, scene.chance.between(*LATE_WORKING_DAYS))
        if scene.month_start <= late <= scene.end:
            yield change(visit.person_id, extract, visit.visit_id, rule, recorded_on=text(late))


def cin_visit_recorded_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Write up a visit to a child in need after more than a week."""
    return _recorded_late(scene, rule, "cin_visits", (v for need in scene.in_need for v in need.visits[-3:]))


def cp_visit_recorded_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Write up a visit under a plan after more than a week."""
    visits = (v for plan in scene.open_plans for v in scene.plan_visits[plan.cp_plan_id][-4:])
    return _recorded_late(scene, rule, "cp_visits", visits)


def cla_visit_recorded_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Write up a visit to a child in care after more than a week."""
    return _recorded_late(scene, rule, "cla_visits", (v for care in scene.in_care for v in care.visits[-3:]))


def cin_child_seen_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave unanswered whether the child in need was seen at the latest visit."""
    for visit in scene.latest_seen:
        yield change(visit.person_id, "cin_visits", visit.visit_id, rule, seen="", seen_alone="")


def cp_child_seen_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave unanswered whether the child was seen at a visit under a plan."""
    for plan in scene.open_plans:
        for visit in scene.plan_visits[plan.cp_plan_id][-8:]:
            yield change(plan.person_id, "cp_visits", visit.visit_id, rule, seen="", seen_alone="")


def cla_child_seen_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave unanswered whether the child was seen at a visit in care."""
    for care in scene.in_care:
        for visit in care.visits[-4:]:
            yield change(visit.person_id, "cla_visits", visit.visit_id, rule, seen="", seen_alone="")


def visit_outside_plan(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the first visit before the plan began."""
    for plan in scene.open_plans:
        visits = scene.plan_visits[plan.cp_plan_id]
        if len(visits) > 2 and plan.start_date < scene.ago(90):
            early = plan.start_date - dt.timedelta(days=scene.chance.between(2, 12))
            yield change(plan.person_id, "cp_visits", visits[0].visit_id, rule, visit_date=text(early))


def cin_visit_undated(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the form of the latest visit to a child in need without a date."""
    for visit in scene.latest_seen:
        yield change(visit.person_id, "cin_visits", visit.visit_id, rule, visit_date="")


def cp_visit_undated(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the form of a visit under a plan, not the last, without a date."""
    for plan in scene.open_plans:
        for visit in scene.plan_visits[plan.cp_plan_id][-9:-2]:
            yield change(plan.person_id, "cp_visits", visit.visit_id, rule, visit_date="")


def cin_visit_date_unreadable(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date a visit the 31st of a month that has 30 days: there is then no date at all."""
    for need in scene.in_need:
        for visit in need.visits:
            if visit.visit_date.month in SHORT_MONTHS and scene.is_recent(visit.visit_date):
                wrong = f"31/{visit.visit_date:%m/%Y}"
                also = [("contract.cin_visits.visit_date.required", visit.visit_id)]
                yield change(visit.person_id, "cin_visits", visit.visit_id, rule, also=also, visit_date=wrong)


def cin_visit_of_nobody(scene: Scene, rule: str) -> Iterator[Defect]:
    """Give a visit to a person who is not in the extract of persons."""
    for need in scene.in_need:
        for visit in need.visits[-3:]:
            unknown = f"D{visit.person_id[1:]}"
            yield change(visit.person_id, "cin_visits", visit.visit_id, rule, person_id=unknown)


def cin_visit_in_future(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the latest visit a year ahead."""
    for visit in scene.latest_seen:
        ahead = text(birthday(visit.visit_date, 1))
        yield change(visit.person_id, "cin_visits", visit.visit_id, rule, visit_date=ahead)
