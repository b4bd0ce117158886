"""The fewest exceptions to put right that bring a sum of independent choices to the right side of edges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from dq.indicators.ends import Way, Ways
from dq.model import Unit

_TIMES = {Unit.PERCENT: 100, Unit.RATE: 10_000}
_NEAR = 1e-9
_CLEAR = 1e-4
"""How far beyond an edge counts as beyond it: edges have a decimal or two, and the solver's own tolerance is 1e-6."""
MOST_WEIGHED = 10
"""Exceptions that share rows, of which every choice is weighed."""

Row = tuple[frozenset[str], Ways]
"""The exceptions that a row rests on, and the ways it may turn out."""


@dataclass(frozen=True)
class Edge:
    """An edge between two colours, and the side of it on which a figure is to stay."""

    at: float
    above: bool
    may_touch: bool

    def gain(self, way: Way, unit: Unit) -> float:
        """Return how far a row brings the sum to the right side: not below 0 (or above it) when all are together."""
        if unit is Unit.COUNT:
            return float(way[1] if self.above else -way[1])
        score = _TIMES.get(unit, 1) * way[0] - self.at * way[1]
        return float(score if self.above else -score)

    def start(self, sure: Way, unit: Unit) -> float:
        """Return what the rows that are certain bring to the sum."""
        if unit is Unit.COUNT:
            return float(sure[1] - self.at if self.above else self.at - sure[1])
        return self.gain(sure, unit)

    def reached(self, total: float) -> bool:
        """Whether the figure is on the right side."""
        return total >= -_NEAR if self.may_touch else total > _NEAR


def fewest(sure: Way, rows: Sequence[Row], unit: Unit, edges: Sequence[Edge], no_more: int) -> frozenset[str] | None:
    """Return the fewest exceptions that bring the figure to the right side of all edges; None if over ``no_more``."""
    if no_more < 0:
        return None
    each = [_enough(edge.start(sure, unit), *_gains(rows, [edge], unit), edge, no_more) for edge in edges]
    if len(edges) > 1:
        # Both edges at once ask for no less than their sum does, which is soon found and mostly too much already.
        start = sum(edge.start(sure, unit) for edge in edges)
        each.append(_enough(start, *_gains(rows, edges, unit), Edge(0, above=True, may_touch=True), no_more))
    if any(one is None for one in each):
        return None
    if len(edges) == 1:
        return each[0]
    listed = _solved(sure, rows, unit, edges)
    return None if listed is None or len(listed) > no_more else listed


def _gains(rows: Sequence[Row], edges: Sequence[Edge], unit: Unit) -> tuple[float, dict[frozenset[str], float]]:
    """Return what all rows bring at the least, and how much more those that rest on the same exceptions may.

    Of several edges what a row brings is the sum of what it brings to each.
    """
    least, gains = 0.0, dict[frozenset[str], float]()
    known: dict[Ways, tuple[float, float]] = {}
    for exceptions, ways in rows:
        if ways not in known:
            scores = [[edge.gain(way, unit) for edge in edges] for way in ways]
            worst = sum(map(min, zip(*scores, strict=True)))
            known[ways] = worst, max(map(sum, scores)) - worst
        worst, gain = known[ways]
        least += worst
        gains[exceptions] = gains.get(exceptions, 0.0) + gain
    return least, gains


def _enough(
    start: float, least: float, gains: Mapping[frozenset[str], float], edge: Edge, no_more: int
) -> frozenset[str] | None:
    """Return the fewest exceptions that gain enough: by how many are put right, the most that so many can gain.

    None if they would be more than ``no_more``. Exceptions that no row shares gain apart from one another, the most
    first. Of those that some rows share, few at a time, every choice is weighed; the best of so many in all is then
    found group by group.
    """
    if edge.reached(start + least):
        return frozenset()
    shared = Counter(one for exceptions in gains for one in exceptions)
    apart = {min(one): gain for one, gain in gains.items() if len(one) == 1 and shared[min(one)] == 1}
    ranked = nsmallest(no_more, apart, key=lambda one: (-apart[one], one))
    groups = [_choices(group, gains) for group in _linked(one for one in gains if not one <= apart.keys())]
    best = [np.concatenate([np.zeros(1), np.cumsum([apart[one] for one in ranked])])]
    for choices in groups:
        held = best[-1]
        reach = np.full(len(held) + len(choices) - 1, -np.inf)
        for count, (gain, _) in enumerate(choices):
            np.maximum(reach[count : count + len(held)], held + gain, out=reach[count : count + len(held)])
        best.append(reach[: no_more + 1])
    enough = next((count for count, gain in enumerate(best[-1]) if edge.reached(start + least + gain)), None)
    if enough is None:
        return None
    chosen: set[str] = set()
    for choices, held in zip(reversed(groups), reversed(best[:-1]), strict=True):
        reachable = [(held[enough - c] + gain, c) for c, (gain, _) in enumerate(choices) if 0 <= enough - c < len(held)]
        _, count = max(reachable, key=lambda one: (one[0], -one[1]))
        chosen |= choices[count][1]
        enough -= count
    return frozenset(chosen.union(ranked[:enough]))


def _linked(sets: Iterable[frozenset[str]]) -> list[list[frozenset[str]]]:
    """Return sets in groups, so that two groups have no member in common."""
    groups: list[tuple[frozenset[str], list[frozenset[str]]]] = []
    for one in sets:
        joined = [group for group in groups if group[0] & one]
        groups = [group for group in groups if not group[0] & one]
        groups.append((one.union(*(names for names, _ in joined)), [one, *(s for _, sets in joined for s in sets)]))
    return [listed for _, listed in groups]


def _choices(
    group: Sequence[frozenset[str]], gains: Mapping[frozenset[str], float]
) -> list[tuple[float, frozenset[str]]]:
    """Return by number of exceptions of a group the most that so many gain, and which they are."""
    names = sorted(frozenset().union(*group))
    if len(names) > MOST_WEIGHED:
        return _greedy(names, group, gains)
    found = []
    for count in range(len(names) + 1):
        weighed = ((sum(gains[one] for one in group if one <= set(some)), some) for some in combinations(names, count))
        gain, some = max(weighed, key=lambda one: one[0])
        found.append((gain, frozenset(some)))
    return found


def _greedy(
    names: Sequence[str], group: Sequence[frozenset[str]], gains: Mapping[frozenset[str], float]
) -> list[tuple[float, frozenset[str]]]:
    """Return the same of a group too large to weigh every choice of: sets in the order of what they gain for each."""
    chosen: set[str] = set()
    found = [(0.0, frozenset[str]())]
    while len(chosen) < len(names):
        left = [one for one in group if not one <= chosen]
        following = max(left, key=lambda one: (gains[one] / len(one - chosen), sorted(one)), default=None)
        for name in sorted(following - chosen) if following is not None else sorted(set(names) - chosen):
            chosen.add(name)
            found.append((sum(gains[one] for one in group if one <= chosen), frozenset(chosen)))
    return found


def _solved(sure: Way, rows: Sequence[Row], unit: Unit, edges: Sequence[Edge]) -> frozenset[str] | None:
    """Return the fewest exceptions, found as an integer programme: which to put right, and how each row turns out.

    Rows that may turn out the same ways, each with an exception of its own, are counted and not told apart.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    shared = Counter(one for exceptions, _ in rows for one in exceptions)
    alike: dict[Ways, list[str]] = {}
    linked: list[Row] = []
    for exceptions, ways in rows:
        one = min(exceptions)
        if len(exceptions) == 1 and shared[one] == 1:
            alike.setdefault(ways, []).append(one)
        else:
            linked.append((exceptions, ways))
    names = sorted({one for exceptions, _ in linked for one in exceptions})
    # A variable for every exception that is linked, and for every way of each kind of row how many turn out so.
    kinds = [*((ways, len(of)) for ways, of in alike.items()), *((ways, 1) for _, ways in linked)]
    turns = [(kind, way) for kind, (ways, _) in enumerate(kinds) for way in sorted(ways)]
    size = len(names) + len(turns)
    lines, least = [], []

    def of_kind(kind: int) -> NDArray[np.float64]:
        line = np.zeros(size)
        line[[len(names) + t for t, (of, _) in enumerate(turns) if of == kind]] = -1
        return line

    for kind, of in enumerate(alike.values()):
        lines.append(of_kind(kind))
        least.append(-float(len(of)))
    for kind, (exceptions, _) in enumerate(linked, len(alike)):
        for one in exceptions:
            # A row turns out some way only when all that it rests on is put right.
            line = of_kind(kind)
            line[names.index(one)] = 1
            lines.append(line)
            least.append(0.0)
    for edge in edges:
        line, total = np.zeros(size), edge.start(sure, unit)
        worst = [min(edge.gain(way, unit) for way in ways) for ways, _ in kinds]
        for t, (kind, way) in enumerate(turns):
            line[len(names) + t] = edge.gain(way, unit) - worst[kind]
        total += sum(least_of * many for least_of, (_, many) in zip(worst, kinds, strict=True))
        lines.append(line)
        least.append(-total + (0.0 if edge.may_touch else _CLEAR))
    counted = np.array([float(kind < len(alike)) for kind, _ in turns])
    most = np.array([*(1.0 for _ in names), *(float(kinds[kind][1]) for kind, _ in turns)])
    found = milp(
        np.concatenate([np.ones(len(names)), counted]), integrality=np.ones(size), bounds=Bounds(0, most),
        constraints=LinearConstraint(np.array(lines), np.array(least) - _NEAR, np.inf),
    )  # fmt: skip
    if not found.success:
        return None
    turned = np.round(found.x[len(names) :])
    chosen = {one for i, one in enumerate(names) if found.x[i] > 0.5}
    for kind, of in enumerate(alike.values()):
        many = sum(int(turned[t]) for t, (which, _) in enumerate(turns) if which == kind)
        chosen.update(sorted(of)[:many])
    return frozenset(chosen)
