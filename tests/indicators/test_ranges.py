"""The range of a figure against brute force: every way its open errors could be put right, tried."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from dq.library.policy import Library
from dq.model import Figure
from dq.workspace import Workspace
from tests.indicators.an_authority import Authority
from tests.indicators.worlds import INDICATORS, World, make

pytestmark = pytest.mark.xdist_group("ranges")  # all worlds are computed once, so on one worker
WORLDS = 30
"""Worlds tried for each indicator."""
NEAR_ENOUGH = 1e-9


@dataclass(frozen=True)
class Tried:
    """A world's figure as recorded, with every fault put right in every way, and with one fault put right."""

    world: World
    recorded: Figure
    repaired: tuple[Figure, ...]
    one_repaired: tuple[Figure, ...]

    def values(self) -> list[float]:
        """Return the figures of all full repairs that have a base."""
        return [figure.value for figure in self.repaired if figure.value is not None]


def try_worlds(workspace: Workspace, library: Library, worlds: Mapping[str, World]) -> dict[str, Tried]:
    """Compute every world, as recorded and repaired, in one run."""
    authority = Authority()
    for team, world in worlds.items():
        authority.add(team, world.repaired({}))
        for i, records in enumerate(world.repairs()):
            authority.add(f"{team}.all{i}", records)
        for i, records in enumerate(world.single_repairs()):
            authority.add(f"{team}.one{i}", records)
    found = authority.figures(workspace, library)

    def under(team: str, world: World) -> Iterator[Figure]:
        yield from (f for (scope, name), f in found.items() if name == world.indicator and scope.startswith(team))

    return {
        team: Tried(
            world,
            found[team, world.indicator],
            tuple(under(f"{team}.all", world)),
            tuple(under(f"{team}.one", world)),
        )
        for team, world in worlds.items()
    }


@pytest.fixture(scope="module")
def tried(prepared: Workspace, library: Library) -> dict[str, Tried]:
    chance = random.Random(20170531)
    worlds = {f"{name}-{i}": make(name, chance) for name in INDICATORS for i in range(WORLDS)}
    return try_worlds(prepared, library, worlds)


def _inside(value: float, figure: Figure) -> bool:
    if figure.low is None or figure.high is None:
        return False
    return figure.low - NEAR_ENOUGH <= value <= figure.high + NEAR_ENOUGH


def _told(one: Tried) -> str:
    figure = one.recorded
    ways = sorted(set(one.values()))
    return f"{figure.value} in [{figure.low}, {figure.high}], repaired {ways}: {dict(one.world.repaired({}))}"


def _of(tried: Mapping[str, Tried], indicator: str) -> list[Tried]:
    return [one for one in tried.values() if one.world.indicator == indicator]


@pytest.mark.parametrize("indicator", INDICATORS)
def test_the_worlds_are_worth_trying(tried: dict[str, Tried], indicator: str) -> None:
    """They have clean and faulty ones, figures that can move, and no error left in any full repair."""
    mine = _of(tried, indicator)
    assert sum(not one.world.faults for one in mine) >= 2
    assert sum(len(one.world.faults) >= 2 for one in mine) >= 8
    assert sum(len(set(one.values())) > 1 for one in mine) >= 10
    assert [_told(one) for one in mine if any(figure.open_exceptions for figure in one.repaired)] == []


@pytest.mark.parametrize("indicator", INDICATORS)
def test_the_figure_lies_in_its_range(tried: dict[str, Tried], indicator: str) -> None:
    outside = [
        _told(one)
        for one in _of(tried, indicator)
        if one.recorded.value is not None and not _inside(one.recorded.value, one.recorded)
    ]
    assert outside == []


@pytest.mark.parametrize("indicator", INDICATORS)
def test_the_figure_of_every_repair_lies_in_the_range(tried: dict[str, Tried], indicator: str) -> None:
    outside = [
        _told(one) for one in _of(tried, indicator) if not all(_inside(value, one.recorded) for value in one.values())
    ]
    assert outside == []


@pytest.mark.parametrize("indicator", INDICATORS)
def test_without_an_open_error_there_is_no_range(tried: dict[str, Tried], indicator: str) -> None:
    for one in _of(tried, indicator):
        clean = [*one.repaired, *([] if one.world.faults else [one.recorded])]
        assert all(figure.low == figure.high == figure.value for figure in clean), _told(one)


@pytest.mark.parametrize("indicator", INDICATORS)
def test_putting_a_record_right_never_widens_the_range(tried: dict[str, Tried], indicator: str) -> None:
    wider = [
        f"{_told(one)} but then [{after.low}, {after.high}]"
        for one in _of(tried, indicator)
        for after in one.one_repaired
        for end in (after.low, after.high)
        if end is not None and not _inside(end, one.recorded)
    ]
    assert wider == []
