"""Dates: parts of them, the time between them, and how they are worded."""

from __future__ import annotations

from sqlglot import exp

from dq.language.postgres.parts import UnportableError, said

_FORMATS = {
    "%d": "DD", "%-d": "FMDD", "%m": "MM", "%-m": "FMMM", "%Y": "YYYY", "%y": "YY", "%b": "Mon", "%B": "FMMonth",
    "%H": "HH24", "%M": "MI", "%S": "SS", "%j": "DDD", "%a": "Dy", "%A": "FMDay",
}  # fmt: skip


def part_of_date(node: exp.Expr) -> exp.Expr:
    """``year(day)`` and its like."""
    return said(f"CAST(EXTRACT({type(node).__name__.upper()} FROM :day) AS INT)", day=node.this)


_YEARS = "EXTRACT(YEAR FROM {b}) - EXTRACT(YEAR FROM {a})"
_MONTHS = f"({_YEARS}) * 12 + EXTRACT(MONTH FROM {{b}}) - EXTRACT(MONTH FROM {{a}})"
_CROSSED = {
    "MINUTE": "CAST(EXTRACT(EPOCH FROM DATE_TRUNC('minute', {b}) - DATE_TRUNC('minute', {a})) / 60 AS INT)",
    "HOUR": "CAST(EXTRACT(EPOCH FROM DATE_TRUNC('hour', {b}) - DATE_TRUNC('hour', {a})) / 3600 AS INT)",
    "DAY": "CAST({b} AS DATE) - CAST({a} AS DATE)",
    "MONTH": f"CAST({_MONTHS} AS INT)",
    "YEAR": f"CAST({_YEARS} AS INT)",
}


def date_diff(node: exp.Expr) -> exp.Expr:
    """How many boundaries of a part of the calendar lie between two moments."""
    part = str(node.args.get("unit") or "DAY").strip("'").upper()
    if part not in _CROSSED:
        raise UnportableError(f"date_diff of '{part.lower()}'")
    return said(_CROSSED[part].format(a=":a", b=":b"), a=_moment(node.expression), b=_moment(node.this))


def _moment(node: exp.Expr) -> exp.Expr:
    return exp.cast(node.copy(), "TIMESTAMP")


# The months from a to b, where a is no later: one less than are crossed if the day and time of a, which in a month
# too short for it is that month's last, come after those of b.
_LAST = "EXTRACT(DAY FROM DATE_TRUNC('month', {b}) + INTERVAL '1 month' - INTERVAL '1 day')"
_SHORT = (
    f"CASE WHEN EXTRACT(DAY FROM {{b}}) = {_LAST} AND EXTRACT(DAY FROM {{a}}) > {_LAST} "
    f"THEN {_LAST} ELSE EXTRACT(DAY FROM {{a}}) END"
)
_LATER = f"({_SHORT}, CAST({{a}} AS TIME)) > (EXTRACT(DAY FROM {{b}}), CAST({{b}} AS TIME))"


def _months(start: str, end: str) -> str:
    crossed, later = _CROSSED["MONTH"].format(a=start, b=end), _LATER.format(a=start, b=end)
    return f"{crossed} - CASE WHEN {later} THEN 1 ELSE 0 END"


def whole_parts(node: exp.Anonymous) -> exp.Expr:
    """``date_sub``: how many whole parts lie between two moments."""
    part = str(node.expressions[0].name).lower()
    start, end = (_moment(argument) for argument in node.expressions[1:])
    if part == "day":
        return said("CAST(TRUNC(EXTRACT(EPOCH FROM :b - :a) / 86400) AS INT)", a=start, b=end)
    if part not in {"month", "year"}:
        raise UnportableError(f"date_sub of '{part}'")
    months = f"CASE WHEN :a <= :b THEN {_months(':a', ':b')} WHEN :a > :b THEN -({_months(':b', ':a')}) END"
    return said(months if part == "month" else f"({months}) / 12", a=start, b=end)


def formatted(node: exp.Expr) -> exp.Expr:
    """``strftime``: a day in words."""
    pattern = node.args["format"]
    if not isinstance(pattern, exp.Literal):
        raise UnportableError("strftime with a format that is not written out")
    return exp.func("TO_CHAR", node.this.copy(), exp.Literal.string(_format(pattern.name)))


def begun(node: exp.Expr) -> exp.Expr:
    """``date_trunc``: the first moment of the part of the calendar that a moment is in."""
    node.set("this", _moment(node.this))
    return node


def _format(pattern: str) -> str:
    words, at = "", 0
    while at < len(pattern):
        size = next((n for n in (3, 2) if pattern[at : at + n] in _FORMATS), 0)
        if pattern[at] == "%" and not size:
            raise UnportableError(f"strftime with '{pattern[at : at + 2]}'")
        piece = pattern[at : at + (size or 1)]
        words += _FORMATS[piece] if size else f'"{piece}"' if piece.isalpha() else piece
        at += size or 1
    return words


_NUMBER = "(SELECT {a}.working_day FROM calendar AS {a} WHERE {a}.day = :{a})"


def working_days_between(node: exp.Anonymous) -> exp.Expr:
    """How many working days there are after one day, up to another."""
    begun, ended = node.expressions
    return said(f"({_NUMBER.format(a='ended')} - {_NUMBER.format(a='begun')})", begun=begun, ended=ended)


def working_days_after(node: exp.Anonymous) -> exp.Expr:
    """The day so many working days after another."""
    begun, count = node.expressions
    return said(
        f"(SELECT MIN(due.day) FROM calendar AS due WHERE due.working_day = :count + {_NUMBER.format(a='begun')})",
        begun=begun, count=count,
    )  # fmt: skip
