"""The page of a proof: what did not run first, every doubt with its cell, and text of files that stays text."""

from __future__ import annotations

import re

import pytest
from a_proof import ARROWS, DOUBTS, NOT_RUN, RESULTS, SERIES, TOTALS, UNITS, a_doubt, a_proof, a_rule, a_table
from page_reader import Page

from dq.model import PaperTable, Proof, RuleResult, Severity, Status
from dq.reports.proof_page import proof_page
from dq.reports.proof_tables import LONG_ROWS, PRINTED_COLUMNS, QUIET_CELLS

IDLE = RuleResult(a_rule("idle"), Status.NOT_APPLICABLE)
PASSED = RuleResult(TOTALS, Status.PASSED, 9)


def page_of(proof: Proof) -> Page:
    return Page(proof_page(proof))


def rows_of(read: Page, kind: str) -> list[str]:
    return read.all("tr", class_=kind)


def hrefs(read: Page) -> list[str]:
    return [attrs["href"] for tag, attrs, _ in read.elements if tag == "a"]


def test_the_top_says_in_one_sentence_what_was_found_and_what_was_checked() -> None:
    read = page_of(a_proof())
    assert read.all("h2", id="result") == ["2 errors: figures that cannot all be right; 2 queries to explain"]
    assert read.all("p", class_="lede") == ["2 tables · 16 figures · 2 claims · 4 rules run, 1 with nothing to test"]


def test_rules_that_did_not_run_come_before_all_else_with_their_reason() -> None:
    read = page_of(a_proof(results=(*RESULTS, NOT_RUN)))
    headings = read.all("h2")
    assert headings[0] == "What did not run"
    assert headings[1].endswith("2 queries to explain; 1 rule did not run")
    assert "Title of lost lost skipped the extract claims is not there" in read.text
    assert "What did not run" not in page_of(a_proof()).text


def test_findings_are_by_rule_errors_first_and_say_why_and_what_to_do() -> None:
    read = page_of(a_proof())
    findings = read.all("article", class_="finding")
    assert [text.split(" (")[0] for text in findings] == [
        "Error Title of totals", "Query Title of arrows", "Query Title of series",
    ]  # fmt: skip
    for said in ("(2)", "Why totals matters.", "How to mend totals.", "a page of last year"):
        assert said in findings[0]


def test_a_finding_has_its_place_and_what_is_printed_expected_and_the_difference() -> None:
    (article, *_) = page_of(a_proof()).all("article", class_="finding")
    # In the order of the paper: row 3 before row 5.
    assert article.endswith(
        "1 row 3, open_cases_1 units.csv 12 11 1 another total too high "
        "2 row 5, open_cases_2 units.csv 12 11 1 a total too high"
    )


def test_every_doubt_is_on_the_page_and_every_link_leads_somewhere() -> None:
    read = page_of(a_proof())
    assert len(read.ids) == len(set(read.ids))
    assert {f"d{number}" for number in range(1, len(DOUBTS) + 1)} <= set(read.ids)
    for doubt in DOUBTS:
        assert doubt.message in read.text
    assert all(href.startswith("#") and href[1:] in read.ids for href in hrefs(read))
    # The cell of rows 3 and 5, their reasons beneath and the findings lead to each other; of no cell, nothing does.
    assert {"#t1-3-1", "#t1-5-2", "#w1", "#w2", "#d1", "#d2", "#d3"} <= set(hrefs(read))
    assert {"w1", "w2", "w3"} <= set(read.ids)
    assert not {"#w4", "#d4"} & set(hrefs(read))


def test_a_doubtful_cell_has_a_letter_and_words_and_its_reasons_beneath() -> None:
    read = page_of(a_proof())
    assert read.all("td", id="t1-3-1") == ["E 3,010"], "of two doubts the graver marks it"
    (label,) = [attrs["aria-label"] for _, attrs, _ in read.elements if attrs.get("href") == "#w1"]
    assert label == "Error in open_cases_1, row 3: 2 reasons beneath"
    why = rows_of(read, "why")
    assert len(why) == 2
    assert "another total too high" in why[0]
    assert "an arrow at odds" in why[0]


def test_figures_stand_as_printed_and_a_blank_in_doubt_says_so() -> None:
    cells = [(2, ("A", "1,089.50")), (3, ("B", None)), (4, ("C", "£ 012")), (5, ("D", "71.20%"))]
    table = PaperTable(UNITS, "units", ("unit", "open"), cells)
    read = page_of(a_proof([a_doubt(SERIES, 3, "open", "blank here", printed=None)], tables=[table]))
    assert read.all("td", id="t1-3-1") == ["Q blank"]
    for printed in ("1,089.50", "£ 012", "71.20%"):
        assert printed in read.all("td")


def test_text_of_files_stays_text() -> None:
    bad = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
    table = PaperTable(bad, "units", ("unit", f"h{bad}"), [(2, (bad, bad)), (3, (f"javascript:{bad}", "1"))])
    rule = a_rule("hostile", title=bad, why=bad, fix=bad, source=bad)
    doubt = a_doubt(rule, 2, f"h{bad}", bad, bad, bad)
    lost = RuleResult(a_rule("lost", title=bad), Status.ERROR, reason=bad)
    read = page_of(a_proof([doubt], [RuleResult(rule, Status.FLAGGED, 1, 1), lost], [table]))
    assert "<script>alert" not in read.source
    assert "<img" not in read.source
    assert not [attrs for _, attrs, _ in read.elements if any(name.startswith("on") for name in attrs)]
    assert read.text.count(bad) > 8
    assert all(href[1:] in read.ids for href in hrefs(read))


def test_the_page_needs_nothing_from_outside() -> None:
    read = page_of(a_proof())
    assert not re.search(r'(?:src|href)="(?!#)|https?://|@import|url\(', read.source)


def test_a_proof_without_doubts_says_so_and_how_many_rules_ran() -> None:
    read = page_of(a_proof([], [PASSED, IDLE]))
    assert read.all("h2", id="result") == [
        "Nothing doubtful was found: 2 rules ran, 1 of them with nothing in this paper to test"
    ]
    assert read.all("section", class_="go")


@pytest.mark.parametrize(
    ("results", "figures", "said"),
    [
        ([PASSED, NOT_RUN], 16, "Nothing doubtful was found: 1 rule ran; 1 rule did not run"),
        ([IDLE], 16, "Nothing was checked: 1 rule had nothing in this paper to test"),
        ([NOT_RUN], 16, "Nothing was checked: no rule ran; 1 rule did not run"),
        ([PASSED], 0, "Nothing was checked: these files hold no figure that their layout knows"),
    ],
)
def test_nothing_unchecked_reads_as_passed(results: list[RuleResult], figures: int, said: str) -> None:
    read = page_of(a_proof([], results, figures=figures, claims=0))
    assert read.all("h2", id="result") == [said]
    assert not read.all("section", class_="go")


def test_queries_alone_are_no_error_and_are_not_green() -> None:
    read = page_of(a_proof([DOUBTS[0]], [RuleResult(ARROWS, Status.FLAGGED, 8, 1)]))
    assert read.all("h2", id="result") == ["No error; 1 query to explain"]
    assert read.all("section", class_="caveats")


def test_what_is_only_for_information_is_counted_apart() -> None:
    rule = a_rule("note", Severity.INFORMATION)
    read = page_of(a_proof([a_doubt(rule, 2, "unit", "good to know")], [RuleResult(rule, Status.FLAGGED, 1, 1)]))
    assert read.all("h2", id="result") == ["No error; 1 for information"]
    assert read.all("td", id="t1-2-0") == ["I Team 2"]


def test_a_long_table_folds_the_rows_without_a_doubt_and_has_them_all() -> None:
    read = page_of(a_proof(tables=[a_table(LONG_ROWS + 1)]))
    assert len(rows_of(read, "quiet")) == LONG_ROWS + 1 - 2
    assert rows_of(read, "gap") == [f"{n} row{'s' if n > 1 else ''} without a doubt" for n in (1, 1, LONG_ROWS - 3)]
    assert f"Show the {LONG_ROWS - 1} rows without a doubt too" in read.text
    whole = page_of(a_proof(tables=[a_table(LONG_ROWS)]))
    assert not rows_of(whole, "quiet")
    assert f"Team {LONG_ROWS + 1}" in whole.text


def test_a_very_long_table_has_the_rows_with_a_doubt_alone_and_says_so() -> None:
    rows = QUIET_CELLS // 10 + 3
    read = page_of(a_proof(tables=[a_table(rows, 10)]))
    assert "Too long to show whole: only the rows with a doubt are here." in read.text
    assert not rows_of(read, "quiet")
    assert len(rows_of(read, "of")) == 2
    assert f"{rows - 4} rows without a doubt" in rows_of(read, "gap")
    assert "Team 4" not in read.text
    quiet = page_of(a_proof([], [PASSED], [a_table(rows, 10)]))
    assert "as no row has a doubt, none is here. All were tested" in quiet.text


def test_a_cell_that_no_table_has_is_in_the_findings_alone() -> None:
    away = [a_doubt(TOTALS, 99, "unit", "a row that is not there"), a_doubt(TOTALS, 2, "other", "no such column"),
            a_doubt(TOTALS, 2, "unit", "no such file", "other.csv")]  # fmt: skip
    read = page_of(a_proof(away))
    assert not rows_of(read, "why")
    assert all(doubt.message in read.text for doubt in away)
    assert "3 doubts of no cell in a table are in the findings alone." in read.text


def test_a_wide_table_keeps_its_doubtful_columns_on_paper() -> None:
    columns = PRINTED_COLUMNS + 6
    last = f"open_cases_{columns - 1}"
    read = page_of(a_proof([a_doubt(TOTALS, 3, last, "far to the right")], tables=[a_table(4, columns)]))
    left_out = read.all("th", class_="x")
    assert len(left_out) == 6
    assert last not in left_out
    assert "6 columns are left out" in read.text
    everywhere = [a_doubt(TOTALS, 3, f"open_cases_{column}", "doubtful") for column in range(1, columns)]
    full = page_of(a_proof(everywhere, tables=[a_table(4, columns)]))
    assert len(full.all("th", class_="x")) == 6
    assert len(rows_of(full, "why")[0].split("doubtful")) == columns, "every reason is on paper"
