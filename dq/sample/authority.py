"""The sample authority, made from its recipe: read this first to see in which order records come about."""

from __future__ import annotations

import math
from collections import defaultdict

from dq.sample.care import Care
from dq.sample.chance import Chance
from dq.sample.homes import decide_homes
from dq.sample.leavers import leavers
from dq.sample.making import Making
from dq.sample.missing import Missing
from dq.sample.need import Need
from dq.sample.parts import PARTS
from dq.sample.people import People
from dq.sample.places import Places
from dq.sample.protection import Protection
from dq.sample.recipe import Recipe, leaves
from dq.sample.records import Person
from dq.sample.stays import stays_at_period_end
from dq.sample.steer import steer_homes, steer_moves

CLEAN_STREAM = 1
SHARE_LONG_GONE = 0.1
"""Of the care leavers whose case is held, those who left care before the history begins."""


def make_authority(recipe: Recipe, *, seed: int, scale: float, block: int = 0) -> Making:
    """Return an authority, or a block of one, whose records are sound and give the figures of the recipe."""
    chance = Chance(seed, CLEAN_STREAM, block)
    places = Places({district for leaf in leaves(recipe, scale) for district in leaf.homes}, chance)
    making = Making(recipe, scale, chance, places, seed, block)
    people = People(making)
    in_care = _children_in_care(making, Care(making, people))
    protection = Protection(making, people)
    protection.open_plans(in_care)
    protection.ended_plans()
    need = Need(making, people)
    need.open_cases()
    need.closed_cases()
    Missing(making).episodes()
    for topic, make in PARTS.items():
        make(making.apart(topic))
    return making


def _children_in_care(making: Making, care: Care) -> dict[str, list[Person]]:
    """Make children in care, leavers and care leavers; return those in care who can be on a plan too, by team."""
    stays, gone = stays_at_period_end(making), leavers(making)
    steer_moves(making, stays, gone)
    decide_homes(making, stays)
    steer_homes(making, stays, gone)
    by_team: dict[str, list[Person]] = defaultdict(list)
    for stay in stays:
        person = care.stay(stay)
        if not stay.uasc:
            by_team[stay.leaf.team_id].append(person)
    advised = [leaf for leaf in making.leaves if leaf.work == "leavers" for _ in range(leaf.rest)]
    long_gone = math.ceil(SHARE_LONG_GONE * len(advised))
    for leaver in gone:
        supported = leaver.adult and len(advised) > long_gone
        care.leaver(leaver, supported=supported)
        if supported:
            advised.pop()
    for leaf in advised:
        care.care_leaver(leaf)
    return by_team
