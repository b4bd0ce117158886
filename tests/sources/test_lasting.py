"""Parquet files and DuckDB tables stay where they lie, and what their columns hold is read as a CSV's text would be."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from postgres import postgres_url

from dq.model import Column, ColumnType, Contract
from dq.sources.load import load_folder
from dq.workspace import Workspace, open_workspace

__all__ = ["postgres_url"]

KINDS = {"key": "text", "said": "text", "day": "date", "moment": "datetime", "whole": "integer", "number": "number"}
CONTRACT = Contract(
    title="Cells",
    one_row="a cell of each kind",
    key="key",
    name="cells",
    entered="day",
    columns={name: Column(type=ColumnType(kind), label=name, local=True) for name, kind in KINDS.items()},
)
DAY, MOMENT = dt.date(2016, 8, 31), dt.datetime(2016, 8, 31, 9, 5)  # noqa: DTZ001
SOUND = {
    "key": pa.array([" A ", "B", None]),
    "said": pa.array(["x", "NULL", ""]).dictionary_encode(),
    "day": pa.array([DAY, None, dt.date(2000, 2, 29)]),
    "moment": pa.array([MOMENT, None, MOMENT], pa.timestamp("ns")),
    "whole": pa.array([1, 2, None], pa.int16()),
    "number": pa.array([0.5, None, -2.0]),
}


@pytest.fixture
def sealed(workspace: Workspace) -> Iterator[Workspace]:
    """A workspace that is sealed once the extract is loaded."""
    yield workspace
    with pytest.raises(duckdb.PermissionException):
        workspace.execute("SELECT * FROM read_csv('other.csv')")


def loaded(workspace: Workspace, place: Path | str) -> list[dict[str, Any]]:
    """Load the extract and seal the workspace; return its rows, with what could not be read."""
    load_folder(workspace, place, {"cells": CONTRACT}, lambda _: None, reference=())
    workspace.seal()
    rows = workspace.arrow(f"SELECT {', '.join(KINDS)}, CAST(unread AS JSON) AS unread FROM cells ORDER BY rowid")
    return [row | {"unread": json.loads(row["unread"]) if row["unread"] else {}} for row in rows.to_pylist()]


def kind_of(workspace: Workspace) -> str:
    where = "table_name = 'cells' AND table_catalog = 'memory'"
    return str(workspace.row(f"SELECT table_type FROM information_schema.tables WHERE {where}")[0])


READ = [
    {"key": "A", "said": "x", "day": DAY, "moment": MOMENT, "whole": 1, "number": 0.5, "unread": {}},
    {"key": "B", "said": None, "day": None, "moment": None, "whole": 2, "number": None, "unread": {}},
    {"key": None, "said": None, "day": dt.date(2000, 2, 29), "moment": MOMENT, "whole": None, "number": -2.0,
     "unread": {}},
]  # fmt: skip


def test_typed_parquet_is_not_copied(sealed: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "it's [here]*"
    folder.mkdir()
    pq.write_table(pa.table(SOUND), folder / "cells.parquet", row_group_size=2)
    assert loaded(sealed, folder) == READ
    assert kind_of(sealed) == "VIEW"
    assert sealed.execute("SELECT rowid FROM cells WHERE whole = 2").fetchall() == [(1,)]


def test_typed_tables_of_duckdb_are_not_copied_and_views_are(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / "kent.db") as connection:
        connection.register("held", pa.table(SOUND))
        connection.execute("CREATE TABLE data AS SELECT * FROM held")
        connection.execute("CREATE VIEW cells AS SELECT * FROM data")
    with duckdb.connect(tmp_path / "deep.duckdb") as connection:
        connection.register("held", pa.table(SOUND))
        connection.execute("CREATE SCHEMA mart")
        connection.execute("CREATE TABLE mart.Cells AS SELECT * FROM held")
    for file, kind in {"kent.db": "BASE TABLE", "deep.duckdb": "VIEW"}.items():
        with open_workspace() as workspace:
            assert loaded(workspace, tmp_path / file) == READ
            assert kind_of(workspace) == kind


def test_a_column_of_another_type_is_read_as_its_text_would_be(sealed: Workspace, tmp_path: Path) -> None:
    """One column of text is read, and the table with it; the rest are taken as they are."""
    columns = SOUND | {
        "key": pa.array([123, 12345, None]),
        "said": pa.array([1.0, 2.5, None]),
        "day": pa.array(["31/08/2016", "31/02/2016", " 2000-02-29"]),
        "whole": pa.array([Decimal(1), Decimal(2), None], pa.decimal128(10, 0)),
        "number": pa.array([0.5, 0.1, None], pa.float32()),
    }
    pq.write_table(pa.table(columns), tmp_path / "cells.parquet")
    first, second, third = loaded(sealed, tmp_path)
    assert kind_of(sealed) == "BASE TABLE"
    assert (first["key"], first["said"], first["day"], first["whole"], first["number"]) == ("123", "1", DAY, 1, 0.5)
    assert (second["key"], second["said"], second["day"], second["number"]) == ("12345", "2.5", None, 0.1)
    assert second["unread"] == {"day": "31/02/2016"}
    assert third["day"] == dt.date(2000, 2, 29)


@pytest.mark.parametrize(
    ("column", "cells", "unread"),
    [
        ("day", pa.array([dt.date(216, 8, 31)]), "0216-08-31"),
        ("moment", pa.array([dt.datetime(216, 8, 31)], pa.timestamp("us")), "0216-08-31 00:00:00"),  # noqa: DTZ001
        ("moment", pa.array([MOMENT], pa.timestamp("us", "UTC")), "2016-08-31 09:05:00+00"),
        ("number", pa.array([float("nan")]), "nan"),
        ("number", pa.array([float("inf")]), "inf"),
        ("whole", pa.array([2**63], pa.uint64()), "9223372036854775808"),
        ("whole", pa.array([2.5]), "2.5"),
        ("day", pa.array([True]), "true"),
    ],
)
def test_what_a_csv_could_not_hold_as_that_type_is_kept_and_flagged(
    column: str, cells: pa.Array, unread: str, sealed: Workspace, tmp_path: Path
) -> None:
    pq.write_table(pa.table({"key": ["A"], column: cells}), tmp_path / "cells.parquet")
    (row,) = loaded(sealed, tmp_path)
    assert (row[column], row["unread"]) == (None, {column: unread})


def test_types_of_postgresql_are_read_as_their_text_would_be(sealed: Workspace, postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA kinds")
        connection.execute(
            """
            CREATE TABLE kinds."Cells" ("Key" char(5), said boolean, day date, moment timestamp(0),
                                        whole bigint, number numeric(6, 2), "not ours" jsonb);
            INSERT INTO kinds."Cells" VALUES
                ('00123', true, '2016-08-31', '2016-08-31 09:05', 1, 0.50, '{}'),
                (NULL, NULL, 'infinity', NULL, NULL, 'NaN', NULL),
                ('', NULL, NULL, NULL, NULL, NULL, NULL)
            """
        )
    first, second = loaded(sealed, f"{postgres_url}?schema=kinds")
    assert first == {
        "key": "00123", "said": "true", "day": DAY, "moment": MOMENT, "whole": 1, "number": 0.5, "unread": {}
    }  # fmt: skip
    assert second["unread"] == {"day": "infinity", "number": "NaN"}


def test_nulls_of_a_table_of_one_column_are_records_like_any(postgres_url: str, workspace: Workspace) -> None:
    """In a CSV file they would be blank lines. None is lost on the way; rows that hold nothing are counted apart."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA one")
        connection.execute("CREATE TABLE one.cells (key text)")
        connection.execute("INSERT INTO one.cells VALUES ('A'), (NULL), (''), ('B')")
    (read,) = load_folder(workspace, f"{postgres_url}?schema=one", {"cells": CONTRACT}, lambda _: None, reference=())
    assert (read.rows_in, read.rows, read.blank_rows, read.accounted) == (4, 2, 2, True)
    assert (read.file, len(read.sha256 or "")) == ("one.cells", 64)
