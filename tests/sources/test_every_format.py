"""The same records give the same exceptions, byte for byte, whatever they are kept in.

The records are a small authority's, spoilt as real ones are, and some of our own that are hard on files: numbers that
begin with noughts, letters beyond ASCII, commas, quotes and new lines within a cell, and days that are none.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from command_line import dq_here
from postgres import postgres_url
from written_as import (
    Records,
    as_csv,
    as_duckdb,
    as_mixed_csv,
    as_one_workbook,
    as_parquet,
    as_postgres,
    as_sqlite,
    as_typed_parquet,
    as_workbooks,
)  # fmt: skip

from dq.sample import write_sample

__all__ = ["postgres_url"]

pytestmark = pytest.mark.usefixtures("policy_loaded_once")

FEW = ("persons", "involvements", "cin_visits", "missing_episodes")
"""Extracts with cells of every kind, for the ways that differ in no more than how they are read."""

HARD = [
    ["00123", "0004567", "31/02/2011", "1", "é£", "", "N", "03/02/2010", "", ""],
    ["12345", "4567", "2011-02-03", "1", 'W "B"', "", "N", "03/02/2010", "", ""],
    ["Ünë, \n£5", "00 1", "03/04/11", "9", "a,b;c\td|e", "", "NULL", "2010-02-03 00:00", "", ""],
    ['"', "", "03/04/2011", "", "x\ny", "", "", "03/13/2010", "", ""],
]
"""Children whose records are wrong in what the exceptions show: keys, codes and days."""


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Records:
    folder = tmp_path_factory.mktemp("kent") / "extracts"
    write_sample("kent-2016-08", folder, seed=5, scale=0.02, defects=0.3)
    found = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found[path.stem] = list(csv.reader(file))
    del found["truth"]
    found["persons"] += HARD
    return found


@pytest.fixture(scope="module")
def few(records: Records) -> Records:
    return {extract: records[extract] for extract in FEW}


def exceptions(project: Path, extracts: Path | str) -> bytes:
    """Check a project whose extracts lie there; return the bytes of its exceptions. Every record is accounted for."""
    project.mkdir(exist_ok=True)
    settings = {"authority": "Kent", "scorecard": "kent-scs", "period": "2016-08", "extracts": str(extracts)}
    (project / "dq.yaml").write_text(json.dumps(settings), encoding="utf-8")
    ended = dq_here("check", project, "--out", project / "out", "-q")
    assert (ended.code, ended.said) == (0, "")
    inputs = json.loads((project / "out" / "run.json").read_text(encoding="utf-8"))["inputs"]
    assert [i["extract"] for i in inputs if i["file"] and i["rows_in"] != i["rows"] + i["blank_rows"]] == []
    return (project / "out" / "exceptions.csv").read_bytes()


@pytest.fixture(scope="module")
def of_all(policy_loaded_once: None, records: Records, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What is found in all extracts as CSV of the plainest kind."""
    folder = tmp_path_factory.mktemp("all")
    return exceptions(folder / "project", as_csv(records, folder / "extracts"))


@pytest.fixture(scope="module")
def of_few(policy_loaded_once: None, few: Records, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What is found in a few extracts as CSV of the plainest kind."""
    folder = tmp_path_factory.mktemp("few")
    return exceptions(folder / "project", as_csv(few, folder / "extracts"))


def test_what_is_hard_on_files_is_among_what_is_found(of_all: bytes, of_few: bytes) -> None:
    every, *some = (list(csv.DictReader(io.StringIO(found.decode(), newline=""))) for found in (of_all, of_few))
    assert len(every) > 100
    for rows in (every, *some):
        shown = {(row["rule_id"].removeprefix("contract.persons."), row["record_key"], row["values"]) for row in rows}
        assert {
            ("dob.readable", "00123", '{"dob":"31/02/2011"}'),
            ("ethnicity.codes", "00123", '{"ethnicity":"é£"}'),
            ("ethnicity.codes", "12345", r'{"ethnicity":"W \"B\""}'),
            ("ethnicity.codes", "Ünë, \n£5", r'{"ethnicity":"a,b;c\td|e"}'),
            ("dob.readable", "Ünë, \n£5", '{"dob":"03/04/11"}'),
            ("recorded_on.readable", '"', '{"recorded_on":"03/13/2010"}'),
            ("ethnicity.codes", '"', r'{"ethnicity":"x\ny"}'),
        } <= shown


TEXTS = {
    "UTF-8 with a mark, semicolons, CRLF": partial(as_csv, encoding="utf-8-sig", delimiter=";", newline="\r\n"),
    "UTF-16, tabs, CRLF": partial(as_csv, encoding="utf-16", delimiter="\t", newline="\r\n"),
    "UTF-16 the other way round": lambda records, folder: _marked(as_csv(records, folder, "utf-16-be")),
    "Windows-1252, CRLF": partial(as_csv, encoding="cp1252", newline="\r\n"),
    "Windows-1252, bars": partial(as_csv, encoding="cp1252", delimiter="|"),
    "line ends of an old Mac": partial(as_csv, newline="\r"),
    "mixed line ends": as_mixed_csv,
}


def _marked(folder: Path) -> Path:
    for path in folder.iterdir():
        path.write_bytes(b"\xfe\xff" + path.read_bytes())
    return folder


KEPT_IN = TEXTS | {
    "a workbook for each": as_workbooks,
    "one workbook": as_one_workbook,
    "Parquet, all text": as_parquet,
    "SQLite": as_sqlite,
}


@pytest.mark.parametrize("write", KEPT_IN.values(), ids=KEPT_IN.keys())
def test_the_same_records_give_the_same_exceptions(
    write: Callable[[Records, Path], Path], few: Records, of_few: bytes, tmp_path: Path
) -> None:
    assert exceptions(tmp_path / "project", write(few, tmp_path / "extracts")) == of_few


def test_so_do_tables_of_postgresql(few: Records, of_few: bytes, postgres_url: str, tmp_path: Path) -> None:
    assert exceptions(tmp_path / "project", as_postgres(few, postgres_url, "kent-2016")) == of_few


@pytest.mark.parametrize("write", [as_typed_parquet, as_duckdb], ids=["Parquet with types", "DuckDB"])
def test_so_do_tables_that_are_read_where_they_lie(
    write: Callable[[Records, Path], Path], records: Records, of_all: bytes, tmp_path: Path
) -> None:
    """Every statement reads them for itself."""
    assert exceptions(tmp_path / "project", write(records, tmp_path / "extracts")) == of_all
