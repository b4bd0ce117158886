"""The rows of a view that open exceptions put in doubt, and the records that are in none, as SQL of the workspace.

A figure asks for them once for each of its bases, and a run for a hundred of those: what the statements below cost is
their planning, hardly their rows. So whatever can be is said of the exceptions beforehand, and lists hold some things
twice and nulls for nothing, which ``list_distinct`` drops.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
from sqlglot import exp

from dq.indicators.compute import trees, used_columns
from dq.indicators.doubt import (
    ANOTHER,
    ANY_TEAM,
    ANYBODY,
    GONE,
    PERSON,
    RECORD,
    ROW,
    TEAM,
    WHOSE,
    Doubt,
    columns_of,
    key_of,
    namings,
)
from dq.language.bind import Bound
from dq.language.expression import DIALECT
from dq.library.policy import Base, Library
from dq.workspace import Workspace, name

_DOUBT = pa.schema([("rule_id", pa.string()), ("in_doubt", pa.string()), ("level", pa.string())])


def list_doubts(workspace: Workspace, on: str, doubts: Sequence[Doubt]) -> None:
    """Make ``doubt``: one row an exception and column of a view ``on`` it puts in doubt, with whom it concerns.

    An exception that concerns anybody has a row for each person the view has rows of.
    ``unsure_by`` and ``moving_by`` are the exception, the one where more than the team is in doubt, the other where
    only the team is: then the doubt is none of the authority's figure.
    """
    rows = pa.Table.from_pylist([dict(zip(_DOUBT.names, doubt, strict=True)) for doubt in doubts], schema=_DOUBT)
    workspace.connection.register("doubtful", rows)
    workspace.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE doubt AS
        SELECT exception_id, in_doubt, level,
               CASE level WHEN '{RECORD}' THEN record_key WHEN '{PERSON}' THEN person_id ELSE exception_id END AS who,
               record_key, person_id, team_id, extract,
               CASE WHEN in_doubt NOT IN ('{TEAM}', '{ANY_TEAM}') THEN exception_id END AS unsure_by,
               CASE WHEN in_doubt IN ('{TEAM}', '{ANY_TEAM}') THEN exception_id END AS moving_by
        FROM exceptions JOIN doubtful USING (rule_id) WHERE state <> 'waived'
        """
    )
    if any(level == ANYBODY for _, _, level in doubts):
        workspace.execute(
            f"""
            INSERT INTO doubt
            SELECT exception_id, in_doubt, '{PERSON}', anybody.person_id, record_key, anybody.person_id, team_id,
                   extract, unsure_by, moving_by
            FROM doubt, (SELECT DISTINCT person_id FROM {name(on)} WHERE person_id IS NOT NULL) AS anybody
            WHERE level = '{ANYBODY}'
            """
        )
    workspace.connection.unregister("doubtful")


class TeamsNamed:
    """The teams that each person is named with, by the extracts that name them; each such table is made once."""

    def __init__(self, workspace: Workspace, library: Library) -> None:
        self._workspace, self._library = workspace, library
        self._tables: dict[tuple[tuple[str, str, str], ...], str] = {}

    def of(self, base: Base) -> str:
        """Return the table (person_id, teams) of the extracts that the teams of a base's rows are taken from."""
        said = tuple(namings(self._library, base.on))
        if said not in self._tables:
            self._tables[said] = f"teams_named_{len(self._tables)}"
            self._make(self._tables[said], said)
        return self._tables[said]

    def _make(self, table: str, said: Sequence[tuple[str, str, str]]) -> None:
        named = [
            f"SELECT {name(person)} AS person_id, {name(team)} AS team_id FROM {name(extract)}"
            for extract, person, team in said
        ] or ["SELECT NULL::VARCHAR AS person_id, NULL::VARCHAR AS team_id WHERE false"]
        self._workspace.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE {table} AS
            SELECT person_id, list_sort(list(DISTINCT team_id)) AS teams
            FROM ({" UNION ALL ".join(named)}) WHERE person_id IS NOT NULL AND team_id IS NOT NULL GROUP BY person_id
            """
        )


def rows_in_doubt(
    library: Library,
    base: Base,
    months: int,
    teams_named: str,
    *also: str,
    by_exception: bool = False,
    every: bool = False,
) -> str:
    """Return the sub-query of the view's rows that are in doubt, each with whether it belongs and meets, if known.

    Besides: ``counted`` and ``was_met``, as recorded; ``amount`` and ``weight`` as recorded, with whether either is
    in doubt; the exceptions that put any of it in doubt, those by which the row may be of another team (``moving``),
    and then the teams it may be of (``may_be``; null for any). With ``by_exception`` a row that several exceptions put
    in doubt comes once more for each of them, as if that ``alone`` were open; with ``every`` the rows that nobody
    doubts come too. ``also`` are more columns, as SQL over the view.
    """
    on = base.on
    said = trees(base, months, library)
    belongs, met = _in_doubt(said["denominator"], on), _in_doubt(said.get("numerator", exp.true()), on)
    met_unless = "true" if base.numerator is None else _unless_doubt(base.numerator)
    counted = {part: f"({said[part].sql(DIALECT)}) IS TRUE" if part in said else "NULL" for part in _CONDITIONS}
    amounts = ", ".join(_amount(said, part, of) for part, of in (("value", base.value), ("weight", base.weight)))
    person = f"{name(on)}.person_id" if "person_id" in library.tables.columns[on] else "NULL"
    whose = "" if also else f"{person} AS person_id, "
    if base.value is not None:
        # A row without a value is not in the base, and one whose value is in doubt may have none.
        value = f"({said['value'].sql(DIALECT)}) IS NOT NULL"
        belongs = f"({belongs} AND CASE WHEN {_is_doubted(base.value)} THEN NULL ELSE {value} END)"
        counted["denominator"] += f" AND {value}"
    needed = set(library.tables.columns[on]) & (used_columns(library, on, [base]) | {key_of(library, on)})
    columns = "*" if also else ", ".join(map(name, sorted(needed)))
    return f"""(
        WITH {_touched(library, on, columns, by_exception=by_exception, every=every)}
        SELECT row_place, alone, {whose}{name(on)}.team_id, exceptions, doubted, moving,
            CASE WHEN len(moving) = 0 OR anywhere THEN NULL ELSE coalesce(teams_named.teams, []) END AS may_be,
            CASE WHEN list_has_any(doubted, ['{ROW}', '{GONE}']) AND {belongs} IS NOT FALSE THEN NULL
                 ELSE coalesce({belongs}, {_unless_doubt(base.denominator, base.value)}) END AS belongs,
            coalesce({met}, {met_unless}) AS met,
            {counted["denominator"]} AS counted, {counted["numerator"]} AS was_met,
            {amounts}{"".join(f", {column}" for column in also)}
        FROM numbered AS {name(on)}
        JOIN at_stake USING (row_place)
        LEFT JOIN {teams_named} AS teams_named ON teams_named.person_id = {person}
    )"""


_CONDITIONS = ("denominator", "numerator")


def _touched(library: Library, on: str, columns: str, *, by_exception: bool, every: bool) -> str:
    """Return ``numbered``, the rows that may be in doubt, and ``at_stake``, what is in doubt of each, as CTEs."""
    joined = {RECORD: name(key_of(library, on))}
    if "person_id" in library.tables.columns[on]:
        joined[PERSON] = "person_id"
    found = " UNION ALL ".join(
        f"SELECT row_place, doubt.* FROM numbered JOIN doubt ON level = '{level}' AND who = numbered.{column}"
        for level, column in joined.items()
    )
    only = " OR ".join(
        f"{column} IN (SELECT who FROM doubt WHERE level = '{level}')" for level, column in joined.items()
    )
    sets = "GROUPING SETS ((row_place), (row_place, exception_id))" if by_exception else "ALL"
    # The row itself is one of them, and so one exception is two.
    several = "QUALIFY alone IS NULL OR count(*) OVER (PARTITION BY row_place) > 2" if by_exception else ""
    held = ", ".join(f"coalesce(list_distinct({part}), []) AS {part}" for part in ("exceptions", "moving", "doubted"))
    return f"""
        numbered AS MATERIALIZED (
            SELECT {columns}, row_number() OVER () AS row_place FROM {name(on)}
            {"" if every else f"WHERE {only}"}
        ),
        touched AS (
            SELECT row_place, {"exception_id" if by_exception else "NULL"} AS alone,
                   list(in_doubt) AS doubted, list(unsure_by) AS exceptions, list(moving_by) AS moving,
                   bool_or(in_doubt = '{ANY_TEAM}') AS anywhere
            FROM ({found}) WHERE in_doubt <> '{WHOSE}' GROUP BY {sets} {several}
        ),
        at_stake AS (
            SELECT row_place, alone, anywhere, {held}
            FROM touched {"RIGHT JOIN (SELECT row_place FROM numbered) USING (row_place)" if every else ""}
        )"""


def _amount(said: Mapping[str, exp.Expr], part: str, of: Bound | None) -> str:
    """Return the columns of what a row counts for, and whether that is in doubt."""
    if of is None:
        return f"NULL AS {part}, false AS {part}_unsure"
    return f"{said[part].sql(DIALECT)} AS {part}, {_is_doubted(of)} AS {part}_unsure"


def _unless_doubt(*parts: Bound | None) -> str:
    """Return SQL that is null where any of the conditions rests on a column in doubt, and false otherwise.

    A condition that comes out null for a row nobody doubts is simply not met.
    """
    return f"CASE WHEN {_is_doubted(*parts)} THEN NULL ELSE false END"


def _is_doubted(*parts: Bound | None) -> str:
    """Return SQL that says whether any of what was declared rests on a column in doubt."""
    columns = sorted({column.name for part in parts if part is not None for column in columns_of(part)})
    tests = [f"list_contains(doubted, '{column}')" for column in columns]
    return f"({' OR '.join(tests) or 'false'})"


def _in_doubt(tree: exp.Expr, on: str) -> str:
    """Return a condition in which every comparison on a column in doubt is null: not known."""
    return f"({_kleene(tree.copy(), on).sql(DIALECT)})"


def _kleene(node: exp.Expr, on: str) -> exp.Expr:
    if isinstance(node, (exp.Paren, exp.Not)):
        node.set("this", _kleene(node.this, on))
        return node
    if isinstance(node, (exp.And, exp.Or)):
        left, right = _kleene(node.this, on), _kleene(node.expression, on)
        node.set("this", left)
        node.set("expression", right)
        return node
    columns = sorted({column.name for column in node.find_all(exp.Column) if column.table == on})
    if not columns:
        return node
    doubted = exp.or_(*(exp.func("list_contains", exp.column("doubted"), exp.Literal.string(c)) for c in columns))
    return exp.paren(exp.Case().when(doubted, exp.null()).else_(node), copy=False)


def exceptions_anywhere(workspace: Workspace) -> frozenset[str]:
    """Return the exceptions in ``doubt`` by which a record may be somebody else's."""
    rows = workspace.execute(
        f"SELECT DISTINCT exception_id FROM doubt WHERE in_doubt = '{WHOSE}' ORDER BY 1"
    ).fetchall()
    return frozenset(exception for (exception,) in rows)


def strangers(library: Library, base: Base, teams_named: str) -> str:
    """Return the sub-query of doubts about records that are not in the view, but might be if they were put right.

    One that is missing altogether is another, whatever rows its person has.
    ``moving`` says whether one may then be of another team than its exception's, ``may_be`` of which (null for any): a
    row of a person who has none yet may be of whichever team the person is named with.
    """
    on, key = name(base.on), name(key_of(library, base.on))
    people = f"SELECT person_id FROM {on} WHERE person_id IS NOT NULL"
    of_another = f"SELECT exception_id FROM doubt WHERE level = '{ANOTHER}' AND in_doubt = '{ROW}'"
    known = people if "person_id" in library.tables.columns[base.on] else "SELECT NULL WHERE false"
    return f"""(
        SELECT doubt.*, of_team.exception_id IS NOT NULL OR teams_named.teams IS NOT NULL AS moving,
               CASE WHEN moving AND of_team.anywhere IS NOT TRUE
                    THEN list_distinct(list_append(coalesce(teams_named.teams, []), doubt.team_id)) END AS may_be
        FROM doubt
        LEFT JOIN (
            SELECT exception_id, bool_or(in_doubt = '{ANY_TEAM}') AS anywhere
            FROM doubt WHERE moving_by IS NOT NULL GROUP BY exception_id
        ) AS of_team ON of_team.exception_id = doubt.exception_id
        LEFT JOIN {teams_named} AS teams_named ON teams_named.person_id = doubt.person_id
        WHERE in_doubt = '{ROW}' AND CASE level
            WHEN '{RECORD}' THEN who NOT IN (SELECT {key} FROM {on} WHERE {key} IS NOT NULL)
            WHEN '{PERSON}' THEN who NOT IN ({known}) AND doubt.exception_id NOT IN ({of_another})
            ELSE level = '{ANOTHER}'
        END
    )"""


def entrants(library: Library, base: Base, teams_named: str) -> str:
    """Return the sub-query of those records, or persons, each with a team and the exceptions it has."""
    return f"""(
        SELECT any_value(person_id) AS person_id, any_value(team_id) AS team_id, list(exception_id) AS exceptions,
               bool_or(moving) AS moving,
               CASE WHEN bool_or(moving AND may_be IS NULL) THEN NULL
                    ELSE list_distinct(flatten(coalesce(list(may_be) FILTER (moving), []))) END AS may_be
        FROM {strangers(library, base, teams_named)} GROUP BY level, who
    )"""
