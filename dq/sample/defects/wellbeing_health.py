"""Faults in health assessments of children in care and in the requests for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from dq.sample.calendar import age, months_before
from dq.sample.defects.defect import Defect, change
from dq.sample.defects.scene import Care, Scene, text
from dq.sample.defects.wellbeing_lookup import (
    ASSESSMENTS,
    REVIEWS,
    age_now,
    by_child,
    earlier_checks,
    entered,
    rewritten,
    was_settled,
)
from dq.sample.records.wellbeing import HealthCheck, HealthRequest

CHECKS, REQUESTS = "health_checks", "health_requests"
YOUNG = 5
IHA_DAYS, IHA_REQUEST_DAYS = 20, 5
LATE_IHA, LATE_REQUEST = (22, 30), (7, 15)
LATE_ENTRY = (11, 18)
LONG_AGO = 400


def _new_in_care(scene: Scene, working_days: int) -> Iterator[Care]:
    """Yield children in care for more than so many working days and less than a year."""
    for care in scene.in_care:
        came = entered(care)
        if came > scene.making.year_ago and scene.making.days.between(came, scene.end) > working_days:
            yield care


def _first_assessments(scene: Scene, working_days: int) -> Iterator[tuple[Care, HealthCheck]]:
    """Yield the initial assessments of children whose next, if any, is not due for a year."""
    found = {c.person_id: c for c in scene.records.health_checks if c.check_type == "IHA"}
    for care in _new_in_care(scene, working_days):
        if age(care.person.dob, entered(care)) >= YOUNG:
            yield care, found[care.person.person_id]


def iha_not_recorded(scene: Scene, rule: str) -> Iterator[Defect]:
    """Never enter the initial health assessment."""
    for care, check in _first_assessments(scene, IHA_DAYS):
        child = care.person.person_id
        yield Defect(child, ((rule, child),), dropped=((CHECKS, check.health_check_id),))


def iha_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Hold the initial health assessment after its time."""
    days = scene.making.days
    for care, check in _first_assessments(scene, LATE_IHA[1] + 2):
        held = days.after(entered(care), scene.chance.between(*LATE_IHA))
        child, wrote = care.person.person_id, text(days.after(held, 1))
        cells = {"check_date": text(held), "recorded_on": wrote}
        yield rewritten(child, CHECKS, check.health_check_id, (rule, child), cells)


def iha_refused(scene: Scene, rule: str) -> Iterator[Defect]:
    """Let the young person refuse the initial health assessment."""
    for care, check in _first_assessments(scene, IHA_DAYS):
        if check.check_date is not None:
            child, day = care.person.person_id, text(check.check_date)
            cells = {"status": "REFUSED", "check_date": "", "refused_date": day}
            yield rewritten(child, CHECKS, check.health_check_id, (rule, child), cells)


def refusal_without_date(scene: Scene, rule: str) -> Iterator[Defect]:
    """Record a refused review, and not when."""
    for check in earlier_checks(scene, "RHA_5"):
        yield change(check.person_id, CHECKS, check.health_check_id, rule, status="REFUSED", check_date="")


def check_without_date(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the day of a dental check that another followed."""
    for check in earlier_checks(scene, "DENTAL"):
        yield change(check.person_id, CHECKS, check.health_check_id, rule, check_date="")


def refused_check_has_date_held(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the day of a review standing that was refused on it."""
    for check in earlier_checks(scene, "RHA_5"):
        if check.check_date is not None:
            day = text(check.check_date)
            yield change(check.person_id, CHECKS, check.health_check_id, rule, status="REFUSED", refused_date=day)


def _first_requests(scene: Scene, working_days: int) -> Iterator[tuple[Care, HealthRequest]]:
    found = {r.person_id: r for r in scene.records.health_requests if r.request_kind == "IHA"}
    for care in _new_in_care(scene, working_days):
        yield care, found[care.person.person_id]


def iha_request_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Never enter the request for the initial health assessment."""
    for care, request in _first_requests(scene, IHA_REQUEST_DAYS):
        child = care.person.person_id
        yield Defect(child, ((rule, child),), dropped=((REQUESTS, request.request_id),))


def iha_request_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Send the request for the initial health assessment after its time."""
    days = scene.making.days
    for care, request in _first_requests(scene, LATE_REQUEST[1] + 2):
        sent, child = days.after(entered(care), scene.chance.between(*LATE_REQUEST)), care.person.person_id
        cells = {"sent_date": text(sent), "recorded_on": text(days.after(sent, 1))}
        yield rewritten(child, REQUESTS, request.request_id, (rule, child), cells)


def request_before_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the request before the child came into care."""
    came = {care.person.person_id: entered(care) for care in scene.periods_of_care}
    for request in scene.records.health_requests:
        early = came[request.person_id] - dt.timedelta(days=scene.chance.between(2, 20))
        yield change(request.person_id, REQUESTS, request.request_id, rule, sent_date=text(early))


def _review_requests(scene: Scene) -> Iterator[HealthRequest]:
    return (request for request in scene.records.health_requests if request.request_kind == "RHA")


def request_of_no_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Send a request under a period of care that is not there."""
    for request in _review_requests(scene):
        yield change(request.person_id, REQUESTS, request.request_id, rule, cla_id=f"X{request.cla_id}")


def request_undated(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the day a request for a review was sent."""
    for request in _review_requests(scene):
        yield change(request.person_id, REQUESTS, request.request_id, rule, sent_date="")


def request_without_consent_answer(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave unanswered whether consent was received."""
    for request in scene.records.health_requests:
        if request.request_kind == "IHA":
            yield change(request.person_id, REQUESTS, request.request_id, rule, consent_received="")


def _unassessed(scene: Scene, rule: str, months: int, *, young: bool) -> Iterator[Defect]:
    """Leave out the assessments of the last months, of children in care for long enough before."""
    since = months_before(scene.end, months)
    checks = by_child(c for c in scene.records.health_checks if c.check_type in ASSESSMENTS)
    for care in scene.in_care:
        if entered(care) <= scene.ago(LONG_AGO) and (age_now(scene, care) < YOUNG) == young:
            child = care.person.person_id
            late = tuple((CHECKS, c.health_check_id) for c in checks[child] if c.check_date and c.check_date >= since)
            yield Defect(child, ((rule, child),), dropped=late)


def review_overdue_under_5(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave a small child without a review for half a year."""
    return _unassessed(scene, rule, 6, young=True)


def review_overdue_5_and_over(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave an older child without a review for a year."""
    return _unassessed(scene, rule, 12, young=False)


def review_after_due(scene: Scene, rule: str) -> Iterator[Defect]:
    """Let a review have been due before it was held."""
    for check in earlier_checks(scene, *REVIEWS):
        if check.check_date is not None:
            due = check.check_date - dt.timedelta(days=scene.chance.between(1, 40))
            yield change(check.person_id, CHECKS, check.health_check_id, rule, due_date=text(due))


def review_type_wrong_for_age(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose the review of the other age."""
    for check in scene.records.health_checks:
        if check.check_type in REVIEWS:
            other = REVIEWS[1 - REVIEWS.index(check.check_type)]
            yield change(check.person_id, CHECKS, check.health_check_id, rule, check_type=other)


def area_not_recorded(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave unanswered whether the child was placed out of area."""
    for check in scene.records.health_checks:
        if check.check_type in ASSESSMENTS:
            yield change(check.person_id, CHECKS, check.health_check_id, rule, out_of_area="")


def assessment_outside_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date a review, not the latest, before the child came into care."""
    cares = {care.person.person_id: care for care in scene.periods_of_care}
    for check in earlier_checks(scene, "RHA_5"):
        care = cares[check.person_id]
        early = entered(care) - dt.timedelta(days=scene.chance.between(5, 60))
        if age(care.person.dob, early) >= YOUNG:
            yield change(check.person_id, CHECKS, check.health_check_id, rule, check_date=text(early))


def check_before_birth(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date a dental check, not the latest, before the child was born."""
    for check in earlier_checks(scene, "DENTAL"):
        early = scene.persons[check.person_id].dob - dt.timedelta(days=scene.chance.between(10, 200))
        yield change(check.person_id, CHECKS, check.health_check_id, rule, check_date=text(early))


def check_recorded_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a health check after weeks."""
    for check in scene.records.health_checks:
        if check.check_date is not None and check.check_date >= scene.ago(60):
            late = scene.making.days.after(check.check_date, scene.chance.between(*LATE_ENTRY))
            if scene.month_start <= late <= scene.end:
                yield change(check.person_id, CHECKS, check.health_check_id, rule, recorded_on=text(late))


def check_type_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type a kind of check that the list does not have."""
    for check in earlier_checks(scene, "DENTAL"):
        yield change(check.person_id, CHECKS, check.health_check_id, rule, check_type="DENTIST")


def check_of_nobody(scene: Scene, rule: str) -> Iterator[Defect]:
    """Give an eye test to a person who is not in the extract of persons."""
    for check in scene.records.health_checks:
        if check.check_type == "OPTICIAN" and was_settled(scene, check):
            unknown = f"D{check.person_id[1:]}"
            yield change(check.person_id, CHECKS, check.health_check_id, rule, person_id=unknown)
