"""Figures for outside, under attack: nobody can work back a small count from the totals and differences that are shown.

The attack (``tests/attack.py``) knows nothing of how figures were hidden.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from attack import equations_of, worked_out
from hypothesis import given, settings
from hypothesis import strategies as st

from dq.indicators.small_numbers import Key, counts_of, hidden_cells
from dq.model import Scope, Unit

AREAS = ("North", "South", "East")
SMALLEST = 5


def scopes_of(teams: Mapping[str, str]) -> list[Scope]:
    """Return the authority, its areas and teams, given team → area."""
    areas = sorted(set(teams.values()))
    units = [Scope("team", team, team, area) for team, area in teams.items()]
    return [Scope("authority", "A", "A"), *(Scope("area", area, area) for area in areas), *units]


@st.composite
def authorities(draw: st.DrawFn) -> tuple[dict[str, str], dict[Key, tuple[int, int]], list[str]]:
    """Draw team → area, (split, unit) → (base, of which meet it), and the splits."""
    teams = {f"T{i}": draw(st.sampled_from(AREAS)) for i in range(draw(st.integers(1, 8)))}
    splits = ["uasc", "need=1"][: draw(st.integers(0, 2))]
    count = st.integers(0, 12) | st.integers(0, 3)
    cells: dict[Key, tuple[int, int]] = {}
    for team in teams:
        met, unmet = draw(count), draw(count)
        cells["all", team] = (met + unmet, met)
        for split in splits:
            part_met, part_unmet = draw(st.integers(0, met)), draw(st.integers(0, unmet))
            cells[split, team] = (part_met + part_unmet, part_met)
    for split in ("all", *splits):
        for area in set(teams.values()):
            own = [cells[split, team] for team, of in teams.items() if of == area]
            cells[split, area] = (sum(base for base, _ in own), sum(met for _, met in own))
        every = [cells[split, team] for team in teams]
        cells[split, "A"] = (sum(base for base, _ in every), sum(met for _, met in every))
    return teams, cells, splits


@given(authorities())
@settings(max_examples=300, deadline=None)
def test_no_small_count_can_be_worked_back(
    drawn: tuple[dict[str, str], dict[Key, tuple[int, int]], list[str]],
) -> None:
    teams, cells, splits = drawn
    told = {key: counts_of(Unit.PERCENT, met, base, None) for key, (base, met) in cells.items()}
    hidden = hidden_cells(told, scopes_of(teams), SMALLEST)
    assert {key for key, counts in told.items() if any(0 < n < SMALLEST for n in counts)} <= hidden
    equations = equations_of(teams, splits)
    for column in range(3):
        shown = {key: int(counts[column]) for key, counts in told.items() if key not in hidden}
        found = worked_out(shown, equations)
        small = {key: number for key, number in found.items() if 0 < number < SMALLEST}
        assert small == {}


@given(authorities())
@settings(max_examples=100, deadline=None)
def test_nothing_is_hidden_where_no_count_is_small(
    drawn: tuple[dict[str, str], dict[Key, tuple[int, int]], list[str]],
) -> None:
    teams, cells, _ = drawn
    large = {key: (10 * base, 10 * met, 10 * (base - met)) for key, (base, met) in cells.items()}
    assert hidden_cells(large, scopes_of(teams), SMALLEST) == set()


TEAMS = {"T1": "North", "T2": "North", "T3": "South", "T4": "South"}


@pytest.mark.parametrize(
    ("of_teams", "hidden"),
    [
        # Each team's count; the areas and the authority are their sums.
        pytest.param((20, 30, 40, 50), set(), id="nothing small"),
        pytest.param((3, 30, 40, 50), {"T1", "T2"}, id="one small: the other of its area tells it"),
        pytest.param((0, 30, 40, 50), set(), id="none is not small"),
        pytest.param((5, 30, 40, 50), set(), id="five is not small"),
        pytest.param((2, 4, 40, 50), {"T1", "T2"}, id="two small that come to enough"),
        pytest.param((2, 1, 40, 50), {"T1", "T2", "North", "South", "T3"}, id="so little that the area is small too"),
        pytest.param((2, 0, 40, 50), {"T1", "T2", "North", "South", "T3"}, id="a nought alone hides nothing"),
    ],
)
def test_what_is_hidden(of_teams: tuple[int, ...], hidden: set[str]) -> None:
    counts = dict(zip(TEAMS, of_teams, strict=True))
    north, south = counts["T1"] + counts["T2"], counts["T3"] + counts["T4"]
    every = {**counts, "North": north, "South": south, "A": north + south}
    cells = {("all", scope): (number,) for scope, number in every.items()}
    assert {scope for _, scope in hidden_cells(cells, scopes_of(TEAMS), SMALLEST)} == hidden
