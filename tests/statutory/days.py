"""Days as the returns write them."""

from __future__ import annotations

import datetime as dt


def as_text(day: dt.date) -> str:
    """Return a day as a return has it: dd/mm/yyyy."""
    return f"{day:%d/%m/%Y}"


def years_on(day: dt.date, years: int) -> dt.date:
    """Return the same day of another year; 28 February where there is no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
