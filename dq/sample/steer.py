"""Steer the figures of earlier period ends to the printed ones, through children whom the latest figures do not count.

The latest figures are exact already. A month and a year before, most of the same children were in care; the rest had
since left (or had since turned 16, for figure 18), and what is decided of them brings the earlier figures near.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import partial

from dq.sample.calendar import age, months_before
from dq.sample.homes import decide_leaver_homes
from dq.sample.leavers import Leaver
from dq.sample.making import ONE_DAY, Making
from dq.sample.recipe import Earlier
from dq.sample.stays import LONG_MONTHS, SETTLING_DAYS, Home, Stay

FOSTERED = {Home.OWN, Home.AGENCY}
Test = Callable[[Stay], bool]


def steer_moves(making: Making, stays: list[Stay], gone: list[Leaver]) -> None:
    """Change the moves of children not counted since, for figures 17 and 18 of each earlier period end."""
    left = [leaver.stay for leaver in gone]
    steered: set[int] = set()
    for earlier in making.recipe.earlier:
        in_care = [stay for stay in stays + left if stay.is_open(earlier.at)]
        base = [stay for stay in in_care if _is_long(stay, earlier.at)]
        free = [s for s in base if not s.long_in_care and not s.moved and id(s) not in steered]
        settled = _share(base, free, earlier.same_placement, partial(_is_settled, day=earlier.at))
        for i, stay in enumerate(making.chance.sample(free, len(free))):
            _settle(making, stay, earlier.at, settled=i < settled)
            steered.add(id(stay))
        free = [s for s in in_care if s.left is not None and id(s) not in steered and _can_move(s, earlier.at)]
        moved = _share(in_care, free, earlier.three_placements, partial(_has_moved, day=earlier.at))
        for i, stay in enumerate(making.chance.sample(free, len(free))):
            _move(making, stay, earlier.at, moved=i < moved)
            steered.add(id(stay))


def steer_homes(making: Making, stays: list[Stay], gone: list[Leaver]) -> None:
    """Decide the homes of those who left, for figures 19 and 20 of each earlier period end."""
    for leaver in gone:
        decide_leaver_homes(making, leaver)
    steered: set[int] = set()
    for earlier in making.recipe.earlier:
        in_care = [s for s in [*stays, *(leaver.stay for leaver in gone)] if s.is_open(earlier.at) and not s.uasc]
        free = [s for s in in_care if s.left is not None and id(s) not in steered]
        _steer_carers(making, earlier, in_care, free)
        _steer_distance(making, earlier, in_care, free)
        steered |= {id(stay) for stay in free}


def _steer_carers(making: Making, earlier: Earlier, in_care: list[Stay], free: list[Stay]) -> None:
    def carer(stay: Stay) -> Home:
        return stay.homes[stay.placement_at(earlier.at)]

    base = [stay for stay in in_care if carer(stay) in FOSTERED]
    fostered = [stay for stay in free if carer(stay) in FOSTERED]
    own = _share(base, fostered, earlier.own_or_kinship_carers, lambda stay: carer(stay) is Home.OWN)
    for i, stay in enumerate(making.chance.sample(fostered, len(fostered))):
        stay.homes[stay.placement_at(earlier.at)] = Home.OWN if i < own else Home.AGENCY


def _steer_distance(making: Making, earlier: Earlier, in_care: list[Stay], free: list[Stay]) -> None:
    def is_counted(stay: Stay) -> bool:
        return stay.homes[stay.placement_at(earlier.at)] is not Home.ADOPTERS

    base, counted = [s for s in in_care if is_counted(s)], [s for s in free if is_counted(s)]
    near = _share(base, counted, earlier.near_home, lambda stay: stay.near[stay.placement_at(earlier.at)])
    for i, stay in enumerate(making.chance.sample(counted, len(counted))):
        stay.near[stay.placement_at(earlier.at)] = i < near


def _share(base: list[Stay], free: Iterable[Stay], percent: float, meets: Test) -> int:
    """Return how many of the free must meet a measure for ``percent`` of the base to meet it; at least none."""
    freed = {id(stay) for stay in free}
    fixed = sum(meets(stay) for stay in base if id(stay) not in freed)
    return max(0, round(percent / 100 * len(base)) - fixed)


def _is_long(stay: Stay, day: dt.date) -> bool:
    return stay.entered <= months_before(day, LONG_MONTHS) and age(stay.dob, day) < 16


def _is_settled(stay: Stay, day: dt.date) -> bool:
    return not any(months_before(day, 24) < move <= day for move in stay.moves)


def _has_moved(stay: Stay, day: dt.date) -> bool:
    """Return whether the child was in three placements or more during the twelve months to a day."""
    return sum(months_before(day, 12) < move <= day for move in stay.moves) >= 2


def _can_move(stay: Stay, day: dt.date) -> bool:
    return (day - stay.entered).days > 60


def _settle(making: Making, stay: Stay, day: dt.date, *, settled: bool) -> None:
    """Take away the moves of the two years to a day; or see that there is one, before the last of the years."""
    first, last = months_before(day, 24), months_before(day, 12)
    if settled:
        stay.moves = [move for move in stay.moves if not first < move <= day]
    elif _is_settled(stay, day):
        stay.moves = sorted([*stay.moves, making.chance.day(first + ONE_DAY, last)])


def _move(making: Making, stay: Stay, day: dt.date, *, moved: bool) -> None:
    """See that there are two moves or more in the twelve months to a day; or one at most."""
    first = max(months_before(day, 12), stay.entered + dt.timedelta(days=SETTLING_DAYS))
    within = [move for move in stay.moves if first < move <= day]
    without = [move for move in stay.moves if move not in within]
    if moved and len(within) < 2:
        within = making.chance.days(first + ONE_DAY, day, 2)
    stay.moves = sorted([*without, *(within if moved else within[:1])])
