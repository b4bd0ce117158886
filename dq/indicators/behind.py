"""The rows behind a figure: which count, which meet it, which are in doubt, and the exceptions that put them there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from dq.engine.compile import dates_at
from dq.indicators.doubt import doubts_of, key_of, open_rules
from dq.indicators.doubted_rows import TeamsNamed, exceptions_anywhere, list_doubts, rows_in_doubt, strangers
from dq.language.expression import DIALECT
from dq.library.policy import Base, BoundIndicator, Library
from dq.model import Findings, Severity
from dq.periods import length
from dq.workspace import Workspace, name


@dataclass(frozen=True)
class Behind:
    """The rows of one base of a figure, and the records outside it that might belong once they are put right.

    ``of`` is the id of the figure whose base it is: one of the two where it is a ratio. ``rows``: one row of the view
    ``on`` that counts or may count for the scope asked of, with record_key, person_id, team_id, counts and meets (yes
    or no, as recorded), in_doubt (yes or no), the columns that the figure rests on, and exceptions (ids).
    ``strangers``: extract, record_key, person_id, team_id and exception_id of every record that is not in the view.
    ``anywhere``: the exceptions by which a record may be somebody else's, and so change any one row of any team.
    """

    of: str
    on: str
    key: str
    columns: tuple[str, ...]
    rows: pa.Table
    strangers: pa.Table
    anywhere: frozenset[str]

    def with_only(self, matter: Collection[str]) -> Behind:
        """Return the same with only those exceptions that were found to matter: of no other is a row in doubt."""
        listed = [[one for one in ids.split(";") if one in matter] for ids in self.rows["exceptions"].to_pylist()]
        rows = self.rows
        for column, cells in {
            "in_doubt": ["yes" if ids else "no" for ids in listed],
            "exceptions": [";".join(ids) for ids in listed],
        }.items():
            rows = rows.set_column(rows.column_names.index(column), column, pa.array(cells, pa.string()))
        kept = pc.or_(pc.equal(rows["counts"], "yes"), pc.equal(rows["in_doubt"], "yes"))
        outside = pc.is_in(self.strangers["exception_id"], pa.array(sorted(matter), pa.string()))
        return replace(
            self, rows=rows.filter(kept), strangers=self.strangers.filter(outside), anywhere=self.anywhere & {*matter}
        )


def rows_behind(
    workspace: Workspace,
    library: Library,
    bound: BoundIndicator,
    findings: Findings,
    period: dt.date,
    severities: Collection[Severity],
    teams: Collection[str] | None = None,
) -> Iterator[Behind]:
    """Yield the rows of each base of an indicator at ``period``: of some teams, or of all and of none.

    A row of another team that may be of one of these is there too, and does not count.
    The views must stand as at ``period``, and the ``exceptions`` table as checking left it.
    """
    rules, months = open_rules(library, findings, severities), length(bound.indicator, period)
    here, may_be_here, moves = _held(teams)
    every_team_named = TeamsNamed(workspace, library)
    for part in bound.ratio or (bound,):
        base = part.base
        if base is None:
            continue
        list_doubts(workspace, base.on, doubts_of(library, part, base, rules))
        teams_named = every_team_named.of(base)
        columns, key = _columns(library, base), key_of(library, base.on)
        on = name(base.on)
        whose = f"{on}.person_id" if "person_id" in library.tables.columns[base.on] else "NULL"
        also = [f"{on}.{name(key)} AS record_key", f"{whose} AS person_id"]
        also += [f"CAST({on}.{name(column)} AS VARCHAR) AS {name(f'on_{column}')}" for column in columns]
        shown = "".join(f", {name(f'on_{column}')} AS {name(column)}" for column in columns)
        found = workspace.arrow(
            f"""
            SELECT CAST(record_key AS VARCHAR) AS record_key, person_id, team_id,
                   {_yes(f"counted AND {here}")} AS counts, {_yes("was_met")} AS meets, {_yes("unsure")} AS in_doubt
                   {shown},
                   CASE WHEN unsure THEN array_to_string(list_sort(list_distinct(
                       exceptions || CASE WHEN {moves} THEN moving ELSE [] END)), ';') ELSE '' END AS exceptions
            FROM (SELECT *, belongs IS NULL
                            OR (belongs AND (met IS NULL OR value_unsure OR weight_unsure OR {moves})) AS unsure
                  FROM (SELECT *, len(moving) > 0 AS moves
                        FROM {rows_in_doubt(library, base, months, teams_named, *also, every=True)}))
            WHERE (counted AND {here}) OR (belongs IS NOT FALSE AND ({here} OR {may_be_here}))
            ORDER BY team_id, person_id, record_key
            """,
            dates_at(period, [months]),
        )
        outside = workspace.arrow(
            f"""
            SELECT DISTINCT extract, record_key, person_id, team_id, exception_id
            FROM (SELECT *, moving AS moves FROM {strangers(library, base, teams_named)})
            WHERE {here} OR {may_be_here} ORDER BY ALL
            """
        )
        yield Behind(part.id, base.on, key, tuple(columns), found, outside, exceptions_anywhere(workspace))


def _held(teams: Collection[str] | None) -> tuple[str, str, str]:
    """Return the conditions that a row is of some teams, that it may be, and that it matters which it is of."""
    if teams is None:
        return "true", "false", "false"
    listed = ", ".join(_text(team) for team in sorted(teams)) or "NULL"
    here = f"coalesce(team_id IN ({listed}), false)"
    return here, f"(moves AND coalesce(list_has_any(may_be, [{listed}]), true))", "moves"


def _columns(library: Library, base: Base) -> list[str]:
    """Return the columns of the view that a figure rests on, but for those that say whose a row is."""
    said = [part.tree for part in base.parts.values()]
    named = {c.name for tree in said for c in tree.find_all(exp.Column) if c.table in {"", base.on}}
    shown = named - {key_of(library, base.on), "person_id", "team_id"}
    return [column for column in library.tables.columns[base.on] if column in shown]


def _yes(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 'yes' WHEN NOT {condition} THEN 'no' ELSE '' END"


def _text(value: str) -> str:
    return exp.Literal.string(value).sql(DIALECT)
