"""The ends of a figure and the shortest list that settles its colour, against every way there is, tried."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dq.indicators.compute import Tally
from dq.indicators.ends import NOTHING, Way, Ways, ends
from dq.indicators.settle import shortest
from dq.model import Band, Unit

SHARE = st.sampled_from([
    frozenset({NOTHING, (1, 1)}), frozenset({NOTHING, (0, 1)}), frozenset({(0, 1), (1, 1)}),
    frozenset({NOTHING, (0, 1), (1, 1)}),
])  # fmt: skip
"""What a child may add to a share: there or not, met or not."""
VALUES = st.frozensets(st.tuples(st.integers(0, 400), st.just(1)), min_size=1, max_size=3)
AVERAGE = st.one_of(VALUES, VALUES.map(lambda ways: ways | {NOTHING}))
COUNT = st.sampled_from([frozenset({NOTHING, (0, 1)}), frozenset({NOTHING, (0, -1), (0, 1)})])
KINDS = {Unit.PERCENT: SHARE, Unit.AVERAGE_DAYS: AVERAGE, Unit.COUNT: COUNT}
GREEN_HIGH = Band(green=">= 80", amber=">= 60", basis="documented", evidence="Test")
MIDDLE = Band(green="within 10 of 50", amber="within 30 of 50", basis="documented", evidence="Test")


def outcomes(sure: Way, rows: Sequence[Ways], unit: Unit) -> Iterator[float]:
    """Yield the figure of every way in which all rows could turn out together, where there is a base."""
    for chosen in itertools.product(*rows):
        of, per = (sum(part) for part in zip(sure, *chosen, strict=True))
        value = Tally(of, max(per, 0)).value(unit)
        if value is not None:
            yield value


@st.composite
def cases(draw: st.DrawFn) -> tuple[Unit, Way, list[Ways]]:
    unit = draw(st.sampled_from(sorted(KINDS)))
    per = draw(st.integers(0, 6))
    most = 400 * per if unit is Unit.AVERAGE_DAYS else per
    sure = (draw(st.integers(0, most)) if unit is not Unit.COUNT else 0, per)
    return unit, sure, draw(st.lists(KINDS[unit], max_size=5))


@settings(max_examples=600, deadline=None)
@given(cases())
def test_the_ends_are_those_of_every_outcome(case: tuple[Unit, Way, list[Ways]]) -> None:
    unit, sure, rows = case
    found = ends(sure, Counter(rows), unit)
    values = list(outcomes(sure, rows, unit))
    if not values:
        assert found == (None, None)
    else:
        assert found == (pytest.approx(min(values), abs=1e-9), pytest.approx(max(values), abs=1e-9))


@settings(max_examples=300, deadline=None)
@given(cases(), st.data())
def test_one_more_row_in_doubt_never_narrows_and_one_put_right_never_widens(
    case: tuple[Unit, Way, list[Ways]], data: st.DataObject
) -> None:
    unit, sure, rows = case
    if not rows or not sure[1]:
        return
    place = data.draw(st.integers(0, len(rows) - 1))
    right = data.draw(st.sampled_from(sorted(rows[place])))
    others = [*rows[:place], *rows[place + 1 :]]
    low, high = ends(sure, Counter(rows), unit)
    then_low, then_high = ends((sure[0] + right[0], sure[1] + right[1]), Counter(others), unit)
    if low is not None and high is not None and then_low is not None and then_high is not None:
        assert low - 1e-9 <= then_low
        assert then_high <= high + 1e-9


Rows = list[tuple[frozenset[str], Ways]]


@st.composite
def doubtful_shares(draw: st.DrawFn) -> tuple[Way, Rows, Band]:
    per = draw(st.integers(1, 12))
    sure = (draw(st.integers(0, per)), per)
    names = st.frozensets(st.sampled_from("abcde"), min_size=1, max_size=2)
    return (
        sure,
        draw(st.lists(st.tuples(names, SHARE), min_size=1, max_size=5)),
        draw(st.sampled_from([GREEN_HIGH, MIDDLE])),
    )


def settles(sure: Way, rows: Rows, band: Band, chosen: frozenset[str]) -> Iterator[str]:
    """Yield the colours that the exceptions chosen settle, each turning out some way and all others open."""
    right = [ways for names, ways in rows if names <= chosen]
    open_rows = [ways for names, ways in rows if not names <= chosen]
    for turned in itertools.product(*right):
        of, per = (sum(part) for part in zip(sure, *turned, strict=True))
        zones = {band.zone(value) for value in outcomes((of, per), open_rows, Unit.PERCENT)}
        if len(zones) == 1:
            yield band.zones[zones.pop()]


@settings(max_examples=400, deadline=None)
@given(doubtful_shares())
def test_the_list_that_settles_a_colour_is_the_shortest(case: tuple[Way, Rows, Band]) -> None:
    sure, rows, band = case
    low, high = ends(sure, Counter(ways for _, ways in rows), Unit.PERCENT)
    assert low is not None
    assert high is not None
    first, last = band.zone(low), band.zone(high)
    if first == last:
        return
    found = shortest(sure, rows, Unit.PERCENT, band, range(first, last + 1))
    names = sorted(frozenset().union(*(names for names, _ in rows)))
    enough = {
        frozenset(some): set(settles(sure, rows, band, frozenset(some)))
        for count in range(len(names) + 1)
        for some in itertools.combinations(names, count)
    }
    fewest = min(len(some) for some, colours in enough.items() if colours)
    assert found is not None
    assert len(found.exceptions) == fewest
    assert found.colour in enough[frozenset(found.exceptions)]


def test_a_range_that_holds_three_stretches_is_not_settled_because_its_ends_are_of_one_colour() -> None:
    """Below 20 and above 80 are red, and between them lie amber and green."""
    assert MIDDLE.zones == "RAGAR"
    assert [MIDDLE.zone(value) for value in (19.9, 20, 39.9, 40, 60, 60.1, 80, 80.1)] == [0, 1, 1, 2, 2, 3, 3, 4]
