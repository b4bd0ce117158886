"""How long it takes until an event is entered: the share entered so many working days after.

What happened lately and is not yet entered is in no record, so plain shares of recent events would all look quick. The
share is worked out backwards in time instead (Lawless 1994, after Kalbfleisch and Lawless 1989): of events entered
within d days, how many were on the very day d, asked only of events that happened d days ago or more. That is not
touched by what is still to come. The product of what these leave, from the longest delay down, is the share entered.

Delays and ages are in working days: nothing much is entered at a weekend, so month ends on a Sunday and on a
Wednesday are then alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Shares = NDArray[np.float64]
LONGEST = 130
"""Working days, about six months. What is entered later still is a correction, and no late recording."""
OLDEST = 390
"""Working days, about eighteen months: how far back delays are looked at."""
COMPLETE = 0.98
"""From this share on recording counts as complete."""
_LATELY = 63
"""Working days, about three months."""
_A_MONTH = 21
_FEWEST_LATELY = 50
_FASTEST_CHANGE = 0.10
"""Of a month's events: by more than this from one stretch to the next, and what went before says little of now."""
_TEAMS_LIKE_ALL = 25
"""A team's own delays weigh as much as all the authority's once it has so many events."""


@dataclass(frozen=True)
class Delays:
    """Events by how long their entry took: ``counts[d, a]`` were entered d working days after they happened, a ago.

    ``in_month[a]`` counts those of the month the figures are for.
    """

    counts: Counts
    in_month: Counts

    def __add__(self, other: Delays) -> Delays:
        return Delays(self.counts + other.counts, self.in_month + other.in_month)


def nothing() -> Delays:
    """Return the delays of no events."""
    return Delays(np.zeros((LONGEST + 1, OLDEST + 1), dtype=np.int64), np.zeros(OLDEST + 1, dtype=np.int64))


def share_entered(of: Counts, otherwise: Counts | None = None) -> Shares:
    """Return, for each number of working days, the share of events entered within them; 1 at the longest delay.

    With few events, the share is drawn towards that of ``otherwise``: of the authority for a team, of before for now.
    """
    entered, asked = _entered_of(of)
    if otherwise is not None:
        prior_entered, prior_asked = _entered_of(otherwise)
        chance = np.divide(prior_entered, prior_asked, out=np.zeros(len(entered)), where=prior_asked > 0)
        entered, asked = entered + _TEAMS_LIKE_ALL * chance, asked + _TEAMS_LIKE_ALL
    on_the_day = np.divide(entered, asked, out=np.zeros(len(entered)), where=asked > 0)
    left = np.append(1.0 - on_the_day[1:], 1.0)
    return np.cumprod(left[::-1])[::-1]


def _entered_of(counts: Counts) -> tuple[Shares, Shares]:
    """Return, for each delay, how many events were entered after just so long, and of how many entered by then."""
    within = np.cumsum(counts, axis=0)
    as_old = np.cumsum(within[:, ::-1], axis=1)[:, ::-1]
    days = np.arange(len(counts))
    return counts.sum(axis=1).astype(float), as_old[days, days].astype(float)


def days_to_complete(entered: Shares) -> int:
    """Return after how many working days recording counts as complete."""
    return int(np.argmax(entered >= COMPLETE))


def month_complete(of: Delays, whole: Delays) -> float | None:
    """Return the share of the month's events thought to be entered; None where none is."""
    entered = share_entered(of.counts, whole.counts)
    so_long = np.minimum(np.arange(OLDEST + 1), LONGEST)
    thought = float((of.in_month / entered[so_long].clip(1e-3)).sum())
    return float(of.in_month.sum()) / thought if thought else None


def changed_pace(of: Counts, working_days: int) -> tuple[float, float] | None:
    """Return the share of a month's events entered so long after it, lately and before, if it moved too far to go by.

    None where it did not, or too few events are recent to say.
    """
    lately, before = of.copy(), of.copy()
    lately[:, _LATELY:], before[:, :_LATELY] = 0, 0
    if lately.sum() < _FEWEST_LATELY:
        return None
    days = np.minimum(working_days + np.arange(_A_MONTH), LONGEST)
    now, then = (float(share_entered(part, before)[days].mean()) for part in (lately, before))
    return (now, then) if abs(now - then) > _FASTEST_CHANGE else None
