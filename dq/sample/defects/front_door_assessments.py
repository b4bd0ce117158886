"""Faults in assessments and in the factors they found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dq.model import Severity
from dq.sample.calendar import birthday
from dq.sample.defects.defect import Defect, Fault, Flag
from dq.sample.defects.front_door_lookup import (
    AFTER_ASSESSMENT,
    added,
    assessed,
    days,
    dropped,
    factor_keys,
    in_assessment,
    is_settled,
    late_entry,
    loose_doors,
    spoilt,
    was_entered_before,
)
from dq.sample.defects.scene import Scene, text
from dq.sample.records.front_door import Assessment, Factor

ASSESSMENTS, FACTORS = "assessments", "assessment_factors"
NO_FACTORS = "21"
YEAR = 365
OVERDUE_DAYS = 80
LATE_WORKING_DAYS = (46, 60)


def _assessment(assessment: Assessment, rule: str, *also: Flag, **cells: str) -> Defect:
    return spoilt(assessment.person_id, ASSESSMENTS, assessment.assessment_id, rule, cells, *also)


def _authorised(scene: Scene) -> Iterator[Assessment]:
    """Yield authorised assessments of referrals whose time for the child to be seen is over, and judged."""
    for door, assessment, _ in assessed(scene):
        if is_settled(scene, door.referral.referral_date):
            yield assessment


def dates_out_of_order(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the day of authorising with the year before."""
    for _, assessment, authorised in assessed(scene):
        if 0 < (authorised - assessment.start_date).days < YEAR:
            yield _assessment(assessment, rule, authorised_date=text(birthday(authorised, -1)))


def before_referral(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the start of an assessment before the referral came."""
    for door, assessment, _ in assessed(scene):
        if was_entered_before(scene, assessment.recorded_on):
            early = door.referral.referral_date - days(scene, 1, 9)
            yield _assessment(assessment, rule, start_date=text(early))


def overdue(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave an assessment in progress for months."""
    for door, assessment, _ in assessed(scene):
        if door.is_open and door.referral.referral_date <= scene.ago(OVERDUE_DAYS):
            key = assessment.assessment_id
            cells = {(ASSESSMENTS, key, column): "" for column in ("authorised_date", "outcome")}
            gone = dropped((FACTORS, factor_keys(door)))
            yield Defect(door.child, ((rule, key),), cells, dropped=gone)


def late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Authorise an assessment after its time."""
    for door, assessment, _ in assessed(scene):
        day = scene.making.days.after(door.referral.referral_date, scene.chance.between(*LATE_WORKING_DAYS))
        if door.is_open and scene.month_start <= day <= scene.end:
            yield _assessment(assessment, rule, authorised_date=text(day))


def child_not_seen(scene: Scene, rule: str) -> Iterator[Defect]:
    """Authorise an assessment of a child whom nobody saw."""
    return (_assessment(a, rule, child_seen="N", seen_date="") for a in _authorised(scene))


def seen_not_said(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave unanswered whether the child was seen."""
    return (_assessment(a, rule, child_seen="") for a in _authorised(scene))


def seen_without_date(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out when the child was seen."""
    return (_assessment(a, rule, seen_date="") for a in _authorised(scene))


def seen_date_though_not_seen(scene: Scene, rule: str) -> Iterator[Defect]:
    """Say that the child was not seen, and when: authorised, it is one of a child not seen as well."""
    for assessment in _authorised(scene):
        also = ("child-not-seen-at-assessment", assessment.assessment_id)
        yield _assessment(assessment, rule, also, child_seen="N")


def seen_outside(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the day the child was seen before the assessment began."""
    for assessment in _authorised(scene):
        yield _assessment(assessment, rule, seen_date=text(assessment.start_date - days(scene, 1, 6)))


def of_another_child(scene: Scene, rule: str) -> Iterator[Defect]:
    """Put the assessment on the record of another child, under the referral of the first."""
    other: str | None = None
    for assessment in _authorised(scene):
        if other is not None:
            yield _assessment(assessment, rule, person_id=other)
        other = assessment.person_id


def without_referral(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out which referral the assessment is of."""
    return (_assessment(assessment, rule, referral_id="") for _, assessment in loose_doors(scene))


def of_no_referral(scene: Scene, rule: str) -> Iterator[Defect]:
    """Give a referral that is not in the extract of referrals."""
    for _, assessment in loose_doors(scene):
        yield _assessment(assessment, rule, referral_id=f"R{assessment.referral_id}")


def not_dated(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out when the assessment began."""
    return (_assessment(assessment, rule, start_date="") for _, assessment in loose_doors(scene))


def without_factors(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out what was found."""
    for door, assessment, _ in assessed(scene):
        gone = dropped((FACTORS, factor_keys(door)))
        yield Defect(door.child, ((rule, assessment.assessment_id),), dropped=gone)


def factors_of_open(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter what was found before the assessment is authorised."""
    for door, assessment in in_assessment(scene):
        found = Factor(f"{assessment.assessment_id}F", assessment.assessment_id, door.child, "16A")
        yield added(door.child, FACTORS, found, (rule, assessment.assessment_id))


def no_factors_beside_others(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose that nothing was found, beside what was."""
    for door, assessment, _ in assessed(scene):
        if door.factors[0].factor != NO_FACTORS:
            found = Factor(f"{assessment.assessment_id}F", assessment.assessment_id, door.child, NO_FACTORS)
            yield added(door.child, FACTORS, found, (rule, found.factor_id))


def factor_twice(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose a factor twice: both are flagged."""
    for door, _, _ in assessed(scene):
        found = door.factors[0]
        again = replace(found, factor_id=f"{found.factor_id}X")
        yield added(door.child, FACTORS, again, (rule, found.factor_id), (rule, again.factor_id))


def factor_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type a factor of an older list."""
    for door, _, _ in assessed(scene):
        found = door.factors[0]
        if found.factor != NO_FACTORS:
            wrong = {"factor": scene.chance.pick(("6", "8A", "25", "DV"))}
            yield spoilt(door.child, FACTORS, found.factor_id, rule, wrong)


def no_factors_though_services_given(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose that nothing was found of a child who was helped."""
    for door, _, _ in assessed(scene):
        if not door.is_open and door.referral.closed_reason not in AFTER_ASSESSMENT:
            first, *rest = factor_keys(door)
            cells = {(FACTORS, first, "factor"): NO_FACTORS}
            yield Defect(door.child, ((rule, first),), cells, dropped=dropped((FACTORS, rest)))


def two_open(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter an open assessment a second time: both are flagged."""
    for door, assessment in in_assessment(scene):
        again = replace(assessment, assessment_id=f"{assessment.assessment_id}X")
        flags = (rule, assessment.assessment_id), (rule, again.assessment_id)
        yield added(door.child, ASSESSMENTS, again, *flags)


def without_outcome(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out what is to be done."""
    return (_assessment(assessment, rule, outcome="") for _, assessment, _ in assessed(scene))


def outcome_without_authorisation(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose what is to be done, and leave the assessment with the manager."""
    for _, assessment in in_assessment(scene):
        yield _assessment(assessment, rule, outcome=scene.chance.pick(("NFA", "CIN")))


def recorded_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter an assessment after more than a week."""
    for assessment in scene.records.assessments:
        day = late_entry(scene, assessment.start_date)
        if day is not None:
            yield _assessment(assessment, rule, recorded_on=day)


ERROR, QUERY = Severity.ERROR, Severity.QUERY

FAULTS: tuple[Fault, ...] = (
    Fault("two-open-assessments", ERROR, two_open, 0.3),
    Fault("factors-of-open-assessment", QUERY, factors_of_open, 0.4),
    Fault("assessment-outcome-without-authorisation", QUERY, outcome_without_authorisation, 0.4),
    Fault("assessment-recorded-late", QUERY, recorded_late, 0.8),
    Fault("assessment-late", QUERY, late, 0.8),
    Fault("assessment-overdue", QUERY, overdue, 0.1),
    Fault("no-factors-though-services-given", QUERY, no_factors_though_services_given, 0.05),
    Fault("assessment-without-referral", QUERY, without_referral, 0.05),
    Fault("contract.assessments.referral_id.references", ERROR, of_no_referral, most=6),
    Fault("contract.assessments.start_date.required", ERROR, not_dated, most=6),
    Fault("assessment-dates-out-of-order", ERROR, dates_out_of_order, 0.03),
    Fault("assessment-before-referral", ERROR, before_referral, 0.03),
    Fault("child-not-seen-at-assessment", QUERY, child_not_seen, 0.1),
    Fault("assessment-seen-not-said", ERROR, seen_not_said, 0.08),
    Fault("assessment-seen-without-date", ERROR, seen_without_date, 0.08),
    Fault("assessment-seen-date-though-not-seen", ERROR, seen_date_though_not_seen, 0.03),
    Fault("assessment-seen-outside", QUERY, seen_outside, 0.05),
    Fault("assessment-of-another-childs-referral", ERROR, of_another_child, most=6),
    Fault("assessment-without-factors", ERROR, without_factors, 0.1),
    Fault("no-factors-beside-others", ERROR, no_factors_beside_others, 0.05),
    Fault("factor-twice", ERROR, factor_twice, 0.05),
    Fault("contract.assessment_factors.factor.codes", ERROR, factor_not_a_code, 0.03),
    Fault("assessment-without-outcome", ERROR, without_outcome, 0.08),
)
"""Every kind of fault in them, rare ones first."""
