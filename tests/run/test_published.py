"""The scorecard for outside, of a run: what is small is in no file of it, and cannot be worked back from them."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from pathlib import Path

import openpyxl
import pytest
from attack import equations_of, worked_out
from command_line import dq_here
from runs import Ran, records

SMALLEST = 5
Cells = dict[str, dict[tuple[str, str], dict[str, str]]]
"""Indicator → (split, unit) → row."""


def _by_indicator(path: Path) -> Cells:
    found: Cells = defaultdict(dict)
    for row in records(path):
        found[row["indicator_id"]][row["split"], row["scope_id"]] = row
    return found


def _counts(row: dict[str, str]) -> list[int | None]:
    """Return the base, those that meet it and those that do not; a count alone is its own base."""
    if row["unit"] == "count":
        return [int(float(row["value"])) if row["value"] else None]
    if not row["denominator"] or row["unit"] != "percent":
        return []
    base, met = float(row["denominator"]), float(row["numerator"])
    return [int(base), int(met), int(base - met)] if base.is_integer() and met.is_integer() else []


def test_no_small_number_is_told_nor_can_be_worked_back(small: Ran) -> None:
    inside, outside = (
        _by_indicator(small.out / "scorecard.csv"),
        _by_indicator(small.out / "published" / "scorecard.csv"),
    )
    areas = {row["scope_id"] for row in records(small.out / "scorecard.csv") if row["scope_type"] == "area"}
    parents = {unit["team_id"]: unit["parent_id"] for unit in records(small.project / "extracts" / "teams.csv")}
    hidden, attacked = 0, 0
    for indicator, cells in inside.items():
        true = {key: _counts(row) for key, row in cells.items()}
        shown = {key: _counts(row) for key, row in outside[indicator].items()}
        for key, counts in true.items():
            if any(count and count < SMALLEST for count in counts):
                hidden += 1
                assert outside[indicator][key]["value"] == "", (indicator, key)
                assert outside[indicator][key]["note"].startswith("Not shown"), (indicator, key)
        whole = next(row["scope_id"] for row in cells.values() if row["scope_type"] == "authority")
        teams = {unit: area for unit, area in parents.items() if area in areas and ("all", unit) in cells}
        splits = sorted({split for split, _ in cells} - {"all"})
        told = [
            {(split, "A" if unit == whole else unit): counts[i] for (split, unit), counts in shown.items() if counts}
            for i in range(max(map(len, true.values()), default=0))
        ]
        for known in told:
            equations = equations_of(teams, splits)
            numbers = {key: value for key, value in known.items() if value is not None}
            assert not {k: v for k, v in worked_out(numbers, equations).items() if 0 < v < SMALLEST}, indicator
            attacked += 1
    assert hidden > 300
    assert attacked > 60


def test_the_page_and_the_workbook_hold_what_the_table_holds(small: Ran) -> None:
    folder = small.out / "published"
    page = (folder / "scorecard.html").read_text(encoding="utf-8")
    assert "For publication. A figure of fewer than 5 children or events" in page
    assert not re.search(r'href="(?:index|teams|figures)', page), "it leads nowhere inside"
    assert "What could move it" not in page
    assert not (folder / "figures").exists(), "the page of a figure tells of small numbers"
    rows = [row for row in records(folder / "scorecard.csv") if row["scope_type"] == "area"]
    assert "open_exceptions" not in rows[0]
    assert {row["value_low"] for row in rows} == {row["value_high"] for row in rows} == {""}
    book = openpyxl.load_workbook(folder / "scorecard.xlsx", read_only=True)
    with zipfile.ZipFile(folder / "scorecard.xlsx") as parts:
        assert not any(b"figures/" in parts.read(name) for name in parts.namelist())
    headings = [cell.value for cell in next(book["All figures"].iter_rows())]
    assert "Result" in headings
    assert "Open exceptions" not in headings
    name, title, result = (headings.index(one) for one in ("Name", "Indicator", "Result"))
    sheet = list(book["All figures"].iter_rows(min_row=2, values_only=True))
    for row, told in zip(sheet, records(folder / "scorecard.csv"), strict=True):
        assert (row[name], row[title]) == (told["scope_name"], told["title"])
        assert isinstance(row[result], int | float) == (told["value"] != ""), told


def test_what_may_not_be_published_is_not_written_for_outside(small: Ran, tmp_path: Path) -> None:
    extracts = tmp_path / "extracts"
    extracts.mkdir()
    held = (small.project / "extracts" / "persons.csv").read_text(encoding="utf-8").splitlines()[:20]
    (extracts / "persons.csv").write_text("\n".join(held) + "\n", encoding="utf-8")
    settings = "authority: Kent\nscorecard: kent-scs\nperiod: 2016-08\nexpected_rows: {persons: [1000, 2000]}\n"
    (tmp_path / "dq.yaml").write_text(settings, encoding="utf-8")
    ended = dq_here("run", tmp_path, "--publish", "-q")
    assert ended.code == 1
    assert ended.err == "dq: no scorecard for outside was written, as the gate says stop.\n"
    assert not (tmp_path / "out" / "2016-08" / "published").exists()


@pytest.mark.parametrize("value", ["1", "true", "five"])
def test_a_threshold_that_hides_nothing_is_refused(value: str, tmp_path: Path) -> None:
    (tmp_path / "extracts").mkdir()
    text = f"authority: Kent\nscorecard: kent-scs\nperiod: 2016-08\npublished: {{smallest: {value}}}\n"
    (tmp_path / "dq.yaml").write_text(text, encoding="utf-8")
    ended = dq_here("run", tmp_path, "--publish")
    assert ended.code == 2
    assert "dq.yaml:4: 'published.smallest': " in ended.err


def test_commentary_that_would_be_shown_nowhere_stops_a_run_before_it_reads(tmp_path: Path) -> None:
    said = tmp_path / "commentary" / "2016-08" / "cin_sen.txt"
    said.parent.mkdir(parents=True)
    said.write_text("Staff were short.", encoding="utf-8")
    (tmp_path / "extracts").mkdir()
    text = "authority: Kent\nscorecard: kent-scs\nperiod: 2016-08\n"
    (tmp_path / "dq.yaml").write_text(text, encoding="utf-8")
    ended = dq_here("run", tmp_path)
    assert ended.code == 2
    assert ended.err == f"dq: {said}: the scorecard has no indicator 'cin_sen'. Did you mean 'cin_seen'?\n"
    assert not (tmp_path / "out").exists()
