"""What is entered late, as the records tell it: how long entry took, and how figures of earlier months moved by it.

``recorded_on`` says when a record was entered, so the extracts can be looked at as they stood on an earlier day. The
rows of a view at an earlier month end are worked out twice, as they stood so many working days after it and as they
stand now, and counted by what became of them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dq.engine.compile import dates_at
from dq.engine.views import work_out_views
from dq.indicators.compute import trees, used_columns
from dq.indicators.delays import LONGEST, OLDEST, Counts, Delays, nothing
from dq.indicators.doubt import key_of
from dq.language.expression import DIALECT
from dq.language.function_list import CALENDAR_AFTER, CALENDAR_BETWEEN
from dq.library.policy import Base, BoundIndicator, Library
from dq.periods import first_day, length
from dq.workspace import Workspace, name, quoted

Team = str | None
_MONTH_FROM, _MONTH_TO, _TAKEN = "month_from", "month_to", "taken_on"


@dataclass(frozen=True)
class Late:
    """An extract that may be entered late: the column that says when things happened, and that of their entry."""

    extract: str
    happened: str
    entered: str


def late_of(library: Library, bound: BoundIndicator) -> Late | None:
    """Return what an indicator declares to be entered late; None where it declares nothing."""
    if bound.indicator.late is None:
        return None
    extract, happened = bound.indicator.late.split(".")
    contract = library.contracts[extract]
    assert contract.entered is not None  # noqa: S101 - checked as it was read
    return Late(extract, happened, contract.entered)


def beneath(library: Library, indicators: Iterable[BoundIndicator]) -> list[Late]:
    """Return the extracts that indicators stand on, of those that say when a record was entered."""
    extracts = {extract for bound in indicators for extract, _ in bound.reads}
    dated = [library.contracts[extract] for extract in sorted(extracts)]
    return [
        Late(one.name, one.event, one.entered) for one in dated if one.event is not None and one.entered is not None
    ]


def taken_on(workspace: Workspace, lates: Iterable[Late], period: dt.date) -> dt.date:
    """Return the last day on which entries were made as usual, or the period end if that is later.

    A day with a tenth of the usual number or less is left out, for a date may be mistyped.
    """
    each = " UNION ALL ".join(f"SELECT {name(late.entered)} AS day FROM {name(late.extract)}" for late in lates)
    (last,) = workspace.row(
        f"""
        WITH days AS (SELECT day, count(*) AS entries FROM ({each}) WHERE day IS NOT NULL GROUP BY day)
        SELECT max(day) FROM days WHERE 10 * entries > (SELECT median(entries) FROM days)
        """
    )
    return period if last is None else max(period, last)


@dataclass(frozen=True)
class Entered:
    """How records of an extract say when they were entered: shares of those that happened within the look-back."""

    undated: float
    before: float
    long_after: float


def entry_of(workspace: Workspace, late: Late, taken: dt.date) -> Entered:
    """Return what share of events says no day of entry, what share happened after it, and what share long before."""
    happened = f"CAST({name(late.happened)} AS DATE)"
    undated, before, long_after, asked = workspace.execute(
        f"""
        SELECT count(*) FILTER ({name(late.entered)} IS NULL), count(*) FILTER ({name(late.entered)} < {happened}),
               count(*) FILTER ({CALENDAR_BETWEEN}({happened}, {name(late.entered)}) > {LONGEST}), count(*)
        FROM {name(late.extract)}
        WHERE {happened} <= ${_TAKEN} AND {CALENDAR_BETWEEN}({happened}, ${_TAKEN}) <= {OLDEST}
        """,
        {_TAKEN: taken},
    ).fetchall()[0]
    return Entered(*(share / asked if asked else 0.0 for share in (undated, before, long_after)))


def delays_of(
    workspace: Workspace, late: Late, person: str, on: str, taken: dt.date, period: dt.date
) -> dict[Team, Delays]:
    """Return the delays of each team's events: those of the persons that are its own in the view ``on``.

    ``person`` is the column that says whose an event is.
    """
    happened, entered = f"CAST({name(late.happened)} AS DATE)", name(late.entered)
    rows = workspace.execute(
        f"""
        SELECT whose.team_id, {CALENDAR_BETWEEN}({happened}, {entered}) AS delay,
               {CALENDAR_BETWEEN}({happened}, ${_TAKEN}) AS age, count(*),
               count(*) FILTER ({happened} BETWEEN ${_MONTH_FROM} AND ${_MONTH_TO})
        FROM {name(late.extract)}
        LEFT JOIN (SELECT person_id, any_value(team_id) AS team_id FROM {name(on)} GROUP BY person_id) AS whose
            ON whose.person_id = {name(late.extract)}.{name(person)}
        WHERE {happened} <= {entered} AND {entered} <= ${_TAKEN} AND delay <= {LONGEST} AND age <= {OLDEST}
        GROUP BY ALL
        """,
        {_TAKEN: taken, _MONTH_FROM: first_day(period, 1), _MONTH_TO: period},
    ).fetchall()
    found: dict[Team, Delays] = defaultdict(nothing)
    for team, delay, age, count, in_month in rows:
        found[team].counts[delay, age] += count
        found[team].in_month[age] += in_month
    return dict(found)


@dataclass(frozen=True)
class Then:
    """An earlier month end, with the day that lay as many working days after it as the records' own day does now.

    ``working_days`` is how many have passed since the month end.
    """

    end: dt.date
    known_on: dt.date
    working_days: int


def days_since(workspace: Workspace, period: dt.date, taken: dt.date) -> int:
    """Return the working days after the period end, up to the day the records were taken."""
    dates = {"period": period, _TAKEN: taken}
    return int(workspace.execute(f"SELECT {CALENDAR_BETWEEN}($period, ${_TAKEN})", dates).fetchall()[0][0])


def earlier(workspace: Workspace, ends: Collection[dt.date], taken: dt.date, working_days: int) -> list[Then]:
    """Return earlier month ends, each with the last day that was no more working days after it."""
    if not ends:
        return []
    listed = ", ".join(f"DATE '{end}'" for end in sorted(ends))
    rows = workspace.execute(
        f"""
        SELECT day, {CALENDAR_AFTER}(day, {working_days + 1}) - 1, {CALENDAR_BETWEEN}(day, ${_TAKEN})
        FROM (SELECT unnest([{listed}]) AS day) ORDER BY day
        """,
        {_TAKEN: taken},
    ).fetchall()
    return [Then(*row) for row in rows]


_Group = Sequence[tuple[BoundIndicator, Base]]
_NOW, _PAST = "now_", "past_"
Moved = dict[str, dict[Team, Counts]]
"""Indicator → team → how many rows, by what they were then (out, unmet, met) and by what they are now."""


def moved(
    workspace: Workspace, library: Library, measures: Sequence[BoundIndicator], lates: Sequence[Late], then: Then
) -> Moved:
    """Return what became of the rows of an earlier month end. The workspace must be one beside the run's own."""
    by_view: dict[str, list[tuple[BoundIndicator, Base]]] = defaultdict(list)
    for bound in measures:
        assert bound.base is not None  # noqa: S101 - a ratio declares nothing late
        by_view[bound.base.on].append((bound, bound.base))
    windows = {length(bound.indicator, then.end) for bound in measures}
    dates = dates_at(then.end, sorted(windows))
    used = {view: used_columns(library, view, [base for _, base in group]) for view, group in by_view.items()}
    for stood in (_NOW, _PAST):
        if stood == _PAST:
            _put_back(workspace, lates, then.known_on)
        failed = work_out_views(workspace, library, by_view, dates, used, _untouched(library, lates, stood))
        if failed:
            raise RuntimeError("; ".join(failed.values()))
        for view, group in by_view.items():
            states = _states(library, view, group, then.end)
            workspace.execute(f"CREATE OR REPLACE TEMP TABLE {name(stood + view)} AS {states}", dates)
    found: Moved = {}
    for view, group in by_view.items():
        found |= _compared(workspace, view, group)
    return found


def _untouched(library: Library, lates: Iterable[Late], stood: str) -> set[str]:
    """Return the views that are the same then as now, as they read nothing that is entered late."""
    late = {one.extract for one in lates}
    reads = {view: library.tables.reads[view] for view in library.views}
    return {
        view
        for view, read in reads.items()
        if stood == _PAST and not any(extract in late for extract, _ in read.rows.union(*read.columns.values()))
    }


def _put_back(workspace: Workspace, lates: Iterable[Late], day: dt.date) -> None:
    """Let extracts stand as they did on a day, for this connection alone; what says no day of entry was there."""
    (database,) = workspace.row("SELECT current_database()")
    for late in lates:
        kept = f"{name(late.entered)} IS NULL OR {name(late.entered)} <= DATE {quoted(day.isoformat())}"
        whole = f"{name(database)}.main.{name(late.extract)}"
        workspace.execute(f"CREATE OR REPLACE TEMP VIEW {name(late.extract)} AS SELECT * FROM {whole} WHERE {kept}")


def _states(library: Library, view: str, group: _Group, end: dt.date) -> str:
    """Return the query of a view's rows: the key, the team, and what each is to every indicator, by its place."""
    states = []
    for i, (bound, base) in enumerate(group):
        said = {part: tree.sql(DIALECT) for part, tree in trees(base, length(bound.indicator, end), library).items()}
        met = said.get("numerator", "true")
        states.append(
            f"CASE WHEN ({said['denominator']}) IS NOT TRUE THEN 0 WHEN ({met}) IS TRUE THEN 2 ELSE 1 END AS state_{i}"
        )
    return f"SELECT {name(key_of(library, view))} AS row_key, team_id, {', '.join(states)} FROM {name(view)}"


def _compared(workspace: Workspace, view: str, group: _Group) -> Moved:
    found: Moved = {}
    for i, (bound, _) in enumerate(group):
        by_team: dict[Team, Counts] = defaultdict(lambda: np.zeros((3, 3), dtype=np.int64))
        rows = workspace.execute(
            f"""
            SELECT coalesce(now.team_id, past.team_id), coalesce(past.state_{i}, 0) AS was,
                   coalesce(now.state_{i}, 0) AS became, count(*)
            FROM {name(_PAST + view)} AS past FULL JOIN {name(_NOW + view)} AS now ON now.row_key = past.row_key
            WHERE was > 0 OR became > 0
            GROUP BY ALL
            """
        ).fetchall()
        for team, was, became, count in rows:
            by_team[team][was, became] += count
        found[bound.id] = dict(by_team)
    return found
