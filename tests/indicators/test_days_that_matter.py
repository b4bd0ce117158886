"""Where figures may turn as a day is moved: by the lengths of time they are compared with, and by no other number."""

from __future__ import annotations

import pytest

from dq.indicators.trials.apart import Apart
from dq.indicators.trials.days import Turning, Turns
from dq.library.policy import Library
from dq.periods import length
from dq.workspace import Workspace
from tests.conftest import PERIOD


@pytest.fixture(scope="module")
def turning(prepared: Workspace, library: Library) -> Turning:
    return Turning(prepared, library, Apart(library), PERIOD)


def turns_of(turning: Turning, library: Library, indicator: str) -> Turns:
    bound = library.indicators[indicator]
    (base,) = bound.bases
    return turning.of(base, length(bound.indicator, PERIOD))


@pytest.mark.parametrize(
    ("indicator", "moves", "ages"),
    [
        ("cp_visits_timeliness", {("working_days", 10)}, set()),
        # Each gap between two reviews is counted two views beneath, and the longest of them compared with 183 days.
        ("cp_reviews_timeliness", {("days", 91), ("days", 183)}, set()),
        ("re_referrals", {("months", 12)}, set()),
        ("return_home_interview_timeliness", {("working_days", 3)}, set()),
        ("cla_health_assessments", set(), {5}),
    ],
)  # fmt: skip
def test_a_figure_turns_by_the_lengths_of_time_it_is_compared_with(
    turning: Turning, library: Library, indicator: str, moves: set[tuple[str, int]], ages: set[int]
) -> None:
    """Their views take the first of several rows: ``row_number() = 1`` is no day."""
    found = turns_of(turning, library, indicator)
    assert (found.moves, found.ages, found.known) == (moves, ages, True)


def test_how_many_placements_are_no_days(turning: Turning, library: Library) -> None:
    """Three placements in a year, and 20 miles: neither is 3 days, nor 20 years of age."""
    stability = turns_of(turning, library, "placement_stability_3_plus")
    assert ("days", 3) not in stability.moves
    assert stability.ages == frozenset()
    assert turns_of(turning, library, "cla_within_20_miles").ages == frozenset()
