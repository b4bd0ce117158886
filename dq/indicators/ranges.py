"""The range a figure can take while errors are open.

The least and greatest figure take whatever is not known of a row (:mod:`dq.indicators.doubt`) the way that lowers or
raises it most. A record that is in doubt but missing from the view is one more row that may be there or not. A row
whose team is in doubt may belong to each team it could be of, and to no other; the authority's figure does not rest
on that. A value in doubt lies within what the indicator or the contract calls plausible.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dq.indicators.compute import AUTHORITY, ScopeKey, Tallies, areas_of_teams, grouped
from dq.indicators.doubt import OF_TEAM, doubts_of, list_doubts, open_rules
from dq.indicators.ends import Way, Ways, ends, without
from dq.indicators.unsure import At, InDoubt, Unsure, in_doubt
from dq.library.policy import BoundIndicator, Library
from dq.model import Findings, Severity
from dq.periods import length
from dq.workspace import Workspace


@dataclass(frozen=True)
class Range:
    """The least and greatest value of a figure, and how many open errors leave it so wide."""

    low: float | None
    high: float | None
    exceptions: int


@dataclass(frozen=True)
class Stakes:
    """What is in doubt of one figure, and what it comes to as recorded."""

    bound: BoundIndicator
    doubt: InDoubt
    tallies: Tallies
    at: At

    def recorded(self, scope: ScopeKey) -> Way:
        """Return what the figure of a scope is made of, as recorded."""
        tally = self.tallies.at(self.bound, scope, self.at.period)
        assert tally is not None  # noqa: S101 - the period itself is always worked out
        return (tally.numerator or 0, tally.denominator)

    def ends(
        self, scope: ScopeKey, taken: Sequence[Way], ways: Mapping[Ways, int]
    ) -> tuple[float | None, float | None]:
        """Return the least and greatest value of a scope whose rows as ``taken`` now may add other ``ways``."""
        return ends(without(self.recorded(scope), taken), ways, self.bound.indicator.unit)


def stakes(
    workspace: Workspace,
    library: Library,
    indicators: Sequence[BoundIndicator],
    findings: Findings,
    tallies: Tallies,
    period: dt.date,
    severities: Collection[Severity],
) -> Iterator[Stakes | tuple[BoundIndicator, dict[ScopeKey, Range]]]:
    """Yield what is in doubt of each indicator at ``period``, where an open exception of ``severities`` touches it.

    The views must stand as at ``period``, and the ``exceptions`` table as checking left it. Where nothing says how far
    a value in doubt may lie, the ranges themselves, not known, stand in its place.
    """
    units = workspace.execute("SELECT level, team_id FROM team_areas WHERE level <> 'authority'").fetchall()
    at = At(workspace, library, open_rules(library, findings, severities), period, areas_of_teams(workspace), units)
    for bound in indicators:
        found = _of_one(at, bound, tallies)
        if found is not None:
            yield found


def _of_one(
    at: At, bound: BoundIndicator, tallies: Tallies
) -> Stakes | tuple[BoundIndicator, dict[ScopeKey, Range]] | None:
    months = length(bound.indicator, at.period)
    parts = [(part, base) for part in bound.ratio or (bound,) for base in part.bases]
    doubts = [doubts_of(at.library, part, base, at.rules) for part, base in parts]
    if not any(doubts):
        return None
    found = [in_doubt(at, part, base, of, months) for (part, base), of in zip(parts, doubts, strict=True) if of]
    known = [one for one in found if one is not None]
    if len(known) < len(found):
        return bound, _not_known(at, sorted({doubt for of in doubts for doubt in of}))
    if bound.ratio is None:
        return Stakes(bound, known[0], tallies, at)
    places = [place for place, of in enumerate(doubts) if of]
    return Stakes(bound, _together(dict(zip(places, known, strict=True))), tallies, at)


def _together(parts: Mapping[int, InDoubt]) -> InDoubt:
    """Return what is in doubt of a ratio: the rows of its first count add to the numerator, of its second beneath."""

    def placed(way: Way, place: int) -> Way:
        return (way[1], 0) if place == 0 else (0, way[1])

    def moved(row: Unsure, place: int) -> Unsure:
        ways = frozenset(placed(way, place) for way in row.ways)
        return Unsure(row.team, placed(row.now, place), ways, row.exceptions, row.moving, row.may_be)

    return InDoubt(
        tuple(moved(row, place) for place, part in parts.items() for row in part.rows),
        tuple(moved(row, place) for place, part in parts.items() for row in part.by_exception),
        {
            one: frozenset(placed(way, place) for way in ways)
            for place, part in parts.items()
            for one, ways in part.lost.items()
        },
        frozenset().union(*(part.teams for part in parts.values())),
    )


def _not_known(at: At, doubts: Sequence[tuple[str, str, str]]) -> dict[ScopeKey, Range]:
    """Return how many errors touch a figure where the ends are not known: of any team, for whose is not known."""
    list_doubts(at.workspace, doubts)
    each = "(SELECT DISTINCT exception_id, team_id FROM doubt) AS touched"
    touched = grouped(at.workspace, each, ["count(*)"], {}, at.areas)
    whole = f"SELECT count(DISTINCT exception_id) FROM doubt WHERE NOT {OF_TEAM}"
    touched[AUTHORITY] = list(at.workspace.execute(whole).fetchall()[0])
    return {scope: Range(None, None, touched.get(scope, (0,))[0]) for scope in (AUTHORITY, *at.units)}


@dataclass
class _Rows:
    """The rows of one scope that may turn out several ways, as they are now, and what touches them."""

    taken: list[Way] = field(default_factory=list)
    ways: Counter[Ways] = field(default_factory=Counter)
    touched: set[str] = field(default_factory=set)


def ranges(of: Stakes) -> dict[ScopeKey, Range]:
    """Return scope → range of a figure; a scope that no open error touches is left out."""
    rows: dict[ScopeKey, _Rows] = {}
    for row in of.doubt.rows:
        for scope, now, ways, exceptions in row.in_scopes(of.at):
            held = rows.setdefault(scope, _Rows())
            held.taken.append(now)
            held.ways[ways] += 1
            held.touched.update(exceptions)
    if of.doubt.lost:
        for scope in {AUTHORITY, *rows, *of.at.scopes_of(of.doubt.teams)}:
            held = rows.setdefault(scope, _Rows())
            held.ways.update(of.doubt.lost.values())
            held.touched.update(of.doubt.lost)
    return {scope: Range(*of.ends(scope, held.taken, held.ways), len(held.touched)) for scope, held in rows.items()}
