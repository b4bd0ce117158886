"""Children in care at the period end: what is decided of each before any record is made.

How long and how settled (17, 18) comes first, then when the child came and moved. With whom the child lives (19) and
how far from home (20) is decided in homes.py.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum

from dq.sample.calendar import birthday, months_before
from dq.sample.making import ONE_DAY, Making
from dq.sample.recipe import Leaf, Stability

YEAR = 365
LONG_MONTHS = 30
SETTLING_DAYS = 7
UNSETTLED_DAYS = 330
SHARE_UNSETTLED_LATELY = 0.2
"""Of the first moves in two years, those in the last month: the printed figure fell in it."""


class Home(StrEnum):
    """With whom a child in care lives."""

    OWN = "own or kinship foster carer"
    AGENCY = "foster carer of another provider"
    ADOPTERS = "placed for adoption"
    OTHER = "any other placement"


@dataclass
class Stay:
    """A child's period of care. ``moves`` are the days a new placement began; ``left`` is None where still in care.

    ``homes`` and ``near`` say of each placement with whom it was, and whether within 20 miles of home.
    """

    leaf: Leaf
    uasc: bool
    long_in_care: bool = False
    settled: bool = False
    moved: bool = False
    entered: dt.date = dt.date.min
    dob: dt.date = dt.date.min
    left: dt.date | None = None
    moves: list[dt.date] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)
    near: list[bool] = field(default_factory=list)

    @property
    def starts(self) -> list[dt.date]:
        """Return the days its placements began."""
        return [self.entered, *self.moves]

    def is_open(self, day: dt.date) -> bool:
        """Return whether the child was in care at the end of a day."""
        return self.entered <= day and (self.left is None or self.left > day)

    def placement_at(self, day: dt.date) -> int:
        """Return the number, from 0, of the placement the child was in on a day in care."""
        return bisect_right(self.moves, day)


def stays_at_period_end(making: Making) -> list[Stay]:
    """Return the children in care at the period end, so that they give the figures of the recipe."""
    stays = [
        Stay(leaf, uasc=uasc)
        for leaf in making.leaves
        for uasc, count in ((False, leaf.others_in_care), (True, leaf.uasc))
        for _ in range(count)
    ]
    for group in making.recipe.stability:
        _decide_stability(making, group, [s for s in stays if s.uasc == group.uasc and _in_group(making, s, group)])
    newest = _newest(making, stays)
    for stay in stays:
        _decide_dates(making, stay, new=id(stay) in newest)
        stay.moves = _moves(making, stay)
    return stays


def _in_group(making: Making, stay: Stay, group: Stability) -> bool:
    named = {g.area for g in making.recipe.stability}
    return stay.leaf.area == group.area or (group.area is None and stay.leaf.area not in named)


def _decide_stability(making: Making, group: Stability, stays: list[Stay]) -> None:
    drawn = making.chance.sample(stays, len(stays))
    long_in_care = min(making.scaled(group.long_in_care), len(drawn))
    settled = min(making.scaled(group.settled), long_in_care)
    for i, stay in enumerate(drawn):
        stay.long_in_care = i < long_in_care
        stay.settled = i < settled
    for stay in making.chance.sample(drawn[settled:], making.scaled(group.moved)):
        stay.moved = True


def _newest(making: Making, stays: list[Stay]) -> set[int]:
    """Return the identities of those who came into care in the last month."""
    starts = making.recipe.flows.care_starts_last_month
    free = [s for s in stays if not s.long_in_care and not s.moved]
    newest: set[int] = set()
    for uasc, count in ((True, starts.uasc), (False, starts.others)):
        newest |= {id(s) for s in making.chance.sample([s for s in free if s.uasc == uasc], making.scaled(count))}
    return newest


def _decide_dates(making: Making, stay: Stay, *, new: bool) -> None:
    long_ago = months_before(making.end, LONG_MONTHS)
    if new:
        stay.entered = making.chance.day(making.month_ago + ONE_DAY, making.end)
    elif stay.long_in_care:
        _decide_long_stay(making, stay, long_ago)
        return
    elif stay.uasc:
        stay.entered = arrival(making)
    elif making.chance.happens(0.3):
        _decide_old_stay(making, stay, long_ago)
        return
    else:
        days = (making.month_ago - long_ago).days
        stay.entered = making.month_ago - dt.timedelta(days=int(days * making.chance.uniform() ** 1.5 * 0.999))
    if stay.moved:
        stay.entered = min(stay.entered, making.end - dt.timedelta(days=90))
    stay.dob = _dob_in_care(making, stay)


def _decide_long_stay(making: Making, stay: Stay, long_ago: dt.date) -> None:
    """Under 16 at the period end, and in care since before ``long_ago``; most came in the years just before it."""
    youngest, oldest = long_ago - dt.timedelta(days=60), birthday(making.end, -16) + ONE_DAY
    if stay.uasc:
        youngest = birthday(making.end, -15)
    stay.dob = making.chance.day(oldest, youngest)
    earliest = max(stay.dob, birthday(stay.dob, 11)) if stay.uasc else stay.dob
    span = (long_ago - earliest).days
    stay.entered = long_ago - dt.timedelta(days=int(span * making.chance.uniform() ** 1.1))


def _decide_old_stay(making: Making, stay: Stay, long_ago: dt.date) -> None:
    """16 or 17 at the period end, and in care for years."""
    stay.dob = making.chance.day(birthday(making.end, -18) + ONE_DAY, birthday(making.end, -16))
    stay.entered = long_ago - dt.timedelta(days=int(3600 * making.chance.uniform() ** 1.5))


def arrival(making: Making) -> dt.date:
    """Return a day an unaccompanied child now in care came: by the months of the recipe, the latest before the last."""
    flows, months = making.recipe.flows, making.month_ends()[:-1]
    by_month = list(zip(reversed(months), reversed(flows.arrivals), strict=False))
    begins = by_month[-1][0].replace(day=1)
    weights: dict[dt.date | None, float] = {None: flows.arrivals_before, **dict(by_month)}
    month = making.chance.weighted(weights)
    if month is None:
        return making.chance.day(months_before(making.end, LONG_MONTHS) + ONE_DAY, begins - ONE_DAY)
    return making.chance.day(month.replace(day=1), month)


def _dob_in_care(making: Making, stay: Stay) -> dt.date:
    eighteen = birthday(making.end, -18) + dt.timedelta(days=3)
    if stay.uasc:
        return making.chance.day(eighteen, max(eighteen, birthday(min(stay.entered, making.end), -14)))
    infant = making.chance.happens(0.22)
    youngest = stay.entered - dt.timedelta(days=1)
    return making.chance.day(max(eighteen, youngest - dt.timedelta(days=YEAR)) if infant else eighteen, youngest)


def _moves(making: Making, stay: Stay) -> list[dt.date]:
    """Return the days of moves: in the last 12 months as the figures say, before that as often as believable."""
    chance, settled_on = making.chance, stay.entered + dt.timedelta(days=SETTLING_DAYS)
    recent_from, before_from = making.year_ago + ONE_DAY, months_before(making.end, 24) + ONE_DAY
    recent, before = _how_many(making, stay)
    lately = stay.long_in_care and (recent, before) == (1, 0) and chance.happens(SHARE_UNSETTLED_LATELY)
    earliest = making.month_ago + ONE_DAY if lately else max(settled_on, recent_from)
    moves = chance.days(earliest, making.end - dt.timedelta(days=3), recent)
    if settled_on < recent_from:
        moves += chance.days(max(settled_on, before_from), making.year_ago, before)
    if settled_on < before_from:
        old = chance.weighted({0: 0.55, 1: 0.27, 2: 0.12, 4: 0.06})
        unsettled_until = min(before_from - ONE_DAY, settled_on + dt.timedelta(days=UNSETTLED_DAYS))
        moves += chance.days(settled_on, unsettled_until, old)
    return sorted(moves)


def _how_many(making: Making, stay: Stay) -> tuple[int, int]:
    chance = making.chance
    if stay.settled:
        return 0, 0
    old = not stay.long_in_care and stay.entered <= months_before(making.end, LONG_MONTHS)
    before = chance.weighted({0: 0.85, 1: 0.15} if old else {0: 0.55, 1: 0.29, 2: 0.10, 3: 0.05, 4: 0.01})
    if stay.moved:
        return chance.weighted({2: 0.65, 3: 0.25, 4: 0.1}), before
    recent = int(chance.happens(0.12 if old else 0.35))
    if stay.long_in_care and recent + before == 0:
        return (1, 0) if chance.happens(0.5) else (0, 1)
    return recent, before
