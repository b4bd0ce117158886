"""What the rewriting of every kind of expression needs: SQL with parts filled in, and what type a part has."""

from __future__ import annotations

from functools import cache

import sqlglot
from sqlglot import exp


class UnportableError(ValueError):
    """Something that cannot be said in the other engine. Its text says what."""


@cache
def _template(text: str) -> exp.Expr:
    return sqlglot.parse_one(text, read="postgres")


def said(sql: str, /, **parts: exp.Expr | str) -> exp.Expr:
    """Return SQL of PostgreSQL with its ``:names`` filled in: with expressions, or with texts as literals."""

    def fill(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Placeholder):
            return node
        part = parts[node.name]
        return exp.Literal.string(part) if isinstance(part, str) else operand(part)

    return exp.paren(_template(sql).copy().transform(fill, copy=False), copy=False)


def operand(node: exp.Expr) -> exp.Expr:
    """Return a copy of a node that can stand beside any operator: in brackets, unless it holds together alone."""
    alone = isinstance(node, (exp.Column, exp.Literal, exp.Paren, exp.Func, exp.Subquery, exp.Cast))
    return node.copy() if alone and not isinstance(node, (exp.Connector, exp.Binary)) else exp.paren(node)


def is_type(node: exp.Expr | None, *kinds: exp.DType) -> bool:
    """Whether a node is known to be of one of the types."""
    return isinstance(node, exp.Expr) and node.is_type(*kinds)


def is_text(node: exp.Expr | None) -> bool:
    """Whether a node is known to be a text."""
    return is_type(node, *exp.DataType.TEXT_TYPES)


def is_whole(node: exp.Expr | None) -> bool:
    """Whether a node is known to be a whole number."""
    return is_type(node, *exp.DataType.INTEGER_TYPES)


def is_double(node: exp.Expr | None) -> bool:
    """Whether a node is known to be a number in floating point."""
    return is_type(node, exp.DType.DOUBLE, exp.DType.FLOAT)
