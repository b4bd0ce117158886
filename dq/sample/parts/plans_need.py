"""Plans for children in need and their reviews: one for each time in need, made some weeks after the case opened."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dq.sample.calendar import birthday
from dq.sample.making import Making
from dq.sample.records import Involvement
from dq.sample.records.plans import NeedPlan, NeedReview

MADE_AFTER_DAYS = (14, 55)
SHORTEST_DAYS = 10
FIRST_REVIEW_DAYS, REVIEW_DAYS = 91, 183
EARLY_DAYS = (0, 14)
ADULT = 18


@dataclass
class TimeInNeed:
    """The spells for which a child's case was held as a child in need: when it began, and the last of them."""

    since: dt.date
    last: Involvement


class NeedPlans:
    """Makes plans and reviews: every plan made, reviewed and entered in time."""

    def __init__(self, making: Making) -> None:
        self._making = making
        self._chance = making.chance

    def plans(self) -> None:
        """Make the plan of every child in need, until the case closed or the child came of age."""
        born = {person.person_id: person.dob for person in self._making.records.persons}
        for person_id, need in self._times_in_need().items():
            start = self._making.days.on_or_after(
                need.since + dt.timedelta(days=self._chance.between(*MADE_AFTER_DAYS))
            )
            adult, until = birthday(born[person_id], ADULT), need.last.end_date
            end = adult if adult <= (until or self._making.end) else until
            latest = self._making.end if end is None else end - dt.timedelta(days=SHORTEST_DAYS)
            if start <= latest:
                self._plan(need.last, start, end)

    def _times_in_need(self) -> dict[str, TimeInNeed]:
        found: dict[str, TimeInNeed] = {}
        for spell in self._making.records.involvements:
            if spell.case_type == "CIN":
                found.setdefault(spell.person_id, TimeInNeed(spell.start_date, spell)).last = spell
        return found

    def _plan(self, held: Involvement, start: dt.date, end: dt.date | None) -> None:
        making = self._making
        plan = NeedPlan(
            cin_plan_id=making.records.key("CN"),
            person_id=held.person_id,
            start_date=start,
            end_date=end,
            team_id=held.team_id,
            worker_id=held.worker_id,
            recorded_on=making.recorded(start),
        )
        making.records.cin_plans.append(plan)
        self._reviews(plan)

    def _reviews(self, plan: NeedPlan) -> None:
        making, before = self._making, plan.start_date
        due = before + dt.timedelta(days=FIRST_REVIEW_DAYS)
        while True:
            held = making.days.on_or_before(due - dt.timedelta(days=self._chance.between(*EARLY_DAYS)))
            if held >= (plan.end_date or making.end):
                break
            self._review(plan, due, held, making.recorded(held))
            before, due = held, held + dt.timedelta(days=REVIEW_DAYS)
        if plan.end_date is None:
            self._review(plan, due, None, making.recorded(before))

    def _review(self, plan: NeedPlan, due: dt.date, held: dt.date | None, recorded: dt.date) -> None:
        key = self._making.records.key("CNR")
        self._making.records.cin_reviews.append(NeedReview(key, plan.person_id, plan.cin_plan_id, due, held, recorded))
