"""The same records written in every way that people keep them: texts in files of all kinds, tables in databases."""

from __future__ import annotations

import csv
import datetime as dt
import io
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
from extract_files import xlsx_bytes

Rows = Sequence[Sequence[str]]
"""A row of headings, and records beneath it; a cell that holds nothing is ''."""
Records = Mapping[str, Rows]


def csv_text(rows: Rows, delimiter: str = ",", newline: str = "\n") -> str:
    return "".join(_line(row, delimiter) + newline for row in rows)


def _line(row: Sequence[str], delimiter: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerow(row)  # quotes every kind of new line
    return text.getvalue().removesuffix("\r\n")


def as_csv(records: Records, folder: Path, encoding: str = "utf-8", delimiter: str = ",", newline: str = "\n") -> Path:
    folder.mkdir()
    for extract, rows in records.items():
        (folder / f"{extract}.csv").write_bytes(csv_text(rows, delimiter, newline).encode(encoding))
    return folder


def as_mixed_csv(records: Records, folder: Path) -> Path:
    """Lines that end now one way and now another, under a title, with blank lines between them."""
    folder.mkdir()
    for extract, (headings, *rows) in records.items():
        ends = ["\r\n", "\n", "\r", "\n\n"]
        lines = [csv_text([row], newline=ends[i % 4]) for i, row in enumerate(rows)]
        text = f"{extract}, drawn today\r\n\r\n" + csv_text([headings], newline="\r\n") + "".join(lines)
        (folder / f"{extract}.csv").write_bytes(text.encode())
    return folder


def as_workbooks(records: Records, folder: Path) -> Path:
    """A workbook for each extract, every cell a text."""
    folder.mkdir()
    for extract, rows in records.items():
        cells = [[cell or None for cell in row] for row in rows]
        (folder / f"{extract}.xlsx").write_bytes(xlsx_bytes({"Sheet1": cells}))
    return folder


def as_one_workbook(records: Records, folder: Path) -> Path:
    """All in one workbook: a sheet for each, titles above, numbers as numbers and days as days, blank rows below."""
    folder.mkdir()
    sheets: dict[str, list[list[object]]] = {"Notes": [["Drawn today"], ["by nobody"]]}
    for extract, (headings, *rows) in records.items():
        typed: list[list[object]] = [[_excel(cell) for cell in row] for row in rows]
        title: list[list[object]] = [[None, f"{extract}, drawn today"], [], []]
        half = len(typed) // 2
        sheets[extract.replace("_", " ").title()] = [
            *title,
            list(headings),
            *typed[:half],
            [],
            *typed[half:],
            [],
            [" "],
        ]
    (folder / "All extracts.xlsm").write_bytes(xlsx_bytes(sheets))
    return folder


def _excel(cell: str) -> object:
    """Return a cell as Excel makes of it what was typed: a day, a number unless that changes it, or a text."""
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d/%m/%Y %H:%M"):
        try:
            day = dt.datetime.strptime(cell, form)  # noqa: DTZ007
        except ValueError:
            continue
        return day if day.year > 1900 else cell  # before it there are no days in Excel: a text
    if cell.isdigit() and str(int(cell)) == cell and len(cell) < 15:
        return int(cell)
    return cell or None


def _arrow(rows: Rows) -> pa.Table:
    headings, *records = rows
    columns = zip(*records, strict=True) if records else [()] * len(headings)
    return pa.table([pa.array([cell or None for cell in column], pa.string()) for column in columns], list(headings))


def as_parquet(records: Records, folder: Path) -> Path:
    """Every column a text."""
    folder.mkdir()
    for extract, rows in records.items():
        pq.write_table(_arrow(rows), folder / f"{extract}.parquet", row_group_size=500)
    return folder


def _typed(table: pa.Table) -> pa.Table:
    """Return a table with days, moments and whole numbers as such in each column that holds nothing else."""
    for i, field in enumerate(table.schema):
        for convert in (_days, _moments, _numbers, pa.Array.dictionary_encode):
            try:
                column = convert(table.column(i).combine_chunks())
            except (ValueError, pa.ArrowInvalid):
                continue
            table = table.set_column(i, field.name, column)
            break
    return table


def _days(cells: pa.Array) -> pa.Array:
    return pa.array([_parsed(cell, "%d/%m/%Y") for cell in cells.to_pylist()], pa.date32())


def _moments(cells: pa.Array) -> pa.Array:
    return pa.array([_parsed(cell, "%d/%m/%Y %H:%M") for cell in cells.to_pylist()], pa.timestamp("us"))


def _parsed(cell: str | None, form: str) -> dt.datetime | None:
    return None if cell is None else dt.datetime.strptime(cell, form)  # noqa: DTZ007


def _numbers(cells: pa.Array) -> pa.Array:
    texts = cells.to_pylist()
    if any(cell is not None and str(int(cell)) != cell for cell in texts):
        raise ValueError("a number that is written otherwise")
    return pa.array([None if cell is None else int(cell) for cell in texts], pa.int64())


def as_typed_parquet(records: Records, folder: Path) -> Path:
    folder.mkdir()
    for extract, rows in records.items():
        pq.write_table(_typed(_arrow(rows)), folder / f"{extract}.parquet")
    return folder


def as_duckdb(records: Records, folder: Path) -> Path:
    folder.mkdir()
    with duckdb.connect(folder / "kent.duckdb") as connection:
        for extract, rows in records.items():
            connection.register("held", _typed(_arrow(rows)))
            connection.execute(f'CREATE TABLE "{extract.title()}" AS SELECT * FROM held')
    return folder / "kent.duckdb"


def as_sqlite(records: Records, folder: Path) -> Path:
    """Columns of no type, so that numbers are kept as numbers beside texts."""
    folder.mkdir()
    connection = sqlite3.connect(folder / "kent.db")
    for extract, (headings, *rows) in records.items():
        connection.execute(f"CREATE TABLE {extract} ({', '.join(headings)})")
        marks = ", ".join("?" for _ in headings)
        connection.executemany(
            f"INSERT INTO {extract} VALUES ({marks})", [[_plain(cell) for cell in row] for row in rows]
        )
    connection.commit()
    connection.close()
    return folder / "kent.db"


def _plain(cell: str) -> object:
    if cell.isdigit() and str(int(cell)) == cell and len(cell) < 15:
        return float(cell) if len(cell) == 1 else int(cell)
    return cell or None


def as_postgres(records: Records, url: str, schema: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA "{schema}"'.encode())
        for extract, (headings, *rows) in records.items():
            table = f'"{schema}"."{extract.upper()}"'
            declared = ", ".join(f'"{heading}" text' for heading in headings)
            cursor.execute(f"CREATE TABLE {table} ({declared})".encode())
            with cursor.copy(f"COPY {table} FROM STDIN".encode()) as copy:
                for row in rows:
                    copy.write_row([cell or None for cell in row])
    return f"{url}?schema={schema}"
