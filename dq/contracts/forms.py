"""How days, times and numbers may be written: the forms that are read, wherever cells are text.

The day comes first, or the year; a month may be a word. What a form does not settle is not read: 03/04/16 says no
century, and 08/31/2016 is no day of ours.
"""

from __future__ import annotations

from dq.model import ColumnType

DAYS = ("%d/%m/%Y", "%Y-%m-%d", "%d %b %Y", "%d-%b-%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y")
TIMES = ("%H:%M:%S", "%H:%M", "%H:%M:%S.%f")
MOMENTS = (
    *DAYS,
    *(f"{day} {time}" for day in DAYS for time in TIMES),
    *(f"%Y-%m-%dT{time}" for time in TIMES),
)
YEAR = "[12][0-9]{3}"
"""A year in full: a lenient parser takes that of 03/04/16, or of 03/04/0016, at its word."""
FIRST_YEAR, LAST_YEAR = 1000, 2999
NUMBERS = {
    ColumnType.INTEGER: "[+-]?[0-9]+",
    ColumnType.NUMBER: "[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?",
}
"""What is read as a number: a lenient parser would round 2.5 to a whole number, and take 'nan' for one."""
NULLS = ("", "NULL")
"""Cells that hold nothing: an empty one, and the word that SQL Server's exports write."""
