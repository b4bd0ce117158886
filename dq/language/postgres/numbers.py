"""Numbers: division, rounding, roots."""

from __future__ import annotations

from sqlglot import exp

from dq.language.postgres.parts import UnportableError, is_double, is_whole, said


def divided(node: exp.Expr) -> exp.Expr:
    """Division: always with decimals, and by nought infinite."""
    above, below = node.this, node.expression
    if isinstance(below, exp.Literal) and float(below.name) != 0:
        return said("CAST(:a AS DOUBLE PRECISION) / :b", a=above, b=below)
    return said(
        "CASE WHEN :b = 0 THEN CASE WHEN :a > 0 THEN CAST('Infinity' AS DOUBLE PRECISION) "
        "WHEN :a < 0 THEN CAST('-Infinity' AS DOUBLE PRECISION) WHEN :a = 0 THEN CAST('NaN' AS DOUBLE PRECISION) END "
        "ELSE CAST(:a AS DOUBLE PRECISION) / :b END",
        a=above,
        b=below,
    )


def divided_whole(node: exp.Expr) -> exp.Expr:
    """``//``: of whole numbers without what remains; of others a division like any."""
    if is_whole(node.this) and is_whole(node.expression):
        return exp.paren(exp.Div(this=node.this.copy(), expression=node.expression.copy(), typed=True))
    return said("CAST(:a AS DOUBLE PRECISION) / :b", a=node.this, b=node.expression)


def remainder(node: exp.Expr) -> exp.Expr:
    """What remains of a division of whole numbers."""
    if is_double(node.this) or is_double(node.expression):
        raise UnportableError("the remainder of a division of numbers with decimals")
    return node


def rounded(node: exp.Expr) -> exp.Expr:
    """Half goes away from nought, in the arithmetic DuckDB does it in."""
    places = node.args.get("decimals")
    if not is_double(node.this):
        return exp.func("ROUND", exp.cast(node.this.copy(), "DECIMAL"), *([places.copy()] if places else []))
    scale = said("POWER(CAST(10 AS DOUBLE PRECISION), :n)", n=places) if places else exp.Literal.number(1)
    moved = said("CAST(:x AS DOUBLE PRECISION) * :scale", x=node.this, scale=scale)
    return said(
        "(TRUNC(:y) + CASE WHEN ABS(:y - TRUNC(:y)) >= 0.5 THEN SIGN(:y) ELSE 0 END) / :scale", y=moved, scale=scale
    )


def root(node: exp.Expr) -> exp.Expr:
    """A square root; of a number below nought it is no number, and no fault."""
    return said("CASE WHEN :x < 0 THEN CAST('NaN' AS DOUBLE PRECISION) ELSE SQRT(:x) END", x=node.this)


def averaged(node: exp.Expr) -> exp.Expr:
    """An average, in floating point."""
    return exp.cast(node.copy(), "DOUBLE")
