"""The pages of a run, read back with a parser: what a reader would find, link by link and word by word."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from urllib.parse import unquote

import pytest
from a_paper import (
    ASHFORD,
    CAVEAT,
    DOVER,
    EXCEPTIONS,
    KENT,
    LINES,
    NO_ANSWER,
    NORTH,
    exception,
    figures_for,
    run,
    write_manual,
)
from page_reader import page

from dq.reports.pages import write_pages

WRITTEN_BY_OTHERS = (".xlsx", ".csv", ".json", ".parquet", "gate/index.html")


def written(result, out):
    write_pages(result, {NO_ANSWER.id: NO_ANSWER}, out)
    return out


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    return written(run(), tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def manual(tmp_path_factory):
    folder = tmp_path_factory.mktemp("manual")
    write_manual(folder)
    return folder


def test_every_page_stands_alone(out, manual):
    pages = [*out.rglob("*.html"), *manual.rglob("*.html")]
    assert len(pages) == 6 + 4 + 5
    for path in pages:
        read = page(path)
        policy = [attrs["content"] for tag, attrs, _ in read.elements if tag == "meta" and "http-equiv" in attrs]
        assert policy
        assert policy[0].startswith("default-src 'none'")
        assert "@import" not in read.source
        assert "url(" not in read.source
        for tag, attrs, _ in read.elements:
            assert tag not in ("link", "img", "iframe", "object", "base", "form")
            assert "src" not in attrs
            assert not attrs.get("href", "").startswith(("http:", "https:", "//", "file:", "/"))


def test_links_lead_somewhere(out, manual):
    for root in (out, manual):
        for path in root.rglob("*.html"):
            for _, attrs, _ in page(path).elements:
                target, _, place = unquote(attrs.get("href", "")).partition("#")
                beside = target.endswith(WRITTEN_BY_OTHERS) or "manual/" in target
                if "href" not in attrs or beside:
                    continue
                aim = (path.parent / target).resolve() if target else path.resolve()
                assert aim.is_file(), f"{path.name} → {attrs['href']}"
                assert not place or place in page(aim).ids, f"{path.name} → {attrs['href']}"


def test_pages_have_the_bones_a_screen_reader_needs(out, manual):
    for path in [*out.rglob("*.html"), *manual.rglob("*.html")]:
        read = page(path)
        assert len(read.all("h1")) == len(read.all("main")) == 1
        assert ("html", {"lang": "en-GB"}) in [(tag, attrs) for tag, attrs, _ in read.elements]
        assert len(read.ids) == len(set(read.ids))
        assert all("scope" in attrs for tag, attrs, _ in read.elements if tag == "th")
        assert all(text for text in read.all("caption"))


def test_every_exception_is_on_its_own_teams_page_and_no_other(out):
    pages = {path.stem: page(path).text for path in (out / "teams").glob("*.html")}
    assert sorted(pages) == ["T1", "T2", "T9", "unallocated"]
    for row in EXCEPTIONS:
        home = row["team_id"] or "unallocated"
        assert [stem for stem, text in pages.items() if row["message"] in text] == [home]
        assert [stem for stem, text in pages.items() if row["fix"] in text] == [home]


def test_a_teams_file_says_nothing_of_another_team(out):
    source = (out / "teams" / "T1.html").read_text(encoding="utf-8")
    for of_others in ("Dover", "T2", "T9", "V4", "W205", "C4", "E205"):
        assert of_others not in source


def test_first_sentence_counts_records_not_faults_and_queries_apart(out):
    read = page(out / "teams" / "T1.html")
    assert read.all("p", class_="say") == ["2 records to fix, oldest 63 days"]
    assert "Kent · North Kent Ashford" in read.text
    assert "3 faults in 2 records. And 1 record to check" in read.text


def test_one_child_is_one_group_and_the_most_pressing_comes_first(out):
    rows = page(out / "teams" / "T1.html").all("li")
    places = [next(i for i, text in enumerate(rows) if f"Fault number {n}." in text) for n in (101, 102, 103, 104)]
    assert places == sorted(places)
    assert "– not known" in rows[places[2]]
    assert "6. % of CIN seen in 28 days; also 17" in rows[places[3]]


def test_a_team_without_exceptions_has_a_page_that_says_so(tmp_path):
    read = page(written(run([EXCEPTIONS[0]]), tmp_path) / "teams" / "T2.html")
    assert read.all("p", class_="say") == ["No record to fix"]
    assert "Nothing is waiting for this team" in read.text
    assert not (tmp_path / "teams" / "unallocated.html").exists()


def test_what_a_record_holds_cannot_become_part_of_the_page(tmp_path):
    nasty = '<script>alert("x")</script><img src=x onerror=y>'
    row = exception(1, NO_ANSWER, "T1", nasty, message=nasty, person=nasty, values=json.dumps({"seen": nasty}))
    row |= {"worker_id": nasty, "fix": nasty, "indicators": nasty}
    scopes = (KENT, NORTH, dataclasses.replace(ASHFORD, name=nasty), DOVER)
    figures = tuple(made for scope in scopes for made in figures_for(scope))
    folder = written(run([row], scopes=scopes, figures=figures), tmp_path)
    for path in folder.rglob("*.html"):
        read = page(path)
        assert not any(tag == "img" for tag, _, _ in read.elements)
        assert "alert(" not in " ".join(read.all("script"))
    assert nasty in page(folder / "teams" / "T1.html").text


def test_a_team_id_cannot_lead_out_of_the_folder(tmp_path):
    written(run([exception(1, NO_ANSWER, "../../T7", "V1")]), tmp_path / "run")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert sum("Fault number 1." in path.read_text() for path in (tmp_path / "run" / "teams").iterdir()) == 1


def card(out):
    """Return the rows of the scorecard by their title: the text of the row, then of what it opens to."""
    bodies = page(out / "scorecard.html").all("tbody", class_="row")
    return {line.title: next(body for body in bodies if line.title in body) for line in LINES}


def test_a_row_prints_figure_base_target_range_and_direction(out):
    row = card(out)["% of CIN seen in 28 days"]
    for printed in ("81.0%", "1,595 of 1,970", "80.0%", "Between 78.9% and 82.0%", "↓ worse", "was 82.9%", "↑ better"):
        assert printed in row
    assert "Higher is better · At 31 Aug 2016" in row
    assert "Green 80% or more, amber 70% or more, red otherwise" in row


def test_an_unsettled_colour_shows_both_and_a_settled_one_shows_one(out):
    rows = card(out)
    assert "AG Amber or Green" in rows["% of CIN seen in 28 days"]
    assert "Green as recorded" in rows["% of CIN seen in 28 days"]
    assert "R Red" in rows["% with 3 or more placements"]
    assert "Amber" not in rows["% with 3 or more placements"].split("Definition, trend")[0]
    assert "No open error can move it" in rows["% with 3 or more placements"]


def test_a_figure_not_available_prints_its_reason_and_no_number(out):
    row = card(out)["% with dental checks"].split("Definition, trend")[0]
    assert "Not available: the extract health_checks is absent" in row
    assert "%" not in row.replace("% with dental checks", "")


def test_the_band_counts_colours_and_says_how_many_are_unsettled(out):
    read = page(out / "scorecard.html")
    names, counts = read.all("dt"), read.all("dd")
    assert dict(zip(names, counts, strict=True)) == {
        "Green": "1", "Amber": "0", "Red": "1", "Monitor": "1", "Not available": "1",
    }  # fmt: skip
    assert "1 colour unsettled" in read.text
    assert "One rule failed." in read.text
    assert f"To be printed with the figures {CAVEAT}" in read.text


def test_only_red_indicators_are_on_the_red_page(out):
    read = page(out / "scorecard.html")
    assert [text.split("%")[0] for text in read.all("article")] == ["17. "]
    assert "Exception reports" in read.all("h2")
    assert "1 exception report" in read.all("a")


def test_arrows_follow_the_house_style_of_the_paper(tmp_path):
    title = "% with 3 or more placements"
    for arrow, printed in (("performance", "↑ better"), ("number", "↓ better")):
        row = card(written(run(arrow=arrow), tmp_path / arrow))[title]
        assert printed in row.split("Definition, trend")[0]


def test_a_line_of_the_paper_is_never_left_out_in_silence(tmp_path):
    without = tuple(made for made in figures_for(KENT) if made.indicator.id != "repeat")
    with pytest.raises(LookupError, match="% for a second time"):
        written(run(figures=without), tmp_path)


def test_what_did_not_run_comes_before_what_did(out):
    text = page(out / "index.html").text
    assert "2 rules did not run" in text
    for why in ("has no column 'seen_alone'", "could not compare a date with a text"):
        assert why in text
    assert text.index("could not compare") < text.index("has no column 'seen_alone'") < text.index("What loaded")
    assert "Title of fine" not in text
    assert "1 rule passed, 0 with no record in scope" in text


def test_the_index_says_what_loaded(out):
    rows = page(out / "index.html").all("tr")
    assert any(row.startswith("health_checks Not found.") for row in rows)
    assert "cin_visits cin_visits.csv 1,234 7 – not known seen_alone notes" in rows


def test_the_heat_table_holds_every_exception_and_the_most_first(out):
    read = page(out / "index.html")
    rows = [row.split() for row in read.all("tr") if len(row.split()) == 9 and row.split()[3] in ("E", "Q")]
    assert rows == [
        ["Title", "of", "no-answer", "E", "4", "2", "1", "1", "0"],
        ["Title", "of", "late", "Q", "2", "1", "0", "0", "1"],
        ["Title", "of", "broken", "E", "1", "1", "0", "0", "0"],
    ]
    assert read.all("th", class_="v") == ["Ashford", "Dover", "T9", "No team"]


def test_a_check_without_figures_has_an_index_and_team_pages_only(tmp_path):
    folder = written(run(verdict=None, scorecard=None, figures=()), tmp_path)
    read = page(folder / "index.html")
    assert "this run checked records only" in read.text
    assert not (folder / "scorecard.html").exists()
    assert "scorecard" not in read.source
    assert "gate/" not in read.source
    assert "Fault number 101." in page(folder / "teams" / "T1.html").text


def test_pages_hold_no_path_of_this_machine(out):
    for path in out.rglob("*.html"):
        assert str(Path.cwd()) not in path.read_text(encoding="utf-8")
        assert str(out) not in path.read_text(encoding="utf-8")
