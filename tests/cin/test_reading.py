"""The CIN Census return is read into the tables that the reference has of the same files."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from dq.library.load import load_library
from dq.sources.intake import Intake
from dq.sources.xml_file import Document
from dq.workspace import open_workspace

REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "cin"
MADE = ["CIN_Census_2021", "CIN_Census_2026", "fake_CIN_data"]
UNLIKE = {("CIN_Census_2021", "ChildIdentifiers", "ExpectedPersonBirthDate"), ("fake_CIN_data", "Header", "DateTime")}
"""Where the reference says what became of a cell as it was made a date: lost before 1677, and written another way."""


def rows_of(path: Path) -> dict[str, list[dict[str, str | None]]]:
    """The rows of every table of a return, as text."""
    with open_workspace() as workspace:
        document = Document(path, load_library("cin").documents, Intake(workspace, path.parent))
        found = {}
        for name in document.tables:
            table = document.open(name)
            cells = workspace.execute(f"SELECT * FROM {table.relation}").fetchall()
            found[name] = [dict(zip(table.headings, row, strict=True)) for row in cells]
        return found


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference returns are not here")
@pytest.mark.parametrize("name", MADE)
def test_the_census_is_read_into_the_tables_of_the_reference(name):
    found = rows_of(REFERENCE / "fake_data" / f"{name}.xml")
    for table in sorted((REFERENCE / "tables" / name).glob("*.csv")):
        with table.open(encoding="utf-8", newline="") as file:
            expected = list(csv.DictReader(file))
        assert len(found[table.stem]) == len(expected)
        for row, cells in zip(found[table.stem], expected, strict=True):
            for column in cells.keys() - {"_row"} - {column for n, t, column in UNLIKE if (n, t) == (name, table.stem)}:
                wanted = cells[column]
                if column == "AssessmentFactors":
                    wanted = ", ".join(json.loads(wanted or "[]"))
                assert (row[column] or "") == wanted, (table.stem, column)
