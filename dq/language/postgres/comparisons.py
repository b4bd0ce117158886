"""Comparisons and order: DuckDB puts texts in order by their bytes, whatever language they are in."""

from __future__ import annotations

from sqlglot import exp

from dq.language.postgres.casts import cast
from dq.language.postgres.parts import UnportableError, is_text, is_type, operand


def _collated(node: exp.Expr) -> exp.Expr:
    """A text, to be put in order by its bytes as DuckDB does, not as the database's language would."""
    return exp.Collate(this=operand(node), expression=exp.to_identifier("C", quoted=True))


def compared(node: exp.Expr) -> exp.Expr:
    """Two sides of a comparison: for sameness a text is read as the type of the other, in order texts go by bytes."""
    if isinstance(node.this, exp.Tuple):
        return _rows_compared(node)
    if not isinstance(node, (exp.LT, exp.LTE, exp.GT, exp.GTE)):
        _same_type(node)
    elif is_text(node.this) and is_text(node.expression):
        node.set("this", _collated(node.this))
    return node


def _same_type(node: exp.Expr) -> None:
    for side, other in (("this", "expression"), ("expression", "this")):
        cell, kind = node.args[side], node.args[other].type
        typed = kind is not None and not kind.is_type(exp.DType.UNKNOWN, exp.DType.NULL, *exp.DataType.TEXT_TYPES)
        if is_text(cell) and not isinstance(cell, exp.Literal) and typed and not isinstance(cell, exp.Subquery):
            read = exp.Cast(this=cell.copy(), to=kind.copy())
            node.set(side, cast(read))


def _rows_compared(node: exp.Expr) -> exp.Expr:
    """Rows of values: DuckDB takes two nulls in them for the same, and never answers null."""
    same = isinstance(node, (exp.EQ, exp.NullSafeEQ))
    if not same and not isinstance(node, (exp.NEQ, exp.NullSafeNEQ)):
        raise UnportableError("which of two rows of values comes first")
    alike = _alike(node.this, node.expression)
    return alike if same else exp.not_(alike)


def _alike(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    if not isinstance(right, exp.Tuple):
        raise UnportableError("a row of values compared with something else")
    pairs = zip(left.expressions, right.expressions, strict=True)
    return exp.paren(exp.and_(*(exp.NullSafeEQ(this=a.copy(), expression=b.copy()) for a, b in pairs)))


def listed(node: exp.Expr) -> exp.Expr:
    """Whether something is in a list; for rows of values see what makes two of them alike."""
    if isinstance(node.this, exp.Tuple) and node.expressions:
        return exp.paren(exp.or_(*(_alike(node.this, item) for item in node.expressions)))
    return node


def between(node: exp.Expr) -> exp.Expr:
    """Between two bounds, as two comparisons would be."""
    if is_text(node.this) and is_text(node.args["low"]) and is_text(node.args["high"]):
        node.set("this", _collated(node.this))
    return node


def extreme(node: exp.Expr) -> exp.Expr:
    """The largest or smallest: of texts by their bytes, of truths by whether any or all hold."""
    if is_type(node.this, exp.DType.BOOLEAN) and isinstance(node, exp.AggFunc):
        return (exp.LogicalOr if isinstance(node, exp.Max) else exp.LogicalAnd)(this=node.this.copy())
    if not is_text(node.this):
        return node
    node.set("this", _collated(node.this))
    node.set("expressions", [_collated(other) for other in node.expressions])
    return node if isinstance(node.parent, (exp.Filter, exp.Window)) else _usual(node)


def over(node: exp.Expr) -> exp.Expr:
    """A function over a window or of filtered rows, as a whole."""
    function = node.this.this if isinstance(node.this, exp.Filter) else node.this
    whole = not isinstance(node.parent, exp.Window) and isinstance(function, (exp.Min, exp.Max)) and is_text(node)
    return _usual(node) if whole else node


def _usual(node: exp.Expr) -> exp.Expr:
    """A text that was put in order by its bytes: it must not meet, further out, a text ordered otherwise."""
    return exp.paren(exp.Collate(this=node.copy(), expression=exp.to_identifier("default", quoted=True)))


def ordered(node: exp.Expr) -> exp.Expr:
    """One term of an order."""
    if is_text(node.this):
        node.set("this", _collated(node.this))
    return node
