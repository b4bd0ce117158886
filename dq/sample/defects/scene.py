"""The sound records, looked up by what can go wrong with them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from dq.sample.chance import Chance
from dq.sample.making import ONE_DAY, Making
from dq.sample.need import SEEN_WITHIN
from dq.sample.records import (
    Address,
    CareVisit,
    Episode,
    Involvement,
    MissingEpisode,
    NeedVisit,
    Person,
    Placement,
    Plan,
    PlanVisit,
    Records,
)

Owned = TypeVar("Owned", Address, CareVisit, Episode, Involvement, NeedVisit, Placement)


@dataclass(frozen=True)
class Care:
    """A period of care with its records in order of time."""

    person: Person
    episodes: list[Episode]
    placements: list[Placement]
    homes: list[Address]
    visits: list[CareVisit]

    @property
    def current(self) -> Placement:
        """Return the latest placement."""
        return self.placements[-1]

    @property
    def home(self) -> Address:
        """Return the home the child came from: the last one."""
        return self.homes[-1]

    @property
    def is_uasc(self) -> bool:
        """Return whether the child came unaccompanied."""
        return self.person.uasc == "Y"

    @property
    def is_with_adopters(self) -> bool:
        """Return whether the child is placed for adoption, where no postcode is kept."""
        return self.current.postcode is None


@dataclass(frozen=True)
class Need:
    """A child in need at the period end, long enough to be counted, with visits in order of time."""

    person: Person
    involvement: Involvement
    visits: list[NeedVisit]


@dataclass
class Scene:
    """The authority before anything is put in."""

    making: Making
    chance: Chance
    records: Records = field(init=False)

    def __post_init__(self) -> None:
        self.records = self.making.records

    @property
    def end(self) -> dt.date:
        """Return the period end."""
        return self.making.end

    def ago(self, days: int) -> dt.date:
        """Return the day so many days before the period end."""
        return self.end - dt.timedelta(days=days)

    def is_recent(self, day: dt.date | None) -> bool:
        """Return whether a day is in the last twelve months."""
        return day is not None and day > self.making.year_ago

    @cached_property
    def persons(self) -> dict[str, Person]:
        """Person id → person."""
        return {person.person_id: person for person in self.records.persons}

    @cached_property
    def open_cases(self) -> list[Involvement]:
        """Return the open involvements: one for each open case."""
        return [i for i in self.records.involvements if i.end_date is None]

    @cached_property
    def periods_of_care(self) -> list[Care]:
        """Return every period of care."""
        homes, visits = _by_person(self.records.addresses), _by_person(self.records.cla_visits)
        placements = _by_person(self.records.cla_placements)
        return [
            Care(self.persons[person_id], episodes, placements[person_id], homes[person_id], visits[person_id])
            for person_id, episodes in _by_person(self.records.cla_episodes).items()
        ]

    @cached_property
    def in_care(self) -> list[Care]:
        """Return the periods of care that are open."""
        return [care for care in self.periods_of_care if care.episodes[-1].ceased_date is None]

    @cached_property
    def left_lately(self) -> list[Care]:
        """Return the periods of care that ended in the last twelve months."""
        return [care for care in self.periods_of_care if self.is_recent(care.episodes[-1].ceased_date)]

    @cached_property
    def placed(self) -> list[Care]:
        """Return the children in care whose distance from home counts: not UASC, not placed for adoption."""
        return [care for care in self.in_care if not care.is_uasc and not care.is_with_adopters]

    @cached_property
    def in_need(self) -> list[Need]:
        """Return the children in need whose last visit counts."""
        visits = _by_person(self.records.cin_visits)
        border = self.ago(SEEN_WITHIN)
        return [
            Need(self.persons[i.person_id], i, sorted(visits[i.person_id], key=lambda visit: visit.visit_date))
            for i in self.open_cases
            if i.case_type == "CIN" and i.start_date <= border
        ]

    @cached_property
    def latest_seen(self) -> list[NeedVisit]:
        """Return the last visit of each child in need, where the child was seen and it is within four weeks."""
        last = [need.visits[-1] for need in self.in_need if need.visits]
        return [visit for visit in last if visit.seen == "Y" and visit.visit_date > self.ago(SEEN_WITHIN)]

    @cached_property
    def plan_visits(self) -> dict[str, list[PlanVisit]]:
        """Plan id → visits in order of time."""
        found: dict[str, list[PlanVisit]] = defaultdict(list)
        for visit in self.records.cp_visits:
            found[visit.cp_plan_id].append(visit)
        return found

    @cached_property
    def open_plans(self) -> list[Plan]:
        """Return the plans open at the period end."""
        return [plan for plan in self.records.cp_plans if plan.end_date is None]

    @cached_property
    def found_lately(self) -> list[MissingEpisode]:
        """Return the missing episodes that ended in the last twelve months."""
        return [episode for episode in self.records.missing_episodes if self.is_recent(episode.end_date.date())]

    @property
    def month_start(self) -> dt.date:
        """Return the first day of the period."""
        return self.making.month_ago + ONE_DAY


def _by_person(rows: Iterable[Owned]) -> dict[str, list[Owned]]:
    found: dict[str, list[Owned]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found


def text(day: dt.date) -> str:
    """Return a day as the extracts write it."""
    return f"{day:%d/%m/%Y}"
