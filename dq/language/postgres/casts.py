"""Types: one read as another, and what comes of many rows."""

from __future__ import annotations

from sqlglot import exp

from dq.language.postgres.parts import UnportableError, is_double, is_text, is_type, is_whole, said

_ISO_DAY = r"^\s*([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})\s*$"


def cast(node: exp.Expr) -> exp.Expr:
    """``cast`` and ``try_cast``."""
    value, trying = node.this, isinstance(node, exp.TryCast)
    if is_text(node) and is_double(value):
        whole = "CASE WHEN ABS(:x) < 1e16 AND :x = TRUNC(:x) THEN CAST(CAST(:x AS BIGINT) AS TEXT) || '.0'"
        return said(f"{whole} ELSE CAST(:x AS TEXT) END", x=value)
    if is_type(value, exp.DType.BOOLEAN) and is_whole(node):
        return exp.Cast(this=exp.cast(value.copy(), "INT"), to=node.args["to"].copy())
    if is_whole(value) and is_type(node, exp.DType.BOOLEAN):
        return said(":x <> 0", x=value)
    if trying and is_double(value) and is_whole(node):
        raise UnportableError("try_cast of a number with decimals")
    if is_text(value) and not isinstance(value, exp.Literal):
        return _read(value, node.args["to"], trying=trying)
    return exp.Cast(this=value.copy(), to=node.args["to"].copy()) if trying else node


def _read(text: exp.Expr, kind: exp.DataType, *, trying: bool) -> exp.Expr:
    """A text read as a type; ``trying`` gives null where it cannot be."""
    target = kind.sql("postgres")
    if kind.is_type(*exp.DataType.TEXT_TYPES):
        return exp.Cast(this=text.copy(), to=kind.copy())
    if kind.is_type(*exp.DataType.INTEGER_TYPES, *exp.DataType.REAL_TYPES):
        number = f"CAST(CAST(:x AS NUMERIC) AS {target})"
        form = r"^\s*[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?\s*$"
        return said(f"CASE WHEN :x ~ '{form}' THEN {number} END", x=text) if trying else said(number, x=text)
    if kind.is_type(exp.DType.DATE):
        year, month, day = (rf"CAST(REGEXP_REPLACE(:x, '{_ISO_DAY}', '\{i}') AS INT)" for i in (1, 2, 3))
        last = f"EXTRACT(DAY FROM MAKE_DATE({year}, {month}, 1) + INTERVAL '1 month' - INTERVAL '1 day')"
        made = f"MAKE_DATE({year}, {month}, {day})"
        held = (
            f"CASE WHEN {month} BETWEEN 1 AND 12 AND {year} > 0 THEN "
            f"CASE WHEN {day} BETWEEN 1 AND {last} THEN {made} END END"
        )
        return said(f"CASE WHEN :x ~ '{_ISO_DAY}' THEN {held if trying else made} "
                    + ("" if trying else "ELSE CAST('no day: ' || :x AS DATE) ") + "END", x=text)  # fmt: skip
    if trying:
        raise UnportableError(f"try_cast of a text to {target}")
    return exp.Cast(this=text.copy(), to=kind.copy())


def any_value(node: exp.Expr) -> exp.Expr:
    """Any value that is there: the first to be met."""
    if isinstance(node.this, exp.AnyValue):
        if isinstance(node.parent, (exp.Filter, exp.Window)):
            raise UnportableError("any_value over a window or of filtered rows")
        return said("(ARRAY_AGG(:x) FILTER (WHERE NOT :x IS NULL))[1]", x=node.this.this)
    raise UnportableError("ignore nulls")


def added(node: exp.Expr) -> exp.Expr:
    """A sum; of truths it is how many hold."""
    if is_type(node.this, exp.DType.BOOLEAN):
        node.set("this", exp.cast(node.this.copy(), "INT"))
    return node
