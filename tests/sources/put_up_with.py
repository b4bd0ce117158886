"""Files that are put up with, however they look: two children in each, and what is said of it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import dataclass

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from bad.making import CELL, CELLS, HEADINGS, NAMES, SOUND, changed, person
from extract_files import csv_bytes, xlsx_bytes

SECOND = person("P2")
TWO_CHILDREN = (SOUND, SECOND)
TABLE = [NAMES, CELLS, SECOND.split(",")]
LINES = csv_bytes(HEADINGS, *TWO_CHILDREN)


@dataclass(frozen=True)
class Held:
    """A file of two children, P1 and P2, and what is said of it; ``name`` is what the second's number is."""

    held: bytes
    file: str = "persons.csv"
    name: str = CELL
    titles: int = 0
    blank: int = 0
    encoding: str | None = None
    unknown: int = 0


def macros() -> bytes:
    """Return a workbook with a part for macros, as Excel saves one."""
    book = io.BytesIO(xlsx_bytes({"Children": TABLE}))
    with zipfile.ZipFile(book, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 Sub Auto_Open()")
    return book.getvalue()


def hide(workbook: openpyxl.Workbook) -> None:
    workbook.copy_worksheet(workbook["Children"]).sheet_state = "hidden"


def title(workbook: openpyxl.Workbook) -> None:
    """Put a title of merged cells above, leave rows blank, and mark far cells as used, as Excel does."""
    sheet = workbook["Children"]
    sheet.insert_rows(1, 4)
    sheet["B2"] = "Children, August 2016"
    sheet.merge_cells("B2:F2")
    sheet.insert_rows(7, 2)
    for cell in ("A30", "M3"):
        sheet[cell].number_format = "@"
    sheet["C20"] = "  "


def parquet() -> bytes:
    """Return the children as a data frame writes them: categories, moments for days, a nested column beside."""
    table = pa.Table.from_pylist([dict(zip(NAMES, row, strict=True)) for row in TABLE[1:]])
    born, entered = dt.datetime(2010, 2, 1), dt.datetime(2010, 2, 3)  # noqa: DTZ001
    table = table.set_column(2, "dob", pa.array([born, born], pa.timestamp("ns")))
    table = table.set_column(7, "recorded_on", pa.array([entered, entered], pa.timestamp("ms")))
    table = table.set_column(3, "Sex", pa.array([1.0, 1.0])).set_column(
        4, "ethnicity", table["ethnicity"].dictionary_encode()
    )
    table = table.append_column("parents", pa.array([[{"name": CELL}], None]))
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


WIDE = csv_bytes(*(row + f",{'x' * 3}" * 4992 for row in TWO_CHILDREN))
PUT_UP_WITH = {
    "semicolons": Held(csv_bytes(HEADINGS, *TWO_CHILDREN).replace(b",", b";")),
    "tabs": Held(csv_bytes(HEADINGS, *TWO_CHILDREN).replace(b",", b"\t")),
    "bars": Held(csv_bytes(HEADINGS, *TWO_CHILDREN).replace(b",", b"|")),
    "headings in other words' clothes": Held(
        csv_bytes(
            "Person ID,Common-Child ID, DOB ,SEX,Ethnicity,Death  Date,UASC,RecordedOn,Expected DOB,UPN unknown",
            *TWO_CHILDREN,
        )
    ),
    "quoted headings": Held(csv_bytes(",".join(f'"{heading}"' for heading in NAMES), *TWO_CHILDREN)),
    "a quoted new line": Held(
        csv_bytes(HEADINGS, SOUND, person("P2", '"one\nand, ""two"""')), name='one\nand, "two"'
    ),
    "a quote in the middle of a cell": Held(csv_bytes(HEADINGS, SOUND, person("P2", '5" tall')), name='5" tall'),
    "Windows' line ends": Held(csv_bytes(HEADINGS, *TWO_CHILDREN, newline="\r\n")),
    "an old Mac's line ends": Held(csv_bytes(HEADINGS, *TWO_CHILDREN, newline="\r")),
    "line ends of three kinds": Held(f"{HEADINGS}\r\n{SOUND}\r{SECOND}\n".encode()),
    "a byte-order mark": Held(b"\xef\xbb\xbf" + LINES),
    "UTF-16": Held(LINES.decode().encode("utf-16"), encoding="UTF-16"),
    "Windows-1252": Held(
        csv_bytes(HEADINGS, SOUND, person("P2", "Zoë £5 – “x”")).decode().encode("cp1252"),
        name="Zoë £5 – “x”", encoding="Windows-1252",
    ),
    "no new line at the end": Held(LINES.rstrip(b"\n")),
    "blank lines at the end": Held(csv_bytes(HEADINGS, *TWO_CHILDREN, "", "")),
    "blank lines, and one with a space, in the middle": Held(csv_bytes(HEADINGS, SOUND, "", " ", SECOND)),
    "rows of commas": Held(csv_bytes(HEADINGS, SOUND, "," * 9, SECOND, '"",,," ",,,,,,'), blank=2),
    "a comma too many": Held(csv_bytes(HEADINGS, SOUND, SECOND + ",")),
    "headings in row 5": Held(
        csv_bytes("Children; August, 2016", "", "Drawn by,nobody", "", HEADINGS, *TWO_CHILDREN), titles=2
    ),
    "Excel's word about the mark": Held(b"sep=;\n" + LINES.replace(b",", b";"), titles=1),
    "5,000 columns": Held(
        csv_bytes(HEADINGS + "".join(f",c{n}" for n in range(4992))) + WIDE, unknown=4992
    ),
    "a workbook": Held(xlsx_bytes({"Sheet1": TABLE}), "Persons.XLSX"),
    "macros": Held(macros(), "persons.xlsm"),
    "a sheet too many": Held(
        xlsx_bytes({"Notes": [["seen"]], "Extract": TABLE, "Lists": [["sex"], ["1"]]}), "persons.xlsx"
    ),
    "a sheet named for it": Held(xlsx_bytes({"Notes": TABLE, "PERSONS": TABLE}), "persons.xlsx"),
    "a sheet of a workbook named for nothing": Held(
        xlsx_bytes({"Notes": [["seen"]], "Persons": TABLE}), "August 2016.xlsx"
    ),
    "a hidden sheet that fits too": Held(changed(hide, TABLE), "persons.xlsx"),
    "titles of merged cells, and blank rows": Held(changed(title, TABLE), "persons.xlsx", titles=1, blank=1),
    "Parquet": Held(parquet(), "persons.parquet", unknown=1),
}  # fmt: skip
