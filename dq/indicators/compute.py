"""Indicators → numerators and denominators, at any month end, for authority, areas and teams in one pass a view."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from dq.engine.compile import Dates, compiled, dates_at
from dq.engine.views import work_out_views
from dq.language.expression import DIALECT
from dq.library.policy import BoundIndicator, Library
from dq.model import Indicator, PeriodKind, Unit
from dq.periods import length, month_ends, months_before
from dq.workspace import Workspace, name

ScopeKey = tuple[str, str]
"""('authority', ''), ('area', id) or ('team', id)."""


@dataclass(frozen=True)
class Tally:
    """Numerator and denominator of one figure; a count has its number as denominator and no numerator."""

    numerator: int | None
    denominator: int

    def value(self, unit: Unit) -> float | None:
        """Return the unrounded figure: 81.0 for 81%; None for a percentage of nothing."""
        if unit is Unit.COUNT:
            return float(self.denominator)
        if not self.denominator or self.numerator is None:
            return None
        return 100 * self.numerator / self.denominator


@dataclass(frozen=True)
class Tallies:
    """Every tally computed: (indicator, window in months, month end) → scope → tally."""

    found: Mapping[tuple[str, int, dt.date], Mapping[ScopeKey, Tally]]
    ends: Mapping[str, Sequence[dt.date]]

    def at(self, indicator: Indicator, scope: ScopeKey, end: dt.date, months: int | None = None) -> Tally | None:
        """Return the tally of a scope at a month end; None where it was not computed. No rows is 0 of 0."""
        months = length(indicator) if months is None else months
        by_scope = self.found.get((indicator.id, months, end))
        if by_scope is None:
            return None
        return by_scope.get(scope, Tally(None if indicator.numerator is None else 0, 0))


def windows(indicator: Indicator) -> tuple[int, ...]:
    """Return the windows, in months, that an indicator is worked out over: its own, and three for R12M."""
    return (12, 3) if indicator.period is PeriodKind.R12M else (1,)


def tally_all(
    workspace: Workspace,
    library: Library,
    indicators: Collection[BoundIndicator],
    period: dt.date,
    history_from: dt.date | None,
    progress: Callable[[str], None],
) -> Tallies:
    """Work out every indicator at every month end the extracts reach back to; leaves the views as at ``period``."""
    ends = {bound.indicator.id: month_ends(bound.indicator, period, history_from) for bound in indicators}
    found: dict[tuple[str, int, dt.date], dict[ScopeKey, Tally]] = {}
    earliest = min((days[0] for days in ends.values()), default=period)
    end = earliest
    columns = {bound.indicator.id: _columns(bound, library) for bound in indicators}
    while end <= period:
        progress(f"figures at {end:%b %Y}")
        due = [bound for bound in indicators if end in ends[bound.indicator.id]]
        _tally(workspace, library, due, columns, end, found)
        end = months_before(end, -1)
    return Tallies(found, ends)


def _columns(bound: BoundIndicator, library: Library) -> list[str]:
    """Return the aggregates of an indicator: for each of its windows, the denominator and the numerator."""
    columns = []
    for months in windows(bound.indicator):
        denominator, numerator = conditions(bound, months, library)
        columns.append(f"count(*) FILTER (WHERE {denominator})")
        columns.append(f"count(*) FILTER (WHERE {denominator} AND {numerator})")
    return columns


def _tally(
    workspace: Workspace,
    library: Library,
    indicators: Sequence[BoundIndicator],
    columns: Mapping[str, Sequence[str]],
    end: dt.date,
    found: dict[tuple[str, int, dt.date], dict[ScopeKey, Tally]],
) -> None:
    by_view: dict[str, list[BoundIndicator]] = defaultdict(list)
    for bound in indicators:
        by_view[bound.indicator.on].append(bound)
    failed = work_out_views(workspace, library, [*by_view, "team_areas"], dates_at(end))
    if failed:
        raise RuntimeError("; ".join(failed.values()))
    for view, group in by_view.items():
        asked = [(bound, months) for bound in group for months in windows(bound.indicator)]
        aggregates = [column for bound in group for column in columns[bound.indicator.id]]
        dates = dates_at(end, sorted({months for _, months in asked}))
        for key, counts in grouped(workspace, name(view), aggregates, dates):
            for i, (bound, months) in enumerate(asked):
                numerator = None if bound.numerator is None else counts[2 * i + 1]
                found.setdefault((bound.indicator.id, months, end), {})[key] = Tally(numerator, counts[2 * i])


def conditions(bound: BoundIndicator, months: int, library: Library) -> tuple[str, str]:
    """Return the SQL of an indicator's denominator and numerator for a window of months, its dates left open."""
    denominator, numerator = condition_trees(bound, months, library)
    return f"({denominator.sql(DIALECT)})", f"({numerator.sql(DIALECT)})"


def condition_trees(bound: BoundIndicator, months: int, library: Library) -> tuple[exp.Expr, exp.Expr]:
    """Return an indicator's denominator and numerator as they will be run; with no numerator it is always met."""
    denominator = compiled(bound.denominator.tree, library.thresholds, months)
    if bound.numerator is None:
        return denominator, exp.true()
    return denominator, compiled(bound.numerator.tree, library.thresholds, months)


def grouped(
    workspace: Workspace, source: str, columns: Sequence[str], dates: Dates
) -> list[tuple[ScopeKey, tuple[int, ...]]]:
    """Run aggregates over a table with ``team_id``, for authority, areas and teams in one statement.

    ``source`` is a table's name, or a sub-query in brackets with its alias. Rows of no team count for the
    authority alone.
    """
    team = f"{source.rpartition(' ')[2]}.team_id"
    rows = workspace.execute(
        f"""
        SELECT grouping(scope_area.area_id), grouping({team}), scope_area.area_id, {team}, {", ".join(columns)}
        FROM {source} LEFT JOIN team_areas AS scope_area ON scope_area.team_id = {team}
        GROUP BY GROUPING SETS ((), (scope_area.area_id), ({team}))
        """,
        dates,
    ).fetchall()
    found: list[tuple[ScopeKey, tuple[int, ...]]] = []
    for not_area, not_team, area, team_id, *counts in rows:
        if not_area and not_team:
            found.append((("authority", ""), tuple(counts)))
        elif not not_area and area is not None:
            found.append((("area", area), tuple(counts)))
        elif not not_team and team_id is not None:
            found.append((("team", team_id), tuple(counts)))
    return found
