"""Faults in pre-proceedings and care proceedings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from dq.sample.calendar import birthday
from dq.sample.defects.defect import Defect, Flag, change
from dq.sample.defects.looked_after_lookup import by_child, days, with_proceedings, with_statuses
from dq.sample.defects.scene import Scene, text
from dq.sample.records.looked_after import Proceedings

LIMIT, WARNING_LIMIT = 182, 112
MARGIN = 14
FOUR_WEEKS = 28
BY_ORDER = {"C2", "E1"}
WITHOUT_ORDER = {"Supervision order", "No order", "Withdrawn"}


def _over_limit(scene: Scene, proceedings: Proceedings) -> list[Flag]:
    """Return what else is flagged of proceedings that seem to be open, if they were issued long ago."""
    old = proceedings.issue_date < scene.ago(LIMIT)
    return [("proceedings-over-26-weeks", proceedings.proceedings_id)] if old else []


def _warned(scene: Scene) -> set[str]:
    """Return the children of whom it was decided in pre-proceedings to issue."""
    return {row.person_id for row in scene.records.pre_proceedings if row.outcome == "Issue proceedings"}


def _open(scene: Scene) -> Iterator[Proceedings]:
    return (p for _, p in with_proceedings(scene.in_care, scene) if p.end_date is None)


def dates_out_of_order(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the final hearing with the year before."""
    for p in scene.records.care_proceedings:
        if p.final_hearing_date:
            wrong = text(birthday(p.final_hearing_date, -1))
            yield change(p.person_id, "care_proceedings", p.proceedings_id, rule, final_hearing_date=wrong)


def over_26_weeks(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type an earlier day of issue for proceedings that are open."""
    warned = _warned(scene)
    for p in _open(scene):
        early = scene.ago(LIMIT + scene.chance.between(3, 90))
        if p.person_id not in warned and early >= scene.persons[p.person_id].dob:
            yield change(p.person_id, "care_proceedings", p.proceedings_id, rule, issue_date=text(early))


def of_child_not_in_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave proceedings open though the child has left care."""
    gone = [care for care in scene.periods_of_care if care.episodes[-1].ceased_date is not None]
    for care, p in with_proceedings(gone, scene):
        if p.end_date == care.episodes[-1].ceased_date:
            cells = {"end_date": "", "final_hearing_date": "", "outcome": ""}
            also = _over_limit(scene, p)
            yield change(p.person_id, "care_proceedings", p.proceedings_id, rule, also=also, **cells)


def without_outcome(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out what the court decided."""
    for p in scene.records.care_proceedings:
        if p.end_date:
            yield change(p.person_id, "care_proceedings", p.proceedings_id, rule, outcome="")


def outcome_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type what the court decided in short."""
    for p in scene.records.care_proceedings:
        if p.end_date:
            words = scene.chance.pick(("FCO", "CO", "ICO", "SO"))
            yield change(p.person_id, "care_proceedings", p.proceedings_id, rule, outcome=words)


def outcome_but_no_end(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out when proceedings ended: they seem to be open."""
    for _, p in with_proceedings(scene.in_care, scene):
        if p.end_date:
            also = _over_limit(scene, p)
            yield change(p.person_id, "care_proceedings", p.proceedings_id, rule, also=also, end_date="")


def two_open(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter proceedings that are open a second time: both are flagged."""
    for p in _open(scene):
        again = replace(p, proceedings_id=f"{p.proceedings_id}B")
        flags = ((rule, p.proceedings_id), (rule, again.proceedings_id))
        yield Defect(p.person_id, flags, added=(("care_proceedings", again),))


def order_made_status_unchanged(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose a care order as the outcome, where none was made."""
    statuses = by_child(scene.records.legal_statuses)
    for p in scene.records.care_proceedings:
        ordered = any(s.legal_status in BY_ORDER for s in statuses[p.person_id])
        if p.outcome in WITHOUT_ORDER and not ordered and p.end_date and p.end_date < scene.ago(MARGIN):
            yield change(p.person_id, "care_proceedings", p.proceedings_id, rule, outcome="Care order")


def interim_order_without_proceedings(scene: Scene, rule: str) -> Iterator[Defect]:
    """Never enter the proceedings of a child under an interim care order."""
    warned = _warned(scene)
    running = {p.person_id: p for p in _open(scene)}
    for care, statuses in with_statuses(scene.in_care, scene):
        child, last = care.person.person_id, statuses[-1]
        if last.legal_status == "C1" and child in running and child not in warned:
            dropped = (("care_proceedings", running[child].proceedings_id),)
            yield Defect(child, ((rule, last.legal_status_id),), dropped=dropped)


def warning_dates_out_of_order(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the first meeting with the year before."""
    for row in scene.records.pre_proceedings:
        if row.meeting_date:
            wrong = text(birthday(row.meeting_date, -1))
            yield change(row.person_id, "pre_proceedings", row.pre_proceedings_id, rule, meeting_date=wrong)


def warning_too_long(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type an earlier decision for pre-proceedings that are open."""
    for row in scene.records.pre_proceedings:
        if row.end_date is None and row.meeting_date:
            early = text(scene.ago(WARNING_LIMIT + scene.chance.between(3, 40)))
            yield change(row.person_id, "pre_proceedings", row.pre_proceedings_id, rule, decision_date=early)


def warning_without_outcome(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out how pre-proceedings ended."""
    for row in scene.records.pre_proceedings:
        if row.end_date:
            yield change(row.person_id, "pre_proceedings", row.pre_proceedings_id, rule, outcome="")


def warning_without_meeting(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the first meeting with parents."""
    for row in scene.records.pre_proceedings:
        if row.end_date is None and row.decision_date < scene.ago(FOUR_WEEKS):
            yield change(row.person_id, "pre_proceedings", row.pre_proceedings_id, rule, meeting_date="")


def decided_and_not_issued(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose that proceedings were to be issued, for a family that was stepped down."""
    border: dt.date = scene.end - days(FOUR_WEEKS)
    for row in scene.records.pre_proceedings:
        if row.outcome == "Step down" and row.end_date and row.end_date < border:
            child, key = row.person_id, row.pre_proceedings_id
            yield change(child, "pre_proceedings", key, rule, outcome="Issue proceedings")
