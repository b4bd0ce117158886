"""A rule as one query of its own: the keys of the records it flags, views within, dates put in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlglot import exp

from dq.engine.compile import compiled, dates_at
from dq.language.bind import REFERENCE_TABLES
from dq.language.functions import own_function
from dq.language.portable import check_dialect, extract_types, portable
from dq.library.policy import BoundRule, Library
from dq.model import Rule
from dq.problems import ProblemsError

KEY = "record_key"
"""The one column of every query: the key of a record that is flagged, null where it has none."""


@dataclass(frozen=True)
class RuleQuery:
    """A rule and its query: ``needs`` are the tables beside extracts that it reads, ``joins`` whether it joins any."""

    rule: Rule
    sql: str
    needs: tuple[str, ...]
    joins: bool


@dataclass(frozen=True)
class LeftOut:
    """A rule that cannot be exported, and why."""

    rule: Rule
    why: str


def rule_queries(
    library: Library, rules: Iterable[BoundRule], period_end: dt.date, dialect: str
) -> tuple[list[RuleQuery], list[LeftOut]]:
    """Return the query of every rule for a month, in the SQL of ``dialect``, and the rules that have none.

    A query reads tables named and typed as the extracts' contracts say, ``calendar`` and ``postcodes``. Raises
    ProblemsError for a dialect that is not known.
    """
    check_dialect(dialect)
    queries, left_out = [], []
    trees = {view.name: compiled(view.tree, library.thresholds) for view in library.tables.in_order(library.views)}
    types = extract_types(library.contracts.values())
    dates = dates_at(period_end)
    for bound in rules:
        if _asks_what_could_not_be_read(bound):
            left_out.append(LeftOut(bound.rule, "a column of a database holds nothing that is not of its type"))
            continue
        select = _select(library, bound, trees)
        needs = {table.name for table in select.find_all(exp.Table)} & set(REFERENCE_TABLES)
        try:
            sql = portable(select, types, dates, dialect, pretty=True)
            queries.append(RuleQuery(bound.rule, sql, tuple(sorted(needs)), select.find(exp.Join) is not None))
        except ProblemsError as error:
            left_out.append(LeftOut(bound.rule, str(error).rstrip(".")))
    return queries, left_out


def _asks_what_could_not_be_read(bound: BoundRule) -> bool:
    calls = (node for tree in (bound.where.tree, bound.expect.tree) for node in tree.find_all(exp.Anonymous))
    return any(function is not None and function.of_cell for function in map(own_function, calls))


def _select(library: Library, bound: BoundRule, trees: Mapping[str, exp.Expr]) -> exp.Select:
    on, limits = bound.rule.on, library.thresholds
    where, expect = compiled(bound.where.tree, limits), compiled(bound.expect.tree, limits)
    view = library.views.get(on)
    key = library.contracts[on].key if view is None else view.key
    flagged = exp.and_(where, exp.not_(exp.paren(expect)))
    select = exp.select(exp.alias_(exp.cast(exp.column(key, on), "VARCHAR"), KEY)).from_(on).where(flagged)
    named = {table.name for tree in (where, expect) for table in tree.find_all(exp.Table)}
    views = library.tables.in_order(sorted({on, *named}))
    for beneath in views:
        select = select.with_(beneath.name, as_=trees[beneath.name].copy())
    return select
