"""A child's time in care, as the topics of health and education see it: from when to when anything was recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from dq.sample.calendar import age
from dq.sample.making import ONE_DAY, Making
from dq.sample.records import Episode, Person


@dataclass(frozen=True)
class TimeInCare:
    """A period of care: ``first`` and ``last`` are the first and last day of it of which records are kept."""

    person: Person
    cla_id: str
    entered: dt.date
    left: dt.date | None
    first: dt.date
    last: dt.date

    @property
    def person_id(self) -> str:
        """Return whose it is."""
        return self.person.person_id

    @property
    def is_new(self) -> bool:
        """Return whether the child came into care within the history, so that what was done first is recorded."""
        return self.first == self.entered

    def age(self, day: dt.date) -> int:
        """Return the child's age on a day."""
        return age(self.person.dob, day)


def times_in_care(making: Making) -> Iterator[TimeInCare]:
    """Yield every period of care that reaches into the history, in the order of its records."""
    persons = {person.person_id: person for person in making.records.persons}
    for cla_id, group in groupby(making.records.cla_episodes, attrgetter("cla_id")):
        episodes: list[Episode] = list(group)
        entered, left = episodes[0].start_date, episodes[-1].ceased_date
        first, last = max(entered, making.history), making.end if left is None else left - ONE_DAY
        if first <= last:
            yield TimeInCare(persons[episodes[0].person_id], cla_id, entered, left, first, last)
