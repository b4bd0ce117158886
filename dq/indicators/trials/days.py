"""Which days could matter to a figure: where what it says of a recorded day may turn as that day is moved.

A figure compares days with days: those of the child's records with one another and with the period's, each as it is or
moved by days, working days or months that policy names. So, as one day is moved and all else stays, what the figure
says of it can change only at another of those days, so moved. Trying each of them, with the day before and after, tries
every day there is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from dq.engine.compile import compiled, dates_at
from dq.indicators.trials.apart import Apart
from dq.language.bind import DATES
from dq.language.expression import DIALECT
from dq.language.functions import own_function
from dq.library.policy import Base, Library
from dq.workspace import Workspace

_MOVES = {"days_after": "days", "months_after": "months", "working_days_after": "working_days"}
_YEARS, _OLDEST = "years", 30
_BETWEEN = {"days_between": "days", "working_days_between": "working_days", "age_at": _YEARS}
_PARTS_OF_A_YEAR = frozenset({"first_day", "financial_year_start", "academic_year_start", "weekday_number"})
_COMPARED = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between)
_MAKES_A_DAY = (exp.Add, exp.Sub, exp.Paren, exp.Cast, exp.Anonymous)
_TAKEN_APART = (exp.Year, exp.Month, exp.Day, exp.Extract, exp.DateTrunc, exp.TimestampTrunc, exp.LastDay)
_PLACES = (exp.RowNumber, exp.Rank, exp.DenseRank)
_FURTHEST = 4000
"""Numbers beyond it are no days."""


@dataclass(frozen=True)
class Turns:
    """Where a figure may turn: on days of the period's own, and as days of records are moved by so much.

    ``moves`` are of (``days``, ``working_days`` or ``months``, how many), either way; ``ages`` are those that someone's
    age is compared with. ``known`` is false where days are taken apart in some other way, so that nobody can say.
    """

    days: frozenset[dt.date] = frozenset()
    moves: frozenset[tuple[str, int]] = frozenset()
    ages: frozenset[int] = frozenset()
    known: bool = True

    def and_(self, other: Turns) -> Turns:
        """Return where either of two figures may turn."""
        known = self.known and other.known
        return Turns(self.days | other.days, self.moves | other.moves, self.ages | other.ages, known)


@dataclass(frozen=True)
class _Counts:
    """The units in which something counts time: those of its own, and whatever the columns that it names count."""

    units: frozenset[str]
    columns: frozenset[str]


@dataclass(frozen=True)
class _Said:
    """What a tree says of days: numbers and what they are compared with, what it calls columns, moves, fixed days."""

    compared: Sequence[tuple[frozenset[int], _Counts]]
    called: Mapping[str, Sequence[_Counts]]
    moves: frozenset[tuple[str, int]]
    fixed: frozenset[str]
    known: bool


class Turning:
    """Finds where figures may turn; what a view says is read once for all figures on it."""

    def __init__(self, workspace: Workspace, library: Library, apart: Apart, period: dt.date) -> None:
        self._workspace, self._library, self._apart, self._period = workspace, library, apart, period
        self._views: dict[str, _Said] = {}
        self._days: dict[frozenset[str], frozenset[dt.date]] = {}

    def of(self, base: Base, months: int) -> Turns:
        """Return where the figures on a base may turn, over a window of so many months."""
        limits = self._library.thresholds
        said = [_said(part.tree, limits, months) for part in base.parts.values()]
        shared = set(self._apart.shared([base.on]))
        for view in self._library.tables.in_order([base.on]):
            if view.name not in shared:
                if view.name not in self._views:
                    self._views[view.name] = _said(view.tree, limits, None)
                said.append(self._views[view.name])
        moves, ages = set[tuple[str, int]]().union(*(one.moves for one in said)), set[int]()
        called = _Called(said)
        for one in said:
            for numbers, counts in one.compared:
                for unit in called.units(counts):
                    if unit == _YEARS:
                        ages |= {n for n in numbers if n <= _OLDEST}
                    else:
                        moves |= {(unit, n) for n in numbers}
        fixed = frozenset[str]().union(*(one.fixed for one in said))
        known = all(one.known for one in said)
        return Turns(self._worked_out(fixed, months), frozenset(moves), frozenset(ages), known)

    def _worked_out(self, fixed: frozenset[str], months: int) -> frozenset[dt.date]:
        if fixed and fixed not in self._days:
            dates = dates_at(self._period, [months])
            found = self._workspace.execute(f"SELECT {', '.join(sorted(fixed))}", dates).fetchall()[0]
            self._days[fixed] = frozenset(day for day in found if day is not None)
        return self._days.get(fixed, frozenset())


class _Called:
    """What columns count, by name: one of several that share a name may be any of them."""

    def __init__(self, said: Iterable[_Said]) -> None:
        self._called: dict[str, list[_Counts]] = {}
        for one in said:
            for column, counts in one.called.items():
                self._called.setdefault(column, []).extend(counts)

    def units(self, counts: _Counts) -> set[str]:
        """Return every unit that something may count, through any depth of columns."""
        units, seen, waiting = set[str](), set[str](), [counts]
        while waiting:
            here = waiting.pop()
            units |= here.units
            for column in here.columns - seen:
                seen.add(column)
                waiting += self._called.get(column, ())
        return units


def _said(tree: exp.Expr, limits: Mapping[str, float], months: int | None) -> _Said:
    compared, moves, known = list[tuple[frozenset[int], _Counts]](), set[tuple[str, int]](), True
    called: dict[str, list[_Counts]] = {}
    for node in tree.walk():
        if isinstance(node, _COMPARED) and (numbers := _compared_with(node, limits)):
            compared.append((frozenset(numbers), _counts(node)))
        if isinstance(node, exp.Alias):
            called.setdefault(node.alias, []).append(_counts(node.this))
        if isinstance(node, exp.TableAlias):
            # Which column of the query each of these is goes by place: any may be.
            for column in node.columns:
                called.setdefault(column.name, []).append(_counts(tree))
        if isinstance(node, (exp.Add, exp.Sub, exp.Anonymous, *_TAKEN_APART)) and node.find(exp.Column):
            found = _move(node, limits)
            moves |= set(found or ())
            known = known and found is not None and not _is_taken_apart(node)
    fixed = frozenset(_days(tree, limits, months))
    return _Said(compared, called, frozenset(moves), fixed, known)


def _counts(tree: exp.Expr) -> _Counts:
    """Return what an expression counts. The place of a row among others is no count of days, whatever it goes by."""
    units, columns = set[str](), set[str]()
    for node in tree.walk(prune=lambda one: isinstance(one, exp.Window) and isinstance(one.this, _PLACES)):
        if isinstance(node, exp.Window) and isinstance(node.this, _PLACES):
            continue
        if isinstance(node, exp.Column):
            columns.add(node.name)
        elif isinstance(node, (exp.Sub, exp.Anonymous)) and node.find(exp.Column):
            units |= _counted(node)
    return _Counts(frozenset(units), frozenset(columns))


def _number(node: exp.Expr, limits: Mapping[str, float]) -> int | None:
    """Return the whole number that an expression without columns is; None where it is none."""
    node = node.unnest()
    if isinstance(node, (exp.Cast, exp.Neg)):
        inner = _number(node.this, limits)
        return None if inner is None else -inner if isinstance(node, exp.Neg) else inner
    if isinstance(node, exp.Sub):
        left, right = _number(node.this, limits), _number(node.expression, limits)
        return None if left is None or right is None else left - right
    if isinstance(node, exp.Placeholder) and str(node.this) in limits:
        return round(limits[str(node.this)])
    if isinstance(node, exp.Literal) and not node.is_string:
        return round(float(node.this))
    return None


def _compared_with(node: exp.Expr, limits: Mapping[str, float]) -> set[int]:
    """Return the whole numbers that something is compared with."""
    sides = [node.args.get(part) for part in ("this", "expression", "low", "high")]
    found = {_number(side, limits) for side in sides if isinstance(side, exp.Expr)}
    return {abs(one) for one in found if one is not None and abs(one) <= _FURTHEST}


def _move(node: exp.Expr, limits: Mapping[str, float]) -> Iterable[tuple[str, int]] | None:
    """Return by how much a node moves a day of a record: by nothing, if it does not; None where that is not known."""
    function = own_function(node)
    if function is not None and function.name in _MOVES:
        day, by = node.expressions
        if not day.find(exp.Column) and not by.find(exp.Column):
            return ()
        number = _number(by, limits)
        return None if number is None else [(_MOVES[function.name], abs(number))]
    if isinstance(node, (exp.Add, exp.Sub)):
        day, by = node.this, node.expression
        if isinstance(by, exp.Interval):
            return _of_interval(by)
        number = _number(by, limits)
        return () if number is None or abs(number) > _FURTHEST else [("days", abs(number))]
    return ()


def _of_interval(by: exp.Interval) -> Iterable[tuple[str, int]] | None:
    in_months = {"MONTH": 1, "YEAR": 12}.get(by.text("unit").upper())
    return None if in_months is None or not by.name.isdigit() else [("months", in_months * int(by.name))]


def _counted(node: exp.Expr) -> set[str]:
    """Return the unit in which a node counts the time between two days, if it does."""
    function = own_function(node)
    if function is not None and function.name in _BETWEEN:
        return {_BETWEEN[function.name]}
    both = isinstance(node, exp.Sub) and node.this.find(exp.Column) and node.expression.find(exp.Column)
    return {"days"} if both else set()


def _is_taken_apart(node: exp.Expr) -> bool:
    """Whether a day is taken apart: its month, its weekday, the year it falls in."""
    function = own_function(node)
    return isinstance(node, _TAKEN_APART) if function is None else function.name in _PARTS_OF_A_YEAR


def _days(tree: exp.Expr, limits: Mapping[str, float], months: int | None) -> Iterator[str]:
    """Yield the SQL of whatever is made of the period's days alone."""
    for place in tree.find_all(exp.Placeholder):
        if str(place.this) not in DATES:
            continue
        whole: exp.Expr = place
        yield _as_day(whole, limits, months)
        while isinstance(whole.parent, _MAKES_A_DAY) and not whole.parent.find(exp.Column):
            whole = whole.parent
            yield _as_day(whole, limits, months)


def _as_day(tree: exp.Expr, limits: Mapping[str, float], months: int | None) -> str:
    return f"TRY_CAST(({compiled(tree, limits, months).sql(DIALECT)}) AS DATE)"
