"""From what became of figures in earlier months to what one is expected to become, with an interval.

A row that does not meet the measure as recorded may turn out to have met it, a row may come into the base or leave it.
How often each happened by the same day of earlier months is the chance that it happens now. Chances differ
between teams (a Beta prior over teams, as wide as they differ, by maximum likelihood: a team with few rows is drawn
towards all), between months (a shift on the log-odds, the same for all teams, with Student's t as there are few months)
and within a team more than chance would have it (beta-binomial). The interval is of simulated final figures, so all
three are in it. Areas and the authority are the sums of their teams, draw by draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]
DRAWS = 1000
SEED = 20160831
"""The same records give the same interval."""
TAILS = (0.05, 0.95)
_OUT, _UNMET, _MET = range(3)
_TINY = 1e-9


@dataclass(frozen=True)
class Outcomes:
    """What became of the rows of each team at each month end: ``rows[team, month, was, became]``, as recorded now.

    States are 0 out of the base, 1 in it and not counted, 2 counted. ``unmet`` and ``met`` are each team's rows in
    the base at the period end, as recorded.
    """

    rows: Whole
    unmet: Whole
    met: Whole


@dataclass(frozen=True)
class Drawn:
    """Simulated final numerators and bases: a row a draw, a column a team."""

    numerator: Whole
    base: Whole

    def of(self, teams: Sequence[int]) -> tuple[Whole, Whole]:
        """Return the numerators and bases of several teams together."""
        columns = list(teams)
        return self.numerator[:, columns].sum(axis=1), self.base[:, columns].sum(axis=1)


def draw(of: Outcomes) -> Drawn:
    """Return simulated final figures of every team."""
    chance = np.random.default_rng(SEED)
    rows, unmet, met = of.rows, of.unmet, of.met

    def moves(was: int, became: int, left_over: Whole, now: Whole) -> Whole:
        """Draw how many rows of a state go over to another, of those that earlier draws have left there."""
        went = rows[:, :, was, became]
        return chance.binomial(now, _chances(went, left_over, chance))

    def shape(team: Whole) -> Whole:
        return np.broadcast_to(team, (DRAWS, len(team))).copy()

    were_unmet, were_met = rows[:, :, _UNMET, :].sum(axis=2), rows[:, :, _MET, :].sum(axis=2)
    gained = moves(_UNMET, _MET, were_unmet, shape(unmet))
    gone = moves(_UNMET, _OUT, were_unmet - rows[:, :, _UNMET, _MET], shape(unmet) - gained)
    lost = moves(_MET, _UNMET, were_met, shape(met))
    left = moves(_MET, _OUT, were_met - rows[:, :, _MET, _UNMET], shape(met) - lost)
    came = rows[:, :, _OUT, _MET] + rows[:, :, _OUT, _UNMET]
    enter = _entering(came, were_unmet + were_met, unmet + met, chance)
    enter_met = chance.binomial(enter, _chances(rows[:, :, _OUT, _MET], came, chance))
    return Drawn(met - lost - left + gained + enter_met, unmet + met - gone - left + enter)


def interval(values: Numbers) -> tuple[float, float, float]:
    """Return the median of simulated values, and the least and greatest of the nine in ten in the middle.

    The median, as of few rows the mean is a number that no figure of theirs can be.
    """
    low, middle, high = np.quantile(values, (TAILS[0], 0.5, TAILS[1]), method="inverted_cdf")
    return float(middle), float(low), float(high)


def _entering(came: Whole, were_there: Whole, there: Whole, chance: np.random.Generator) -> Whole:
    """Draw how many rows come into each base: of the final base, the share that came in is as in earlier months."""
    shares = _chances(came, were_there + came, chance)
    drawn = chance.negative_binomial(np.maximum(there, 1), np.clip(1 - shares, _TINY, 1))
    return np.where(there > 0, drawn, 0)


def _chances(went: Whole, of: Whole, chance: np.random.Generator) -> Numbers:
    """Return simulated chances, a row a draw and a column a team, given how many of how many went, by team and month.

    What never happened has no chance.
    """
    if not went.sum():
        return np.zeros((DRAWS, len(went)))
    from scipy.special import expit, logit

    a, b = _between_teams(went.sum(axis=1), of.sum(axis=1))
    all_went, all_of = went.sum(axis=1), of.sum(axis=1)
    teams = chance.beta(a + all_went, b + all_of - all_went, size=(DRAWS, len(went)))
    teams = np.clip(teams, _TINY, 1 - _TINY)
    shifts, spread, months = _between_months(went.sum(axis=0), of.sum(axis=0))
    drawn = chance.standard_t(months - 1, size=(DRAWS, 1)) * np.sqrt(spread * (1 + 1 / months))
    expected = expit(logit((a + all_went) / (a + b + all_of))[:, None] + shifts)
    alike = _within_teams(went, of, expected)
    shifted = np.clip(expit(logit(teams) + drawn), _TINY, 1 - _TINY)
    if alike <= _TINY:
        return np.asarray(shifted)
    weight = (1 - alike) / alike
    drawn_anew: Numbers = chance.beta(np.maximum(shifted * weight, _TINY), np.maximum((1 - shifted) * weight, _TINY))
    return drawn_anew


def _between_teams(went: Whole, of: Whole) -> tuple[float, float]:
    """Return the Beta prior over teams: their mean, and as much weight as their differences make most likely."""
    from scipy.optimize import minimize_scalar
    from scipy.special import betaln

    mean = (went.sum() + 0.5) / (of.sum() + 1)

    def unlikely(log_weight: float) -> float:
        a, b = mean * np.exp(log_weight), (1 - mean) * np.exp(log_weight)
        return -float((betaln(a + went, b + of - went) - betaln(a, b)).sum())

    weight = float(np.exp(minimize_scalar(unlikely, bounds=(0.0, 9.0), method="bounded").x))
    return mean * weight, (1 - mean) * weight


def _between_months(went: Whole, of: Whole) -> tuple[Numbers, float, int]:
    """Return how far each month was from the others in log-odds, the variance of that beyond chance, and how many."""
    known = of > 0
    odds = np.log((went + 0.5) / (of - went + 0.5))
    noise = 1 / (went + 0.5) + 1 / (of - went + 0.5)
    months = int(known.sum())
    if months < 2:
        return np.zeros(len(of)), 0.0, max(months, 2)
    spread = max(0.0, float(odds[known].var(ddof=1) - noise[known].mean()))
    shrunk = np.where(known, (odds - odds[known].mean()) * spread / (spread + noise), 0.0)
    return shrunk, spread, months


def _within_teams(went: Whole, of: Whole, expected: Numbers) -> float:
    """Return how alike rows of one team and month are beyond their chance: the beta-binomial's correlation."""
    pairs = float((of * (of - 1)).sum())
    if not pairs:
        return 0.0
    apart = (went - of * expected) ** 2 / (expected * (1 - expected))
    return float(np.clip((apart - of).sum() / pairs, 0.0, 0.5))
