"""Faults in school attendance and results of children in care."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from dq.sample.calendar import age
from dq.sample.defects.defect import Defect, change
from dq.sample.defects.scene import Scene, text
from dq.sample.defects.wellbeing_lookup import (
    FEW,
    attendance_this_year,
    by_child,
    entered,
    latest_month,
    open_places,
    rewritten,
    year_start,
)
from dq.sample.defects.wellbeing_school import SCHOOL_AGES
from dq.sample.making import ONE_DAY
from dq.sample.records.wellbeing import Attendance

REGISTER, RESULTS = "attendance", "attainment"
ATTENDED_SHARE = 0.7


def _month(rule: str, row: Attendance, **cells: str) -> Defect:
    return rewritten(row.person_id, REGISTER, row.attendance_id, (rule, row.attendance_id), cells)


def attendance_does_not_add_up(scene: Scene, rule: str) -> Iterator[Defect]:
    """Count absences that are in no total."""
    for row in attendance_this_year(scene):
        yield _month(rule, row, authorised=str(int(row.authorised) + scene.chance.between(1, 6)))


def attended_more_than_possible(scene: Scene, rule: str) -> Iterator[Defect]:
    """Count more sessions attended than there were."""
    for row in attendance_this_year(scene):
        yield _month(rule, row, attended=str(int(row.possible) + scene.chance.between(1, 4)))


def persistently_absent(scene: Scene, rule: str) -> Iterator[Defect]:
    """Keep a child from school for a third of the year."""
    since = year_start(scene)
    register = by_child(row for row in scene.records.attendance if row.month >= since)
    for care in scene.in_care:
        rows = register[care.person.person_id]
        if not rows or entered(care) > since:
            continue
        cells: dict[tuple[str, str, str], str] = {}
        for row in rows:
            attended = int(int(row.possible) * ATTENDED_SHARE)
            absent = int(row.possible) - attended - int(row.authorised)
            cells[REGISTER, row.attendance_id, "attended"] = str(attended)
            cells[REGISTER, row.attendance_id, "unauthorised"] = str(absent)
        yield Defect(care.person.person_id, ((rule, care.person.person_id),), cells)


def attendance_outside_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a month's attendance for the month before the child came into care."""
    came = {care.person.person_id: entered(care) for care in scene.in_care}
    for row in attendance_this_year(scene):
        since = came.get(row.person_id, dt.date.min)
        if since >= year_start(scene).replace(month=11):
            before = (since.replace(day=1) - ONE_DAY).replace(day=1)
            yield _month(rule, row, month=text(before))


def attendance_twice(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a month twice: both are flagged."""
    for row in attendance_this_year(scene):
        again = f"{row.attendance_id}X"
        both = ((rule, row.attendance_id), (rule, again))
        yield Defect(row.person_id, both, added=((REGISTER, replace(row, attendance_id=again)),))


def attendance_undated(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the month."""
    for row in attendance_this_year(scene):
        yield _month(rule, row, month="")


def attendance_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave one child's attendance out of the latest month, where enough others have it."""
    latest = latest_month(scene)
    rows = {row.person_id: row for row in scene.records.attendance if row.month == latest}
    if latest is None or len(rows) < FEW:
        return
    for place in open_places(scene):
        row, dob = rows.get(place.person_id), scene.persons[place.person_id].dob
        if row is not None and place.start_date <= latest and age(dob, scene.end) in SCHOOL_AGES:
            yield Defect(row.person_id, ((rule, row.person_id),), dropped=((REGISTER, row.attendance_id),))


def attendance_feed_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Let no attendance come in for a month of the year before, neither its first nor its last."""
    known = Counter(row.month for row in scene.records.attendance if row.month < year_start(scene))
    authority = next(team.team_id for team in scene.records.teams if team.parent_id is None)
    for month in sorted(known)[1:-1]:
        rows = tuple((REGISTER, row.attendance_id) for row in scene.records.attendance if row.month == month)
        yield Defect(authority, ((rule, authority),), dropped=rows)


def result_twice(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a result again, with another grade: both are flagged."""
    for row in scene.records.attainment:
        again = f"{row.result_id}X"
        both = ((rule, row.result_id), (rule, again))
        yield Defect(row.person_id, both, added=((RESULTS, replace(row, result_id=again)),))


def result_at_wrong_age(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a result under a year long past."""
    for row in scene.records.attainment:
        early = str(int(row.academic_year) - scene.chance.between(2, 4))
        yield change(row.person_id, RESULTS, row.result_id, rule, academic_year=early)


def result_in_future(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter this year's result under the next."""
    this_year = year_start(scene).year + 1
    for row in scene.records.attainment:
        if row.academic_year == str(this_year):
            yield change(row.person_id, RESULTS, row.result_id, rule, academic_year=str(this_year + 1))


def result_without_grade(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the grade."""
    for row in scene.records.attainment:
        yield change(row.person_id, RESULTS, row.result_id, rule, grade="")


def result_without_standard(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave unanswered whether the standard was met."""
    for row in scene.records.attainment:
        yield change(row.person_id, RESULTS, row.result_id, rule, met_standard="")
