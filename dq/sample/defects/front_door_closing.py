"""Faults in how referrals and cases go together: begun, worked on and closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from dq.model import Severity
from dq.sample.calendar import birthday
from dq.sample.defects.defect import Defect, Fault
from dq.sample.defects.front_door_lookup import (
    AFTER_ASSESSMENT,
    REFERRALS,
    Door,
    assessed,
    dropped,
    factor_keys,
    front_door,
    is_settled,
    open_doors,
    spoilt_referral,
)
from dq.sample.defects.scene import Scene, text

YEAR = 365
ASSESSMENT_WORKING_DAYS = 45
OTHER_REASON = "RC7"


def _closed(scene: Scene) -> Iterator[tuple[Door, dt.date]]:
    for door in front_door(scene).doors:
        if door.referral.closed_date is not None:
            yield door, door.referral.closed_date


def _left_out(door: Door) -> tuple[tuple[str, str], ...]:
    """Return the assessment of a referral and its factors, to be left out."""
    keys = [door.assessment.assessment_id] if door.assessment else []
    return dropped(("assessments", keys), ("assessment_factors", factor_keys(door)))


def nfa_with_assessment(scene: Scene, rule: str) -> Iterator[Defect]:
    """Say of a case that was assessed and closed that nothing more was to be done."""
    for door, _ in _closed(scene):
        if door.assessment is not None and door.referrals == 1:
            yield spoilt_referral(door.referral, rule, nfa="Y")


def nfa_still_open(scene: Scene, rule: str) -> Iterator[Defect]:
    """Never close a referral of which nothing came."""
    for referral in scene.records.referrals:
        decided = referral.decision_date
        if referral.nfa == "Y" and decided is not None and decided <= scene.ago(40):
            yield spoilt_referral(referral, rule, closed_date="", closed_reason="")


def closed_before_received(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the day a referral was closed with the year before."""
    for door, closed in _closed(scene):
        if 0 < (closed - door.referral.referral_date).days < YEAR:
            yield spoilt_referral(door.referral, rule, closed_date=text(birthday(closed, -1)))


def closed_without_reason(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out why a referral was closed."""
    return (spoilt_referral(door.referral, rule, closed_reason="") for door, _ in _closed(scene))


def closing_reason_without_date(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose why an open referral was closed, as if it were."""
    return (spoilt_referral(door.referral, rule, closed_reason=OTHER_REASON) for door in open_doors(scene))


def closed_died(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose by mistake that the child died."""
    for door, _ in _closed(scene):
        if door.referral.closed_reason not in AFTER_ASSESSMENT:
            yield spoilt_referral(door.referral, rule, closed_reason="RC2")


def closed_without_assessment(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the assessment after which the case was closed."""
    for door, _ in _closed(scene):
        if door.referral.closed_reason in AFTER_ASSESSMENT and is_settled(scene, door.referral.referral_date):
            yield Defect(door.child, ((rule, door.referral.referral_id),), dropped=_left_out(door))


def closed_with_enquiry(scene: Scene, rule: str) -> Iterator[Defect]:
    """Say of a case with an enquiry that it was closed after assessment alone."""
    for door, _ in _closed(scene):
        if door.enquiry is not None:
            yield spoilt_referral(door.referral, rule, closed_reason="RC8")


def closed_with_open_assessment(scene: Scene, rule: str) -> Iterator[Defect]:
    """Never authorise the assessment of a case that was closed: it is overdue as well."""
    for door, assessment, _ in assessed(scene):
        key, referral = assessment.assessment_id, door.referral
        elapsed = scene.making.days.between(referral.referral_date, scene.end)
        if not door.is_open and elapsed > ASSESSMENT_WORKING_DAYS:
            cells = {("assessments", key, column): "" for column in ("authorised_date", "outcome")}
            flags = (rule, referral.referral_id), ("assessment-overdue", key)
            yield Defect(door.child, flags, cells, dropped=dropped(("assessment_factors", factor_keys(door))))


def open_though_case_closed(scene: Scene, rule: str) -> Iterator[Defect]:
    """Never close a referral whose case was closed."""
    held = {i.person_id for i in scene.open_cases}
    for door, closed in _closed(scene):
        helped = any(episode.end_date is None for episode in door.early_help)
        if closed <= scene.ago(35) and door.child not in held and not helped:
            yield spoilt_referral(door.referral, rule, closed_date="", closed_reason="")


def not_assessed(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the assessment of a referral that is open."""
    for door in open_doors(scene):
        if is_settled(scene, door.referral.referral_date):
            yield Defect(door.child, ((rule, door.referral.referral_id),), dropped=_left_out(door))


def _first_held(scene: Scene) -> dict[str, dt.date]:
    """Return child → the day the case was first held, of cases that opened in the last year."""
    first: dict[str, dt.date] = {}
    for i in scene.records.involvements:
        first[i.person_id] = min(first.get(i.person_id, i.start_date), i.start_date)
    return {child: day for child, day in first.items() if day > scene.making.year_ago}


def opened_without_referral(scene: Scene, rule: str) -> Iterator[Defect]:
    """Never enter the contact, the referral and the assessment of a case."""
    held = _first_held(scene)
    for door in front_door(scene).doors:
        if door.child in held and door.referrals == 1 and door.enquiry is None:
            contacts = [contact.contact_id for contact in door.contacts if contact.outcome == "REFERRAL"]
            gone = dropped((REFERRALS, [door.referral.referral_id]), ("contacts", contacts))
            yield Defect(door.child, ((rule, door.child),), dropped=(*gone, *_left_out(door)))


def after_case_opened(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the referral on the day after the case was first held, as far as the work on it was later still."""
    held = _first_held(scene)
    for door in front_door(scene).doors:
        referral, assessment = door.referral, door.assessment
        if door.child not in held or door.referrals > 1 or assessment is None or door.enquiry is not None:
            continue
        late = held[door.child] + dt.timedelta(days=1)
        decided, recorded = referral.decision_date or late, max(late, referral.recorded_on)
        if late <= min(decided, assessment.start_date) and scene.making.days.between(referral.referral_date, late) <= 1:
            cells = {"referral_date": text(late), "recorded_on": text(recorded)}
            key = referral.referral_id
            written = {(REFERRALS, key, column): value for column, value in cells.items()}
            yield Defect(door.child, ((rule, door.child),), written)


ERROR, QUERY = Severity.ERROR, Severity.QUERY

FAULTS: tuple[Fault, ...] = (
    Fault("referral-after-case-opened", QUERY, after_case_opened, 0.5),
    Fault("nfa-referral-still-open", ERROR, nfa_still_open, 0.2),
    Fault("referral-closed-after-assessment-with-enquiry", ERROR, closed_with_enquiry, 0.05),
    Fault("referral-closed-after-assessment-without-one", ERROR, closed_without_assessment, 0.1),
    Fault("case-opened-without-referral", ERROR, opened_without_referral, 0.1),
    Fault("referral-not-assessed", ERROR, not_assessed, 0.1),
    Fault("nfa-referral-with-assessment", ERROR, nfa_with_assessment, 0.05),
    Fault("referral-closed-died-without-date-of-death", ERROR, closed_died, most=6),
    Fault("referral-closed-with-open-assessment", ERROR, closed_with_open_assessment, 0.05),
    Fault("referral-open-case-closed", ERROR, open_though_case_closed, 0.1),
    Fault("referral-closed-before-received", ERROR, closed_before_received, 0.03),
    Fault("referral-closed-without-reason", ERROR, closed_without_reason, 0.05),
    Fault("referral-closing-reason-without-date", ERROR, closing_reason_without_date, 0.05),
)
"""Every kind of fault in them, rare ones first."""
