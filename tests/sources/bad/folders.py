"""Folders and files that are not there, or are there twice: what is said of each. One entry, one fault."""

from __future__ import annotations

from bad.making import (
    CELL,
    CELLS,
    HEADINGS,
    KNOWN,
    NAMES,
    SOUND,
    Fault,
    zipped,
)
from extract_files import csv_bytes, xlsx_bytes

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
            "Persons.xlsx": xlsx_bytes({"Children": [NAMES, CELLS]}),
        },
    ),
    "a file and a sheet for one extract": Fault(
        "{kent}: two files for the extract 'persons': all.xlsx, sheet Persons and persons.csv. Keep one.",
        {
            "persons.csv": csv_bytes(HEADINGS, SOUND),
            "all.xlsx": xlsx_bytes({"Persons": [NAMES, CELLS], "Notes": [[CELL]]}),
        },
    ),
    "a folder with no extract": Fault(
        "{kent} holds no extract. It holds no CSV, XLSX or Parquet file. " + KNOWN,
        {"notes.txt": CELL.encode()},
    ),
    "a misspelt name": Fault(
        "{kent} holds no extract. It holds person.csv. Did you mean 'persons'?",
        {"person.csv": csv_bytes(HEADINGS, SOUND)},
    ),
    "a zip of extracts": Fault(
        "{kent} holds no extract. It holds extracts.zip. " + KNOWN,
        {"extracts.zip": zipped({"persons.csv": csv_bytes(HEADINGS, SOUND)})},
    ),
}
