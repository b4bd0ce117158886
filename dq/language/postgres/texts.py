"""Texts: patterns, parts, spaces."""

from __future__ import annotations

from sqlglot import exp

from dq.language.postgres.parts import UnportableError, said
from dq.language.postgres.patterns import UnportablePatternError, postgres_pattern

_SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
"""What DuckDB trims: Unicode's space separators. PostgreSQL trims the plain space alone."""


def like(node: exp.Expr) -> exp.Expr:
    """A pattern without an escape of its own: DuckDB knows none then, PostgreSQL takes the backslash."""
    pattern = node.expression
    plain = isinstance(pattern, exp.Literal) and "\\" not in pattern.name
    if plain or isinstance(node.parent, exp.Escape):
        return node
    return exp.Escape(this=node.copy(), expression=exp.Literal.string(""))


def _pattern(node: exp.Expr, *, replacing: bool = False) -> str:
    if not isinstance(node, exp.Literal):
        raise UnportableError("a regular expression that is not written out")
    try:
        return postgres_pattern(node.name, replacing=replacing)
    except UnportablePatternError as error:
        raise UnportableError(f"the regular expression with {error}") from None


def found(node: exp.Expr) -> exp.Expr:
    """``regexp_matches``."""
    if node.args.get("flag"):
        raise UnportableError("regexp_matches with options")
    return said("CAST(:text AS TEXT) ~ :form", text=node.this, form=_pattern(node.expression))


def fits(node: exp.Expr) -> exp.Expr:
    """``regexp_full_match``."""
    form = _pattern(node.expression)
    options = "(?i)" if form.startswith("(?i)") else ""
    whole = f"{options}^(?:{form.removeprefix(options)})$"
    return said("CAST(:text AS TEXT) ~ :form", text=node.this, form=whole)


def replaced(node: exp.Expr) -> exp.Expr:
    """``regexp_replace``, of the first that is found."""
    if node.args.get("modifiers"):
        raise UnportableError("regexp_replace with options")
    form = exp.Literal.string(_pattern(node.expression, replacing=True))
    return exp.func("REGEXP_REPLACE", node.this.copy(), form, node.args["replacement"].copy(), dialect="postgres")


def trimmed(node: exp.Expr) -> exp.Expr:
    """``trim`` of every kind of space."""
    if node.args.get("expression") or node.args.get("position"):
        return node
    return said("BTRIM(:text, :spaces)", text=node.this, spaces=_SPACES)


def part_of_text(node: exp.Expr) -> exp.Expr:
    """A start below nought counts from the end of the text in DuckDB, from before its beginning in PostgreSQL."""
    start, length = node.args["start"], node.args.get("length")
    if length is not None and isinstance(length, exp.Neg):
        raise UnportableError("substring of a length below nought")
    if length is not None and not isinstance(length, exp.Literal):
        node.set("length", exp.cast(length.copy(), "INT"))
    if not isinstance(start, exp.Literal):
        place = "CASE WHEN :start < 0 THEN LENGTH(:text) + :start + 1 ELSE :start END"
        node.set("start", said(f"CAST({place} AS INT)", start=start, text=node.this))
    return node


def ends_with(node: exp.Expr) -> exp.Expr:
    """Whether a text ends so."""
    return said("RIGHT(:text, LENGTH(:end)) = :end", text=node.this, end=node.expression)


def contains(node: exp.Expr) -> exp.Expr:
    """Whether a text is part of another."""
    return said("STRPOS(:text, :part) > 0", text=node.this, part=node.expression)
