"""Fostering: enquiries, the assessments some of them lead to, and the households approved to foster."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from dq.sample.making import Making
from dq.sample.parts.leaving_stays import team_of
from dq.sample.records.leaving import FosterAssessment, FosterCarer, FosterEnquiry

FEW = 12
ENQUIRIES_A_YEAR, ASSESSMENTS_A_YEAR, CARERS = 420, 90, 900
LONGEST_APPROVED = 7000
PROVIDERS = {"Own": 7.0, "IFA": 2.5, "OLA": 0.5}
KINDS = {"Mainstream": 7.0, "Kinship": 2, "Short breaks": 0.6, "Parent and child": 0.2, "Fostering for adoption": 0.2}
PLACES = {"1": 4.0, "2": 3, "3": 2}
STOPPED = {"Withdrew": 6.0, "Not suitable": 3, "Other agency": 1}
NOT_APPROVED = {"Withdrew": 5.0, "Not approved": 1}
ENDED = {"Resigned": 6.0, "Adopted": 1, "Other provider": 1, "Terminated": 0.4, "Other": 0.4}
REVIEW_DAYS = 350


def fostering(making: Making) -> None:
    """Make enquiries, assessments (some of households that enquired within the history) and approved households."""
    years = making.end.year - making.history.year
    team = team_of(making, "fostering")
    staff = [
        worker.worker_id for worker in making.records.workers if worker.team_id == team and worker.end_date is None
    ]
    going_on = list(_enquiries(making, team, max(FEW, making.scaled(ENQUIRIES_A_YEAR * years))))
    wanted = max(FEW * 2, making.scaled(ASSESSMENTS_A_YEAR * years)) - len(going_on)
    asked_elsewhere = [
        (making.records.key("FH"), making.chance.day(making.history, making.end)) for _ in range(max(0, wanted))
    ]
    for household, opened in [*going_on, *asked_elsewhere]:
        _assessment(making, team, household, opened)
    for _ in range(max(FEW * 3, making.scaled(CARERS))):
        day = making.history - dt.timedelta(days=making.chance.between(1, LONGEST_APPROVED))
        _carer(making, team, making.records.key("FH"), day)
    for number, carer in enumerate(carer for carer in making.records.foster_carers if carer.provider == "Own"):
        carer.worker_id = staff[number % len(staff)] if staff else None


def _enquiries(making: Making, team: str, count: int) -> Iterator[tuple[str, dt.date]]:
    """Make enquiries; yield the households whose assessment has opened by the period end, with its first day."""
    for _ in range(count):
        enquiry = _enquiry(making, team)
        if enquiry.closed_date is not None and enquiry.outcome == "Assessment":
            opened = enquiry.closed_date + dt.timedelta(days=making.chance.between(3, 20))
            if opened <= making.end:
                yield enquiry.household_id, opened


def _enquiry(making: Making, team: str) -> FosterEnquiry:
    chance = making.chance
    day = making.days.on_or_before(chance.day(making.history, making.end))
    response = making.days.after(day, chance.between(0, 8))
    enquiry = FosterEnquiry(
        enquiry_id=making.records.key("FE"),
        household_id=making.records.key("FH"),
        team_id=team,
        enquiry_date=day,
        response_date=response,
        information_requested=None,
        information_received=None,
        visit_allocated=None,
        visit_completed=None,
        outcome=None,
        closed_date=None,
        recorded_on=making.recorded(day),
    )
    making.records.foster_enquiries.append(enquiry)
    last, outcome = response, chance.weighted(STOPPED)
    if chance.happens(0.6):
        enquiry.information_requested = _after(making, response, 0, 10)
        last = enquiry.information_received = _after(making, enquiry.information_requested, 3, 25)
        if chance.happens(0.7):
            enquiry.visit_allocated = _after(making, last, 1, 10)
            last = enquiry.visit_completed = _after(making, enquiry.visit_allocated, 3, 20)
            outcome = "Assessment" if chance.happens(0.5) else outcome
    enquiry.closed_date, enquiry.outcome = _after(making, last, 3, 15), outcome
    _only_what_is_known(enquiry, making.end)
    return enquiry


def _only_what_is_known(enquiry: FosterEnquiry, end: dt.date) -> None:
    """Leave out what has not happened by the period end."""
    if enquiry.response_date is not None and enquiry.response_date > end:
        enquiry.response_date = None
    if enquiry.information_requested is not None and enquiry.information_requested > end:
        enquiry.information_requested = None
    if enquiry.information_received is not None and enquiry.information_received > end:
        enquiry.information_received = None
    if enquiry.visit_allocated is not None and enquiry.visit_allocated > end:
        enquiry.visit_allocated = None
    if enquiry.visit_completed is not None and enquiry.visit_completed > end:
        enquiry.visit_completed = None
    if enquiry.closed_date is not None and enquiry.closed_date > end:
        enquiry.closed_date = enquiry.outcome = None


def _assessment(making: Making, team: str, household: str, opened: dt.date) -> None:
    """Make an assessment as far as it has come; a household that is approved is a foster carer from then on."""
    chance, end = making.chance, making.end
    stage_1 = _after(making, opened, 30, 70)
    stage_2 = _after(making, stage_1, 0, 15)
    done = _after(making, stage_2, 50, 100)
    panel = _after(making, done, 5, 15)
    decided = _after(making, panel, 2, 10)
    checked = chance.day(opened, stage_1)
    outcome = "Approved" if chance.happens(0.75) else chance.weighted(NOT_APPROVED)
    making.records.foster_assessments.append(
        FosterAssessment(
            assessment_id=making.records.key("FA"),
            household_id=household,
            team_id=team,
            stage_1_opened=opened,
            stage_1_completed=stage_1 if stage_1 <= end else None,
            stage_2_opened=stage_2 if stage_2 <= end else None,
            stage_2_completed=done if done <= end else None,
            checks_completed=checked if checked <= end else None,
            panel_date=panel if panel <= end else None,
            decision_date=decided if decided <= end else None,
            outcome=outcome if decided <= end else None,
            recorded_on=making.recorded(opened),
        )
    )
    if decided <= end and outcome == "Approved":
        _carer(making, team, household, decided, provider="Own")


def _carer(making: Making, team: str, household: str, approved: dt.date, provider: str | None = None) -> None:
    """Make a household approved on a day: reviewed within every year, and some of them no longer fostering."""
    chance, end = making.chance, making.end
    provider = provider or chance.weighted(PROVIDERS)
    since = max(approved + dt.timedelta(days=60), making.history)
    ended = chance.day(since, end) if since < end and chance.happens(0.12) else None
    reviewed = None
    if ended is None and (end - approved).days > REVIEW_DAYS:
        reviewed = making.days.on_or_before(end - dt.timedelta(days=chance.between(0, REVIEW_DAYS)))
        reviewed = max(reviewed, approved + dt.timedelta(days=1))
    making.records.foster_carers.append(
        FosterCarer(
            household_id=household,
            team_id=team,
            worker_id=None,
            provider=provider,
            kind=chance.weighted(KINDS),
            approved_date=approved,
            places=chance.weighted(PLACES),
            last_review_date=reviewed,
            ended_date=ended,
            ended_reason=chance.weighted(ENDED) if ended else None,
            recorded_on=making.recorded(approved),
        )
    )


def _after(making: Making, day: dt.date, least: int, most: int) -> dt.date:
    return day + dt.timedelta(days=making.chance.between(least, most))
