"""Cells as they arrived → the types a contract gives, losing nothing.

A cell that cannot be read as its column's type becomes null in the column and is kept, as it came, in the
row's ``unread`` map, where the contract's ``readable`` check finds it. Empty cells, and the word NULL that
SQL Server's exports write, are null.
"""

from __future__ import annotations

from collections.abc import Collection

from dq.contracts.forms import FIRST_YEAR, LAST_YEAR, MOMENTS, NULLS, NUMBERS, YEAR
from dq.model import ColumnType, Contract, Reading
from dq.workspace import name, quoted

_WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
_DAYS = {"DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"}
_NATIVE = {
    ColumnType.DATE: _DAYS,
    ColumnType.DATETIME: _DAYS,
    ColumnType.INTEGER: _WHOLE,
    ColumnType.NUMBER: {*_WHOLE, "DOUBLE"},
}
"""The types that hold no more and no less than a contract's type, so that nothing need be read from text."""
_HELD_APART = ("STRUCT", "MAP", "UNION", "BLOB", "BIT", "VARIANT", "GEOMETRY")
_RARE = f"[0-9]{{1,2}}[ .-]([0-9]{{1,2}}|[A-Za-z]{{3,9}})[ .-]{YEAR}( .*)?"
"""The shape of a day with other marks than the common, or with its month as a word."""
_ONE_FORM = {Reading.CAPITALS: "%d/%m/%Y", Reading.AS_SENT: "%Y-%m-%d"}
"""The form of a day that returns to the Department for Education have: as CSV, and as XML with a schema of its own."""
_EXACT = 1e15
"""Below this a whole number in a column of fractions is written without a point, and still exactly."""


def typed_select(
    contract: Contract,
    source: str,
    arrived: Collection[str],
    *,
    native: Collection[str] = (),
    tidy: Collection[str] = (),
    numbered: bool = False,
    plain: bool = False,
) -> str:
    """Return the SELECT that reads ``source`` as the contract's columns, with ``unread``.

    Every column of ``source`` is text but those in ``native``, which need no reading. Columns that did not arrive
    are null throughout. No text of those in ``tidy`` needs cleaning. ``numbered`` passes on the ``rowid`` of
    ``source``. Cells of which ``plain`` is true were written by a person, as in an example: days may be 31/08/2016 or
    2016-08-31 whatever the contract's reading.
    """
    select = _typed(contract, source, arrived, native, tidy, numbered=numbered, plain=plain)
    return keyed(contract, select, given=contract.key in arrived) if contract.key_of else select


def _typed(
    contract: Contract,
    source: str,
    arrived: Collection[str],
    native: Collection[str],
    tidy: Collection[str],
    *,
    numbered: bool,
    plain: bool,
) -> str:
    parsed = {
        c: column.type
        for c, column in contract.columns.items()
        if is_read(column.type) and c in arrived and c not in native
    }
    cells = ", ".join(f"{_cell(contract, c, arrived, native, tidy)} AS {name(c)}" for c in contract.columns)
    row = "rowid, " if numbered else ""
    if contract.key_of and contract.key in arrived:
        row += f"{name(contract.key)}, "
    if not parsed:
        return f"SELECT {row}{cells}, CAST(NULL AS MAP(VARCHAR, VARCHAR)) AS unread FROM {source}"
    readings = "".join(
        f", {_read(name(c), kind, _days(contract, plain=plain))} AS {name('read ' + c)}" for c, kind in parsed.items()
    )
    typed = ", ".join(
        f"CAST({name('read ' + c)} AS {parsed[c].sql}) AS {name(c)}" if c in parsed else name(c)
        for c in contract.columns
    )
    read = f"SELECT *{readings} FROM (SELECT {row}{cells} FROM {source})"
    return f"SELECT {row}{typed}, {_unread(parsed)} AS unread FROM ({read})"


def is_read(kind: ColumnType) -> bool:
    """Whether a column of a contract is anything else than text."""
    return kind in _NATIVE


def may_be_native(kind: ColumnType, held: str) -> bool:
    """Whether a column of the type ``held`` may be taken for a contract's type as it is, if its values are in range."""
    return held in _NATIVE.get(kind, ())


def in_range(column: str, kind: ColumnType, held: str) -> str | None:
    """Return the SQL that is true of a whole native column if text would have been read as the same; None if it is."""
    if kind in {ColumnType.DATE, ColumnType.DATETIME}:
        first, last = (f"CAST('{day}' AS DATE)" for day in (f"{FIRST_YEAR}-01-01", f"{LAST_YEAR}-12-31"))
        return f"coalesce(CAST(min({column}) AS DATE) >= {first} AND CAST(max({column}) AS DATE) <= {last}, true)"
    return f"count(*) FILTER (WHERE NOT isfinite({column})) = 0" if held == "DOUBLE" else None


def holds_cells(held: str) -> bool:
    """Whether a column of this type holds plain values, which can be written as text."""
    return not held.startswith(_HELD_APART) and not held.endswith("]")


def as_text(column: str, held: str) -> str:
    """Return the SQL that writes a column of any plain type as a CSV file would hold it."""
    if held == "VARCHAR":
        return column
    if held in {"DOUBLE", "FLOAT"}:
        whole = f"isfinite({column}) AND {column} = trunc({column}) AND abs({column}) < {_EXACT}"
        return f"CASE WHEN {whole} THEN CAST(CAST({column} AS BIGINT) AS VARCHAR) ELSE CAST({column} AS VARCHAR) END"
    if held == "TIMESTAMP WITH TIME ZONE":
        # Which clock it was by on the day is not known: it is kept as it is, and does not depend on this machine's.
        return f"CAST(make_timestamp(epoch_us({column})) AS VARCHAR) || '+00'"
    return f"CAST({column} AS VARCHAR)"


def cleaned(cell: str) -> str:
    """Return the SQL of a text without spaces at its ends, null where it holds nothing.

    Few cells need anything done, and to see which costs a third of doing it to all.
    """
    text = f"trim({cell})"
    for nothing in NULLS:
        text = f"nullif({text}, {quoted(nothing)})"
    return f"CASE WHEN {untidy(cell)} THEN {text} ELSE {cell} END"


def untidy(cell: str) -> str:
    """Return the SQL that is true of every text that cleaning changes, and of few others."""
    beyond_ascii = f"strlen({cell}) <> length({cell})"  # where there may be a space that is none of the keyboard's
    needed = [f"{cell} < '!'", f"suffix({cell}, ' ')", *(f"{cell} = {quoted(nothing)}" for nothing in NULLS if nothing)]
    return " OR ".join([*needed, beyond_ascii])


def _cell(
    contract: Contract, column: str, arrived: Collection[str], native: Collection[str], tidy: Collection[str]
) -> str:
    kind = contract.columns[column].type
    if column not in arrived:
        return f"CAST(NULL AS {kind.sql})"
    if column in native:
        return f"CAST({name(column)} AS {kind.sql})"
    if contract.reading is Reading.TIDIED:
        return name(column) if column in tidy else cleaned(name(column))
    return f"nullif({f'upper({name(column)})' if contract.reading is Reading.CAPITALS else name(column)}, '')"


def _days(contract: Contract, *, plain: bool) -> tuple[str, ...]:
    """Return the forms in which days are written, where only some are taken."""
    if contract.reading is Reading.TIDIED:
        return ()
    if plain:
        return tuple(_ONE_FORM.values())
    return (_ONE_FORM[contract.reading],)


def _read(cell: str, kind: ColumnType, days: Collection[str]) -> str:
    if kind in {ColumnType.DATE, ColumnType.DATETIME}:
        return _parsed_as(cell, days) if days else _moment(cell)
    return f"CASE WHEN regexp_full_match({cell}, '{NUMBERS[kind]}') THEN TRY_CAST({cell} AS {kind.sql}) END"


def _moment(cell: str) -> str:
    """Return the SQL that reads a day or a moment.

    To try a form that does not fit takes thirty times as long as to see that it does not: the common forms are told
    apart by their marks, and only what has the shape of a rare one is tried with each.
    """
    common = {
        f"contains({cell}, '/')": ("%d/%m/%Y", cell),
        f"strpos({cell}, '-') = 5": ("%Y-%m-%d", f"replace({cell}, 'T', ' ')"),
    }
    rare = [form for form in MOMENTS if not form.startswith(("%d/%m/%Y", "%Y-%m-%d"))]
    cases = [f"WHEN NOT regexp_matches({cell}, '^[^:]*{YEAR}') THEN NULL"]
    cases += [f"WHEN {mark} THEN {_of_form(text, day)}" for mark, (day, text) in common.items()]
    cases += [f"WHEN regexp_full_match({cell}, '{_RARE}') THEN {_parsed(cell, *rare)}"]
    return f"CASE {' '.join(cases)} END"


def _parsed_as(cell: str, days: Collection[str]) -> str:
    """Return the SQL that reads a day written in one of some forms, its year in full, and no moment."""
    shaped = f"regexp_full_match({cell}, '[0-9/-]+') AND regexp_matches({cell}, '{YEAR}')"
    return f"CASE WHEN {shaped} THEN {_parsed(cell, *days)} END"


def _of_form(cell: str, day: str) -> str:
    return (
        f"CASE WHEN NOT contains({cell}, ':') THEN {_parsed(cell, day)} "
        f"WHEN contains({cell}, '.') THEN {_parsed(cell, f'{day} %H:%M:%S.%f')} "
        f"WHEN {cell} LIKE '%:%:%' THEN {_parsed(cell, f'{day} %H:%M:%S')} "
        f"ELSE {_parsed(cell, f'{day} %H:%M')} END"
    )


def _parsed(cell: str, *forms: str) -> str:
    # DuckDB's %f is of six digits at most; SQL Server writes seven.
    return f"try_strptime({cell}, [{', '.join(quoted(form.replace('%f', '%n')) for form in forms)}])"


def _unread(parsed: Collection[str]) -> str:
    bad = {c: f"({name(c)} IS NOT NULL AND {name('read ' + c)} IS NULL)" for c in parsed}
    entries = ", ".join(f"CASE WHEN {test} THEN {{'key': '{c}', 'value': {name(c)}}} END" for c, test in bad.items())
    return (
        f"CASE WHEN {' OR '.join(bad.values())} "
        f"THEN map_from_entries(list_filter([{entries}], lambda entry: entry IS NOT NULL)) "
        "ELSE CAST(NULL AS MAP(VARCHAR, VARCHAR)) END"
    )


def keyed(contract: Contract, select: str, *, given: bool) -> str:
    """Return a SELECT with a key worked out for each of its rows, in their order.

    It is what the columns of the key hold, as text; of records that agree in all of it the second is ``#2``, in the
    order of what else they hold, and so the same whatever the order of the file. Records with none of it are ``#1``,
    ``#2``, … A key that is ``given``, as in an example, stands.
    """
    cells = [_key_cell(contract, column) for column in contract.key_of]
    filled = ", ".join(f"coalesce({cell}, '')" for cell in cells)
    others = ", ".join(name(column) for column in contract.columns)
    made, place, nth = name("key made"), name("key place"), name("key nth")
    numbered = f"SELECT *, concat_ws('|', {filled}) AS {made}, row_number() OVER () AS {place} FROM ({select})"
    counted = f"SELECT *, row_number() OVER (PARTITION BY {made} ORDER BY {others}, {place}) AS {nth} FROM ({numbered})"
    key = f"CASE WHEN {nth} > 1 THEN {made} || '#' || {nth} ELSE {made} END"
    key = f"CASE WHEN coalesce({', '.join(cells)}) IS NOT NULL THEN {key} ELSE '#' || {nth} END"
    stands = f"coalesce({name(contract.key)}, {key})" if given else key
    return f"SELECT {stands} AS {name(contract.key)}, {others}, unread FROM ({counted}) ORDER BY {place}"


def _key_cell(contract: Contract, column: str) -> str:
    """Return the SQL of a cell of the key as text; what could not be read counts as it came."""
    if not is_read(contract.columns[column].type):
        return name(column)
    return f"coalesce(CAST({name(column)} AS VARCHAR), unread[{quoted(column)}])"
