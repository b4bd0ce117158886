"""Which rows of a view are in doubt while errors are open: what is certain of them all the same.

Which columns of which rows are in doubt follows from lineage: an exception puts in doubt what its rule's fields feed. A
condition on a row is then *unknown* where it rests on a column in doubt, and Kleene's three-valued logic (SQL's own)
says what is certain all the same. A record that is in doubt but missing from the view (an undated visit, say) may
belong or not; one that may be somebody else's may change any one row of any team. A row whose *team* is in doubt (a
review held on a day that cannot be right is of whoever held the case that day) is of any of the teams its person is
named with, or of none; where the name of the team itself is wrong, of any team there is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pyarrow as pa
from sqlglot import exp

from dq.indicators.compute import trees, used_columns
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


def open_rules(library: Library, findings: Findings, severities: Collection[Severity]) -> list[BoundRule]:
    """Return the rules of some severities that found something."""
    ended = [result for result in findings.results if result.flagged and result.rule.severity in severities]
    return [library.rules[result.rule.id] for result in ended]


def doubts_of(library: Library, indicator: BoundIndicator, base: Base, rules: Sequence[BoundRule]) -> list[Doubt]:
    """Return (rule id, column of the view or '*', 'record' or 'person'): what each rule's exceptions put in doubt.

    An exception of the view's own extract concerns its own row alone, unless the column is worked out from
    several rows; then, and for any other extract, it concerns the rows of the same person. Rows of no person may be
    any of theirs.
    """
    on = base.on
    reads, view = library.tables.reads[on], library.views.get(on)
    used = {column.name for bound in base.parts.values() for column in _columns(bound)}
    doubts: list[Doubt] = []
    persons = "person_id" in library.tables.columns[on]
    for rule in rules:
        fields = library.tables.cells(rule.rule.on, rule.rule.fields)
        own = _extract(library, rule) == (on if view is None else view.of)
        touched = [column for column in sorted(used) if fields & reads.columns.get(column, frozenset())]
        for column in touched:
            alone = own and (view is None or _from_one_row(view, column))
            doubts.append(_of_rows(rule, column, alone=alone, persons=persons))
        if fields & reads.rows:
            doubts.append((rule.rule.id, _ROW, "record" if own else "person"))
        if fields & indicator.reads & _links(library, rule):
            doubts.append((rule.rule.id, _WHOSE, "record"))
        if fields & reads.columns["team_id"]:
            alone = own and (view is None or _from_one_row(view, "team_id"))
            anywhere = fields & reads.cells["team_id"] or not _namings(library, on)
            doubts.append(_of_rows(rule, _ANY_TEAM if anywhere else _TEAM, alone=alone, persons=persons))
    return list(dict.fromkeys(doubts))


def _of_rows(rule: BoundRule, sign: str, *, alone: bool, persons: bool) -> Doubt:
    """Return the doubt of a record's own row alone, or of all rows of its person; of any row, where they have none."""
    if alone:
        return rule.rule.id, sign, "record"
    return (rule.rule.id, sign, "person") if persons else (rule.rule.id, _WHOSE, "record")


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


def rows_in_doubt(
    library: Library, base: Base, months: int, *also: str, by_exception: bool = False, every: bool = False
) -> str:
    """Return the sub-query of the view's rows that are in doubt, each with whether it belongs and meets, if known.

    Besides: ``counted`` and ``was_met``, as recorded; ``amount`` and ``weight`` as recorded, with whether either is
    in doubt; the exceptions that put any of it in doubt, those by which the row may be of another team (``moving``),
    and then the teams it may be of (``may_be``; null for any). With ``by_exception`` a row comes once for each
    exception, as if that alone were open; with ``every`` the rows that nobody doubts come too. ``also`` are more
    columns, as SQL over the view.
    """
    on = base.on
    said = trees(base, months, library)
    belongs, met = _in_doubt(said["denominator"], on), _in_doubt(said.get("numerator", exp.true()), on)
    met_unless = "true" if base.numerator is None else _unless_doubt(base.numerator)
    counted = {part: f"({said[part].sql(DIALECT)}) IS TRUE" if part in said else "NULL" for part in _CONDITIONS}
    amounts = ", ".join(_amount(said, part, of) for part, of in (("value", base.value), ("weight", base.weight)))
    has_person = "person_id" in library.tables.columns[on]
    needed = set(library.tables.columns[on]) & (used_columns(library, on, [base]) | {key_of(library, on)})
    columns = "*" if also else ", ".join(map(name, sorted(needed)))
    person = f"{name(on)}.person_id" if has_person else "NULL"
    whose = "" if also else f"{person} AS person_id, "
    if base.value is not None:
        # A row without a value is not in the base, and one whose value is in doubt may have none.
        value = f"({said['value'].sql(DIALECT)}) IS NOT NULL"
        belongs = f"({belongs} AND CASE WHEN {_is_doubted(base.value)} THEN NULL ELSE {value} END)"
        counted["denominator"] += f" AND {value}"
    return f"""(
        WITH numbered AS MATERIALIZED (SELECT {columns}, row_number() OVER () AS row_place FROM {name(on)}),
        touched AS (
            SELECT row_place, {"exception_id," if by_exception else ""}
                   list(DISTINCT in_doubt) FILTER (NOT {OF_TEAM}) AS doubted,
                   list(DISTINCT exception_id) FILTER (NOT {OF_TEAM}) AS exceptions,
                   list(DISTINCT exception_id) FILTER ({OF_TEAM}) AS moving,
                   bool_or(in_doubt = '{_ANY_TEAM}') AS anywhere
            FROM (
                SELECT row_place, doubt.* FROM numbered JOIN doubt
                ON level = 'person' AND who = {"numbered.person_id" if has_person else "NULL"}
                UNION ALL
                SELECT row_place, doubt.* FROM numbered JOIN doubt
                ON level = 'record' AND who = numbered.{name(key_of(library, on))}
            ) WHERE in_doubt <> '{_WHOSE}' GROUP BY ALL
        ),
        at_stake AS (
            SELECT * REPLACE (coalesce(doubted, []) AS doubted, coalesce(exceptions, []) AS exceptions,
                              coalesce(moving, []) AS moving)
            FROM touched {"RIGHT JOIN (SELECT row_place FROM numbered) USING (row_place)" if every else ""}
        )
        SELECT row_place, {whose}{name(on)}.team_id, exceptions, doubted, moving,
            CASE WHEN len(moving) = 0 OR anywhere THEN NULL ELSE coalesce(teams_named.teams, []) END AS may_be,
            CASE WHEN list_contains(doubted, '{_ROW}') AND {belongs} IS NOT FALSE THEN NULL
                 ELSE coalesce({belongs}, {_unless_doubt(base.denominator, base.value)}) END AS belongs,
            coalesce({met}, {met_unless}) AS met,
            {counted["denominator"]} AS counted, {counted["numerator"]} AS was_met,
            {amounts}{"".join(f", {column}" for column in also)}
        FROM numbered AS {name(on)}
        JOIN at_stake USING (row_place)
        LEFT JOIN teams_named ON teams_named.person_id = {person}
    )"""


_CONDITIONS = ("denominator", "numerator")


def _amount(said: Mapping[str, exp.Expr], part: str, of: Bound | None) -> str:
    """Return the columns of what a row counts for, and whether that is in doubt."""
    if of is None:
        return f"NULL AS {part}, false AS {part}_unsure"
    return f"{said[part].sql(DIALECT)} AS {part}, {_is_doubted(of)} AS {part}_unsure"


def key_of(library: Library, on: str) -> str:
    """Return the column of a view or an extract that tells its rows apart."""
    return library.views[on].key if on in library.views else library.contracts[on].key


def _unless_doubt(*parts: Bound | None) -> str:
    """Return SQL that is null where any of the conditions rests on a column in doubt, and false otherwise.

    A condition that comes out null for a row nobody doubts is simply not met.
    """
    return f"CASE WHEN {_is_doubted(*parts)} THEN NULL ELSE false END"


def _is_doubted(*parts: Bound | None) -> str:
    """Return SQL that says whether any of what was declared rests on a column in doubt."""
    columns = sorted({column.name for part in parts if part is not None for column in _columns(part)})
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
        f"SELECT DISTINCT exception_id FROM doubt WHERE in_doubt = '{_WHOSE}' ORDER BY 1"
    ).fetchall()
    return frozenset(exception for (exception,) in rows)


def strangers(library: Library, base: Base) -> str:
    """Return the sub-query of doubts about records that are not in the view, but might be if they were put right.

    ``moving`` says whether one may then be of another team than its exception's, ``may_be`` of which (null for any): a
    row of a person who has none yet may be of whichever team the person is named with.
    """
    on, key = name(base.on), name(key_of(library, base.on))
    people = f"SELECT person_id FROM {on} WHERE person_id IS NOT NULL"
    known = people if "person_id" in library.tables.columns[base.on] else "SELECT NULL WHERE false"
    return f"""(
        SELECT doubt.*, of_team.exception_id IS NOT NULL OR teams_named.teams IS NOT NULL AS moving,
               CASE WHEN moving AND of_team.anywhere IS NOT TRUE
                    THEN list_distinct(list_append(coalesce(teams_named.teams, []), doubt.team_id)) END AS may_be
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
        SELECT any_value(person_id) AS person_id, any_value(team_id) AS team_id, list(exception_id) AS exceptions,
               bool_or(moving) AS moving,
               CASE WHEN bool_or(moving AND may_be IS NULL) THEN NULL
                    ELSE list_distinct(flatten(coalesce(list(may_be) FILTER (moving), []))) END AS may_be
        FROM {strangers(library, base)} GROUP BY level, who
    )"""
