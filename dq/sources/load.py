"""Load the extracts of a folder into the workspace: every record, typed by its contract, none dropped."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from dq.contracts.schema import judge_headings
from dq.model import Contract, ExtractRead
from dq.problems import refuse
from dq.sources.cast import typed_select
from dq.sources.files import SourceFile, find_files, open_source, plain
from dq.sources.reference import add_calendar, add_postcodes
from dq.workspace import Workspace, name, quoted


def load_folder(
    workspace: Workspace, folder: Path, contracts: Mapping[str, Contract], progress: Callable[[str], None]
) -> tuple[ExtractRead, ...]:
    """Load every extract of a folder, and the reference tables; an absent extract becomes an empty table.

    Raises ProblemsError for a file that is not what its name says.
    """
    files, strays = find_files(folder, contracts)
    read = []
    for extract, contract in contracts.items():
        if extract in files:
            progress(f"reading {files[extract].name}")
            read.append(_load_file(workspace, contract, open_source(files[extract])))
        else:
            load_rows(workspace, contract, [])
            missing = tuple(contract.columns)
            read.append(ExtractRead(extract, None, None, 0, missing_columns=missing, like=_like(extract, strays)))
    progress("reading the postcode directory")
    add_calendar(workspace)
    add_postcodes(workspace, contracts.values())
    return tuple(read)


def _like(extract: str, names: list[str]) -> str | None:
    by_stem = {plain(Path(name).stem): name for name in names}
    near = difflib.get_close_matches(extract, by_stem, n=1)
    return by_stem[near[0]] if near else None


def load_rows(workspace: Workspace, contract: Contract, rows: list[dict[str, Any]]) -> None:
    """Load records given as plain values (an example's) as an extract, through the same reading as a file's."""
    cells = {
        column: pa.array([None if row.get(column) is None else str(row[column]) for row in rows], pa.string())
        for column in contract.columns
    }
    workspace.connection.register("incoming", pa.table(cells))
    workspace.execute(
        f"CREATE OR REPLACE TABLE {name(contract.name)} AS {typed_select(contract, 'incoming', contract.columns)}"
    )
    workspace.connection.unregister("incoming")


def _load_file(workspace: Workspace, contract: Contract, source: SourceFile) -> ExtractRead:
    headed = {plain(column): column for column in source.columns}
    headings = judge_headings(contract, list(headed))
    arrived = [column for column in contract.columns if column not in headings.missing]
    if contract.key not in arrived:
        raise refuse(
            f"there is no column '{contract.key}', the key of {contract.name}.", source.path, 1,
            f"Its headings are {', '.join(source.columns[:12])}.",
        )  # fmt: skip
    place = {plain(column): f"column {i}" for i, column in enumerate(source.columns)}
    chosen = ", ".join(f"{name(place[column])} AS {name(column)}" for column in arrived)
    if source.cells is None:
        origin = _csv_scan(source)
    else:
        workspace.connection.register("incoming", source.cells)
        origin = "incoming"
    select = typed_select(contract, f"(SELECT {chosen} FROM {origin})", arrived)
    try:
        workspace.execute(f"CREATE OR REPLACE TABLE {name(contract.name)} AS {select}")
    except duckdb.Error as error:
        raise _unreadable(source.path, error) from None
    rows, unread, latest = workspace.row(
        f"SELECT count(*), coalesce(sum(cardinality(unread)), 0), {_latest(contract)} FROM {name(contract.name)}"
    )
    return ExtractRead(
        contract.name,
        source.path.name,
        source.sha256(),
        rows,
        missing_columns=headings.missing,
        unknown_columns=tuple(headed[column] for column in headings.unknown),
        unread_values=int(unread),
        latest_entry=latest,
    )


def _latest(contract: Contract) -> str:
    when = contract.entered or contract.event
    return "CAST(NULL AS DATE)" if when is None else f"CAST(max({name(when)}) AS DATE)"


def _csv_scan(source: SourceFile) -> str:
    columns = ", ".join(f"'column {i}': 'VARCHAR'" for i in range(len(source.columns)))
    return (
        f"read_csv({quoted(source.path)}, auto_detect = false, header = true, delim = {quoted(source.delimiter)}, "
        f"quote = '\"', escape = '\"', columns = {{{columns}}}, strict_mode = true)"
    )


def _unreadable(path: Path, error: duckdb.Error) -> Exception:
    """Say which line a CSV breaks on. The engine's own message quotes the row, so it is not passed on."""
    message = str(error)
    line = re.search(r"[Ll]ine:? (\d+)", message)
    counts = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", message)
    where = int(line.group(1)) if line else None
    if counts:
        return refuse(f"this row has {counts.group(2)} cells where the heading has {counts.group(1)}.", path, where,
                      "Put cells that hold the delimiter in double quotes.")  # fmt: skip
    if "unterminated quote" in message:
        return refuse("a quoted cell is not closed.", path, where, "Close it, or double the quotes inside it.")
    return refuse("this file cannot be read as CSV.", path, where, "Save it as 'CSV UTF-8 (comma delimited)'.")
