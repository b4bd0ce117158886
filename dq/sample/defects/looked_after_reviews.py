"""Faults in reviews of children in care."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from dq.sample.calendar import age
from dq.sample.defects.defect import Defect, change
from dq.sample.defects.looked_after_lookup import days, left_on, with_reviews
from dq.sample.defects.scene import Care, Scene, text
from dq.sample.records.looked_after import Review

OF_AGE = 4
ENOUGH = 5
"""Reviews held by a child of whom one can be taken away and the next is still due six months after the last."""
LATE_WORKING_DAYS = (6, 9)


def _held(scene: Scene) -> Iterator[tuple[Care, Review]]:
    """Yield the reviews held in the last year of children in care."""
    for care, held, _ in with_reviews(scene.in_care, scene):
        for review in held:
            if scene.is_recent(review.held_date):
                yield care, review


def _aged(care: Care, review: Review) -> int:
    """Return the child's age at a review that was held."""
    return age(care.person.dob, review.held_date or review.due_date)


def not_written_up(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave a review, not the last, without the day it was held."""
    for _, held, _ in with_reviews(scene.in_care, scene):
        for r in held[1:-1] if len(held) >= ENOUGH else ():
            yield change(r.person_id, "cla_reviews", r.review_id, rule, held_date="", participation="")


def held_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Hold a review of this month days after it was due."""
    for care, r in _held(scene):
        late = r.due_date + days(scene.chance.between(1, 6))
        if scene.month_start <= late <= scene.end and age(care.person.dob, late) == _aged(care, r):
            day = text(late)
            yield change(r.person_id, "cla_reviews", r.review_id, rule, held_date=day, recorded_on=day)


def due_date_too_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Plan the next review weeks later than it must be held."""
    for _, held, planned in with_reviews(scene.in_care, scene):
        if held and planned:
            late = text(planned.due_date + days(scene.chance.between(20, 60)))
            yield change(planned.person_id, "cla_reviews", planned.review_id, rule, due_date=late)


def overdue(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the last review out altogether: the next one is then planned for too late as well."""
    for care, held, planned in with_reviews(scene.in_care, scene):
        if len(held) >= ENOUGH and planned and held[-1].due_date < scene.end:
            child = care.person.person_id
            flags = ((rule, child), ("review-due-date-too-late", planned.review_id))
            yield Defect(child, flags, dropped=(("cla_reviews", held[-1].review_id),))


def next_not_planned(scene: Scene, rule: str) -> Iterator[Defect]:
    """Plan no review after the last."""
    for care, held, planned in with_reviews(scene.in_care, scene):
        if held and planned:
            child = care.person.person_id
            yield Defect(child, ((rule, child),), dropped=(("cla_reviews", planned.review_id),))


def outside_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the last review after the child had left care."""
    for care, held, _ in with_reviews(scene.left_lately, scene):
        after = left_on(care) + days(scene.chance.between(2, 12))
        if held and after <= scene.making.month_ago and age(care.person.dob, after) == _aged(care, held[-1]):
            day, r = text(after), held[-1]
            yield change(r.person_id, "cla_reviews", r.review_id, rule, held_date=day, recorded_on=day)


def of_another_child(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a review on the record of another child in care."""
    children = [care.person.person_id for care in scene.in_care]
    others = dict(pairwise(children))
    for _, r in _held(scene):
        if r.person_id in others:
            yield change(r.person_id, "cla_reviews", r.review_id, rule, person_id=others[r.person_id])


def participation_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out how the child took part."""
    for care, r in _held(scene):
        if _aged(care, r) >= OF_AGE:
            yield change(r.person_id, "cla_reviews", r.review_id, rule, participation="")


def participation_under_4(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose, for an older child, that the child was under four."""
    for care, r in _held(scene):
        if _aged(care, r) >= OF_AGE:
            yield change(r.person_id, "cla_reviews", r.review_id, rule, participation="PN0")


def participation_of_infant(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose, for a child under four, that the child sent views, or did not."""
    for care, r in _held(scene):
        if _aged(care, r) < OF_AGE:
            part = scene.chance.pick(("PN6", "PN7"))
            yield change(r.person_id, "cla_reviews", r.review_id, rule, participation=part)


def participation_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type how the child took part in words."""
    for care, r in _held(scene):
        if _aged(care, r) >= OF_AGE:
            words = scene.chance.pick(("PN8", "Attended", "1"))
            yield change(r.person_id, "cla_reviews", r.review_id, rule, participation=words)


def held_and_cancelled(scene: Scene, rule: str) -> Iterator[Defect]:
    """Mark a review that was held as cancelled."""
    for _, r in _held(scene):
        yield change(r.person_id, "cla_reviews", r.review_id, rule, cancelled="Y")


def twice_on_one_day(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a review a second time: both are flagged."""
    for _, held, _ in with_reviews(scene.in_care, scene):
        for r in held[2:]:
            again = replace(r, review_id=f"{r.review_id}B")
            flags = ((rule, r.review_id), (rule, again.review_id))
            yield Defect(r.person_id, flags, added=(("cla_reviews", again),))


def without_due_date(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out when a review was due."""
    for _, r in _held(scene):
        yield change(r.person_id, "cla_reviews", r.review_id, rule, due_date="")


def recorded_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Write up a review after more than a week."""
    for _, r in _held(scene):
        late = scene.making.days.after(r.held_date or r.due_date, scene.chance.between(*LATE_WORKING_DAYS))
        if scene.month_start <= late <= scene.end:
            yield change(r.person_id, "cla_reviews", r.review_id, rule, recorded_on=text(late))
