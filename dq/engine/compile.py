"""Rules → one statement per extract or view.

The statement reads the table once. Inside, each rule is two columns: whether a row is in scope, and whether
it is flagged. Outside, each rule is a count of the first and a list of the rows of the second.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlglot import exp

from dq.language.bind import Bound
from dq.language.expression import DIALECT, put_in
from dq.language.functions import write_out
from dq.library.load import BoundRule
from dq.workspace import name


Values = Mapping[str, dt.date | float]
"""The value of every ``:parameter``."""


def parameter_values(period_end: dt.date, period_start: dt.date, thresholds: Mapping[str, float]) -> Values:
    """Return the value of every ``:parameter``: the two dates, and the thresholds."""
    return {**thresholds, "period_end": period_end, "period_start": period_start}


def condition(bound: Bound, values: Values) -> exp.Expression:
    """Return a bound expression as it will be run, in brackets: parameters put in, our functions written out."""
    return exp.paren(put_in(write_out(bound.tree), {name: _literal(value) for name, value in values.items()}), copy=False)


def view_statement(tree: exp.Expression) -> str:
    """Return the SELECT of a view with its dates left open, to be run at any period end, and its limits as well."""
    return write_out(tree).transform(_left_open).sql(DIALECT)


def _left_open(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Placeholder):
        return exp.cast(node.copy(), "DATE" if str(node.this).startswith("period_") else "DOUBLE")
    return node


def _literal(value: dt.date | float) -> exp.Expression:
    if isinstance(value, dt.date):
        return exp.cast(exp.Literal.string(value.isoformat()), "DATE")
    return exp.Literal.number(int(value) if float(value).is_integer() else value)


def rules_statement(on: str, rules: Sequence[BoundRule], values: Values) -> str:
    """Return the one statement that tests all ``rules`` over ``on``.

    It gives one row: for rule i, ``n<i>`` how many rows are in scope and ``f<i>`` the row ids of those flagged.
    """
    inner = [exp.column("rowid", on)]
    outer: list[exp.Expression] = []
    for i, rule in enumerate(rules):
        where, expect = condition(rule.where, values), condition(rule.expect, values)
        inner.append(exp.alias_(where, f"s{i}"))
        inner.append(exp.alias_(exp.and_(where.copy(), exp.not_(expect)), f"x{i}"))
        outer.append(_filtered(exp.Count(this=exp.Star()), f"s{i}", f"n{i}"))
        outer.append(_filtered(exp.ArrayAgg(this=exp.column("rowid")), f"x{i}", f"f{i}"))
    tested = exp.select(*inner).from_(on).subquery("tested")
    return exp.select(*outer).from_(tested).sql(DIALECT)


def _filtered(aggregate: exp.Expression, when: str, alias: str) -> exp.Expression:
    return exp.alias_(exp.Filter(this=aggregate, expression=exp.Where(this=exp.column(when))), alias)


def message_sql(message: str, types: Mapping[str, str], table: str) -> str:
    """Return the SQL that words a rule's message for one row: dates as 4 May 2017, nothing as (blank)."""
    parts: list[str] = []
    for i, piece in enumerate(message.split("{")):
        column, closed, text = piece.partition("}") if i else ("", "", piece)
        if closed:
            parts.append(f"coalesce({_worded(f'{table}.{name(column)}', types[column])}, '(blank)')")
        parts.append("'" + text.replace("'", "''") + "'")
    return " || ".join(part for part in parts if part != "''") or "''"


def _worded(cell: str, kind: str) -> str:
    if kind == "DATE":
        return f"strftime({cell}, '%-d %b %Y')"
    if kind.startswith("TIMESTAMP"):
        return f"strftime({cell}, '%-d %b %Y %H:%M')"
    return f"CAST({cell} AS VARCHAR)"
