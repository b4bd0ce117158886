"""Faults in the numbers of a child: NHS number, pupil number, Home Office reference."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from dq.model import Severity
from dq.sample.calendar import age
from dq.sample.defects.defect import Defect, Fault, change
from dq.sample.defects.scene import Scene, text
from dq.sample.parts.identity import upn
from dq.sample.records.identity import Identifier

KNOWN_DAYS = 28
SCHOOL_AGES = range(5, 16)
SPARE_STEMS = 980_000_000
OF_A_BLOCK = 20_000
"""Spare numbers for each block of a sample: more than it has children."""
"""NHS numbers from here on are not issued, and no child of the sample has one."""


def numbers_of(scene: Scene, kind: str) -> dict[str, Identifier]:
    """Return person id → their number of a kind."""
    return {n.person_id: n for n in scene.records.identifiers if n.identifier_type == kind}


def known_for(scene: Scene, days: int) -> list[str]:
    """Return the children whose open case has been held for so many days."""
    return [i.person_id for i in scene.open_cases if i.start_date <= scene.ago(days)]


def is_of_school_age(scene: Scene, dob: dt.date) -> bool:
    """Return whether a child is of school age all through the school year of the period end."""
    end = scene.end
    return age(dob, dt.date(end.year - (end.month < 9), 9, 1)) in SCHOOL_AGES


def _spare_nhs_number(n: int) -> str:
    stem, digit = SPARE_STEMS + n * 2, 10
    while digit == 10:
        stem += 1
        digit = -sum(int(d) * (10 - i) for i, d in enumerate(str(stem))) % 11
    return f"{stem}{digit}"


def _wrong_last_digit(number: str) -> str:
    return f"{number[:-1]}{(int(number[-1]) + 1) % 10}"


def _nhs_number_impossible(scene: Scene, rule: str) -> Iterator[Defect]:
    """Mistype the last digit of the NHS number."""
    linked = numbers_of(scene, "NHS")
    for i in scene.open_cases:
        child = i.person_id
        if child not in linked:
            wrong = _wrong_last_digit(scene.persons[child].common_child_id)
            yield change(child, "persons", child, rule, common_child_id=wrong)


def _nhs_number_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the NHS number out."""
    for child in known_for(scene, KNOWN_DAYS):
        yield change(child, "persons", child, rule, common_child_id="")


def _linked_nhs_number_impossible(scene: Scene, rule: str) -> Iterator[Defect]:
    """Mistype the NHS number among the other numbers: it then differs from the other one too."""
    for child, number in numbers_of(scene, "NHS").items():
        key = number.identifier_id
        wrong = _wrong_last_digit(number.identifier_value)
        yield change(child, "identifiers", key, rule, also=[("nhs-numbers-differ", key)], identifier_value=wrong)


def _nhs_numbers_differ(scene: Scene, rule: str) -> Iterator[Defect]:
    """Give the child the NHS number of somebody else among the other numbers."""
    for n, (child, number) in enumerate(numbers_of(scene, "NHS").items(), scene.making.block * OF_A_BLOCK):
        yield change(child, "identifiers", number.identifier_id, rule, identifier_value=_spare_nhs_number(n))


def _upn_impossible(scene: Scene, rule: str) -> Iterator[Defect]:
    """Begin a pupil number with a letter that none begins with."""
    for child, number in numbers_of(scene, "UPN").items():
        wrong = f"I{number.identifier_value[1:]}"
        yield change(child, "identifiers", number.identifier_id, rule, identifier_value=wrong)


def _pupils(scene: Scene) -> Iterator[tuple[str, Identifier]]:
    """Yield the children of school age whose open case has been held for some time, with their pupil number."""
    numbers = numbers_of(scene, "UPN")
    for child in known_for(scene, KNOWN_DAYS):
        if child in numbers and is_of_school_age(scene, scene.persons[child].dob):
            yield child, numbers[child]


def _upn_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the pupil number out."""
    for child, number in _pupils(scene):
        yield Defect(child, ((rule, child),), dropped=(("identifiers", number.identifier_id),))


def _upn_known_and_unknown(scene: Scene, rule: str) -> Iterator[Defect]:
    """Say why the pupil number is not known, though it is."""
    for child, _ in _pupils(scene):
        yield change(child, "persons", child, rule, upn_unknown=scene.chance.pick(("UN2", "UN4", "UN5")))


def _upn_unknown_reason_outgrown(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the pupil number out, and say still that the child is too young for one."""
    for child, number in _pupils(scene):
        cells = {("persons", child, "upn_unknown"): "UN1"}
        yield Defect(child, ((rule, child),), cells, dropped=(("identifiers", number.identifier_id),))


def _identifier_of_two_children(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter the pupil number of another child, whose case is closed: both are flagged."""
    held = {i.person_id for i in scene.open_cases}
    others = [number for child, number in numbers_of(scene, "UPN").items() if child not in held]
    for (child, number), other in zip(_pupils(scene), others, strict=False):
        flags = ((rule, number.identifier_id), (rule, other.identifier_id))
        cells = {("identifiers", number.identifier_id, "identifier_value"): other.identifier_value}
        yield Defect(child, flags, cells, beside=frozenset({other.person_id}))


def _two_current_identifiers(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave a temporary pupil number standing beside the one that took its place: both are flagged."""
    for child, number in _pupils(scene):
        value = upn(scene.persons[child], temporary=True)
        second = replace(number, identifier_id=f"{number.identifier_id}B", identifier_value=value)
        flags = ((rule, number.identifier_id), (rule, second.identifier_id))
        yield Defect(child, flags, added=(("identifiers", second),))


def _identifier_dates_out_of_order(scene: Scene, rule: str) -> Iterator[Defect]:
    """Let a number end before it began."""
    for kind in ("Former UPN", "NHS"):
        for child, number in numbers_of(scene, kind).items():
            early = text(number.valid_from - dt.timedelta(days=scene.chance.between(10, 400)))
            yield change(child, "identifiers", number.identifier_id, rule, valid_to=early)


def _home_office_number_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the Home Office reference out."""
    numbers = numbers_of(scene, "Home Office")
    for child in known_for(scene, KNOWN_DAYS):
        if child in numbers:
            yield Defect(child, ((rule, child),), dropped=(("identifiers", numbers[child].identifier_id),))


def _type_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the kind of number in words of another system."""
    for child, number in numbers_of(scene, "NHS").items():
        yield change(child, "identifiers", number.identifier_id, rule, identifier_type="NHS No")


def _value_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the number itself out."""
    for child, number in numbers_of(scene, "NHS").items():
        yield change(child, "identifiers", number.identifier_id, rule, identifier_value="")


def _of_nobody(scene: Scene, rule: str) -> Iterator[Defect]:
    """Give a number to a person who is not in the extract of persons."""
    for child, number in numbers_of(scene, "NHS").items():
        yield change(child, "identifiers", number.identifier_id, rule, person_id=f"D{child[1:]}")


ERROR, QUERY = Severity.ERROR, Severity.QUERY
FAULTS: tuple[Fault, ...] = (
    Fault("identifier-dates-out-of-order", ERROR, _identifier_dates_out_of_order, most=6),
    Fault("linked-nhs-number-impossible", ERROR, _linked_nhs_number_impossible, 0.5, most=20),
    Fault("nhs-numbers-differ", ERROR, _nhs_numbers_differ, 0.5, most=20),
    Fault("contract.identifiers.identifier_type.codes", ERROR, _type_not_a_code, 0.5, most=20),
    Fault("contract.identifiers.identifier_value.required", ERROR, _value_missing, 0.5, most=20),
    Fault("contract.identifiers.person_id.references", ERROR, _of_nobody, most=4),
    Fault("home-office-number-missing", QUERY, _home_office_number_missing, 0.5),
    Fault("identifier-of-two-children", ERROR, _identifier_of_two_children, most=6),
    Fault("two-current-identifiers", ERROR, _two_current_identifiers, most=10),
    Fault("upn-unknown-reason-outgrown", ERROR, _upn_unknown_reason_outgrown, 0.05),
    Fault("upn-known-and-unknown", ERROR, _upn_known_and_unknown, 0.05),
    Fault("upn-missing", QUERY, _upn_missing, 0.3),
    Fault("upn-impossible", ERROR, _upn_impossible, 0.1),
    Fault("nhs-number-impossible", ERROR, _nhs_number_impossible, 0.1),
    Fault("nhs-number-missing", QUERY, _nhs_number_missing, 0.2),
)
"""Every kind of fault in them, rare ones first."""
