"""The records of children in care: episodes, placements and visits, made from what was decided of each stay."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dq.sample.calendar import age, birthday
from dq.sample.leavers import Leaver
from dq.sample.making import ONE_DAY, Making
from dq.sample.people import People, Spell
from dq.sample.places import Place
from dq.sample.recipe import Leaf
from dq.sample.records import CareVisit, Episode, Person, Placement
from dq.sample.stays import Home, Stay

VISIT_DAYS = (34, 42)
NEEDS = {"N1": 65.0, "N2": 6, "N3": 4, "N4": 8, "N5": 13, "N6": 2, "N8": 2}
WHY_MOVED = {"CARPL": 50.0, "CREQB": 14, "CREQO": 10, "CHILD": 8, "LAREQ": 8, "CLOSE": 5, "STAND": 2, "OTHER": 3}
FOSTERED = {"U6": 6.0, "U4": 3, "U5": 0.3}
KINSHIP = {"U3": 3.0, "U1": 2, "U2": 0.2}
OTHER_HOMES = {
    "infant": {("P1", "PR0"): 5.0, ("R3", "PR5"): 2, ("Z1", "PR1"): 1},
    "child": {("K2", "PR4"): 5.0, ("P1", "PR0"): 2, ("S1", "PR4"): 2, ("K2", "PR1"): 1},
    "youth": {("H5", "PR4"): 5.0, ("K2", "PR4"): 3, ("P2", "PR5"): 2, ("P1", "PR0"): 1, ("R5", "PR3"): 0.2},
}
BRIEF = {("T0", "PR4"): 1.0, ("T1", "PR3"): 1}


@dataclass(frozen=True)
class Stretch:
    """One placement of a period of care, numbered from 0."""

    person_id: str
    cla_id: str
    number: int
    start: dt.date
    end: dt.date | None
    is_last: bool


class Care:
    """Makes the records of periods of care."""

    def __init__(self, making: Making, people: People) -> None:
        self._making = making
        self._chance = making.chance
        self._people = people
        districts = [leaf for leaf in making.leaves if leaf.work == "district"]
        self._before = {leaf.team_id: [d for d in districts if d.area == leaf.area] for leaf in making.leaves}
        self._afterwards = [leaf for leaf in making.leaves if leaf.work == "leavers"]

    def stay(self, stay: Stay) -> Person:
        """Make a child in care at the period end."""
        person = self._child(stay, "X1")
        self._people.hold(person, [*self._earlier(stay), Spell(stay.leaf, "CLA", stay.entered, None)], in_care=True)
        return person

    def leaver(self, leaver: Leaver, *, supported: bool) -> None:
        """Make a child who left care; ``supported``: a personal adviser holds the case from then on."""
        stay = leaver.stay
        person = self._child(stay, leaver.reason)
        spells = [*self._earlier(stay), Spell(stay.leaf, "CLA", stay.entered, stay.left)]
        self._people.hold(person, spells, in_care=True)
        if supported and stay.left is not None:
            self._people.hold(person, [Spell(self._afterwards[0], "Care leaver", stay.left, None)])

    def care_leaver(self, leaf: Leaf) -> None:
        """Make a young person who left care before the history, and is known as a care leaver now."""
        making = self._making
        grown = self._chance.day(birthday(making.end, -6), making.history)
        uasc = self._chance.happens(0.3)
        person = self._people.person(birthday(grown, -18), grown, uasc=uasc)
        if not uasc:
            self._people.home(person, leaf, grown)
        self._people.hold(person, [Spell(leaf, "Care leaver", grown, None)])

    def _earlier(self, stay: Stay) -> list[Spell]:
        """Return the case as it was before care, where a district team held it within the history."""
        teams = self._before[stay.leaf.team_id]
        began = stay.entered - dt.timedelta(days=self._chance.between(25, 120))
        if stay.uasc or not teams or began < max(stay.dob, self._making.history) or self._chance.happens(0.4):
            return []
        return [Spell(self._chance.pick(teams), "Assessment", began, stay.entered, "Child came into care")]

    def _child(self, stay: Stay, reason: str) -> Person:
        person = self._people.person(stay.dob, stay.entered, uasc=stay.uasc)
        home = None if stay.uasc else self._people.home(person, stay.leaf, stay.entered)
        cla_id = self._making.records.key("L")
        need = "N8" if stay.uasc else self._chance.weighted(NEEDS)
        for i, (start, end) in enumerate(zip(stay.starts, [*stay.moves, stay.left], strict=True)):
            stretch = Stretch(person.person_id, cla_id, i, start, end, is_last=i == len(stay.moves))
            self._episode(stretch, need, reason)
            self._placement(stretch, stay, home)
        self._visits(person, cla_id, stay.starts, stay.left)
        return person

    def _episode(self, stretch: Stretch, need: str, reason: str) -> None:
        making = self._making
        making.records.cla_episodes.append(
            Episode(
                episode_id=making.records.key("E"),
                person_id=stretch.person_id,
                cla_id=stretch.cla_id,
                start_date=stretch.start,
                start_reason="S" if stretch.number == 0 else "P",
                primary_need=need,
                ceased_date=stretch.end,
                ceased_reason=None if stretch.end is None else reason if stretch.is_last else "X1",
                recorded_on=making.recorded(stretch.start),
            )
        )

    def _placement(self, stretch: Stretch, stay: Stay, home: Place | None) -> None:
        making = self._making
        kind, near = stay.homes[stretch.number], stay.near[stretch.number]
        brief = stay.left is not None and not stretch.is_last
        placement_type, provider = self._type(kind, stay, stretch.start, brief=brief)
        making.records.cla_placements.append(
            Placement(
                placement_id=making.records.key("P"),
                person_id=stretch.person_id,
                cla_id=stretch.cla_id,
                start_date=stretch.start,
                end_date=stretch.end,
                placement_type=placement_type,
                provider=provider,
                postcode=None if kind is Home.ADOPTERS else self._where(stay, home, near=near).postcode,
                change_reason=None if stretch.is_last else self._chance.weighted(WHY_MOVED),
                recorded_on=making.recorded(stretch.start),
            )
        )

    def _where(self, stay: Stay, home: Place | None, *, near: bool) -> Place:
        places = self._making.places
        if home is None:
            return places.home(stay.leaf.homes)
        return places.near(home) if near else places.far(home)

    def _type(self, kind: Home, stay: Stay, start: dt.date, *, brief: bool) -> tuple[str, str]:
        chance, years = self._chance, age(stay.dob, start)
        if kind is Home.ADOPTERS:
            return chance.weighted({"A5": 1.0, "A6": 3, "A4": 0.3}), "PR1"
        if kind is Home.OWN:
            kin = not stay.uasc and chance.happens(0.17)
            return chance.weighted(KINSHIP if kin else FOSTERED), "PR1"
        if kind is Home.AGENCY:
            return chance.weighted(FOSTERED), chance.weighted({"PR4": 4.0, "PR5": 1})
        if brief and chance.happens(0.05):
            return chance.weighted(BRIEF)
        return chance.weighted(OTHER_HOMES["infant" if years < 5 else "child" if years < 16 else "youth"])

    def _visits(self, person: Person, cla_id: str, starts: list[dt.date], left: dt.date | None) -> None:
        """Visit within days of each placement, and then at most every six weeks."""
        making, chance = self._making, self._chance
        until = making.end if left is None else left - ONE_DAY
        due = [
            making.days.on_or_after(s + dt.timedelta(days=chance.between(1, 3))) for s in starts if s >= making.history
        ]
        if starts[0] < making.history:
            due.insert(0, making.days.on_or_after(making.history + dt.timedelta(days=chance.between(0, VISIT_DAYS[0]))))
        day = due[0]
        while day <= until:
            self._visit(person, cla_id, day)
            regular = making.days.on_or_before(day + dt.timedelta(days=chance.between(*VISIT_DAYS)))
            day = min([regular, *(d for d in due if day < d < regular)])

    def _visit(self, person: Person, cla_id: str, day: dt.date) -> None:
        making, seen = self._making, self._chance.happens(0.97)
        making.records.cla_visits.append(
            CareVisit(
                visit_id=making.records.key("LV"),
                person_id=person.person_id,
                cla_id=cla_id,
                visit_date=day,
                seen="Y" if seen else "N",
                seen_alone="Y" if seen and self._chance.happens(0.82) else "N",
                recorded_on=making.recorded(day),
            )
        )
