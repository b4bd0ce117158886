"""Rules over an extract or view → two statements: one finds the rows at fault, one counts the rows in scope.

The finding statement reads the table once. Inside, each rule is one column: whether the row is in scope and what is
expected is false. Outside, a row comes out once for every rule it fails, with the cells that its exception will
need, so nothing has to be looked up again. Counting asks only what ``where`` names, and costs next to nothing.

Statements are syntax trees, written as SQL by whoever runs them, and dates are left open in them (``$period_end``),
so that one tree serves every engine and every month.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from sqlglot import exp

from dq.language.functions import write_out
from dq.library.policy import BoundRule
from dq.periods import first_day

Dates = dict[str, dt.date]
"""The dates a statement leaves open: ``period_end``, ``period_start``, and the starts of longer windows."""

RULE, ROW = "rule_no", "row_number"
"""The columns of a finding statement besides cells: which rule failed, by its place; which row of the table."""


def dates_at(end: dt.date, windows: Sequence[int] = ()) -> Dates:
    """Return the dates of a month: its end, its first day, and ``period_start_<n>`` for windows of n months.

    With them the collection year that it is in, from ``collection_start`` (1 April) to ``collection_end`` (31 March).
    """
    starts = {f"period_start_{months}": first_day(end, months) for months in windows}
    begun = dt.date(end.year if end.month >= 4 else end.year - 1, 4, 1)
    year = {"collection_start": begun, "collection_end": dt.date(begun.year + 1, 3, 31)}
    return {"period_end": end, "period_start": first_day(end, 1), **year, **starts}


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


def finding(
    table: exp.Expr,
    on: str,
    rules: Sequence[BoundRule],
    cells: Iterable[str],
    limits: Mapping[str, float],
    *,
    numbered: bool,
) -> exp.Select:
    """Return the statement that gives, for every row and rule it fails: rule_no, row_number and the ``cells``.

    ``table`` is what stands in FROM for ``on``: its name, or a view's own SELECT under that name. Only rows of an
    extract have a ``numbered`` place.
    """
    place = exp.column("rowid", on) if numbered else exp.cast(exp.null(), "BIGINT")
    kept = [exp.column(cell, on) for cell in cells]
    fails = [exp.alias_(_fails(rule, limits), f"fails_{i}", copy=False) for i, rule in enumerate(rules)]
    tested = exp.select(exp.alias_(place, ROW), *kept, *fails, copy=False).from_(table)
    named = [exp.Case().when(exp.column(f"fails_{i}"), exp.Literal.number(i), copy=False) for i in range(len(rules))]
    carried = [exp.column(column) for column in (ROW, *cells)]
    listed = (
        exp.select(exp.alias_(exp.Explode(this=exp.Array(expressions=named)), RULE), *carried, copy=False)
        .from_(tested.subquery("tested", copy=False))
        .where(exp.or_(*(exp.column(f"fails_{i}") for i in range(len(rules))), copy=False), copy=False)
    )
    return (
        exp.select(exp.column(RULE), *(column.copy() for column in carried), copy=False)
        .from_(listed.subquery("listed", copy=False))
        .where(exp.column(RULE).is_(exp.null()).not_(), copy=False)
    )


def _fails(rule: BoundRule, limits: Mapping[str, float]) -> exp.Expr:
    """Return the condition that a row is in scope of a rule and is not as expected; null is neither."""
    broken = exp.not_(exp.paren(compiled(rule.expect.tree, limits), copy=False), copy=False)
    if everywhere(rule):
        return broken
    return exp.and_(compiled(rule.where.tree, limits), broken, copy=False)


def counting(table: exp.Expr, rules: Sequence[BoundRule], limits: Mapping[str, float]) -> exp.Select:
    """Return the statement that gives one row: how many rows of the table are in scope of each rule, in order."""
    counts = [
        exp.Count(this=exp.Star()) if everywhere(rule)
        else exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=compiled(rule.where.tree, limits)))
        for rule in rules
    ]  # fmt: skip
    return exp.select(*(exp.alias_(count, f"n{i}") for i, count in enumerate(counts)), copy=False).from_(table)


def everywhere(rule: BoundRule) -> bool:
    """Whether every row of its table is in scope of a rule."""
    return isinstance(rule.where.tree, exp.Boolean) and bool(rule.where.tree.this)
