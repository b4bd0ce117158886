"""CSV files that are not what they should be: what is said of each. One entry, one fault."""

from __future__ import annotations

from bad.making import (
    BEGIN,
    CELL,
    CELLS,
    CLOSE,
    HEADINGS,
    MANY,
    NAMES,
    NO_KEY,
    NOT,
    QUOTE,
    SAVE,
    SOUND,
    Fault,
    long_cell,
    person,
    raw,
    text,
)
from extract_files import csv_bytes, xlsx_bytes

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
        "{kent}/persons.csv:4: this row has 11 cells where the heading has 10. " + QUOTE,
        HEADINGS, SOUND, person("P2"), f"{person('P3')},{CELL}", person("P4"),
    ),
    "a row with too few cells": text(
        "{kent}/persons.csv:3: this row has 2 cells where the heading has 10. " + QUOTE,
        HEADINGS, SOUND, f"P2,{CELL}", person("P3"),
    ),
    "a row with too few cells, under cells of several lines": text(
        "{kent}/persons.csv:6: this row has 2 cells where the heading has 10. " + QUOTE,
        HEADINGS, person("P1", '"one\ntwo\nthree"'), person("P2"), f"P3,{CELL}", person("P4"),
    ),
    "a row with too few cells, among line ends of three kinds": raw(
        "{kent}/persons.csv:5: this row has 2 cells where the heading has 10. " + QUOTE,
        f"{HEADINGS}\r\n{SOUND}\n{person('P2')}\r{person('P3')}\r\nP4,{CELL}\n".encode(),
    ),
    "a row with too few cells, in Windows-1252": text(
        "{kent}/persons.csv:3: this row has 2 cells where the heading has 10. " + QUOTE,
        HEADINGS, person("P1", "é"), f"P2,{CELL}", encoding="cp1252", newline="\r\n",
    ),
    "a row with too few cells, under a title": text(
        "{kent}/persons.csv:5: this row has 1 cells where the heading has 10. " + QUOTE,
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
        xlsx_bytes({"Children": [NAMES, CELLS]}),
    ),
    "a gzip archive named .csv": raw(
        "{kent}/persons.csv: this file is a gzip archive, " + NOT, b"\x1f\x8b\x08" + bytes(30)
    ),
}  # fmt: skip
