"""More than chance, or not: limits worked out by hand, and the binomial summed term by term."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dq.indicators.chance import beside, usual
from dq.model import PeriodKind, Unit

UP_AND_DOWN = [10.0, 12.0] * 6
"""Mean 11; each month two from the one before: 11 ± 2.66 × 2."""


def test_the_limits_are_the_mean_and_2_66_mean_moving_ranges_to_either_side() -> None:
    assert usual(PeriodKind.MONTH, Unit.COUNT, UP_AND_DOWN) == pytest.approx((5.68, 16.32))


def test_a_share_is_from_none_to_all_and_a_count_is_not_below_none() -> None:
    assert usual(PeriodKind.SNAPSHOT, Unit.PERCENT, [95.0, 99.0] * 6) == pytest.approx((86.36, 100.0))
    assert usual(PeriodKind.MONTH, Unit.COUNT, [1.0, 3.0] * 6) == pytest.approx((0.0, 7.32))


def test_eleven_months_do_not_say_what_is_usual() -> None:
    assert usual(PeriodKind.MONTH, Unit.COUNT, UP_AND_DOWN[1:]) is None
    assert usual(PeriodKind.MONTH, Unit.COUNT, [*UP_AND_DOWN[1:], None]) is None


def test_of_the_months_the_last_24_count() -> None:
    assert usual(PeriodKind.MONTH, Unit.COUNT, [500.0, *UP_AND_DOWN, *UP_AND_DOWN]) == pytest.approx((5.68, 16.32))


@pytest.mark.parametrize("kind", [PeriodKind.R12M, PeriodKind.R3M, PeriodKind.FINANCIAL_YEAR, PeriodKind.ACADEMIC_YEAR])
def test_of_months_that_share_records_nothing_is_said(kind: PeriodKind) -> None:
    assert usual(kind, Unit.PERCENT, UP_AND_DOWN) is None


def _at_most(met: int, of: int, share: float) -> float:
    """Return how likely it is that so many or fewer of ``of`` meet it: the binomial, summed."""
    return sum(math.comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(met + 1))


@given(st.integers(1, 60), st.data(), st.integers(1, 99))
@settings(deadline=None)
def test_a_part_stands_apart_where_the_whole_would_hardly_give_it(of: int, data: st.DataObject, percent: int) -> None:
    met = data.draw(st.integers(0, of))
    share = percent / 100
    low, high = _at_most(met, of, share), 1 - (_at_most(met - 1, of, share) if met else 0.0)
    said = beside(met, of, percent)
    if min(abs(low - 0.001), abs(high - 0.001)) < 1e-9:
        return
    if low < 0.001:
        assert said == "below"
    elif high < 0.001:
        assert said == "above"
    else:
        none_or_all_would = (1 - share) ** of < 0.001 or share**of < 0.001
        assert said == ("within" if none_or_all_would else "too_few")


def test_of_two_children_nothing_can_be_said() -> None:
    assert beside(0, 2, 81.0) == "too_few"
    assert beside(0, 5, 81.0) == "below"


@pytest.mark.parametrize(("met", "of", "share"), [(None, 5, 80.0), (1, 0, 80.0), (1, None, 80.0), (1, 2, None)])
def test_where_there_is_nothing_to_compare_nothing_is_said(met: int, of: int, share: float) -> None:
    assert beside(met, of, share) is None


def test_sums_of_weights_are_no_children() -> None:
    assert beside(2.5, 4.5, 80.0) is None
