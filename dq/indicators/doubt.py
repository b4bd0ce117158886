"""Which rows of a view are in doubt while errors are open: what is certain of them all the same.

Which columns of which rows are in doubt follows from lineage: an exception puts in doubt what its rule's fields feed. A
condition on a row is then *unknown* where it rests on a column in doubt, and Kleene's three-valued logic (SQL's own)
says what is certain all the same. A record that is in doubt but missing from the view (an undated visit, say) may
belong or not; one that may be somebody else's may change any one row of any team. A row whose *team* is in doubt (a
review held on a day that cannot be right is of whoever held the case that day) is of any of the teams its person is
named with, or of none; where the name of the team itself is wrong, of any team there is.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from sqlglot import exp

from dq.indicators.compute import trees
from dq.language.bind import Bound, View
from dq.language.expression import DIALECT
from dq.library.policy import Base, BoundIndicator, BoundRule, Library
from dq.model import Findings, Read, Severity
from dq.workspace import Workspace, name

_ROW = "*"
"""Stands for a row's place in the view, as the name of a column stands for its value."""
_WHOSE = "?"
"""Stands for whose record it is: put right, it may change any one row."""
_TEAM, _ANY_TEAM = "@", "@any"
"""Stand for the team a row is of: one of those that its person is named with, or any."""
OF_TEAM = f"in_doubt IN ('{_TEAM}', '{_ANY_TEAM}')"
"""The doubt is of the team alone: it is none of the authority's figure."""
Doubt = tuple[str, str, str]
"""(rule id, column of the view or one of the signs above, 'record' or 'person'): what a rule's exceptions doubt."""
_DOUBT = pa.schema([("rule_id", pa.string()), ("in_doubt", pa.string()), ("level", pa.string())])


def open_errors(library: Library, findings: Findings) -> list[BoundRule]:
    """Return the rules of severity error that found something."""
    ended = [result for result in findings.results if result.flagged and result.rule.severity is Severity.ERROR]
    return [library.rules[result.rule.id] for result in ended]


def doubts_of(library: Library, indicator: BoundIndicator, base: Base, rules: Sequence[BoundRule]) -> list[Doubt]:
    """Return (rule id, column of the view or '*', 'record' or 'person'): what each rule's exceptions put in doubt.

    An exception of the view's own extract concerns its own row alone, unless the column is worked out from
    several rows; then, and for any other extract, it concerns the rows of the same person.
    """
    on = base.on
    reads, view = library.tables.reads[on], library.views.get(on)
    used = {column.name for bound in base.parts.values() for column in _columns(bound)}
    doubts = []
    for rule in rules:
        fields = library.tables.cells(rule.rule.on, rule.rule.fields)
        own = _extract(library, rule) == (on if view is None else view.of)
        touched = [column for column in sorted(used) if fields & reads.columns.get(column, frozenset())]
        for column in touched:
            alone = own and (view is None or _from_one_row(view, column))
            doubts.append((rule.rule.id, column, "record" if alone else "person"))
        if fields & reads.rows:
            doubts.append((rule.rule.id, _ROW, "record" if own else "person"))
        if fields & indicator.reads & _links(library, rule):
            doubts.append((rule.rule.id, _WHOSE, "record"))
        if fields & reads.columns["team_id"]:
            alone = own and (view is None or _from_one_row(view, "team_id"))
            anywhere = fields & reads.cells["team_id"] or not _namings(library, on)
            doubts.append((rule.rule.id, _ANY_TEAM if anywhere else _TEAM, "record" if alone else "person"))
    return doubts


def _namings(library: Library, on: str) -> list[tuple[str, str, str]]:
    """Return (extract, its person, its team) of the extracts that the team of a view's rows is taken from."""
    cells = sorted(library.tables.reads[on].cells["team_id"])
    if "person_id" not in library.tables.columns[on]:
        return []
    return [(extract, person, team) for extract, team in cells if (person := library.contracts[extract].person)]


def _links(library: Library, rule: BoundRule) -> frozenset[Read]:
    """Return the columns of a rule's extract that say whose its records are: the person, and keys of other extracts."""
    extract = _extract(library, rule)
    if extract is None:
        return frozenset()
    contract = library.contracts[extract]
    others = {name for name, column in contract.columns.items() if column.references}
    named = (others | {contract.person}) - {contract.team, contract.worker, contract.key, None}
    return frozenset((extract, column) for column in named if column is not None)


def _extract(library: Library, rule: BoundRule) -> str | None:
    view = library.views.get(rule.rule.on)
    return rule.rule.on if view is None else view.of


def _columns(bound: Bound) -> list[exp.Column]:
    return list(bound.tree.find_all(exp.Column))


def _from_one_row(view: View, column: str) -> bool:
    """Whether a column of a view is worked out without looking at other rows of its extract."""
    item = next(item for item in view.tree.expressions if item.alias_or_name == column)
    return item.find(exp.Window, exp.AggFunc) is None and not view.tree.args.get("group")


def list_doubts(workspace: Workspace, doubts: Sequence[Doubt]) -> None:
    """Make ``doubt``: one row an exception and column it puts in doubt, with whom it concerns."""
    rows = pa.Table.from_pylist([dict(zip(_DOUBT.names, doubt, strict=True)) for doubt in doubts], schema=_DOUBT)
    workspace.connection.register("doubtful", rows)
    workspace.execute(
        """
        CREATE OR REPLACE TEMP TABLE doubt AS
        SELECT exception_id, in_doubt, level, CASE level WHEN 'record' THEN record_key ELSE person_id END AS who,
               record_key, person_id, team_id, extract
        FROM exceptions JOIN doubtful USING (rule_id) WHERE state <> 'waived'
        """
    )
    workspace.connection.unregister("doubtful")


def list_teams(workspace: Workspace, library: Library, base: Base) -> None:
    """Make ``teams_named``: the teams that each person is named with, where the teams of a base's rows come from."""
    named = [
        f"SELECT {name(person)} AS person_id, {name(team)} AS team_id FROM {name(extract)}"
        for extract, person, team in _namings(library, base.on)
    ] or ["SELECT NULL::VARCHAR AS person_id, NULL::VARCHAR AS team_id WHERE false"]
    workspace.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE teams_named AS
        SELECT person_id, list_sort(list(DISTINCT team_id)) AS teams
        FROM ({" UNION ALL ".join(named)}) WHERE person_id IS NOT NULL AND team_id IS NOT NULL GROUP BY person_id
        """
    )


def rows_in_doubt(library: Library, base: Base, months: int, *also: str) -> str:
    """Return the sub-query of the view's rows, each with whether it belongs to the base and meets it, if known.

    Besides: the exceptions that put any of it in doubt, those by which it may be of another team (``moving``), and
    then the teams it may be of (``may_be``; null for any). ``also`` are more columns of it, as SQL over the view.
    """
    on = base.on
    said = trees(base, months, library)
    belongs, met = _in_doubt(said["denominator"], on), _in_doubt(said.get("numerator", exp.true()), on)
    met_unless = "true" if base.numerator is None else _unless_doubt(base.numerator)
    whose = f"{name(on)}.person_id" if "person_id" in library.tables.columns[on] else "NULL"
    return f"""(
        SELECT {name(on)}.team_id,
            coalesce(by_person.ids, []) || coalesce(by_record.ids, []) AS exceptions,
            coalesce(by_person.columns, []) || coalesce(by_record.columns, []) AS doubted,
            coalesce(by_person.on_team, []) || coalesce(by_record.on_team, []) AS moving,
            CASE WHEN len(moving) = 0 OR coalesce(by_person.anywhere, false) OR coalesce(by_record.anywhere, false)
                 THEN NULL ELSE coalesce(teams_named.teams, []) END AS may_be,
            CASE WHEN list_contains(doubted, '{_ROW}') AND {belongs} IS NOT FALSE THEN NULL
                 ELSE coalesce({belongs}, {_unless_doubt(base.denominator)}) END AS belongs,
            coalesce({met}, {met_unless}) AS met{"".join(f", {column}" for column in also)}
        FROM {name(on)}
        LEFT JOIN {_doubt_by("person")} AS by_person ON by_person.who = {whose}
        LEFT JOIN {_doubt_by("record")} AS by_record ON by_record.who = {name(on)}.{name(key_of(library, on))}
        LEFT JOIN teams_named ON teams_named.person_id = {whose}
    )"""


def key_of(library: Library, on: str) -> str:
    """Return the column of a view or an extract that tells its rows apart."""
    return library.views[on].key if on in library.views else library.contracts[on].key


def _doubt_by(level: str) -> str:
    return f"""(
        SELECT who, list(DISTINCT in_doubt) FILTER (NOT {OF_TEAM}) AS columns,
               list(DISTINCT exception_id) FILTER (NOT {OF_TEAM}) AS ids,
               list(DISTINCT exception_id) FILTER ({OF_TEAM}) AS on_team, bool_or(in_doubt = '{_ANY_TEAM}') AS anywhere
        FROM doubt WHERE level = '{level}' AND in_doubt <> '{_WHOSE}' GROUP BY who
    )"""


def _unless_doubt(bound: Bound) -> str:
    """Return SQL that is null where the condition rests on a column in doubt, and false otherwise.

    A condition that comes out null for a row nobody doubts is simply not met.
    """
    tests = [f"list_contains(doubted, '{column}')" for column in sorted({c.name for c in _columns(bound)})]
    return f"CASE WHEN {' OR '.join(tests) or 'false'} THEN NULL ELSE false END"


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
    rows = workspace.execute(f"SELECT DISTINCT exception_id FROM doubt WHERE in_doubt = '{_WHOSE}'").fetchall()
    return frozenset(exception for (exception,) in rows)


def strangers(library: Library, base: Base) -> str:
    """Return the sub-query of doubts about records that are not in the view, but might be if they were put right.

    ``moving`` says whether one may then be of another team than its exception's, ``may_be`` of which (null for any).
    """
    on, key = name(base.on), name(key_of(library, base.on))
    people = f"SELECT person_id FROM {on} WHERE person_id IS NOT NULL"
    known = people if "person_id" in library.tables.columns[base.on] else "SELECT NULL WHERE false"
    return f"""(
        SELECT doubt.*, of_team.exception_id IS NOT NULL AS moving,
               CASE WHEN moving AND NOT of_team.anywhere THEN coalesce(teams_named.teams, []) END AS may_be
        FROM doubt
        LEFT JOIN (
            SELECT exception_id, bool_or(in_doubt = '{_ANY_TEAM}') AS anywhere
            FROM doubt WHERE {OF_TEAM} GROUP BY exception_id
        ) AS of_team ON of_team.exception_id = doubt.exception_id
        LEFT JOIN teams_named ON teams_named.person_id = doubt.person_id
        WHERE in_doubt = '{_ROW}' AND CASE level
            WHEN 'record' THEN who NOT IN (SELECT {key} FROM {on} WHERE {key} IS NOT NULL)
            ELSE who NOT IN ({known})
        END
    )"""


def entrants(library: Library, base: Base) -> str:
    """Return the sub-query of those records, or persons, each with a team and the exceptions it has."""
    return f"""(
        SELECT any_value(team_id) AS team_id, list(exception_id) AS exceptions, bool_or(moving) AS moving,
               CASE WHEN bool_or(moving AND may_be IS NULL) THEN NULL
                    ELSE list_distinct(flatten(coalesce(list(may_be) FILTER (moving), []))) END AS may_be
        FROM {strangers(library, base)} GROUP BY level, who
    )"""
