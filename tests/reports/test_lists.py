"""The lists people act on: ranked, grouped, new since last month, with the way into the case system, and adding up."""

from __future__ import annotations

import dataclasses
import datetime as dt
import tempfile
from pathlib import Path

import pyarrow as pa
import pytest
from a_paper import EXCEPTIONS, KENT, LATE, NO_ANSWER, NORTH, SCHEMA, exception, rule, run
from openpyxl import load_workbook
from page_reader import page

from dq.model import Answer, CaseSystem, Response, RuleResult, Scope, Settle, Status
from dq.reports import sheets, team_outline
from dq.reports.guide import Guide, quoted
from dq.reports.lists import new_since, team_lists
from dq.reports.pages import write_pages
from dq.reports.workbooks import write_team_workbooks
from tests.held_rows import held

RULES = {found.id: found for found in (NO_ANSWER, LATE)}
MOSAIC = CaseSystem(
    title="Mosaic", note="General words.", words={"form": "step"}, screens={"cin_visits": "the visit step"}
)
GUIDE = Guide(
    MOSAIC, {"person": "https://cases.example/p/{person_id}", "cin_visits": "https://cases.example/v?id={record_key}"}
)


def tasks(exceptions, **changed):
    return next(own.tasks for own in team_lists(run(exceptions, **changed)) if own.team == "T1")


def links_of(path: Path) -> set[str]:
    return {attrs["href"] for tag, attrs, _ in page(path).elements if tag == "a" and "http" in attrs["href"]}


# --- the way into the case system ---------------------------------------------------------------------------


def test_a_value_stays_one_part_of_an_address() -> None:
    assert quoted("C 1/ü&?#%'\"<") == "C%201%2F%C3%BC%26%3F%23%25%27%22%3C"
    assert GUIDE.to_child("../x?y=1") == "https://cases.example/p/..%2Fx%3Fy%3D1"
    assert GUIDE.to_record("cin_visits", "V 1", None) == "https://cases.example/v?id=V%201"


def test_there_is_no_link_where_there_is_no_page_to_lead_to() -> None:
    assert GUIDE.to_child(None) == ""
    assert GUIDE.to_record("cp_visits", "V1", "C1") == ""
    assert GUIDE.to_record("cin_visits", "row 12", "C1") == ""
    assert Guide(links={"cin_visits": "https://x.example/{person_id}"}).to_record("cin_visits", "V1", None) == ""


def test_the_page_links_child_and_record_and_names_the_screen(tmp_path: Path) -> None:
    write_pages(run(), RULES, tmp_path, GUIDE)
    path = tmp_path / "teams" / "T1.html"
    assert links_of(path) == {
        f"https://cases.example/{way}" for way in ("p/C1", "p/C2", "p/C3", "v?id=V1", "v?id=V2", "v?id=V3")
    }
    assert page(path).all("p", class_="d") == [
        f"Mend number {n}.In Mosaic: the visit step" for n in (101, 102, 103, 104)
    ]
    assert "What Mosaic calls things" in page(path).text


def test_without_links_and_case_system_there_are_none(tmp_path: Path) -> None:
    write_pages(run(), RULES, tmp_path)
    assert links_of(tmp_path / "teams" / "T1.html") == set()
    assert "In Mosaic" not in page(tmp_path / "teams" / "T1.html").text


def test_the_workbook_links_and_names_the_screen_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_team_workbooks(run(), RULES, tmp_path, GUIDE)
    sheet = load_workbook(tmp_path / "teams" / "T1.xlsx")["To do"]
    assert (sheet["A5"].value, sheet["A5"].hyperlink.target) == ("C1", "https://cases.example/p/C1")
    assert sheet["F5"].value == "Mend number 101.\nIn Mosaic: the visit step"
    monkeypatch.setattr(sheets, "MOST_LINKS", 3)
    write_team_workbooks(run(), RULES, tmp_path / "few", GUIDE)
    few = load_workbook(tmp_path / "few" / "teams" / "T1.xlsx")["To do"]
    assert sum(cell.hyperlink is not None for row in few.iter_rows() for cell in row) == 3
    assert [few[f"A{row}"].value for row in range(5, 9)] == ["C1", "C1", "C2", "C3"]


# --- rank and news --------------------------------------------------------------------------------------------


def test_what_settles_a_colour_comes_first_then_what_moves_a_figure_furthest_then_the_oldest() -> None:
    rows = [
        exception(1, NO_ANSWER, "T1", "V1", person="C1", days=900, moves=""),
        exception(2, NO_ANSWER, "T1", "V2", person="C2", days=500, moves="moves"),
        exception(3, NO_ANSWER, "T1", "V3", person="C3", days=1, moves="seen"),
        exception(4, NO_ANSWER, "T1", "V4", person="C4", days=2, moves="seen"),
        exception(5, NO_ANSWER, "T1", "V5", person="C3", days=999, moves=""),
        exception(6, LATE, "T1", "V6", person="C3", days=999, moves="seen"),
        exception(7, NO_ANSWER, "T1", "V7", person="C7", days=3, moves="seen"),
    ]
    seen = next(figure for figure in run(rows).figures if figure.scope.id == "T1" and figure.indicator.id == "seen")
    settled = dataclasses.replace(seen, settle=Settle("G", ("E4",), "up"))
    effects = pa.Table.from_pylist([effect("E3", 79.0, 82.0), effect("E4", 80.0, 81.5), effect("E7", 76.0, 81.0)])
    figures = tuple(settled if figure == seen else figure for figure in run(rows).figures)
    listed = tasks(rows, figures=figures, effects=effects)
    assert [task.exception_id for task in listed] == ["E4", "E7", "E3", "E5", "E2", "E1", "E6"]
    assert [figure.indicator.id for figure in listed[0].worth.settles] == ["seen"]
    (moved,) = listed[1].worth.told.values()
    assert moved == f"76.0% or 81.0% (now {seen.value:.1f}%)"
    (also_settled,) = listed[0].worth.told.values()
    assert also_settled == f"80.0% or 81.5% (now {seen.value:.1f}%); settles its colour"
    named = [line.title for line in listed[0].moves]
    assert [*listed[0].worth.told, *(line.title for line in listed[0].others)] == named, "each figure is named once"


def effect(exception_id: str, least: float, most: float) -> dict[str, object]:
    return {
        "exception_id": exception_id, "measure": "seen", "scope_type": "team", "scope_id": "T1", "least": least,
        "most": most, "could_be": [least, most],
    }  # fmt: skip


def test_new_ones_are_counted_where_some_were_there_before(tmp_path: Path) -> None:
    rows = [row | {"state": "new" if row["record_key"] in {"V2", "V4"} else "open"} for row in EXCEPTIONS]
    result = dataclasses.replace(run(rows), compared_with=dt.date(2016, 7, 31))
    assert new_since(result) == "Jul 2016"
    write_pages(result, RULES, tmp_path)
    team = page(tmp_path / "teams" / "T1.html")
    assert team.all("p", class_="say") == ["2 records to fix, 1 new since Jul 2016, oldest 63 days"]
    assert ["New" in text.split("Fault")[0] for text in team.all("li") if "Fault" in text] == [
        False,
        False,
        True,
        False,
    ]
    assert "7 exceptions, 2 new since Jul 2016" in page(tmp_path / "index.html").text
    write_team_workbooks(result, RULES, tmp_path)
    sheet = load_workbook(tmp_path / "teams" / "T1.xlsx")["To do"]
    assert "New since Jul 2016: 1." in sheet["A2"].value
    assert [sheet[f"I{row}"].value for row in range(4, 9)] == ["New?", "Open", "Open", "New", "Open"]


@pytest.mark.parametrize("state", ["open", "new"])
def test_with_nothing_to_compare_with_none_is_called_new(state: str, tmp_path: Path) -> None:
    result = run([row | {"state": state} for row in EXCEPTIONS])
    assert new_since(result) == ""
    write_pages(result, RULES, tmp_path)
    assert "new" not in page(tmp_path / "teams" / "T1.html").text.casefold().split("the list")[0]


def test_what_is_waived_is_listed_as_such_and_is_not_to_do(tmp_path: Path) -> None:
    waived = [row | {"state": "waived" if row["record_key"] == "V2" else "open"} for row in EXCEPTIONS]
    result = run(waived)
    write_pages(result, RULES, tmp_path)
    team = page(tmp_path / "teams" / "T1.html")
    assert team.all("p", class_="say") == ["1 record to fix, oldest 63 days"]
    assert ["Waived" in text.split("Fault")[0] for text in team.all("li") if "Fault" in text].count(True) == 1
    assert "1 waived, and listed as such." in team.text
    write_team_workbooks(result, RULES, tmp_path)
    sheet = load_workbook(tmp_path / "teams" / "T1.xlsx")["To do"]
    assert [sheet[f"I{row}"].value for row in range(5, 9)] == ["Open", "Open", "Open", "Waived"], "last"


def test_what_was_answered_before_and_holds_stands_in_the_workbook(tmp_path: Path) -> None:
    first, second, third = (row["exception_id"] for row in EXCEPTIONS[:3])
    said = {
        first: Response(Answer.KNOWN, "The carer is asked", dt.date(2030, 1, 31)),
        second: Response(Answer.NOT_OURS, belongs_to="T1"),
    }
    write_team_workbooks(dataclasses.replace(run(EXCEPTIONS), responses=said), RULES, tmp_path)
    sheet = load_workbook(tmp_path / "teams" / "T1.xlsx")["To do"]
    place = {cell.value: cell.column for cell in sheet[4]}
    held = {
        sheet.cell(row, place["Exception ID"]).value: [
            sheet.cell(row, place[part]).value for part in ("Response", "Comment", "Until")
        ]
        for row in range(5, 9)
    }
    assert held[first] == ["Known, until a date", "The carer is asked", dt.datetime(2030, 1, 31)]  # noqa: DTZ001
    assert held[second] == held[third] == [None, None, None], "to whom it was passed on need not answer the same"


# --- the sheets that fold -------------------------------------------------------------------------------------


def test_a_sheet_by_rule_and_one_by_worker_fold_under_their_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(team_outline, "UNFOLDED", 3)
    write_team_workbooks(run(), RULES, tmp_path)
    book = load_workbook(tmp_path / "teams" / "T1.xlsx")
    assert book.sheetnames == ["To do", "Summary", "By rule", "By worker", "What the rules mean", "How to answer"]
    by_rule = book["By rule"]
    told = [
        (row[0].value, row[1].value, by_rule.row_dimensions[row[0].row].outlineLevel)
        for row in by_rule.iter_rows(min_row=3)
    ]
    assert told == [
        ("Title of no-answer", "2 children", 0), ("Title of no-answer", "C1", 1), ("Title of no-answer", "C2", 1),
        ("broken", "1 child", 0), ("broken", "C1", 1), ("Title of late", "1 child", 0), ("Title of late", "C3", 1),
    ]  # fmt: skip
    assert [by_rule.row_dimensions[row].hidden for row in (3, 4, 5)] == [False, True, True]
    assert not by_rule.sheet_properties.outlinePr.summaryBelow
    assert by_rule.protection.sheet is False
    assert [row[0].value for row in book["By worker"].iter_rows(min_row=3)] == [
        f"W{n}" for n in (101, 102, 103, 104) for _ in "ab"
    ]


def test_a_long_workbook_is_written_beside_itself_and_holds_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_team_workbooks(run(), RULES, tmp_path / "short", GUIDE)
    monkeypatch.setattr(sheets, "MANY_ROWS", 1)
    monkeypatch.setattr(team_outline, "MOST_OUTLINED", 3)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    write_team_workbooks(run(), RULES, tmp_path / "long", GUIDE)
    folder = tmp_path / "long" / "teams"
    assert {path.suffix for path in folder.iterdir()} == {".xlsx"}
    for path in folder.iterdir():
        long, short = load_workbook(path), load_workbook(tmp_path / "short" / "teams" / path.name)
        for sheet in long:
            values = [[cell.value for cell in row] for row in sheet.iter_rows()]
            assert values == [[cell.value for cell in row] for row in short[sheet.title].iter_rows()]
            assert sheet.freeze_panes == short[sheet.title].freeze_panes


# --- the index ------------------------------------------------------------------------------------------------


def table_of(path: Path, caption: str) -> list[str]:
    read = page(path)
    return next(text for text in read.all("table") if caption in text).split()


def test_teams_add_up_to_the_authority_with_what_is_nobodys_in_a_row_of_its_own(tmp_path: Path) -> None:
    write_pages(run(), RULES, tmp_path)
    rows = [text for text in page(tmp_path / "index.html").all("tr") if text.endswith(("workbook", "exceptions.csv"))]
    assert [row.removesuffix(" page · workbook").removesuffix(" exceptions.csv") for row in rows] == [
        "Ashford 3 1 0 4", "Dover 1 0 0 1", "T9 1 0 0 1", "No teamnobody's until it is allocated 0 1 0 1",
        "Kent, all of these 5 2 0 7",
    ]  # fmt: skip


def test_the_index_counts_by_dimension_and_topic_with_bars(tmp_path: Path) -> None:
    write_pages(run(), RULES, tmp_path)
    path = tmp_path / "index.html"
    assert "Timeliness 0 2 0 2" in " ".join(table_of(path, "By dimension"))
    assert "Uniqueness 0 0 0 0 –" in " ".join(table_of(path, "By dimension"))
    assert "Visits 5 2 0 7" in " ".join(table_of(path, "By topic"))
    bars = [attrs for tag, attrs, _ in page(path).elements if tag == "svg" and attrs["class"] == "bar"]
    assert len(bars) == 4 + 2 + 1


def test_the_index_stays_small_with_many_rules_and_teams(tmp_path: Path) -> None:
    teams = [Scope("team", f"T{n:03}", f"Family safeguarding team {n}", area="NK") for n in range(40)]
    flagged = [rule(f"a-rule-with-a-name-of-some-length-{n:03}") for n in range(400)]
    quiet = [rule(f"contract.extract.column.{n}") for n in range(2000)]
    skipped = [rule(f"skipped-{n}") for n in range(300)]
    rows = [
        exception(m * 400 + n, of, None if m == 40 else teams[m].id, f"V{n}")
        for n, of in enumerate(flagged)
        for m in range(41)
        if (n + m) % 3
    ]
    results = (
        *(RuleResult(of, Status.FLAGGED, 100, 27) for of in flagged),
        *(RuleResult(of, Status.PASSED, 100) for of in quiet),
        *(RuleResult(of, Status.SKIPPED, reason="the extract cin_visits is absent") for of in skipped),
    )
    made = run([], scopes=(KENT, NORTH, *teams), figures=(), scorecard=None)
    result = dataclasses.replace(made, findings=held(results, pa.Table.from_pylist(rows, SCHEMA)))
    write_pages(result, {}, tmp_path)
    path = tmp_path / "index.html"
    text = page(path).text
    assert path.stat().st_size < 900_000
    assert "contract.extract.column" not in text
    assert "2,000 rules passed" in text
    assert "300 rules did not run." in text
    assert text.count("the extract cin_visits is absent") == 2
