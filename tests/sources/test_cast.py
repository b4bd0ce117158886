"""Text as it arrives → typed columns: what is read, what is kept unread, and that no row is lost."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dq.contracts.checks import contract_rules
from dq.engine.examples import prepare
from dq.library.policy import Library
from dq.model import Column, ColumnType, Contract
from dq.sources.load import load_rows
from dq.workspace import Workspace, open_workspace
from tests.conftest import check_records

CONTRACT = Contract(
    title="Cells",
    one_row="a cell of each kind",
    key="key",
    name="cells",
    columns={
        "key": Column(type=ColumnType.TEXT, label="key", required=True, local=True),
        "day": Column(type=ColumnType.DATE, label="day", local=True),
        "moment": Column(type=ColumnType.DATETIME, label="moment", local=True),
        "whole": Column(type=ColumnType.INTEGER, label="whole", local=True),
        "number": Column(type=ColumnType.NUMBER, label="number", local=True),
        "said": Column(type=ColumnType.TEXT, label="said", local=True),
    },
)


@pytest.fixture(scope="module")
def shared() -> Iterator[Workspace]:
    with open_workspace() as workspace:
        yield workspace


def _read(workspace: Workspace, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    load_rows(workspace, CONTRACT, list(rows))
    found = workspace.arrow('SELECT * EXCLUDE (unread), CAST(map_entries(unread) AS JSON) AS unread FROM "cells"')
    return [row | {"unread": _unread(row["unread"])} for row in found.to_pylist()]


def _unread(entries: str | None) -> dict[str, str]:
    return {entry["key"]: entry["value"] for entry in json.loads(entries)} if entries else {}


DAY = dt.date(2016, 8, 31)
MIDNIGHT = dt.datetime(2016, 8, 31)  # noqa: DTZ001 - the records say no time zone
MORNING = dt.datetime(2016, 8, 31, 9, 5)  # noqa: DTZ001
SECONDS = dt.datetime(2016, 8, 31, 9, 5, 7)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("31/08/2016", MIDNIGHT),
        ("2016-08-31", MIDNIGHT),
        ("31/08/2016 09:05", MORNING),
        ("2016-08-31 09:05", MORNING),
        ("31/08/2016 09:05:07", SECONDS),
        ("2016-08-31 09:05:07", SECONDS),
        ("2016-08-31T09:05:07", SECONDS),
        ("2016-08-31T09:05", MORNING),
        ("2016-08-31 09:05:00.000", MORNING),
        ("2016-08-31 09:05:07.0000000", SECONDS),
        ("31/08/2016 9:05", MORNING),
        ("31/8/2016", MIDNIGHT),
        ("31-08-2016", MIDNIGHT),
        ("31.08.2016", MIDNIGHT),
        ("31.08.2016 09:05", MORNING),
        ("31 Aug 2016", MIDNIGHT),
        ("31-Aug-2016", MIDNIGHT),
        ("31-AUG-2016 09:05:07", SECONDS),
        ("31 August 2016", MIDNIGHT),
        ("  31/08/2016  ", MIDNIGHT),
    ],
)
def test_dates_and_moments_are_read(shared: Workspace, text: str, moment: dt.datetime) -> None:
    (row,) = _read(shared, {"key": "1", "day": text, "moment": text})
    assert (row["day"], row["moment"], row["unread"]) == (DAY, moment, {})


@pytest.mark.parametrize(
    "text",
    [
        "5/9/2016",
        "05/09/2016",
        "2016-09-05",
        "05/09/2016 00:00:00",
        "5-9-2016",
        "5-09-2016",
        "05.09.2016",
        "5 Sep 2016",
    ],
)
def test_the_day_comes_before_the_month(shared: Workspace, text: str) -> None:
    (row,) = _read(shared, {"key": "1", "day": text})
    assert row["day"] == dt.date(2016, 9, 5)


@pytest.mark.parametrize(
    "text",
    [
        "30/02/2016", "31/04/2016", "29/02/2017", "2017-02-29", "32/01/2016", "01/13/2016", "2016-13-01", "00/01/2016",
        "31/08/16", "31-08-16", "31/8/16", "16-08-31", "not known", "August 2016", "31/08/2016 25:00", "2016/08/31",
        "31/08/2016 morning", "x31/08/2016", "31/08/2016x", "42613", "2016", "20160831", "31/08/20166", "08/31/2016",
        "31-Aug-16", "31 Sept 2016", "31 Feb 2016", "31/Aug/2016", "31-02-2016", "Aug 31 2016", "8-31-2016",
        "31/08/16 09:05:07.1234", "03/04/0016", "0016-04-03", "2016-08-31 09:05+01", "2016-08-31T09:05:07Z",
    ],
)  # fmt: skip
def test_what_is_no_date_is_kept_as_it_came(shared: Workspace, text: str) -> None:
    (row,) = _read(shared, {"key": "1", "day": text, "moment": text})
    assert (row["key"], row["day"], row["moment"]) == ("1", None, None)
    assert row["unread"] == {"day": text, "moment": text}


def test_leap_days_are_read(shared: Workspace) -> None:
    (row,) = _read(shared, {"key": "1", "day": "29/02/2016", "moment": "2000-02-29"})
    assert row["day"] == dt.date(2016, 2, 29)
    assert row["moment"] == dt.datetime(2000, 2, 29)  # noqa: DTZ001


def test_a_column_may_mix_its_forms(shared: Workspace) -> None:
    texts = ["31/08/2016", "2016-08-31", "31/08/2016 00:00", "31/02/2016", None]
    rows = _read(shared, *({"key": str(i), "day": text} for i, text in enumerate(texts)))
    assert [row["day"] for row in rows] == [DAY, DAY, DAY, None, None]
    assert [row["unread"] for row in rows] == [{}, {}, {}, {"day": "31/02/2016"}, {}]


@pytest.mark.parametrize(
    ("text", "whole", "number"),
    [("0", 0, 0.0), ("42", 42, 42.0), ("-7", -7, -7.0), (" 5 ", 5, 5.0), ("1000000", 1000000, 1e6)],
)
def test_numbers_are_read(shared: Workspace, text: str, whole: int, number: float) -> None:
    (row,) = _read(shared, {"key": "1", "whole": text, "number": text})
    assert (row["whole"], row["number"], row["unread"]) == (whole, number, {})


def test_part_of_a_whole_is_a_number(shared: Workspace) -> None:
    (row,) = _read(shared, {"key": "1", "number": "0.6"})
    assert (row["number"], row["unread"]) == (0.6, {})


@pytest.mark.parametrize("text", ["0.6", "2.5", "five", "1,000", "12a", "--1", "true", "0x10", "1_000", "nan", "inf"])
def test_what_is_no_whole_number_is_kept_as_it_came(shared: Workspace, text: str) -> None:
    (row,) = _read(shared, {"key": "1", "whole": text})
    assert (row["whole"], row["unread"]) == (None, {"whole": text})


@pytest.mark.parametrize("text", ["five", "12a", "0.6.1", "50%", "true", "nan", "inf", "-Infinity"])
def test_what_is_no_number_is_kept_as_it_came(shared: Workspace, text: str) -> None:
    (row,) = _read(shared, {"key": "1", "number": text})
    assert (row["number"], row["unread"]) == (None, {"number": text})


@pytest.mark.parametrize("text", [None, "", " ", "   ", "NULL", " NULL "])
def test_nothing_is_null_and_readable(shared: Workspace, text: str | None) -> None:
    kinds = ("day", "moment", "whole", "number", "said")
    (row,) = _read(shared, {"key": "1", **dict.fromkeys(kinds, text)})
    assert [row[kind] for kind in kinds] == [None] * 5
    assert row["unread"] == {}


@pytest.mark.parametrize("text", ["Null", "N/A", "none", "-", "0"])
def test_other_words_for_nothing_are_text(shared: Workspace, text: str) -> None:
    (row,) = _read(shared, {"key": "1", "said": text})
    assert row["said"] == text


def test_text_is_trimmed_and_otherwise_as_it_came(shared: Workspace) -> None:
    (row,) = _read(shared, {"key": " 007 ", "said": '  O\'Brien; "x"\n=1+1 é '})
    assert (row["key"], row["said"]) == ("007", 'O\'Brien; "x"\n=1+1 é')


@pytest.mark.parametrize("space", ["\u00a0", "\u2003", "\u3000", " \u00a0 "])
def test_spaces_that_are_none_of_the_keyboards_are_trimmed_too(shared: Workspace, space: str) -> None:
    """A web page or a spreadsheet leaves them around what is copied from it."""
    (row,) = _read(shared, {"key": f"{space}007{space}", "day": f"{space}31/08/2016", "said": f"{space}NULL"})
    assert (row["key"], row["day"], row["said"], row["unread"]) == ("007", DAY, None, {})


TEXT = st.text(st.one_of(st.just(" "), st.characters(exclude_categories=("Cs", "Zs"))), max_size=6)
"""Any text; of the many spaces of Unicode only the plain one, as all are trimmed."""
CELL = st.one_of(st.none(), st.sampled_from(["31/08/2016", "31/02/2016", "x", "", "NULL", "5"]), TEXT)
ROW = st.fixed_dictionaries(dict.fromkeys(CONTRACT.columns, CELL))


@given(rows=st.lists(ROW, max_size=8))
@settings(deadline=None, max_examples=60, derandomize=True)
def test_no_row_is_dropped_and_no_cell_is_lost(shared: Workspace, rows: list[dict[str, str | None]]) -> None:
    read = _read(shared, *rows)
    assert len(read) == len(rows)
    for came, row in zip(rows, read, strict=True):
        for column in CONTRACT.columns:
            text = (came[column] or "").strip(" ")
            if row[column] is None:
                kept = row["unread"].get(column)
                assert kept == (None if text in {"", "NULL"} else text)
            else:
                assert column not in row["unread"]


def test_what_is_unread_is_flagged_by_readable_and_counts_as_missing(library: Library, workspace: Workspace) -> None:
    prepare(workspace, library)
    visits = [
        {"visit_id": "V1", "person_id": "C1", "visit_date": "31/02/2016"},
        {"visit_id": "V2", "person_id": "C1", "visit_date": ""},
        {"visit_id": "V3", "person_id": "C1", "visit_date": "29/02/2016"},
    ]
    rules = [f"contract.cin_visits.visit_date.{check}" for check in ("readable", "required", "future")]
    found = check_records(workspace, library, {"cin_visits": visits}, rules).exceptions.to_pylist()
    flagged = {(row["rule_id"].rsplit(".", 1)[1], row["record_key"], row["values"]) for row in found}
    assert flagged == {
        ("readable", "V1", '{"visit_date":"31/02/2016"}'),
        ("required", "V1", '{"visit_date":"31/02/2016"}'),
        ("required", "V2", '{"visit_date":null}'),
    }


def test_only_columns_that_are_read_have_a_readable_check(library: Library) -> None:
    checked = {rule.fields[0] for rule in contract_rules(CONTRACT, {}) if rule.id.endswith(".readable")}
    assert checked == {"day", "moment", "whole", "number"}
