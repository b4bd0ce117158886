"""Which rows of the facts a check looks at: a closed language of comparisons joined by ``and``.

``present``, ``not present``, ``rows > 0``, ``severity == 'error'``, ``status in ['passed', 'flagged']``.
It is read as an expression and never run as code.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from dq.gate.columns import Column
from dq.problems import nearest

_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "IN",
    ast.NotIn: "NOT_IN",
}
Value = str | float | bool | list[str | float]
"""What a column is compared with; an int is a float here."""

_FORM = "Write comparisons of a column with a value, joined by 'and': present and rows > 0."


class WhenError(Exception):
    """A ``when`` that cannot be read: what is wrong, and what would be accepted."""

    def __init__(self, what: str, instead: str | None = _FORM) -> None:
        self.what, self.instead = what, instead
        super().__init__(what)


@dataclass(frozen=True)
class Term:
    """One comparison: a column, an operator as Great Expectations names it, and a value or a list of values."""

    column: str
    operator: str
    value: Value


def terms(text: str, columns: Mapping[str, Column]) -> list[Term]:
    """Return the comparisons that must all hold. Raises WhenError."""
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError):
        raise WhenError(f"'when' cannot be read: {text}") from None
    parts = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
    return [_term(part, columns) for part in parts]


def _term(node: ast.expr, columns: Mapping[str, Column]) -> Term:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return Term(_flag(node.operand, columns), "==", False)
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _OPERATORS:
        return Term(
            _column(node.left, columns), _OPERATORS[type(node.ops[0])], _value(node.comparators[0], node.ops[0])
        )
    return Term(_flag(node, columns), "==", True)


def _column(node: ast.expr, columns: Mapping[str, Column]) -> str:
    if not isinstance(node, ast.Name):
        raise WhenError(f"'when' has '{ast.unparse(node)}' where a column should be.")
    if node.id not in columns:
        raise WhenError(f"'when' names '{node.id}', which is not a column of these facts.", nearest(node.id, columns))
    return node.id


def _flag(node: ast.expr, columns: Mapping[str, Column]) -> str:
    name = _column(node, columns)
    if columns[name].holds != "flag":
        raise WhenError(f"'when' has '{name}' on its own, which is neither true nor false.")
    return name


def _value(node: ast.expr, operator: ast.cmpop) -> Value:
    try:
        value: Value | tuple[str | float, ...] = ast.literal_eval(node)
    except ValueError:
        raise WhenError(f"'when' compares with '{ast.unparse(node)}', which is not a value.") from None
    wanted: tuple[type, ...] = (list, tuple) if isinstance(operator, ast.In | ast.NotIn) else (str, int, float, bool)
    if not isinstance(value, wanted):
        raise WhenError(f"'when' compares with '{ast.unparse(node)}', which does not fit its operator.")
    return list(value) if isinstance(value, tuple) else value
