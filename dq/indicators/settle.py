"""The fewest records to put right that settle the colour of a figure, whatever the others turn out to be.

A figure lies above an edge if a sum over its rows does: each row adds its numerator less the edge's share of its
denominator. A row left open adds the least it may; one put right adds what it turns out to be, and at best the most.
So the fewest that are enough are found by weighing what each gains. Where a colour between two others is aimed at, and
the figure is to stay on one side of two edges at once, it is a small integer programme, left to HiGHS.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, count

import numpy as np

from dq.indicators.compute import AUTHORITY, ScopeKey
from dq.indicators.ends import Way, Ways, without
from dq.indicators.ranges import Stakes
from dq.model import Band, Settle, Unit

_TIMES = {Unit.PERCENT: 100, Unit.RATE: 10_000}
_NEAR = 1e-9
_CLEAR = 1e-4
"""How far beyond an edge counts as beyond it: edges have a decimal or two, and the solver's own tolerance is 1e-6."""
_PLACE = {colour: place for place, colour in enumerate("GAR")}
MOST_LISTED = 200
"""Nobody reads a longer list."""
MOST_WEIGHED = 10
"""Exceptions that share rows, of which every choice is weighed."""

_Row = tuple[frozenset[str], Ways]


@dataclass(frozen=True)
class _Edge:
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


def settle(
    of: Stakes, band: Band, spans: Mapping[ScopeKey, tuple[float | None, float | None]]
) -> dict[ScopeKey, Settle]:
    """Return for each scope whose range holds several colours the shortest list of exceptions that settles one.

    ``spans`` are the ranges. Of lists as short the one that settles the better colour is given. A scope has none where
    it would be longer than anybody reads.
    """
    wanted = {
        scope: (band.zone(low), band.zone(high))
        for scope, (low, high) in spans.items()
        if low is not None and high is not None and band.zone(low) != band.zone(high)
    }
    rows: dict[ScopeKey, list[tuple[Way, _Row]]] = {scope: [] for scope in wanted}
    for row in of.doubt.rows:
        for scope, now, ways, exceptions in row.in_scopes(of.at):
            if scope in rows:
                rows[scope].append((now, (frozenset(exceptions), ways)))
    lost: list[tuple[Way, _Row]] = [((0, 0), (frozenset({one}), ways)) for one, ways in of.doubt.lost.items()]
    anywhere = of.at.scopes_of(of.doubt.teams)
    found = {}
    for scope, (low, high) in wanted.items():
        held = rows[scope] + (lost if rows[scope] or scope == AUTHORITY or scope in anywhere else [])
        sure = without(of.recorded(scope), (now for now, _ in held))
        best = shortest(sure, [row for _, row in held], of.bound.indicator.unit, band, range(low, high + 1))
        if best is not None:
            found[scope] = best
    return found


def shortest(sure: Way, rows: Sequence[_Row], unit: Unit, band: Band, zones: range) -> Settle | None:
    """Return the shortest list of exceptions that settles a figure in one of the ``zones`` that its range holds.

    ``rows`` are those in doubt: the exceptions that each rests on, and the ways that it may turn out. None where the
    list would be longer than anybody reads.
    """
    best: Settle | None = None
    # The two ends first: only a shorter list, or one as short of a better colour, is looked for between them.
    for zone in sorted(zones, key=lambda zone: zones[0] < zone < zones[-1]):
        edges = [_edge(band, zone - 1, above=True)] if zone > zones[0] else []
        edges += [_edge(band, zone, above=False)] if zone < zones[-1] else []
        colour = band.zones[zone]
        no_more = MOST_LISTED if best is None else len(best.exceptions) - (_PLACE[colour] >= _PLACE[best.colour])
        listed = _fewest(sure, rows, unit, edges, no_more)
        if listed is not None:
            best = Settle(colour, tuple(sorted(listed)), "up" if zone > zones[0] else "down")
    return best


def _edge(band: Band, place: int, *, above: bool) -> _Edge:
    at = band.edges[place]
    return _Edge(at, above, may_touch=band.zone(at) == (place + 1 if above else place))


def _fewest(sure: Way, rows: Sequence[_Row], unit: Unit, edges: Sequence[_Edge], no_more: int) -> frozenset[str] | None:
    """Return the fewest exceptions that bring the figure to the right side of all edges; None if over ``no_more``."""
    each = [_enough(edge.start(sure, unit), *_gains(rows, [edge], unit), edge) for edge in edges]
    if len(edges) > 1:
        # Both edges at once ask for no less than their sum does, which is soon found and mostly too much already.
        start = sum(edge.start(sure, unit) for edge in edges)
        each.append(_enough(start, *_gains(rows, edges, unit), _Edge(0, above=True, may_touch=True)))
    if any(one is None or len(one) > no_more for one in each):
        return None
    if len(edges) == 1:
        return each[0]
    listed = _solved(sure, rows, unit, edges)
    return None if listed is None or len(listed) > no_more else listed


def _gains(rows: Sequence[_Row], edges: Sequence[_Edge], unit: Unit) -> tuple[float, dict[frozenset[str], float]]:
    """Return what all rows bring at the least, and how much more those that rest on the same exceptions may.

    Of several edges what a row brings is the sum of what it brings to each.
    """
    least, gains = 0.0, dict[frozenset[str], float]()
    for exceptions, ways in rows:
        scores = [[edge.gain(way, unit) for edge in edges] for way in ways]
        worst = sum(map(min, zip(*scores, strict=True)))
        least += worst
        gains[exceptions] = gains.get(exceptions, 0.0) + max(map(sum, scores)) - worst
    return least, gains


def _enough(start: float, least: float, gains: Mapping[frozenset[str], float], edge: _Edge) -> frozenset[str] | None:
    """Return the fewest exceptions that gain enough: by how many are put right, the most that so many can gain.

    Exceptions that no row shares gain apart from one another, and so in order of what they gain. Of those that some
    rows share, few at a time, every choice is weighed; the best of so many in all is then found group by group.
    """
    if edge.reached(start + least):
        return frozenset()
    held_by = Counter(name for one in gains for name in one)
    alone = {one for one in gains if len(one) == 1 and held_by[next(iter(one))] == 1}
    by_gain = sorted(alone, key=lambda one: (-gains[one], next(iter(one))))
    groups = [_choices(group, gains) for group in _linked(one for one in gains if one not in alone)]
    best = [np.concatenate([[0.0], np.cumsum([gains[one] for one in by_gain])])]
    for choices in groups:
        held = best[-1]
        reach = np.full(len(held) + len(choices) - 1, -np.inf)
        for many, (gain, _) in enumerate(choices):
            np.maximum(reach[many : many + len(held)], held + gain, out=reach[many : many + len(held)])
        best.append(reach)
    enough = next((many for many, gain in enumerate(best[-1]) if edge.reached(start + least + gain)), None)
    if enough is None:
        return None
    chosen: set[str] = set()
    for choices, held in zip(reversed(groups), reversed(best[:-1]), strict=True):
        reachable = [(held[enough - c] + gain, c) for c, (gain, _) in enumerate(choices) if 0 <= enough - c < len(held)]
        _, many = max(reachable, key=lambda one: (one[0], -one[1]))
        chosen |= choices[many][1]
        enough -= many
    return frozenset(chosen).union(*by_gain[:enough])


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
    for many in range(len(names) + 1):
        weighed = ((sum(gains[one] for one in group if one <= set(some)), some) for some in combinations(names, many))
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


def _solved(sure: Way, rows: Sequence[_Row], unit: Unit, edges: Sequence[_Edge]) -> frozenset[str] | None:
    """Return the fewest exceptions, found as an integer programme: which to put right, and how each row turns out."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    names = sorted({one for exceptions, _ in rows for one in exceptions})
    place = {one: i for i, one in enumerate(names)}
    turns = [[(len(names) + i, way) for i, way in listed] for listed in _numbered([sorted(ways) for _, ways in rows])]
    lines: list[dict[int, float]] = []
    least: list[float] = []
    for (exceptions, _), listed in zip(rows, turns, strict=True):
        # A row turns out some way only when all that it rests on is put right.
        lines += [{place[one]: 1.0} | dict.fromkeys((i for i, _ in listed), -1.0) for one in exceptions]
        least += [0.0] * len(exceptions)
    for edge in edges:
        gains = [[(i, edge.gain(way, unit)) for i, way in listed] for listed in turns]
        worst = [min(gain for _, gain in listed) for listed in gains]
        lines.append({i: gain - low for listed, low in zip(gains, worst, strict=True) for i, gain in listed})
        least.append(-edge.start(sure, unit) - sum(worst) + (0.0 if edge.may_touch else _CLEAR))
    size = len(names) + sum(map(len, turns))
    cells = [(line, i, value) for line, of in enumerate(lines) for i, value in of.items()]
    at, across, values = zip(*cells, strict=True)
    found = milp(
        np.concatenate([np.ones(len(names)), np.zeros(size - len(names))]),
        integrality=np.ones(size),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(
            coo_array((values, (at, across)), shape=(len(lines), size)), np.array(least) - _NEAR, np.inf
        ),
    )
    if not found.success:
        return None
    return frozenset(one for one, i in place.items() if found.x[i] > 0.5)


def _numbered(lists: Sequence[Sequence[Way]]) -> Iterator[list[tuple[int, Way]]]:
    """Yield lists with each of their items numbered from 0, on from list to list."""
    number = count()
    for listed in lists:
        yield [(next(number), item) for item in listed]
