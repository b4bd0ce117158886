"""Month ends, and the stretch of time a figure is about."""

from __future__ import annotations

import calendar
import datetime as dt

from dq.model import Indicator, PeriodKind


def month_end(year: int, month: int) -> dt.date:
    """Return the last day of a month."""
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def months_before(end: dt.date, months: int) -> dt.date:
    """Return the month end so many months before a month end."""
    years, month = divmod(end.year * 12 + end.month - 1 - months, 12)
    return month_end(years, month + 1)


def first_day(end: dt.date, months: int) -> dt.date:
    """Return the first day of the stretch of so many months that ends on a month end."""
    return months_before(end, months) + dt.timedelta(days=1)


def length(indicator: Indicator) -> int:
    """Return how many months a figure of this indicator is about; a snapshot is about its month."""
    return 12 if indicator.period is PeriodKind.R12M else 1


def month_ends(indicator: Indicator, period: dt.date, history_from: dt.date | None, most: int = 24) -> list[dt.date]:
    """Return the month ends, oldest first and ``period`` last, for which the extracts reach back far enough.

    With no ``history_from`` (the first day the extracts' events cover) only the period itself is certain.
    """
    ends = [period]
    for back in range(1, most):
        end = months_before(period, back)
        about = 0 if indicator.period is PeriodKind.SNAPSHOT else length(indicator)
        reach = first_day(end, about + indicator.looks_back_months)
        if history_from is None or reach < history_from:
            break
        ends.append(end)
    return ends[::-1]
