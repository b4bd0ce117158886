"""Indicators → numerators and denominators, at any month end, for authority, areas and teams in one pass a view."""

from __future__ import annotations

import datetime as dt
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlglot import exp

from dq.engine.compile import Dates, compiled, dates_at
from dq.engine.views import work_out_views
from dq.language.expression import DIALECT
from dq.library.policy import Base, BoundIndicator, Library
from dq.model import Indicator, Number, PeriodKind, Unit
from dq.periods import length, month_ends
from dq.workspace import Workspace, name

ScopeKey = tuple[str, str]
"""('authority', ''), ('area', id) or ('team', id)."""
AUTHORITY: ScopeKey = ("authority", "")


@dataclass(frozen=True)
class Tally:
    """What one figure is made of: a numerator and a denominator, whole numbers or sums of weights and values.

    A count has its number as denominator and no numerator.
    """

    numerator: Number | None
    denominator: Number

    def value(self, unit: Unit) -> float | None:
        """Return the unrounded figure: 81.0 for 81%; None for a share or an average of nothing."""
        if unit is Unit.COUNT:
            return float(self.denominator)
        if not self.denominator or self.numerator is None:
            return None
        return float(_TIMES.get(unit, 1) * self.numerator / self.denominator)


_TIMES = {Unit.PERCENT: 100, Unit.RATE: 10_000}


@dataclass(frozen=True)
class Tallies:
    """Every tally computed: (indicator, window in months, month end) → scope → tally."""

    found: Mapping[tuple[str, int, dt.date], Mapping[ScopeKey, Tally]]
    ends: Mapping[str, Sequence[dt.date]]

    def at(self, bound: BoundIndicator, scope: ScopeKey, end: dt.date, months: int | None = None) -> Tally | None:
        """Return the tally of a scope at a month end; None where it was not computed. No rows is 0 of 0."""
        if bound.ratio is not None:
            parts = [self.at(part, scope, end, months) for part in bound.ratio]
            of, per = parts
            return None if of is None or per is None else Tally(of.denominator, per.denominator)
        months = length(bound.indicator, end) if months is None else months
        by_scope = self.found.get((bound.id, months, end))
        if by_scope is None:
            return None
        return by_scope.get(scope, Tally(None if bound.indicator.unit is Unit.COUNT else 0, 0))

    def scopes(self, bound: BoundIndicator, end: dt.date) -> Mapping[ScopeKey, Tally]:
        """Return the tallies of an indicator at a month end, of the scopes that have any row; a ratio has none."""
        return self.found.get((bound.id, length(bound.indicator, end), end), {})


_Found = dict[tuple[str, int, dt.date], dict[ScopeKey, Tally]]


def windows(indicator: Indicator, end: dt.date) -> tuple[int, ...]:
    """Return the windows, in months, that an indicator is worked out over: its own, and three for R12M."""
    own = length(indicator, end)
    return (own, 3) if indicator.period is PeriodKind.R12M and not indicator.now_only else (own,)


def tally_all(
    workspace: Workspace,
    library: Library,
    indicators: Collection[BoundIndicator],
    period: dt.date,
    history_from: dt.date | None,
    progress: Callable[[str], None],
) -> Tallies:
    """Work out every indicator at every month end the extracts reach back to; leaves the views as at ``period``.

    Earlier months are worked out beside one another: each is many small statements, and takes its time in planning
    them, so that one alone would leave all but one core idle.
    """
    parts = {part.id: part for bound in indicators for part in (bound.ratio or (bound,))}
    ends = {bound.id: month_ends(bound.indicator, period, history_from) for bound in (*indicators, *parts.values())}
    columns = Aggregates(library)
    found: _Found = {}

    def at(end: dt.date, place: Workspace) -> _Found:
        return _tally(place, library, [bound for bound in parts.values() if end in ends[bound.id]], columns, end)

    def beside(end: dt.date) -> _Found:
        with workspace.beside() as place:
            return at(end, place)

    earlier = sorted({end for days in ends.values() for end in days} - {period})
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for end, tallied in zip(earlier, pool.map(beside, earlier), strict=True):
            progress(f"figures at {end:%b %Y}")
            found |= tallied
    progress(f"figures at {period:%b %Y}")
    return Tallies(found | at(period, workspace), ends)


def used_columns(library: Library, on: str, bases: Sequence[Base]) -> set[str]:
    """Return the columns of a view that figures on it need: what they name, and whose each row is."""
    named = {column.name for base in bases for part in base.parts.values() for column in part.tree.find_all(exp.Column)}
    key = {library.views[on].key} if on in library.views else set()
    return named | key | {"person_id", "team_id"}


class Aggregates:
    """The aggregates of indicators, each written once for every length of window: dates are left open in them."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._written: dict[tuple[str, int], tuple[str, str]] = {}

    def of(self, bound: BoundIndicator, base: Base, months: int) -> tuple[str, str]:
        """Return the SQL of an indicator's denominator and of its numerator."""
        place = (bound.id, months)
        if place not in self._written:
            self._written[place] = self._write(base, months)
        return self._written[place]

    def _write(self, base: Base, months: int) -> tuple[str, str]:
        said = {name: f"({part.sql(DIALECT)})" for name, part in trees(base, months, self._library).items()}
        belongs, each = said["denominator"], said.get("weight")
        if "value" in said:
            belongs = f"{belongs} AND {said['value']} IS NOT NULL"
            return _sum(each, belongs), _sum(said["value"], belongs)
        met = f"{belongs} AND {said['numerator']}" if "numerator" in said else None
        return _sum(each, belongs), "NULL" if met is None else _sum(each, met)


def _sum(what: str | None, where: str) -> str:
    """Return the SQL of how many rows there are, or of what they come to: to four places, whatever their order."""
    if what is None:
        return f"count(*) FILTER (WHERE {where})"
    return f"coalesce(sum(CAST({what} AS DECIMAL(18, 4))) FILTER (WHERE {where}), 0)"


def trees(base: Base, months: int, library: Library) -> dict[str, exp.Expr]:
    """Return what an indicator says of its rows as it will be run for a window of months, dates left open."""
    return {name: compiled(part.tree, library.thresholds, months) for name, part in base.parts.items()}


def plain(sum_: int | Decimal) -> Number:
    """Return a sum as a whole number where it is one."""
    return int(sum_) if sum_ == int(sum_) else float(sum_)


def _tally(
    workspace: Workspace,
    library: Library,
    indicators: Sequence[BoundIndicator],
    columns: Aggregates,
    end: dt.date,
) -> _Found:
    found: _Found = {}
    by_view: dict[str, list[tuple[BoundIndicator, Base]]] = defaultdict(list)
    for bound in indicators:
        for base in bound.bases:
            by_view[base.on].append((bound, base))
    used = {view: used_columns(library, view, [base for _, base in group]) for view, group in by_view.items()}
    failed = work_out_views(workspace, library, [*by_view, "team_areas"], dates_at(end), used)
    if failed:
        raise RuntimeError("; ".join(failed.values()))
    areas = areas_of_teams(workspace)
    for view, group in by_view.items():
        asked = [(bound, base, months) for bound, base in group for months in windows(bound.indicator, end)]
        aggregates = [column for bound, base, months in asked for column in columns.of(bound, base, months)]
        dates = dates_at(end, sorted({months for *_, months in asked}))
        by_scope = grouped(workspace, name(view), aggregates, dates, areas)
        for i, (bound, base, months) in enumerate(asked):
            met = base.numerator is not None or base.value is not None
            found[bound.id, months, end] = {
                scope: Tally(plain(counts[2 * i + 1]) if met else None, plain(counts[2 * i]))
                for scope, counts in by_scope.items()
            }
    return found


def areas_of_teams(workspace: Workspace) -> dict[str, str]:
    """Return team → area, of those that are in one; ``team_areas`` must have been worked out."""
    rows = workspace.execute("SELECT team_id, area_id FROM team_areas WHERE area_id IS NOT NULL").fetchall()
    return dict(rows)


def grouped(
    workspace: Workspace, source: str, columns: Sequence[str], dates: Dates, areas: Mapping[str, str]
) -> dict[ScopeKey, list[Any]]:
    """Return what aggregates over a table with ``team_id`` come to, by scope; the authority is always there.

    ``source`` is a table's name, or a sub-query in brackets with its alias. What an area or the authority has is what
    its teams have together, so an aggregate must be a number, to be added, or a list, of which the members are counted
    once: the authority has besides what is of no team.
    """
    team = f"{source.rpartition(' ')[2]}.team_id"
    rows = workspace.execute(f"SELECT {team}, {', '.join(columns)} FROM {source} GROUP BY {team}", dates).fetchall()
    found: dict[ScopeKey, list[Any]] = {AUTHORITY: [0] * len(columns)}
    for team_id, *counts in rows:
        scopes = [AUTHORITY]
        if team_id is not None:
            scopes.append(("team", team_id))
            if team_id in areas:
                scopes.append(("area", areas[team_id]))
        for scope in scopes:
            _add(found.setdefault(scope, [0] * len(columns)), counts)
    return found


def _add(sums: list[Any], counts: Sequence[Any]) -> None:
    for i, more in enumerate(counts):
        if isinstance(more, list):
            sums[i] = sums[i] or set()
            sums[i].update(more)
        elif more is not None:
            sums[i] += more
