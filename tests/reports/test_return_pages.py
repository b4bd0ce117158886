"""A return by child, as pages: an index, a page a child with its cells marked, the rules and a page for each."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.command_line import dq

PROJECT = "authority: Kent\ndataset: ssda903\nscorecard: none\nextracts: extracts\n"
HEADER = """\
CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB
A1,M,01/05/2015,WBRI,A123456789012,,
<b>2,X,31/02/2015,WBRI,B123456789012,,
C3,F,01/06/2016,WBRI,C123456789012,,
"""
HEADER_LAST = HEADER.replace("C3,F", "C3,M")
EPISODES = """\
CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN
A1,02/05/2025,S,V2,N1,U1,PR1,,,,ME14 1XX,ME14 1XX,SC123456
<b>2,02/05/2025,S,V2,N1,U1,PR1,,,,ME14 1XX,ME14 1XX,SC123456
C3,02/05/2025,S,ZZ,N1,U1,PR1,,,,ME14 1XX,ME14 1XX,SC123456
"""


class Page(HTMLParser):
    """The links of a page, its marked cells as they read, and its words."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.marked: list[str] = []
        self.words = ""
        self._in_mark = False
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.links += [given["href"] or ""] if tag == "a" else []
        if tag in ("td", "th"):
            self._in_mark = "at" in (given.get("class") or "").split()
            self.marked += [""] if self._in_mark else []

    def handle_data(self, data: str) -> None:
        self.words += data
        if self._in_mark:
            self.marked[-1] += data


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("return")
    (project / "extracts" / "last_year").mkdir(parents=True)
    (project / "dq.yaml").write_text(PROJECT, encoding="utf-8")
    (project / "extracts" / "header.csv").write_text(HEADER, encoding="utf-8")
    (project / "extracts" / "last_year" / "header.csv").write_text(HEADER_LAST, encoding="utf-8")
    (project / "extracts" / "episodes.csv").write_text(EPISODES, encoding="utf-8")
    ended = dq("check", project, "--year", "2026", "--out", project / "out", "--by-child", "--rules", "1[04][0-9]*")
    assert ended.code == 0, ended.said
    return project / "out" / "return"


def test_only_children_in_doubt_have_a_page_and_those_with_most_errors_come_first(pages: Path) -> None:
    index = Page(pages / "index.html")
    assert [link for link in index.links if link.startswith("children/")] == ["children/1.html", "children/2.html"]
    assert sorted(path.name for path in (pages / "children").iterdir()) == ["1.html", "2.html"]
    assert index.words.index("<B>2") < index.words.index("C3")


def test_a_childs_page_holds_its_tables_of_both_years_with_the_cells_in_doubt_marked_by_a_letter(pages: Path) -> None:
    page = Page(pages / "children" / "1.html")
    assert [re.sub(r"\s+", " ", mark).strip() for mark in page.marked] == ["E X101", "E 31/02/2015102"]
    assert all(table in page.words for table in ("header, last year", "episodes"))
    assert "header, row 3" in page.words
    assert "C3" not in page.words


def test_what_was_typed_is_shown_and_never_run(pages: Path) -> None:
    text = (pages / "children" / "1.html").read_text(encoding="utf-8")
    assert "<B>2" not in text
    assert "&lt;B&gt;2" in text


def test_the_rules_that_were_not_run_come_first_with_the_reason(pages: Path) -> None:
    rules = Page(pages / "rules.html").words
    assert rules.index("Not run") < rules.index("no extract uasc") < rules.index("Found something")


def test_a_rules_page_says_what_to_do_and_leads_to_its_children(pages: Path) -> None:
    rule = Page(pages / "rules" / "144.html")
    assert "../children/2.html#r-144" in rule.links
    assert {path.stem for path in (pages / "rules").iterdir()} == {"101", "102", "144"}
    assert 'id="r-144"' in (pages / "children" / "2.html").read_text(encoding="utf-8")


def test_every_link_leads_somewhere_and_none_leaves_the_folder(pages: Path) -> None:
    for path in pages.rglob("*.html"):
        for link in Page(path).links:
            target = path if link.startswith("#") else (path.parent / link.partition("#")[0]).resolve()
            assert target.is_file(), f"{path.name}: {link}"
            assert target.is_relative_to(pages.resolve())
