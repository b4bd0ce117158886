"""The manual that rules and indicators write of themselves."""

from __future__ import annotations

import pytest
from a_paper import (
    BROKEN,
    FINE,
    LATE,
    write_manual,
)
from page_reader import page

from dq.model import (
    RuleResult,
    Status,
)
from dq.reports.pages import write_rule_pages


@pytest.fixture(scope="module")
def manual(tmp_path_factory):
    folder = tmp_path_factory.mktemp("manual")
    write_manual(folder)
    return folder


def test_a_rule_page_has_the_fixed_headings_in_order(manual):
    read = page(manual / "rules" / "with-examples.html")
    assert read.all("h2") == [
        "What it finds", "Why it matters", "How to put it right", "Who fixes it", "In scope and flagged",
        "Figures it moves", "Examples", "Source and history", "SQL",
    ]  # fmt: skip
    assert "Visit on [visit date] has no answer" in read.text
    assert "flags V7" in read.text
    assert "no row is in scope" in read.text
    assert "seen IS NULL /* as run */" in read.all("pre")
    assert "made without a run" in read.text
    assert "Own title of seen" in read.text
    assert "Own title of moves" not in read.text


def test_a_rule_page_tells_how_the_rule_ended(tmp_path):
    results = {
        "fine": RuleResult(FINE, Status.PASSED, 1234),
        "broken": RuleResult(BROKEN, Status.ERROR, reason="no luck"),
    }
    write_rule_pages([FINE, BROKEN, LATE], [], {}, {}, tmp_path, results)
    assert "1,234 records in scope, 0 flagged" in page(tmp_path / "rules" / "fine.html").text
    assert "Failed to run: no luck" in page(tmp_path / "rules" / "broken.html").text
    assert "not part of the run" in page(tmp_path / "rules" / "late.html").text


def test_an_indicator_page_names_the_rules_that_touch_it(manual):
    assert "Title of with-examples" in page(manual / "indicators" / "seen.html").text
    assert "None of the rules here." in page(manual / "indicators" / "moves.html").text
    assert "At 31 May 2017: 1 of 2." in page(manual / "indicators" / "seen.html").text


def test_the_manual_lists_each_rule_and_indicator_once(manual):
    read = page(manual / "index.html")
    assert len(read.all("tr", class_="item")) == 2 + 2
    assert read.all("h2")[:2] == ["Visits", "Contract"]
