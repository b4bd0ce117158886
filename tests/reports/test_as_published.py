"""Months as they were published: marked on page, chart and workbook, never by the mark alone, with what differs now."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from a_paper import KENT, LINES, NO_ANSWER, PERIOD, SEEN, figure, figures_for, run
from page_reader import page
from test_workbooks import opened

from dq.model import AsPublished, Figure
from dq.reports import charts
from dq.reports.as_published import beside, note, restated
from dq.reports.data_files import write_data_files
from dq.reports.overview import overview
from dq.reports.pages import write_pages
from dq.reports.workbooks import write_scorecard_workbook

JUNE, JULY = dt.date(2016, 6, 30), dt.date(2016, 7, 31)
SEEN_TITLE = "% of CIN seen in 28 days"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The paper: July 2016 was published as 82.9%, of which the records now say 81.13%; June as 80.3%, now 80.5%."""
    folder = tmp_path_factory.mktemp("published")
    write_pages(run(), {NO_ANSWER.id: NO_ANSWER}, folder)
    write_data_files(run(), folder)
    write_scorecard_workbook(run(), folder)
    return folder


def of_july(value: float, recorded: float | None, *, stands: bool) -> Figure:
    one = AsPublished(JULY, value, 1, recorded, stands)
    return figure(SEEN, KENT, LINES[0], value=81.0, previous=value if stands else recorded, published=(one,))


@pytest.mark.parametrize(
    ("value", "recorded", "stands", "told"),
    [
        (80.3, 81.1, True, ", as published; records now 81.1%"),
        (81.0, 81.1, True, ", as published"),
        (80.3, None, True, ", as published"),
        (80.3, 81.1, False, "; published then 80.3%"),
        (81.0, 81.1, False, ""),
    ],
)
def test_a_value_says_beside_it_where_it_comes_from(value: float, recorded: float, stands: bool, told: str) -> None:
    assert beside(of_july(value, recorded, stands=stands), 1) == told
    assert beside(of_july(value, recorded, stands=stands), 12) == ""


def test_the_note_names_the_months_and_every_difference_that_is_printed() -> None:
    noted = dataclasses.replace(of_july(81.0, 81.1, stands=True), note="Own note.")
    assert note(noted) == "Own note. Jul 2016 as published. Jul 2016: published then 81.0%, the records now say 81.1%."
    assert note(of_july(81.1, 81.12, stands=False)) == ""
    many = tuple(AsPublished(dt.date(2016, month, 28), 80.0, 1, stands=True) for month in (6, 5, 4, 3, 2))
    assert note(figure(SEEN, KENT, LINES[0], published=many)) == "Jun 2016, May 2016, Apr 2016 and 2 more as published."


def test_the_page_tells_it_in_words_and_lists_what_is_restated(out: Path) -> None:
    read = page(out / "scorecard.html")
    row = next(body for body in read.all("tbody", class_="row") if SEEN_TITLE in body)
    assert "was 82.9%, as published; records now 81.1%" in row
    assert "82.9% ○" in row
    assert "○ as it was published then; every other month is worked out from the records." in row
    assert "Jul 2016 82.9% 81.1% as published" in row
    assert "Jun 2016 80.3% 80.5% from the records" in row
    (section,) = [text for text in read.all("section") if text.startswith("Restated")]
    assert "1 figure of the authority" in section
    assert f"Jul 2016 6 {SEEN_TITLE} 82.9% 81.1% −1.8" in section
    assert "80.3%" not in section


def test_a_page_where_nothing_was_published_says_nothing_of_it(tmp_path: Path) -> None:
    plain = tuple(dataclasses.replace(one, published=()) for one in figures_for(KENT))
    write_pages(run(figures=plain), {NO_ANSWER.id: NO_ANSWER}, tmp_path)
    text = page(tmp_path / "scorecard.html").text
    assert "as published" not in text
    assert "Restated" not in text


def test_restated_is_of_the_authority_the_latest_month_first() -> None:
    months = tuple(AsPublished(end, 70.0, 1, recorded=80.0) for end in (JUNE, JULY))
    figures = [dataclasses.replace(one, published=months) for one in run().figures if one.indicator is SEEN]
    assert [(one.figure.scope.id, one.month.end, one.off) for one in restated(figures)] == [
        ("KCC", JULY, 10.0),
        ("KCC", JUNE, 10.0),
    ]


def test_a_chart_marks_a_month_as_published_otherwise_and_says_which() -> None:
    (seen, *_) = figures_for(KENT)
    drawn = charts.trend(seen)
    assert drawn.count('class="then"') == 2, "the month, and the key"
    assert drawn.count('class="dot"') == 2
    assert "as published then: Jul 2016" in drawn
    assert charts.sparkline(seen).count('class="then"') == 1
    plain = dataclasses.replace(seen, published=())
    assert 'class="then"' not in charts.trend(plain)


def test_a_trend_is_drawn_to_scale_where_months_between_are_not_known() -> None:
    sparse = figure(SEEN, KENT, LINES[0], value=81.0, history=((dt.date(2016, 4, 30), 79.0), (PERIOD, 81.0)))
    assert charts.points(sparse, 24) == [
        (dt.date(2016, 4, 30), 79.0), (dt.date(2016, 5, 31), None), (JUNE, None), (JULY, None), (PERIOD, 81.0),
    ]  # fmt: skip


def test_the_words_say_that_a_month_is_as_published() -> None:
    (seen, *_) = figures_for(KENT)
    assert "lower than 82.9% in Jul 2016 as published and" in overview(seen)


def test_the_csv_has_both_and_which_stands(out: Path) -> None:
    with (out / "scorecard.csv").open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["indicator_id"] == "seen")
    told = [row[f"previous_{name}"] for name in ("value", "source", "published", "recorded")]
    assert told == ["82.9", "published", "82.9", "81.13"]
    assert [row[f"year_ago_{name}"] for name in ("value", "source", "published", "recorded")] == [
        "80.0", "records", "", "80.0",
    ]  # fmt: skip
    assert row["note"] == "Jul 2016 as published. Jul 2016: published then 82.9%, the records now say 81.1%."


def test_the_workbook_has_a_sheet_of_them_and_its_trend_in_italics(out: Path) -> None:
    book = opened(out / "scorecard.xlsx")
    rows = [[cell.value for cell in row] for row in book["As published"].iter_rows(min_row=2, max_row=3)]
    assert rows[0][:2] == ["Authority", "Kent"]
    assert rows[0][5:7] == [pytest.approx(0.829), pytest.approx(0.8113)]
    assert rows[0][8:] == ["as published", "Yes", "–"], "of a file the cause is not known"
    assert rows[1][8:] == ["from the records", "–", "–"]
    assert [(round(cell.value, 3), cell.font.i) for cell in book["Trend"][2][2:4]] == [(0.805, False), (0.829, True)]
