"""Workbooks that are not what they should be: what is said of each. One entry, one fault."""

from __future__ import annotations

from bad.making import (
    BEGIN,
    CELL,
    CELLS,
    HEADINGS,
    NAMES,
    NOT,
    OLD_CONTAINER,
    SHEET,
    SOUND,
    bomb,
    book,
    changed,
    lying,
    many_parts,
    raw,
    rezipped,
    text,
    zipped,
)
from extract_files import xlsx_bytes

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
        "{kent}/persons.xlsx: this workbook is damaged or not whole. Save it again as .xlsx.",
        xlsx_bytes({"Children": [NAMES, CELLS]})[:2000], "persons.xlsx",
    ),
    "a sheet that is no XML": raw(
        "{kent}/persons.xlsx: this workbook is damaged or not whole. Save it again as .xlsx.",
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
        "{kent}/persons.xlsx: this workbook is damaged or not whole. Save it again as .xlsx.",
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
        {"North": [NAMES, CELLS], "South": [NAMES], "Notes": [[CELL]]},
    ),
    "no sheet that fits": book(
        "{kent}/persons.xlsx: no sheet has the key column of the extract 'persons'; there is 'Notes', 'Dates'. "
        "Show it, or correct its headings.",
        {"Notes": [[CELL]], "Dates": [["dob", "death_date"]]},
    ),
    "a heading twice in a sheet": book(
        "{kent}/persons.xlsx:1: two headings fit the column 'dob': 'dob' and 'dob'. "
        "Keep one, or say which in a mapping (docs/project-file.md).",
        {"Children": [[*NAMES, "dob"], [*CELLS, CELL]]},
    ),
    "a blank heading in a sheet": book(
        "{kent}/persons.xlsx:3: column 2 has no heading. Head every column.",
        {"Children": [["All"], [], ["person_id", None, "dob"], ["P1", CELL, "01/02/2010"]]},
    ),
}  # fmt: skip
