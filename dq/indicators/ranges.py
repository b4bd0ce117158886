"""The range a figure can take while errors are open.

Which columns of which rows are in doubt follows from lineage: an exception puts in doubt what its rule's
fields feed. A condition on a row is then *unknown* where it rests on a column in doubt, and Kleene's
three-valued logic (SQL's own) says what is certain all the same. The least and greatest figure take every
unknown the way that lowers or raises it most.

A record that is in doubt but missing from the view (an undated visit, say) may or may not belong: it is
counted as one more row of the kind that widens the range. A record that may be somebody else's may change any one
row of any team. Which *team* a row belongs to is taken as recorded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
from sqlglot import exp

from dq.engine.compile import dates_at
from dq.indicators.compute import ScopeKey, condition_trees, grouped
from dq.language.bind import Bound, View
from dq.language.expression import DIALECT
from dq.library.policy import BoundIndicator, BoundRule, Library
from dq.model import Findings, Read, Severity, Unit
from dq.periods import length
from dq.workspace import Workspace, name

_ROW = "*"
"""Stands for a row's place in the view, as the name of a column stands for its value."""
_WHOSE = "?"
"""Stands for whose record it is: put right, it may change any one row."""


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

    The views must stand as at ``period``, and the ``exceptions`` table as checking left it.
    """
    found: dict[str, dict[ScopeKey, Range]] = {}
    open_errors = [
        library.rules[result.rule.id]
        for result in findings.results
        if result.flagged and result.rule.severity is Severity.ERROR
    ]
    for bound in indicators:
        doubts = _doubts(library, bound, open_errors)
        if doubts:
            found[bound.indicator.id] = _range(workspace, library, bound, doubts, period)
    return found


def _doubts(library: Library, indicator: BoundIndicator, rules: Sequence[BoundRule]) -> list[tuple[str, str, str]]:
    """Return (rule id, column of the view or '*', 'record' or 'person'): what each rule's exceptions put in doubt.

    An exception of the view's own extract concerns its own row alone, unless the column is worked out from
    several rows; then, and for any other extract, it concerns the rows of the same person.
    """
    on = indicator.indicator.on
    reads, view = library.tables.reads[on], library.views.get(on)
    conditions = [bound for bound in (indicator.denominator, indicator.numerator) if bound is not None]
    used = {column.name for bound in conditions for column in _columns(bound)}
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
    return doubts


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


def _range(
    workspace: Workspace,
    library: Library,
    bound: BoundIndicator,
    doubts: Sequence[tuple[str, str, str]],
    period: dt.date,
) -> dict[ScopeKey, Range]:
    _list_doubts(workspace, doubts)
    dates = dates_at(period, [length(bound.indicator)])
    judged, entrant = f"{_rows_in_doubt(library, bound)} AS judged", f"{_entrants(library, bound)} AS entrant"
    counts = dict(grouped(workspace, judged, list(_BOUNDS.values()), dates))
    entrants = dict(grouped(workspace, entrant, ["count(*)", "coalesce(sum(n), 0)"], dates))
    (lost,) = workspace.row(f"SELECT count(DISTINCT exception_id) FROM doubt WHERE in_doubt = '{_WHOSE}'")
    found = {}
    for scope in {*counts, *entrants}:
        tally = dict(zip(_BOUNDS, counts.get(scope, (0,) * len(_BOUNDS)), strict=True))
        enter, more = entrants.get(scope, (0, 0))
        low, high = _ends(tally, enter, lost, bound.indicator.unit)
        exceptions = tally["exceptions"] + more + lost
        if exceptions:
            found[scope] = Range(low, high, exceptions)
    return found


_BOUNDS = {
    "sure": "count(*) FILTER (WHERE belongs)",
    "doubtful": "count(*) FILTER (WHERE belongs IS NULL)",
    "sure_met": "count(*) FILTER (WHERE belongs AND met)",
    "sure_unknown": "count(*) FILTER (WHERE belongs AND met IS NULL)",
    "doubtful_met": "count(*) FILTER (WHERE belongs IS NULL AND met)",
    "doubtful_unmet": "count(*) FILTER (WHERE belongs IS NULL AND NOT met)",
    "doubtful_unknown": "count(*) FILTER (WHERE belongs IS NULL AND met IS NULL)",
    "exceptions": (
        "coalesce(len(list_distinct(flatten(list(exceptions) "
        "FILTER (WHERE belongs IS NULL OR (belongs AND met IS NULL))))), 0)"
    ),
}
"""What is counted of a view's rows: those sure to belong to the base and those that may, by whether they meet it."""


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


def _list_doubts(workspace: Workspace, doubts: Sequence[tuple[str, str, str]]) -> None:
    """Make ``doubt``: one row an exception and column it puts in doubt, with whom it concerns."""
    rows = pa.table(dict(zip(("rule_id", "in_doubt", "level"), map(list, zip(*doubts, strict=True)), strict=True)))
    workspace.connection.register("doubtful", rows)
    workspace.execute(
        """
        CREATE OR REPLACE TEMP TABLE doubt AS
        SELECT exception_id, in_doubt, level, CASE level WHEN 'record' THEN record_key ELSE person_id END AS who,
               record_key, person_id, team_id, extract
        FROM exceptions JOIN doubtful USING (rule_id) WHERE state IN ('new', 'open')
        """
    )
    workspace.connection.unregister("doubtful")


def _rows_in_doubt(library: Library, bound: BoundIndicator) -> str:
    """Return the sub-query of the view's rows, each with whether it belongs to the base and meets it, if known."""
    on = bound.indicator.on
    key = library.views[on].key if on in library.views else library.contracts[on].key
    denominator, numerator = condition_trees(bound, length(bound.indicator), library)
    belongs, met = _in_doubt(denominator, on), _in_doubt(numerator, on)
    met_unless = "true" if bound.numerator is None else _unless_doubt(bound.numerator)
    return f"""(
        SELECT {name(on)}.team_id,
            coalesce(by_person.ids, []) || coalesce(by_record.ids, []) AS exceptions,
            coalesce(by_person.columns, []) || coalesce(by_record.columns, []) AS doubted,
            CASE WHEN list_contains(doubted, '{_ROW}') AND {belongs} IS NOT FALSE THEN NULL
                 ELSE coalesce({belongs}, {_unless_doubt(bound.denominator)}) END AS belongs,
            coalesce({met}, {met_unless}) AS met
        FROM {name(on)}
        LEFT JOIN {_doubt_by("person")} AS by_person ON by_person.who = {name(on)}.person_id
        LEFT JOIN {_doubt_by("record")} AS by_record ON by_record.who = {name(on)}.{name(key)}
    )"""


def _doubt_by(level: str) -> str:
    return f"""(
        SELECT who, list(DISTINCT in_doubt) AS columns, list(DISTINCT exception_id) AS ids
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


def _entrants(library: Library, bound: BoundIndicator) -> str:
    """Return the sub-query of records that are not in the view, but might be if they were put right."""
    on = bound.indicator.on
    view = library.views.get(on)
    key = library.contracts[on].key if view is None else view.key
    return f"""(
        SELECT who, any_value(team_id) AS team_id, count(DISTINCT exception_id) AS n
        FROM doubt
        WHERE in_doubt = '{_ROW}' AND CASE level
            WHEN 'record' THEN who NOT IN (SELECT {name(key)} FROM {name(on)} WHERE {name(key)} IS NOT NULL)
            ELSE who NOT IN (SELECT person_id FROM {name(on)} WHERE person_id IS NOT NULL)
        END
        GROUP BY level, who
    )"""
