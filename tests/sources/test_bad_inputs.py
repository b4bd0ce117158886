"""What `dq check` says of files that are not what they should be, and what it puts up with.

A refusal names the file, the line where there is one, what was found and what would be accepted; its exit code
is 2; it quotes no cell and writes nothing.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from command_line import Ended, dq, dq_here
from extract_files import csv_bytes, everything_under, write_files, xlsx_bytes

from dq.library.load import Library
from dq.sources.load import load_folder
from dq.workspace import Workspace

CELL = "QZMARKERQZ"
"""Stands in a cell of every file, and must be in no message."""
HEADINGS = "person_id,common_child_id,dob,sex,ethnicity,death_date,uasc,recorded_on"
SEMICOLONS, TABS, BARS = (HEADINGS.replace(",", mark) for mark in ";\t|")
CELLS_OF_HEADINGS = HEADINGS.split(",")


def person(key: str, name: str = CELL) -> str:
    return f"{key},{name},01/02/2010,1,WBRI,,N,03/02/2010"


SOUND = person("P1")
FIRST_64_KIB = [HEADINGS, *(person(f"P{n}") for n in range(2000))]
"""More than is looked at when a file is opened: what follows is found by the reader itself."""


def zipped() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("notes.txt", CELL)
    return held.getvalue()


@dataclass(frozen=True)
class Fault:
    """Files, and the parts of the message that refuses them, in order."""

    files: Mapping[str, bytes]
    says: tuple[str, ...]


FAULTS = {
    "nothing in it": Fault({"persons.csv": b""}, ("persons.csv:1", "empty", "a row of headings")),
    "only blank lines": Fault({"persons.csv": b"\n \n\n"}, ("persons.csv:1", "empty", "a row of headings")),
    "no key column": Fault(
        {"persons.csv": csv_bytes("common_child_id,dob", f"{CELL},01/02/2010")},
        ("persons.csv:1", "no column 'person_id'", "common_child_id, dob"),
    ),
    "a heading twice": Fault(
        {"persons.csv": csv_bytes(f"{HEADINGS},DOB", f"{SOUND},01/02/2010")},
        ("persons.csv:1", "'DOB'", "used twice", "its own heading"),
    ),
    "a blank heading": Fault(
        {"persons.csv": csv_bytes("person_id,,dob", f"P1,{CELL},01/02/2010")},
        ("persons.csv:1", "column 2 has no heading", "Head every column"),
    ),
    "a row with too many cells": Fault(
        {"persons.csv": csv_bytes(HEADINGS, SOUND, person("P2"), f"{person('P3')},{CELL}", person("P4"))},
        ("persons.csv:4", "9 cells", "heading has 8", "double quotes"),
    ),
    "a row with too few cells": Fault(
        {"persons.csv": csv_bytes(HEADINGS, SOUND, f"P2,{CELL}", person("P3"))},
        ("persons.csv:3", "2 cells", "heading has 8"),
    ),
    "a quote not closed": Fault(
        {"persons.csv": csv_bytes(HEADINGS, SOUND, person("P2", f'"{CELL}'), person("P3"))},
        ("persons.csv:3", "quoted cell is not closed", "Close it"),
    ),
    "UTF-16": Fault(
        {"persons.csv": csv_bytes(HEADINGS, SOUND).decode().encode("utf-16")},
        ("persons.csv", "not UTF-8", "CSV UTF-8"),
    ),
    "Windows-1252": Fault(
        {"persons.csv": csv_bytes(HEADINGS, SOUND, person("P2", f"{CELL}é")).decode().encode("cp1252")},
        ("persons.csv:3", "not UTF-8", "CSV UTF-8"),
    ),
    "Windows-1252, far down": Fault(
        {"persons.csv": csv_bytes(*FIRST_64_KIB, person("P9999", f"{CELL}é")).decode().encode("cp1252")},
        ("persons.csv:2002", "not UTF-8", "CSV UTF-8"),
    ),
    "a NUL byte": Fault(
        {"persons.csv": csv_bytes(HEADINGS, SOUND, person("P2", f"{CELL}\0"))}, ("persons.csv", "not UTF-8")
    ),
    "a NUL byte, far down": Fault(
        {"persons.csv": csv_bytes(*FIRST_64_KIB, person("P9999", f"{CELL}\0"))}, ("persons.csv", "not UTF-8")
    ),
    "a line that never ends": Fault(
        {"persons.csv": csv_bytes(HEADINGS, person("P1", CELL * 300_000))}, ("persons.csv:2", "cannot be read as CSV")
    ),
    "a PDF named .csv": Fault(
        {"persons.csv": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n" + CELL.encode()}, ("persons.csv", "not UTF-8")
    ),
    "text named .xlsx": Fault({"persons.xlsx": csv_bytes(HEADINGS, SOUND)}, ("persons.xlsx", "not an Excel workbook")),
    "a zip named .xlsx": Fault({"persons.xlsx": zipped()}, ("persons.xlsx", "cannot be read", "Save it again")),
    "two sheets": Fault(
        {"persons.xlsx": xlsx_bytes({"Children": [CELLS_OF_HEADINGS, SOUND.split(",")], "Notes": [[CELL]]})},
        ("persons.xlsx", "2 sheets: Children, Notes", "Keep one"),
    ),
    "a sheet with nothing in it": Fault(
        {"persons.xlsx": xlsx_bytes({"Children": []})}, ("persons.xlsx:1", "empty", "a row of headings")
    ),
    "a heading twice in a workbook": Fault(
        {"persons.xlsx": xlsx_bytes({"Children": [[*CELLS_OF_HEADINGS, "DOB"], [*SOUND.split(","), CELL]]})},
        ("persons.xlsx:1", "'DOB'", "used twice"),
    ),
    "the same heading twice in a workbook": Fault(
        {"persons.xlsx": xlsx_bytes({"Children": [[*CELLS_OF_HEADINGS, "dob"], [*SOUND.split(","), CELL]]})},
        ("persons.xlsx:1", "'dob'", "used twice"),
    ),
    "a blank heading in a workbook": Fault(
        {"persons.xlsx": xlsx_bytes({"Children": [["person_id", None, "dob"], ["P1", CELL, "01/02/2010"]]})},
        ("persons.xlsx:1", "column 2 has no heading"),
    ),
    "two files for one extract": Fault(
        {
            "persons.csv": csv_bytes(HEADINGS, SOUND),
            "Persons.xlsx": xlsx_bytes({"Children": [CELLS_OF_HEADINGS, SOUND.split(",")]}),
        },
        ("two files for the extract 'persons'", "Persons.xlsx and persons.csv", "Keep one"),
    ),
    "a folder with no extract": Fault(
        {"notes.txt": CELL.encode()}, ("holds no extract", "no CSV or XLSX file", "Known:", "cla_placements")
    ),
    "a misspelt name": Fault(
        {"person.csv": csv_bytes(HEADINGS, SOUND)}, ("holds no extract", "person.csv", "Did you mean 'persons'?")
    ),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_named_and_nothing_is_written(fault: Fault, tmp_path: Path) -> None:
    write_files(tmp_path / "kent", fault.files)
    before = everything_under(tmp_path)

    ended = dq_here("check", tmp_path / "kent", "--period", "2016-08", "--out", tmp_path / "out")

    assert ended.code == 2
    assert ended.out == ""
    assert_in_order(ended.err, fault.says)
    assert ended.err.count("\n") == 1, "one fault, one line"
    assert "Traceback" not in ended.said
    assert CELL not in ended.said
    assert everything_under(tmp_path) == before


def assert_in_order(text: str, parts: tuple[str, ...]) -> None:
    begin = 0
    for part in parts:
        found = text.find(part, begin)
        assert found >= 0, f"{part!r} is not in {text[begin:]!r}"
        begin = found + len(part)


def test_a_fault_ends_a_process_as_it_ends_a_call(tmp_path: Path) -> None:
    write_files(tmp_path / "kent", FAULTS["a row with too many cells"].files)
    before = everything_under(tmp_path)

    for command in ("check", "run"):
        ended = dq(command, "kent", "--period", "2016-08", cwd=tmp_path)
        assert (ended.code, ended.out) == (2, "")
        assert ended.err.startswith("dq: kent/persons.csv:4: this row has 9 cells")
        assert "Traceback" not in ended.err
        assert CELL not in ended.err
    assert everything_under(tmp_path) == before


def read(tmp_path: Path, files: Mapping[str, bytes]) -> tuple[Ended, dict[str, object], list[dict[str, str]]]:
    """Check files that are put up with: how it ended, what run.json says of persons, and the exceptions."""
    folder = write_files(tmp_path / "kent", files)
    ended = dq_here("check", folder, "--period", "2016-08", "--rules", "*person*", "--out", tmp_path / "out")
    assert ended.code == 0, ended.err
    facts = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    (persons,) = [item for item in facts["inputs"] if item["extract"] == "persons"]
    with (tmp_path / "out" / "exceptions.csv").open(encoding="utf-8", newline="") as file:
        return ended, persons, list(csv.DictReader(file))


TWO_CHILDREN = (SOUND, person("P2"))
PUT_UP_WITH = {
    "semicolons": csv_bytes(SEMICOLONS, *(row.replace(",", ";") for row in TWO_CHILDREN)),
    "tabs": csv_bytes(TABS, *(row.replace(",", "\t") for row in TWO_CHILDREN)),
    "bars": csv_bytes(BARS, *(row.replace(",", "|") for row in TWO_CHILDREN)),
    "headings in other words' clothes": csv_bytes(
        "Person ID,Common-Child ID, DOB ,SEX,Ethnicity,Death  Date,UASC,Recorded_On", *TWO_CHILDREN
    ),
    "quoted headings": csv_bytes(",".join(f'"{heading}"' for heading in CELLS_OF_HEADINGS), *TWO_CHILDREN),
    "a quoted new line": csv_bytes(HEADINGS, SOUND, person("P2", '"one\nand, ""two"""')),
    "Windows' line ends": csv_bytes(HEADINGS, *TWO_CHILDREN, newline="\r\n"),
    "a byte-order mark": b"\xef\xbb\xbf" + csv_bytes(HEADINGS, *TWO_CHILDREN),
    "no new line at the end": csv_bytes(HEADINGS, *TWO_CHILDREN).rstrip(b"\n"),
    "blank lines at the end": csv_bytes(HEADINGS, *TWO_CHILDREN, "", ""),
}


@pytest.mark.parametrize("held", PUT_UP_WITH.values(), ids=PUT_UP_WITH.keys())
def test_what_is_put_up_with_reads_the_same(
    held: bytes, library: Library, workspace: Workspace, tmp_path: Path
) -> None:
    write_files(tmp_path / "kent", {"persons.csv": held})
    found = load_folder(workspace, tmp_path / "kent", library.contracts, lambda _: None)

    (persons,) = [extract for extract in found if extract.extract == "persons"]
    assert (persons.rows, persons.missing_columns, persons.unknown_columns, persons.unread_values) == (2, (), (), 0)
    born, entered = dt.date(2010, 2, 1), dt.date(2010, 2, 3)
    second = 'one\nand, "two"' if b"two" in held else CELL
    assert workspace.execute("SELECT * EXCLUDE (unread) FROM persons ORDER BY person_id").fetchall() == [
        ("P1", CELL, born, "1", "WBRI", None, "N", entered),
        ("P2", second, born, "1", "WBRI", None, "N", entered),
    ]


def test_headings_and_no_records_is_an_extract_of_none(tmp_path: Path) -> None:
    _, persons, exceptions = read(tmp_path, {"persons.csv": csv_bytes(HEADINGS)})

    assert (persons["file"], persons["rows"], exceptions) == ("persons.csv", 0, [])


def test_columns_missing_and_not_known_are_named(tmp_path: Path) -> None:
    held = csv_bytes("person_id,shoe size,dob", f"P1,{CELL},01/02/2010")
    ended, persons, _ = read(tmp_path, {"persons.csv": held})

    missing = ["common_child_id", "sex", "ethnicity", "death_date", "uasc", "recorded_on"]
    assert (persons["missing_columns"], persons["unknown_columns"]) == (missing, ["shoe size"])
    assert "persons: no column common_child_id, sex, ethnicity" in ended.out
    assert "persons: 1 column not known" in ended.out
    assert CELL not in ended.said


@pytest.mark.parametrize("formula", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://x","y")'])
def test_a_cell_that_a_spreadsheet_would_run_is_neutralised(formula: str, tmp_path: Path) -> None:
    """The key of a record, and what stands in place of a date, are written back; neither may become a formula."""
    quoted = '"' + formula.replace('"', '""') + '"'
    row = f"{quoted},{CELL},{quoted},{quoted},WBRI,,N,03/02/2010"
    _, persons, exceptions = read(tmp_path, {"persons.csv": csv_bytes(HEADINGS, row)})

    assert persons["unread_values"] == 1
    assert {e["rule_id"] for e in exceptions} == {
        "contract.persons.dob.readable",
        "contract.persons.dob.required",
        "contract.persons.sex.codes",
    }
    assert {e["record_key"] for e in exceptions} == {f"'{formula}"}
    for exception in exceptions:
        begin_as_formula = [name for name, cell in exception.items() if cell.startswith(("=", "+", "-", "@"))]
        assert begin_as_formula == []
    (unread,) = [e for e in exceptions if e["rule_id"].endswith("readable")]
    assert json.loads(unread["values"]) == {"dob": formula}
