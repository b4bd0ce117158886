"""What late recording is expected to bring, held against simulated authorities whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from dq.indicators.expected import DRAWS, Outcomes, draw, interval

OUT, UNMET, MET = range(3)
TEAMS, MONTHS = 12, 12


def steady(rows: dict[tuple[int, int], int], unmet: int, met: int) -> Outcomes:
    """Return one team of which the same became in every month."""
    table = np.zeros((1, MONTHS, 3, 3), dtype=np.int64)
    for (was, became), many in rows.items():
        table[:, :, was, became] = many
    return Outcomes(table, np.array([unmet]), np.array([met]))


def world(seed: int, *, team: float, month: float) -> tuple[Outcomes, int, int]:
    """Return what became of children in earlier months, and how many of this month's are and will be counted.

    Log-odds that a child who is not counted will be differ between teams and between months by so much.
    """
    chance = np.random.default_rng(seed)
    odds = -0.8 + team * chance.normal(size=(TEAMS, 1)) + month * chance.normal(size=(1, MONTHS + 1))
    unmet, met = chance.integers(3, 30, (TEAMS, MONTHS + 1)), chance.integers(40, 80, (TEAMS, MONTHS + 1))
    late = chance.binomial(unmet, 1 / (1 + np.exp(-odds)))
    rows = np.zeros((TEAMS, MONTHS, 3, 3), dtype=np.int64)
    rows[:, :, UNMET, MET], rows[:, :, MET, MET] = late[:, :-1], met[:, :-1]
    rows[:, :, UNMET, UNMET] = unmet[:, :-1] - late[:, :-1]
    recorded = int(met[:, -1].sum())
    return Outcomes(rows, unmet[:, -1], met[:, -1]), recorded, recorded + int(late[:, -1].sum())


@pytest.mark.parametrize(("team", "month"), [(0.0, 0.0), (0.8, 0.0), (0.5, 0.4)])
def test_nine_times_of_ten_the_final_figure_lies_in_the_interval(team: float, month: float) -> None:
    covered, misses, as_recorded = 0, [], []
    for seed in range(150):
        outcomes, recorded, final = world(seed, team=team, month=month)
        numerators, _ = draw(outcomes).of(range(TEAMS))
        expected, low, high = interval(numerators.astype(float))
        covered += low <= final <= high
        misses.append(abs(expected - final))
        as_recorded.append(abs(recorded - final))
    assert 0.84 <= covered / 150 <= 0.97, "150 draws of 90% are within 84% and 97%, 99 times of 100"
    assert np.mean(misses) < np.mean(as_recorded) / 3


def test_where_nothing_was_late_nothing_is_expected() -> None:
    drawn = draw(steady({(MET, MET): 50, (UNMET, UNMET): 10}, unmet=12, met=48))
    assert (drawn.numerator == 48).all()
    assert (drawn.base == 60).all()


def test_every_way_a_row_can_go_moves_the_figure_its_own_way() -> None:
    """A third, a fifth and a fifth: of 300 unmet 100 are gained, of 500 met 100 lost, of 300 unmet 60 leave."""
    gained = draw(steady({(UNMET, MET): 100, (UNMET, UNMET): 200}, unmet=300, met=500))
    assert gained.numerator.mean() == pytest.approx(600, rel=0.02)
    lost = draw(steady({(MET, UNMET): 100, (MET, MET): 400}, unmet=300, met=500))
    assert lost.numerator.mean() == pytest.approx(400, rel=0.02)
    left = draw(steady({(UNMET, OUT): 60, (UNMET, UNMET): 240}, unmet=300, met=500))
    assert left.base.mean() == pytest.approx(740, rel=0.02)
    assert (left.numerator == 500).all()


def test_rows_that_come_in_late_are_expected_in_proportion_to_those_that_are_there() -> None:
    """Four in five were there, three of four that came were counted: 800 there make 1,000, of 200 more 150 counted."""
    drawn = draw(steady({(MET, MET): 400, (OUT, MET): 75, (OUT, UNMET): 25}, unmet=0, met=800))
    assert drawn.base.mean() == pytest.approx(1000, rel=0.02)
    assert drawn.numerator.mean() == pytest.approx(950, rel=0.02)


def test_a_team_without_rows_gets_none() -> None:
    drawn = draw(steady({(MET, MET): 4, (OUT, MET): 1}, unmet=0, met=0))
    assert drawn.base.shape == (DRAWS, 1)
    assert (drawn.base == 0).all()


def test_the_same_records_give_the_same_interval() -> None:
    outcomes, _, _ = world(1, team=0.5, month=0.3)
    first, second = draw(outcomes), draw(outcomes)
    assert (first.numerator == second.numerator).all()
