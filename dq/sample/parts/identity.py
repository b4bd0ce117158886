"""Makes the records of who a child is: other numbers, disabilities, immigration status."""

from __future__ import annotations

import datetime as dt

from dq.sample.calendar import age, birthday
from dq.sample.making import ONE_DAY, Making
from dq.sample.records import Person
from dq.sample.records.identity import Disability, Identifier, ImmigrationStatus

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
UNUSED_AUTHORITY = "999"
"""No authority has this number, so no pupil has a number that begins with it."""
UPN_FROM_AGE = 5
SHARE_FORMER_UPN, SHARE_LINKED_NHS, SHARE_NEVER_AT_SCHOOL = 0.01, 0.05, 0.25
SHARE_DISABLED, SHARE_OF_SECOND = 0.05, 0.3
DISABILITIES = {"LD": 30.0, "AUT": 28, "BEH": 12, "COMM": 9, "MOB": 8, "PC": 4, "HEAR": 2, "VIS": 2, "CON": 2, "DDA": 3}
SHARE_DECIDED_EARLY = 0.25
DECISIONS = {"REF": 55.0, "HP": 10, "DLR": 35}
ADULT_DECISIONS = {"REF": 45.0, "HP": 8, "DLR": 15, "ADULT": 25, "ARE": 7}
ADULT_AGE = 18
SHARE_KNOWN_UNBORN = 0.5
BIRTH_DAYS = 24


def make(making: Making) -> None:
    """Add these records to an authority whose children, cases, plans and stays in care are there."""
    disabled = _surely_disabled(making)
    for person in making.records.persons:
        _numbers(making, person)
        _disabilities(making, person, sure=person.person_id in disabled)
        if person.uasc == "Y":
            _immigration(making, person)
    _expected_births(making)


def _surely_disabled(making: Making) -> set[str]:
    """Return the children a disability team has held, and those in care for their disability."""
    teams = {leaf.team_id for leaf in making.leaves if leaf.work == "disability"}
    held = {i.person_id for i in making.records.involvements if i.team_id in teams}
    return held | {e.person_id for e in making.records.cla_episodes if e.primary_need == "N2"}


def _numbers(making: Making, person: Person) -> None:
    chance, known = making.chance, person.recorded_on
    if age(person.dob, making.end) < UPN_FROM_AGE:
        person.upn_unknown = "UN1"
    elif person.uasc == "Y" and chance.happens(SHARE_NEVER_AT_SCHOOL):
        person.upn_unknown = "UN2"
    else:
        at_school = birthday(person.dob, 4)
        if chance.happens(SHARE_FORMER_UPN) and at_school + ONE_DAY < known:
            _number(making, person, "Former UPN", upn(person, temporary=True), at_school, known)
            at_school = known
        _number(making, person, "UPN", upn(person), at_school, None)
    if chance.happens(SHARE_LINKED_NHS):
        _number(making, person, "NHS", person.common_child_id, known, None)
    if person.uasc == "Y":
        _number(making, person, "Home Office", f"Z{person.person_id[1:]}", known, None)


def _number(
    making: Making, person: Person, kind: str, value: str, valid_from: dt.date, valid_to: dt.date | None
) -> None:
    making.records.identifiers.append(
        Identifier(
            making.records.key("NR"),
            person.person_id,
            kind,
            value,
            valid_from,
            valid_to,
            making.recorded(max(valid_from, person.recorded_on)),
        )
    )


def upn(person: Person, *, temporary: bool = False) -> str:
    """Return a pupil number of an authority there is not, with its check letter; another for each child."""
    digits = UNUSED_AUTHORITY + person.person_id[1:].zfill(9)
    places = [int(digit) for digit in digits]
    if temporary:
        digits, places = f"{UNUSED_AUTHORITY}{person.person_id[1:].zfill(8)}A", [*places[:3], *places[4:], 0]
    return UPN_LETTERS[sum(n * weight for weight, n in enumerate(places, start=2)) % 23] + digits


def _disabilities(making: Making, person: Person, *, sure: bool) -> None:
    chance = making.chance
    codes = ["NONE"]
    if sure or chance.happens(SHARE_DISABLED):
        codes = [chance.weighted(DISABILITIES)]
        if chance.happens(SHARE_OF_SECOND):
            codes += [code for code in [chance.weighted(DISABILITIES)] if code != codes[0]]
    for code in codes:
        known = person.recorded_on
        making.records.disabilities.append(
            Disability(making.records.key("DI"), person.person_id, code, known, making.recorded(known))
        )


def _immigration(making: Making, person: Person) -> None:
    """Give the status of a child on arrival, and what was decided, on the 18th birthday at the latest."""
    chance, came = making.chance, person.recorded_on
    grown = birthday(person.dob, ADULT_AGE)
    if came >= grown:
        _status(making, person, chance.weighted(ADULT_DECISIONS), came, None)
        return
    decided = grown
    if chance.happens(SHARE_DECIDED_EARLY):
        decided = min(grown, came + dt.timedelta(days=chance.between(150, 500)))
    if decided > making.end:
        _status(making, person, "UASC", came, None)
        return
    _status(making, person, "UASC", came, decided)
    decision = chance.weighted(ADULT_DECISIONS if decided == grown else DECISIONS)
    until = max(birthday(decided, 3), making.end + dt.timedelta(days=90)) if decision == "DLR" else None
    _status(making, person, decision, decided, until)


def _status(making: Making, person: Person, status: str, start: dt.date, end: dt.date | None) -> None:
    key = making.records.key("IM")
    making.records.immigration_statuses.append(
        ImmigrationStatus(key, person.person_id, status, start, end, making.recorded(start))
    )


def _expected_births(making: Making) -> None:
    """Say when the birth was expected of children, never in care, who were known soon after it."""
    known = {case.person_id for case in making.cases if (case.since - case.dob).days < BIRTH_DAYS * 2}
    in_care = {episode.person_id for episode in making.records.cla_episodes}
    for person in making.records.persons:
        if person.person_id in known and person.person_id not in in_care and making.chance.happens(SHARE_KNOWN_UNBORN):
            person.expected_dob = person.dob + dt.timedelta(days=making.chance.between(-BIRTH_DAYS, BIRTH_DAYS))
