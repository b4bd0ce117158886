"""Answers come back row by row, are held against what was sent, and are taken together or not at all."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest
from command_line import dq_here
from months import Authority, placement

from dq.ledger.store import open_ledger
from dq.ledger.verify import verify
from dq.model import Answer

pytestmark = pytest.mark.usefixtures("small_policy")

POSTCODE = "placement-postcode-missing"
HEADINGS = ("Child ID", "Response", "Comment", "Until", "Record", "Rule", "Exception ID", "Sent with")
FUTURE = "31/12/2099"
Row = dict[str, str]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory, small_policy: Path) -> tuple[Authority, list[Row], str]:
    """Kent with P1 to P3 on its list of August, the list, and the run of July."""
    kent = Authority(tmp_path_factory.mktemp("kent"), (POSTCODE,))
    (kent.folder / "dq.yaml").write_text("authority: Kent\nscorecard: kent-scs\n", encoding="utf-8")
    july = kent.run("2016-07", *[placement(f"P{i}", postcode="") for i in (1, 2, 3, 4)]).run_id
    august = kent.run("2016-08", *[placement(f"P{i}", postcode="") for i in (1, 2, 3)], placement("P4")).run_id
    return kent, [the_row(kent, "2016-08", f"P{i}", august) for i in (1, 2, 3)], july


def the_row(kent: Authority, period: str, key: str, run_id: str) -> Row:
    found = kent.listed[period, POSTCODE][key]
    return {
        "Child ID": found["person_id"] or "", "Record": f"cla placements {key}", "Rule": POSTCODE,
        "Exception ID": found["exception_id"], "Sent with": run_id,
    }  # fmt: skip


def returned(folder: Path, *rows: Row, headings: tuple[str, ...] = HEADINGS) -> Path:
    path = folder / "answers.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, headings, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


RIGHT = {"Response": "Right as recorded", "Comment": "The address is protected"}
DAMAGED: dict[str, tuple[Row, str]] = {
    "an ID that was never sent": ({**RIGHT, "Exception ID": "0123456789abcdef"}, "no exception of this ID was sent"),
    "an ID with a letter changed": ({**RIGHT, "Exception ID": "#"}, "no exception of this ID"),
    "no ID": ({**RIGHT, "Exception ID": ""}, "no Exception ID"),
    "another record": ({**RIGHT, "Record": "cla placements P2"}, "the Record is not the one"),
    "another extract": ({**RIGHT, "Record": "cin visits P1"}, "the Record is not the one"),
    "another rule": ({**RIGHT, "Rule": "placement-gap"}, "the Rule is not the one"),
    "an answer that is none": ({**RIGHT, "Response": "Done"}, "not one of the list"),
    "an answer misspelt": ({**RIGHT, "Response": "Right as recorde"}, "Did you mean 'Right as recorded'?"),
    "two answers in one": ({**RIGHT, "Response": "Corrected / Not ours"}, "not one of the list"),
    "a comment alone": ({"Comment": "Rang the carer"}, "no Response"),
    "a day alone": ({"Until": FUTURE}, "no Response"),
    "right, and not why": ({"Response": "Right as recorded"}, "wants a Comment"),
    "known, and no plan": ({"Response": Answer.KNOWN, "Until": FUTURE}, "wants a Comment"),
    "known, and no day": ({"Response": Answer.KNOWN, "Comment": "Visit"}, "wants a day in Until"),
    "a day that is none": ({"Response": Answer.KNOWN, "Comment": "Visit", "Until": "soon"}, "wants a day in Until"),
    "a day in American": ({"Response": Answer.KNOWN, "Comment": "Visit", "Until": "12/31/2099"}, "wants a day"),
    "a day that has passed": ({"Response": Answer.KNOWN, "Comment": "Visit", "Until": "01/01/2016"}, "has passed"),
    "a day with another answer": ({"Response": "Corrected", "Until": FUTURE}, "goes with"),
    "not ours, and not whose": ({"Response": "Not ours"}, "wants a Comment"),
    "not ours but of no team": ({"Response": "Not ours", "Comment": "Nort"}, "Did you mean 'North'?"),
    "a case note for a reason": ({**RIGHT, "Comment": "x" * 501}, "longer than 500"),
    "a run there was not": ({**RIGHT, "Sent with": "2016-08"}, "no list was sent with such a run"),
    "an old edition": ({**RIGHT, "Sent with": "July"}, "this is the list of July 2016"),
}


@pytest.mark.parametrize(("change", "says"), DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_return_is_refused_by_its_row_and_nothing_of_it_is_taken(
    sent: tuple[Authority, list[Row], str], tmp_path: Path, change: Row, says: str
) -> None:
    kent, (first, second, _), july = sent
    change = {**change, "Sent with": july} if change.get("Sent with") == "July" else change
    change = (
        {**change, "Exception ID": f"{first['Exception ID'][:-1]}#"} if change.get("Exception ID") == "#" else change
    )
    ended = dq_here("respond", returned(tmp_path, {**second, **RIGHT}, {**first, **change}), "--project", kent.folder)
    assert ended.code == 2
    assert f"answers.csv:3: {says}" in ended.err or ("answers.csv:3: " in ended.err and says in ended.err)
    assert answered(kent) == []


def answered(kent: Authority) -> list[str]:
    with open_ledger("sqlite:///ledger.sqlite", kent.folder, None) as ledger, ledger.reading() as connection:
        found = connection.exec_driver_sql("SELECT answer FROM response ORDER BY entry, exception_id").scalars().all()
    return [str(answer) for answer in found]


def test_two_answers_to_one_exception_are_refused(sent: tuple[Authority, list[Row], str], tmp_path: Path) -> None:
    kent, (first, *_), _ = sent
    file = returned(tmp_path, {**first, **RIGHT}, {**first, "Response": "Corrected"})
    ended = dq_here("respond", file, "--project", kent.folder)
    assert (ended.code, "another answer too. See answers.csv:2." in ended.err) == (2, True)


def test_a_list_without_its_columns_is_refused(sent: tuple[Authority, list[Row], str], tmp_path: Path) -> None:
    kent, (first, *_), _ = sent
    file = returned(tmp_path, {**first, **RIGHT}, headings=HEADINGS[:-2])
    ended = dq_here("respond", file, "--project", kent.folder)
    assert ended.code == 2
    assert answered(kent) == []


def test_a_file_that_is_no_list_is_refused_in_words(sent: tuple[Authority, list[Row], str], tmp_path: Path) -> None:
    whole = io.BytesIO()
    openpyxl.Workbook().save(whole)
    files = {
        "cut.xlsx": (whole.getvalue()[:3000], "damaged or not whole"),
        "text.xlsx": (b"hello", "no Excel workbook"),
        "empty.csv": (b"", "this file is empty"),
        "scan.pdf": (b"%PDF", "no table of answers"),
    }
    for name, (content, says) in files.items():
        (tmp_path / name).write_bytes(content)
        ended = dq_here("respond", tmp_path / name, "--project", sent[0].folder)
        assert (ended.code, name in ended.err, says in ended.err) == (2, True, True), ended.err
    ended = dq_here("respond", tmp_path / "gone.xlsx", "--project", sent[0].folder)
    assert (ended.code, "gone.xlsx: there is no such file." in ended.err) == (2, True), ended.err


@pytest.fixture
def kent(tmp_path: Path) -> Authority:
    (tmp_path / "dq.yaml").write_text("authority: Kent\nscorecard: kent-scs\n", encoding="utf-8")
    return Authority(tmp_path, (POSTCODE,))


def test_answers_hold_for_the_next_list_and_what_is_not_ours_goes_to_whose_it_is(kent: Authority) -> None:
    faulty = [placement(f"P{i}", postcode="") for i in (1, 2, 3, 4, 5)]
    run_id = kent.run("2016-07", *faulty).run_id
    rows = [the_row(kent, "2016-07", f"P{i}", run_id) for i in (1, 2, 3, 4, 5)]
    said: list[Row] = [
        RIGHT,
        {"Response": "not ours", "Comment": "south"},
        {"Response": "Known, until a date", "Comment": "Carer is asked", "Until": FUTURE},
        {"Response": "Corrected"},
        {},
    ]
    file = returned(kent.folder, *({**row, **answer} for row, answer in zip(rows, said, strict=True)))
    first = dq_here("respond", file, "--project", kent.folder)
    assert first.code == 0, first.err
    assert "1  without an answer" in first.out
    assert answered(kent) != []
    again = dq_here("respond", file, "--project", kent.folder)
    assert "4  as answered before" in again.out

    kent.run("2016-08", *faulty)
    by_key = {key: row["exception_id"] for key, row in kent.listed["2016-08", POSTCODE].items()}
    held = {key: kent.answered[by_key[key]].answer for key in by_key if by_key[key] in kent.answered}
    assert held == {"P1": Answer.RIGHT, "P2": Answer.NOT_OURS, "P3": Answer.KNOWN}, "what was corrected is asked again"
    assert kent.answered[by_key["P3"]].until == dt.date(2099, 12, 31)
    assert {key: row["team_id"] for key, row in kent.listed["2016-08", POSTCODE].items()} == {
        "P1": None, "P2": "T2", "P3": None, "P4": None, "P5": None,
    }  # fmt: skip
    with open_ledger("sqlite:///ledger.sqlite", kent.folder, None) as ledger:
        assert verify(ledger).faults == ()
