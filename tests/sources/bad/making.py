"""How faulty files and databases are made, and words that many messages share.

``{kent}`` in a message stands for the folder the files lie in. What cannot be written as bytes is made by a function.
"""

from __future__ import annotations

import io
import sqlite3
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from extract_files import Rows, csv_bytes, xlsx_bytes

from tests.small_policy import EXTRACTS

CELL = "QZMARKERQZ"
"""Stands in a cell of every file, and must be in no message."""
HEADINGS = "person_id,common_child_id,dob,sex,ethnicity,death_date,uasc,recorded_on,expected_dob,upn_unknown"
NAMES = HEADINGS.split(",")
KNOWN = f"Known: {', '.join(EXTRACTS[:12])}, …."
"""The extracts there are, as a message ends: no more than a line or two of them."""


def person(key: str, name: str = CELL) -> str:
    return f"{key},{name},01/02/2010,1,WBRI,,N,03/02/2010,,"


SOUND = person("P1")
CELLS = SOUND.split(",")
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


def changed(change: Callable[[openpyxl.Workbook], None], rows: Rows = (NAMES, CELLS)) -> bytes:
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
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes({"Children": [NAMES, CELLS]}))) as archive:
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


PEOPLE = pa.table({name: [cell] for name, cell in zip(NAMES, CELLS, strict=True)})


def torn_parquet(column: str) -> bytes:
    """Return a file whose list of columns is sound and one of whose columns is not."""
    days = pa.array(range(10_000), pa.date32())
    held = parquet(pa.table({"person_id": pa.array(map(str, range(10_000))), "recorded_on": days}))
    columns = pq.read_metadata(io.BytesIO(held)).row_group(0)
    (torn,) = [chunk for i in range(columns.num_columns) if (chunk := columns.column(i)).path_in_schema == column]
    begins = torn.dictionary_page_offset or torn.data_page_offset
    size = torn.total_compressed_size
    return held[:begins] + b"\xff" * size + held[begins + size :]


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
        for row in rows:
            connection.execute(f"INSERT INTO persons VALUES ({', '.join('?' for _ in row)})", row)
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
