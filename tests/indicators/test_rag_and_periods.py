"""Colours on unrounded values, month ends, and which way a figure moved."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from dq.indicators.compute import Tally
from dq.indicators.rag import rag
from dq.library.policy import Library
from dq.model import Band, Direction, Indicator, PeriodKind, Polarity, Unit, direction
from dq.periods import first_day, length, month_end, month_ends, months_before

AUGUST = dt.date(2016, 8, 31)


def _band(library: Library, number: str) -> Band:
    (line,) = [line for line in library.scorecards["kent-scs"].judged if line.number == number]
    assert line.band is not None
    return line.band


@pytest.mark.parametrize(
    ("met", "of", "number", "colour"),
    [
        (47, 362, "17", "A"),  # West, 12.98%: printed 13.0
        (293, 2246, "17", "R"),  # the county, 13.05%: printed 13.0
        (13, 100, "17", "R"),  # 13% and above is red
        (10, 100, "17", "G"),  # 10% and below is green
        (1001, 10000, "17", "A"),
        (39, 282, "17", "R"),
        (1281, 1891, "9", "R"),  # 67.7% of interviews in time
        (80, 100, "9", "A"),
        (7999, 10000, "9", "R"),  # 79.99%
        (90, 100, "9", "G"),
        (8999, 10000, "9", "A"),
        (410, 576, "18", "G"),  # 71.18%
        (72, 105, "18", "A"),  # 68.57%
        (72, 112, "18", "R"),  # 64.29%
        (1595, 1970, "6", "G"),
    ],
)
def test_the_colour_is_decided_on_the_unrounded_value(
    library: Library, met: int, of: int, number: str, colour: str
) -> None:
    assert rag(Tally(met, of).value(Unit.PERCENT), _band(library, number)) == colour


def test_two_figures_printed_alike_have_different_colours(library: Library) -> None:
    amber, red = Tally(47, 362).value(Unit.PERCENT), Tally(293, 2246).value(Unit.PERCENT)
    assert amber is not None
    assert red is not None
    assert f"{amber:.1f}" == f"{red:.1f}" == "13.0"
    assert (rag(amber, _band(library, "17")), rag(red, _band(library, "17"))) == ("A", "R")


def test_no_value_or_no_band_has_no_colour(library: Library) -> None:
    assert rag(None, _band(library, "17")) is None
    assert rag(50.0, None) is None


def test_a_percentage_of_nothing_is_not_nought() -> None:
    assert Tally(0, 0).value(Unit.PERCENT) is None
    assert Tally(None, 0).value(Unit.COUNT) == 0.0
    assert Tally(None, 2246).value(Unit.COUNT) == 2246.0
    assert Tally(0, 4).value(Unit.PERCENT) == 0.0


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(2016, 2, 29), (2017, 2, 28), (1900, 2, 28), (2000, 2, 29), (2016, 4, 30), (2016, 12, 31)],
)
def test_month_end(year: int, month: int, day: int) -> None:
    assert month_end(year, month) == dt.date(year, month, day)


@pytest.mark.parametrize(
    ("end", "months", "expected"),
    [
        ("2016-03-31", 1, "2016-02-29"),
        ("2017-03-31", 1, "2017-02-28"),
        ("2016-02-29", 12, "2015-02-28"),
        ("2017-02-28", 12, "2016-02-29"),
        ("2016-01-31", 1, "2015-12-31"),
        ("2016-12-31", 12, "2015-12-31"),
        ("2016-08-31", 0, "2016-08-31"),
        ("2016-11-30", -1, "2016-12-31"),
        ("2016-12-31", -1, "2017-01-31"),
        ("2016-01-31", -1, "2016-02-29"),
    ],
)
def test_months_before(end: str, months: int, expected: str) -> None:
    assert months_before(dt.date.fromisoformat(end), months) == dt.date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("end", "months", "expected"),
    [
        ("2016-08-31", 1, "2016-08-01"),
        ("2016-08-31", 12, "2015-09-01"),
        ("2016-02-29", 12, "2015-03-01"),
        ("2017-02-28", 12, "2016-03-01"),
        ("2016-03-31", 3, "2016-01-01"),
    ],
)
def test_first_day(end: str, months: int, expected: str) -> None:
    assert first_day(dt.date.fromisoformat(end), months) == dt.date.fromisoformat(expected)


def _indicator(period: PeriodKind, looks_back: int = 0) -> Indicator:
    return Indicator(
        title="A test", on="children_in_care", denominator="true", unit=Unit.COUNT, polarity=Polarity.NONE,
        period=period, definition="A test", source="A test", looks_back_months=looks_back,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "end", "months", "first"),
    [
        (PeriodKind.SNAPSHOT, "2016-08-31", 1, "2016-08-01"),
        (PeriodKind.MONTH, "2016-02-29", 1, "2016-02-01"),
        (PeriodKind.R3M, "2016-01-31", 3, "2015-11-01"),
        (PeriodKind.R12M, "2016-08-31", 12, "2015-09-01"),
        (PeriodKind.QUARTER, "2016-04-30", 1, "2016-04-01"),
        (PeriodKind.QUARTER, "2016-08-31", 2, "2016-07-01"),
        (PeriodKind.QUARTER, "2016-12-31", 3, "2016-10-01"),
        (PeriodKind.FINANCIAL_YEAR, "2016-04-30", 1, "2016-04-01"),
        (PeriodKind.FINANCIAL_YEAR, "2016-03-31", 12, "2015-04-01"),
        (PeriodKind.FINANCIAL_YEAR, "2016-09-30", 6, "2016-04-01"),
        (PeriodKind.ACADEMIC_YEAR, "2016-09-30", 1, "2016-09-01"),
        (PeriodKind.ACADEMIC_YEAR, "2016-08-31", 12, "2015-09-01"),
        (PeriodKind.ACADEMIC_YEAR, "2017-01-31", 5, "2016-09-01"),
    ],
)
def test_how_long_a_period_is(kind: PeriodKind, end: str, months: int, first: str) -> None:
    on = dt.date.fromisoformat(end)
    assert length(_indicator(kind), on) == months
    assert first_day(on, months) == dt.date.fromisoformat(first)


@pytest.mark.parametrize(
    ("numerator", "denominator", "unit", "value"),
    [
        (29462, 81, Unit.AVERAGE_DAYS, 29462 / 81),  # the paper prints 363.7
        (404.3, 524.0, Unit.PERCENT, 40430 / 524),
        (1145, 330_000, Unit.RATE, 11_450_000 / 330_000),
        (1804, 115.0, Unit.AVERAGE, 1804 / 115),
        (0, 0, Unit.AVERAGE_DAYS, None),
        (3, 0, Unit.RATE, None),
    ],
)
def test_averages_and_rates(numerator: float, denominator: float, unit: Unit, value: float | None) -> None:
    assert Tally(numerator, denominator).value(unit) == (None if value is None else pytest.approx(value, abs=1e-9))


@pytest.mark.parametrize(
    ("value", "colour"),
    [
        (17.5, "G"),
        (15.2, "G"),
        (19.8, "G"),
        (15.19, "A"),
        (21.6, "A"),
        (22.5, "A"),
        (22.51, "R"),
        (12.5, "A"),
        (3, "R"),
    ],
)
def test_a_target_may_be_left_either_way(value: float, colour: str) -> None:
    band = Band(green="within 2.3 of 17.5", amber="within 5 of 17.5", basis="inferred", evidence="A test")
    assert rag(value, band) == colour
    assert (band.edges, band.zones) == ([12.5, 15.2, 19.8, 22.5], "RAGAR")


def test_the_zones_of_a_band_are_its_colours_in_order(library: Library) -> None:
    assert (_band(library, "17").edges, _band(library, "17").zones) == ([10.0, 13.0], "GAR")
    assert (_band(library, "9").edges, _band(library, "9").zones) == ([80.0, 90.0], "RAG")
    assert Band(green="<= 0", amber="<= 0", basis="inferred", evidence="A test").zones == "GR"


def test_month_ends_without_a_beginning_are_the_period_alone() -> None:
    for kind in PeriodKind:
        assert month_ends(_indicator(kind), AUGUST, None) == [AUGUST]


@pytest.mark.parametrize(
    ("kind", "looks_back", "history_from", "first"),
    [
        # A snapshot is about the day of the month end: the day before the next month's records begin will do.
        (PeriodKind.SNAPSHOT, 0, "2016-07-01", "2016-06-30"),
        (PeriodKind.SNAPSHOT, 0, "2016-07-02", "2016-07-31"),
        # With a month to look back on, all of that month's records must be there.
        (PeriodKind.SNAPSHOT, 1, "2016-07-01", "2016-07-31"),
        (PeriodKind.SNAPSHOT, 1, "2016-07-02", "2016-08-31"),
        (PeriodKind.SNAPSHOT, 12, "2015-08-01", "2016-07-31"),
        # Twelve months to 31 July 2016 begin on 1 August 2015.
        (PeriodKind.R12M, 0, "2015-08-01", "2016-07-31"),
        (PeriodKind.R12M, 0, "2015-08-02", "2016-08-31"),
        (PeriodKind.R12M, 1, "2015-08-01", "2016-08-31"),
        (PeriodKind.R12M, 0, "2015-03-01", "2016-02-29"),
        (PeriodKind.R12M, 0, "2015-03-02", "2016-03-31"),
        (PeriodKind.R12M, 0, "2016-08-31", "2016-08-31"),
    ],
)
def test_month_ends_reach_back_as_far_as_the_records(
    kind: PeriodKind, looks_back: int, history_from: str, first: str
) -> None:
    ends = month_ends(_indicator(kind, looks_back), AUGUST, dt.date.fromisoformat(history_from))
    assert ends[0] == dt.date.fromisoformat(first)
    assert ends[-1] == AUGUST
    assert all(months_before(later, 1) == earlier for earlier, later in itertools.pairwise(ends))


def test_month_ends_are_no_more_than_asked() -> None:
    long_ago = dt.date(1990, 1, 1)
    ends = month_ends(_indicator(PeriodKind.SNAPSHOT), AUGUST, long_ago)
    assert (len(ends), ends[0]) == (24, dt.date(2014, 9, 30))
    assert month_ends(_indicator(PeriodKind.SNAPSHOT), AUGUST, long_ago, most=2) == [dt.date(2016, 7, 31), AUGUST]


@pytest.mark.parametrize(
    ("now", "then", "polarity", "expected"),
    [
        (81.0, 80.0, Polarity.HIGH, Direction("better", "up")),
        (80.0, 81.0, Polarity.HIGH, Direction("worse", "down")),
        (13.0, 12.0, Polarity.LOW, Direction("worse", "up")),
        (12.0, 13.0, Polarity.LOW, Direction("better", "down")),
        (2246.0, 2200.0, Polarity.NONE, Direction("", "up")),
        (2200.0, 2246.0, Polarity.NONE, Direction("", "down")),
        (2246.0, 2246.0, Polarity.NONE, Direction("", "level")),
        (80.0, 80.0, Polarity.HIGH, Direction("same", "level")),
        (80.001, 80.0, Polarity.HIGH, Direction("better", "up")),  # printed alike, and not the same
        (100 * 1 / 3, 100 * 2 / 6, Polarity.LOW, Direction("same", "level")),
        (0.0, 1.0, Polarity.LOW, Direction("better", "down")),
        (None, 80.0, Polarity.HIGH, None),
        (80.0, None, Polarity.HIGH, None),
        (None, None, Polarity.NONE, None),
    ],
)
def test_direction(now: float | None, then: float | None, polarity: Polarity, expected: Direction | None) -> None:
    assert direction(now, then, polarity) == expected


@pytest.mark.parametrize(
    ("now", "then", "expected"),
    [
        (21.6, 21.2, Direction("worse", "up")),  # Kent, indicator 13
        (21.6, 22.0, Direction("better", "down")),
        (15.0, 14.0, Direction("better", "up")),
        (14.0, 15.0, Direction("worse", "down")),
        (16.5, 18.5, Direction("same", "down")),  # as far off, on the other side
        (17.5, 17.5, Direction("same", "level")),
    ],
)
def test_direction_towards_a_target(now: float, then: float, expected: Direction) -> None:
    assert direction(now, then, Polarity.TARGET, 17.5) == expected
    assert direction(now, then, Polarity.TARGET) == Direction("", expected.movement)
