"""What DuckDB means, said in PostgreSQL: one function for each kind of expression that the two read differently.

Each takes a node whose parts are already PostgreSQL's, and whose type and whose parts' types are known, and returns
what stands in its place. Whatever is not here means the same in both. :class:`UnportableError` is raised for what
PostgreSQL cannot be made to do the same way.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from dq.language.function_list import CALENDAR_AFTER, CALENDAR_BETWEEN
from dq.language.postgres import casts, comparisons, dates, numbers, texts
from dq.language.postgres.parts import UnportableError

__all__ = ["CALLS", "REWRITES", "Rewrite", "UnportableError"]

Rewrite = Callable[[exp.Expr], exp.Expr]

_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.NullSafeEQ, exp.NullSafeNEQ)

REWRITES: dict[type[exp.Expr], Rewrite] = {
    **dict.fromkeys(_COMPARISONS, comparisons.compared),
    **dict.fromkeys((exp.Min, exp.Max, exp.Greatest, exp.Least), comparisons.extreme),
    **dict.fromkeys((exp.Filter, exp.Window), comparisons.over),
    exp.In: comparisons.listed,
    exp.Between: comparisons.between,
    exp.Ordered: comparisons.ordered,
    **dict.fromkeys((exp.Year, exp.Month, exp.Day), dates.part_of_date),
    **dict.fromkeys((exp.DateTrunc, exp.TimestampTrunc), dates.begun),
    exp.DateDiff: dates.date_diff,
    exp.TimeToStr: dates.formatted,
    exp.Div: numbers.divided,
    exp.IntDiv: numbers.divided_whole,
    exp.Mod: numbers.remainder,
    exp.Round: numbers.rounded,
    exp.Sqrt: numbers.root,
    exp.Avg: numbers.averaged,
    **dict.fromkeys((exp.Like, exp.ILike), texts.like),
    exp.RegexpLike: texts.found,
    exp.RegexpFullMatch: texts.fits,
    exp.RegexpReplace: texts.replaced,
    exp.Trim: texts.trimmed,
    exp.Substring: texts.part_of_text,
    exp.EndsWith: texts.ends_with,
    exp.Contains: texts.contains,
    **dict.fromkeys((exp.Cast, exp.TryCast), casts.cast),
    exp.IgnoreNulls: casts.any_value,
    exp.Sum: casts.added,
}
"""How each kind of node is said in PostgreSQL."""

CALLS: dict[str, Callable[[exp.Anonymous], exp.Expr]] = {
    "date_sub": dates.whole_parts,
    CALENDAR_BETWEEN: dates.working_days_between,
    CALENDAR_AFTER: dates.working_days_after,
}
"""How functions that sqlglot does not know are said in PostgreSQL."""
