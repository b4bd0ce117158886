"""The workbooks, read back as a spreadsheet program would read them."""

import datetime as dt
import html
import re
import tempfile
import warnings
import zipfile
from pathlib import Path

import pytest
from a_small_run import DOVER, EXCEPTIONS, QUIET, RULES, SWALE, a_run
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from dq.model import Severity
from dq.reports.sheets import LONGEST_TEXT, fitting
from dq.reports.tasks import Task, in_a_sentence
from dq.reports.workbooks import write_scorecard_workbook, write_team_workbooks

TEAM_FILES = {"TEAM-DOVER", "TEAM-SWALE", "TEAM-QUIET", "TEAM-CLOSED", "unallocated"}
ANSWER_COLUMNS = ["Response", "Comment", "Until"]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    write_scorecard_workbook(a_run(), folder)
    write_team_workbooks(a_run(), RULES, folder)
    return folder


@pytest.fixture(scope="module")
def scorecard(out: Path) -> Workbook:
    return opened(out / "scorecard.xlsx")


@pytest.fixture(scope="module")
def dover(out: Path) -> Workbook:
    return opened(out / "teams" / "TEAM-DOVER.xlsx")


def opened(path: Path) -> Workbook:
    with warnings.catch_warnings():
        # openpyxl drops sparklines as it reads; they are looked for in the XML instead.
        warnings.filterwarnings("ignore", "Sparkline Group extension is not supported", UserWarning)
        return load_workbook(path)


def table(sheet: Worksheet, heading: str) -> list[dict[str, Cell]]:
    """Return the rows below the row that holds a heading, as heading → cell."""
    top = next(cell.row for row in sheet.iter_rows() for cell in row if cell.value == heading)
    titles = [cell.value for cell in sheet[top]]
    return [dict(zip(titles, row, strict=True)) for row in sheet.iter_rows(min_row=top + 1)]


def read_xml(path: Path) -> str:
    with zipfile.ZipFile(path) as parts:
        return "\n".join(html.unescape(parts.read(name).decode("utf-8")) for name in parts.namelist())


# --- the team workbook -------------------------------------------------------------------------------------


def test_errors_come_first_and_the_child_that_waited_longest_before_others(dover: Workbook) -> None:
    rows = table(dover["To do"], "Child ID")
    assert [(row["Exception ID"].value, row["Severity"].value, row["Days open"].value) for row in rows] == [
        ("e4", "Error", 63),
        ("e1", "Error", 10),
        ("e3", "Error", 5),
        ("e2", "Query", 90),
    ]


def test_a_task_says_what_was_found_and_what_to_do(dover: Workbook) -> None:
    first = {title: cell.value for title, cell in table(dover["To do"], "Child ID")[0].items()}
    assert first == {
        "Child ID": "CHILD-B", "Worker": "W1", "Kind of fault": "About seen-missing",
        "What is wrong": "Visit of e4 has no answer",
        "What was found": "seen: nothing recorded; visit date: 4 May 2017",
        "What to do on the case system": "Open the visit and answer.", "Severity": "Error", "Days open": 63,
        "Figures it moves": "7. Number of unallocated cases; also 6", "Response": None, "Comment": None, "Until": None,
        "Record": "cp visits V-e4", "Rule": "seen-missing", "Exception ID": "e4",
        "Sent with": "run-1",
    }  # fmt: skip


def test_only_answers_can_be_typed(dover: Workbook) -> None:
    sheet = dover["To do"]
    for row in table(sheet, "Child ID"):
        assert [title for title, cell in row.items() if not cell.protection.locked] == ANSWER_COLUMNS
    protection = sheet.protection
    assert protection.sheet
    assert protection.password is None
    # openpyxl says True where the sheet forbids.
    assert not protection.autoFilter
    assert not protection.formatColumns
    assert protection.deleteRows
    assert protection.insertRows


def test_the_drop_down_offers_the_four_responses(dover: Workbook) -> None:
    sheet = dover["To do"]
    listed = next(rule for rule in sheet.data_validations.dataValidation if rule.type == "list")
    name, span = re.fullmatch(r"'(.+)'!(.+)", listed.formula1).groups()
    assert [row[0].value for row in dover[name][span.replace("$", "")]] == [
        "Corrected", "Right as recorded", "Not ours", "Known, until a date",
    ]  # fmt: skip
    answers = [row["Response"].coordinate for row in table(sheet, "Child ID")]
    assert str(listed.sqref) == f"{answers[0]}:{answers[-1]}"
    until = next(rule for rule in sheet.data_validations.dataValidation if rule.type == "date")
    assert until.operator == "greaterThanOrEqual"
    assert dt.date(1899, 12, 30) + dt.timedelta(days=int(until.formula1)) == dt.date(2016, 11, 10)


def test_it_opens_at_the_first_row_to_do_with_headings_frozen_and_filters_on(dover: Workbook) -> None:
    sheet = dover["To do"]
    first = table(sheet, "Child ID")[0]["Child ID"]
    assert dover.active.title == "To do"
    assert sheet.freeze_panes == f"B{first.row}"
    assert sheet.sheet_view.selection[-1].activeCell == first.coordinate
    assert sheet.auto_filter.ref == f"A{first.row - 1}:P{first.row + 3}"


def test_it_prints_on_a4_landscape_with_the_team_and_the_month(out: Path, dover: Workbook) -> None:
    for sheet in dover:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToWidth) == (True, None)
        assert sheet.oddHeader.left.text == "Dover CSWT"
        assert sheet.oddHeader.right.text == "Aug 2016"
        assert sheet.oddFooter.right.text == "Page &P of &N"
    assert dover["To do"].print_title_rows == "$4:$4"
    assert '&L&"Arial,Bold"=Swale && Sheppey (18+)&C' in read_xml(out / "teams" / "TEAM-SWALE.xlsx")


def test_the_summary_counts_by_rule_and_by_worker(dover: Workbook) -> None:
    sheet = dover["Summary"]
    by_rule = table(sheet, "By rule")[:2]
    rules = [(row["By rule"].value, row["Error"].value, row["Query or note"].value) for row in by_rule]
    assert rules == [("About seen-missing", 3, 0), ("About visit-late", 0, 1)]
    worker = table(sheet, "By worker")[0]
    assert (worker["By worker"].value, worker["Error"].value, worker["Oldest, days"].value) == ("W1", 3, 90)
    figures = table(sheet, "Indicator")
    assert (figures[0]["Result"].value, figures[0]["Note"].value) == ("–", "No extract of open cases was given")
    assert (figures[1]["Result"].value, figures[1]["RAG"].value) == (pytest.approx(0.81), "G")
    assert figures[1]["Colour settled?"].value == "No: A or G"
    assert len(sheet._charts) == 2


def test_the_meaning_of_the_rules_found_and_of_no_other(dover: Workbook) -> None:
    rows = table(dover["What the rules mean"], "What it finds")
    assert [row["Rule"].value for row in rows] == ["seen-missing", "visit-late"]
    assert rows[0]["Figures it moves"].value == "7. Number of unallocated cases\n6. % of CIN seen in 28 days"


def test_a_team_with_nothing_to_do_is_told_so(out: Path) -> None:
    sheet = opened(out / "teams" / "TEAM-QUIET.xlsx")["To do"]
    said = [cell.value for row in sheet.iter_rows() for cell in row if cell.value]
    assert len(said) == 2
    assert "No record of this team needs putting right" in said[1]


def test_every_exception_is_in_one_workbook(out: Path) -> None:
    found = {}
    for path in (out / "teams").iterdir():
        sheet = opened(path)["To do"]
        if path.stem != "TEAM-QUIET":
            found[path.stem] = sorted(row["Exception ID"].value for row in table(sheet, "Child ID"))
    assert {path.stem for path in (out / "teams").iterdir()} == TEAM_FILES
    assert found == {
        "TEAM-DOVER": ["e1", "e2", "e3", "e4"], "TEAM-SWALE": ["e5"], "TEAM-CLOSED": ["e7"], "unallocated": ["e6"],
    }  # fmt: skip


def test_nothing_about_another_team_is_anywhere_in_a_file(out: Path) -> None:
    names = {scope.id: scope.name.removeprefix("=") for scope in (DOVER, SWALE, QUIET)}
    for team in TEAM_FILES:
        told = read_xml(out / "teams" / f"{team}.xlsx").replace("&&", "&")
        for other, name in names.items():
            assert (name in told) == (other == team)
            assert other not in told or other == team
        for exception in EXCEPTIONS:
            if (exception["team_id"] or "unallocated") != team:
                assert f"V-{exception['exception_id']}" not in told
        assert ("CHILD-Z" in told) == (team == "TEAM-CLOSED")


def test_no_sheet_is_hidden_and_no_person_is_named_in_the_properties(out: Path) -> None:
    for path in [out / "scorecard.xlsx", *(out / "teams").iterdir()]:
        book = opened(path)
        assert [sheet.sheet_state for sheet in book] == ["visible"] * len(book.sheetnames)
        assert not book.properties.creator
        assert not book.properties.lastModifiedBy
        assert "<Company>Kent County Council</Company>" in read_xml(path)


# --- formulas -----------------------------------------------------------------------------------------------


def test_no_cell_of_any_workbook_can_run(out: Path) -> None:
    seen = 0
    for path in [out / "scorecard.xlsx", *(out / "teams").iterdir()]:
        for sheet in opened(path):
            for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)):
                assert cell.data_type == "s"
                assert not cell.value.lstrip(' "').startswith(("=", "+", "-", "@", "\t", "\r"))
                seen += cell.value.startswith("'")
    assert seen > 10


def test_risky_text_is_kept_behind_an_apostrophe(out: Path) -> None:
    row = table(opened(out / "teams" / "TEAM-SWALE.xlsx")["To do"], "Child ID")[0]
    risky = {title: row[title].value for title in ("Child ID", "Worker", "What is wrong", "Figures it moves")}
    assert risky == {
        "Child ID": '\'=HYPERLINK("x")', "Worker": "'+1", "What is wrong": "'-1+1", "Figures it moves": "'=gone",
    }  # fmt: skip
    assert row["What to do on the case system"].value == "'\t=1"
    assert row["Days open"].value == "–"


def test_text_too_long_for_a_cell_says_that_it_was_cut() -> None:
    assert fitting("a" * LONGEST_TEXT) == "a" * LONGEST_TEXT
    assert fitting("a" * 40_000).endswith("a … (cut: too long for a cell)")
    assert len(fitting("=" * 40_000)) < 32_767


# --- the scorecard --------------------------------------------------------------------------------------------


def test_the_paper_keeps_its_order_and_its_numbers_are_numbers(scorecard: Workbook) -> None:
    rows = table(scorecard["Scorecard"], "Indicator")
    assert [row["No."].value for row in rows] == ["CASES", "7", "CHILDREN IN NEED", "6"]
    absent, seen = rows[1], rows[3]
    assert (absent["Result"].value, absent["Note"].value) == ("–", "No extract of open cases was given")
    assert (seen["Result"].value, seen["Result"].number_format) == (pytest.approx(0.81), "0.0%")
    assert (seen["Num"].value, seen["Denom"].value, seen["Target"].value) == (81, 100, pytest.approx(0.8))
    assert (seen["Could be as low as"].value, seen["Could be as high as"].value) == (
        pytest.approx(0.785),
        pytest.approx(0.815),
    )
    assert (seen["RAG"].value, seen["Colour settled?"].value) == ("G", "No: A or G")
    assert (seen["Since last month"].value, seen["Since a year ago"].value) == ("↓ worse", "↑ better")
    assert seen["Open exceptions"].value == 4


def test_the_decision_and_its_reasons_stand_above_the_paper(scorecard: Workbook) -> None:
    said = [row[0].value for row in scorecard["Scorecard"].iter_rows(max_row=4)]
    assert said == [
        "Kent County Council: Performance scorecard",
        "Aug 2016. 10 Nov 2016. 1 green, 0 amber, 0 red, 1 without a colour. 1 colour could change once open "
        "exceptions are resolved.",
        "Go with caveats: publish with the wording below",
        "1. One rule could not be run.",
    ]


def test_colours_follow_the_letter_in_the_cell(scorecard: Workbook) -> None:
    sheet = scorecard["Scorecard"]
    rag = table(sheet, "Indicator")[3]["RAG"]
    rules = [found for span in sheet.conditional_formatting if rag.coordinate in span for found in span.rules]
    letters = {rule.formula[0] for rule in rules}
    assert letters == {'"G"', '"A"', '"R"'}


def test_areas_and_teams_show_a_number_with_its_letter(scorecard: Workbook) -> None:
    rows = table(scorecard["By team"], "Team")
    assert [row["Team"].value for row in rows] == ["Kent", "Dover CSWT", "'=Swale & Sheppey (18+)", "Quiet Service"]
    seen = rows[1]["6. % of CIN seen in 28 days"]
    assert (seen.value, seen.number_format) == (pytest.approx(0.81), '0.0%"  G"')
    assert rows[1]["7. Number of unallocated cases"].value == "–"
    assert [row["Area"].value for row in table(scorecard["By area"], "Area")] == ["Kent", "North Kent"]
    assert len(table(scorecard["All figures"], "Indicator")) == 10


def test_the_trend_has_real_months_and_draws_a_line(out: Path, scorecard: Workbook) -> None:
    sheet = scorecard["Trend"]
    months = [cell.value for cell in sheet[1][2:5]]
    assert months == [dt.datetime(2016, 6, 30), dt.datetime(2016, 7, 31), dt.datetime(2016, 8, 31)]  # noqa: DTZ001
    assert [cell.value for cell in sheet[3][2:5]] == [pytest.approx(0.79), pytest.approx(0.825), pytest.approx(0.81)]
    # The paper's second figure: row 3 of the trend, and the fourth row under the headings of the paper.
    row = table(scorecard["Scorecard"], "Indicator")[3]["Trend"].coordinate
    assert f"<xm:f>Trend!C3:E3</xm:f><xm:sqref>{row}</xm:sqref>" in read_xml(out / "scorecard.xlsx")


def test_the_gate_and_the_definitions(scorecard: Workbook) -> None:
    checks = [(row["Outcome"].value, row["Check"].value) for row in table(scorecard["Gate"], "Outcome")]
    assert checks == [("Not passed", "Every rule ran"), ("Passed", "Every extract is here")]
    about = table(scorecard["About"], "Definition")
    assert (about[1]["Green"].value, about[1]["Where the bands come from"].value) == (
        "80% or more",
        "Inferred: From the printed colours",
    )
    facts = {row["Indicator"].value: row["Definition"].value for row in about[3:]}
    assert facts["Period end"] == dt.datetime(2016, 8, 31)  # noqa: DTZ001
    assert "0.81" in facts["Percentages"]


def test_a_check_publishes_no_scorecard(tmp_path: Path) -> None:
    write_scorecard_workbook(a_run(published=False), tmp_path)
    assert list(tmp_path.iterdir()) == []
    write_team_workbooks(a_run(published=False), RULES, tmp_path)
    assert {path.stem for path in (tmp_path / "teams").iterdir()} == TEAM_FILES


def test_the_same_run_makes_the_same_bytes(out: Path, tmp_path: Path) -> None:
    write_scorecard_workbook(a_run(), tmp_path)
    write_team_workbooks(a_run(), RULES, tmp_path)
    for path in [out / "scorecard.xlsx", *(out / "teams").iterdir()]:
        assert (tmp_path / path.relative_to(out)).read_bytes() == path.read_bytes()


def task(severity: Severity, record: str, days: int | None, child: str | None = "C1") -> Task:
    return Task("e", "r", severity, "cp_visits", record, child, None, "", "", "", days)


def test_records_are_counted_and_not_faults() -> None:
    error, query, note = Severity.ERROR, Severity.QUERY, Severity.INFORMATION
    assert in_a_sentence([task(error, "V1", 3), task(error, "V1", 1)]) == (
        "1 record to fix for 1 child. The oldest to fix has stood for 3 days."
    )
    assert in_a_sentence([task(query, "V1", 9), task(query, "V2", None, "C2")]) == (
        "Nothing to fix and 2 records to check for 2 children."
    )
    assert in_a_sentence([task(error, "V1", None, None), task(query, "V2", 1, None), task(note, "V3", 1, None)]) == (
        "1 record to fix, 1 record to check and 1 note for information."
    )


def test_no_record_is_left_in_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    write_team_workbooks(a_run(), RULES, tmp_path / "out")
    assert {path.stem for path in (tmp_path / "out" / "teams").iterdir()} == TEAM_FILES
