"""The periods of care that the records of looked-after children are about, read from what was made already."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from dq.sample.making import ONE_DAY, Making
from dq.sample.records import Episode, Person, Placement

WITH_PARENTS = "P1"
WITH_ADOPTERS = frozenset({"A3", "A4", "A5", "A6"})
BY_ORDER = frozenset({"A5", "A6"})
ADOPTED = frozenset({"E11", "E12"})


@dataclass(frozen=True)
class Period:
    """A child's period of care: ``left`` and ``reason`` are None where the child is still in care."""

    person: Person
    cla_id: str
    entered: dt.date
    left: dt.date | None
    reason: str | None
    placements: list[Placement]

    @property
    def is_uasc(self) -> bool:
        """Return whether the child came unaccompanied."""
        return self.person.uasc == "Y"

    @property
    def with_parents(self) -> bool:
        """Return whether any placement was with the child's own parents."""
        return any(placement.placement_type == WITH_PARENTS for placement in self.placements)

    @property
    def adopters_from(self) -> dt.date | None:
        """Return the day the child was placed for adoption, by consent or by order."""
        return next((p.start_date for p in self.placements if p.placement_type in WITH_ADOPTERS), None)

    @property
    def by_order(self) -> bool:
        """Return whether adoption needed a placement order: by the placement, or if the child was adopted."""
        kinds = {placement.placement_type for placement in self.placements} & WITH_ADOPTERS
        return bool(kinds & BY_ORDER) if kinds else self.reason in ADOPTED

    def last_day(self, making: Making) -> dt.date:
        """Return the last day on which something can have happened to the child in care."""
        return making.end if self.left is None else self.left - ONE_DAY


def periods_of_care(making: Making) -> list[Period]:
    """Return every period of care, in the order in which they were made."""
    records = making.records
    persons = {person.person_id: person for person in records.persons}
    placements: dict[str, list[Placement]] = defaultdict(list)
    for placement in records.cla_placements:
        placements[placement.cla_id].append(placement)
    first: dict[str, Episode] = {}
    last: dict[str, Episode] = {}
    for episode in records.cla_episodes:
        first.setdefault(episode.cla_id, episode)
        last[episode.cla_id] = episode
    return [
        Period(
            persons[episode.person_id],
            cla_id,
            episode.start_date,
            last[cla_id].ceased_date,
            last[cla_id].ceased_reason,
            placements[cla_id],
        )
        for cla_id, episode in first.items()
    ]
