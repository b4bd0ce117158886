"""Month ends, and the stretch of time a figure is about."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from dq.model import Indicator, PeriodKind


def month_end(year: int, month: int) -> dt.date:
    """Return the last day of a month."""
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def month_named(text: str) -> dt.date | None:
    """Return the month end of a month written as YYYY-MM; None for anything else."""
    if not re.fullmatch(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])", text):
        return None
    return month_end(int(text[:4]), int(text[5:]))


def months_before(end: dt.date, months: int) -> dt.date:
    """Return the month end so many months before a month end."""
    years, month = divmod(end.year * 12 + end.month - 1 - months, 12)
    return month_end(years, month + 1)


def month_run(first: dt.date, last: dt.date) -> list[dt.date]:
    """Return every month end from one to another, both among them."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return [months_before(last, back) for back in range(months, -1, -1)]


def first_day(end: dt.date, months: int) -> dt.date:
    """Return the first day of the stretch of so many months that ends on a month end."""
    return months_before(end, months) + dt.timedelta(days=1)


_MONTHS = {PeriodKind.R3M: 3, PeriodKind.R12M: 12}
_BEGINS = {PeriodKind.FINANCIAL_YEAR: 4, PeriodKind.ACADEMIC_YEAR: 9}
"""The month of the year in which a year of this kind begins."""


def length(indicator: Indicator, end: dt.date) -> int:
    """Return how many months a figure of this indicator is about at a month end; a snapshot is about its month."""
    kind = indicator.period
    if kind is PeriodKind.QUARTER:
        return (end.month - 1) % 3 + 1
    if kind in _BEGINS:
        return (end.month - _BEGINS[kind]) % 12 + 1
    return _MONTHS.get(kind, 1)


def month_ends(indicator: Indicator, period: dt.date, history_from: dt.date | None, most: int = 24) -> list[dt.date]:
    """Return the month ends, oldest first and ``period`` last, for which the extracts reach back far enough.

    With no ``history_from`` (the first day the extracts' events cover) only the period itself is certain.
    """
    ends = [period]
    for back in range(1, 1 if indicator.now_only else most):
        end = months_before(period, back)
        about = 0 if indicator.period is PeriodKind.SNAPSHOT else length(indicator, end)
        reach = first_day(end, about + indicator.looks_back_months)
        if history_from is None or reach < history_from:
            break
        ends.append(end)
    return ends[::-1]
