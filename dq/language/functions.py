"""Our own functions, written out as plain SQL before a statement is run. The list is in ``function_list``."""

from __future__ import annotations

from collections.abc import Sequence

import sqlglot
from sqlglot import exp

from dq.language.function_list import CALENDAR_AFTER, CALENDAR_BETWEEN, OWN, Function


def own_function(node: exp.Expr) -> Function | None:
    """Return our own function that a syntax tree node calls, if it is one."""
    return OWN.get(node.name.lower()) if isinstance(node, exp.Anonymous) else None


def write_out(tree: exp.Expr) -> exp.Expr:
    """Return a copy of the tree in which our own functions are plain SQL."""

    def expand(node: exp.Expr) -> exp.Expr:
        function = own_function(node)
        if function is None:
            return node
        arguments: Sequence[exp.Expr] = node.expressions
        if function.of_cell:
            (cell,) = arguments
            arguments = [exp.column("unread", table=cell.args["table"]), exp.Literal.string(cell.name), cell]
        return _fill(function, [write_out(argument) for argument in arguments])

    return tree.copy().transform(expand, copy=False)


def looks_up_days(tree: exp.Expr) -> bool:
    """Whether a tree in which our own functions are written out needs the calendar, without naming it."""
    return any(node.name in {CALENDAR_BETWEEN, CALENDAR_AFTER} for node in tree.find_all(exp.Anonymous))


def _fill(function: Function, arguments: Sequence[exp.Expr]) -> exp.Expr:
    template = _parsed(function)

    def put(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column) and node.name.startswith("_") and not node.table:
            return exp.paren(arguments[int(node.name[1:]) - 1].copy(), copy=False)
        return node

    return exp.paren(write_out(template.copy().transform(put, copy=False)), copy=False)


_templates: dict[str, exp.Expr] = {}


def _parsed(function: Function) -> exp.Expr:
    if function.name not in _templates:
        assert function.template is not None  # noqa: S101 - every function in OWN has one
        _templates[function.name] = sqlglot.parse_one(function.template, read="duckdb")
    return _templates[function.name]
