"""A file of figures published before: read from CSV and XLSX alike, and refused by line where a cell is not right."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from extract_files import csv_bytes, xlsx_bytes

from dq.problems import ProblemsError
from dq.sources.history_file import PublishedRow, history_files, read_history

JULY = dt.date(2016, 7, 31)
HEADINGS = "indicator_id,scope_name,period,value"


def read(folder: Path, *lines: str, headings: str = HEADINGS) -> tuple[PublishedRow, ...]:
    path = folder / "published.csv"
    path.write_bytes(csv_bytes(headings, *lines))
    return read_history(path)


def said(folder: Path, *lines: str, headings: str = HEADINGS) -> list[str]:
    """Return the problems, without the path: ':2: what was wrong'."""
    with pytest.raises(ProblemsError) as refused:
        read(folder, *lines, headings=headings)
    return [str(problem).removeprefix(str(folder / "published.csv")) for problem in refused.value.problems]


@pytest.mark.parametrize("month", ["2016-07", "31/07/2016", "2016-07-31", "31 Jul 2016", "31-Jul-2016"])
def test_a_month_is_written_as_it_is_or_as_its_last_day(tmp_path: Path, month: str) -> None:
    (row,) = read(tmp_path, f"cin_seen,,{month},81.0")
    assert (row.indicator, row.split, row.end, row.value, row.decimals) == ("cin_seen", "all", JULY, 81.0, 1)
    assert (row.scope_id, row.scope_name) == (None, None)


@pytest.mark.parametrize("month", ["15/07/2016", "2016-13", "07/2016", "Jul-16", "30/07/2016", ""])
def test_what_is_no_month_end_is_refused(tmp_path: Path, month: str) -> None:
    (problem,) = said(tmp_path, f"cin_seen,,{month},81.0")
    assert problem == f":2: '{month}' is no month. Write it as 2016-07, or as its last day, 31/07/2016."


def test_a_workbook_gives_what_the_csv_gives(tmp_path: Path) -> None:
    rows = [["Indicator ID", "Scope name", "Period", "Value", "Numerator", "Denominator"],
            ["cin_seen", "North Kent", dt.date(2016, 7, 31), 80.5, 161, 200], [None] * 6,
            ["cla_count", None, "2016-06", 2248, None, None]]  # fmt: skip
    (tmp_path / "published.xlsx").write_bytes(xlsx_bytes({"Sheet": rows}))
    first, second = read_history(tmp_path / "published.xlsx")
    assert (first.line, first.end, first.value, first.numerator, first.denominator) == (2, JULY, 80.5, 161, 200)
    assert (second.line, second.value, second.scope_name) == (4, 2248.0, None)


def test_a_fault_is_told_at_its_line_past_titles_blank_lines_and_cells_of_two_lines(tmp_path: Path) -> None:
    lines = ("", HEADINGS, "cin_seen,,2016-07,81.0", "", 'cin_seen,"North\nKent",2016-07,80', "cin_seen,,2016-06,81%")
    (problem,) = said(tmp_path, *lines, headings="Figures as published")
    assert problem == ":8: 'value' is '81%', which is no number. Write '81'."


@pytest.mark.parametrize(
    ("value", "hint"),
    [("9,711", "Write '9711'."), ("n/a", "Write it in figures, a percentage as 81.0; or leave the cell empty.")],
)
def test_what_is_no_number_is_refused(tmp_path: Path, value: str, hint: str) -> None:
    (problem,) = said(tmp_path, f'cin_seen,,2016-07,"{value}"')
    assert problem == f":2: 'value' is '{value}', which is no number. {hint}"


def test_a_row_without_a_value_is_of_no_figure(tmp_path: Path) -> None:
    assert read(tmp_path, "cin_seen,,2016-07,", "cin_seen,,2016-06,NULL") == ()


def test_a_row_without_an_indicator_is_refused(tmp_path: Path) -> None:
    assert said(tmp_path, ",,2016-07,81") == [
        ":2: this figure has no 'indicator_id'. Give the id of an indicator: dq indicators list."
    ]


def test_a_column_that_is_not_there_or_is_misspelt_is_named(tmp_path: Path) -> None:
    assert said(tmp_path, "cin_seen,2016-07", headings="indicator_id,period") == [
        ":1: there is no column 'value'. Add it."
    ]
    headings = "indicator_id,period,value,scope_nam"
    assert said(tmp_path, "cin_seen,2016-07,81,North", headings=headings) == [
        ":1: the column 'scope_nam' is not known. Did you mean 'scope_name'?"
    ]


def test_columns_of_ones_own_do_no_harm(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "cin_seen,,2016-07,81,The paper", headings=f"{HEADINGS},source")
    assert row.value == 81.0


def test_of_many_faults_ten_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    problems = said(tmp_path, *["cin_seen,,2016-07,x"] * 13)
    assert len(problems) == 11
    assert problems[-1] == ": there are 3 faults besides."


def test_a_folder_is_every_file_of_it_and_a_file_that_is_not_there_is_guessed(tmp_path: Path) -> None:
    for name in ("2016-06.csv", "2016-07.csv"):
        (tmp_path / name).write_bytes(csv_bytes(HEADINGS))
    assert [path.name for path in history_files(tmp_path, None)] == ["2016-06.csv", "2016-07.csv"]
    with pytest.raises(ProblemsError, match=r"there is no file .*2016-7\.csv\. Did you mean '2016-07\.csv'\?"):
        history_files(tmp_path / "2016-7.csv", None)
