"""Files and databases that are not what they should be, and what is said of each: one entry, one fault.

``{kent}`` in a message stands for the folder they lie in. What cannot be written as bytes is made by a function.
"""

from __future__ import annotations

import io
import re
import sqlite3
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from extract_files import Rows, csv_bytes, xlsx_bytes

CELL = "QZMARKERQZ"
"""Stands in a cell of every file, and must be in no message."""
HEADINGS = "person_id,common_child_id,dob,sex,ethnicity,death_date,uasc,recorded_on"
NAMES = HEADINGS.split(",")


def person(key: str, name: str = CELL) -> str:
    return f"{key},{name},01/02/2010,1,WBRI,,N,03/02/2010"


SOUND = person("P1")
MANY = [HEADINGS, *(person(f"P{n}") for n in range(2000))]
"""More than is looked at when a file is opened: what follows is found by the reader itself."""


@dataclass(frozen=True)
class Fault:
    """Files to write, or a function that makes them in a folder, and the message that refuses them.

    ``extracts`` is what the project says, where it does not name the folder.
    """

    says: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    make: Callable[[Path], None] = lambda _: None
    extracts: str = "."


def text(says: str, *rows: str, encoding: str = "utf-8", file: str = "persons.csv", newline: str = "\n") -> Fault:
    return Fault(says, {file: "".join(row + newline for row in rows).encode(encoding)})


def raw(says: str, held: bytes, file: str = "persons.csv") -> Fault:
    return Fault(says, {file: held})


def book(says: str, sheets: Mapping[str, Rows], file: str = "persons.xlsx") -> Fault:
    return Fault(says, {file: xlsx_bytes(sheets)})


def changed(change: Callable[[openpyxl.Workbook], None], rows: Rows = (NAMES, SOUND.split(","))) -> bytes:
    """Return a workbook with one sheet, 'Children', after a change to it."""
    workbook = openpyxl.load_workbook(io.BytesIO(xlsx_bytes({"Children": rows})))
    change(workbook)
    held = io.BytesIO()
    workbook.save(held)
    return held.getvalue()


def zipped(parts: Mapping[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return held.getvalue()


def rezipped(change: Callable[[dict[str, bytes]], None]) -> bytes:
    """Return a workbook after a change to the parts of its archive."""
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes({"Children": [NAMES, SOUND.split(",")]}))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    return zipped(parts)


SHEET = "xl/worksheets/sheet1.xml"


def bomb(parts: dict[str, bytes]) -> None:
    parts[SHEET] = parts[SHEET].replace(b"</sheetData>", b" " * (64 << 20) + b"</sheetData>")


def many_parts(parts: dict[str, bytes]) -> None:
    parts.update({f"xl/media/{n}.png": b"" for n in range(10_001)})


def lying() -> bytes:
    """Return a bomb whose archive says that its sheet is small."""
    held = rezipped(bomb)
    with zipfile.ZipFile(io.BytesIO(held)) as archive:
        size = archive.getinfo(SHEET).file_size
    return held.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))


def parquet(table: pa.Table) -> bytes:
    held = io.BytesIO()
    pq.write_table(table, held)
    return held.getvalue()


PEOPLE = pa.table({name: [cell] for name, cell in zip(NAMES, SOUND.split(","), strict=True)})
OLD_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


def long_cell(folder: Path) -> None:
    with (folder / "persons.csv").open("wb") as file:
        file.write(csv_bytes(HEADINGS, SOUND) + b"P2,")
        for _ in range(200):
            file.write(b"x" * (1 << 20))


def sqlite(statement: str, *rows: tuple[object, ...]) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        connection = sqlite3.connect(folder / "kent.db")
        connection.execute(statement)
        marks = ", ".join("?" for _ in rows[0]) if rows else ""
        connection.executemany(f"INSERT INTO persons VALUES ({marks})", rows)
        connection.commit()
        connection.close()

    return make


def torn_sqlite(folder: Path) -> None:
    sqlite("CREATE TABLE persons (person_id)", *[(CELL * 100,)] * 200)(folder)
    path = folder / "kent.db"
    held = path.read_bytes()
    path.write_bytes(held[:4096] + bytes(len(held) - 4096))


SAVE = "Save it as 'CSV UTF-8 (comma delimited)'."
CLOSE = "Close it, or double the quotes inside it."
EXPORT = "Export the table itself, as CSV, XLSX or Parquet."
QUOTE = "Put cells that hold the delimiter in double quotes."
BEGIN = "It should begin with a row of headings."
NO_KEY = "there is no column 'person_id', the key of persons."
NOT = "whatever its name says. " + EXPORT

TEXTS = {
    "nothing in it": raw("{kent}/persons.csv:1: this file is empty. " + BEGIN, b""),
    "only blank lines": raw("{kent}/persons.csv:1: this file is empty. " + BEGIN, b"\n \n\n"),
    "no key column": text(
        "{kent}/persons.csv:1: " + NO_KEY + " Of its columns there are common_child_id, dob.",
        "common_child_id,dob", f"{CELL},01/02/2010",
    ),
    "the key misspelt": text(
        "{kent}/persons.csv:1: " + NO_KEY + " Is it 'persn_id'? Then head it 'person_id'.", "persn_id,dob", "P1,"
    ),
    "no headings at all": text(
        "{kent}/persons.csv:1: " + NO_KEY + " None of its headings is known: is there a row of headings?",
        SOUND, person("P2"),
    ),
    "a heading twice": text(
        "{kent}/persons.csv:1: two headings fit the column 'dob': 'dob' and 'DOB'. "
        "Keep one, or say which in a mapping (docs/project-file.md).",
        f"{HEADINGS},DOB", f"{SOUND},01/02/2010",
    ),
    "a heading that is not ours twice": text(
        "{kent}/persons.csv:1: the heading 'notes' is used twice. Give each column its own heading.",
        f"{HEADINGS},Notes,notes", f"{SOUND},,",
    ),
    "a blank heading": text(
        "{kent}/persons.csv:1: column 2 has no heading. Head every column.", "person_id,,dob", f"P1,{CELL},01/02/2010"
    ),
    "a row with too many cells": text(
        "{kent}/persons.csv:4: this row has 9 cells where the heading has 8. " + QUOTE,
        HEADINGS, SOUND, person("P2"), f"{person('P3')},{CELL}", person("P4"),
    ),
    "a row with too few cells": text(
        "{kent}/persons.csv:3: this row has 2 cells where the heading has 8. " + QUOTE,
        HEADINGS, SOUND, f"P2,{CELL}", person("P3"),
    ),
    "a row with too few cells, under cells of several lines": text(
        "{kent}/persons.csv:6: this row has 2 cells where the heading has 8. " + QUOTE,
        HEADINGS, person("P1", '"one\ntwo\nthree"'), person("P2"), f"P3,{CELL}", person("P4"),
    ),
    "a row with too few cells, among line ends of three kinds": raw(
        "{kent}/persons.csv:5: this row has 2 cells where the heading has 8. " + QUOTE,
        f"{HEADINGS}\r\n{SOUND}\n{person('P2')}\r{person('P3')}\r\nP4,{CELL}\n".encode(),
    ),
    "a row with too few cells, in Windows-1252": text(
        "{kent}/persons.csv:3: this row has 2 cells where the heading has 8. " + QUOTE,
        HEADINGS, person("P1", "é"), f"P2,{CELL}", encoding="cp1252", newline="\r\n",
    ),
    "a row with too few cells, under a title": text(
        "{kent}/persons.csv:5: this row has 1 cells where the heading has 8. " + QUOTE,
        "All our children", "", HEADINGS, SOUND, CELL,
    ),
    "a quote not closed": text(
        "{kent}/persons.csv:3: a quoted cell is not closed. " + CLOSE,
        HEADINGS, SOUND, person("P2", f'"{CELL}'), person("P3"),
    ),
    "broken off within quotes": raw(
        "{kent}/persons.csv:2002: a quoted cell is not closed. " + CLOSE, csv_bytes(*MANY) + f'P9999,"{CELL}'.encode()
    ),
    "text after a quote": text(
        "{kent}/persons.csv:2: a quoted cell goes on after its closing quote. " + CLOSE,
        HEADINGS, person("P1", f'"{CELL}"{CELL}'),
    ),
    "a NUL byte": text(
        "{kent}/persons.csv:3: this file holds a NUL byte, which no text has. Export it again. " + SAVE,
        HEADINGS, SOUND, person("P2", f"{CELL}\0"),
    ),
    "a NUL byte, far down": text(
        "{kent}/persons.csv:2002: this file holds a NUL byte, which no text has. Export it again. " + SAVE,
        *MANY, person("P9999", f"{CELL}\0"),
    ),
    "UTF-16 without its mark": text(
        "{kent}/persons.csv:1: this file is UTF-16 text without the mark that says so. " + SAVE,
        HEADINGS, SOUND, encoding="utf-16-le",
    ),
    "UTF-16 broken off": raw(
        "{kent}/persons.csv:3: this UTF-16 text breaks off in the middle of a letter. " + SAVE,
        csv_bytes(HEADINGS, SOUND).decode().encode("utf-16") + b"P",
    ),
    "UTF-16 that is none": raw(
        "{kent}/persons.csv:2: this file is not UTF-16 text, though it begins as such. " + SAVE,
        f"{HEADINGS}\n".encode("utf-16") + b"\x00\xdc" + SOUND.encode("utf-16-le"),
    ),
    "UTF-32": text("{kent}/persons.csv: this file is UTF-32 text. " + SAVE, HEADINGS, SOUND, encoding="utf-32"),
    "neither UTF-8 nor Windows-1252": raw(
        "{kent}/persons.csv:3: this file is neither UTF-8 nor Windows-1252 text. " + SAVE,
        csv_bytes(HEADINGS, SOUND, person("P2", "XX")).replace(b"XX", b"\xe9\x81"),
    ),
    "UTF-8 by its mark and not by its text": raw(
        "{kent}/persons.csv:2: this file begins as UTF-8 text, and here is none. " + SAVE,
        b"\xef\xbb\xbf" + csv_bytes(HEADINGS, person("P1", "XX")).replace(b"XX", b"\xe9"),
    ),
    "a cell of 200 MB": Fault(
        "{kent}/persons.csv:3: this line is longer than 2,000,000 letters. Is a quote not closed?", make=long_cell
    ),
    "headings of 3 MB": text(
        "{kent}/persons.csv:1: this line is longer than 2,000,000 letters. Is a quote not closed?", CELL * 300_000
    ),
    "a PDF named .csv": raw(
        "{kent}/persons.csv: this file is a PDF document, " + NOT, b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n" + CELL.encode()
    ),
    "a web page named .csv": raw(
        "{kent}/persons.csv: this file is a web page (HTML), " + NOT, b"\n<HTML><body><table><tr><td>" + CELL.encode()
    ),
    "a workbook named .csv": raw(
        "{kent}/persons.csv: this file is a zip archive or a workbook, " + NOT,
        xlsx_bytes({"Children": [NAMES, SOUND.split(",")]}),
    ),
    "a gzip archive named .csv": raw("{kent}/persons.csv: this file is a gzip archive, " + NOT, b"\x1f\x8b\x08" + bytes(30)),
}  # fmt: skip

FILES = {
    "a folder named .csv": Fault(
        "{kent}/persons.csv: this is a folder, not a file. Put the file itself here, as CSV, XLSX or Parquet.",
        make=lambda kent: (kent / "persons.csv").mkdir(),
    ),
    "a link to itself": Fault(
        "{kent}/persons.csv: this link leads nowhere. Put the file itself here, as CSV, XLSX or Parquet.",
        make=lambda kent: (kent / "persons.csv").symlink_to(kent / "persons.csv"),
    ),
    "a link to a file that is gone": Fault(
        "{kent}/persons.csv: this link leads nowhere. Put the file itself here, as CSV, XLSX or Parquet.",
        make=lambda kent: (kent / "persons.csv").symlink_to(kent / "gone.csv"),
    ),
    "two files for one extract": Fault(
        "{kent}: two files for the extract 'persons': Persons.xlsx and persons.csv. Keep one.",
        {
            "persons.csv": csv_bytes(HEADINGS, SOUND),
            "Persons.xlsx": xlsx_bytes({"Children": [NAMES, SOUND.split(",")]}),
        },
    ),
    "a file and a sheet for one extract": Fault(
        "{kent}: two files for the extract 'persons': all.xlsx, sheet Persons and persons.csv. Keep one.",
        {
            "persons.csv": csv_bytes(HEADINGS, SOUND),
            "all.xlsx": xlsx_bytes({"Persons": [NAMES, SOUND.split(",")], "Notes": [[CELL]]}),
        },
    ),
    "a folder with no extract": Fault(
        "{kent} holds no extract. It holds no CSV, XLSX or Parquet file. Known: addresses, cin_visits, cla_episodes, "
        "cla_placements, cla_visits, cp_plans, cp_visits, involvements, missing_episodes, persons, teams, workers.",
        {"notes.txt": CELL.encode()},
    ),
    "a misspelt name": Fault(
        "{kent} holds no extract. It holds person.csv. Did you mean 'persons'?", {"person.csv": csv_bytes(HEADINGS, SOUND)}
    ),
    "a zip of extracts": Fault(
        "{kent} holds no extract. It holds extracts.zip. Known: addresses, cin_visits, cla_episodes, "
        "cla_placements, cla_visits, cp_plans, cp_visits, involvements, missing_episodes, persons, teams, workers.",
        {"extracts.zip": zipped({"persons.csv": csv_bytes(HEADINGS, SOUND)})},
    ),
}

BOOKS = {
    "text named .xlsx": text(
        "{kent}/persons.xlsx: this file is no Excel workbook, " + NOT, HEADINGS, SOUND, file="persons.xlsx"
    ),
    "a JPEG named .xlsx": raw(
        "{kent}/persons.xlsx: this file is a JPEG picture, " + NOT, b"\xff\xd8\xff\xe0" + CELL.encode(), "persons.xlsx"
    ),
    "a zip named .xlsx": raw(
        "{kent}/persons.xlsx: this file is a zip archive, " + NOT, zipped({"a.txt": CELL.encode()}), "persons.xlsx"
    ),
    "an empty zip named .xlsx": raw(
        "{kent}/persons.xlsx: this file is an empty zip archive, " + NOT, zipped({}), "persons.xlsx"
    ),
    "half a workbook": raw(
        "{kent}/persons.xlsx: this workbook is damaged or not whole (BadZipFile). Save it again as .xlsx.",
        xlsx_bytes({"Children": [NAMES, SOUND.split(",")]})[:2000], "persons.xlsx",
    ),
    "a sheet that is no XML": raw(
        "{kent}/persons.xlsx: this workbook is damaged or not whole (CalamineError). Save it again as .xlsx.",
        rezipped(lambda parts: parts.update({SHEET: parts[SHEET].replace(b"</c>", b"</d>")})), "persons.xlsx",
    ),
    "a workbook of the old kind": raw(
        "{kent}/persons.xls: this file is a workbook of the old kind (.xls). Save it as CSV, XLSX or Parquet.",
        OLD_CONTAINER, "persons.xls",
    ),
    "a workbook of the old kind named .xlsx": raw(
        "{kent}/persons.xlsx: this is a workbook of the old kind (.xls). Open it in Excel and save it as .xlsx.",
        OLD_CONTAINER, "persons.xlsx",
    ),
    "a web page named .xls": raw(
        "{kent}/persons.xls: this file is a web page (HTML). Save it as CSV, XLSX or Parquet.",
        b"<html><table><tr><td>" + CELL.encode(), "persons.xls",
    ),
    "a password": raw(
        "{kent}/persons.xlsx: this workbook is protected with a password. Save a copy without one.",
        OLD_CONTAINER + "EncryptedPackage".encode("utf-16-le"), "persons.xlsx",
    ),
    "a zip bomb": raw(
        "{kent}/persons.xlsx: this workbook would unpack to 64 MiB in 9 parts; no sheet of records does. "
        "Export the records again, as CSV.",
        rezipped(bomb), "persons.xlsx",
    ),
    "a zip bomb that says it is small": raw(
        "{kent}/persons.xlsx: this workbook is damaged or not whole (BadZipFile). Save it again as .xlsx.",
        lying(), "persons.xlsx",
    ),
    "ten thousand parts": raw(
        "{kent}/persons.xlsx: this workbook would unpack to 0 MiB in 10,010 parts; no sheet of records does. "
        "Export the records again, as CSV.",
        rezipped(many_parts), "persons.xlsx",
    ),
    "a sheet with nothing in it": book("{kent}/persons.xlsx:1: this sheet is empty. " + BEGIN, {"Children": []}),
    "merged cells": raw(
        "{kent}/persons.xlsx:1: the cells A2:A3 are merged. Unmerge them, and fill in each.",
        changed(lambda held: held["Children"].merge_cells("A2:A3")), "persons.xlsx",
    ),
    "a formula without a result": raw(
        "{kent}/persons.xlsx:1: the formula in B3 has no result. Open it in Excel and save it.",
        changed(lambda held: held["Children"].append(["P2", "=1+1"])), "persons.xlsx",
    ),
    "two sheets that fit": book(
        "{kent}/persons.xlsx: two sheets fit the extract 'persons': 'North' and 'South'. Name the right one 'persons'.",
        {"North": [NAMES, SOUND.split(",")], "South": [NAMES], "Notes": [[CELL]]},
    ),
    "no sheet that fits": book(
        "{kent}/persons.xlsx: no sheet has the key column of the extract 'persons'; there is 'Notes', 'Dates'. "
        "Show it, or correct its headings.",
        {"Notes": [[CELL]], "Dates": [["dob", "death_date"]]},
    ),
    "a heading twice in a sheet": book(
        "{kent}/persons.xlsx:1: two headings fit the column 'dob': 'dob' and 'dob'. "
        "Keep one, or say which in a mapping (docs/project-file.md).",
        {"Children": [[*NAMES, "dob"], [*SOUND.split(","), CELL]]},
    ),
    "a blank heading in a sheet": book(
        "{kent}/persons.xlsx:3: column 2 has no heading. Head every column.",
        {"Children": [["All"], [], ["person_id", None, "dob"], ["P1", CELL, "01/02/2010"]]},
    ),
}  # fmt: skip

TABLES = {
    "text named .parquet": text(
        "{kent}/persons.parquet: this file is no Parquet file, " + NOT, HEADINGS, SOUND, file="persons.parquet"
    ),
    "half a Parquet file": raw(
        "{kent}/persons.parquet: this Parquet file is damaged or not whole (InvalidInputException). Export it again.",
        parquet(PEOPLE)[:-100], "persons.parquet",
    ),
    "a Parquet file whose list of columns is torn": raw(
        "{kent}/persons.parquet: this Parquet file is damaged or not whole (InvalidInputException). Export it again.",
        re.sub(rb"schema.{60}", b"\xff" * 66, parquet(PEOPLE), count=1, flags=re.DOTALL), "persons.parquet",
    ),
    "lists in a Parquet file": raw(
        "{kent}/persons.parquet: the column 'dob' holds DATE[], not plain values. Export it as text, a number or a date.",
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
        "{kent}/kent.db holds no extract. It holds kent.db. Known: addresses, cin_visits, cla_episodes, "
        "cla_placements, cla_visits, cp_plans, cp_visits, involvements, missing_episodes, persons, teams, workers.",
        make=sqlite("CREATE TABLE patients (person_id)"), extracts="kent.db",
    ),
    "a SQLite table without the key": Fault(
        "{kent}/kent.db:1: table 'persons': " + NO_KEY + " Of its columns there are dob.",
        make=sqlite("CREATE TABLE persons (dob)"), extracts="kent.db",
    ),
    "a torn DuckDB database": Fault(
        "{kent}/kent.duckdb: this DuckDB database cannot be opened (IOException). Close what else has it open.",
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

FAULTS = {**TEXTS, **FILES, **BOOKS, **TABLES}
