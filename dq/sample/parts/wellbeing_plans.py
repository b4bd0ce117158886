"""Plans for school, and offences, of children in care: PEPs, EHC plans, what the youth justice service told."""

from __future__ import annotations

import datetime as dt

from dq.sample.calendar import birthday
from dq.sample.making import Making
from dq.sample.parts.wellbeing_care import TimeInCare
from dq.sample.records.wellbeing import EducationPlan, Offence, SpecialNeedsPlan

PEP_AGES = range(3, 18)
FIRST_WITHIN = (8, 18)
"""Working days after coming into care."""
PEP_GAP = (80, 170)
PEP_DUE = 182
GRADES = {"GOOD": 6.0, "ADEQUATE": 3, "POOR": 1}
MADE_IN = (95, 138)
SPECIAL_NEEDS_AGES = range(5, 17)
OFFENDING_FROM = 12
"""The law says ten; few are so young."""
OUTCOMES = {
    "NFA": 3.0,
    "DIVERTED": 3,
    "CAUTION": 2,
    "CONDITIONAL": 1,
    "REFERRAL": 2,
    "YRO": 2,
    "FINE": 1,
    "CUSTODY": 0.3,
}
OUTCOME_DAYS = (15, 120)


class Plans:
    """Makes personal education plans, special needs plans and offences of a child's time in care."""

    def __init__(self, making: Making) -> None:
        self._making = making
        self._chance = making.chance
        self._records = making.records

    def of(self, time: TimeInCare) -> None:
        """Make these records of one period of care."""
        self._education_plans(time)
        if time.age(time.last) in SPECIAL_NEEDS_AGES and self._chance.happens(0.22):
            self._special_needs_plan(time)
        grown = birthday(time.person.dob, OFFENDING_FROM)
        if grown < time.last and self._chance.happens(0.06):
            for day in self._chance.days(max(time.first, grown), time.last, self._chance.between(1, 3)):
                self._offence(time, day)

    def _education_plans(self, time: TimeInCare) -> None:
        """Hold a first meeting, then one a term or so; the next stands in the diary while the child is in care."""
        chance, days = self._chance, self._making.days
        if time.is_new:
            kind, day = "INITIAL", days.after(time.entered, chance.between(*FIRST_WITHIN))
            due = days.after(time.entered, 20)
        else:
            kind, day = "REVIEW", days.on_or_after(time.first + dt.timedelta(days=chance.between(0, PEP_GAP[0])))
            due = day
        held: dt.date | None = None
        while day <= time.last:
            if time.age(day) in PEP_AGES:
                self._education_plan(time, kind, due, day)
                kind, held = "REVIEW", day
            due = day + dt.timedelta(days=PEP_DUE)
            day = days.on_or_before(_in_term(day + dt.timedelta(days=chance.between(*PEP_GAP))))
        if time.left is None and held is not None:
            self._education_plan(time, kind, due, None)

    def _education_plan(self, time: TimeInCare, kind: str, due: dt.date, day: dt.date | None) -> None:
        self._records.peps.append(
            EducationPlan(
                pep_id=self._records.key("PEP"),
                person_id=time.person_id,
                kind=kind,
                due_date=due,
                meeting_date=day,
                quality=None if day is None else self._chance.weighted(GRADES),
                recorded_on=self._making.recorded(due - dt.timedelta(days=PEP_DUE) if day is None else day),
            )
        )

    def _special_needs_plan(self, time: TimeInCare) -> None:
        """Make a plan at some time since the child was four; it is reviewed within the last year."""
        chance, end = self._chance, self._making.end
        issued = chance.day(birthday(time.person.dob, 4), time.last)
        since = max(issued + dt.timedelta(days=90), end - dt.timedelta(days=350))
        self._records.ehc_plans.append(
            SpecialNeedsPlan(
                ehc_plan_id=self._records.key("EHC"),
                person_id=time.person_id,
                requested_date=issued - dt.timedelta(days=chance.between(*MADE_IN)),
                issued_date=issued,
                last_review_date=chance.day(since, end) if since <= end else None,
                ceased_date=None,
                recorded_on=self._making.recorded(max(issued, time.entered)),
            )
        )

    def _offence(self, time: TimeInCare, day: dt.date) -> None:
        settled = day + dt.timedelta(days=self._chance.between(*OUTCOME_DAYS))
        outcome = self._chance.weighted(OUTCOMES) if settled <= self._making.end else None
        self._records.offences.append(
            Offence(
                offence_id=self._records.key("OFF"),
                person_id=time.person_id,
                offence_date=day,
                outcome=outcome,
                outcome_date=None if outcome is None else settled,
                recorded_on=self._making.recorded(day),
            )
        )


def _in_term(day: dt.date) -> dt.date:
    """Return a day on which a school can meet: one in August becomes one in July."""
    return day.replace(month=7, day=min(day.day, 15)) if day.month == 8 else day
