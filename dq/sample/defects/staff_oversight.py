"""Faults in management oversight, and open cases on which nothing is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from dq.sample.defects.defect import Defect, change
from dq.sample.defects.scene import Scene, text
from dq.sample.defects.staff_cases import first_held
from dq.sample.defects.staff_lookup import notes
from dq.sample.records import CareVisit, NeedVisit, PlanVisit
from dq.sample.records.staff import Oversight

INACTIVE_DAYS, OVERSIGHT_DAYS, SETTLED_DAYS = 90, 28, 75
LATE_WORKING_DAYS = (6, 9)
NO_OVERSIGHT = "no-management-oversight"


def _notes(scene: Scene) -> Iterator[Oversight]:
    """Yield an oversight of each case that is followed by others."""
    return (own[len(own) // 2 - 1] for own in notes(scene).values() if len(own) > 2)


def no_recent_activity(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out all that a manager wrote of a case that nobody visits."""
    border, seen = scene.ago(INACTIVE_DAYS + 3), notes(scene)
    records = scene.records
    visits: Iterable[CareVisit | NeedVisit | PlanVisit] = chain(
        records.cin_visits, records.cp_visits, records.cla_visits
    )
    visited = {visit.person_id for visit in visits if visit.visit_date >= border}
    for i in scene.open_cases:
        if i.start_date < border and i.person_id not in visited:
            late = tuple(
                ("management_oversights", n.oversight_id) for n in seen[i.person_id] if n.oversight_date >= border
            )
            yield Defect(i.person_id, ((rule, i.person_id), (NO_OVERSIGHT, i.person_id)), dropped=late)


def no_management_oversight(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out what a manager wrote in the last four weeks."""
    border, seen = scene.ago(OVERSIGHT_DAYS), notes(scene)
    for i in scene.open_cases:
        if i.start_date < scene.ago(SETTLED_DAYS):
            late = tuple(
                ("management_oversights", n.oversight_id) for n in seen[i.person_id] if n.oversight_date >= border
            )
            yield Defect(i.person_id, ((rule, i.person_id),), dropped=late)


def oversight_by_own_worker(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter the case's own worker as the manager."""
    seen = notes(scene)
    for i in scene.open_cases:
        for latest in seen[i.person_id][-1:]:
            if latest.oversight_date >= i.start_date:
                key = latest.oversight_id
                yield change(i.person_id, "management_oversights", key, rule, worker_id=i.worker_id)


def oversight_outside_case(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date an oversight before the case was anybody's."""
    first = first_held(scene)
    for note in _notes(scene):
        early = first[note.person_id] - dt.timedelta(days=scene.chance.between(5, 30))
        if note.recorded_on < scene.month_start:
            yield change(
                note.person_id, "management_oversights", note.oversight_id, rule, oversight_date=text(early)
            )  # fmt: skip


def oversight_twice(scene: Scene, rule: str) -> Iterator[Defect]:
    """Copy an oversight: both are flagged."""
    for note in _notes(scene):
        again = replace(note, oversight_id=scene.making.records.key("MO"))
        flags = ((rule, note.oversight_id), (rule, again.oversight_id))
        yield Defect(note.person_id, flags, added=(("management_oversights", again),))


def oversight_without_worker(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out which manager looked at the case."""
    for note in _notes(scene):
        yield change(note.person_id, "management_oversights", note.oversight_id, rule, worker_id="")


def oversight_recorded_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Write up an oversight after more than a week."""
    for own in notes(scene).values():
        late = scene.making.days.after(own[-1].oversight_date, scene.chance.between(*LATE_WORKING_DAYS))
        if scene.month_start <= late <= scene.end:
            key = own[-1].oversight_id
            yield change(own[-1].person_id, "management_oversights", key, rule, recorded_on=text(late))


def oversight_undated(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave an oversight without its date."""
    for note in _notes(scene):
        yield change(note.person_id, "management_oversights", note.oversight_id, rule, oversight_date="")


def oversight_by_unknown_worker(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a manager who is not in the extract of workers."""
    for note in _notes(scene):
        unknown = f"X{note.worker_id[1:]}"
        yield change(note.person_id, "management_oversights", note.oversight_id, rule, worker_id=unknown)
