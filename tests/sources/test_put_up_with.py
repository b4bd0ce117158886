"""What `dq check` puts up with in files: other marks, other headings, titles, blank rows, what it does not know."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from bad.making import CELL, HEADINGS, SOUND, changed, person, torn_parquet
from command_line import Ended, dq_here
from extract_files import csv_bytes, write_files
from put_up_with import LINES, PUT_UP_WITH, TABLE, Held

from dq.library.policy import Library
from dq.sources.load import load_folder
from dq.workspace import Workspace

pytestmark = pytest.mark.usefixtures("policy_loaded_once")


def read(tmp_path: Path, files: Mapping[str, bytes]) -> tuple[Ended, dict[str, object], list[dict[str, str]]]:
    """Check files that are put up with: how it ended, what run.json says of persons, and the exceptions."""
    folder = write_files(tmp_path / "kent", files)
    ended = dq_here("check", folder, "--period", "2016-08", "--rules", "*person*", "--out", tmp_path / "out")
    assert ended.code == 0, ended.err
    facts = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    (persons,) = [item for item in facts["inputs"] if item["extract"] == "persons"]
    with (tmp_path / "out" / "exceptions.csv").open(encoding="utf-8", newline="") as file:
        return ended, persons, list(csv.DictReader(file))


@pytest.mark.parametrize("case", PUT_UP_WITH.values(), ids=PUT_UP_WITH.keys())
def test_what_is_put_up_with_reads_the_same(case: Held, library: Library, workspace: Workspace, tmp_path: Path) -> None:
    write_files(tmp_path / "kent", {case.file: case.held})
    found = load_folder(workspace, tmp_path / "kent", library.contracts, lambda _: None)

    (persons,) = [extract for extract in found if extract.extract == "persons"]
    assert (persons.rows, persons.missing_columns, persons.unread_values) == (2, (), 0)
    assert (persons.rows_in, persons.accounted) == (2 + case.blank, True)
    assert (persons.title_rows, persons.blank_rows, persons.encoding) == (case.titles, case.blank, case.encoding)
    assert len(persons.unknown_columns) == case.unknown
    assert persons.sha256 == hashlib.sha256(case.held).hexdigest()
    born, entered = dt.date(2010, 2, 1), dt.date(2010, 2, 3)
    workspace.seal()
    assert workspace.execute("SELECT * EXCLUDE (unread) FROM persons ORDER BY person_id").fetchall() == [
        ("P1", CELL, born, "1", "WBRI", None, "N", entered, None, None),
        ("P2", case.name, born, "1", "WBRI", None, "N", entered, None, None),
    ]


def test_other_files_of_the_folder_are_left_alone(tmp_path: Path) -> None:
    """A workbook Excel has open leaves a file with ~$ beside it; other files are not opened at all."""
    others = {
        "~$persons.xlsx": b"x",
        ".persons.csv": b"\0",
        "notes.xlsx": b"\0",
        "old.xls": b"\0",
        "persons.csv.bak": b"\0",
    }
    _, persons, _ = read(tmp_path, {"persons.csv": LINES, **others})
    assert (persons["file"], persons["rows"]) == ("persons.csv", 2)


def test_what_is_not_a_record_is_told(tmp_path: Path) -> None:
    lines = csv_bytes("All our children", HEADINGS, SOUND, "," * 9, person("P2", "Zoë"))
    ended, persons, _ = read(tmp_path, {"persons.csv": lines.decode().encode("cp1252")})

    assert "Read    2 records in 1 of 17 extracts; every one accounted for\n" in ended.out
    assert "        persons: read as Windows-1252, as it is not UTF-8\n" in ended.out
    assert "        persons: 1 row above the headings left out\n" in ended.out
    assert "        persons: 1 blank row left out\n" in ended.out
    counts = {key: persons[key] for key in ("rows_in", "rows", "blank_rows", "title_rows", "encoding")}
    assert counts == {"rows_in": 3, "rows": 2, "blank_rows": 1, "title_rows": 1, "encoding": "Windows-1252"}


def test_an_error_of_excel_is_kept_as_it_is_shown(tmp_path: Path) -> None:
    def spoil(workbook: openpyxl.Workbook) -> None:
        for cell, error in {"C2": "#N/A", "C3": "#DIV/0!", "E3": "#REF!"}.items():
            workbook["Children"][cell] = error
            workbook["Children"][cell].data_type = "e"

    _, persons, exceptions = read(tmp_path, {"persons.xlsx": changed(spoil, TABLE)})
    assert persons["unread_values"] == 2
    assert {e["values"] for e in exceptions} == {'{"dob":"#N/A"}', '{"dob":"#DIV/0!"}', '{"ethnicity":"#REF!"}'}


def test_a_parquet_file_torn_in_the_middle_fails_the_rules_that_read_it(tmp_path: Path) -> None:
    """Texts are read before any rule is tested, days when one is: by this one, to say what it found of a record."""
    read(tmp_path, {"persons.parquet": torn_parquet("recorded_on")})
    with (tmp_path / "out" / "rules.csv").open(encoding="utf-8", newline="") as file:
        ended = {row["rule_id"]: row["status"] for row in csv.DictReader(file)}
    assert ended["contract.persons.person_id.unique"] == "error"


def test_headings_and_no_records_is_an_extract_of_none(tmp_path: Path) -> None:
    _, persons, exceptions = read(tmp_path, {"persons.csv": csv_bytes(HEADINGS)})

    assert (persons["file"], persons["rows"], exceptions) == ("persons.csv", 0, [])


def test_columns_missing_and_not_known_are_named(tmp_path: Path) -> None:
    held = csv_bytes("person_id,shoe size,dob", f"P1,{CELL},01/02/2010")
    ended, persons, _ = read(tmp_path, {"persons.csv": held})

    missing = [
        "common_child_id",
        "sex",
        "ethnicity",
        "death_date",
        "uasc",
        "recorded_on",
        "expected_dob",
        "upn_unknown",
    ]
    assert (persons["missing_columns"], persons["unknown_columns"]) == (missing, ["shoe size"])
    assert "persons: no column common_child_id, sex, ethnicity" in ended.out
    assert "persons: 1 column not known" in ended.out
    assert CELL not in ended.said


@pytest.mark.parametrize("formula", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://x","y")'])
def test_a_cell_that_a_spreadsheet_would_run_is_neutralised(formula: str, tmp_path: Path) -> None:
    """The key of a record, and what stands in place of a date, are written back; neither may become a formula."""
    quoted = '"' + formula.replace('"', '""') + '"'
    row = f"{quoted},{CELL},{quoted},{quoted},WBRI,,N,03/02/2010,,"
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
