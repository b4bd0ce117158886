"""`dq init --from` sees the same tables, and proposes the same, whatever the files are."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from command_line import dq_here
from written_as import (
    Records,
    as_csv,
    as_duckdb,
    as_mixed_csv,
    as_one_workbook,
    as_parquet,
    as_sqlite,
    as_typed_parquet,
    as_workbooks,
)  # fmt: skip

from dq.library.folders import policy_root
from dq.library.mappings import load_heading_words
from dq.library.policy import Library
from dq.sources.heading_words import Vocabulary
from dq.sources.look import look
from dq.sources.matching import plain_form
from dq.sources.propose import Proposer, Sureness
from dq.workspace import open_workspace

RECORDS: Records = {
    "client_details": [
        ["mosaic_id", "dob", "gender", "nhs_no", "nickname"],
        ["00123", "03/02/2010", "1", "4567", "é£"],
        ["12345", "14/05/2011", "2", "", 'W "B"'],
    ],
    "placement_history": [
        ["placement_ref", "mosaic_id", "start_date", "end_date", "placement_type", "post_code"],
        ["P1", "00123", "01/06/2015", "14/08/2016", "U4", "ME15 6XX"],
        ["P2", "00123", "14/08/2016", "", "U6", "CT1 2AA"],
        ["P3", "12345", "30/06/2016", "", "K2", "CT1 2AB"],
    ],
}
WAYS: dict[str, Callable[[Records, Path], Path]] = {
    "utf-16": partial(as_csv, encoding="utf-16", delimiter="\t"),
    "windows-1252": partial(as_csv, encoding="cp1252", delimiter=";"),
    "titles and blank lines": as_mixed_csv,
    "workbooks": as_workbooks,
    "one workbook, with titles and notes": as_one_workbook,
    "parquet": as_parquet,
    "typed parquet": as_typed_parquet,
    "duckdb": as_duckdb,
    "sqlite": as_sqlite,
}
Seen = dict[str, tuple[str | None, Sureness, dict[str, tuple[str | None, Sureness]]]]


def seen(library: Library, place: Path) -> Seen:
    """Return table → its extract, and heading → its column, each with how sure that is; tables of notes left out."""
    names = [name for contract in library.contracts.values() for name in (contract.name, contract.title)]
    vocabulary = Vocabulary(load_heading_words([policy_root()]), names)
    with open_workspace() as workspace:
        tables = [table for table in look(workspace, place) if len(table.headings) > 1]
        return {
            plain_form(found.table.name): (
                found.extract,
                found.sure,
                {column.heading: (column.column, column.sure) for column in found.columns},
            )
            for found in Proposer(library.contracts, library.code_lists, vocabulary).propose(tables)
        }


@pytest.fixture(scope="module")
def of_csv(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    return seen(library, as_csv(RECORDS, tmp_path_factory.mktemp("plain") / "files"))


def test_tables_are_taken_for_what_they_are(of_csv: Seen) -> None:
    """Or that all ways agree would say nothing."""
    assert {table: extract for table, (extract, _, _) in of_csv.items()} == {
        "clientdetails": "persons",
        "placementhistory": "cla_placements",
    }
    columns = {heading: column for heading, (column, _) in of_csv["placementhistory"][2].items()}
    assert columns == {
        "placement_ref": "placement_id", "mosaic_id": "person_id", "start_date": "start_date",
        "end_date": "end_date", "placement_type": "placement_type", "post_code": "postcode",
    }  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_the_same_is_proposed_whatever_the_files_are(way: str, of_csv: Seen, library: Library, tmp_path: Path) -> None:
    assert seen(library, WAYS[way](RECORDS, tmp_path / "files")) == of_csv


@pytest.mark.parametrize("way", ["one workbook, with titles and notes", "duckdb"])
def test_a_project_made_for_such_files_reads_them(way: str, library: Library, tmp_path: Path) -> None:
    persons = [
        list(library.contracts["persons"].columns),
        ["00123", "4567", "03/02/2010", "1", "WBRI", "", "N", "", "", ""],
    ]
    teams = [list(library.contracts["teams"].columns), ["T1", "North", "", "", "", "", "Social work"]]
    place = WAYS[way]({"persons": persons, "teams": teams}, tmp_path / "files")
    made = dq_here("init", tmp_path / "north", "--from", place)
    assert (made.code, made.err) == (0, "")
    ran = dq_here("check", tmp_path / "north", "--period", "2016-08", "--rules", "contract.teams.*")
    assert ran.code == 0, ran.said
    (record,) = (tmp_path / "north").rglob("run.json")
    inputs = json.loads(record.read_text(encoding="utf-8"))["inputs"]
    assert {read["extract"]: read["rows"] for read in inputs if read["file"]} == {"persons": 1, "teams": 1}
