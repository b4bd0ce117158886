"""Text as it arrived → the types a contract gives, losing nothing.

A cell that cannot be read as its column's type becomes null in the column and is kept, as it came, in the
row's ``unread`` map, where the contract's ``readable`` check finds it. Empty cells, and the word NULL that
SQL Server's exports write, are null.
"""

from __future__ import annotations

from collections.abc import Collection

from dq.model import ColumnType, Contract
from dq.workspace import name

SQL_TYPES = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.CODE: "VARCHAR",
    ColumnType.DATE: "DATE",
    ColumnType.DATETIME: "TIMESTAMP",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.NUMBER: "DOUBLE",
}
_NUMBERS = {
    ColumnType.INTEGER: "[+-]?[0-9]+",
    ColumnType.NUMBER: "[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?",
}
"""What is read as a number: a lenient parser would round 2.5 to a whole number, and take 'nan' for one."""
_DAYS = ["%d/%m/%Y", "%Y-%m-%d"]
_TIMES = ["%H:%M:%S", "%H:%M", "%H:%M:%S.%f"]
_MOMENTS = [*_DAYS, *(f"{day} {time}" for day in _DAYS for time in _TIMES), *(f"%Y-%m-%dT{time}" for time in _TIMES)]
_FORMATS = "[" + ", ".join(f"'{form}'" for form in _MOMENTS) + "]"


def typed_select(contract: Contract, source: str, arrived: Collection[str]) -> str:
    """Return the SELECT that reads ``source`` (all text) as the contract's columns, with ``unread``.

    Columns that did not arrive are null throughout.
    """
    cells = ", ".join(
        f"nullif(nullif(trim({name(column)}), ''), 'NULL') AS {name(column)}" if column in arrived
        else f"CAST(NULL AS VARCHAR) AS {name(column)}"
        for column in contract.columns
    )  # fmt: skip
    parsed = {c: column.type for c, column in contract.columns.items() if SQL_TYPES[column.type] != "VARCHAR"}
    readings = "".join(f", {_read(name(c), kind)} AS {name('read ' + c)}" for c, kind in parsed.items())
    typed = ", ".join(
        f"CAST({name('read ' + c)} AS {SQL_TYPES[parsed[c]]}) AS {name(c)}" if c in parsed else name(c)
        for c in contract.columns
    )
    return f"SELECT {typed}, {_unread(parsed)} AS unread FROM (SELECT *{readings} FROM (SELECT {cells} FROM {source}))"


def _read(cell: str, kind: ColumnType) -> str:
    if kind in {ColumnType.DATE, ColumnType.DATETIME}:
        # A lenient parser takes the year of 03/04/16, or of 03/04/0016, at its word; such a date is not read.
        return f"CASE WHEN regexp_matches({cell}, '[12][0-9]{{3}}') THEN try_strptime({cell}, {_FORMATS}) END"
    return f"CASE WHEN regexp_full_match({cell}, '{_NUMBERS[kind]}') THEN TRY_CAST({cell} AS {SQL_TYPES[kind]}) END"


def _unread(parsed: Collection[str]) -> str:
    nothing = "CAST(NULL AS MAP(VARCHAR, VARCHAR))"
    if not parsed:
        return nothing
    bad = {c: f"({name(c)} IS NOT NULL AND {name('read ' + c)} IS NULL)" for c in parsed}
    entries = ", ".join(f"CASE WHEN {test} THEN {{'key': '{c}', 'value': {name(c)}}} END" for c, test in bad.items())
    return (
        f"CASE WHEN {' OR '.join(bad.values())} "
        f"THEN map_from_entries(list_filter([{entries}], lambda entry: entry IS NOT NULL)) ELSE {nothing} END"
    )
