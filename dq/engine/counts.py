"""What the gate is told of the records: how many are filled in, whose they are, and whether counts agree.

Counts and names of teams leave this module, and no value of a record.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlglot import exp

from dq.engine.check import Absent
from dq.engine.compile import Dates, compiled, dates_at
from dq.engine.plan import OWNERS, TEAMS_NOW
from dq.engine.views import work_out_views
from dq.language.expression import DIALECT
from dq.library.policy import BoundCount, BoundTotal, Library
from dq.model import Contract, ExtractRead, Reconciled, TeamRecords
from dq.workspace import Workspace, name, quoted

Filled = Mapping[str, Mapping[str, int]]
"""Extract → column → how many of its records have a value there."""
Delay = tuple[int, float, float]
"""How many records were entered, and days from event to entry: the median, and those within which nine of ten were."""
_HOLDERS = "holders"


def filled_in(
    workspace: Workspace,
    contracts: Mapping[str, Contract],
    extracts: Iterable[ExtractRead],
    read: Collection[tuple[str, str]],
) -> Filled:
    """Return how many records have a value in each column that a contract requires or that a figure has ``read``.

    Extracts and columns that did not come are left out.
    """
    found: dict[str, dict[str, int]] = {}
    for extract in (extract for extract in extracts if extract.present):
        contract = contracts[extract.extract]
        absent = {*extract.missing_columns, *extract.not_held}
        wanted = [
            column
            for column, about in contract.columns.items()
            if column not in absent and (about.required or (extract.extract, column) in read)
        ]
        if wanted:
            counts = ", ".join(f"count({name(column)})" for column in wanted)
            row = workspace.row(f"SELECT {counts} FROM {name(extract.extract)}")
            found[extract.extract] = dict(zip(wanted, map(int, row), strict=True))
    return found


def records_by_team(workspace: Workspace, library: Library, dates: Dates) -> tuple[TeamRecords, ...]:
    """Return the records, errors and queries of every team that has any, by its id.

    A team answers for a record as it does for an exception: of a child whose case it holds, was the last to hold, or
    held on the day of the event; of staff and teams, where the record names it. So a record may count for two teams.
    The work of a team that has closed is that of the one that took over.
    """
    records: Counter[str] = Counter()
    if not work_out_views(workspace, library, [view for view in (OWNERS, TEAMS_NOW) if view in library.views], dates):
        for select in _records_of(workspace, library):
            records.update(dict(workspace.execute(select).fetchall()))
    rows = workspace.execute(
        "SELECT team_id, count(*) FILTER (WHERE severity = 'error'), count(*) FILTER (WHERE severity = 'query') "
        "FROM exceptions WHERE team_id IS NOT NULL GROUP BY team_id"
    ).fetchall()
    flagged = {team: (int(errors), int(queries)) for team, errors, queries in rows}
    teams = sorted({*records, *flagged})
    return tuple(TeamRecords(team, records[team], *flagged.get(team, (0, 0))) for team in teams)


def entry_delays(
    workspace: Workspace, contracts: Mapping[str, Contract], extracts: Iterable[ExtractRead], period: dt.date
) -> Mapping[str, Delay]:
    """Return, of the records entered in the month of ``period``, how many days after the event they were entered.

    Extract, or ``all`` → how many records, the median of the days, and the days within which nine of ten were entered;
    of extracts that say both days. Nothing where none was entered.
    """
    selects = [
        f"SELECT {quoted(one.name)} AS of_whom, {days} AS days FROM {name(one.name)} AS record WHERE {entered}"
        for one, days, entered in _entered(contracts, extracts, period)
    ]
    return _deciles(workspace, selects, "GROUPING SETS ((of_whom), ())")


def entry_delays_by_team(
    workspace: Workspace, library: Library, extracts: Iterable[ExtractRead], period: dt.date
) -> Mapping[str, Delay]:
    """Return the same by team, of all its records together: team → how many, the median, and nine of ten.

    A record is of the team that held the child's case on the day of the event, else of the last that held it; of staff
    and teams, of the one that it names. The work of a team that has closed is that of the one that took over.
    """
    views = [view for view in (OWNERS, TEAMS_NOW) if view in library.views]
    if work_out_views(workspace, library, views, dates_at(period)):
        return {}
    holders = _Holders(workspace, library)
    selects = []
    for contract, days, entered in _entered(library.contracts, extracts, period):
        if contract.person is not None and holders.there:
            first = (
                f"PARTITION BY record.{name(contract.key)} ORDER BY {holders.on_the_day(contract)} DESC, is_last DESC"
            )
            selects.append(
                f"SELECT {holders.team} AS of_whom, {days} AS days {holders.joined_to(contract)} WHERE {entered} "
                f"QUALIFY row_number() OVER ({first}) = 1"
            )
        elif contract.team is not None:
            selects.append(
                f"SELECT {holders.team} AS of_whom, {days} AS days {holders.own_of(contract)} WHERE {entered}"
            )
    return _deciles(workspace, selects, "of_whom")


def _entered(
    contracts: Mapping[str, Contract], extracts: Iterable[ExtractRead], period: dt.date
) -> Iterable[tuple[Contract, str, str]]:
    """Yield the extracts that say both days, with SQL of the days between, and of whether it was in the month."""
    there = {read.extract: {*read.missing_columns, *read.not_held} for read in extracts if read.present}
    for contract in contracts.values():
        said = {contract.event, contract.entered}
        if contract.name in there and None not in said and not there[contract.name] & said:
            event, entered = (f"CAST(record.{name(str(day))} AS DATE)" for day in (contract.event, contract.entered))
            month = f"{entered} BETWEEN date_trunc('month', DATE '{period}') AND DATE '{period}'"
            yield contract, f"{entered} - {event}", f"{event} IS NOT NULL AND {month}"


def _deciles(workspace: Workspace, selects: Sequence[str], by: str) -> dict[str, Delay]:
    """Return of_whom, or ``all`` → how many days there are, their median and ninth decile."""
    if not selects:
        return {}
    rows = workspace.execute(
        "SELECT coalesce(of_whom, 'all'), count(*), quantile_cont(days, 0.5), quantile_cont(days, 0.9) "
        f"FROM ({' UNION ALL '.join(selects)}) GROUP BY {by} HAVING count(*) > 0 ORDER BY 1"
    ).fetchall()
    return {of: (int(count), float(median), float(decile)) for of, count, median, decile in rows}


class _Holders:
    """Who held the case of each child, and when: SQL that joins it to records, once its views are worked out."""

    def __init__(self, workspace: Workspace, library: Library) -> None:
        has_now = TEAMS_NOW in library.views
        self._now = f"LEFT JOIN {TEAMS_NOW} AS moved ON moved.team_id = held.team_id" if has_now else ""
        self.team = "coalesce(moved.team_now_id, held.team_id)" if has_now else "held.team_id"
        self.there = OWNERS in library.views
        if self.there:
            workspace.execute(
                f"CREATE OR REPLACE TEMP TABLE {_HOLDERS} AS SELECT person_id, team_id, start_date, end_date, "
                "row_number() OVER (PARTITION BY person_id ORDER BY end_date IS NULL DESC, end_date DESC, "
                f"start_date DESC, involvement_id DESC) = 1 AS is_last FROM {OWNERS} WHERE team_id IS NOT NULL"
            )

    def on_the_day(self, contract: Contract) -> str:
        """Return the condition that a holder held the case on the day of a record's event."""
        if contract.event is None:
            return "false"
        event = f"CAST(record.{name(contract.event)} AS DATE)"
        return f"(held.start_date <= {event} AND (held.end_date IS NULL OR held.end_date > {event}))"

    def joined_to(self, contract: Contract) -> str:
        """Return FROM the records of children, with all who held the case on the day, and the last who did."""
        return (
            f"FROM {name(contract.name)} AS record JOIN {_HOLDERS} AS held "
            f"ON held.person_id = record.{name(str(contract.person))} "
            f"AND (held.is_last OR {self.on_the_day(contract)}) {self._now}"
        )

    def own_of(self, contract: Contract) -> str:
        """Return FROM the records that name a team themselves, with that team."""
        table, team = name(contract.name), name(str(contract.team))
        named = f"(SELECT DISTINCT {team} AS team_id FROM {table}) AS held"
        return f"FROM {table} AS record JOIN {named} ON held.team_id = record.{team} {self._now}"


def _records_of(workspace: Workspace, library: Library) -> Iterable[str]:
    """Yield a SELECT of team and number of records for each extract whose records are somebody's."""
    holders = _Holders(workspace, library)
    for contract in library.contracts.values():
        if contract.person is not None and holders.there:
            yield (
                f"SELECT {holders.team}, count(DISTINCT record.{name(contract.key)}) {holders.joined_to(contract)} "
                "GROUP BY 1"
            )
        elif contract.team is not None:
            yield f"SELECT {holders.team}, count(*) {holders.own_of(contract)} GROUP BY 1"


def reconciled(workspace: Workspace, library: Library, dates: Dates, absent: Absent) -> tuple[Reconciled, ...]:
    """Count both sides of every total of the library, where all that it reads has come."""
    able = [total for total in library.totals.values() if not absent.reason_for_figure(total.reads)]
    views = [view for total in able for count in (total.count, *total.parts) for view in _views_of(library, count)]
    failed = work_out_views(workspace, library, dict.fromkeys(views), dates)
    return tuple(_reconciled(workspace, library, total, dates, absent, failed) for total in library.totals.values())


def _reconciled(
    workspace: Workspace,
    library: Library,
    bound: BoundTotal,
    dates: Dates,
    absent: Absent,
    failed: Mapping[str, str],
) -> Reconciled:
    named = {view for count in (bound.count, *bound.parts) for view in _views_of(library, count)}
    reason = absent.reason_for_figure(bound.reads) or next((why for view, why in failed.items() if view in named), "")
    if reason:
        return Reconciled(bound.total, None, None, reason)

    def count(of: BoundCount) -> int:
        where = compiled(of.where.tree, library.thresholds).sql(DIALECT)
        found = workspace.execute(f"SELECT count(*) FROM {name(of.on)} WHERE {where}", dates).fetchall()
        return int(found[0][0])

    return Reconciled(bound.total, count(bound.count), sum(map(count, bound.parts)))


def _views_of(library: Library, count: BoundCount) -> list[str]:
    """Return the views that a count names."""
    named = {count.on, *(table.name for table in count.where.tree.find_all(exp.Table))}
    return [view for view in library.views if view in named]
