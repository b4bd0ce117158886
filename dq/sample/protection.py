"""Child protection plans and the visits under them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import accumulate

from dq.sample.calendar import months_before
from dq.sample.chance import round_in_turn
from dq.sample.making import ONE_DAY, Making
from dq.sample.people import People, Spell
from dq.sample.recipe import Leaf
from dq.sample.records import Person, Plan, PlanVisit

LIMIT = 10
LATEST = 25
USUAL_GAP = 8.75
TRIES = 100
"""Draws for each late visit before a very small authority does with fewer."""
SHARE_LATE_ENDED = 0.10
OLDEST = 5780
"""The oldest a child is when the assessment that leads to a plan begins, in days."""
UNDER_18 = 18 * 365 - 5
"""No plan outlasts childhood."""
CATEGORIES = {"NEG": 45.0, "EMO": 35, "PHY": 12, "SAB": 6, "MUL": 2}


@dataclass
class Visited:
    """A plan as decided: from when to when, and how many of its visits come, and come late."""

    leaf: Leaf
    start: dt.date
    end: dt.date | None
    person: Person | None = None
    visits: int = 0
    late: int = 0


class Protection:
    """Makes plans and visits: those open at the period end give figure 11 exactly."""

    def __init__(self, making: Making, people: People) -> None:
        self._making = making
        self._chance = making.chance
        self._people = people

    def open_plans(self, in_care: dict[str, list[Person]]) -> None:
        """Make the plans open at the period end; some are of children in care, given by team."""
        plans = self._starts()
        both = {leaf.team_id: leaf.both for leaf in self._making.leaves}
        for plan in plans:
            if both[plan.leaf.team_id] and in_care.get(plan.leaf.team_id):
                both[plan.leaf.team_id] -= 1
                plan.person = in_care[plan.leaf.team_id].pop()
                plan.start = min(self._making.end, max(plan.start, plan.person.dob + ONE_DAY))
        # Visits are shared out by length once each plan's start is known: a small child's plan is short.
        figure = self._making.recipe.figures.plan_visits_in_time
        visits = self._making.scaled(figure.of)
        self._count(plans, visits, visits - self._making.scaled(figure.met))
        for plan in plans:
            self._make(plan)

    def ended_plans(self) -> None:
        """Make the plans that ended within the history."""
        making, flows = self._making, self._making.recipe.flows
        holders = {leaf: leaf.plans_only + 0.01 for leaf in making.leaves if leaf.work in {"district", "disability"}}
        plans = []
        for month, count in making.monthly(flows.plan_ends, flows.plan_ends_last_month):
            for _ in range(count):
                end = self._chance.day(month.replace(day=1), month)
                length = 25 + int(480 * self._chance.uniform() ** 1.3)
                plans.append(Visited(self._chance.weighted(holders), end - dt.timedelta(days=length), end))
        visits = int(sum(self._span(plan) for plan in plans) / USUAL_GAP)
        self._count(plans, visits, int(visits * SHARE_LATE_ENDED))
        for plan in plans:
            self._make(plan)

    def _starts(self) -> list[Visited]:
        making, chance, flows = self._making, self._chance, self._making.recipe.flows
        leaves = [leaf for leaf in making.leaves for _ in range(leaf.plans_only + leaf.both)]
        new, old = making.scaled(flows.plan_starts_last_month), making.scaled(flows.plans_of_18_months)
        # One of two years is asked about: none is that old unless as a fault.
        longest, long_ago = months_before(making.end, 24) + ONE_DAY, months_before(making.end, 18)
        plans = []
        for i, leaf in enumerate(chance.sample(leaves, len(leaves))):
            if i < new:
                start = chance.day(making.month_ago + ONE_DAY, making.end - dt.timedelta(days=2))
            elif i < new + old:
                start = chance.day(longest, long_ago)
            else:
                span = (making.month_ago - long_ago).days - 1
                start = making.month_ago - dt.timedelta(days=int(span * chance.uniform() ** 1.5))
            plans.append(Visited(leaf, start, None))
        return plans

    def _span(self, plan: Visited) -> int:
        """Return the working days from the plan's start to its last day of visits."""
        return self._making.days.between(plan.start, self._last_day(plan))

    def _last_day(self, plan: Visited) -> dt.date:
        return self._making.end if plan.end is None else plan.end - ONE_DAY

    def _count(self, plans: list[Visited], visits: int, late: int) -> None:
        """Share out visits by the length of plans, and late ones by visits and team, as far as each plan has room."""
        spans = [self._span(plan) for plan in plans]
        for plan, n in zip(plans, round_in_turn([s * visits / sum(spans) for s in spans]), strict=True):
            # In a small authority a few long plans may stand for too few visits to keep each child seen.
            plan.visits = n if plan.end is not None else max(n, -(-(self._span(plan) - LIMIT + 2) // LIMIT))
        team = {leaf.team_id: self._chance.spread(0.35) for leaf in self._making.leaves}
        running = list(accumulate(plan.visits * team[plan.leaf.team_id] for plan in plans))
        for _ in range(TRIES * late):
            if late == 0:
                return
            i = self._chance.index(running)
            plan = plans[i]
            on_time = plan.visits - plan.late - 1
            if on_time >= 1 and 3 * on_time + (LIMIT + 3) * (plan.late + 1) <= spans[i] - LIMIT:
                plan.late += 1
                late -= 1

    def _make(self, visited: Visited) -> None:
        making = self._making
        person = visited.person or self._child(visited)
        category = self._chance.weighted(CATEGORIES)
        plan = Plan(
            cp_plan_id=making.records.key("CP"),
            person_id=person.person_id,
            start_date=visited.start,
            end_date=visited.end,
            initial_category=category,
            latest_category=self._chance.weighted(CATEGORIES) if self._chance.happens(0.15) else category,
            recorded_on=making.recorded(visited.start),
        )
        making.records.cp_plans.append(plan)
        day = visited.start
        for gap in self._gaps(visited):
            day = making.days.after(day, gap)
            self._visit(plan, day)

    def _child(self, visited: Visited) -> Person:
        """Make the child of a plan: assessed for some weeks, then on the plan."""
        chance, start = self._chance, visited.start
        assessed = start - dt.timedelta(days=chance.between(15, 60))
        until = visited.end or self._making.end
        oldest = min(OLDEST, UNDER_18 - (until - assessed).days)
        person = self._people.person(assessed - dt.timedelta(days=3 + int(oldest * chance.uniform() ** 1.4)), assessed)
        self._people.home(person, visited.leaf, assessed)
        earlier = [Spell(visited.leaf, "Assessment", assessed, start, "Child protection plan began")]
        spell = Spell(visited.leaf, "CP", start, visited.end)
        self._people.hold(person, [*earlier, spell] if assessed >= self._making.history else [spell])
        return person

    def _gaps(self, plan: Visited) -> list[int]:
        """Return the working days between visits, in order: so many of them late, the last visit close to the end."""
        chance = self._chance
        span, on_time = self._span(plan), plan.visits - plan.late
        if plan.visits == 0:
            return []
        low, high = [1] * on_time + [LIMIT + 1] * plan.late, [LIMIT] * on_time + [LATEST] * plan.late
        gaps = [chance.between(6, LIMIT) for _ in range(on_time)] + [chance.between(11, 16) for _ in range(plan.late)]
        target = min(max(sum(low), span - chance.between(0, LIMIT - 2)), sum(high))
        while (short := target - sum(gaps)) != 0:
            i = chance.between(0, len(gaps) - 1)
            step = 1 if short > 0 else -1
            if low[i] <= gaps[i] + step <= high[i]:
                gaps[i] += step
        # Visits have come late more often of late: a late one is likelier among the last of a plan.
        places = set(chance.favour(range(plan.visits), [(i + 1.0) ** 0.6 for i in range(plan.visits)], plan.late))
        late, timely = iter(gaps[on_time:]), iter(gaps[:on_time])
        return [next(late) if i in places else next(timely) for i in range(plan.visits)]

    def _visit(self, plan: Plan, day: dt.date) -> None:
        making, seen = self._making, self._chance.happens(0.95)
        making.records.cp_visits.append(
            PlanVisit(
                visit_id=making.records.key("PV"),
                person_id=plan.person_id,
                cp_plan_id=plan.cp_plan_id,
                visit_date=day,
                seen="Y" if seen else "N",
                seen_alone="Y" if seen and self._chance.happens(0.7) else "N",
                recorded_on=making.recorded(day),
            )
        )
