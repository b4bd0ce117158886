"""Parse the SQL of rules, indicators and views, and refuse whatever is not on the list.

A rule holds expressions; a view holds one SELECT. Nothing that could change a table, read a file, alter a
setting or reach the network can be said in either: what is not listed here does not parse.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from dq.language.functions import ANONYMOUS_PASSED_ON, IN_VIEWS, OWN, PASSED_ON, own_function
from dq.problems import ProblemsError, nearest, refuse

DIALECT = "duckdb"

_EXPRESSION: tuple[type[exp.Expr], ...] = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Placeholder, exp.Paren, exp.Tuple,
    exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In, exp.Between,
    exp.Like, exp.ILike, exp.Escape, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Distinct,
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Neg, exp.DPipe,
    exp.Case, exp.If, exp.Cast, exp.TryCast, exp.DataType, exp.Interval, exp.IntervalSpan, exp.Var,
    exp.Exists, exp.Subquery, exp.Select, exp.From, exp.Table, exp.TableAlias, exp.Where, exp.Alias,
)  # fmt: skip

_VIEW: tuple[type[exp.Expr], ...] = (
    *_EXPRESSION, exp.Join, exp.Group, exp.Having, exp.Qualify, exp.Window, exp.WindowSpec, exp.Order, exp.Ordered,
    exp.Filter, exp.With, exp.CTE, exp.Union, exp.Star, exp.IgnoreNulls, *IN_VIEWS,
)  # fmt: skip

_NO_CONDITION = (
    exp.Literal, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Neg, exp.DPipe, exp.Interval,
    exp.Placeholder, exp.Tuple, exp.Lower, exp.Upper, exp.Trim, exp.Length, exp.Abs, exp.Round, exp.DateDiff,
)  # fmt: skip

_TYPES = {"DATE", "TIMESTAMP", "TEXT", "VARCHAR", "INT", "BIGINT", "DOUBLE", "DECIMAL", "BOOLEAN"}


@dataclass(frozen=True)
class Origin:
    """Where a piece of SQL was written: its file and the line it begins on."""

    path: Path | None
    line: int | None
    what: str

    def refuse(self, fault: str, instead: str | None = None, offset: int = 0) -> ProblemsError:
        """Return the error for a fault in this piece of SQL."""
        line = None if self.line is None else self.line + offset
        return refuse(f"{self.what}: {fault}", self.path, line, instead)


def parse_expression(text: str, origin: Origin) -> exp.Expr:
    """Parse one boolean expression of a rule or indicator. Raises ProblemsError."""
    tree = _parse(text, origin)
    if isinstance(tree, (exp.Query, exp.DDL, exp.DML, exp.Command)) or not isinstance(tree, exp.Expr):
        instead = "Write a condition such as 'end_date is not null'."
        raise origin.refuse("this is a statement, not an expression.", instead)
    _check(tree, _EXPRESSION, origin)
    _check_condition(tree, origin)
    return tree


def parse_generated(text: str) -> exp.Expr:
    """Parse an expression that a contract generates; it may use a window function besides."""
    origin = Origin(None, None, "contract")
    tree = _parse(text, origin)
    _check(tree, _VIEW, origin)
    return tree


def parse_select(text: str, origin: Origin) -> exp.Query:
    """Parse the one SELECT of a view. Raises ProblemsError."""
    tree = _parse(text, origin)
    if not isinstance(tree, exp.Query):
        raise origin.refuse("a view is one SELECT.", f"Found {type(tree).__name__.upper()}.")
    _check(tree, _VIEW, origin)
    for star in tree.find_all(exp.Star):
        if not isinstance(star.parent, exp.Count):
            raise origin.refuse("'*' hides which columns a view has.", "Name the columns.")
    return tree


def _parse(text: str, origin: Origin) -> exp.Expr:
    # What it does not know it calls a command, and logs; we refuse commands ourselves, in our own words.
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    try:
        trees = [tree for tree in sqlglot.parse(text, read=DIALECT) if tree is not None]
    except SqlglotError as error:
        detail = getattr(error, "errors", None)
        where = detail[0] if detail else {}
        near = where.get("highlight")
        said = str(where.get("description") or "it does not parse").rstrip(".")
        raise origin.refuse(
            f"this is not SQL: {said}{', at ' + repr(near) if near else ''}.",
            offset=max(0, int(where.get("line") or 1) - 1),
        ) from None
    if len(trees) != 1:
        raise origin.refuse(f"{len(trees)} statements where one expression is expected.")
    tree = trees[0]
    if not isinstance(tree, exp.Expr):
        raise origin.refuse("this is not an expression.")
    return tree


def _check(tree: exp.Expr, allowed: tuple[type[exp.Expr], ...], origin: Origin) -> None:
    for node in tree.walk():
        if isinstance(node, exp.Anonymous):
            _check_call(node, origin)
        elif type(node) in PASSED_ON:
            continue
        elif type(node) not in allowed:
            raise origin.refuse(f"{_named(node)} cannot be used here.", _hint(node))
        elif isinstance(node, exp.DataType) and str(node.this.value).upper() not in _TYPES:
            kind = node.sql(DIALECT)
            raise origin.refuse(f"type {kind} cannot be used here.", nearest(kind, _TYPES))
        elif isinstance(node, exp.Placeholder) and not node.this:
            raise origin.refuse("'?' names no parameter.", "Name one, such as :period_end.")
        elif isinstance(node, exp.Table) and (node.args.get("db") or not isinstance(node.this, exp.Identifier)):
            raise origin.refuse(f"{node.sql(DIALECT)} is not the name of an extract or view.")


def _check_condition(tree: exp.Expr, origin: Origin) -> None:
    """Refuse what cannot be true or false: a number, a text, a date. Whether a column can, its type decides."""
    if isinstance(tree, (exp.Paren, exp.Not)):
        _check_condition(tree.this, origin)
    elif isinstance(tree, (exp.And, exp.Or)):
        _check_condition(tree.this, origin)
        _check_condition(tree.expression, origin)
    elif isinstance(tree, _NO_CONDITION) or (isinstance(tree, exp.Cast) and not tree.is_type("boolean")):
        shown = tree.sql(DIALECT)
        raise origin.refuse(f"'{shown}' is neither true nor false.", f"Compare it, as in '{shown} is not null'.")


def _check_call(node: exp.Anonymous, origin: Origin) -> None:
    function = own_function(node)
    if function is None:
        if node.name.lower() in ANONYMOUS_PASSED_ON:
            return
        called = node.name.lower()
        raise origin.refuse(f"there is no function '{called}'.", nearest(called, function_names()))
    if function.name == "readable" and not all(isinstance(argument, exp.Column) for argument in node.expressions):
        raise origin.refuse("readable looks at the cell of a column as it came.", "Name a column of the extract.")
    given = len(node.expressions)
    if given != function.arguments:
        raise origin.refuse(f"{function.name} takes {function.arguments} arguments, not {given}.", function.call)


def function_names() -> list[str]:
    """Return the names of all functions of the language."""
    passed_on = [function.name for function in (*PASSED_ON.values(), *ANONYMOUS_PASSED_ON.values())]
    return sorted([*OWN, *passed_on])


def _named(node: exp.Expr) -> str:
    if isinstance(node, exp.Func):
        return f"function '{node.sql_name().lower()}'"
    return f"'{node.sql(DIALECT)[:40]}' ({type(node).__name__})"


def _hint(node: exp.Expr) -> str | None:
    return nearest(node.sql_name().lower(), function_names()) if isinstance(node, exp.Func) else None


def parameters(tree: exp.Expr) -> Iterator[str]:
    """Yield the names of the ``:parameters`` a tree uses."""
    for node in tree.find_all(exp.Placeholder):
        yield str(node.this)
