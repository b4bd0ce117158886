"""Children who left care during the history: decided before any record is made, as those in care are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dq.sample.calendar import birthday
from dq.sample.making import Making
from dq.sample.recipe import Leaf
from dq.sample.stays import SETTLING_DAYS, Stay

SHARE_ADULT = 0.40
SHARE_ADOPTED = 0.10
SHARE_UASC = 0.24
GONE_HOME = {"E4A": 5.0, "E4B": 2, "E45": 2, "E46": 2, "E13": 1, "E41": 1, "E8": 1}
GROWN_UP = {"E7": 3.0, "E17": 2, "E5": 3, "E6": 1, "E8": 1}
ADOPTED = {"E11": 1.0, "E12": 2}


@dataclass
class Leaver:
    """A stay that ended, why, and whether the child grew up in care."""

    stay: Stay
    reason: str
    adult: bool

    @property
    def adopted(self) -> bool:
        """Return whether the child was adopted."""
        return self.reason in ADOPTED


def leavers(making: Making) -> list[Leaver]:
    """Return the children who left care in each month of the history."""
    flows = making.recipe.flows
    holders = [leaf for leaf in making.leaves if leaf.work in {"care", "disability", "arrivals", "other"}]
    return [
        _leaver(making, month, holders)
        for month, count in making.monthly(flows.care_ends, flows.care_ends_last_month)
        for _ in range(count)
    ]


def _leaver(making: Making, month: dt.date, holders: list[Leaf]) -> Leaver:
    chance = making.chance
    uasc = chance.happens(SHARE_UASC)
    leaf = chance.weighted({leaf: float(leaf.uasc if uasc else leaf.others_in_care) + 0.01 for leaf in holders})
    left = chance.day(month.replace(day=2), month)
    adult = uasc or chance.happens((SHARE_ADULT - SHARE_UASC) / (1 - SHARE_UASC))
    adopted = not adult and chance.happens(SHARE_ADOPTED / (1 - SHARE_ADULT))
    stay = Stay(leaf, uasc, left=left)
    stay.dob, stay.entered = _dates(making, left, adult=adult, adopted=adopted, uasc=uasc)
    stay.moves = _moves(making, stay)
    reasons = GROWN_UP if adult else ADOPTED if adopted else GONE_HOME
    return Leaver(stay, chance.weighted(reasons), adult)


def _dates(making: Making, left: dt.date, *, adult: bool, adopted: bool, uasc: bool) -> tuple[dt.date, dt.date]:
    """Return date of birth and the day the child came into care."""
    chance = making.chance
    if adult:
        dob = birthday(left, -18)
        days = chance.between(60, 600) if uasc else int(60 + 4500 * chance.uniform() ** 1.5)
        return dob, left - dt.timedelta(days=days)
    if adopted:
        entered = left - dt.timedelta(days=chance.between(300, 1000))
        return entered - dt.timedelta(days=chance.between(0, 1200)), entered
    entered = left - dt.timedelta(days=int(35 + 1200 * chance.uniform() ** 2.2))
    oldest = birthday(left, -18) + dt.timedelta(days=3)
    return chance.day(oldest, entered - dt.timedelta(days=1)), entered


def _moves(making: Making, stay: Stay) -> list[dt.date]:
    left = stay.left or making.end
    length = (left - stay.entered).days
    short = length <= 90
    expected = {0: 0.8, 1: 0.2} if short else {0: 0.52, 1: 0.25, 2: 0.12, 3: 0.07, 4: 0.04}
    first = max(stay.entered + dt.timedelta(days=SETTLING_DAYS), left - dt.timedelta(days=900))
    return making.chance.days(first, left - dt.timedelta(days=3), making.chance.weighted(expected))
