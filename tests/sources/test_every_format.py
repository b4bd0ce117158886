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

HARD = [
    ["00123", "0004567", "31/02/2011", "1", "é£", "", "N", "03/02/2010"],
    ["12345", "4567", "2011-02-03", "1", 'W "B"', "", "N", "03/02/2010"],
    ["Ünë, \n£5", "00 1", "03/04/11", "9", "a,b;c\td|e", "", "NULL", "2010-02-03 00:00"],
    ['"', "", "03/04/2011", "", "x\ny", "", "", "03/13/2010"],
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


def exceptions(project: Path, extracts: Path | str, rules: str = "*") -> tuple[bytes, int]:
    """Check a project whose extracts lie there; return the bytes of its exceptions, and how many records it had."""
    project.mkdir(exist_ok=True)
    settings = {"authority": "Kent", "scorecard": "kent-scs", "period": "2016-08", "extracts": str(extracts)}
    (project / "dq.yaml").write_text(json.dumps(settings), encoding="utf-8")
    ended = dq_here("check", project, "--rules", rules, "--out", project / "out", "-q")
    assert (ended.code, ended.said) == (0, "")
    inputs = json.loads((project / "out" / "run.json").read_text(encoding="utf-8"))["inputs"]
    assert len({item["sha256"] for item in inputs} - {None}) >= 1
    assert [i["extract"] for i in inputs if i["rows_in"] != i["rows"] + i["blank_rows"]] == []
    return (project / "out" / "exceptions.csv").read_bytes(), sum(item["rows"] for item in inputs)


@pytest.fixture(scope="module")
def found(records: Records, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[bytes, int]]:
    """Return what is found in CSV of the plainest kind."""
    folder = tmp_path_factory.mktemp("plain")
    extracts = as_csv(records, folder / "extracts")
    held: dict[str, tuple[bytes, int]] = {}

    def of(rules: str) -> tuple[bytes, int]:
        if rules not in held:
            held[rules] = exceptions(folder / "project", extracts, rules)
        return held[rules]

    return of


def test_what_is_hard_on_files_is_among_what_is_found(
    found: Callable[[str], tuple[bytes, int]], records: Records
) -> None:
    text, count = found("*")
    rows = list(csv.DictReader(io.StringIO(text.decode(), newline="")))
    shown = {(row["rule_id"].removeprefix("contract.persons."), row["record_key"], row["values"]) for row in rows}

    assert count == sum(len(rows) - 1 for rows in records.values())
    assert len(rows) > 150
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


@pytest.mark.parametrize("write", TEXTS.values(), ids=TEXTS.keys())
def test_text_in_any_encoding_and_with_any_marks(
    write: Callable[[Records, Path], Path],
    records: Records,
    found: Callable[[str], tuple[bytes, int]],
    tmp_path: Path,
) -> None:
    rules = "contract.*"
    assert exceptions(tmp_path / "project", write(records, tmp_path / "extracts"), rules) == found(rules)


KEPT_IN = {
    "a workbook for each": (as_workbooks, "contract.*"),
    "one workbook": (as_one_workbook, "contract.*"),
    "Parquet, all text": (as_parquet, "contract.*"),
    "SQLite": (as_sqlite, "contract.*"),
    # These are read where they lie, each time a statement needs them, and so by every statement there is.
    "Parquet with types": (as_typed_parquet, "*"),
    "DuckDB": (as_duckdb, "*"),
}


@pytest.mark.parametrize(("write", "rules"), KEPT_IN.values(), ids=KEPT_IN.keys())
def test_workbooks_parquet_and_databases_of_one_file(
    write: Callable[[Records, Path], Path],
    rules: str,
    records: Records,
    found: Callable[[str], tuple[bytes, int]],
    tmp_path: Path,
) -> None:
    assert exceptions(tmp_path / "project", write(records, tmp_path / "extracts"), rules) == found(rules)


def test_postgresql(
    records: Records, found: Callable[[str], tuple[bytes, int]], postgres_url: str, tmp_path: Path
) -> None:
    address = as_postgres(records, postgres_url, "kent-2016")
    assert exceptions(tmp_path / "project", address, "contract.*") == found("contract.*")
