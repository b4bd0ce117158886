"""Children in need and their visits, and every other case: assessments, short work, cases now closed."""

from __future__ import annotations

import datetime as dt

from dq.sample.chance import round_in_turn
from dq.sample.making import ONE_DAY, Making
from dq.sample.people import People, Spell
from dq.sample.recipe import Leaf
from dq.sample.records import NeedVisit, Person

SEEN_WITHIN = 28
LONG_GAP = 63
LONGEST_OTHER = 1500
SHARE_LONG_GAP = 0.26
SHARE_MORE_A_YEAR_AGO = 0.08
REST = {"district": {"Assessment": 45.0, "CIN": 10, "Other": 45}, "disability": {"Assessment": 12.0, "Other": 88}}


class Need:
    """Makes the cases of children neither in care nor on a plan; those in need give figure 6 exactly."""

    def __init__(self, making: Making, people: People) -> None:
        self._making = making
        self._chance = making.chance
        self._people = people

    def open_cases(self) -> None:
        """Make every open case that is neither a child in care nor on a plan, but for care leavers."""
        for leaf, met in zip(self._making.leaves, self._met_by_team(), strict=True):
            for i in range(leaf.in_need):
                self._in_need(leaf, seen=i < met)
            if leaf.work != "leavers":
                for _ in range(leaf.rest):
                    self._other(leaf)

    def closed_cases(self) -> None:
        """Make the cases of children in need, and of assessments that led nowhere, closed within the history."""
        making, chance = self._making, self._chance
        holders = {leaf: leaf.in_need + 0.01 for leaf in making.leaves if leaf.work in {"district", "disability"}}
        closures = making.recipe.flows.case_closures
        for month, count in making.monthly(closures, closures // 12):
            for _ in range(count):
                until = chance.day(month.replace(day=1), month)
                case_type = chance.weighted({"CIN": 0.55, "Assessment": 0.45})
                longest = 420 if case_type == "CIN" else 45
                since = until - dt.timedelta(days=20 + int(longest * chance.uniform() ** 1.5))
                self._closed(chance.weighted(holders), case_type, since, until)

    def _met_by_team(self) -> list[int]:
        """Return how many of each team's children in need were seen: teams differ, their sum is the figure."""
        figure, leaves = self._making.recipe.figures.seen_in_28_days, self._making.leaves
        base = sum(leaf.in_need for leaf in leaves)
        unseen = base - min(base, self._making.scaled(figure.met))
        shares = [leaf.in_need * self._chance.spread(0.3) for leaf in leaves]
        wanted = round_in_turn([unseen * share / max(sum(shares), 1e-9) for share in shares])
        met = [max(0, leaf.in_need - n) for leaf, n in zip(leaves, wanted, strict=True)]
        over = sum(met) - (base - unseen)
        for i, leaf in enumerate(leaves):
            change = min(over, met[i]) if over > 0 else max(over, met[i] - leaf.in_need)
            met[i] -= change
            over -= change
        return met

    def _child(self, leaf: Leaf, since: dt.date) -> Person:
        years = 16.9 * self._chance.uniform()
        person = self._people.person(
            since - dt.timedelta(days=5 + int(years * 340)), since, uasc=leaf.work == "arrivals"
        )
        if leaf.work != "arrivals":
            self._people.home(person, leaf, since)
        return person

    def _in_need(self, leaf: Leaf, *, seen: bool) -> None:
        making, chance = self._making, self._chance
        border = making.end - dt.timedelta(days=SEEN_WITHIN)
        longest = 1500 if leaf.work == "disability" else 600
        since = border - dt.timedelta(days=(0 if seen else 12) + int(longest * chance.uniform() ** 1.8))
        person = self._child(leaf, since)
        self._people.hold(person, [Spell(leaf, "CIN", since, None)], steady_from=border)
        earliest = max(since + ONE_DAY, making.history)
        if seen:
            last = making.days.on_or_before(making.end - dt.timedelta(days=chance.between(0, SEEN_WITHIN - 1)))
        else:
            last = making.days.on_or_before(border - dt.timedelta(days=int(24 * chance.uniform() ** 1.3)))
            if chance.happens(0.5):
                self._visit(
                    person, making.days.on_or_before(making.end - dt.timedelta(days=chance.between(2, 24))), "N"
                )
        while last >= earliest:
            self._visit(person, last, "Y")
            last = self._before(person, last, earliest)

    def _before(self, person: Person, day: dt.date, earliest: dt.date) -> dt.date:
        """Return the day of the visit before; in a long gap there was often a visit at which the child was not seen."""
        gap = self._gap(day)
        if gap > SEEN_WITHIN and self._chance.happens(0.5):
            attempt = self._making.days.on_or_before(day - dt.timedelta(days=gap // 2))
            if attempt > earliest:
                self._visit(person, attempt, "N")
        return self._making.days.on_or_before(day - dt.timedelta(days=gap))

    def _gap(self, day: dt.date) -> int:
        """Return the days between visits; gaps over four weeks were commoner the year before."""
        years = min(1.0, (self._making.end - day).days / 365)
        if self._chance.happens(SHARE_LONG_GAP + SHARE_MORE_A_YEAR_AGO * years):
            return self._chance.between(SEEN_WITHIN + 1, LONG_GAP)
        return self._chance.between(15, SEEN_WITHIN)

    def _other(self, leaf: Leaf) -> None:
        making, chance = self._making, self._chance
        case_type = chance.weighted(REST.get(leaf.work, {"Other": 1.0}))
        oldest = {"CIN": SEEN_WITHIN - 1, "Assessment": 65}.get(case_type, LONGEST_OTHER)
        since = making.end - dt.timedelta(days=chance.between(1, oldest))
        person = self._child(leaf, since)
        self._people.hold(person, [Spell(leaf, case_type, since, None)], steady_from=since)
        first = making.days.on_or_after(since + dt.timedelta(days=chance.between(1, 10)))
        if case_type == "CIN" and first <= making.end:
            self._visit(person, first, "Y")

    def _closed(self, leaf: Leaf, case_type: str, since: dt.date, until: dt.date) -> None:
        making, chance = self._making, self._chance
        person = self._child(leaf, since)
        self._people.hold(person, [Spell(leaf, case_type, since, until)])
        earliest = max(since, making.history)
        last = making.days.on_or_before(until - dt.timedelta(days=chance.between(1, 14)))
        while case_type == "CIN" and last > earliest:
            self._visit(person, last, "Y")
            last = self._before(person, last, earliest)

    def _visit(self, person: Person, day: dt.date, seen: str) -> None:
        making = self._making
        making.records.cin_visits.append(
            NeedVisit(
                visit_id=making.records.key("NV"),
                person_id=person.person_id,
                visit_date=day,
                seen=seen,
                seen_alone="Y" if seen == "Y" and self._chance.happens(0.7) else "N",
                recorded_on=making.recorded(day),
            )
        )
