"""The range a figure can take while errors are open.

The least and greatest figure take whatever is not known of a row (:mod:`dq.indicators.doubt`) the way that lowers or
raises it most. A record that is in doubt but missing from the view is counted as one more row of the kind that widens
the range. A row whose team is in doubt may belong to each team it could be of, and to no other; the authority's
figure does not rest on that.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dq.engine.compile import dates_at
from dq.indicators.compute import AUTHORITY, ScopeKey, areas_of_teams, grouped
from dq.indicators.doubt import (
    OF_TEAM,
    Doubt,
    doubts_of,
    entrants,
    exceptions_anywhere,
    list_doubts,
    list_teams,
    open_errors,
    rows_in_doubt,
)
from dq.library.policy import Base, BoundIndicator, BoundRule, Library
from dq.model import Findings, Unit
from dq.periods import length
from dq.workspace import Workspace


@dataclass(frozen=True)
class Range:
    """The least and greatest value of a figure, and how many open errors leave it so wide."""

    low: float | None
    high: float | None
    exceptions: int


def ranges(
    workspace: Workspace,
    library: Library,
    indicators: Sequence[BoundIndicator],
    findings: Findings,
    period: dt.date,
) -> dict[str, dict[ScopeKey, Range]]:
    """Return indicator → scope → range at ``period``; a scope that no open error touches is left out.

    The views must stand as at ``period``, and the ``exceptions`` table as checking left it. Where a figure is touched
    and its range is not known (an average, a sum of weights, a rate), both ends are None.
    """
    units = workspace.execute("SELECT level, team_id FROM team_areas WHERE level <> 'authority'").fetchall()
    at = _At(workspace, library, open_errors(library, findings), period, areas_of_teams(workspace), units)
    by_scope = {bound.id: _of_one(at, bound) for bound in indicators}
    return {name: found for name, found in by_scope.items() if found}


@dataclass(frozen=True)
class _At:
    """Where the records are, the rules that found errors in them, and the day they are looked at."""

    workspace: Workspace
    library: Library
    rules: Sequence[BoundRule]
    period: dt.date
    areas: Mapping[str, str]
    units: Sequence[ScopeKey]

    def scopes_of(self, teams: Iterable[str]) -> set[ScopeKey]:
        """Return the scopes of some teams, but for the authority."""
        of = {("team", team) for team in teams}
        return of | {("area", self.areas[team]) for _, team in of if team in self.areas}


def _of_one(at: _At, bound: BoundIndicator) -> dict[ScopeKey, Range]:
    if bound.base is not None and bound.base.value is None and bound.base.weight is None:
        doubts = doubts_of(at.library, bound, bound.base, at.rules)
        return _range(at, bound, bound.base, doubts) if doubts else {}
    # What an average or a sum of weights may come to depends on what the cells in doubt may hold: not worked out here.
    # Nor whose they are once put right, so the range is not known of any team.
    doubts = sorted({doubt for base in bound.bases for doubt in doubts_of(at.library, bound, base, at.rules)})
    if not doubts:
        return {}
    list_doubts(at.workspace, doubts)
    each = "(SELECT DISTINCT exception_id, team_id FROM doubt) AS touched"
    touched = grouped(at.workspace, each, ["count(*)"], {}, at.areas)
    whole = f"SELECT count(DISTINCT exception_id) FROM doubt WHERE NOT {OF_TEAM}"
    touched[AUTHORITY] = list(at.workspace.execute(whole).fetchall()[0])
    return {scope: Range(None, None, touched.get(scope, (0,))[0]) for scope in (AUTHORITY, *at.units)}


@dataclass
class _Rows:
    """What is known of the rows of one scope: how many of each kind, how many may enter, and what touches them."""

    kinds: Counter[str] = field(default_factory=Counter)
    enter: int = 0
    touched: set[str] = field(default_factory=set)

    def add(self, kinds: Mapping[str, int], touched: Iterable[str]) -> None:
        """Add rows, so many of each kind, with the exceptions that touch them."""
        self.kinds.update(kinds)
        self.touched.update(touched)


def _range(at: _At, bound: BoundIndicator, base: Base, doubts: Sequence[Doubt]) -> dict[ScopeKey, Range]:
    list_doubts(at.workspace, doubts)
    list_teams(at.workspace, at.library, base)
    rows = {AUTHORITY: _Rows()}
    _count(at, base, length(bound.indicator, at.period), rows)
    _count_entrants(at, base, rows)
    lost = exceptions_anywhere(at.workspace)
    found = {}
    for scope, of in rows.items():
        if exceptions := of.touched | lost:
            low, high = _ends(of.kinds, of.enter, len(lost), bound.indicator.unit)
            found[scope] = Range(low, high, len(exceptions))
    return found


def _count(at: _At, base: Base, months: int, rows: dict[ScopeKey, _Rows]) -> None:
    """Count the rows of a base, in each scope they are of or may be of."""
    counted = at.workspace.execute(
        f"""
        SELECT team_id, len(moving) > 0 AS moves, may_be, {_TOUCHED}, {_TOUCHED_IF_IT_MOVES},
               {", ".join(_BOUNDS.values())}
        FROM {rows_in_doubt(at.library, base, months)} GROUP BY team_id, moves, may_be
        """,
        dates_at(at.period, [months]),
    ).fetchall()
    for team, moves, may_be, touched, touched_if_it_moves, *of_each in counted:
        kinds = Counter(dict(zip(_BOUNDS, of_each, strict=True)))
        rows[AUTHORITY].add(kinds, touched)
        within = (_may_belong(kinds), touched_if_it_moves) if moves else (kinds, touched)
        for scope in _scopes(at, team, moves, may_be):
            rows.setdefault(scope, _Rows()).add(*within)


def _count_entrants(at: _At, base: Base, rows: dict[ScopeKey, _Rows]) -> None:
    for team, exceptions, moving, may_be in at.workspace.execute(f"FROM {entrants(at.library, base)}").fetchall():
        for scope in (AUTHORITY, *_scopes(at, team, moving, may_be)):
            of = rows.setdefault(scope, _Rows())
            of.enter += 1
            of.touched.update(exceptions)


def _scopes(at: _At, team: str | None, moves: bool, may_be: Sequence[str] | None) -> Iterable[ScopeKey]:
    """Return the scopes, besides the authority, that a row is of: or that it may be of, if it moves."""
    if moves and may_be is None:
        return at.units
    return at.scopes_of({one for one in (team, *(may_be or ())) if one is not None})


_BOUNDS = {
    "sure": "count(*) FILTER (WHERE belongs)",
    "doubtful": "count(*) FILTER (WHERE belongs IS NULL)",
    "sure_met": "count(*) FILTER (WHERE belongs AND met)",
    "sure_unknown": "count(*) FILTER (WHERE belongs AND met IS NULL)",
    "doubtful_met": "count(*) FILTER (WHERE belongs IS NULL AND met)",
    "doubtful_unmet": "count(*) FILTER (WHERE belongs IS NULL AND NOT met)",
    "doubtful_unknown": "count(*) FILTER (WHERE belongs IS NULL AND met IS NULL)",
}
"""What is counted of a view's rows: those sure to belong to the base and those that may, by whether they meet it."""
_TOUCHED = "coalesce(flatten(list(exceptions) FILTER (WHERE belongs IS NULL OR (belongs AND met IS NULL))), [])"
"""The exceptions that leave a row in doubt."""
_TOUCHED_IF_IT_MOVES = "coalesce(flatten(list(exceptions || moving) FILTER (belongs IS NOT FALSE)), [])"
"""The same where the team it is of is in doubt."""


def _may_belong(kinds: Mapping[str, int]) -> Counter[str]:
    """Return rows of a scope that may be another's: what was sure to belong no longer is."""
    unmet = kinds["sure"] - kinds["sure_met"] - kinds["sure_unknown"]
    return Counter({
        "doubtful": kinds["doubtful"] + kinds["sure"],
        "doubtful_met": kinds["doubtful_met"] + kinds["sure_met"],
        "doubtful_unmet": kinds["doubtful_unmet"] + unmet,
        "doubtful_unknown": kinds["doubtful_unknown"] + kinds["sure_unknown"],
    })  # fmt: skip


def _ends(tally: Mapping[str, int], enter: int, lost: int, unit: Unit) -> tuple[float | None, float | None]:
    """Return the least and greatest value; ``lost`` records may each change one row, and nobody knows which."""
    if unit is Unit.COUNT:
        return float(max(0, tally["sure"] - lost)), float(tally["sure"] + tally["doubtful"] + enter + lost)
    unsure = tally["doubtful_unknown"] + enter
    # Lowest: what may be unmet is, what may belong and would be unmet does, what may leave and is met has left.
    low_of = tally["sure"] + tally["doubtful_unmet"] + unsure
    low = max(0, tally["sure_met"] - lost)
    # Highest: the other way about.
    high_of = tally["sure"] + tally["doubtful_met"] + unsure
    high = min(high_of, high_of - tally["sure"] + tally["sure_met"] + tally["sure_unknown"] + lost)
    # With nothing else in the base, the figure is of those that may belong, or there is none.
    lowest = 100 * low / low_of if low_of else 0.0 if lost else 100.0 if tally["doubtful_met"] else None
    highest = 100 * high / high_of if high_of else 100.0 if lost else 0.0 if tally["doubtful_unmet"] else None
    return lowest, highest
