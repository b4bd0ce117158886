"""Rules → one statement per extract or view.

The statement reads the table once. Inside, each rule is two columns: whether a row is in scope, and whether
what is expected holds. Outside, each rule is a count of the first and a list of the rows that fail the second.

Dates are left open in every statement (``$period_end``), so that one compiled text serves every month.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlglot import exp

from dq.language.expression import DIALECT
from dq.language.functions import write_out
from dq.library.load import BoundRule
from dq.periods import first_day
from dq.workspace import name

Dates = dict[str, dt.date]
"""The dates a statement leaves open: ``period_end``, ``period_start``, and the starts of longer windows."""


def dates_at(end: dt.date, windows: Sequence[int] = ()) -> Dates:
    """Return the dates of a month: its end, its first day, and ``period_start_<n>`` for windows of n months."""
    starts = {f"period_start_{months}": first_day(end, months) for months in windows}
    return {"period_end": end, "period_start": first_day(end, 1), **starts}


def compiled(tree: exp.Expr, limits: Mapping[str, float], months: int | None = None) -> exp.Expr:
    """Return a bound tree as it will be run: our functions written out, limits put in, dates left open.

    With ``months`` the period is a window of that many months, not one.
    """

    def put_in(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Placeholder):
            return node
        parameter = str(node.this)
        if parameter in limits:
            value = limits[parameter]
            return exp.Literal.number(int(value) if float(value).is_integer() else value)
        if parameter == "period_start" and months is not None:
            node = exp.Placeholder(this=f"period_start_{months}")
        return exp.cast(node, "DATE", copy=True)

    return write_out(tree).transform(put_in, copy=False)


def rules_statement(on: str, rules: Sequence[BoundRule], limits: Mapping[str, float]) -> str:
    """Return the one statement that tests all ``rules`` over ``on``.

    It gives one row: for rule i, ``n<i>`` how many rows are in scope and ``f<i>`` the row ids of those flagged.
    """
    inner: list[exp.Expr] = [exp.column("rowid", on)]
    outer: list[exp.Expr] = []
    for i, rule in enumerate(rules):
        inner.append(exp.alias_(compiled(rule.where.tree, limits), f"s{i}"))
        inner.append(exp.alias_(compiled(rule.expect.tree, limits), f"e{i}"))
        scope, holds = exp.column(f"s{i}"), exp.column(f"e{i}")
        outer.append(_filtered(exp.Count(this=exp.Star()), scope, f"n{i}"))
        outer.append(_filtered(exp.ArrayAgg(this=exp.column("rowid")), exp.and_(scope, exp.not_(holds)), f"f{i}"))
    tested = exp.select(*inner, copy=False).from_(on).subquery("tested", copy=False)
    return exp.select(*outer, copy=False).from_(tested).sql(DIALECT)


def _filtered(aggregate: exp.Expr, when: exp.Expr, alias: str) -> exp.Expr:
    return exp.alias_(exp.Filter(this=aggregate, expression=exp.Where(this=when)), alias, copy=False)


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
