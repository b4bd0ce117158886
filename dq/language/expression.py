"""Parse the SQL of rules, indicators and views, and refuse whatever is not on the list.

A rule holds expressions; a view holds one SELECT. Nothing that could change a table, read a file, alter a
setting or reach the network can be said in either: what is not listed here does not parse.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import SqlglotError

from dq.language.function_list import ANONYMOUS_PASSED_ON, IN_VIEWS, PASSED_ON, all_functions
from dq.language.functions import own_function
from dq.problems import ProblemsError, nearest, refuse

DIALECT = "duckdb"

_EXPRESSION: tuple[type[exp.Expr], ...] = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Placeholder, exp.Paren, exp.Tuple,
    exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In, exp.Between,
    exp.Like, exp.ILike, exp.Escape, exp.NullSafeEQ, exp.NullSafeNEQ,
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Neg, exp.DPipe,
    exp.Case, exp.If, exp.Cast, exp.TryCast, exp.DataType, exp.DataTypeParam, exp.Interval, exp.IntervalSpan, exp.Var,
    exp.Exists, exp.Subquery, exp.Select, exp.From, exp.Table, exp.TableAlias, exp.Where, exp.Alias,
)  # fmt: skip

_VIEW: tuple[type[exp.Expr], ...] = (
    *_EXPRESSION, exp.Join, exp.Group, exp.Having, exp.Qualify, exp.Window, exp.WindowSpec, exp.Order, exp.Ordered,
    exp.Filter, exp.With, exp.CTE, exp.Union, exp.Star, exp.IgnoreNulls, exp.Distinct, *IN_VIEWS,
)  # fmt: skip

_NO_CONDITION = (
    exp.Literal, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Neg, exp.DPipe, exp.Interval,
    exp.Placeholder, exp.Tuple, exp.Lower, exp.Upper, exp.Trim, exp.Length, exp.Abs, exp.Round, exp.DateDiff,
)  # fmt: skip

_SUB_SELECT = frozenset({"expressions", "from_", "where"})
"""What a sub-select of a rule may have."""

_NAME = re.compile(r"[a-z][a-z0-9_]*$")
_RESERVED = frozenset(word.lower() for word in DuckDB.Generator.RESERVED_KEYWORDS)
_PATTERNS = (exp.RegexpLike, exp.RegexpFullMatch)
_MOST_TEXT = 10_000
_MOST_PATTERN = 500
_MOST_REPEATS = 100
"""Limits far beyond what a person writes, so that no file can keep the machine busy by its size alone."""

_TYPES = {"DATE", "TIMESTAMP", "TEXT", "VARCHAR", "INT", "BIGINT", "DOUBLE", "DECIMAL", "BOOLEAN"}
_PLAIN_TYPES = {*_TYPES, "TIMESTAMPNTZ"}
"""With what sqlglot calls the type of a literal such as timestamp '2016-08-31 10:00'."""


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


def is_name(name: str) -> bool:
    """Whether SQL can name a table or column so, without quotes."""
    return bool(_NAME.match(name)) and name not in _RESERVED


def parse_expression(text: str, origin: Origin, *, condition: bool = True) -> exp.Expr:
    """Parse one expression of a rule or indicator: a condition, unless it is to be a number. Raises ProblemsError."""
    tree = _parse(text, origin)
    if isinstance(tree, (exp.Query, exp.DDL, exp.DML, exp.Command)) or not isinstance(tree, exp.Expr):
        instead = "Write a condition such as 'end_date is not null'."
        raise origin.refuse("this is a statement, not an expression.", instead)
    _check_selects(tree, origin)
    _check(tree, _EXPRESSION, origin)
    if condition:
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
    for beginning in tree.find_all(exp.With):
        if beginning.args.get("recursive"):
            raise origin.refuse("'with recursive' cannot be used here: it need not end.")
    for star in tree.find_all(exp.Star):
        if not isinstance(star.parent, exp.Count):
            raise origin.refuse("'*' hides which columns a view has.", "Name the columns.")
    return tree


def _parse(text: str, origin: Origin) -> exp.Expr:
    if len(text) > _MOST_TEXT:
        raise origin.refuse(f"this is {len(text):,} characters long.", f"At most {_MOST_TEXT:,} can be read.")
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
    except RecursionError:
        raise origin.refuse("this is nested too deep to be read.", "Move a part of it into a view.") from None
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
        elif isinstance(node, _PATTERNS):
            _check_pattern(node, origin)
        elif type(node) in PASSED_ON:
            continue
        elif type(node) not in allowed:
            raise origin.refuse(f"{_named(node)} cannot be used here.", _hint(node))
        elif isinstance(node, exp.DataType) and str(node.this.value).upper() not in _PLAIN_TYPES:
            kind = node.sql(DIALECT)
            raise origin.refuse(f"type {kind} cannot be used here.", nearest(kind, _TYPES))
        elif isinstance(node, exp.Placeholder) and not node.this:
            raise origin.refuse("'?' names no parameter.", "Name one, such as :period_end.")
        elif isinstance(node, exp.Table) and (node.args.get("db") or not isinstance(node.this, exp.Identifier)):
            raise origin.refuse(f"{node.sql(DIALECT)} is not the name of an extract or view.")
        elif isinstance(node, exp.Column):
            _check_column(node, origin)


def _check_column(node: exp.Column, origin: Origin) -> None:
    if node.args.get("db"):
        raise origin.refuse(f"'{node.sql(DIALECT)}' is not 'column' or 'table.column'.")
    if node.name.lower() == "unread":
        raise origin.refuse("'unread' is not a column of the records.", "Say readable(column).")


def _check_pattern(node: exp.Expr, origin: Origin) -> None:
    """Refuse a pattern that is worked out, or that repeats so much that it takes the machine's memory to match."""
    pattern = node.expression
    if not isinstance(pattern, exp.Literal) or not pattern.is_string:
        raise origin.refuse("a pattern is written out, not worked out.", "Write it in quotes, as in '^[0-9]+$'.")
    counts = [int(count) for count in re.findall(r"[{,](\d+)", pattern.name)]
    if len(pattern.name) > _MOST_PATTERN or any(count > _MOST_REPEATS for count in counts) or len(counts) > 20:
        most = f"At most {_MOST_PATTERN} characters, and {{n}} up to {_MOST_REPEATS}, no more than 20 times."
        raise origin.refuse("this pattern is too large.", most)


def _check_selects(tree: exp.Expr, origin: Origin) -> None:
    """Refuse a sub-select anywhere but in ``exists`` and ``in``, or with more than FROM one table and WHERE."""
    for node in tree.find_all(exp.Query):
        within = node.parent
        if isinstance(node, exp.Subquery):
            if isinstance(within, exp.In) and isinstance(node.this, exp.Select):
                continue
            raise origin.refuse("a sub-select can only stand in 'exists (…)' or after 'in'.", _SUB_SELECT_HINT)
        if not isinstance(within, (exp.Exists, exp.Subquery)):
            raise origin.refuse("a sub-select can only stand in 'exists (…)' or after 'in'.", _SUB_SELECT_HINT)
        more = {name for name, value in node.args.items() if value} - _SUB_SELECT
        if not isinstance(node, exp.Select) or more or not node.args.get("from_"):
            raise origin.refuse(f"a sub-select cannot have {_clause(node, more)}.", _SUB_SELECT_HINT)
        if isinstance(within, exp.Subquery) and len(node.expressions) != 1:
            raise origin.refuse("a sub-select after 'in' has one column.", _SUB_SELECT_HINT)
    for test in tree.find_all(exp.Exists):
        if not isinstance(test.this, exp.Select):
            raise origin.refuse("'exists' takes a sub-select.", _SUB_SELECT_HINT)


_SUB_SELECT_HINT = "It is 'select … from <an extract or view> where …'; for more, write a view."
_CLAUSES = {"joins": "more than one table", "with_": "'with'", "laterals": "'lateral'"}


def _clause(node: exp.Expr, more: set[str]) -> str:
    """Return what a sub-select has too much of, as people write it."""
    if not isinstance(node, exp.Select):
        return f"'{type(node).__name__.lower()}'"
    if not more:
        return "no 'from'"
    name = min(more)
    return _CLAUSES.get(name, f"'{name.rstrip('_')}'")


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
    if function.of_cell and not all(isinstance(argument, exp.Column) for argument in node.expressions):
        what = f"{function.name} looks at the cell of a column as it came."
        raise origin.refuse(what, "Name a column of the extract.")
    given = len(node.expressions)
    if given != function.arguments:
        raise origin.refuse(f"{function.name} takes {function.arguments} arguments, not {given}.", function.call)


def function_names() -> list[str]:
    """Return the names of all functions of the language."""
    return list(all_functions())


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
