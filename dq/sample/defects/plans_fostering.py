"""Faults in private fostering: arrangements and the visits to the children."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from dq.sample.calendar import age, birthday
from dq.sample.defects.defect import Defect, change
from dq.sample.defects.plans_lookup import Carriers, Fostered, fostered, grown_up, held_now, written_late
from dq.sample.defects.scene import Scene, text
from dq.sample.records.plans import PrivateFostering

MADE, VISITS = "private_fostering", "private_fostering_visits"
FIRST_WORKING_DAYS = 7
DUE_DAYS, LATER_DUE_DAYS = 42, 84
OLDEST = 16
NO_POSTCODE = ("NOT KNOWN", "N/A", "TBC")
Cells = Callable[[Scene, Fostered], Mapping[str, str] | None]


def spoil(cells: Cells) -> Carriers:
    """Return a fault of an arrangement: the cells it writes otherwise, or None where it cannot carry the fault."""

    def carriers(scene: Scene, rule: str) -> Iterator[Defect]:
        for case in fostered(scene):
            written = cells(scene, case)
            if written is not None:
                spoilt = {(MADE, case.key, column): text for column, text in written.items()}
                yield Defect(case.child, ((rule, case.key),), spoilt)

    return carriers


def spoil_visit(cells: Mapping[str, str]) -> Carriers:
    """Return a fault of a visit that was made: the cells it writes otherwise."""

    def carriers(scene: Scene, rule: str) -> Iterator[Defect]:
        for case in fostered(scene):
            for visit in case.made[-4:]:
                spoilt = {(VISITS, visit.visit_id, column): text for column, text in cells.items()}
                yield Defect(case.child, ((rule, visit.visit_id),), spoilt)

    return carriers


def dates_out_of_order(scene: Scene, case: Fostered) -> Mapping[str, str] | None:
    """Type the end as some days before the start."""
    early = case.arrangement.start_date - dt.timedelta(days=scene.chance.between(1, 20))
    return None if case.is_open else {"end_date": text(early)}


def notified_late(scene: Scene, case: Fostered) -> Mapping[str, str] | None:
    """Enter the notification as come after the child was there."""
    late = case.arrangement.start_date + dt.timedelta(days=scene.chance.between(1, 5))
    return {"notified_date": text(late)} if _is_first_visited_there(case) else None


def notification_missing(_scene: Scene, case: Fostered) -> Mapping[str, str] | None:
    """Leave out when the arrangement was notified."""
    return {"notified_date": ""} if _is_first_visited_there(case) else None


def _is_first_visited_there(case: Fostered) -> bool:
    """Return whether the first visit was not before the child came: it is then within the dates in any case."""
    first = case.made[0].visit_date if case.made else None
    return first is not None and first >= case.arrangement.start_date


def brief(scene: Scene, case: Fostered) -> Mapping[str, str] | None:
    """Type the start as some days before the end."""
    end = case.arrangement.end_date
    return None if end is None else {"start_date": text(end - dt.timedelta(days=scene.chance.between(5, 27)))}


def first_visit_late(scene: Scene, case: Fostered) -> Mapping[str, str] | None:
    """Enter the notification as come weeks before."""
    early = case.arrangement.notified_date - dt.timedelta(days=scene.chance.between(15, 25))
    first = case.made[0].visit_date if case.made else None
    return {"notified_date": text(early)} if first is not None and scene.is_recent(first) else None


def ended_without_reason(_scene: Scene, case: Fostered) -> Mapping[str, str] | None:
    """Leave out why the arrangement ended."""
    return None if case.is_open else {"ended_reason": ""}


def ended_reason_not_a_code(_scene: Scene, case: Fostered) -> Mapping[str, str] | None:
    """Type why the arrangement ended in words."""
    return None if case.is_open else {"ended_reason": "Returned home"}


def reason_without_end(_scene: Scene, case: Fostered) -> Mapping[str, str] | None:
    """Enter why an arrangement ended that goes on."""
    return {"ended_reason": "PARENTS"} if case.is_open else None


def postcode_missing(_scene: Scene, _case: Fostered) -> Mapping[str, str]:
    """Leave out the postcode of the carer."""
    return {"postcode": ""}


def postcode_impossible(scene: Scene, case: Fostered) -> Mapping[str, str]:
    """Put words, or half a postcode, where the carer's postcode belongs."""
    outward = case.arrangement.postcode.split(maxsplit=1)[0]
    return {"postcode": scene.chance.pick((outward, *NO_POSTCODE))}


def postcode_unknown(scene: Scene, case: Fostered) -> Mapping[str, str]:
    """Slip in the carer's postcode: it looks like one, and there is none such."""
    return {"postcode": scene.making.places.unknown(case.arrangement.postcode)}


def not_visited(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave every visit to a child unwritten."""
    for case in fostered(scene):
        waited = scene.making.days.between(case.arrangement.notified_date, scene.end)
        if case.is_open and case.made and waited > FIRST_WORKING_DAYS:
            dropped = tuple((VISITS, visit.visit_id) for visit in case.made)
            yield Defect(case.child, ((rule, case.key),), dropped=dropped)


def visit_overdue(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the last visits to a child unwritten, until the last that is left is too long ago."""
    for case in fostered(scene):
        year_over = birthday(case.arrangement.start_date, 1)
        for kept in range(len(case.made) - 1, 0, -1):
            last = case.made[kept - 1].visit_date
            if last is not None and (scene.end - last).days > (DUE_DAYS if last < year_over else LATER_DUE_DAYS):
                dropped = tuple((VISITS, visit.visit_id) for visit in case.made[kept:])
                if case.is_open:
                    yield Defect(case.child, ((rule, case.key),), dropped=dropped)
                break


def too_old(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the date of birth years too early."""
    for case in fostered(scene):
        if case.is_open:
            yield from grown_up(scene, case.child, rule, case.key)


def in_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a private fostering arrangement for a child in care."""
    held = held_now(scene)
    for care in scene.placed:
        child = care.person.person_id
        if child in held and age(care.person.dob, scene.end) < OLDEST:
            day, key = scene.ago(scene.chance.between(1, 6)), f"{held[child].involvement_id}F"
            team, worker = held[child].team_id, held[child].worker_id
            made = PrivateFostering(key, child, day, day, None, None, care.home.postcode, team, worker, day)
            yield Defect(child, ((rule, key),), added=((MADE, made),))


def overlap(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter an arrangement a second time, as beginning some days ago."""
    for case in fostered(scene):
        day, key = scene.ago(scene.chance.between(1, 6)), f"{case.key}B"
        if case.is_open:
            again = replace(case.arrangement, arrangement_id=key, notified_date=day, start_date=day, recorded_on=day)
            yield Defect(case.child, ((rule, key),), added=((MADE, again),))


def visit_outside(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the last visit after the arrangement ended."""
    for case in fostered(scene):
        end = case.arrangement.end_date
        if end is not None and end <= scene.ago(10) and len(case.made) > 1:
            day = text(end + dt.timedelta(days=scene.chance.between(1, 10)))
            yield change(case.child, VISITS, case.made[-1].visit_id, rule, visit_date=day, recorded_on=day)


def visit_of_another_child(scene: Scene, rule: str) -> Iterator[Defect]:
    """Give a visit to the child of another arrangement."""
    other = None
    for case in fostered(scene):
        if other is not None and case.made:
            yield change(case.child, VISITS, case.made[-1].visit_id, rule, person_id=other)
        other = case.child


def visit_recorded_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Write up a visit after more than a week."""
    for case in fostered(scene):
        for visit in case.made[-2:]:
            late = written_late(scene, visit.visit_date)
            if late is not None:
                yield change(case.child, VISITS, visit.visit_id, rule, recorded_on=text(late))


def visit_not_written_up(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the visit to come with a day that has passed."""
    for case in fostered(scene):
        if case.to_come:
            passed = text(scene.ago(scene.chance.between(12, 40)))
            yield change(case.child, VISITS, case.to_come.visit_id, rule, due_date=passed)
