"""What the proof of Kirklees's paper of June 2017 finds: each finding was held against the paper by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from dq.model import Doubt, Proof, Status
from dq.proofread import proofread

PAPERS = Path(__file__).resolve().parents[3] / "shared" / "published"
TABLES, WORDS = "kirklees_2017_06.csv", "kirklees_2017_06_narrative_figures.csv"
needs_papers = pytest.mark.skipif(not PAPERS.is_dir(), reason="the published papers are not beside the checkout")

Place = tuple[str, int, str]
"""A file, its row as Excel counts, and the column."""

CHECKED: dict[str, dict[Place, str | None]] = {
    # 22, 7 and 7 interviews, and 36, 29 and 26 children who went missing. April's base is not printed.
    "base-below-what-it-covers": {
        (TABLES, 625, "value_pct"): "36", (TABLES, 627, "value_pct"): "29", (TABLES, 628, "value_pct"): "26",
    },
    # Bases 676, 689, 676 and 664 for visits, and 677, 690, 674 and 665 in care; 664 are allocated.
    "base-differs-within-population": {
        (TABLES, 613, "value_pct"): "677", (TABLES, 614, "value_pct"): "690", (TABLES, 615, "value_pct"): "674",
        (TABLES, 616, "value_pct"): "665", (TABLES, 1065, "value_count"): "665",
    },
    "blank-beside-a-number": {
        (TABLES, 1092, "value_other"): None, (TABLES, 1124, "value_other"): None, (TABLES, 1138, "value_other"): None,
    },
    "count-above-base": {(TABLES, 319, "value_pct"): None},  # 83.3% (60) of 36
    "more-than-it-can-be-of": {  # 11.00, 7.81 and 2.50 full time equivalents
        (TABLES, 1084, "value_other"): "10", (TABLES, 1098, "value_other"): "7", (TABLES, 1136, "value_other"): "2",
    },
    "nought-beside-a-number": {(TABLES, 1070, "value_other"): "1", (TABLES, 1090, "value_other"): "1"},
    "arrow-against-the-figures": {
        (TABLES, 140, "value_pct"): "down", (TABLES, 143, "value_count"): "down", (TABLES, 651, "value_pct"): "down",
        (TABLES, 876, "value_count"): "up",
    },
    "arrow-between-equal-figures": {
        (TABLES, 5, "value_count"): "same", (TABLES, 124, "value_pct"): "same", (TABLES, 144, "value_count"): "same",
        (TABLES, 735, "value_count"): "same",
    },
    "arrow-of-no-change": {
        (TABLES, 111, "value_pct"): "down", (TABLES, 599, "value_pct"): "down", (TABLES, 604, "value_pct"): "up",
        (TABLES, 607, "value_pct"): "down", (TABLES, 615, "value_pct"): "up", (TABLES, 646, "value_pct"): "down",
        (TABLES, 718, "value_pct"): "down", (TABLES, 765, "value_pct"): "down",
    },
    "arrow-of-the-number-beside": {
        (TABLES, 180, "value_pct"): "up", (TABLES, 267, "value_pct"): "up", (TABLES, 268, "value_pct"): "up",
    },
    # 1 to 2 months, 3 to 4, 6 to 7, and 5 to 6 years are in no band.
    "bands-with-a-gap": {(TABLES, row, "value_pct"): None for row in (388, 392, 396, 412)},
    "part-not-what-the-mean-leaves": {(WORDS, 120, "value_count"): "151"},  # 115 printed
    # 14 or 17 came into care in April; 32 and 36 left, and 20 and 66 are in the table by outcome.
    "parts-differ-from-their-total": {
        (TABLES, 3, "value_count"): "17", (TABLES, 314, "value_count"): "20", (TABLES, 315, "value_count"): "66",
    },
    "stock-differs-from-flow": {  # 690 + 17 - 36, and 674 + 17 - 18
        (TABLES, 175, "value_count"): "671", (TABLES, 176, "value_count"): "673",
    },
    "code-with-two-labels": {(TABLES, 156, "value_pct"): None, (TABLES, 168, "value_pct"): None},
    "figure-blank-among-others": {(TABLES, row, "value_count"): None for row in (935, 936, 937)},
    "period-labelled-two-ways": {(TABLES, 748, "value_pct"): None},  # October to December 15, of 16/17
    "share-that-no-number-gives": {(TABLES, 604, "value_pct"): "62"},  # 412 of 665; 61.9 is 411 of 664
    "value-not-of-numerator-and-base": {
        (TABLES, 265, "value_pct"): "9", (TABLES, 266, "value_pct"): "9.3", (TABLES, 267, "value_pct"): "9.2",
        (TABLES, 268, "value_pct"): "8.9", (TABLES, 317, "value_pct"): "95.7", (TABLES, 318, "value_pct"): "63",
        (TABLES, 319, "value_pct"): "166.7", (TABLES, 321, "value_pct"): "4.3", (TABLES, 418, "value_pct"): "14.8",
        (TABLES, 821, "value_pct"): "15.9",
    },
    # 50 of 690; 12 and 18 of 342 in the year so far; 3 of 342.
    "value-rounded-another-way": {
        (TABLES, 610, "value_pct"): "7.2", (TABLES, 747, "value_pct"): "3.51", (TABLES, 749, "value_pct"): "5.26",
        (TABLES, 750, "value_pct"): "0.88",
    },
    "average-not-of-the-year": {(WORDS, 89, "value_count"): "26", (WORDS, 281, "value_count"): "8"},
    "change-not-of-the-figures": {(WORDS, 135, "value_pct"): "6.6"},
    "days-not-between-the-dates": {(WORDS, 257, "value_other"): "47", (WORDS, 258, "value_other"): "47"},
    "good-to-be-said-otherwise": {(WORDS, 34, "note"): "low", (WORDS, 35, "note"): "high"},
    "not-the-extreme-that-is-said": {(WORDS, 26, "value_pct"): "29.2"},
    "share-in-words-not-of-its-base": {(WORDS, 55, "value_pct"): "12.2", (WORDS, 210, "value_pct"): "100"},
    "share-in-words-of-no-whole-base": {(WORDS, 21, "value_pct"): None},
    "trend-not-in-the-series": {(WORDS, row, "note"): None for row in (45, 104, 120, 149, 237)},
    "words-differ-from-table": {
        (WORDS, 5, "value_pct"): "58.8", (WORDS, 12, "value_pct"): "8.3", (WORDS, 36, "value_pct"): "43",
        (WORDS, 36, "value_count"): "6", (WORDS, 66, "value_pct"): "14.1", (WORDS, 68, "value_pct"): "15.3",
        (WORDS, 69, "value_pct"): "18.8", (WORDS, 69, "value_count"): "12", (WORDS, 220, "value_pct"): "89.4",
    },
    "words-of-another-month": {(WORDS, row, "value_pct"): None for row in (86, 232, 234, 236)},
}  # fmt: skip


@pytest.fixture(scope="module")
def proof(tmp_path_factory: pytest.TempPathFactory) -> Proof:
    return proofread([PAPERS / TABLES, PAPERS / WORDS], tmp_path_factory.mktemp("proof") / "out")


def place(doubt: Doubt) -> Place:
    return doubt.file, doubt.row_no or 0, doubt.cell or ""


@needs_papers
@pytest.mark.parametrize("rule", CHECKED)
def test_each_rule_finds_what_is_wrong_and_nothing_else(rule: str, proof: Proof) -> None:
    assert {place(doubt): doubt.expected for doubt in proof.doubts if doubt.rule.id == rule} == CHECKED[rule]


@needs_papers
def test_every_finding_was_checked(proof: Proof) -> None:
    assert {doubt.rule.id for doubt in proof.doubts} == set(CHECKED)


@needs_papers
@pytest.mark.parametrize("row", [265, 266, 267, 268])
def test_the_headline_of_stays_at_home_is_named_as_another_row(row: int, proof: Proof) -> None:
    (doubt,) = (d for d in proof.doubts if d.rule.id == "value-not-of-numerator-and-base" and d.row_no == row)
    assert doubt.message.endswith("it is the figure of 5 years or more")


@needs_papers
def test_a_base_that_is_one_out_is_named(proof: Proof) -> None:
    (doubt,) = (d for d in proof.doubts if d.rule.id == "value-rounded-another-way" and d.row_no == 610)
    assert "it is a share of 689, the base of IRO visits held within timescale (6 months)" in doubt.message


@needs_papers
def test_every_figure_and_claim_was_read_and_every_rule_ran(proof: Proof) -> None:
    assert not [result for result in proof.results if result.status in {Status.ERROR, Status.SKIPPED}]
    assert not [doubt for doubt in proof.doubts if doubt.rule.id.startswith("contract.")]
    assert len(proof.tables[0].rows) == 1138
    assert proof.figures > 1138
    assert proof.claims > 250
