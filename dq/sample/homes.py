"""With whom children in care live, and how near home: figures 19 and 20 at the period end."""

from __future__ import annotations

from dq.sample.calendar import age
from dq.sample.leavers import Leaver
from dq.sample.making import Making
from dq.sample.stays import Home, Stay

SHARE_OWN, SHARE_NEAR = 0.85, 0.81
"""Of foster placements, and of placements, that are not of the period end."""


def decide_homes(making: Making, stays: list[Stay]) -> None:
    """Decide with whom and how far away each child in care at the period end lives, and lived before."""
    for stay in stays:
        decide_earlier_homes(making, stay)
    others = [stay for stay in stays if not stay.uasc]
    _decide_kinds(making, others)
    _decide_distance(making, [stay for stay in others if stay.homes[-1] is not Home.ADOPTERS])
    for stay in stays:
        if stay.uasc:
            stay.homes[-1] = _kind_of_arrival(making, stay)


def decide_earlier_homes(making: Making, stay: Stay) -> None:
    """Decide every placement as chance has it."""
    stay.homes = [by_chance(making, 0.25 if age(stay.dob, day) >= 14 else 0.08) for day in stay.starts]
    stay.near = [making.chance.happens(SHARE_NEAR) for _ in stay.starts]


def decide_leaver_homes(making: Making, leaver: Leaver) -> None:
    """Decide every placement of a child who left care; one who was adopted lived with the adopters at the end."""
    stay = leaver.stay
    decide_earlier_homes(making, stay)
    adopters = leaver.adopted and bool(stay.moves)
    stay.homes[-1] = Home.ADOPTERS if adopters else by_chance(making, 0.4 if leaver.adult else 0.12)


def by_chance(making: Making, other: float) -> Home:
    """Return with whom a child lives: not in foster care with this probability."""
    fostered = 1 - other
    return making.chance.weighted(
        {Home.OWN: fostered * SHARE_OWN, Home.AGENCY: fostered * (1 - SHARE_OWN), Home.OTHER: other}
    )


def _decide_kinds(making: Making, stays: list[Stay]) -> None:
    figure = making.recipe.figures.own_or_kinship_carers
    chance = making.chance
    for stay in stays:
        stay.homes[-1] = Home.OWN
    young = [s for s in stays if age(s.dob, making.end) < 7 and s.moves and not s.settled]
    for stay in chance.sample(young, making.scaled(making.recipe.placed_for_adoption)):
        stay.homes[-1] = Home.ADOPTERS
    left = [s for s in stays if s.homes[-1] is not Home.ADOPTERS]
    others = max(0, len(left) - making.scaled(figure.of))
    for stay in chance.favour(left, [_weight_of_other(making, s) for s in left], others):
        stay.homes[-1] = Home.OTHER
    fostered = [s for s in left if s.homes[-1] is not Home.OTHER]
    team = _by_team(making, 0.3)
    weights = [team[s.leaf.team_id] * (2.0 if s.moved else 1.0) for s in fostered]
    for stay in chance.favour(fostered, weights, max(0, len(fostered) - making.scaled(figure.met))):
        stay.homes[-1] = Home.AGENCY


def _weight_of_other(making: Making, stay: Stay) -> float:
    years = age(stay.dob, making.end)
    weight = 4.0 if years >= 16 else 2.0 if years >= 12 else 0.5
    return weight * (4 if stay.leaf.work == "disability" else 1) * (0.3 if stay.settled else 1)


def _decide_distance(making: Making, stays: list[Stay]) -> None:
    team = _by_team(making, 0.35)
    for stay in stays:
        stay.near[-1] = True
    far = len(stays) - making.scaled(making.recipe.figures.near_home.met)
    weights = [team[s.leaf.team_id] * {Home.OWN: 0.7, Home.AGENCY: 1.6}.get(s.homes[-1], 2.0) for s in stays]
    for stay in making.chance.favour(stays, weights, max(0, far)):
        stay.near[-1] = False


def _by_team(making: Making, sigma: float) -> dict[str, float]:
    """Return a factor for each team, so that teams differ as they do in life."""
    return {leaf.team_id: making.chance.spread(sigma) for leaf in making.leaves}


def _kind_of_arrival(making: Making, stay: Stay) -> Home:
    if age(stay.dob, making.end) < 16:
        return Home.AGENCY if making.chance.happens(0.6) else Home.OWN
    return Home.OTHER if making.chance.happens(0.6) else Home.AGENCY
