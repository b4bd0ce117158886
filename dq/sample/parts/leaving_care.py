"""Care leavers: who is in the list, how they live, contact with them and their pathway plans."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dq.sample.calendar import age, birthday, months_before
from dq.sample.making import Making
from dq.sample.parts.leaving_stays import CareStay, team_of
from dq.sample.records import Person
from dq.sample.records.leaving import CareLeaver, LeaverContact, PathwayPlan

ADVISER_AGE_MONTHS = 195
ADULT = 18
LEFT_TO_LIVE_ALONE = frozenset({"E5", "E6", "E7", "E8", "E9", "E14", "E17"})
IN_TOUCH = {"YES": 72.0, "NO": 13, "REFU": 7, "NREQ": 5, "RHOM": 3}
HOMES = {"U": 30.0, "B": 15, "D": 15, "Z": 12, "K": 10, "E": 8, "T": 3, "X": 2, "Y": 2, "C": 1, "V": 1, "W": 1, "S": 1}
NEVER_SUITABLE = frozenset({"X", "S", "V", "W"})
ACTIVITIES = {"G5": 27.0, "F5": 20, "F2": 18, "G4": 10, "G6": 8, "P5": 6, "F1": 5, "F4": 5, "P2": 3, "P1": 1}
KINDS = {"Visit": 5.0, "Elsewhere": 3, "Telephone": 4, "Message": 2}
CONTACT_GAP = (20, 54)
PLAN_GAP = (120, 180)
FIRST_PLAN = (20, 80)
STATUS_DAYS = 80


@dataclass(frozen=True, slots=True)
class Supported:
    """A young person in the list: why, since when, from when a pathway plan was due, and who advises them."""

    person: Person
    eligibility: str
    since: dt.date
    planned_from: dt.date | None
    adviser_id: str | None
    adviser_since: dt.date | None


def care_leavers(making: Making, stays: Sequence[CareStay]) -> None:
    """Make the list of care leavers, with contacts and pathway plans."""
    for young in _supported(making, stays):
        latest = _plans(making, young)
        if young.eligibility == "Eligible":
            _status(making, young, None, None, latest)
        else:
            in_touch = making.chance.weighted(IN_TOUCH)
            _status(making, young, in_touch, _contacts(making, young, in_touch), latest)


def _supported(making: Making, stays: Sequence[CareStay]) -> Iterator[Supported]:
    """Yield those whose case is held as care leavers, then others who left care, then those to leave it next."""
    last_stay = {stay.person.person_id: stay for stay in stays}
    persons = {person.person_id: person for person in making.records.persons}
    held = [i for i in making.records.involvements if i.case_type == "Care leaver" and i.end_date is None]
    for i in held:
        stay = last_stay.get(i.person_id)
        person = persons[i.person_id]
        if stay is not None and not stay.is_entitled(making.end):
            yield Supported(person, "Qualifying", i.start_date, None, i.worker_id, i.start_date)
        else:
            entitled = stay.entitled_since if stay else birthday(person.dob, 16)
            yield Supported(person, "Former relevant", i.start_date, entitled, i.worker_id, i.start_date)
    known = {i.person_id for i in held}
    team = team_of(making, "leavers")
    advisers = [w.worker_id for w in making.records.workers if w.team_id == team and w.end_date is None]
    for stay in stays:
        if stay.person.person_id not in known and stay.is_entitled(making.end):
            if stay.left is None:
                yield _with_adviser(making, stay, "Eligible", stay.entitled_since, advisers)
            elif stay.reason in LEFT_TO_LIVE_ALONE:
                grown = age(stay.person.dob, making.end) >= ADULT
                yield _with_adviser(making, stay, "Former relevant" if grown else "Relevant", stay.left, advisers)


def _with_adviser(
    making: Making, stay: CareStay, eligibility: str, since: dt.date, advisers: Sequence[str]
) -> Supported:
    chance, entitled = making.chance, stay.entitled_since
    due = max(entitled, months_before(stay.person.dob, -ADVISER_AGE_MONTHS))
    allocated = entitled + dt.timedelta(days=chance.between(0, STATUS_DAYS))
    if allocated > making.end and due <= making.end:
        allocated = due
    adviser = chance.pick(advisers)
    if allocated > making.end:
        return Supported(stay.person, eligibility, since, entitled, None, None)
    return Supported(stay.person, eligibility, since, entitled, adviser, allocated)


def _plans(making: Making, young: Supported) -> dt.date | None:
    """Make the pathway plan and its reviews within the history; return the day of the latest."""
    if young.planned_from is None:
        return None
    chance, latest = making.chance, None
    gap = FIRST_PLAN if young.planned_from >= making.history else (0, PLAN_GAP[1])
    day = max(young.planned_from, making.history) + dt.timedelta(days=chance.between(*gap))
    while day <= making.end:
        making.records.pathway_plans.append(
            PathwayPlan(
                pathway_plan_id=making.records.key("KP"),
                person_id=young.person.person_id,
                plan_date=day,
                review_due=months_before(day, -6),
                worker_id=young.adviser_id,
                recorded_on=making.recorded(day),
            )
        )
        latest = day
        day = making.days.on_or_before(day + dt.timedelta(days=chance.between(*PLAN_GAP)))
    return latest


def _contacts(making: Making, young: Supported, in_touch: str) -> dt.date | None:
    """Make the contacts of the last year that fit how far the young person is in touch; return the last one made."""
    if in_touch in {"NREQ", "RHOM"}:
        return None
    chance = making.chance
    first = max(young.since, making.year_ago)
    day = max(first, making.end - dt.timedelta(days=chance.between(0, CONTACT_GAP[1])))
    ending = {"YES": "Made", "NO": "Not made", "REFU": "Declined"}[in_touch]
    days = [day]
    while (day := day - dt.timedelta(days=chance.between(*CONTACT_GAP))) >= first:
        days.append(day)
    days.reverse()
    lost = chance.between(1, 4)
    made = None
    for n, day in enumerate(days, start=1):
        outcome = ending
        if in_touch == "YES":
            outcome = "Not made" if n < len(days) and chance.happens(0.08) else "Made"
        elif n <= len(days) - lost:
            outcome = "Made"
        _contact(making, young, day, outcome)
        made = day if outcome == "Made" else made
    return made


def _contact(making: Making, young: Supported, day: dt.date, outcome: str) -> None:
    making.records.care_leaver_contacts.append(
        LeaverContact(
            contact_id=making.records.key("KC"),
            person_id=young.person.person_id,
            contact_date=day,
            kind=making.chance.weighted(KINDS),
            outcome=outcome,
            worker_id=young.adviser_id,
            recorded_on=making.recorded(day),
        )
    )


def _status(
    making: Making, young: Supported, in_touch: str | None, contact: dt.date | None, plan: dt.date | None
) -> None:
    """Make the status, as it was looked at within the last three months."""
    chance = making.chance
    accommodation, suitable, activity = _living(making, in_touch)
    on = max(young.since, making.end - dt.timedelta(days=chance.between(0, STATUS_DAYS)))
    making.records.care_leavers.append(
        CareLeaver(
            status_id=making.records.key("KL"),
            person_id=young.person.person_id,
            eligibility=young.eligibility,
            in_touch=in_touch,
            latest_contact_date=contact,
            accommodation=accommodation,
            accommodation_suitable=suitable,
            activity=activity,
            pathway_review_date=plan,
            adviser_id=young.adviser_id,
            adviser_since=young.adviser_since,
            status_date=on,
            recorded_on=making.recorded(on),
        )
    )


def _living(making: Making, in_touch: str | None) -> tuple[str | None, str | None, str | None]:
    """Return where a young person lives, whether that is suitable, and what they do."""
    if in_touch is None:
        return None, None, None
    if in_touch != "YES":
        return "0", None, "0"
    home = making.chance.weighted(HOMES)
    suitable = home not in NEVER_SUITABLE and making.chance.happens(0.96)
    activity = making.chance.weighted(ACTIVITIES)
    return home, "1" if suitable else "2", "G5" if home == "X" else activity
