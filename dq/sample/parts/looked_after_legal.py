"""Legal status, and what comes before it: pre-proceedings and care proceedings."""

from __future__ import annotations

import datetime as dt

from dq.sample.making import ONE_DAY, Making
from dq.sample.parts.looked_after_periods import Period
from dq.sample.records.looked_after import LegalStatus, PreProceedings, Proceedings

SHARE_BY_COURT = 0.55
SHARE_COURT_LATER = 0.15
SHARE_PROTECTED = 0.2
SHARE_WARNED = 0.55
SHARE_OF_OPEN_PLANS, SHARE_OF_ENDED_PLANS = 0.15, 0.08
INTERIM_DAYS = (120, 170)
LATER_AFTER = 260
"""Days of agreed care before the court is asked, where it is asked later."""
SHORTEST_BY_COURT = 30
ENDED_BY = {
    "E45": "Special guardianship",
    "E46": "Special guardianship",
    "E41": "Child arrangements",
    "E4A": "Supervision order",
    "E4B": "Withdrawn",
    "E13": "Child arrangements",
}
NEXT_STATUS = {"C2": "Care order", "E1": "Care and placement orders"}

Status = tuple[str, dt.date]
"""(legal status, the day it began): each lasts until the next, or until the child left care."""


class Legal:
    """Makes the legal statuses of each period of care, and the proceedings they came of."""

    def __init__(self, making: Making) -> None:
        self._making = making
        self._chance = making.chance
        self._known: dict[str, dt.date] = {}
        for spell in making.records.involvements:
            known = self._known.get(spell.person_id, spell.start_date)
            self._known[spell.person_id] = min(known, spell.start_date)

    def period(self, period: Period) -> dt.date | None:
        """Make the records of one period of care; return the day of the placement order, if there was one."""
        statuses = self._statuses(period)
        ends = [*(start for _, start in statuses[1:]), period.left]
        for i, ((code, start), end) in enumerate(zip(statuses, ends, strict=True)):
            self._status(period, code, start, end)
            if code == "C1":
                following = statuses[i + 1][0] if i + 1 < len(statuses) else None
                self._proceedings(period, start, end, following)
        return next((start for code, start in statuses if code == "E1"), None)

    def _statuses(self, period: Period) -> list[Status]:
        chance, entered = self._chance, period.entered
        length = ((period.left or self._making.end) - entered).days
        if period.by_order:
            return self._to_placement_order(period, length)
        if period.with_parents:
            return self._by_court(entered, length)
        if period.is_uasc or period.adopters_from is not None or length < SHORTEST_BY_COURT:
            return [("V2", entered)]
        if chance.happens(SHARE_BY_COURT):
            return self._protected(entered, length)
        if length > LATER_AFTER and chance.happens(SHARE_COURT_LATER):
            asked = chance.between(60, LATER_AFTER - 60)
            return [("V2", entered), *self._by_court(entered + dt.timedelta(days=asked), length - asked)]
        return [("V2", entered)]

    def _by_court(self, start: dt.date, length: int) -> list[Status]:
        """Return an interim care order from a day and, if the child is in care so long, a full one."""
        days = self._chance.between(*INTERIM_DAYS)
        full = [("C2", start + dt.timedelta(days=days))] if days < length else []
        return [("C1", start), *full]

    def _protected(self, entered: dt.date, length: int) -> list[Status]:
        """Return what follows where some children were first under police protection, then an emergency order."""
        chance = self._chance
        if not chance.happens(SHARE_PROTECTED):
            return self._by_court(entered, length)
        emergency, court = chance.between(1, 3), chance.between(9, 14)
        statuses = [("L1", entered), ("L2", entered + dt.timedelta(days=emergency))]
        return [*statuses, *self._by_court(entered + dt.timedelta(days=court), length - court)]

    def _to_placement_order(self, period: Period, length: int) -> list[Status]:
        """Return what led to adoption: an interim care order, a full one if it took longer, then a placement order."""
        placed = period.adopters_from
        latest = length * 3 // 5 if placed is None else (placed - period.entered).days
        ordered = max(1, latest - self._chance.between(15, 120)) if placed is not None else max(1, latest)
        days = self._chance.between(*INTERIM_DAYS)
        full = [("C2", period.entered + dt.timedelta(days=days))] if days < ordered else []
        return [("C1", period.entered), *full, ("E1", period.entered + dt.timedelta(days=ordered))]

    def _status(self, period: Period, code: str, start: dt.date, end: dt.date | None) -> None:
        records = self._making.records
        recorded = self._making.recorded(start)
        records.legal_statuses.append(
            LegalStatus(records.key("LS"), period.person.person_id, code, start, end, recorded)
        )

    def _proceedings(self, period: Period, start: dt.date, end: dt.date | None, following: str | None) -> None:
        making = self._making
        issued = making.days.on_or_before(start - dt.timedelta(days=self._chance.between(0, 5)))
        issued = max(issued, period.person.dob)
        if end is not None and end < making.history:
            return
        outcome = (
            None if end is None else NEXT_STATUS.get(following or "") or ENDED_BY.get(period.reason or "", "No order")
        )
        making.records.care_proceedings.append(
            Proceedings(
                proceedings_id=making.records.key("CR"),
                person_id=period.person.person_id,
                issue_date=issued,
                final_hearing_date=end,
                end_date=end,
                outcome=outcome,
                recorded_on=making.recorded(issued),
            )
        )
        self._pre_proceedings(period.person.person_id, issued)

    def _pre_proceedings(self, person_id: str, issued: dt.date) -> None:
        """Make what came before the court was asked, where the child was known long enough."""
        making, chance = self._making, self._chance
        agreed = issued - dt.timedelta(days=chance.between(0, 10))
        decided = max(agreed - dt.timedelta(days=chance.between(30, 100)), self._known.get(person_id, issued))
        enough = decided >= making.history and (agreed - decided).days >= SHORTEST_BY_COURT
        if enough and chance.happens(SHARE_WARNED):
            _add_pre_proceedings(making, person_id, decided, agreed, "Issue proceedings")


def pre_proceedings_of_plans(making: Making, in_care: set[str]) -> None:
    """Make the pre-proceedings of some of the children on protection plans who never came into care."""
    chance = making.chance
    for plan in making.records.cp_plans:
        if plan.person_id in in_care or plan.start_date < making.history:
            continue
        last = plan.end_date or making.end
        share = SHARE_OF_OPEN_PLANS if plan.end_date is None else SHARE_OF_ENDED_PLANS
        if (last - plan.start_date).days < INTERIM_DAYS[0] or not chance.happens(share):
            continue
        decided = last - dt.timedelta(days=chance.between(40 if plan.end_date else 2, 100))
        stepped_down = None if plan.end_date is None else last - ONE_DAY
        _add_pre_proceedings(making, plan.person_id, decided, stepped_down, "Step down" if stepped_down else None)


def _add_pre_proceedings(
    making: Making, person_id: str, decided: dt.date, agreed: dt.date | None, outcome: str | None
) -> None:
    """Add the decision, the letter to parents and the first meeting, as far as the period end allows."""
    letter = making.days.after(decided, making.chance.between(1, 5))
    meeting = making.days.after(letter, making.chance.between(3, 9))
    making.records.pre_proceedings.append(
        PreProceedings(
            pre_proceedings_id=making.records.key("PP"),
            person_id=person_id,
            decision_date=decided,
            letter_date=letter if letter <= making.end else None,
            meeting_date=meeting if meeting <= making.end else None,
            end_date=agreed,
            outcome=outcome,
            recorded_on=making.recorded(decided),
        )
    )
