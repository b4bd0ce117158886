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
    typed = ", ".join(f"{_read(name(c), col.type)} AS {name(c)}" for c, col in contract.columns.items())
    checked = [c for c, column in contract.columns.items() if column.type not in {ColumnType.TEXT, ColumnType.CODE}]
    return f"SELECT {typed}, {_unread(contract, checked)} AS unread FROM (SELECT {cells} FROM {source}) AS arrived"


def _read(cell: str, kind: ColumnType) -> str:
    # Years before 1900 are two-digit years that a lenient parser took at their word.
    moment = f"try_strptime({cell}, {_FORMATS})"
    sane = f"CASE WHEN year({moment}) >= 1900 THEN {moment} END"
    if kind is ColumnType.DATE:
        return f"CAST({sane} AS DATE)"
    if kind is ColumnType.DATETIME:
        return sane
    return cell if SQL_TYPES[kind] == "VARCHAR" else f"TRY_CAST({cell} AS {SQL_TYPES[kind]})"


def _unread(contract: Contract, columns: list[str]) -> str:
    nothing = "CAST(NULL AS MAP(VARCHAR, VARCHAR))"
    if not columns:
        return nothing
    bad = {c: f"({name(c)} IS NOT NULL AND {_read(name(c), contract.columns[c].type)} IS NULL)" for c in columns}
    entries = ", ".join(f"CASE WHEN {test} THEN {{'key': '{c}', 'value': {name(c)}}} END" for c, test in bad.items())
    return (
        f"CASE WHEN {' OR '.join(bad.values())} "
        f"THEN map_from_entries(list_filter([{entries}], lambda entry: entry IS NOT NULL)) ELSE {nothing} END"
    )
