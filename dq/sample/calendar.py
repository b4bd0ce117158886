"""Working days in England: weekdays that are not bank holidays."""

from __future__ import annotations

import datetime as dt

import holidays

FIRST = dt.date(1994, 1, 1)
LAST = dt.date(2030, 12, 31)
ONE_DAY = dt.timedelta(days=1)


class WorkingDays:
    """Counts and finds working days between 1994 and 2030."""

    def __init__(self) -> None:
        closed = set(holidays.country_holidays("GB", subdiv="ENG", years=range(FIRST.year, LAST.year + 1)))
        self._first = FIRST.toordinal()
        self._days: list[dt.date] = []
        self._upto: list[int] = []
        for ordinal in range(self._first, LAST.toordinal() + 1):
            day = dt.date.fromordinal(ordinal)
            if day.weekday() < 5 and day not in closed:
                self._days.append(day)
            self._upto.append(len(self._days))

    def between(self, start: dt.date, end: dt.date) -> int:
        """Return the working days after ``start``, up to and including ``end``."""
        return self._count(end) - self._count(start)

    def after(self, day: dt.date, working_days: int) -> dt.date:
        """Return the day that is so many working days after ``day``; for 0, the last working day up to it."""
        return self._days[self._count(day) + working_days - 1]

    def on_or_before(self, day: dt.date) -> dt.date:
        """Return ``day`` if it is a working day, or else the working day before it."""
        return self.after(day, 0)

    def on_or_after(self, day: dt.date) -> dt.date:
        """Return ``day`` if it is a working day, or else the working day after it."""
        return self.after(day - ONE_DAY, 1)

    def _count(self, day: dt.date) -> int:
        return self._upto[day.toordinal() - self._first]


def months_before(day: dt.date, months: int) -> dt.date:
    """Return the day so many months before ``day``, or the last of that month where it is shorter."""
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    first_of_next = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(dt.date(year, month + 1, 1) + dt.timedelta(days=day.day - 1), first_of_next - ONE_DAY)


def age(born: dt.date, on: dt.date) -> int:
    """Return the age in whole years on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def birthday(born: dt.date, years: int) -> dt.date:
    """Return the day a person turns ``years``; 1 March for those born on 29 February in other years."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return dt.date(born.year + years, 3, 1)
