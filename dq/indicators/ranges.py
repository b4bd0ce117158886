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
from dq.indicators.doubt import Doubt, doubts_of, open_rules
from dq.indicators.doubted_rows import TeamsNamed, list_doubts
from dq.indicators.ends import Way, Ways, ends, without
from dq.indicators.trials.cells import Question
from dq.indicators.trials.outcomes import try_all
from dq.indicators.trials.tried import Tried
from dq.indicators.unsure import At, InDoubt, beneath_or_above, in_doubt
from dq.library.policy import Base, BoundIndicator, Library
from dq.model import Findings, Severity
from dq.periods import length
from dq.workspace import Workspace


@dataclass(frozen=True)
class Range:
    """The least and greatest value of a figure, and how many open errors leave it so wide: ``by`` which, if known."""

    low: float | None
    high: float | None
    exceptions: int
    by: frozenset[str] | None = None


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
    rules, teams_named = open_rules(library, findings, severities), TeamsNamed(workspace, library)
    at = At(workspace, library, rules, period, areas_of_teams(workspace), units, teams_named)
    parts = {bound.id: _parts(at, bound) for bound in indicators}
    tried = dict(zip(parts, _tried(at, list(parts.values())), strict=True))
    for bound in indicators:
        found = _of_one(at, bound, parts[bound.id], tried[bound.id], tallies)
        if found is not None:
            yield found


@dataclass(frozen=True)
class _Part:
    """The base of a figure, or of one of the two it is the ratio of, with what open errors put in doubt of it."""

    bound: BoundIndicator
    base: Base
    months: int
    doubts: Sequence[Doubt]


def _parts(at: At, bound: BoundIndicator) -> list[_Part]:
    months = length(bound.indicator, at.period)
    return [
        _Part(part, base, months, doubts_of(at.library, part, base, at.rules))
        for part in bound.ratio or (bound,)
        for base in part.bases
    ]


def _tried(at: At, figures: Sequence[Sequence[_Part]]) -> list[list[Mapping[str, Tried]]]:
    """Return what was tried of children, for each part of each figure."""
    rules = {rule.rule.id: rule for rule in at.rules}
    asked = [
        Question(part.bound, part.base, part.months, [rules[one] for one in dict.fromkeys(of[0] for of in part.doubts)])
        for parts in figures
        for part in parts
    ]
    found = iter(try_all(at.workspace, at.library, asked, at.period))
    return [[next(found) for _ in parts] for parts in figures]


def _of_one(
    at: At, bound: BoundIndicator, parts: Sequence[_Part], tried: Sequence[Mapping[str, Tried]], tallies: Tallies
) -> Stakes | tuple[BoundIndicator, dict[ScopeKey, Range]] | None:
    found = {
        place: in_doubt(at, part.bound, part.base, part.doubts, part.months, of)
        for place, (part, of) in enumerate(zip(parts, tried, strict=True))
        if part.doubts
    }
    if not found:
        return None
    known = {place: one for place, one in found.items() if one is not None}
    if len(known) < len(found):
        return bound, _not_known(at, parts)
    doubt = known[0] if bound.ratio is None else _together(known)
    return Stakes(bound, doubt, tallies, at)


def _together(parts: Mapping[int, InDoubt]) -> InDoubt:
    """Return what is in doubt of a ratio: the rows of its first count add to the numerator, of its second beneath."""
    return InDoubt(
        tuple(row.placed(place) for place, part in parts.items() for row in part.rows),
        tuple(row.placed(place) for place, part in parts.items() for row in part.by_exception),
        {
            one: frozenset(beneath_or_above(way, place) for way in ways)
            for place, part in parts.items()
            for one, ways in part.lost.items()
        },
        frozenset().union(*(part.teams for part in parts.values())),
    )


def _not_known(at: At, parts: Sequence[_Part]) -> dict[ScopeKey, Range]:
    """Return how many errors touch a figure where the ends are not known: of any team, for whose is not known."""
    list_doubts(at.workspace, parts[0].base.on, sorted({doubt for part in parts for doubt in part.doubts}))
    each = "(SELECT DISTINCT exception_id, team_id FROM doubt) AS touched"
    touched = grouped(at.workspace, each, ["count(*)"], {}, at.areas)
    whole = "SELECT count(DISTINCT unsure_by) FROM doubt"
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
    return {
        scope: Range(*of.ends(scope, held.taken, held.ways), len(held.touched), frozenset(held.touched))
        for scope, held in rows.items()
    }
