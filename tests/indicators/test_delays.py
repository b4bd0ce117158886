"""How long entry takes, worked out backwards in time: what is not yet entered must not make recording look quick."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from dq.indicators.delays import (
    LONGEST,
    OLDEST,
    Delays,
    changed_pace,
    days_to_complete,
    month_complete,
    nothing,
    share_entered,
)

Pace = Callable[[int], float]
"""Age in working days → mean days to entry of what happened then."""


def delays(*events: tuple[int, int, int]) -> Delays:
    """Return delays of (working days to entry, age, how many)."""
    made = nothing()
    for delay, age, many in events:
        made.counts[delay, age] += many
    return made


def simulated(pace: Pace, seed: int, events: int = 6000) -> Delays:
    """Return what is entered by now of events whose days to entry are geometric."""
    chance = np.random.default_rng(seed)
    made = nothing()
    for age in chance.integers(0, OLDEST + 1, events):
        delay = chance.geometric(1 / (1 + pace(int(age)))) - 1
        if delay <= min(age, LONGEST):
            made.counts[delay, age] += 1
            made.in_month[age] += age < 21
    return made


def test_by_hand_what_is_too_young_to_be_late_is_not_asked() -> None:
    """Of four old events two were entered on the day; two events of today, if entered, can only be so on the day."""
    entered = share_entered(delays((0, 50, 2), (1, 50, 2), (0, 0, 2)).counts)
    assert entered[0] == pytest.approx(0.5)
    assert entered[1:] == pytest.approx(1.0)
    assert days_to_complete(entered) == 1


def test_of_no_events_all_counts_as_entered() -> None:
    assert share_entered(nothing().counts) == pytest.approx(1.0)
    assert month_complete(nothing(), nothing()) is None


@pytest.mark.parametrize("mean", [1, 4, 9])
def test_the_share_entered_is_that_of_all_events_though_the_latest_are_not_yet_seen(mean: int) -> None:
    found = simulated(lambda _: mean, seed=mean)
    for days in (0, 3, 10, 20):
        truth = 1 - (1 - 1 / (1 + mean)) ** (days + 1)
        assert share_entered(found.counts)[days] == pytest.approx(truth, abs=0.03)


def test_the_month_is_as_complete_as_its_events_are() -> None:
    """Of events 0 to 20 days old, entered after 4 days in the mean, the share entered is a sum to write down."""
    truth = np.mean([1 - (4 / 5) ** (age + 1) for age in range(21)])
    found = sum((simulated(lambda _: 4, seed) for seed in range(4)), nothing())
    assert month_complete(found, found) == pytest.approx(truth, abs=0.04)


def test_a_team_of_few_events_is_taken_to_be_like_all() -> None:
    whole, team = simulated(lambda _: 4, seed=1).counts, delays((0, 100, 1)).counts
    assert share_entered(team, whole) == pytest.approx(share_entered(whole), abs=0.02)
    slow = simulated(lambda _: 15, seed=2).counts
    assert share_entered(slow, whole)[5] == pytest.approx(share_entered(slow)[5], abs=0.05)


def test_a_change_of_pace_is_seen_before_its_late_records_are() -> None:
    assert changed_pace(simulated(lambda _: 4, seed=3).counts, 0) is None
    slower = changed_pace(simulated(lambda age: 16 if age < 63 else 3, seed=4).counts, 0)
    assert slower is not None
    assert slower[0] < slower[1] - 0.1


def test_of_a_few_late_events_no_change_of_pace_is_told() -> None:
    before = simulated(lambda _: 3, seed=5).counts
    before[:, :63] = 0
    assert changed_pace(before + delays((40, 50, 20)).counts, 0) is None
