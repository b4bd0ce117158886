"""Faults in care plans, and in the visits of the reviewing officer."""

from __future__ import annotations

from collections.abc import Iterator

from dq.sample.calendar import birthday
from dq.sample.defects.defect import Defect, change
from dq.sample.defects.looked_after_lookup import MONTH, by_child, days, with_officer, with_plans
from dq.sample.defects.scene import Scene, text
from dq.sample.records.looked_after import OfficerVisit

YEAR = 365
DECIDED_WITHIN = 122
VISITED_WITHIN = 183
MARGIN = 10


def no_care_plan(scene: Scene, rule: str) -> Iterator[Defect]:
    """End the plan in force, and never enter the next."""
    for care, plans in with_plans(scene.in_care, scene):
        plan, child = plans[-1], care.person.person_id
        if plan.start_date < scene.ago(2 * MONTH):
            ended = text(scene.ago(scene.chance.between(3, MONTH)))
            yield change(child, "care_plans", plan.care_plan_id, rule, flagged=child, end_date=ended)


def no_plan_for_permanence(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out where the child will grow up."""
    for care, plans in with_plans(scene.in_care, scene):
        plan = plans[-1]
        if care.episodes[0].start_date < scene.ago(DECIDED_WITHIN):
            yield change(plan.person_id, "care_plans", plan.care_plan_id, rule, permanence_plan="")


def two_care_plans_open(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave open the plan before the present one: both are flagged."""
    for care, plans in with_plans(scene.in_care, scene):
        if len(plans) < 2:
            continue
        before, now = plans[-2], plans[-1]
        also = [(rule, now.care_plan_id)]
        if before.permanence_plan is None and care.episodes[0].start_date < scene.ago(DECIDED_WITHIN):
            also.append(("no-plan-for-permanence", before.care_plan_id))
        yield change(before.person_id, "care_plans", before.care_plan_id, rule, also=also, end_date="")


def dates_out_of_order(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the end of a plan with the year before."""
    for plan in scene.records.care_plans:
        if plan.end_date and 0 < (plan.end_date - plan.start_date).days < YEAR:
            wrong = text(birthday(plan.end_date, -1))
            yield change(plan.person_id, "care_plans", plan.care_plan_id, rule, end_date=wrong)


def open_after_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the plan open though the child left care."""
    for _, plans in with_plans(scene.left_lately, scene):
        plan = plans[-1]
        yield change(plan.person_id, "care_plans", plan.care_plan_id, rule, end_date="")


def plan_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the plan for permanence in words."""
    for _, plans in with_plans(scene.in_care, scene):
        plan = plans[-1]
        if plan.permanence_plan == "FOSTERING":
            words = scene.chance.pick(("LTF", "Long term fostering", "Foster"))
            yield change(plan.person_id, "care_plans", plan.care_plan_id, rule, permanence_plan=words)


def no_officer_visit(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the reviewing officer's visits of the last six months unwritten."""
    for care, visits in with_officer(scene.in_care, scene):
        child = care.person.person_id
        if care.episodes[0].start_date < scene.ago(VISITED_WITHIN + MARGIN):
            late = tuple(("iro_visits", v.visit_id) for v in visits if v.visit_date >= scene.ago(VISITED_WITHIN))
            yield Defect(child, ((rule, child),), dropped=late)


def _older_visits(scene: Scene) -> Iterator[OfficerVisit]:
    """Yield the visits of more than six months ago to children in care."""
    for _, visits in with_officer(scene.in_care, scene):
        yield from (v for v in visits if v.visit_date < scene.ago(VISITED_WITHIN))


def officer_visit_outside_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date a visit before the child came into care."""
    entered = {care.person.person_id: care.episodes[0].start_date for care in scene.in_care}
    for v in _older_visits(scene):
        early = entered[v.person_id] - days(scene.chance.between(2, MARGIN))
        if early > scene.persons[v.person_id].dob:
            yield change(v.person_id, "iro_visits", v.visit_id, rule, visit_date=text(early))


def officer_visit_undated(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave a visit without a date."""
    for v in _older_visits(scene):
        yield change(v.person_id, "iro_visits", v.visit_id, rule, visit_date="")


def officer_visit_by_own_worker(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a visit of the child's own worker as the reviewing officer's."""
    spells = by_child(scene.records.involvements)
    for _, visits in with_officer(scene.in_care, scene):
        for v in visits:
            for s in spells[v.person_id]:
                if s.start_date <= v.visit_date and (s.end_date is None or s.end_date > v.visit_date):
                    yield change(v.person_id, "iro_visits", v.visit_id, rule, worker_id=s.worker_id)


def officer_unknown(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a visit under a worker who is not in the extract of workers."""
    for _, visits in with_officer(scene.in_care, scene):
        for v in visits:
            yield change(v.person_id, "iro_visits", v.visit_id, rule, worker_id=f"X{v.visit_id[-4:]}")


def officer_visit_seen_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave unanswered whether the reviewing officer saw the child."""
    for _, visits in with_officer(scene.in_care, scene):
        for v in visits:
            yield change(v.person_id, "iro_visits", v.visit_id, rule, seen="")
