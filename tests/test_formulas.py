"""A cell that a spreadsheet would run is text in every CSV file and workbook of a run, wherever it came from."""

from __future__ import annotations

import csv
import functools
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from command_line import dq_here

from dq.library.load import load_library
from dq.library.policy import Library
from dq.model import ColumnType
from dq.sample import write_sample

LINK = '=HYPERLINK("http://x","y")'
OPENINGS = (LINK, "+1+", "-1+", "@SUM(1)", "\t=1+", "\r=1+", "＝1+", "＋1+", "－1+", "＠1")
SEEN = (LINK, "+1+", "-1+", "@SUM(1)", "＝1+", "＋1+", "－1+", "＠1")
"""Those that are still there when spaces around a cell are gone."""

STARTS_A_FORMULA = re.compile(r'[\s"]*[=+\-@＝＋－＠]')
HARMLESS = re.compile(r"-?|-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?")
"""A dash that stands for nothing, and a number."""

RULE = """\
title: Nobody
severity: query
dimension: validity
status: {status}
on: {on}
expect: {column} is null
fields: [{column}]
message: "{{{column}}}"
why: To see what becomes of the values of a message.
fix: "=1+1"
examples:
  - name: it says the value first
    given: {{{on}: [{{{column}: A}}]}}
    in_scope: 1
    flags: {flags}
"""


def led(text: str) -> str:
    """Return a cell's text led by an opening, always the same for the same text, so that records still meet."""
    return OPENINGS[zlib.crc32(text.encode()) % len(OPENINGS)] + text if text else text


def spoil(path: Path, library: Library) -> None:
    """Lead every text of an extract, and every other cell of one row in five, by the opening of a formula."""
    contract = library.contracts[path.stem]
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        for name, text in row.items():
            if contract.columns[name].type is ColumnType.TEXT or number % 5 == 4:
                row[name] = led(text)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def library(small_policy: Path) -> Library:
    """The part of the policy that is then the policy that ships."""
    return load_library()


@pytest.fixture(scope="module")
def out(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run writes of a small authority whose every text is a formula."""
    folder = tmp_path_factory.mktemp("formulas") / "kent"
    write_sample("kent-2016-08", folder / "extracts", seed=2, scale=0.02, defects=0.05)
    for path in (folder / "extracts").iterdir():
        if path.stem in library.contracts:
            spoil(path, library)
        else:
            path.unlink()
    (folder / "dq.yaml").write_text('authority: "=Kent"\nscorecard: kent-scs\nperiod: 2016-08\n', encoding="utf-8")
    own = folder / "rules" / "casework" / "own"
    own.mkdir(parents=True)
    for name, status, on, column in (
        ("a-visit", "active", "cin_visits", "visit_id"),
        ("a-person", "shadow", "persons", "person_id"),
        ("a-team", "shadow", "teams", "team_name"),
    ):
        key = library.contracts[on].key
        text = RULE.format(status=status, on=on, column=column, flags="[A]" if column == key else "[T]")
        text = text if column == key else text.replace(f"{{{column}: A}}", f"{{{key}: T, {column}: A}}")
        (own / f"{name}.yaml").write_text(text, encoding="utf-8")
    ended = dq_here("run", folder, "--out", folder / "out")
    assert ended.code in (0, 1), ended.err
    return folder / "out"


@functools.cache
def cells(path: Path) -> tuple[tuple[str, str], ...]:
    """Return what ``_cells`` yields; a workbook is slow to open."""
    return tuple(_cells(path))


def _cells(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the place and text of each cell of a CSV file or workbook; a formula fails the test."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.reader(file), 1):
                yield from ((f"{path.name}:{number}", text) for text in row)
        return
    for sheet in openpyxl.load_workbook(path):
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            assert cell.data_type != "f", f"{path.name} {sheet.title} {cell.coordinate}"
            if isinstance(cell.value, str):
                yield f"{path.name} {sheet.title} {cell.coordinate}", cell.value


def written(out: Path) -> list[Path]:
    return sorted(path for path in out.rglob("*") if path.suffix in (".csv", ".xlsx"))


def test_no_cell_of_any_file_is_a_formula(out: Path) -> None:
    files = written(out)
    names = {path.name for path in files}
    assert {"exceptions.csv", "shadow.csv", "rules.csv", "scorecard.csv", "scorecard.xlsx"} <= names
    assert any(path.parent.name == "teams" for path in files)
    run = [
        (place, text)
        for path in files
        for place, text in cells(path)
        if STARTS_A_FORMULA.match(text) and not HARMLESS.fullmatch(text)
    ]
    assert run == []


@pytest.mark.parametrize("files", ["exceptions.csv", "shadow.csv", "teams/*.xlsx"])
def test_every_opening_arrives_and_is_led_by_an_apostrophe(files: str, out: Path) -> None:
    texts = [text for path in sorted(out.glob(files)) for _, text in cells(path)]
    missing = [opening for opening in SEEN if not any(text.startswith(f"'{opening}") for text in texts)]
    assert missing == []


def test_a_message_that_begins_with_a_value_is_neutralised(out: Path) -> None:
    for name, rule in (("exceptions.csv", "a-visit"), ("shadow.csv", "a-team"), ("shadow.csv", "a-person")):
        with (out / name).open(encoding="utf-8-sig", newline="") as file:
            said = [row["message"] for row in csv.DictReader(file) if row["rule_id"] == rule]
        assert said, rule
        assert any(message.startswith(f"'{LINK}") for message in said), rule
