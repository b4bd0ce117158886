"""Review conferences of child protection plans."""

from __future__ import annotations

import datetime as dt

from dq.sample.calendar import age
from dq.sample.making import Making
from dq.sample.records import Person, Plan
from dq.sample.records.plans import PlanReview

FIRST_REVIEW_DAYS, REVIEW_DAYS = 91, 183
EARLY_DAYS = (0, 12)
BROUGHT_FORWARD_DAYS = (14, 24)
ENOUGH_DAYS = 28
OF_AGE = 4
TAKING_PART = {"PN1": 22.0, "PN2": 8, "PN5": 25, "PN6": 35, "PN7": 10}


class PlanReviews:
    """Makes the reviews of every plan, in time: the last of an ended plan is the one that ended it."""

    def __init__(self, making: Making) -> None:
        self._making = making
        self._chance = making.chance
        self._persons = {person.person_id: person for person in making.records.persons}

    def reviews(self) -> None:
        """Make the reviews held of every plan and, where it is open, the one to come."""
        for plan in self._making.records.cp_plans:
            self._of(plan)

    def _of(self, plan: Plan) -> None:
        making, last = self._making, plan.end_date or self._making.end
        due, before = plan.start_date + dt.timedelta(days=FIRST_REVIEW_DAYS), plan.start_date
        held = self._first_held(plan, due, last)
        while held < last:
            self._review(plan, due, held, continues="Y")
            due, before = held + dt.timedelta(days=REVIEW_DAYS), held
            held = self._held(due)
        if plan.end_date is None:
            self._planned(plan, due, making.recorded(before))
        else:
            self._review(plan, due, plan.end_date, continues="N")

    def _first_held(self, plan: Plan, due: dt.date, last: dt.date) -> dt.date:
        """Return when the first review was held: brought forward where the category of abuse had to change."""
        changed = plan.initial_category != plan.latest_category
        if changed and (last - plan.start_date).days >= ENOUGH_DAYS:
            early = plan.start_date + dt.timedelta(days=self._chance.between(*BROUGHT_FORWARD_DAYS))
            return self._making.days.on_or_after(early)
        return self._held(due)

    def _held(self, due: dt.date) -> dt.date:
        return self._making.days.on_or_before(due - dt.timedelta(days=self._chance.between(*EARLY_DAYS)))

    def _review(self, plan: Plan, due: dt.date, held: dt.date, *, continues: str) -> None:
        making = self._making
        making.records.cp_reviews.append(
            PlanReview(
                review_id=making.records.key("CPR"),
                person_id=plan.person_id,
                cp_plan_id=plan.cp_plan_id,
                due_date=due,
                held_date=held,
                continues=continues,
                quorate="Y",
                participation=self._took_part(self._persons[plan.person_id], held),
                recorded_on=making.recorded(held),
            )
        )

    def _planned(self, plan: Plan, due: dt.date, recorded: dt.date) -> None:
        key = self._making.records.key("CPR")
        self._making.records.cp_reviews.append(
            PlanReview(key, plan.person_id, plan.cp_plan_id, due, None, None, None, None, recorded)
        )

    def _took_part(self, person: Person, day: dt.date) -> str:
        return "PN0" if age(person.dob, day) < OF_AGE else self._chance.weighted(TAKING_PART)
