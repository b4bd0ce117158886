"""What putting one record right does to a figure: what it could then be, all else as recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from dq.indicators.compute import AUTHORITY, ScopeKey, Tally
from dq.indicators.ends import Way, Ways
from dq.indicators.ranges import Stakes

MOST_TOLD = 2
"""Rows of which every outcome is told; of more, only the ends."""


@dataclass(frozen=True)
class Effect:
    """What a figure of a scope could be once one exception is put right: at the ends, and where few, every value.

    An end is None where the figure would have no base; such an outcome is not among those it ``could_be``.
    """

    exception: str
    scope: ScopeKey
    least: float | None
    most: float | None
    could_be: tuple[float, ...]


@dataclass
class _Rows:
    """The rows of one scope that one exception leaves in doubt, as they are now, and what they may add."""

    taken: list[Way] = field(default_factory=list)
    ways: Counter[Ways] = field(default_factory=Counter)
    between: bool = False


def effects(of: Stakes) -> Iterator[Effect]:
    """Yield the effect of every exception on each figure that it could move by itself.

    A record that may be anybody's is told of for the authority alone: whose figure it moves is what nobody knows.
    """
    rows: dict[tuple[str, ScopeKey], _Rows] = {}
    for row in of.doubt.by_exception:
        for scope, now, ways, exceptions in row.in_scopes(of.at):
            held = rows.setdefault((exceptions[0], scope), _Rows())
            held.taken.append(now)
            held.ways[ways] += 1
            held.between = held.between or row.between
    for one, ways in of.doubt.lost.items():
        rows.setdefault((one, AUTHORITY), _Rows()).ways[ways] += 1
    # Many an exception does the same to the same figure.
    known: dict[tuple[Any, ...], tuple[float | None, float | None, tuple[float, ...]]] = {}
    for (one, scope), held in sorted(rows.items(), key=lambda item: item[0]):
        taken = (sum(way[0] for way in held.taken), sum(way[1] for way in held.taken))
        place = (scope, taken, frozenset(held.ways.items()), held.between)
        if place not in known:
            every = () if held.between else _every(of, scope, taken, held.ways)
            known[place] = (*of.ends(scope, [taken], held.ways), every)
        yield Effect(one, scope, *known[place])


def _every(of: Stakes, scope: ScopeKey, taken: Way, ways: Counter[Ways]) -> tuple[float, ...]:
    if ways.total() > MOST_TOLD:
        return ()
    whole = of.recorded(scope)
    found = set()
    for chosen in product(*ways.elements()):
        added = Tally(
            whole[0] - taken[0] + sum(way[0] for way in chosen), whole[1] - taken[1] + sum(way[1] for way in chosen)
        )
        found.add(added.value(of.bound.indicator.unit))
    return tuple(sorted(value for value in found if value is not None))
