"""Rows in are rows accounted for: the count that owes nothing to the parser, and what happens when they disagree."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bad.making import CELL, HEADINGS, SOUND, person
from extract_files import csv_bytes, xlsx_bytes
from hypothesis import given, settings
from hypothesis import strategies as st

from dq.library.policy import Library
from dq.problems import ProblemsError
from dq.sources import zipped
from dq.sources.csv_file import open_csv
from dq.sources.intake import Intake
from dq.sources.sheet_scan import scan_sheet
from dq.sources.table import Table, Wanted
from dq.sources.take import take
from dq.sources.text import Counter
from dq.workspace import Workspace

PIECE = st.text(st.sampled_from('a,"\r\n é'), max_size=8)
ROWS = st.lists(st.lists(PIECE, min_size=2, max_size=3), max_size=6)


@given(rows=ROWS, cut=st.integers(1, 7), blank=st.booleans(), ended=st.booleans(), newline=st.sampled_from("\n\r"))
@settings(deadline=None, max_examples=300, derandomize=True)
def test_the_count_is_that_of_a_parser(rows: list[list[str]], cut: int, blank: bool, ended: bool, newline: str) -> None:
    lines = []
    for row in rows:
        line = io.StringIO(newline="")
        csv.writer(line, lineterminator="\r\n").writerow(row)
        lines.append(line.getvalue().removesuffix("\r\n") + newline + (newline if blank else ""))
    text = "".join(lines)
    held = (text if ended else text.rstrip(newline)).encode()
    counter = Counter()
    for i in range(0, len(held), cut):
        counter.add(held[i : i + cut])
    counter.finish()
    parsed = list(csv.reader(io.StringIO(held.decode(), newline="")))
    assert counter.records == sum(1 for row in parsed if row)
    assert counter.blank == sum(1 for row in parsed if not row)


@pytest.fixture
def intake(workspace: Workspace, tmp_path: Path) -> Iterator[Intake]:
    (tmp_path / "copies").mkdir()
    made = Intake(workspace, tmp_path / "copies")
    yield made
    made.clear()


def two_children(library: Library, intake: Intake, folder: Path) -> tuple[Wanted, Table]:
    (folder / "persons.csv").write_bytes(csv_bytes(HEADINGS, SOUND, person("P2")))
    wanted = Wanted(library.contracts["persons"])
    return wanted, open_csv(folder / "persons.csv", wanted, intake)


def test_a_count_that_is_not_met_is_settled_by_reading_again(library: Library, intake: Intake, tmp_path: Path) -> None:
    wanted, table = two_children(library, intake, tmp_path)
    miscounted = replace(table, records=3)

    settled, _ = take(intake, wanted, {"persons": (miscounted, wanted.match(miscounted))})

    assert settled["persons"][0].records == 2
    assert intake.workspace.row("SELECT count(*) FROM persons") == (2,)


def test_a_count_that_is_not_met_in_the_end_is_refused(library: Library, intake: Intake, tmp_path: Path) -> None:
    wanted, table = two_children(library, intake, tmp_path)
    miscounted = replace(table, records=3, again=None)

    with pytest.raises(ProblemsError) as error:
        take(intake, wanted, {"persons": (miscounted, wanted.match(miscounted))})

    said = f"{tmp_path}/persons.csv: 3 records were counted here and 2 read. Export it again."
    assert str(error.value) == said
    assert CELL not in str(error.value)


@pytest.mark.parametrize("piece", [1, 7, 100, 1 << 20])
def test_a_sheet_is_looked_through_in_pieces_of_any_size(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [["title"], [], ["a", "b"], [1, None], [None, "x"], [], [None], ["=1", 2.5]]
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes({"S": rows}))) as archive:
        monkeypatch.setattr(zipped, "_PIECE", piece)
        found = scan_sheet(archive, "xl/worksheets/sheet1.xml", 3)
    assert (found.rows, found.filled) == (5, [1, 3, 4])
    assert [found.beneath(row) for row in (1, 3)] == [4, 3]
