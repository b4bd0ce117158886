"""Conditions of the rule language, drawn at random, each with what it means: SQL, and a slow reading in plain Python.

The reading is of three-valued logic as the language's page tells it, written here a second time and without a
database. A value is a bool, int, text or date, or None for null.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

Row = dict[str, Any]
Value = Any
Reading = Callable[[Row, "World"], Value]


@dataclass(frozen=True)
class Said:
    """A piece of a condition: its SQL, and what it is for one record of a world."""

    sql: str
    of: Reading


@dataclass(frozen=True)
class World:
    """The records there are, by extract, read as their types; and the end of the period."""

    records: dict[str, list[Row]]
    period_end: dt.date


@dataclass(frozen=True)
class Columns:
    """The columns of an extract that conditions may name, by kind."""

    extract: str
    dates: Sequence[str]
    texts: Sequence[str]
    texts_held: Sequence[str]


PLACEMENTS = Columns(
    "cla_placements", ("start_date", "end_date", "recorded_on"), ("placement_type", "provider", "person_id"),
    ("U6", "u6", "K2", "PR1", "A", "B", "U", ""),
)  # fmt: skip
ADDRESSES = Columns("addresses", ("start_date", "end_date"), ("address_type", "person_id"), ("Home", "A", "B", "home"))
DAYS = [
    dt.date(2016, 2, 29), dt.date(2016, 3, 1), dt.date(2016, 2, 28), dt.date(2017, 2, 28), dt.date(2017, 5, 30),
    dt.date(2017, 5, 31), dt.date(2017, 6, 1), dt.date(1999, 5, 31), dt.date(2016, 12, 31), dt.date(2017, 1, 1),
]  # fmt: skip


def _strict(function: Callable[..., Value]) -> Callable[..., Value]:
    """Null of anything that is given a null."""
    return lambda *values: None if any(value is None for value in values) else function(*values)


def _call(sql: str, function: Callable[..., Value], *parts: Said) -> Said:
    """A piece made of pieces: ``sql`` with theirs put in, and ``function`` of what they are."""
    said = sql.format(*(part.sql for part in parts))
    return Said(said, lambda row, world: function(*(part.of(row, world) for part in parts)))


def _both(left: bool | None, right: bool | None) -> bool | None:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def _either(left: bool | None, right: bool | None) -> bool | None:
    if left is True or right is True:
        return True
    return None if left is None or right is None else False


def _first(*values: Value) -> Value:
    return next((value for value in values if value is not None), None)


def _among(value: Value, *listed: Value) -> bool | None:
    if value is None:
        return None
    if value in [item for item in listed if item is not None]:
        return True
    return None if None in listed else False


def _age(born: dt.date, day: dt.date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _months(start: dt.date, end: dt.date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month


def _no_less(value: Value, than: Value) -> bool | None:
    return None if value is None or than is None else value >= than


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _is_code(text: str) -> bool:
    return len(text) == 2 and text[0].isascii() and text[0].isupper() and text[1].isascii() and text[1].isdigit()


def _column(name: str, extract: str) -> Said:
    return Said(f"{extract}.{name}", lambda row, _: row[name])


def _literal(text: str) -> Said:
    return Said("'" + text.replace("'", "''") + "'", lambda *_: text)


def _less_days(number: int) -> tuple[str, Callable[..., Value], str]:
    return (f"({{}} - {number})", _strict(lambda day: day - dt.timedelta(days=number)), "d")


def _largest(*values: Value) -> Value:
    return max((value for value in values if value is not None), default=None)


def _smallest(*values: Value) -> Value:
    return min((value for value in values if value is not None), default=None)


ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b, "<>": lambda a, b: a != b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip
FORMS: dict[str, list[tuple[str, Callable[..., Value], str]]] = {
    "d": [
        ("coalesce({}, {})", _first, "dd"),
        ("nullif({}, {})", lambda a, b: None if a == b else a, "dd"),
        _less_days(0), _less_days(28), _less_days(366),
        ("greatest({}, {})", _largest, "dd"),
        ("least({}, {})", _smallest, "dd"),
        ("case when {} then {} else {} end", lambda when, a, b: a if when is True else b, "cdd"),
    ],
    "n": [
        ("days_between({}, {})", _strict(lambda a, b: (b - a).days), "dd"),
        ("date_diff('month', {}, {})", _strict(_months), "dd"),
        ("age_at({}, {})", _strict(_age), "dd"),
        ("year({})", _strict(lambda day: day.year), "d"),
        ("length({})", _strict(len), "t"),
        ("({} + {})", _strict(lambda a, b: a + b), "nn"),
    ],
    "t": [
        ("coalesce({}, {})", _first, "tt"),
        ("upper({})", _strict(str.upper), "t"),
        ("lower({})", _strict(str.lower), "t"),
        ("substring({}, 1, 1)", _strict(lambda text: text[:1]), "t"),
        ("({} || {})", _strict(lambda a, b: a + b), "tt"),
    ],
    "c": [
        ("({} and {})", _both, "cc"),
        ("({} or {})", _either, "cc"),
        ("(not {})", _strict(lambda holds: not holds), "c"),
        ("coalesce({}, {})", _first, "cc"),
        ("({} is not distinct from {})", lambda a, b: a == b, "cc"),
    ],
}  # fmt: skip
"""How pieces are made of pieces, by kind: (d)ays, (n)umbers, (t)exts and (c)onditions."""
COMPARISONS: list[tuple[str, Callable[..., Value], int]] = [
    *((f"({{}} {order} {{}})", _strict(holds), 2) for order, holds in ORDERS.items()),
    ("({} between {} and {})", lambda a, b, c: _both(_no_less(a, b), _no_less(c, a)), 3),
    ("({} is null)", lambda a: a is None, 1),
    ("({} is not null)", lambda a: a is not None, 1),
    ("({} in ({}, {}))", _among, 3),
    ("({} not in ({}, null))", lambda a, b: _not(_among(a, b, None)), 2),
    ("({} is distinct from {})", lambda a, b: a != b, 2),
]
OF_TEXTS: list[tuple[str, Callable[..., Value], int]] = [
    ("({} like 'U%')", _strict(lambda text: text.startswith("U")), 1),
    ("starts_with({}, {})", _strict(str.startswith), 2),
    ("regexp_matches({}, '^[A-Z][0-9]$')", _strict(_is_code), 1),
]
COUNTS = (-1, 0, 1, 17, 18, 28, 365)


@st.composite
def pieces(draw: st.DrawFn, kind: str, on: Columns, depth: int) -> Said:
    """Return a piece of a kind: a column or what is written where the depth is 0, else made of pieces less deep."""
    if depth <= 0 or draw(st.booleans()):
        return draw(conditions(on, 0)) if kind == "c" else _plainest(draw, kind, on)
    sql, function, parts = draw(st.sampled_from(FORMS[kind]))
    return _call(sql, function, *(draw(pieces(part, on, depth - 1)) for part in parts))


def _plainest(draw: st.DrawFn, kind: str, on: Columns) -> Said:
    if kind == "n":
        number = draw(st.sampled_from(COUNTS))
        return Said(str(number), lambda *_: number)
    columns = on.dates if kind == "d" else on.texts
    written = [None, *DAYS] if kind == "d" else on.texts_held
    if draw(st.booleans()):
        return _column(draw(st.sampled_from(columns)), on.extract)
    value = draw(st.sampled_from(written))
    if value is None:
        return Said(":period_end", lambda _, world: world.period_end)
    return _literal(value) if isinstance(value, str) else Said(f"date '{value}'", lambda *_: value)


@st.composite
def conditions(draw: st.DrawFn, on: Columns, depth: int = 2) -> Said:
    """Return a condition: comparisons of like with like, joined by and, or and not."""
    if depth and draw(st.integers(0, 2)):
        sql, function, parts = draw(st.sampled_from(FORMS["c"]))
        return _call(sql, function, *(draw(conditions(on, depth - 1)) for _ in parts))
    if on is not ADDRESSES and draw(st.integers(0, 4)) == 0:
        return _beside(draw(conditions(ADDRESSES, 0)), draw(st.booleans()))
    kind = draw(st.sampled_from("dtn"))
    sql, function, count = draw(st.sampled_from(COMPARISONS + (OF_TEXTS if kind == "t" else [])))
    return _call(sql, function, *(draw(pieces(kind, on, 1)) for _ in range(count)))


def _beside(inner: Said, by_exists: bool) -> Said:
    """Whether the child of a placement has an address of which the inner condition is true."""

    def found(row: Row, world: World) -> bool:
        child = row["person_id"]
        others = [other for other in world.records["addresses"] if child is not None and other["person_id"] == child]
        return any(inner.of(other, world) is True for other in others)

    def listed(row: Row, world: World) -> bool | None:
        children = [other["person_id"] for other in world.records["addresses"] if inner.of(other, world) is True]
        return False if not children else _among(row["person_id"], *children)

    if by_exists:
        where = f"addresses.person_id = cla_placements.person_id and {inner.sql}"
        return Said(f"exists (select 1 from addresses where {where})", found)
    return Said(f"cla_placements.person_id in (select addresses.person_id from addresses where {inner.sql})", listed)
