"""Permanence: children placed for adoption, adopted, waiting for adopters or no longer to be adopted; guardianship."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from dq.sample.calendar import age
from dq.sample.making import ONE_DAY, Making
from dq.sample.parts.leaving_stays import CareStay
from dq.sample.records.leaving import Permanence

ADOPTED = frozenset({"E11", "E12"})
GUARDIANSHIP = {"E45": "SGO", "E46": "SGO", "E47": "SGO", "E48": "SGO", "E41": "CAO"}
BY_CONSENT = frozenset({"A3", "A4"})
YOUNG = 8
FEW = 6
WAITING, REVERSED = 60, 24
SETTLED_DAYS = 150
ORDER_TO_MATCH = (30, 115)
WHY_REVERSED = {"RD1": 4.0, "RD2": 2, "RD3": 3, "RD4": 1}


def permanence(making: Making, stays: Sequence[CareStay]) -> None:
    """Make the permanence records of children who are with adopters, were adopted, or left to a guardian."""
    free = []
    for stay in stays:
        if stay.left is None and stay.is_for_adoption:
            _placed(making, stay, stay.placement.start_date)
        elif stay.left is not None and stay.reason in ADOPTED:
            _adopted(making, stay, stay.left)
        elif stay.left is not None and stay.reason in GUARDIANSHIP:
            _guardianship(making, stay, stay.left, GUARDIANSHIP[stay.reason])
        elif stay.left is None and _can_wait(making, stay):
            free.append(stay)
    waiting, reversed_ = max(FEW * 2, making.scaled(WAITING)), max(FEW, making.scaled(REVERSED))
    drawn = making.chance.sample(free, waiting + reversed_)
    for n, stay in enumerate(drawn):
        if n % 3 == 2 and n // 3 < reversed_:
            _reversed(making, stay)
        else:
            _waiting(making, stay, stage=n % 3 + n // 3 % 2)


def _can_wait(making: Making, stay: CareStay) -> bool:
    settled = (making.end - stay.entered).days > SETTLED_DAYS
    return settled and stay.person.uasc == "N" and age(stay.person.dob, making.end) < YOUNG


def _record(making: Making, stay: CareStay, entered_on: dt.date) -> Permanence:
    record = Permanence(
        permanence_id=making.records.key("PM"),
        person_id=stay.person.person_id,
        cla_id=stay.cla_id,
        plan_agreed_date=None,
        adm_decision_date=None,
        placement_order_date=None,
        matched_date=None,
        adopter_id=None,
        placed_date=None,
        reversed_date=None,
        reversed_reason=None,
        order_date=None,
        order_type=None,
        recorded_on=making.recorded(entered_on),
    )
    making.records.permanence.append(record)
    return record


def _placed(making: Making, stay: CareStay, placed: dt.date) -> Permanence:
    """Make what led up to the day a child was placed: all of it since they came into care, however soon that was."""
    chance, span = making.chance, (placed - stay.entered).days
    agreed = stay.entered + dt.timedelta(days=int(min(span * 0.25, chance.between(40, 112))))
    matched = placed - dt.timedelta(days=int(min(span * 0.1, chance.between(7, 35))))
    earliest = agreed + (matched - agreed) * 0.4
    ordered = max(earliest, matched - dt.timedelta(days=chance.between(*ORDER_TO_MATCH)))
    decided = chance.day(agreed, ordered)
    record = _record(making, stay, decided)
    record.plan_agreed_date, record.adm_decision_date = agreed, decided
    record.matched_date, record.placed_date = matched, placed
    if stay.placement.placement_type not in BY_CONSENT:
        record.placement_order_date = ordered
    return record


def _adopted(making: Making, stay: CareStay, left: dt.date) -> None:
    """Make the record of a child who was adopted, some of them where they had long lived."""
    placed = stay.placement.start_date
    if not stay.is_for_adoption:
        placed = left - dt.timedelta(days=making.chance.between(90, min(240, (left - stay.entered).days - 40)))
    record = _placed(making, stay, placed)
    record.order_date, record.order_type = left, "Adoption"


def _guardianship(making: Making, stay: CareStay, left: dt.date, kind: str) -> None:
    record = _record(making, stay, left)
    record.order_date, record.order_type = left, kind


def _waiting(making: Making, stay: CareStay, *, stage: int) -> None:
    """Make the record of a child who waits: 0 with a decision, 1 with a placement order, 2 matched and to be placed."""
    chance = making.chance
    decided = making.end - dt.timedelta(days=chance.between(70, min(300, (making.end - stay.entered).days - 60)))
    record = _record(making, stay, decided)
    record.adm_decision_date = decided
    record.plan_agreed_date = _agreed(making, stay, decided)
    if stage >= 1:
        record.placement_order_date = decided + dt.timedelta(days=chance.between(5, 25))
    if stage >= 2 and record.placement_order_date is not None:
        latest = min(making.end - dt.timedelta(days=3), record.placement_order_date + dt.timedelta(days=110))
        earliest = max(record.placement_order_date + ONE_DAY, making.end - dt.timedelta(days=45))
        if earliest <= latest:
            record.matched_date = chance.day(earliest, latest)


def _reversed(making: Making, stay: CareStay) -> None:
    chance = making.chance
    decided = stay.entered + dt.timedelta(days=int((making.end - stay.entered).days * 0.4))
    record = _record(making, stay, decided)
    record.adm_decision_date = decided
    record.plan_agreed_date = _agreed(making, stay, decided)
    record.reversed_date = chance.day(decided + ONE_DAY, making.end)
    record.reversed_reason = chance.weighted(WHY_REVERSED)


def _agreed(making: Making, stay: CareStay, decided: dt.date) -> dt.date:
    span = (decided - stay.entered).days
    return stay.entered + dt.timedelta(days=int(min(span * 0.8, making.chance.between(40, 112))))
