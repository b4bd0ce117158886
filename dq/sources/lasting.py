"""Tables that are read where they lie: Parquet files, and the tables of a DuckDB database. Nothing is copied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dq.model import Reading
from dq.problems import refuse
from dq.sources.cast import as_text, holds_cells, in_range, may_be_native, untidy
from dq.sources.intake import Digest, Intake
from dq.sources.kinds import kind_of, not_what_it_says
from dq.sources.matching import Matched
from dq.sources.table import Spot, Table, Wanted
from dq.workspace import Workspace, name, quoted

_SOURCE = "source"
"""What an attached database is called in the workspace."""


def open_parquet(path: Path, intake: Intake) -> Table:
    """Return the table of a Parquet file. Raises ProblemsError for what is none, or is not whole."""
    kind = kind_of(path)
    if kind != "a Parquet file":
        raise not_what_it_says(path, kind or "no Parquet file")
    scan = f"read_parquet({quoted(path)}, file_row_number = true, hive_partitioning = false)"
    try:
        fields = intake.workspace.execute(
            f"SELECT name, num_children FROM parquet_schema({quoted(path)}) ORDER BY column_id"
        ).fetchall()
        described = intake.workspace.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()
        (records,) = intake.workspace.row(f"SELECT num_rows FROM parquet_file_metadata({quoted(path)})")
    except duckdb.Error:
        raise refuse("this Parquet file is damaged or not whole.", path, instead="Export it again.") from None
    types = tuple(str(kind) for _, kind, *_ in described[:-1])
    headings = _top_level([(str(field), int(children or 0)) for field, children in fields])
    intake.workspace.reads.append(path)
    relation = f"(SELECT * FROM {scan}) AS held({_columns(len(types))}, rowid)"
    return Table(Spot(path), headings, relation, int(records), types=types, lasting=True, digest=Digest(path))


def _top_level(fields: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    """Return the names of the columns, from those of all fields: the root, and each field before those within it."""
    names: list[str] = []
    waiting = [1]
    for field, children in fields:
        while waiting[-1] == 0:
            waiting.pop()
        waiting[-1] -= 1
        if len(waiting) == 2:
            names.append(field)
        waiting.append(children)
    return tuple(names)


def _columns(count: int) -> str:
    return ", ".join(name(f"column {i}") for i in range(count))


def attach_duckdb(path: Path, workspace: Workspace) -> dict[str, tuple[str, bool]]:
    """Attach a DuckDB database to read from, and return table → its name as SQL, and whether it is a view.

    Raises ProblemsError for a database that cannot be opened.
    """
    try:
        workspace.execute(f"ATTACH {quoted(path)} AS {_SOURCE} (READ_ONLY)")
        rows = workspace.execute(
            f"SELECT schema_name, table_name, false FROM duckdb_tables() WHERE database_name = '{_SOURCE}' "
            "UNION ALL SELECT schema_name, view_name, true FROM duckdb_views() "
            f"WHERE database_name = '{_SOURCE}' AND NOT internal ORDER BY ALL"
        ).fetchall()
    except duckdb.Error as error:
        if "Could not set lock" in str(error):
            raise refuse("this database is open in another program.", path, instead="Close it there.") from None
        what = "this DuckDB database is damaged, or of a newer version."
        raise refuse(what, path, instead="Make it again, or name another.") from None
    tables: dict[str, tuple[str, bool]] = {}
    for schema, table, is_view in rows:
        shown = str(table) if schema == "main" else f"{schema}.{table}"
        tables[shown] = (f"{_SOURCE}.{name(str(schema))}.{name(str(table))}", bool(is_view))
    return tables


def open_duckdb(path: Path, table: str, source: tuple[str, bool], digest: Digest, intake: Intake) -> Table:
    """Return a table of an attached database; a view has no row numbers, and is copied. Raises ProblemsError."""
    relation, is_view = source
    spot = Spot(path, f"table '{table}'")
    try:
        described = intake.workspace.execute(f"DESCRIBE {relation}").fetchall()
        (records,) = intake.workspace.row(f"SELECT count(*) FROM {relation}")
        if is_view:
            copy = intake.name()
            intake.workspace.execute(f"CREATE TEMP TABLE {copy} AS SELECT * FROM {relation}")
            relation = copy
    except duckdb.Error:
        raise spot.refuse(
            "it cannot be read.", instead="A view may need what is not here: store it as a table."
        ) from None
    types = tuple(str(kind) for _, kind, *_ in described)
    held = f"(SELECT *, rowid FROM {relation}) AS held({_columns(len(types))}, rowid)"
    headings = tuple(str(heading) for heading, *_ in described)
    return Table(spot, headings, held, int(records), types=types, lasting=not is_view, digest=digest)


@dataclass(frozen=True)
class Chosen:
    """The columns of an extract as they lie in a table.

    ``select`` gives them under their names. Those in ``native`` are of their contract's types already; the others are
    text, to be read as a file's. No text of those in ``tidy`` needs cleaning.
    """

    select: str
    native: tuple[str, ...]
    tidy: tuple[str, ...]


def chosen(table: Table, wanted: Wanted, matched: Matched, workspace: Workspace) -> Chosen:
    """Return the columns that an extract has in a table. Raises ProblemsError for one that holds no plain values."""
    kinds = {column: wanted.contract.columns[column].type for column in matched.columns}
    for column, place in matched.columns.items():
        if not holds_cells(table.type_of(place)):
            what = f"the column '{column}' holds {table.type_of(place).partition('(')[0]}, not plain values."
            raise table.spot.refuse(what, instead="Export it as text, a number or a date.")
    tests = {
        column: in_range(name(f"column {place}"), kinds[column], table.type_of(place))
        for column, place in matched.columns.items()
        if may_be_native(kinds[column], table.type_of(place))
    }
    # What stays where it lies is cleaned at every reading, which costs more than to see once that there is no need.
    looked = table.lasting and wanted.contract.reading is Reading.TIDIED
    # As a filter of its own, a test of a column with few values is made of each value once.
    texts = {
        column: f"NOT EXISTS (FROM {table.relation} WHERE {untidy(name(f'column {place}'))})"
        for column, place in matched.columns.items()
        if looked and column not in tests and table.type_of(place) == "VARCHAR"
    }
    # Of the first the file's own statistics tell, if they are asked by themselves.
    failed = {*_failed(tests, workspace, table.relation), *_failed(texts, workspace)}
    native = tuple(column for column in tests if column not in failed)
    cells = ", ".join(
        f"{_cell(table, place, as_it_is=column in native)} AS {name(column)}"
        for column, place in matched.columns.items()
    )
    row = "rowid, " if table.lasting else ""
    tidy = tuple(column for column in texts if column not in failed)
    return Chosen(f"(SELECT {row}{cells} FROM {table.relation})", native, tidy)


def _failed(tests: Mapping[str, str | None], workspace: Workspace, relation: str = "") -> list[str]:
    """Return the columns whose test is not true, of the whole relation if one is given."""
    asked = {column: test for column, test in tests.items() if test is not None}
    of = f" FROM {relation}" if relation else ""
    told = workspace.row(f"SELECT {', '.join(asked.values())}{of}") if asked else ()
    return [column for column, holds in zip(asked, told, strict=True) if not holds]


def _cell(table: Table, place: int, *, as_it_is: bool) -> str:
    column = name(f"column {place}")
    return column if as_it_is else as_text(column, table.type_of(place))
