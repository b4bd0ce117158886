"""Another layout's tables → one extract: which cells, which values, which rows, and how many rows were not records.

What comes out is text under the contract's names, as if a file of ours had held it; reading it as the columns'
types comes afterwards, the same as for any file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dq.model import Contract, ExtractMapping
from dq.sources.matching import Matched
from dq.workspace import name, quoted

_LABELLED = r"^[(]?([0-9A-Za-z]{1,6})\s*(?:[):.]|\s[-–])\s*(.+)$"
"""A cell with a letter or code, a mark, and a label: ``a) Male``, ``U5: Foster carer``, ``PR4 - Private``."""
_SEQUENCE = name("row number")


@dataclass(frozen=True)
class MappedTable:
    """One table as it arrived: what the mapping calls it, an SQL relation, and how its headings were matched.

    The relation's columns are ``column 0``, ``column 1``, … in the order of the headings, all text.
    """

    table: str
    relation: str
    matched: Matched


@dataclass(frozen=True)
class MappedSource:
    """How to read one extract.

    ``select`` gives the columns ``arrived`` as text, a row for each record. ``counts`` is a query for one row: how
    many rows the tables hold, how many of them hold no record of this extract, and how many were one with another
    row. The first number less the others is the number of records.
    """

    select: str
    arrived: tuple[str, ...]
    counts: str


def renames_only(mapping: ExtractMapping | None) -> bool:
    """Whether a mapping changes no more than headings, so that one typed table may be read as it stands."""
    return mapping is None or not (
        mapping.values
        or mapping.made_from
        or mapping.fixed
        or mapping.by_table
        or mapping.rows_with
        or mapping.distinct
    )


def mapped_source(contract: Contract, mapping: ExtractMapping, tables: Sequence[MappedTable]) -> MappedSource:
    """Return how to read an extract from the tables that hold it (at least one), in the order given."""
    found = {column for table in tables for column in table.matched.arrived}
    arrived = tuple(column for column in contract.columns if column in found)
    rows = " UNION ALL ".join(_table(mapping, table, arrived) for table in tables)
    kept = rows
    if mapping.rows_with is not None:
        filled = f"{name(mapping.rows_with)} IS NOT NULL" if mapping.rows_with in arrived else "false"
        kept = f"SELECT * FROM ({rows}) WHERE {filled}"
    select = _merged(contract, kept, arrived) if mapping.distinct else kept
    total, filled, records = (f"(SELECT count(*) FROM ({part}))" for part in (rows, kept, select))
    return MappedSource(select, arrived, f"SELECT {total}, {total} - {filled}, {filled} - {records}")


def _table(mapping: ExtractMapping, table: MappedTable, arrived: Sequence[str]) -> str:
    cells = ", ".join(f"{_cell(mapping, table, column)} AS {name(column)}" for column in arrived)
    return f"SELECT {cells} FROM {table.relation}"


def _cell(mapping: ExtractMapping, table: MappedTable, column: str) -> str:
    given = mapping.fixed.get(column) or mapping.by_table.get(column, {}).get(table.table)
    if given is not None:
        return quoted(given)
    if column in table.matched.made:
        # One empty part leaves no key at all: half a key would join records that have nothing in common.
        parts = " || '/' || ".join(_text(i) for i in table.matched.made[column])
        return parts or "CAST(NULL AS VARCHAR)"
    if column not in table.matched.columns:
        return "CAST(NULL AS VARCHAR)"
    return _valued(_text(table.matched.columns[column]), mapping, column)


def _text(place: int) -> str:
    return f"nullif(nullif(trim({name(f'column {place}')}), ''), 'NULL')"


def _valued(cell: str, mapping: ExtractMapping, column: str) -> str:
    """Return the expression for a cell's value in our codes; what no value is known for stays as it came."""
    values = mapping.values.get(column)
    if not values:
        return cell
    known = {there.strip().lower(): ours for there, ours in values.items()}
    codes = "MAP {" + ", ".join(f"{quoted(there)}: {quoted(ours)}" for there, ours in known.items()) + "}"
    readings = [cell]
    if mapping.labelled:
        code, label = (f"regexp_extract({cell}, {quoted(_LABELLED)}, {part})" for part in (1, 2))
        # A letter, a code and a label, as 'n) 5A: LA services': the letter may itself be a code, so it comes after.
        readings += [f"regexp_extract({label}, {quoted(_LABELLED)}, 1)", code, label]
    return f"coalesce({', '.join(f'{codes}[lower(trim({reading}))]' for reading in readings)}, {cell})"


def _merged(contract: Contract, rows: str, arrived: Sequence[str]) -> str:
    """Return the rows with those that agree made one, in the order in which they first came.

    Rows of one key agree where each leaves empty what another fills in. Rows that say different things stay apart,
    for the contract to flag; so do rows without a key.
    """
    key = name(contract.told_by)
    filled = ", ".join(
        f"coalesce({name(column)}, min({name(column)}) OVER one) AS {name(column)}" for column in arrived
    )
    columns = ", ".join(name(column) for column in arrived)
    apart = f"CASE WHEN {key} IS NULL THEN {_SEQUENCE} END"
    numbered = f"SELECT *, row_number() OVER () AS {_SEQUENCE} FROM ({rows})"
    whole = (
        f"SELECT {filled}, {_SEQUENCE}, {apart} AS apart FROM ({numbered}) WINDOW one AS (PARTITION BY {key}, {apart})"
    )
    return f"SELECT {columns} FROM ({whole}) GROUP BY {columns}, apart ORDER BY min({_SEQUENCE})"
