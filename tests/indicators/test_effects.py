"""What putting one record right is foretold to do, against putting it right and working the figures out again."""

from __future__ import annotations

import random

import pytest

from dq.library.policy import Library
from dq.model import Figure
from dq.workspace import Workspace
from tests.indicators.an_authority import Authority
from tests.indicators.worlds import INDICATORS, World, make

pytestmark = pytest.mark.xdist_group("ranges")
WORLDS = 60
"""Worlds tried for each indicator; those with one fault that raises one open error are held against its effect."""
FEWEST = 60
"""Effects that must have been tried in all."""


class Foretold:
    """A world with one open error: what its effect says of the figure, and the figure after every repair."""

    def __init__(self, world: World, recorded: Figure, could_be: list[float], after: list[Figure]) -> None:
        self.world, self.recorded, self.could_be = world, recorded, could_be
        self.after = [figure.value for figure in after]

    def __repr__(self) -> str:
        return f"{self.recorded.value} foretold {self.could_be}, then {self.after}: {dict(self.world.repaired({}))}"


@pytest.fixture(scope="module")
def foretold(prepared: Workspace, library: Library) -> list[Foretold]:
    chance = random.Random(20160831)
    worlds = {f"{name}-{i}": make(name, chance, most_faults=1) for name in INDICATORS for i in range(WORLDS)}
    authority = Authority()
    for team, world in worlds.items():
        authority.add(team, world.repaired({}))
        for i, records in enumerate(world.repairs()):
            authority.add(f"{team}.all{i}", records)
    worked = authority.worked(prepared, library)
    found = {(figure.scope.id, figure.indicator.id): figure for figure in worked.figures}
    effects = {
        (one["scope_id"], one["measure"]): one["could_be"]
        for one in worked.effects.to_pylist()
        if one["scope_type"] == "team"
    }
    tried = []
    for team, world in worlds.items():
        recorded = found[team, world.indicator]
        if recorded.open_exceptions == 1 and (team, world.indicator) in effects:
            after = [
                f for (scope, name), f in found.items() if name == world.indicator and scope.startswith(f"{team}.all")
            ]
            tried.append(Foretold(world, recorded, effects[team, world.indicator], after))
    return tried


def test_enough_was_tried_of_every_indicator(foretold: list[Foretold]) -> None:
    assert len(foretold) >= FEWEST
    assert {one.world.indicator for one in foretold} == set(INDICATORS)
    print(f"{len(foretold)} effects, {sum(len(one.after) for one in foretold)} repairs")


def test_after_every_repair_the_figure_is_exactly_one_of_those_foretold(foretold: list[Foretold]) -> None:
    wrong = [one for one in foretold for value in one.after if value is not None and not _among(value, one.could_be)]
    assert wrong == []


def _among(value: float, could_be: list[float]) -> bool:
    return any(value == pytest.approx(told, abs=1e-9) for told in could_be)


def test_most_effects_are_reached_at_both_ends(foretold: list[Foretold]) -> None:
    """A visit of long ago cannot move the figure whatever it turns out to be, and of such the ends are not reached."""
    told = [one for one in foretold if len(one.could_be) > 1 and any(value is not None for value in one.after)]
    reached = [
        one
        for one in told
        if {min(one.could_be), max(one.could_be)}
        <= {end for end in one.could_be for value in one.after if value is not None and abs(end - value) < 1e-9}
    ]
    print(f"both ends reached in {len(reached)} of {len(told)}")
    assert len(reached) >= 0.5 * len(told)
