"""Parquet files and databases that are not what they should be: what is said of each. One entry, one fault."""

from __future__ import annotations

import re

import pyarrow as pa
from bad.making import (
    CELL,
    HEADINGS,
    KNOWN,
    NO_KEY,
    NOT,
    PEOPLE,
    SOUND,
    Fault,
    parquet,
    raw,
    sqlite,
    text,
    torn_parquet,
    torn_sqlite,
)

TABLES = {
    "text named .parquet": text(
        "{kent}/persons.parquet: this file is no Parquet file, " + NOT, HEADINGS, SOUND, file="persons.parquet"
    ),
    "half a Parquet file": raw(
        "{kent}/persons.parquet: this Parquet file is damaged or not whole. Export it again.",
        parquet(PEOPLE)[:-100], "persons.parquet",
    ),
    "a Parquet file whose list of columns is torn": raw(
        "{kent}/persons.parquet: this Parquet file is damaged or not whole. Export it again.",
        re.sub(rb"schema.{60}", b"\xff" * 66, parquet(PEOPLE), count=1, flags=re.DOTALL), "persons.parquet",
    ),
    "a Parquet file whose keys are torn": raw(
        "{kent}/persons.parquet: its records cannot be read: it is damaged or not whole. Export it again.",
        torn_parquet("person_id"), "persons.parquet",
    ),
    "lists in a Parquet file": raw(
        "{kent}/persons.parquet: the column 'dob' holds DATE[], not plain values. "
        "Export it as text, a number or a date.",
        parquet(PEOPLE.set_column(2, "dob", pa.array([[]], pa.list_(pa.date32())))), "persons.parquet",
    ),
    "a heading twice in a Parquet file": raw(
        "{kent}/persons.parquet:1: two headings fit the column 'dob': 'dob' and 'DOB'. "
        "Keep one, or say which in a mapping (docs/project-file.md).",
        parquet(PEOPLE.append_column("DOB", PEOPLE["dob"])), "persons.parquet",
    ),
    "a torn SQLite database": Fault(
        "{kent}/kent.db: table 'persons': this SQLite database cannot be read (SQLITE_CORRUPT). "
        "Is it whole? Make a fresh copy.",
        make=torn_sqlite, extracts="kent.db",
    ),
    "binary values in a SQLite database": Fault(
        "{kent}/kent.db: table 'persons': the column 'dob' holds binary values. Store it as text.",
        make=sqlite("CREATE TABLE persons (person_id, dob)", ("P1", CELL.encode())), extracts="kent.db",
    ),
    "a SQLite database with no extract": Fault(
        "{kent}/kent.db holds no extract. It holds kent.db. " + KNOWN,
        make=sqlite("CREATE TABLE patients (person_id)"), extracts="kent.db",
    ),
    "a SQLite table without the key": Fault(
        "{kent}/kent.db:1: table 'persons': " + NO_KEY + " Of its columns there are dob.",
        make=sqlite("CREATE TABLE persons (dob)"), extracts="kent.db",
    ),
    "a torn DuckDB database": Fault(
        "{kent}/kent.duckdb: this DuckDB database is damaged, or of a newer version. Make it again, or name another.",
        {"kent.duckdb": bytes(8) + b"DUCK" + bytes(5000)}, extracts="kent.duckdb",
    ),
    "a database of another make": Fault(
        "extracts cannot be read from 'mysql://'. "
        "Name a folder, a database file, or postgresql://user@host/database?schema=name.",
        extracts=f"mysql://me:{CELL}@host/kent",
    ),
    "a file that is no database": Fault(
        "{kent}/kent.db: this file is a PDF document, and holds no extracts. "
        "Name a folder, a workbook, or a DuckDB or SQLite database.",
        {"kent.db": b"%PDF-1.7"}, extracts="kent.db",
    ),
    "a folder that is not there": Fault(
        "{kent}/dq.yaml: there is no folder {kent}/extrcts. Make it, or correct 'extracts'.", extracts="extrcts"
    ),
}  # fmt: skip
