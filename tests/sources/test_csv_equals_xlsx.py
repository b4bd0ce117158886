"""The same records as CSV and as a workbook give the same exceptions, byte for byte.

A workbook keeps days as days and numbers as numbers, a CSV as text; people save either from the same screen.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from command_line import dq_here
from extract_files import Rows, write_files, xlsx_bytes

pytestmark = pytest.mark.usefixtures("policy_loaded_once")

Records = Mapping[str, Rows]


def moment(*parts: int) -> dt.datetime:
    """Return a moment as a spreadsheet holds it: by the clock on the wall, of no time zone."""
    return dt.datetime(*parts)  # type: ignore[arg-type, misc]  # noqa: DTZ001


TEAM = ["T1", "North", None]
RECORDS: Records = {
    "teams": [["team_id", "team_name", "parent_id"], TEAM],
    "workers": [
        ["worker_id", "job_title", "full_time_equivalency", "agency_worker", "team_id", "start_date", "end_date"],
        ["W1", "Social Worker", 0.6, "N", "T1", dt.date(2012, 4, 1), None],
        ["W2", "Social Worker", 1.5, "N", "T1", dt.date(2012, 4, 1), None],  # more than one whole post
        ["W3", "Social Worker", 1, "Q", None, dt.date(2012, 4, 1), None],  # no such code; in no team
    ],
    "persons": [
        ["person_id", "common_child_id", "dob", "sex", "ethnicity", "death_date", "uasc", "recorded_on"],
        ["P1", 9000000001, dt.date(2010, 2, 1), 1, "WBRI", None, "N", dt.date(2010, 2, 3)],
        ["P2", 9000000001, dt.date(2012, 3, 4), 2, "WBRI", None, "N", dt.date(2012, 3, 5)],  # the number of P1
        ["P3", 9000000003, "31/02/2011", 1, "WBRI", None, "N", dt.date(2011, 3, 5)],  # no such day
        ["P4", 9000000004, dt.date(1984, 12, 31), 2, " NULL ", None, "N", dt.date(2011, 3, 5)],  # too early
        [5, 9000000005, dt.date(2016, 9, 1), None, "=1+1", None, "N", dt.date(2016, 8, 30)],  # in the future
    ],
    "involvements": [
        ["involvement_id", "person_id", "worker_id", "role", "team_id", "start_date", "end_date", "change_reason",
         "case_type", "recorded_on"],
        ["I1", "P1", "W1", "Allocated Case Worker", "T1", dt.date(2015, 1, 5), None, None, "CLA", dt.date(2015, 1, 5)],
        ["I2", "P2", "W2", "Allocated Case Worker", "T1", dt.date(2016, 1, 5), dt.date(2015, 1, 5), "a, b \"c\"",
         "CIN", dt.date(2016, 1, 5)],  # ends before it starts
    ],
    "missing_episodes": [
        ["missing_episode_id", "person_id", "start_date", "end_date", "episode_type", "rhi_offered", "rhi_accepted",
         "rhi_status", "rhi_date", "recorded_on"],
        ["M1", "P1", moment(2016, 8, 1, 22, 15), moment(2016, 8, 1, 9, 0, 30), "M", "Y", "Y", "Completed",
         dt.date(2016, 8, 3), dt.date(2016, 8, 4)],  # back before missing
        ["M2", "P1", moment(2016, 8, 5, 0, 0), moment(2016, 8, 6, 7, 5), "M", "Y", "Y", "Completed",
         dt.date(2016, 8, 4), dt.date(2016, 8, 8)],  # interview before the return
        ["M3", "P1", dt.date(2016, 8, 9), "later that day", "M", "Y", "Y", "Completed", None, dt.date(2016, 8, 9)],
    ],
}  # fmt: skip

FLAGGED = {
    ("contract.missing_episodes.end_date.readable", "M3"),
    ("contract.persons.dob.future", "5"),
    ("contract.persons.dob.range", "P4"),
    ("contract.persons.dob.readable", "P3"),
    ("contract.persons.dob.required", "P3"),
    ("contract.persons.ethnicity.codes", "5"),
    ("contract.persons.sex.required", "5"),
    ("contract.workers.agency_worker.codes", "W3"),
    ("contract.workers.full_time_equivalency.range", "W2"),
    ("duplicate-child", "P1"),
    ("duplicate-child", "P2"),
    ("interview-before-return", "M2"),
    ("interview-completed-without-date", "M3"),
    ("involvement-dates-out-of-order", "I2"),
    ("missing-dates-out-of-order", "M1"),
    *(("nhs-number-impossible", person) for person in ("5", "P1", "P2", "P3", "P4")),  # 900000000 wants a 9 to check it
    ("worker-in-no-team", "W3"),
}
"""What must be found, from the remarks beside the records."""


def in_words(value: object) -> str:
    """Return a cell as an English spreadsheet writes it to CSV."""
    if isinstance(value, dt.datetime):
        return f"{value:%d/%m/%Y %H:%M:%S}"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)


def in_iso(value: object) -> str:
    """Return a cell as a database writes it to CSV."""
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, dt.date) else in_words(value)


def as_csv(write: Callable[[object], str]) -> Mapping[str, bytes]:
    files = {}
    for extract, rows in RECORDS.items():
        text = io.StringIO(newline="")
        csv.writer(text).writerows([write(cell) for cell in row] for row in rows)
        files[f"{extract}.csv"] = text.getvalue().encode()
    return files


def as_workbooks(cell: Callable[[object], object]) -> Mapping[str, bytes]:
    return {
        f"{extract}.xlsx": xlsx_bytes({extract: [[cell(value) for value in row] for row in rows]})
        for extract, rows in RECORDS.items()
    }


WAYS = {
    "CSV with ISO dates": as_csv(in_iso),
    "workbooks with Excel's dates and numbers": as_workbooks(lambda value: value),
    "workbooks with text in every cell": as_workbooks(lambda value: in_words(value) or None),
}


def check(folder: Path, files: Mapping[str, bytes]) -> bytes:
    """Return the bytes of the exceptions of files, checked as at August 2016."""
    write_files(folder / "kent", files)
    ended = dq_here("check", folder / "kent", "--period", "2016-08", "--out", folder / "out", "-q")
    assert (ended.code, ended.said) == (0, "")
    return (folder / "out" / "exceptions.csv").read_bytes()


@pytest.fixture(scope="module")
def english_csv(policy_loaded_once: None, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return check(tmp_path_factory.mktemp("english"), as_csv(in_words))


def test_the_faults_are_found_in_the_csv(english_csv: bytes) -> None:
    rows = csv.DictReader(io.StringIO(english_csv.decode(), newline=""))
    assert sorted((row["rule_id"], row["record_key"]) for row in rows) == sorted(FLAGGED)


@pytest.mark.parametrize("files", WAYS.values(), ids=WAYS.keys())
def test_the_same_records_give_the_same_exceptions(
    files: Mapping[str, bytes], english_csv: bytes, tmp_path: Path
) -> None:
    assert check(tmp_path, files) == english_csv
