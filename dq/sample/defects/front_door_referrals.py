"""Faults in what a referral says: who made it, when it was decided, why it was taken on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from dq.model import Severity
from dq.sample.defects.defect import Defect, Fault
from dq.sample.defects.front_door_lookup import (
    REFERRALS,
    added,
    days,
    front_door,
    late_entry,
    open_doors,
    spoilt_referral,
)
from dq.sample.defects.scene import Scene, text
from dq.sample.records.front_door import Referral

MONTH = dt.timedelta(days=30)
AGAIN = dt.timedelta(days=150)
SEEN_WORKING_DAYS = 5
OTHER_REASON = "RC7"


def _taken_on(scene: Scene) -> Iterator[Referral]:
    return (door.referral for door in front_door(scene).doors)


def without_source(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out who made the referral."""
    return (spoilt_referral(referral, rule, source="") for referral in scene.records.referrals)


def source_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type who made the referral in words."""
    for referral in scene.records.referrals:
        yield spoilt_referral(referral, rule, source=scene.chance.pick(("SCHOOL", "POL", "3G")))


def without_primary_need(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out why the child needs social care."""
    return (spoilt_referral(referral, rule, primary_need="") for referral in _taken_on(scene))


def need_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type a need that the list does not have."""
    return (
        spoilt_referral(r, rule, primary_need=scene.chance.pick(("A1", "N10", "NEGLECT"))) for r in _taken_on(scene)
    )


def not_decided(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out when the referral was decided."""
    for referral in _taken_on(scene):
        if referral.referral_date <= scene.ago(10):
            yield spoilt_referral(referral, rule, decision_date="")


def decided_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Decide a referral after its three working days."""
    for referral in _taken_on(scene):
        late = scene.making.days.after(referral.referral_date, scene.chance.between(4, 7))
        if scene.month_start <= late <= scene.end:
            yield spoilt_referral(referral, rule, decision_date=text(late))


def decided_before_received(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the decision before the referral came."""
    for referral in _taken_on(scene):
        yield spoilt_referral(referral, rule, decision_date=text(referral.referral_date - days(scene, 1, 9)))


def nfa_not_said(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave unanswered whether anything more is to be done."""
    return (spoilt_referral(referral, rule, nfa="") for referral in _taken_on(scene))


def while_one_is_open(scene: Scene, rule: str) -> Iterator[Defect]:
    """Take another referral on, for some weeks, while the case was open."""
    for door in front_door(scene).doors:
        referral = door.referral
        again, closed = referral.referral_date + MONTH, referral.referral_date + MONTH * 2
        if again <= scene.ago(90) and (referral.closed_date is None or referral.closed_date > again):
            new = replace(
                referral,
                referral_id=f"{referral.referral_id}X",
                referral_date=again,
                decision_date=again,
                closed_date=closed,
                closed_reason=OTHER_REASON,
                recorded_on=again,
            )
            yield added(door.child, REFERRALS, new, (rule, new.referral_id))


def referred_again(scene: Scene, rule: str) -> Iterator[Defect]:
    """Let a child referred this month have had a case before, closed in the same year."""
    for door in front_door(scene).doors:
        referral = door.referral
        first = referral.referral_date - AGAIN
        if scene.month_start <= referral.referral_date and first > scene.persons[door.child].dob:
            before = replace(
                referral,
                referral_id=f"{referral.referral_id}X",
                referral_date=first,
                decision_date=first,
                closed_date=first + MONTH * 3,
                closed_reason=OTHER_REASON,
                recorded_on=first,
            )
            yield added(door.child, REFERRALS, before, (rule, referral.referral_id))


def without_team(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the team of an open referral."""
    return (spoilt_referral(door.referral, rule, team_id="") for door in open_doors(scene))


def without_worker(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the worker of an open referral."""
    return (spoilt_referral(door.referral, rule, worker_id="") for door in open_doors(scene))


def recorded_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a referral after more than a week."""
    for referral in scene.records.referrals:
        late = late_entry(scene, referral.referral_date)
        if late is not None:
            yield spoilt_referral(referral, rule, recorded_on=late)


def not_seen_in_five_days(scene: Scene, rule: str) -> Iterator[Defect]:
    """See a child some days late."""
    working_days = scene.making.days
    for door in front_door(scene).doors:
        assessment, day = door.assessment, door.referral.referral_date
        due = working_days.after(day, SEEN_WORKING_DAYS)
        late = working_days.after(day, scene.chance.between(SEEN_WORKING_DAYS + 1, SEEN_WORKING_DAYS + 3))
        if assessment is None or not scene.month_start <= due < late <= (assessment.authorised_date or scene.end):
            continue
        key = assessment.assessment_id
        cells = {("assessments", key, "child_seen"): "Y", ("assessments", key, "seen_date"): text(late)}
        yield Defect(door.child, ((rule, door.referral.referral_id),), cells)


ERROR, QUERY = Severity.ERROR, Severity.QUERY

FAULTS: tuple[Fault, ...] = (
    Fault("referred-again-within-a-year", Severity.INFORMATION, referred_again, 0.8),
    Fault("child-not-seen-in-five-days", QUERY, not_seen_in_five_days, 1.0),
    Fault("referral-decided-late", QUERY, decided_late, 0.8),
    Fault("referral-recorded-late", QUERY, recorded_late, 0.8),
    Fault("referral-while-one-is-open", ERROR, while_one_is_open, 0.05),
    Fault("referral-without-team", ERROR, without_team, 0.05),
    Fault("referral-without-worker", QUERY, without_worker, 0.05),
    Fault("referral-not-decided", QUERY, not_decided, 0.05),
    Fault("referral-decided-before-received", ERROR, decided_before_received, 0.03),
    Fault("referral-nfa-not-said", ERROR, nfa_not_said, 0.03),
    Fault("referral-without-source", ERROR, without_source, 0.05),
    Fault("referral-without-primary-need", ERROR, without_primary_need, 0.08),
    Fault("contract.referrals.source.codes", ERROR, source_not_a_code, 0.03),
    Fault("contract.referrals.primary_need.codes", ERROR, need_not_a_code, 0.03),
)
"""Every kind of fault in them, rare ones first."""
