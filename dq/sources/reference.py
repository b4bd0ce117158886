"""Reference tables beside the extracts: England's working days, and the ONS Postcode Directory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING

import duckdb

from dq.kept import forget, keep, kept_folder
from dq.language.function_list import CALENDAR_AFTER, CALENDAR_BETWEEN
from dq.model import Contract
from dq.postcodes import kept_postcodes, postcodes
from dq.workspace import Workspace, name, quoted

if TYPE_CHECKING:
    import pyarrow as pa

FIRST_DAY = dt.date(1985, 1, 1)
LAST_DAY = dt.date(2040, 12, 31)
_KEPT = 2
_POSTCODE_COLUMNS = "postcode VARCHAR, easting DOUBLE, northing DOUBLE, local_authority VARCHAR"

# Before the first place of a list there is place 0, where nothing is: a place below it would be counted from the end.
_LOOK_UP = f"""
CREATE OR REPLACE TABLE calendar_lists AS
SELECT min(day) AS first_day, min(working_day) AS first_number, list(working_day ORDER BY day) AS numbers,
       (SELECT list(day ORDER BY working_day) FROM (SELECT working_day, min(day) AS day FROM calendar GROUP BY ALL))
           AS days
FROM calendar;
CREATE OR REPLACE MACRO {CALENDAR_BETWEEN}(begun, ended) AS (
    SELECT numbers[greatest(date_diff('day', first_day, ended) + 1, 0)]
         - numbers[greatest(date_diff('day', first_day, begun) + 1, 0)]
    FROM calendar_lists
);
CREATE OR REPLACE MACRO {CALENDAR_AFTER}(begun, working_days) AS (
    SELECT days[
        greatest(working_days + numbers[greatest(date_diff('day', first_day, begun) + 1, 0)] - first_number + 1, 0)
    ]
    FROM calendar_lists
);
"""


def add_calendar(workspace: Workspace) -> None:
    """Make ``calendar``: one row a day, with how many working days there have been up to and including it.

    Working days are Monday to Friday, but for the bank holidays of England (the ``holidays`` library, which
    holds them as proclaimed). Besides, the macros that look days up in it by their place: to search its rows for a
    day, in a sub-select for each record, is many times dearer.
    """
    workspace.connection.register("incoming", calendar_rows())
    workspace.execute("CREATE OR REPLACE TABLE calendar AS SELECT * FROM incoming")
    workspace.connection.unregister("incoming")
    workspace.execute(_LOOK_UP)


@cache
def calendar_rows() -> pa.Table:
    """Return the rows of ``calendar``: day, and how many working days there have been.

    They take a second to work out, so they are kept for as long as the library that knows the holidays is the same.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = kept_folder()
    if folder is None:
        return _worked_out()
    path = folder / f"calendar-{metadata.version('holidays')}-{FIRST_DAY}-{LAST_DAY}.parquet"
    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowException):
        found = _worked_out()
        keep(path, lambda file: pq.write_table(found, file))
        forget(folder, "calendar-*", _KEPT)
        return found


def _worked_out() -> pa.Table:
    import holidays
    import numpy as np
    import pyarrow as pa

    closed = holidays.country_holidays("GB", subdiv="ENG", years=range(FIRST_DAY.year, LAST_DAY.year + 1))
    days = np.arange(np.datetime64(FIRST_DAY), np.datetime64(LAST_DAY) + 1)
    open_day = np.is_busday(days, holidays=np.array(sorted(closed), dtype="datetime64[D]"))
    return pa.table({"day": pa.array(days, pa.date32()), "working_day": pa.array(np.cumsum(open_day), pa.int32())})


def add_postcodes(workspace: Workspace, contracts: Iterable[Contract]) -> None:
    """Make ``postcodes``: those of the ONS Postcode Directory that the postcode columns of extracts hold.

    Coordinates are metres on the British National Grid; ``local_authority`` is the ONS code of the district.
    """
    workspace.execute(f"CREATE OR REPLACE TABLE postcodes ({_POSTCODE_COLUMNS})")
    holders = [(contract.name, column) for contract in contracts for column in contract.postcodes]
    if not holders:
        return
    held = " UNION ".join(
        f"SELECT regexp_replace(upper(replace({name(column)}, ' ', '')), '^(.+)(.{{3}})$', '\\1 \\2') "
        f"FROM {name(extract)}"
        for extract, column in holders
    )
    workspace.execute(f"CREATE OR REPLACE TEMP TABLE postcodes_held (postcode) AS {held}")
    areas = workspace.execute(
        "SELECT left(postcode, 1) AS letter, list_sort(list(DISTINCT left(postcode, 2))) "
        "FROM postcodes_held WHERE regexp_matches(postcode, '^[A-Z][A-Z0-9]') GROUP BY letter ORDER BY letter"
    ).fetchall()
    for letter, some in areas:
        _add_postcodes_of(workspace, letter, some)
    workspace.execute("DROP TABLE postcodes_held")


def _add_postcodes_of(workspace: Workspace, letter: str, areas: Sequence[str]) -> None:
    """Add the postcodes held that begin with a letter: of its areas, which a return has few of, and no others."""
    near = " OR ".join(f"postcode >= {quoted(area)} AND postcode < {quoted(_after(area))}" for area in areas)

    def add(source: str) -> None:
        workspace.execute(
            "INSERT INTO postcodes "
            "SELECT postcode, any_value(easting), any_value(northing), any_value(local_authority) "
            f"FROM (SELECT * FROM {source} WHERE {near}) SEMI JOIN postcodes_held USING (postcode) GROUP BY postcode"
        )

    kept = kept_postcodes(letter)
    if kept is not None:
        try:
            add(f"read_parquet({quoted(kept)})")
        except duckdb.Error:
            pass  # read whole, which mends it
        else:
            return
    workspace.connection.register("ons", postcodes([letter]))
    add("ons")
    workspace.connection.unregister("ons")


def _after(area: str) -> str:
    return area[:-1] + chr(ord(area[-1]) + 1)
