"""What proof finds in the published papers is what was found by hand, and nothing else."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter

from dq.library import policy_root
from dq.library.load import load_library
from dq.model import Proof, RuleResult, Status
from tests.command_line import dq_here

PAPERS = Path(__file__).resolve().parent.parent.parent.parent / "shared" / "published"
needs_papers = pytest.mark.skipif(not PAPERS.is_dir(), reason="the published papers are not beside the project")
KENT = ("kent_scs_2016_08_indicators", "kent_scs_2016_08_activity", "kent_scs_2016_08_uasc", "kent_exception_pages")


def proof_of(out: Path, *files: str) -> tuple[int, list[dict[str, str]]]:
    """Return the exit code and the rows of proof.csv."""
    ended = dq_here("proof", *(PAPERS / f"{file}.csv" for file in files), "--out", out)
    assert ended.err == ""
    with (out / "proof.csv").open(encoding="utf-8", newline="") as file:
        return ended.code, list(csv.DictReader(file))


def told(rows: list[dict[str, str]], rule: str) -> set[tuple[str, str, str, str]]:
    """Return the findings of a rule: file without its ending, place, printed and expected."""
    return {
        (row["source"].removesuffix(".csv"), row["location"], row["printed"], row["expected"])
        for row in rows
        if row["rule_id"] == rule
    }


@needs_papers
def test_kents_scorecard(tmp_path: Path) -> None:
    code, rows = proof_of(tmp_path / "proof", *KENT)
    assert code == 1
    assert told(rows, "units-exceed-their-total") == {
        ("kent_scs_2016_08_activity", "row 4, pf_cases_this_month", "3", "7"),
        ("kent_scs_2016_08_activity", "row 4, pf_cases_last_month", "3", "8"),
    }
    assert told(rows, "base-above-its-parent") == {
        ("kent_scs_2016_08_indicators", "row 34, result", "1089", "1077"),
        ("kent_scs_2016_08_indicators", "row 35, result", "1089", "1077"),
        ("kent_scs_2016_08_uasc", "row 48, incl_result", "1089", "1077"),
        ("kent_scs_2016_08_uasc", "row 48, excl_result", "635", "634"),
        ("kent_scs_2016_08_uasc", "row 49, incl_result", "1089", "1077"),
        ("kent_scs_2016_08_uasc", "row 49, excl_result", "635", "634"),
    }
    assert told(rows, "target-printed-otherwise") == {("kent_exception_pages", "row 21, result", "13", "10")}
    assert told(rows, "figure-restated") == {
        ("kent_exception_pages", "row 2, result", "68.3%", "66.8"),
        ("kent_exception_pages", "row 3, result", "69.9%", "67.7"),
        ("kent_exception_pages", "row 10, result", "43.0%", "42.9"),
        ("kent_exception_pages", "row 11, result", "48.3%", "48"),
    }
    assert told(rows, "stock-differs-from-flow") == {
        ("kent_scs_2016_08_activity", "row 2, cp_plans_this_month", "1145", "1144"),
        ("kent_scs_2016_08_activity", "row 2, total_lac_this_month", "2246", "2241"),
    }
    assert {(place, printed) for _, place, printed, _ in told(rows, "arrow-between-equal-figures")} == {
        ("row 5, result", "98.3%"), ("row 22, result", "95.6%"), ("row 23, result", "98.2%"),
    }  # fmt: skip
    short = told(rows, "units-below-their-total")
    assert ("kent_scs_2016_08_activity", "row 2, lac_starts_in_last_month", "86", "74") in short
    assert len(short) == 32
    assert Counter(row["severity"] for row in rows) == {"error": 9, "query": 41}


@needs_papers
def test_buckinghamshires_report(tmp_path: Path) -> None:
    code, rows = proof_of(tmp_path / "proof", "bucks_2016_09")
    assert code == 0
    assert {(row["rule_id"], row["location"], row["printed"], row["expected"]) for row in rows} == {
        ("arrow-of-no-change", "row 9, sep_2016_value", "95%", "down"),
        ("arrow-of-no-change", "row 25, jun_2016_value", "60%", "down"),
        ("arrow-of-no-change", "row 33, sep_2016_value", "41%", "up"),
        ("arrow-between-equal-figures", "row 26, sep_2016_value", "97%", "same"),
        ("arrow-between-equal-figures", "row 29, jun_2016_value", "74%", "same"),
        ("arrow-between-equal-figures", "row 30, sep_2016_value", "93%", "same"),
        ("figure-blank-among-others", "row 23, mar_2016_value", "", ""),
        ("figure-blank-among-others", "row 24, mar_2016_value", "", ""),
    }


@needs_papers
def test_kents_report_on_children_in_care(tmp_path: Path) -> None:
    """89 of 112 are 79.46%."""
    code, rows = proof_of(tmp_path / "proof", "kent_cic_2017_11")
    assert code == 0
    assert [(row["rule_id"], row["location"], row["printed"], row["expected"]) for row in rows] == [
        ("share-that-no-number-gives", "row 14, value", "79.4%", "79.5")
    ]


@needs_papers
def test_a_workbook_gives_what_its_csv_gives(tmp_path: Path) -> None:
    with (PAPERS / "bucks_2016_09.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = list(csv.reader(file))
    with xlsxwriter.Workbook(tmp_path / "bucks.xlsx") as book:
        sheet = book.add_worksheet("Report")
        for number, row in enumerate(cells):
            sheet.write_row(number, 0, row)
    ended = dq_here("proof", tmp_path / "bucks.xlsx", "--out", tmp_path / "of-workbook")
    assert (ended.code, ended.err) == (0, "")
    with (tmp_path / "of-workbook" / "proof.csv").open(encoding="utf-8", newline="") as file:
        found = [{**row, "source": "", "figure_id": ""} for row in csv.DictReader(file)]
    _, of_csv = proof_of(tmp_path / "of-csv", "bucks_2016_09")
    assert found == [{**row, "source": "", "figure_id": ""} for row in of_csv]


def test_a_file_in_no_layout_is_refused_with_the_nearest(tmp_path: Path) -> None:
    paper = tmp_path / "paper.csv"
    paper.write_text("section,id,title,good_to_be,target\nCare,1,Visits,High,95%\n", encoding="utf-8")
    ended = dq_here("proof", paper, "--out", tmp_path / "proof")
    assert ended.code == 2
    assert "paper.csv:1: its headings are those of no layout of a paper." in ended.err
    assert "Nearest is 'Buckinghamshire's performance report', which has 'data_period'" in ended.err
    assert not (tmp_path / "proof").exists()


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    ended = dq_here("proof", tmp_path / "papr.csv", "--out", tmp_path / "proof")
    assert (ended.code, "there is no file" in ended.err) == (2, True)


def test_a_paper_in_which_no_figure_is_found_does_not_pass(tmp_path: Path) -> None:
    paper = tmp_path / "paper.csv"
    headings = (policy_root() / "data" / "scorecard" / "layouts" / "long-form.yaml").read_text(encoding="utf-8")
    listed = next(line for line in headings.splitlines() if line.startswith("headings: "))
    paper.write_text(listed.removeprefix("headings: [").removesuffix("]") + "\n", encoding="utf-8")
    ended = dq_here("proof", paper, "--out", tmp_path / "proof")
    assert (ended.code, ended.err) == (1, "")
    assert "Read    0 figures and 0 claims in 1 table" in ended.out


def test_a_paper_that_a_rule_could_not_be_tested_on_does_not_hold() -> None:
    rule = next(iter(load_library("scorecard").rules.values())).rule
    sound = Proof((RuleResult(rule, Status.PASSED, 1),), (), (), 1, 0, {})
    assert sound.holds
    assert not replace(sound, results=(*sound.results, RuleResult(rule, Status.ERROR, reason="a view failed"))).holds
