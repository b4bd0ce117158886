"""What every part of the sample shares while it is made: recipe, chance, calendar, places and records so far."""

from __future__ import annotations

import datetime as dt
from copy import copy
from dataclasses import dataclass, field
from zlib import crc32

from dq.sample.calendar import WorkingDays, months_before
from dq.sample.chance import Chance
from dq.sample.places import Places
from dq.sample.recipe import Leaf, Recipe, leaves
from dq.sample.records import Records

ONE_DAY = dt.timedelta(days=1)
KEYS_OF_A_BLOCK = 1_000_000
CHILDREN_OF_A_BLOCK = 100_000


@dataclass(frozen=True)
class Case:
    """A child's case for as long as it was open; ``until`` is None where it still is."""

    person_id: str
    dob: dt.date
    since: dt.date
    until: dt.date | None
    in_care: bool


@dataclass
class Making:
    """The authority being made, or one block of it: a small authority of its own, with keys that no other block has."""

    recipe: Recipe
    scale: float
    chance: Chance
    places: Places
    seed: int
    block: int
    days: WorkingDays = field(default_factory=WorkingDays)
    records: Records = field(init=False)
    cases: list[Case] = field(default_factory=list)
    leaves: list[Leaf] = field(init=False)

    def __post_init__(self) -> None:
        self.leaves = leaves(self.recipe, self.scale)
        self.records = Records(first_key=self.block * KEYS_OF_A_BLOCK)

    def apart(self, topic: str) -> Making:
        """Return the same authority, with a stream of chance that is this topic's own."""
        apart = copy(self)
        apart.chance = Chance(self.seed, crc32(topic.encode()), self.block)
        return apart

    @property
    def end(self) -> dt.date:
        """Return the period end: the last day of which anything is known."""
        return self.recipe.period

    @property
    def history(self) -> dt.date:
        """Return the first day of the history."""
        return self.recipe.history_from

    @property
    def year_ago(self) -> dt.date:
        """Return the period end of twelve months before."""
        return months_before(self.end, 12)

    @property
    def month_ago(self) -> dt.date:
        """Return the last day of the month before the last."""
        return self.end.replace(day=1) - ONE_DAY

    def scaled(self, count: float) -> int:
        """Return a count of the recipe at this scale."""
        return int(count * self.scale + 0.5)

    def recorded(self, event: dt.date) -> dt.date:
        """Return when an event was entered: the same day or up to four working days after, never after the period."""
        return min(self.end, max(event, self.days.after(event, self.chance.between(0, 4))))

    def month_ends(self) -> list[dt.date]:
        """Return the month ends of the history, the period end last."""
        first = (self.end.year - self.history.year) * 12 + self.end.month - self.history.month
        return [months_before(self.end.replace(day=1), n - 1) - ONE_DAY for n in range(first, -1, -1)]

    def monthly(self, per_year: int, last_month: int) -> list[tuple[dt.date, int]]:
        """Return (month end, count) over the history for a yearly flow of the recipe whose last month is given."""
        months = self.month_ends()
        counts = [self.scaled(per_year * (n + 1) / 12) - self.scaled(per_year * n / 12) for n in range(len(months) - 1)]
        return list(zip(months, [*counts, self.scaled(last_month)], strict=True))
