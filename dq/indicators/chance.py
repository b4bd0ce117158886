"""Whether a figure moved, or stands apart, by more than chance.

A month is held against the months before it by the limits of an XmR chart: their mean, and 2.66 times their mean moving
range to either side (Shewhart's individuals chart, as Wheeler gives it and the NHS's Making Data Count uses it). Twelve
months are the least that say what is usual. Of a rolling year or quarter nothing is said: a month shares most of its
records with the one before, so the range between them is no measure of chance.

Where the records themselves reach back twelve months, their months alone are the limits: the figure comes of the same
records, and what was published then may have been counted otherwise. Where they do not, the months as published
serve with them. The step between the two is one of the ranges, and widens the limits rather than narrowing them.

A team or an area is held against the authority as in a funnel plot (Spiegelhalter 2005): could the authority's share,
drawn for as many children, give what the team has? Limits are the exact binomial's, of 99.8%.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean

from dq.model import Apart, Number, PeriodKind, Unit

LEAST_MONTHS = 12
MOST_MONTHS = 24
_XMR = 2.66
"""3 standard deviations in mean moving ranges of two: 3 / 1.128."""
_TAIL = 0.001
_JUDGED = frozenset({PeriodKind.SNAPSHOT, PeriodKind.MONTH})


def usual(kind: PeriodKind, unit: Unit, earlier: Sequence[float | None]) -> tuple[float, float] | None:
    """Return the least and greatest value that is usual, given the months before, oldest first; None if not known."""
    known = [value for value in earlier if value is not None][-MOST_MONTHS:]
    if kind not in _JUDGED or len(known) < LEAST_MONTHS:
        return None
    mean = fmean(known)
    reach = _XMR * fmean(abs(later - before) for before, later in pairwise(known))
    greatest = mean + reach
    return max(mean - reach, 0.0), min(greatest, 100.0) if unit is Unit.PERCENT else greatest


def beside(numerator: Number | None, denominator: Number | None, share: float | None) -> Apart | None:
    """Return how a part stands to the whole, whose share in percent it is; None where there is nothing to compare.

    ``too_few``: the part is so small that neither none nor all of it would stand apart.
    """
    if not isinstance(numerator, int) or not isinstance(denominator, int) or not denominator or share is None:
        return None
    from scipy.special import bdtr, bdtrc

    likely = share / 100
    if bdtr(0, denominator, likely) >= _TAIL and (bdtrc(denominator - 1, denominator, likely) >= _TAIL):
        return "too_few"
    if bdtr(numerator, denominator, likely) < _TAIL:
        return "below"
    if numerator > 0 and bdtrc(numerator - 1, denominator, likely) < _TAIL:
        return "above"
    return "within"
