"""What a cell that is wrong or missing may hold once it is put right."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from dq.indicators.trials.cells import DAYS, Cell, whole_numbers
from dq.indicators.trials.days import Turns
from dq.library.policy import Library
from dq.model import Column, ColumnType
from dq.workspace import Workspace, name

Moment = dt.date | dt.datetime
_DAY, _SECOND = dt.timedelta(days=1), dt.timedelta(seconds=1)
BIRTH = ("persons", "dob")


@dataclass(frozen=True)
class Recorded:
    """A day or a moment that a child's record holds."""

    cell: Cell
    at: Moment

    @property
    def day(self) -> dt.date:
        """The day it is, or falls on."""
        return self.at.date() if isinstance(self.at, dt.datetime) else self.at


@dataclass(frozen=True)
class Values:
    """Finds what a cell may hold, by its contract; of days, those that could matter."""

    workspace: Workspace
    library: Library
    period: dt.date

    def of(self, cell: Cell, turns: Turns, recorded: Collection[Recorded]) -> list[str | None]:
        """Return what a cell may hold, as text, for figures that turn at ``turns``.

        ``recorded`` are the days of the child's own records that those figures read.
        """
        extract, _, name = cell
        column = self.library.contracts[extract].columns[name]
        nothing: list[str | None] = [] if column.required else [None]
        if column.codes is not None:
            return [*self.library.code_lists[column.codes].codes, *nothing]
        numbers = whole_numbers(column)
        if numbers is not None:
            return [*map(str, numbers), *nothing]
        others = [one for one in recorded if one.cell != cell]
        days = self._days(turns, others, birth=(extract, name) == BIRTH)
        return [
            *(
                one.isoformat(" ") if isinstance(one, dt.datetime) else one.isoformat()
                for one in self._allowed(column, days, others)
            ),
            *nothing,
        ]

    def _allowed(self, column: Column, days: Collection[dt.date], others: Collection[Recorded]) -> Iterator[Moment]:
        for day in sorted(days):
            if column.not_future and day > self.period:
                continue
            if column.not_before is not None and day < column.not_before:
                continue
            if column.type is ColumnType.DATE:
                yield day
            else:
                yield dt.datetime.combine(day, dt.time())
                yield dt.datetime.combine(day, dt.time(23, 59, 59))
        if column.type is ColumnType.DATETIME:
            moments = {one.at for one in others if isinstance(one.at, dt.datetime)}
            yield from sorted(at + by for at in moments for by in (-_SECOND, 0 * _SECOND, _SECOND))

    def _days(self, turns: Turns, others: Collection[Recorded], *, birth: bool) -> set[dt.date]:
        """Return every day at which a figure may turn, and one of every stretch between, before and after."""
        at = turns.days | {one.day for one in others}
        found = set(at)
        for day in at:
            for unit, by in turns.moves:
                found |= self._moved(day, unit, by)
        born = {one.day for one in others if one.cell[::2] == BIRTH}
        for age in turns.ages:
            found |= {one for day in (at if birth else born) for one in _months(day, -12 * age if birth else 12 * age)}
        # Between one such day and the next nothing turns, so that the day after each stands for all of them.
        return {*found, *(day + _DAY for day in found), *({min(found) - _DAY} if found else ())}

    def _moved(self, day: dt.date, unit: str, by: int) -> set[dt.date]:
        if unit == "days":
            return {day + by * _DAY, day - by * _DAY}
        if unit == "months":
            return {*_months(day, by), *_months(day, -by)}
        working = self._working_days
        place = bisect_right(working, day) - 1
        near = {place + step + near for step in (by, -by) for near in (-1, 0, 1)}
        return {working[i] for i in near if 0 <= i < len(working)}

    @cached_property
    def _working_days(self) -> Sequence[dt.date]:
        found = self.workspace.execute("SELECT min(day) FROM calendar GROUP BY working_day ORDER BY 1").fetchall()
        return [day for (day,) in found]


def _months(day: dt.date, by: int) -> set[dt.date]:
    """Return the day so many months later, with those after it that a shorter month may bring to the same."""
    year, month = divmod(day.year * 12 + day.month - 1 + by, 12)
    if not 1 <= year < 9999:
        return set()
    first = dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    return {first + step * _DAY for step in range(4)}


def recorded_days(workspace: Workspace, library: Library, people: Collection[str]) -> dict[str, list[Recorded]]:
    """Return by child every day that its records hold."""
    found: dict[str, list[Recorded]] = defaultdict(list)
    if not people:
        return found
    for extract, contract in library.contracts.items():
        days = [column for column, said in contract.columns.items() if said.type in DAYS]
        if not contract.person or not days:
            continue
        listed = ", ".join(name(column) for column in (contract.person, contract.key, *days))
        among = f"{name(contract.person)} IN (SELECT unnest($people))"
        rows = workspace.execute(f"SELECT {listed} FROM {name(extract)} WHERE {among}", {"people": sorted(people)})
        for person, key, *cells in rows.fetchall():
            held = [Recorded((extract, key, column), day) for column, day in zip(days, cells, strict=True) if day]
            found[person] += held
    return found
