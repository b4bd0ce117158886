"""A figure in words: each sentence is what somebody reading the numbers would write, and no more than they say."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.model import Figure, PeriodKind, Unit
from dq.periods import months_before
from dq.reports.overview import overview
from tests.reports.a_paper import KENT, LINES, SEEN, figure, indicator

JULY = dt.date(2016, 7, 31)


def share(met: int, of: int, **known: object) -> Figure:
    return figure(SEEN, KENT, LINES[0], numerator=met, denominator=of, value=100 * met / of, **known)


def months(*values: float | None) -> tuple[tuple[dt.date, float | None], ...]:
    """Return a history that ends in July 2016."""
    return tuple((months_before(JULY, len(values) - 1 - i), value) for i, value in enumerate(values))


CASES = {
    "lower than both": (
        share(1595, 1970, previous=82.9, year_ago=84.0),
        "At 31 Aug 2016, 81.0% (1,595 of 1,970), lower than 82.9% in Jul 2016 and lower than 84.0% in Aug 2015. "
        "The target is 80.0%.",
    ),
    "no earlier month": (share(8, 40), "At 31 Aug 2016, 20.0% (8 of 40). The target is 80.0%."),
    "so near that it prints alike": (
        share(810, 1000, previous=81.01),
        "At 31 Aug 2016, 81.0% (810 of 1,000), level with Jul 2016. The target is 80.0%.",
    ),
    "the lowest of twelve": (
        share(30, 100, previous=31.0, history=months(*[31.0] * 11)),
        "At 31 Aug 2016, 30.0% (30 of 100), lower than 31.0% in Jul 2016, the lowest in 12 months. "
        "The target is 80.0%.",
    ),
    "no lowest of eleven": (
        share(30, 100, previous=31.0, history=months(*[31.0] * 10)),
        "At 31 Aug 2016, 30.0% (30 of 100), lower than 31.0% in Jul 2016. The target is 80.0%.",
    ),
    "no lowest where one month was as low": (
        share(30, 100, previous=31.0, history=months(30.0, *[31.0] * 10)),
        "At 31 Aug 2016, 30.0% (30 of 100), lower than 31.0% in Jul 2016. The target is 80.0%.",
    ),
    "no lowest where one month is not known": (
        share(30, 100, previous=31.0, history=months(*[31.0] * 5, None, *[31.0] * 5)),
        "At 31 Aug 2016, 30.0% (30 of 100), lower than 31.0% in Jul 2016. The target is 80.0%.",
    ),
    "no more than chance": (
        share(81, 100, previous=79.0, usual=(76.0, 85.5)),
        "At 31 Aug 2016, 81.0% (81 of 100), higher than 79.0% in Jul 2016. The target is 80.0%. "
        "That is no more than it moves by chance (76.0% to 85.5%).",
    ),
    "more than chance": (
        share(90, 100, previous=79.0, usual=(76.0, 85.5)),
        "At 31 Aug 2016, 90.0% (90 of 100), higher than 79.0% in Jul 2016. The target is 80.0%. "
        "That is more than chance: the months before let expect 76.0% to 85.5%.",
    ),
    "too few, whatever the limits say": (
        share(3, 19, previous=79.0, usual=(76.0, 85.5)),
        "At 31 Aug 2016, 15.8% (3 of 19), lower than 79.0% in Jul 2016. The target is 80.0%. "
        "It is of 19 alone: too few to say how things go.",
    ),
    "a count of a month": (
        figure(indicator("starts", Unit.COUNT, period=PeriodKind.MONTH), KENT, LINES[3], value=86.0, previous=90.0),
        "In Aug 2016, 86, lower than 90 in Jul 2016.",
    ),
    "a rolling year": (
        figure(indicator("all", period=PeriodKind.R12M), KENT, LINES[3], numerator=1, denominator=50, value=2.0),
        "In the 12 months to Aug 2016, 2.0% (1 of 50).",
    ),
    "no base": (figure(SEEN, KENT, LINES[0], numerator=0, denominator=0), ""),
}


@pytest.mark.parametrize("name", CASES)
def test_a_figure_in_words(name: str) -> None:
    told, said = CASES[name]
    assert overview(told) == said


@given(st.lists(st.integers(0, 100), min_size=11, max_size=11), st.integers(0, 100))
def test_what_is_called_the_highest_is_higher_than_every_month_of_the_year(before: list[int], now: int) -> None:
    said = overview(share(now, 100, previous=float(before[-1]), history=months(*map(float, before))))
    assert ("the highest in 12 months" in said) == (now > max(before))
    assert ("the lowest in 12 months" in said) == (now < min(before))
    assert (f"higher than {before[-1]}.0%" in said) == (now > before[-1])
    assert (f"lower than {before[-1]}.0%" in said) == (now < before[-1])
