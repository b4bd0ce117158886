"""The fewest records to put right that settle the colour of a figure, whatever the others turn out to be.

A figure lies above an edge if a sum over its rows does: each row adds its numerator less the edge's share of its
denominator. A row left open adds the least it may; one put right adds what it turns out to be, and at best the most.
So the fewest that are enough are found by weighing what each gains. Where a colour between two others is aimed at, and
the figure is to stay on one side of two edges at once, it is a small integer programme, left to HiGHS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dq.indicators.compute import AUTHORITY, ScopeKey
from dq.indicators.ends import Way, without
from dq.indicators.fewest import Edge, Row, fewest
from dq.indicators.ranges import Stakes
from dq.model import Band, Settle, Unit

_PLACE = {colour: place for place, colour in enumerate("GAR")}
MOST_LISTED = 200
"""Nobody reads a longer list."""


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
    rows: dict[ScopeKey, list[tuple[Way, Row]]] = {scope: [] for scope in wanted}
    for row in of.doubt.rows:
        for scope, now, ways, exceptions in row.in_scopes(of.at):
            if scope in rows:
                rows[scope].append((now, (frozenset(exceptions), ways)))
    lost: list[tuple[Way, Row]] = [((0, 0), (frozenset({one}), ways)) for one, ways in of.doubt.lost.items()]
    anywhere = of.at.scopes_of(of.doubt.teams)
    found = {}
    for scope, (low, high) in wanted.items():
        held = rows[scope] + (lost if rows[scope] or scope == AUTHORITY or scope in anywhere else [])
        sure = without(of.recorded(scope), (now for now, _ in held))
        best = shortest(sure, [row for _, row in held], of.bound.indicator.unit, band, range(low, high + 1))
        if best is not None:
            found[scope] = best
    return found


def shortest(sure: Way, rows: Sequence[Row], unit: Unit, band: Band, zones: range) -> Settle | None:
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
        listed = fewest(sure, rows, unit, edges, no_more)
        if listed is not None:
            best = Settle(colour, tuple(sorted(listed)), "up" if zone > zones[0] else "down")
    return best


def _edge(band: Band, place: int, *, above: bool) -> Edge:
    at = band.edges[place]
    return Edge(at, above, may_touch=band.zone(at) == (place + 1 if above else place))
