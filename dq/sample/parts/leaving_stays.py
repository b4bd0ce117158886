"""The periods of care there are, each with its last placement: what leaving care and adoption are made from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dq.sample.calendar import months_before
from dq.sample.making import Making
from dq.sample.people import SERVICE
from dq.sample.recipe import Work
from dq.sample.records import Person, Placement

RIGHTS_FROM_MONTHS = 14 * 12
LEAVING_MONTHS = 16 * 12
THIRTEEN_WEEKS = dt.timedelta(days=91)
FOR_ADOPTION = frozenset({"A3", "A4", "A5", "A6"})


@dataclass(frozen=True, slots=True)
class CareStay:
    """A period of care: whose, from when to when, why it ended and the last placement."""

    person: Person
    cla_id: str
    entered: dt.date
    left: dt.date | None
    reason: str | None
    placement: Placement

    @property
    def is_for_adoption(self) -> bool:
        """Return whether the last placement is with adopters."""
        return self.placement.placement_type in FOR_ADOPTION

    @property
    def entitled_since(self) -> dt.date:
        """Return the day from which the law on leaving care applies, if the child was in care for so long."""
        counted_from = max(self.entered, months_before(self.person.dob, -RIGHTS_FROM_MONTHS))
        return max(months_before(self.person.dob, -LEAVING_MONTHS), counted_from + THIRTEEN_WEEKS)

    def is_entitled(self, end: dt.date) -> bool:
        """Return whether the child was in care on that day, or has left it since."""
        return self.entitled_since <= (self.left or end)


def stays_in_care(making: Making) -> list[CareStay]:
    """Return every period of care, in the order in which they were made."""
    records = making.records
    persons = {person.person_id: person for person in records.persons}
    last_placement = {placement.cla_id: placement for placement in records.cla_placements}
    last_episode = {episode.cla_id: episode for episode in records.cla_episodes}
    entered: dict[str, dt.date] = {}
    for episode in records.cla_episodes:
        entered.setdefault(episode.cla_id, episode.start_date)
    return [
        CareStay(
            persons[episode.person_id], cla_id, entered[cla_id], episode.ceased_date, episode.ceased_reason,
            last_placement[cla_id],
        )
        for cla_id, episode in last_episode.items()
    ]  # fmt: skip


def team_of(making: Making, work: Work) -> str:
    """Return the first team that does this work; where there is none, the first that holds cases."""
    doing = (team.team_id for team in making.records.teams if team.service == SERVICE[work])
    return next(doing, making.leaves[0].team_id)
