"""Faults in dental checks, immunisations, questionnaires, substance misuse and offences of children in care."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from dq.sample.calendar import age, birthday
from dq.sample.defects.defect import Defect, Flag, change
from dq.sample.defects.scene import Scene, text
from dq.sample.defects.wellbeing_health import CHECKS
from dq.sample.defects.wellbeing_lookup import age_now, by_child, earlier_checks, entered, rewritten, was_settled
from dq.sample.records.wellbeing import Offence, Questionnaire, SubstanceMisuse

SDQ_AGES = range(4, 17)
ADULT = 18
DENTAL_FROM_AGE = 2
OFFENCE_AGE = 10
OUTCOME_DAYS = 190


def check_type_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out what kind of check it was, of one that another followed."""
    for check in earlier_checks(scene, "DENTAL", "OPTICIAN"):
        yield change(check.person_id, CHECKS, check.health_check_id, rule, check_type="")


def no_dental_check(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the dental checks of the last year."""
    since = scene.making.year_ago
    checks = by_child(c for c in scene.records.health_checks if c.check_type == "DENTAL")
    for care in scene.in_care:
        if entered(care) <= since and age_now(scene, care) >= DENTAL_FROM_AGE:
            child = care.person.person_id
            late = tuple((CHECKS, c.health_check_id) for c in checks[child] if c.check_date and c.check_date >= since)
            yield Defect(child, ((rule, child),), dropped=late)


def dental_date_from_survey(scene: Scene, rule: str) -> Iterator[Defect]:
    """Take the day of a dental check from a survey of carers."""
    for check in scene.records.health_checks:
        if check.check_type == "DENTAL" and scene.is_recent(check.check_date):
            yield change(check.person_id, CHECKS, check.health_check_id, rule, date_source="SURVEY")


def same_check_two_dates(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a dental check again from the carer, who remembers another day: the later one is flagged."""
    for check in earlier_checks(scene, "DENTAL"):
        if check.check_date is not None:
            day = check.check_date + dt.timedelta(days=scene.chance.between(2, 20))
            again = f"{check.health_check_id}X"
            copy = replace(check, health_check_id=again, check_date=day, date_source="CARER", recorded_on=day)
            if was_settled(scene, copy):
                yield Defect(check.person_id, ((rule, again),), added=((CHECKS, copy),))


def check_twice(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a health check twice: both are flagged."""
    for check in scene.records.health_checks:
        if check.check_type in {"DENTAL", "OPTICIAN"} and was_settled(scene, check):
            again = f"{check.health_check_id}X"
            both = ((rule, check.health_check_id), (rule, again))
            yield Defect(check.person_id, both, added=((CHECKS, replace(check, health_check_id=again)),))


def _long_in_care(scene: Scene) -> Iterator[str]:
    for care in scene.in_care:
        if entered(care) <= scene.making.year_ago:
            yield care.person.person_id


def immunisations_not_up_to_date(scene: Scene, rule: str) -> Iterator[Defect]:
    """Answer that immunisations are not up to date."""
    for child in _long_in_care(scene):
        yield change(child, "immunisations", child, rule, up_to_date="N")


def immunisations_not_recorded(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the question unasked."""
    for child in _long_in_care(scene):
        yield Defect(child, ((rule, child),), dropped=(("immunisations", child),))


def immunisations_not_looked_at(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the answer as it was more than a year ago."""
    for child in _long_in_care(scene):
        old = text(scene.ago(scene.chance.between(380, 700)))
        yield change(child, "immunisations", child, rule, status_date=old)


def immunisations_undated(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the day of the answer."""
    for row in scene.records.immunisations:
        yield change(row.person_id, "immunisations", row.person_id, rule, status_date="")


def immunisations_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Answer 'unknown', for a child who has left care."""
    in_care = {care.person.person_id for care in scene.in_care}
    for row in scene.records.immunisations:
        if row.person_id not in in_care:
            yield change(row.person_id, "immunisations", row.person_id, rule, up_to_date="U")


def sdq_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the questionnaires of the last year."""
    since = scene.making.year_ago
    sdqs = by_child(scene.records.sdq_scores)
    for care in scene.in_care:
        person = care.person
        ages = age(person.dob, since), age_now(scene, care)
        if entered(care) <= since and all(years in SDQ_AGES for years in ages):
            late = tuple(("sdq_scores", q.sdq_id) for q in sdqs[person.person_id] if q.completed_date >= since)
            yield Defect(person.person_id, ((rule, person.person_id),), dropped=late)


def _scored(scene: Scene) -> Iterator[Questionnaire]:
    return (q for q in scene.records.sdq_scores if q.score is not None)


def sdq_outside_age(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date a questionnaire, not the latest, before the child was four."""
    for sdqs in by_child(scene.records.sdq_scores).values():
        for q in sdqs[:-1]:
            dob = scene.persons[q.person_id].dob
            if q.score is not None and age(dob, scene.end) < ADULT:
                early = birthday(dob, 4) - dt.timedelta(days=scene.chance.between(1, 300))
                yield change(q.person_id, "sdq_scores", q.sdq_id, rule, completed_date=text(early))


def sdq_without_score_or_reason(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the score, and why there is none."""
    for q in _scored(scene):
        yield change(q.person_id, "sdq_scores", q.sdq_id, rule, score="")


def sdq_score_and_reason(scene: Scene, rule: str) -> Iterator[Defect]:
    """Give a reason for no score beside the score."""
    for q in _scored(scene):
        yield change(q.person_id, "sdq_scores", q.sdq_id, rule, reason=scene.chance.pick(("SDQ2", "SDQ4")))


def sdq_reason_wrong_for_age(scene: Scene, rule: str) -> Iterator[Defect]:
    """Say that a child of the right age was not of the right age."""
    for q in _scored(scene):
        yield change(q.person_id, "sdq_scores", q.sdq_id, rule, score="", reason="SDQ1")


def sdq_score_out_of_range(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type a score that the questionnaire cannot give."""
    for q in _scored(scene):
        yield change(q.person_id, "sdq_scores", q.sdq_id, rule, score=str(scene.chance.between(41, 99)))


def _misuse(rule: str, row: SubstanceMisuse, **cells: str) -> Defect:
    return rewritten(row.person_id, "substance_misuse", row.misuse_id, (rule, row.misuse_id), cells)


def misuse_no_intervention(scene: Scene, rule: str) -> Iterator[Defect]:
    """Offer no help."""
    for row in scene.records.substance_misuse:
        yield _misuse(rule, row, received="N", offered="N", accepted="", refused="")


def intervention_accepted_and_refused(scene: Scene, rule: str) -> Iterator[Defect]:
    """Let the young person refuse and accept."""
    for row in scene.records.substance_misuse:
        if row.received == "N":
            yield _misuse(rule, row, accepted="Y")


def intervention_not_answered(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave unanswered what the young person said."""
    for row in scene.records.substance_misuse:
        yield _misuse(rule, row, accepted="", refused="")


def intervention_received_though_refused(scene: Scene, rule: str) -> Iterator[Defect]:
    """Let the young person refuse what they had."""
    for row in scene.records.substance_misuse:
        if row.received == "Y":
            yield _misuse(rule, row, accepted="N", refused="Y")


def _settled_offences(scene: Scene) -> Iterator[tuple[Offence, dt.date]]:
    """Yield offences with an outcome, with the day the child came into care."""
    came = {care.person.person_id: entered(care) for care in scene.periods_of_care}
    for offence in scene.records.offences:
        if offence.outcome is not None:
            yield offence, came[offence.person_id]


def _offence(rule: str, offence: Offence, also: tuple[Flag, ...] = (), **cells: str) -> Defect:
    return rewritten(offence.person_id, "offences", offence.offence_id, (rule, offence.offence_id), cells, also)


def offence_under_age(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date an offence before the tenth birthday: the child may not have been in care by then."""
    for offence, came in _settled_offences(scene):
        early = birthday(scene.persons[offence.person_id].dob, 9) + dt.timedelta(days=scene.chance.between(0, 300))
        also = (("offence-outside-care", offence.offence_id),) if early < came else ()
        yield _offence(rule, offence, also, offence_date=text(early))


def offence_without_outcome(scene: Scene, rule: str) -> Iterator[Defect]:
    """Never enter what came of an offence."""
    for offence, _ in _settled_offences(scene):
        if offence.offence_date < scene.ago(OUTCOME_DAYS):
            yield _offence(rule, offence, outcome="", outcome_date="")


def offence_outcome_undated(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the day of the outcome."""
    for offence, _ in _settled_offences(scene):
        yield _offence(rule, offence, outcome_date="")


def offence_outcome_before_offence(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the outcome before the offence."""
    for offence, _ in _settled_offences(scene):
        early = offence.offence_date - dt.timedelta(days=scene.chance.between(5, 40))
        yield _offence(rule, offence, outcome_date=text(early))


def offence_outside_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the offence before the child came into care."""
    for offence, came in _settled_offences(scene):
        early = came - dt.timedelta(days=scene.chance.between(10, 100))
        if age(scene.persons[offence.person_id].dob, early) >= OFFENCE_AGE:
            yield _offence(rule, offence, offence_date=text(early))


def offence_outcome_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type an outcome that the list does not have."""
    for offence, _ in _settled_offences(scene):
        yield _offence(rule, offence, outcome=scene.chance.pick(("RO", "YCC", "TBC")))
