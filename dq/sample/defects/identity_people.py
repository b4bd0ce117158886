"""Faults in birth and death, in who is who, and in where children live."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from dq.model import Severity
from dq.sample.calendar import birthday
from dq.sample.defects.defect import Defect, Fault, change
from dq.sample.defects.identity_numbers import KNOWN_DAYS, known_for
from dq.sample.defects.scene import Scene, text
from dq.sample.records import Address, Person

UNBORN_DAYS, BIRTH_DAYS, GAP_DAYS, REFUSED_DAYS = 280, 70, 28, 366


def _expected(scene: Scene) -> Iterator[Person]:
    return (person for person in scene.records.persons if person.expected_dob is not None)


def _birth_far_from_expected(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the expected day of birth with the year before."""
    for person in _expected(scene):
        if person.expected_dob is not None:
            early = text(birthday(person.expected_dob, -1))
            yield change(person.person_id, "persons", person.person_id, rule, expected_dob=early)


def _expected_birth_passed(scene: Scene, rule: str) -> Iterator[Defect]:
    """Never enter the date of birth of a child whose birth was expected."""
    for person in _expected(scene):
        if person.expected_dob is not None and person.expected_dob < scene.ago(BIRTH_DAYS):
            also = [("contract.persons.dob.required", person.person_id)]
            yield change(person.person_id, "persons", person.person_id, rule, also=also, dob="")


def _known_long_before_birth(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the start of a long open case some years early, before the child was thought of."""
    came = {worker.worker_id: worker.start_date for worker in scene.records.workers}
    for i in scene.open_cases:
        early = scene.persons[i.person_id].dob - dt.timedelta(days=UNBORN_DAYS + scene.chance.between(1, 200))
        if i.case_type == "Other" and i.start_date < scene.making.history and came[i.worker_id] <= early:
            yield change(i.person_id, "involvements", i.involvement_id, rule, start_date=text(early))


def _case_open_after_death(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a death, and leave the case open."""
    for i in scene.open_cases:
        if i.case_type == "Other" and i.start_date < scene.ago(100):
            died = text(scene.ago(scene.chance.between(30, 90)))
            yield change(i.person_id, "persons", i.person_id, rule, death_date=died)


def _death_before_birth(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a death, of a child whose case is closed, on a day before the birth."""
    held = {i.person_id for i in scene.open_cases}
    for person in scene.records.persons:
        if person.person_id not in held:
            died = text(person.dob - dt.timedelta(days=scene.chance.between(10, 4000)))
            yield change(person.person_id, "persons", person.person_id, rule, death_date=died)


def _homes(scene: Scene) -> dict[str, list[Address]]:
    """Return person id → homes in order of time."""
    found: dict[str, list[Address]] = defaultdict(list)
    for address in scene.records.addresses:
        found[address.person_id].append(address)
    return found


def _second_record(scene: Scene, rule: str, dob_of: dict[str, dt.date]) -> Iterator[Defect]:
    """Enter a child a second time, without NHS number, at the same home: both records are flagged."""
    homes = _homes(scene)
    for i in scene.open_cases:
        child = i.person_id
        if i.case_type not in {"Assessment", "CIN"} or child not in dob_of or child not in homes:
            continue
        again, home, dob = f"C0{child[1:]}", homes[child][-1], dob_of[child]
        if max(dob, scene.persons[child].dob) > home.start_date:
            continue
        copy = replace(
            scene.persons[child], person_id=again, common_child_id="", dob=dob, expected_dob=None, recorded_on=scene.end
        )
        there = replace(home, address_id=f"{home.address_id}B", person_id=again, recorded_on=scene.end)
        yield Defect(child, ((rule, child), (rule, again)), added=(("persons", copy), ("addresses", there)))


def _probable_duplicate_child(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a child a second time, without NHS number."""
    return _second_record(scene, rule, {child: person.dob for child, person in scene.persons.items()})


def _probable_duplicate_birth_turned_round(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a child a second time, without NHS number, and day and month of birth the wrong way round."""
    turned = {
        child: person.dob.replace(month=person.dob.day, day=person.dob.month)
        for child, person in scene.persons.items()
        if person.dob.day <= 12 and person.dob.day != person.dob.month
    }
    return _second_record(scene, rule, turned)


def _ethnicity_refused_long_ago(scene: Scene, rule: str) -> Iterator[Defect]:
    """Record ethnicity as refused in a case open for more than a year."""
    for child in known_for(scene, REFUSED_DAYS):
        yield change(child, "persons", child, rule, ethnicity="REFU")


def _at_home(scene: Scene) -> Iterator[tuple[str, list[Address]]]:
    """Yield the children not in care whose open case has been held for some time, with their homes."""
    homes = _homes(scene)
    in_care = {care.person.person_id for care in scene.in_care}
    for child in known_for(scene, KNOWN_DAYS):
        if child in homes and child not in in_care:
            yield child, homes[child]


def _address_dates_out_of_order(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the end of an earlier home with a day before it began: time is then missing before the next."""
    for child, homes in _at_home(scene):
        for home, later in pairwise(homes):
            end = home.start_date - dt.timedelta(days=scene.chance.between(10, 300))
            gap = (later.start_date - end).days > GAP_DAYS
            also = [("gap-between-homes", later.address_id)] if gap else []
            yield change(child, "addresses", home.address_id, rule, also=also, end_date=text(end))


def _home_addresses_overlap(scene: Scene, rule: str) -> Iterator[Defect]:
    """End an earlier home weeks after the next began: the next is flagged."""
    for child, homes in _at_home(scene):
        for home, later in pairwise(homes):
            end = later.start_date + dt.timedelta(days=scene.chance.between(2, 60))
            if end <= scene.end:
                yield change(child, "addresses", home.address_id, rule, flagged=later.address_id, end_date=text(end))


def _gap_between_homes(scene: Scene, rule: str) -> Iterator[Defect]:
    """End an earlier home months before the next began: the next is flagged."""
    for child, homes in _at_home(scene):
        for home, later in pairwise(homes):
            end = later.start_date - dt.timedelta(days=scene.chance.between(GAP_DAYS + 1, 200))
            if end >= home.start_date:
                yield change(child, "addresses", home.address_id, rule, flagged=later.address_id, end_date=text(end))


def _home_before_birth(scene: Scene, rule: str) -> Iterator[Defect]:
    """Give the first home of the child the day the family moved in."""
    for child, homes in _at_home(scene):
        early = text(scene.persons[child].dob - dt.timedelta(days=scene.chance.between(20, 1500)))
        yield change(child, "addresses", homes[0].address_id, rule, start_date=early)


def _open_case_without_home_address(scene: Scene, rule: str) -> Iterator[Defect]:
    """End the home, and enter none after it."""
    for child, homes in _at_home(scene):
        if homes[-1].start_date < scene.ago(KNOWN_DAYS):
            ended = text(scene.ago(scene.chance.between(0, 20)))
            yield change(child, "addresses", homes[-1].address_id, rule, flagged=child, end_date=ended)


def _placement_address_after_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the address of the last placement open when the child leaves care."""
    for care in scene.left_lately:
        if care.current.postcode is not None:
            child, last = care.person.person_id, care.current
            there = Address(
                f"AP{child[1:]}", child, "Placement", last.start_date, None, last.postcode or "", last.recorded_on
            )
            yield Defect(child, ((rule, there.address_id),), added=(("addresses", there),))


ERROR, QUERY, INFORMATION = Severity.ERROR, Severity.QUERY, Severity.INFORMATION
FAULTS: tuple[Fault, ...] = (
    Fault("expected-birth-passed", ERROR, _expected_birth_passed, most=6),
    Fault("birth-far-from-expected", QUERY, _birth_far_from_expected, 0.5, most=10),
    Fault("known-long-before-birth", ERROR, _known_long_before_birth, most=6),
    Fault("case-open-after-death", ERROR, _case_open_after_death, most=6),
    Fault("death-before-birth", ERROR, _death_before_birth, most=6),
    Fault("probable-duplicate-birth-turned-round", QUERY, _probable_duplicate_birth_turned_round, most=6),
    Fault("probable-duplicate-child", QUERY, _probable_duplicate_child, most=20),
    Fault("address-dates-out-of-order", ERROR, _address_dates_out_of_order, most=6),
    Fault("gap-between-homes", QUERY, _gap_between_homes, 0.5),
    Fault("home-addresses-overlap", QUERY, _home_addresses_overlap, 0.5),
    Fault("placement-address-after-care", QUERY, _placement_address_after_care, 0.5),
    Fault("home-before-birth", ERROR, _home_before_birth, 0.05),
    Fault("ethnicity-refused-long-ago", INFORMATION, _ethnicity_refused_long_ago, 0.2),
    Fault("open-case-without-home-address", QUERY, _open_case_without_home_address, 0.3),
)
"""Every kind of fault in them, rare ones first."""
