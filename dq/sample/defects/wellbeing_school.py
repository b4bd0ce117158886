"""Faults in education plans, school places and special needs plans of children in care."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from dq.sample.calendar import age, months_before
from dq.sample.defects.defect import Defect, change
from dq.sample.defects.scene import Scene, text
from dq.sample.defects.wellbeing_lookup import age_now, by_child, entered, open_places, rewritten, was_settled
from dq.sample.making import ONE_DAY
from dq.sample.records.wellbeing import EducationPlan, SchoolPlace

PEPS, PLACES, EHC = "peps", "school_places", "ehc_plans"
PEP_AGE = 3
PEP_DAYS, PEP_MONTHS = 20, 6
LATE_PEP = (22, 32)
LATE_ENTRY = (11, 18)
SCHOOL_AGES = range(5, 16)
FULL_TIME = "25"
A_WHILE = 60


def initial_pep_not_held(scene: Scene, rule: str) -> Iterator[Defect]:
    """Never enter the first plan of a child who has been in care for some weeks, and not for half a year."""
    peps = by_child(scene.records.peps)
    for care in scene.in_care:
        came, child = entered(care), care.person.person_id
        weeks = scene.making.days.between(came, scene.end)
        if weeks > PEP_DAYS and came > scene.ago(170) and age(care.person.dob, came) >= PEP_AGE:
            yield Defect(child, ((rule, child),), dropped=tuple((PEPS, pep.pep_id) for pep in peps[child]))


def initial_pep_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Hold the first meeting after its time."""
    days = scene.making.days
    came = {care.person.person_id: entered(care) for care in scene.in_care}
    for pep in scene.records.peps:
        since = came.get(pep.person_id)
        if pep.kind != "INITIAL" or since is None or not scene.making.year_ago < since <= scene.ago(A_WHILE):
            continue
        if age(scene.persons[pep.person_id].dob, since) >= PEP_AGE:
            held = days.after(since, scene.chance.between(*LATE_PEP))
            cells = {"meeting_date": text(held), "recorded_on": text(days.after(held, 1))}
            yield rewritten(pep.person_id, PEPS, pep.pep_id, (rule, pep.person_id), cells)


def pep_out_of_date(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the meetings of the last half year."""
    since = months_before(scene.end, PEP_MONTHS)
    peps = by_child(scene.records.peps)
    for care in scene.in_care:
        if entered(care) <= scene.making.year_ago and age(care.person.dob, since) >= PEP_AGE:
            child = care.person.person_id
            late = tuple((PEPS, p.pep_id) for p in peps[child] if p.meeting_date is None or p.meeting_date >= since)
            yield Defect(child, ((rule, child),), dropped=late)


def _earlier_reviews(scene: Scene) -> Iterator[tuple[EducationPlan, dt.date]]:
    """Yield the reviews that another meeting followed, with their day."""
    for peps in by_child(p for p in scene.records.peps if p.meeting_date is not None).values():
        for pep in peps[1:-1]:
            if pep.meeting_date is not None and was_settled(scene, pep):
                yield pep, pep.meeting_date


def pep_outside_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date a meeting, neither first nor last, before the child came into care."""
    came = {care.person.person_id: entered(care) for care in scene.periods_of_care}
    for pep, _ in _earlier_reviews(scene):
        early = came[pep.person_id] - dt.timedelta(days=scene.chance.between(5, 90))
        yield change(pep.person_id, PEPS, pep.pep_id, rule, meeting_date=text(early))


def pep_due_not_held(scene: Scene, rule: str) -> Iterator[Defect]:
    """Let the meeting in the diary have been due some weeks ago."""
    for pep in scene.records.peps:
        if pep.meeting_date is None:
            due = text(scene.ago(scene.chance.between(1, 40)))
            yield change(pep.person_id, PEPS, pep.pep_id, rule, due_date=due)


def pep_quality_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave a plan ungraded."""
    for pep in scene.records.peps:
        if pep.meeting_date is not None and scene.ago(350) < pep.meeting_date < scene.ago(30):
            yield change(pep.person_id, PEPS, pep.pep_id, rule, quality="")


def pep_recorded_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a plan after weeks."""
    for pep in scene.records.peps:
        if pep.meeting_date is not None and pep.meeting_date >= scene.ago(A_WHILE):
            late = scene.making.days.after(pep.meeting_date, scene.chance.between(*LATE_ENTRY))
            if scene.month_start <= late <= scene.end:
                yield change(pep.person_id, PEPS, pep.pep_id, rule, recorded_on=text(late))


def pep_kind_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type a kind of plan that the list does not have."""
    for pep in scene.records.peps:
        yield change(pep.person_id, PEPS, pep.pep_id, rule, kind=scene.chance.pick(("TERMLY", "EPEP")))


def _place(rule: str, place: SchoolPlace, **cells: str) -> Defect:
    return rewritten(place.person_id, PLACES, place.place_id, (rule, place.place_id), cells)


def no_school_place(scene: Scene, rule: str) -> Iterator[Defect]:
    """Take a child off the roll this month, and never enter the next school."""
    cares = {care.person.person_id: care for care in scene.in_care}
    for place in open_places(scene):
        care = cares[place.person_id]
        if age_now(scene, care) in SCHOOL_AGES and max(entered(care), place.start_date) <= scene.ago(A_WHILE):
            ended = text(scene.chance.day(scene.month_start + ONE_DAY, scene.end - ONE_DAY))
            yield change(place.person_id, PLACES, place.place_id, rule, flagged=place.person_id, end_date=ended)


def two_main_school_places(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a new school and leave the old one open: the new one is flagged."""
    for place in open_places(scene):
        if place.start_date <= scene.ago(A_WHILE * 2):
            since = scene.ago(scene.chance.between(10, A_WHILE))
            new = replace(place, place_id=f"{place.place_id}X", start_date=since, recorded_on=since)
            yield Defect(place.person_id, ((rule, new.place_id),), added=((PLACES, new),))


def part_time_without_reason(scene: Scene, rule: str) -> Iterator[Defect]:
    """Give few hours, and not why."""
    for place in open_places(scene):
        yield _place(rule, place, hours_a_week=str(scene.chance.between(2, 20)), part_time_reason="")


def part_time_reason_other(scene: Scene, rule: str) -> Iterator[Defect]:
    """Give few hours, for a reason that says nothing."""
    for place in open_places(scene):
        yield _place(rule, place, hours_a_week=str(scene.chance.between(2, 20)), part_time_reason="OTHER")


def no_place_recorded_as_reduced_timetable(scene: Scene, rule: str) -> Iterator[Defect]:
    """Record a child with no school as one on a timetable of no hours."""
    for place in open_places(scene):
        reason = scene.chance.pick(("REDUCED", "PHASED", "ALTERNATIVE"))
        yield _place(rule, place, hours_a_week="0", part_time_reason=reason)


def waiting_for_school_place(scene: Scene, rule: str) -> Iterator[Defect]:
    """Let a child have waited for a school for weeks."""
    for place in open_places(scene):
        if place.start_date <= scene.ago(A_WHILE):
            yield _place(rule, place, urn="", school_kind="NONE", hours_a_week="0", part_time_reason="NOPLACE")


def part_time_reason_though_full_time(scene: Scene, rule: str) -> Iterator[Defect]:
    """Give a reason for few hours, and full hours."""
    for place in scene.records.school_places:
        if place.hours_a_week == FULL_TIME:
            yield _place(rule, place, part_time_reason=scene.chance.pick(("HEALTH", "SEN", "PHASED")))


def school_hours_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the hours."""
    for place in open_places(scene):
        yield _place(rule, place, hours_a_week="")


def school_hours_out_of_range(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the hours of two weeks."""
    for place in scene.records.school_places:
        if place.hours_a_week == FULL_TIME:
            yield _place(rule, place, hours_a_week="50")


def school_place_dates_out_of_order(scene: Scene, rule: str) -> Iterator[Defect]:
    """End a place before it began."""
    for place in scene.records.school_places:
        if place.end_date is not None:
            early = place.start_date - dt.timedelta(days=scene.chance.between(5, 300))
            yield _place(rule, place, end_date=text(early))


def school_urn_impossible(scene: Scene, rule: str) -> Iterator[Defect]:
    """Put a local number, or words, where the URN belongs."""
    for place in scene.records.school_places:
        wrong = scene.chance.pick((place.urn[1:], f"886/{place.urn[2:]}", "TBC", "NOT KNOWN"))
        yield _place(rule, place, urn=wrong)


def school_urn_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out which school it is."""
    for place in open_places(scene):
        yield _place(rule, place, urn="")


def ehc_plan_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Let a plan have been asked for long before it was made."""
    for plan in scene.records.ehc_plans:
        if scene.is_recent(plan.issued_date):
            asked = plan.issued_date - dt.timedelta(days=scene.chance.between(145, 320))
            yield change(plan.person_id, EHC, plan.ehc_plan_id, rule, requested_date=text(asked))


def ehc_plan_review_overdue(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the review of the last year."""
    for plan in scene.records.ehc_plans:
        if plan.issued_date <= scene.ago(620):
            old = scene.chance.pick(("", text(scene.ago(scene.chance.between(380, 600)))))
            yield change(plan.person_id, EHC, plan.ehc_plan_id, rule, last_review_date=old)


def ehc_plan_dates_out_of_order(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the request after the plan."""
    for plan in scene.records.ehc_plans:
        late = plan.issued_date + dt.timedelta(days=scene.chance.between(3, 30))
        if late <= scene.end:
            yield change(plan.person_id, EHC, plan.ehc_plan_id, rule, requested_date=text(late))
