"""The tables that rules read besides extracts, as SQL that makes them in another database."""

from __future__ import annotations

from dq.sources.reference import add_calendar
from dq.workspace import open_workspace

_SQL = """\
-- Run this once in the database of the extracts: python run_suite.py URL --prepare

-- Days, each with how many working days of England there have been up to and including it.
CREATE TABLE IF NOT EXISTS calendar (day date PRIMARY KEY, working_day integer NOT NULL);
INSERT INTO calendar
SELECT CAST(day AS date),
       SUM(CASE WHEN EXTRACT(ISODOW FROM day) > 5 OR day IN (
           {closed}
       ) THEN 0 ELSE 1 END) OVER (ORDER BY day)
FROM generate_series(TIMESTAMP '{first}', TIMESTAMP '{last}', INTERVAL '1 day') AS days (day)
ON CONFLICT (day) DO NOTHING;

-- The ONS Postcode Directory: fill it from the file ONS publishes. Rules that read it are not run while it is empty.
CREATE TABLE IF NOT EXISTS postcodes (
    postcode text PRIMARY KEY, easting double precision, northing double precision, local_authority text
);
"""


def reference_sql() -> str:
    """Return the SQL (of PostgreSQL) that makes ``calendar``, filled, and ``postcodes``, empty."""
    with open_workspace() as workspace:
        add_calendar(workspace)
        first, last = workspace.row("SELECT min(day), max(day) FROM calendar")
        closed = workspace.execute(
            """
            SELECT day FROM calendar
            WHERE isodow(day) <= 5 QUALIFY working_day = lag(working_day, 1, 0) OVER (ORDER BY day) ORDER BY day
            """
        ).fetchall()
    days = [f"'{day}'" for (day,) in closed]
    lines = [", ".join(days[at : at + 8]) for at in range(0, len(days), 8)]
    return _SQL.format(first=first, last=last, closed=",\n           ".join(lines))
