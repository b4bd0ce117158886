"""The page of a figure: what it says follows from the figure, and its links lead to the records and no further."""

from __future__ import annotations

import dataclasses
import datetime as dt
from itertools import pairwise

import pytest
from a_paper import (
    DOVER,
    EXCEPTIONS,
    KENT,
    LINES,
    NO_ANSWER,
    SEEN,
    exception,
    figure,
    figures_for,
    run,
)
from page_reader import Page, page

from dq.model import Line, Section
from dq.periods import month_run
from dq.reports import charts, words
from dq.reports.commentary import Commentary
from dq.reports.indicator_page import past
from dq.reports.pages import write_pages

RULES = {NO_ANSWER.id: NO_ANSWER}
SAID = {
    "seen": Commentary(("Two teams were short.\n- Dover", "<img src=x onerror=y> & more"), "Ann Lee <Head>", 76.9),
    "moves": Commentary(("Of moves.",)),
}


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    write_pages(run(), RULES, folder, commentary=SAID)
    return folder


@pytest.fixture(scope="module")
def seen(out):
    return page(out / "figures" / "seen.html")


def rows(read, caption):
    """Return the rows of the table whose caption begins so."""
    table = next(text for text in read.all("table") if text.startswith(caption))
    return [row for row in read.all("tr") if row in table]


def links(read):
    return [attrs["href"] for tag, attrs, _ in read.elements if tag == "a"]


def test_every_measure_of_the_scorecard_has_a_page_that_its_title_leads_to(out):
    assert sorted(path.name for path in (out / "figures").iterdir()) == [
        "dental.html", "moves.html", "repeat.html", "seen.html",
    ]  # fmt: skip
    for name in ("scorecard.html", "index.html"):
        led_to = {href.partition("#")[0] for href in links(page(out / name)) if href.startswith("figures/")}
        assert led_to == {f"figures/{path.name}" for path in (out / "figures").iterdir()}


def test_a_page_begins_with_the_figure_its_colour_target_and_range(seen):
    assert seen.all("h1") == ["6. % of CIN seen in 28 days"]
    for said in (
        "81.0%",
        "AG Amber or Green",
        "Green as recorded",
        "1,595 of 1,970",
        "between 78.9% and 82.0%",
        "↓ worse was 82.9%",
    ):
        assert said in seen.text
    assert "At 31 Aug 2016, 81.0% (1,595 of 1,970), lower than 82.9% in Jul 2016" in seen.text
    assert "80.0%. Green 80% or more, amber 70% or more, red otherwise (documented)" in seen.text


def test_the_last_months_stand_as_in_the_papers_exception_report(seen):
    assert rows(seen, "The last 3 months") == [
        "Month end Jun 2016 Jul 2016 Aug 2016",
        "Kent result 80.5% 82.9% 81.0%",
        "Target 80.0% 80.0% 80.0%",
        "Colour G Green G Green G Green",
    ]


def test_an_earlier_month_is_judged_by_the_same_band_and_has_its_own_base():
    months = ((dt.date(2016, 6, 30), 69.9), (dt.date(2016, 7, 31), None))
    counts = ((dt.date(2016, 6, 30), 699, 1000), (dt.date(2016, 8, 31), 81, 100))
    given = figure(SEEN, KENT, LINES[0], value=81.0, rag="G", low=60.0, rag_low="R", history=months, counts=counts)
    june, july, august = past(given)
    assert (june.rag, words.base(june), words.possible_colours(june)) == ("R", "699 of 1,000", ("R",))
    assert (july.value, july.rag, words.base(july)) == (None, None, "")
    assert august is given


def test_only_a_red_figure_has_an_exception_report(out):
    reports = {path.stem for path in (out / "figures").iterdir() if "Exception report" in page(path).text}
    assert reports == {"moves"}


def test_rules_are_listed_errors_first_with_whose_records_they_flag(seen):
    assert rows(seen, "Open errors that touch")[1:3] == [
        "Title of no-answer Error 4 Ashford 2, Dover 1, T9 1",
        "Title of broken Error 1 Ashford 1",
    ]
    assert rows(seen, "Open queries and notes")[-1:] == ["Title of late Query 1 Ashford 1"]
    assert "3 open errors can move it. Most often: Title of no-answer (4); Title of broken (1)." in seen.text


def test_a_rule_leads_to_its_first_record_on_the_page_of_each_team(out, seen):
    led_to = [href for href in links(seen) if href.startswith("../teams/") and "#" in href]
    assert led_to == [
        "../teams/T1.html#rule-no-answer", "../teams/T2.html#rule-no-answer", "../teams/T9.html#rule-no-answer",
        "../teams/T1.html#rule-broken", "../teams/T1.html#rule-late",
    ]  # fmt: skip
    first = {
        attrs["id"]: "".join(text) for tag, attrs, text in page(out / "teams" / "T1.html").elements
        if tag == "li" and "id" in attrs
    }  # fmt: skip
    assert {place: text.split("Fault number ")[1][:4] for place, text in first.items()} == {
        "rule-no-answer": "101.", "rule-broken": "102.", "rule-late": "104.",
    }  # fmt: skip


def test_records_of_no_team_lead_to_nobodys_page(tmp_path):
    write_pages(run([exception(1, NO_ANSWER, None, "V1")]), RULES, tmp_path)
    read = page(tmp_path / "figures" / "seen.html")
    assert "Title of no-answer Error 1 No team 1" in rows(read, "Open errors")
    assert "../teams/unallocated.html#rule-no-answer" in links(read)


def test_a_page_tells_how_many_and_never_of_whom(out):
    told = "".join(path.read_text(encoding="utf-8") for path in (out / "figures").iterdir())
    for row in EXCEPTIONS:
        for value in (row["person_id"], row["record_key"], row["worker_id"]):
            assert f">{value}<" not in told
            assert f" {value} " not in told
        assert row["message"] not in told
        assert row["exception_id"] not in told


def test_areas_and_teams_stand_beside_the_authority(tmp_path):
    dover = [dataclasses.replace(made, beside="below", low=70.0, high=90.5) for made in figures_for(DOVER)]
    others = [made for scope in run().scopes if scope != DOVER for made in figures_for(scope)]
    write_pages(run(figures=(*others, *dover)), RULES, tmp_path)
    read = page(tmp_path / "figures" / "seen.html")
    (row,) = [row for row in rows(read, "6. % of CIN seen in 28 days, by team") if row.startswith("Dover")]
    assert row == "Dover 81.0% AGAmber or Green 1,595 of 1,970 70.0% to 90.5% ↓ worse lower than by chance 3"
    assert "Beside Kent" in read.text


def test_a_team_with_nothing_to_count_is_only_counted(tmp_path):
    empty = figure(SEEN, DOVER, LINES[0], numerator=0, denominator=0, open_exceptions=2, note="No child in the base.")
    others = [made for scope in run().scopes for made in figures_for(scope)]
    shown = [made for made in others if (made.scope, made.indicator) != (DOVER, SEEN)]
    write_pages(run(figures=(*shown, empty)), RULES, tmp_path)
    read = page(tmp_path / "figures" / "seen.html")
    assert [row.split()[0] for row in rows(read, "6. % of CIN seen in 28 days, by team")[1:]] == ["Ashford"]
    assert "1 area or team has nothing to count" in read.text


def test_a_figure_not_available_says_why_and_shows_no_number(out):
    read = page(out / "figures" / "dental.html")
    assert "Not available: the extract health_checks is absent" in read.text
    assert "No earlier month is known." in read.text
    assert "have nothing to count" not in read.text


def test_commentary_is_shown_as_typed_by_whom_and_of_which_figure(seen):
    assert [text for tag, attrs, text in seen.elements if attrs.get("class") == "typed"] == [
        ["Two teams were short.\n- Dover"], ["<img src=x onerror=y> & more"],
    ]  # fmt: skip
    assert "Ann Lee <Head>" in seen.all("p", class_="sub")
    assert seen.all("p", class_="noted") == ["This was written when the figure was 76.9%. It is now 81.0%."]
    assert not any(tag == "img" for tag, _, _ in seen.elements)


def test_commentary_is_shown_on_no_page_but_its_own(out):
    assert "Of moves." in page(out / "figures" / "moves.html").text
    for name in ("seen", "dental", "repeat"):
        assert "Of moves." not in page(out / "figures" / f"{name}.html").text
    assert "commentary/2016-08/repeat.txt" in page(out / "figures" / "repeat.html").text
    assert "commentary/2016-08" not in page(out / "figures" / "moves.html").text


def test_a_part_of_an_indicator_and_the_whole_lead_to_one_another(tmp_path):
    part = Line(indicator="seen", split="not_uasc", number="6", title="% of CIN seen in 28 days")
    sections = [
        Section(title="Children in need", lines=LINES),
        Section(title="Impact", layout="comparison", compares="Excluding UASC", lines=[part]),
    ]
    of_part = figure(SEEN, KENT, part, numerator=9, denominator=10, value=90.0, split="not_uasc")
    card = run().scorecard.model_copy(update={"sections": sections})
    write_pages(run(scorecard=card, figures=(*run().figures, of_part)), RULES, tmp_path)
    whole, fewer = (page(tmp_path / "figures" / f"{name}.html") for name in ("seen", "seen.not_uasc"))
    assert "seen.not_uasc.html" in links(whole)
    assert "seen.html" in links(fewer)
    assert "90.0%" in rows(whole, "6. % of CIN seen in 28 days: the same figure of others")[1]
    assert fewer.all("h1") == ["6. % of CIN seen in 28 days: Excluding UASC"]
    assert "figures/seen.not_uasc.html" in links(page(tmp_path / "scorecard.html"))


def test_a_large_trend_names_its_lines_and_no_name_covers_another():
    ends = month_run(dt.date(2015, 8, 31), dt.date(2016, 7, 31))
    history = tuple((end, 79.0 + place / 10) for place, end in enumerate(ends))
    drawn = figure(SEEN, KENT, LINES[0], value=80.0, history=history, usual=(79.9, 80.1))
    svg = Page(str(charts.large_trend(drawn)))
    texts = [(float(attrs["y"]), "".join(text)) for tag, attrs, text in svg.elements if tag == "text"]
    named = [(y, text) for y, text in texts if text.startswith(("Target", "Usual", "Aug 2016"))]
    assert {text for _, text in named} == {"Target 80.0%", "Usual from 79.9%", "Usual to 80.1%", "Aug 2016: 80.0%"}
    heights = sorted(y for y, _ in named)
    assert all(below - above >= charts.LABEL_HEIGHT for above, below in pairwise(heights))
    assert sum(tag == "circle" for tag, _, _ in svg.elements) == 13
    assert charts.large_trend(dataclasses.replace(drawn, history=())) == ""
