"""The least and greatest value of a figure of which some rows may each turn out one of several ways.

A figure is a sum over a sum. Each row in doubt adds one of a few pairs to it, whatever the others add, so the ends are
those of a ratio of independent choices: found exactly by Dinkelbach's method (1967), which for a trial value takes of
every row the pair that gains most over it, and stops when the trial value is what those pairs come to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from dq.indicators.compute import Tally
from dq.model import Number, Unit

Way = tuple[Number, Number]
"""What a row may add: to the numerator, and to the denominator."""
Ways = frozenset[Way]
NOTHING: Way = (0, 0)


def ends(sure: Way, open_rows: Mapping[Ways, int], unit: Unit) -> tuple[float | None, float | None]:
    """Return the least and greatest value of what is ``sure`` with rows that may each turn out several ways.

    ``open_rows`` says how many rows there are of each kind. Both ends are None where there is a base in no case; a
    share lies between 0 and 100, and a count is not below 0.
    """
    if unit is Unit.COUNT:
        least, most = (
            sure[1] + sum(n * end(w[1] for w in ways) for ways, n in open_rows.items()) for end in (min, max)
        )
        return float(max(0, least)), float(max(0, most))
    low, high = _extreme(sure, open_rows, unit, min), _extreme(sure, open_rows, unit, max)
    if unit is Unit.PERCENT and low is not None and high is not None:
        return min(100.0, max(0.0, low)), min(100.0, max(0.0, high))
    return low, high


def without(sure: Way, taken: Iterable[Way]) -> Way:
    """Return what is left of a sum when some rows are taken out of it."""
    of, per = sure
    for way in taken:
        of, per = of - way[0], per - way[1]
    return of, per


_Best = Callable[..., Number]


def _extreme(sure: Way, open_rows: Mapping[Ways, int], unit: Unit, best: _Best) -> float | None:
    forced = sure[1] + sum(n * min(way[1] for way in ways) for ways, n in open_rows.items())
    if forced <= 0:
        return _of_one(sure, open_rows, unit, best)
    sign = 1 if best is max else -1
    # To begin with, every row as it adds least to the base: that base is not empty.
    of, per = _sum(sure, open_rows, lambda way: (-way[1], sign * way[0]))
    while True:

        def gain(way: Way, of: Number = of, per: Number = per) -> tuple[Number, Number]:
            return sign * (way[0] * per - of * way[1]), way[1]

        next_of, next_per = _sum(sure, open_rows, gain)
        if next_per <= 0 or sign * (next_of * per - of * next_per) <= _NOTHING_MORE * abs(per * next_per):
            return Tally(of, per).value(unit)
        of, per = next_of, next_per


_NOTHING_MORE = 1e-12
"""A gain in value below this is the rounding of floating point."""


def _sum(sure: Way, open_rows: Mapping[Ways, int], gain: Callable[[Way], tuple[Number, Number]]) -> Way:
    of, per = sure
    for ways, n in open_rows.items():
        chosen = max(ways, key=gain)
        of, per = of + n * chosen[0], per + n * chosen[1]
    return of, per


def _of_one(sure: Way, open_rows: Mapping[Ways, int], unit: Unit, best: _Best) -> float | None:
    """Return the end where the base may turn out empty: no mixture of rows is beyond the one that is furthest out.

    Where a record may be anybody's, the base of a share may be that one record.
    """
    if unit is Unit.PERCENT and any(of and not per for ways in open_rows for of, per in ways):
        return best(0.0, 100.0)
    added = [(sure[0] + way[0], sure[1] + way[1]) for ways in open_rows for way in ways]
    values = [value for way in added if way[1] > 0 and (value := Tally(*way).value(unit)) is not None]
    return best(values) if values else None
