"""PostgreSQL's tables as a contract's columns: the reading that files get in :mod:`dq.sources.cast`, said there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from dq.contracts.forms import NUMBERS, YEAR
from dq.model import ColumnType, Contract
from dq.workspace import name, quoted

_TEXTS = {"text", "varchar", "bpchar", "name", "citext", "uuid"}
_WHOLE = {"int2", "int4", "int8"}
_NUMBERS = {*_WHOLE, "numeric", "float4", "float8"}
_MOMENTS = {"date", "timestamp", "timestamptz"}
_SQL = {
    ColumnType.TEXT: "text", ColumnType.CODE: "text", ColumnType.DATE: "date", ColumnType.DATETIME: "timestamp",
    ColumnType.INTEGER: "bigint", ColumnType.NUMBER: "double precision",
}  # fmt: skip
_MONTHS = tuple(dt.date(2000, month, 1).strftime("%B").lower() for month in range(1, 13))
READERS = rf"""
CREATE FUNCTION pg_temp.dq_moment(cell text) RETURNS timestamp LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    part text[]; clock text[]; y int; m int; d int; words text[] := '{{{",".join(_MONTHS)}}}';
BEGIN
    part := regexp_match(cell, '^(\d{{1,2}})/(\d{{1,2}})/({YEAR})(?: (.+))?$');
    IF part IS NULL THEN
        part := regexp_match(cell, '^({YEAR})-(\d{{1,2}})-(\d{{1,2}})(?:[ T](.+))?$');
        IF part IS NOT NULL THEN
            part := ARRAY[part[3], part[2], part[1], part[4]];
        ELSE
            part := regexp_match(cell, '^(\d{{1,2}})([ .-])(\d{{1,2}}|[A-Za-z]{{3,9}})\2({YEAR})(?: (.+))?$');
            IF part[3] ~ '^\d' AND part[2] = ' ' OR part[3] ~ '^\D' AND part[2] = '.' THEN RETURN NULL; END IF;
            FOR i IN 1..12 LOOP
                IF lower(part[3]) = left(words[i], 3) OR lower(part[3]) = words[i] AND part[2] = ' ' THEN
                    part[3] := i;
                END IF;
            END LOOP;
            part := ARRAY[part[1], part[3], part[4], part[5]];
        END IF;
    END IF;
    IF part[2] IS NULL OR part[2] !~ '^\d+$' THEN RETURN NULL; END IF;
    clock := regexp_match(part[4], '^(\d{{1,2}}):(\d{{1,2}})(?::(\d{{1,2}}(?:\.\d{{1,9}})?))?$');
    IF part[4] IS NOT NULL AND clock IS NULL THEN RETURN NULL; END IF;
    y := part[3]; m := part[2]; d := part[1];
    IF m NOT BETWEEN 1 AND 12 OR d NOT BETWEEN 1 AND
        extract(day FROM make_date(y, m, 1) + interval '1 month' - interval '1 day') THEN RETURN NULL; END IF;
    IF clock[1]::int > 23 OR clock[2]::int > 59 OR clock[3]::float8 >= 60 THEN RETURN NULL; END IF;
    RETURN make_timestamp(y, m, d, coalesce(clock[1]::int, 0), coalesce(clock[2]::int, 0),
                          coalesce(clock[3]::float8, 0));
END $$;
"""
"""A function, of one session, that reads days and moments as text in the forms of :mod:`dq.contracts.forms`."""


def typed_view(
    contract: Contract, schema: str, table: str | None, source: Mapping[str, tuple[str, str]]
) -> tuple[str, ...]:
    """Return the statements that make an extract of a table: its columns as the contract types them.

    Where nothing has to be read from text, that is a view. Else it is a temporary table, so that no cell is read
    twice, with an index on its key and its person.

    ``source`` is contract column → (column there, PostgreSQL's name of its type). Columns that are not there, and
    all of an extract without a ``table``, are null.
    """
    cells, unread, read = [], [], []
    for column, declared in contract.columns.items():
        kind, cell = _SQL[declared.type], name(column)
        if column not in source:
            cells.append(f"CAST(NULL AS {kind}) AS {cell}")
            continue
        there, type_there = source[column]
        if _is_native(declared.type, type_there):
            cells.append(f"{name(there)}::{kind} AS {cell}")
        elif kind == "text":
            cells.append(f"{_text(there, type_there)} AS {cell}")
        else:
            came, was = name(f"came {column}"), name(f"read {column}")
            read.append(f"LATERAL (SELECT {_text(there, type_there)} AS {came} OFFSET 0) AS {came}")
            read.append(f"LATERAL (SELECT {_read(came, declared.type)} AS {was} OFFSET 0) AS {was}")
            cells.append(f"{was}.{was}::{kind} AS {cell}")
            unread.append(
                f"{quoted(column)}, CASE WHEN {came}.{came} IS NOT NULL AND {was}.{was} IS NULL THEN {came}.{came} END"
            )
    beside = "CAST(NULL AS jsonb)"
    if unread:
        beside = f"nullif(jsonb_strip_nulls(jsonb_build_object({', '.join(unread)})), '{{}}'::jsonb)"
    cells += [f"{beside} AS unread", "CAST(NULL AS bigint) AS rowid"]
    origin = "" if table is None else f" FROM {', '.join([f'{name(schema)}.{name(table)} AS held', *read])}"
    empty = " WHERE false" if table is None else ""
    select = f"SELECT {', '.join(cells)}{origin}{empty}"
    extract = name(contract.name)
    if not unread:
        return (f"CREATE TEMP VIEW {extract} AS {select}",)
    indexed = {column for column in (contract.key, contract.person) if column is not None and column in source}
    return (
        f"CREATE TEMP TABLE {extract} ON COMMIT DROP AS {select}",
        *(f"CREATE INDEX ON {extract} ({name(column)})" for column in sorted(indexed)),
        f"ANALYZE {extract}",
    )


def _is_native(kind: ColumnType, there: str) -> bool:
    if kind in {ColumnType.DATE, ColumnType.DATETIME}:
        return there in _MOMENTS
    return there in {ColumnType.INTEGER: _WHOLE, ColumnType.NUMBER: _NUMBERS}.get(kind, ())


def _text(there: str, type_there: str) -> str:
    """Return SQL of a cell as text, null where it holds nothing."""
    text = f"held.{name(there)}::text"
    return f"nullif(nullif(btrim({text}, ' '), ''), 'NULL')" if type_there in _TEXTS else text


def _read(text: str, kind: ColumnType) -> str:
    """Return SQL that reads a text as its column's type, null where it cannot be."""
    if kind in {ColumnType.DATE, ColumnType.DATETIME}:
        return f"pg_temp.dq_moment({text})"
    # What is too long for the type would stop the statement.
    fits = f"{text} ~ {quoted(f'^({NUMBERS[kind]})$')} AND length({text}) <= 18"
    return f"CASE WHEN {fits} AND {text} !~ '[eE][+-]?[0-9]{{3}}' THEN {text}::{_SQL[kind]} END"
