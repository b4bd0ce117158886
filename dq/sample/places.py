"""Real postcodes of the ONS directory, so that a distance is a distance."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from dq.postcodes import postcodes
from dq.problems import refuse
from dq.sample.chance import Chance

METRES_IN_A_MILE = 1609.344
LIMIT = 20.0
MARGIN = 0.1
AREAS = ("C", "D", "M", "T")
"""First letters of the postcodes loaded: Canterbury, Dartford, Medway and Tonbridge, and what shares their letters."""
AROUND_METRES = 90_000
INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


@dataclass(frozen=True)
class Place:
    """A postcode with its National Grid position, in metres, and its district."""

    postcode: str
    easting: float
    northing: float
    district: str


def miles(a: Place, b: Place) -> float:
    """Return the straight line between two places, in miles."""
    return math.hypot(a.easting - b.easting, a.northing - b.northing) / METRES_IN_A_MILE


@dataclass(frozen=True)
class Directory:
    """The postcodes that can be drawn, in the order of the alphabet, and the positions of each district's.

    ``known`` are these and those of which the directory does not say where they are.
    """

    postcodes: list[str]
    easting: NDArray[np.float64]
    northing: NDArray[np.float64]
    district: list[str]
    within: dict[str, NDArray[np.intp]]
    known: frozenset[str]


@cache
def read_directory() -> Directory:
    """Return the directory, which is read once."""
    every = postcodes(AREAS)
    table = every.filter(pc.and_(pc.is_valid(every["easting"]), pc.is_valid(every["northing"]))).sort_by("postcode")
    drawn, district = table["postcode"].to_pylist(), table["local_authority"].to_pylist()
    places: dict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(district):
        places[name].append(place)
    return Directory(
        postcodes=drawn,
        easting=table["easting"].to_numpy(),
        northing=table["northing"].to_numpy(),
        district=district,
        within={name: np.array(held, dtype=np.intp) for name, held in places.items()},
        known=frozenset(every["postcode"].to_pylist()),
    )


class Places:
    """Draws places in the authority's districts, and near to or far from another place."""

    def __init__(self, districts: set[str], chance: Chance) -> None:
        directory = self._directory = read_directory()
        strange = sorted(districts - directory.within.keys())
        if strange:
            raise refuse(
                f"The recipe names the district {strange[0]}, of which no postcode is known here.",
                instead=f"Use ONS codes of districts whose postcodes begin with {', '.join(AREAS)}.",
            )
        self._chance = chance
        own = np.concatenate([directory.within[district] for district in sorted(districts)])
        east, north = directory.easting, directory.northing
        away = np.hypot(east - east[own].mean(), north - north[own].mean())
        self._around = np.flatnonzero(away < AROUND_METRES)
        self._anywhere = np.arange(len(directory.postcodes))

    def home(self, districts: tuple[str, ...]) -> Place:
        """Return a place in one of the districts."""
        return self._draw(self._directory.within[self._chance.pick(districts)])

    def near(self, home: Place) -> Place:
        """Return a place within 20 miles of another, and not close to that limit."""
        pools = [self._directory.within[home.district], self._directory.within[home.district], self._around]
        while True:
            place = self._draw(self._chance.pick(pools))
            if miles(home, place) <= LIMIT - MARGIN:
                return place

    def far(self, home: Place) -> Place:
        """Return a place more than 20 miles from another, and not close to that limit."""
        pools = [self._around, self._around, self._around, self._anywhere]
        while True:
            place = self._draw(self._chance.pick(pools))
            if miles(home, place) >= LIMIT + MARGIN:
                return place

    def unknown(self, postcode: str) -> str:
        """Return a postcode of the same outward part that the directory does not have."""
        outward = postcode.split(maxsplit=1)[0]
        while True:
            letters = "".join(self._chance.pick(INWARD_LETTERS) for _ in range(2))
            invented = f"{outward} {self._chance.between(0, 9)}{letters}"
            if invented not in self._directory.known:
                return invented

    def _draw(self, pool: NDArray[np.intp]) -> Place:
        i, known = int(pool[self._chance.between(0, len(pool) - 1)]), self._directory
        return Place(known.postcodes[i], float(known.easting[i]), float(known.northing[i]), known.district[i])
