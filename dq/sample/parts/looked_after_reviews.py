"""Reviews of children in care, their care plans, and the visits of the reviewing officer."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from dq.sample.calendar import age
from dq.sample.making import ONE_DAY, Making
from dq.sample.parts.looked_after_periods import ADOPTED, Period
from dq.sample.records import Worker
from dq.sample.records.looked_after import CarePlan, OfficerVisit, Review

FIRST_WORKING_DAYS = 20
SECOND_DAYS, LATER_DAYS = 91, 183
OF_AGE = 4
TAKING_PART = {"PN1": 46.0, "PN2": 4, "PN3": 4, "PN4": 2, "PN5": 10, "PN6": 32, "PN7": 2}
PLAN_WORKING_DAYS = (2, 9)
DECIDED_DAYS = (60, 110)
VISIT_DAYS = (110, 170)
SHARE_UNDECIDED = 0.5
PLANS = {
    "young": {"SGO": 35.0, "HOME": 35, "FOSTERING": 30},
    "child": {"FOSTERING": 65.0, "HOME": 15, "SGO": 12, "RESIDENTIAL": 6, "OTHER": 2},
    "youth": {"INDEPENDENT": 45.0, "FOSTERING": 40, "RESIDENTIAL": 10, "HOME": 3, "OTHER": 2},
}


class Reviews:
    """Makes what is planned and looked at again while a child is in care."""

    def __init__(self, making: Making) -> None:
        self._making = making
        self._chance = making.chance
        self._held_by: dict[str, set[str]] = defaultdict(set)
        for spell in making.records.involvements:
            self._held_by[spell.person_id].add(spell.worker_id)
        self._officers = [
            w for w in making.records.workers if w.end_date is None and w.job_title == "Senior Practitioner"
        ]

    def period(self, period: Period, placement_order: dt.date | None) -> None:
        """Make the records of one period of care; ``placement_order`` is the day of one, if there was one."""
        self._reviews(period)
        self._plans(period, placement_order)
        self._visits(period)

    def _reviews(self, period: Period) -> None:
        making, last = self._making, period.last_day(self._making)
        due, gap = self._first_due(period)
        before = period.entered
        while due <= last:
            held = max(making.days.on_or_before(due - dt.timedelta(days=self._chance.between(0, 9))), before + ONE_DAY)
            self._review(period, due, held)
            before, due, gap = held, held + dt.timedelta(days=gap), LATER_DAYS
        if period.left is None:
            self._review(period, due, None, planned=max(before, making.history))

    def _first_due(self, period: Period) -> tuple[dt.date, int]:
        """Return when the first review of the history was due, and how many days later the next is."""
        making = self._making
        if period.entered >= making.history:
            return making.days.after(period.entered, FIRST_WORKING_DAYS), SECOND_DAYS
        return making.history + dt.timedelta(days=self._chance.between(35, LATER_DAYS)), LATER_DAYS

    def _review(self, period: Period, due: dt.date, held: dt.date | None, planned: dt.date | None = None) -> None:
        making, part = self._making, None
        if held is not None:
            young = age(period.person.dob, held) < OF_AGE
            part = "PN0" if young else self._chance.weighted(TAKING_PART)
        making.records.cla_reviews.append(
            Review(
                review_id=making.records.key("RV"),
                person_id=period.person.person_id,
                cla_id=period.cla_id,
                due_date=due,
                held_date=held,
                cancelled="N",
                participation=part,
                recorded_on=making.recorded(planned or held or due),
            )
        )

    def _plans(self, period: Period, placement_order: dt.date | None) -> None:
        """Make the plan of the first weeks, the one for permanence and, where it came to that, the one of adoption."""
        making, chance, last = self._making, self._chance, period.last_day(self._making)
        first = making.days.after(period.entered, chance.between(*PLAN_WORKING_DAYS))
        if first > last:
            return
        starts: list[tuple[dt.date, str | None]] = [(first, None)]
        decided = period.entered + dt.timedelta(days=chance.between(*DECIDED_DAYS))
        adoption = self._adoption_planned(period, placement_order)
        if decided < last and (adoption is None or decided < adoption) and chance.happens(SHARE_UNDECIDED):
            starts.append((decided, self._usual_plan(period, decided)))
        else:
            starts[0] = (first, self._usual_plan(period, first))
        if adoption is not None:
            latest = starts[-1][0]
            changed = max(adoption, latest + ONE_DAY)
            starts = [*starts, (changed, "ADOPTION")] if changed <= last else [*starts[:-1], (latest, "ADOPTION")]
        for (start, plan), end in zip(starts, [*(s for s, _ in starts[1:]), period.left], strict=True):
            self._plan(period, start, end, plan)

    def _adoption_planned(self, period: Period, placement_order: dt.date | None) -> dt.date | None:
        """Return when adoption became the plan: before the placement order, or the child moved to adopters."""
        sure = placement_order or period.adopters_from
        if sure is None and period.reason in ADOPTED:
            sure = period.last_day(self._making)
        return None if sure is None else sure - dt.timedelta(days=self._chance.between(10, 40))

    def _usual_plan(self, period: Period, day: dt.date) -> str:
        years = age(period.person.dob, day)
        return self._chance.weighted(PLANS["young" if years < 5 else "child" if years < 15 else "youth"])

    def _plan(self, period: Period, start: dt.date, end: dt.date | None, plan: str | None) -> None:
        records = self._making.records
        recorded = self._making.recorded(start)
        records.care_plans.append(CarePlan(records.key("LP"), period.person.person_id, start, end, plan, recorded))

    def _visits(self, period: Period) -> None:
        making, chance, last = self._making, self._chance, period.last_day(self._making)
        officer = self._officer(period.person.person_id)
        for day in self._visit_days(period):
            if day > last:
                return
            making.records.iro_visits.append(
                OfficerVisit(
                    visit_id=making.records.key("OV"),
                    person_id=period.person.person_id,
                    worker_id=None if officer is None else officer.worker_id,
                    visit_date=day,
                    seen="Y" if chance.happens(0.96) else "N",
                    recorded_on=making.recorded(day),
                )
            )

    def _visit_days(self, period: Period) -> Iterator[dt.date]:
        making, chance = self._making, self._chance
        day = max(period.entered, making.history) + dt.timedelta(days=chance.between(10, 60))
        while True:
            yield making.days.on_or_after(day)
            day += dt.timedelta(days=chance.between(*VISIT_DAYS))

    def _officer(self, person_id: str) -> Worker | None:
        """Return one of those who can be reviewing officer: nobody who has held the child's case."""
        officers, held = self._officers, self._held_by[person_id]
        if not officers:
            return None
        start = self._chance.between(0, len(officers) - 1)
        turns = (officers[(start + i) % len(officers)] for i in range(len(officers)))
        return next((officer for officer in turns if officer.worker_id not in held), None)
