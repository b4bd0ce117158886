"""Our own functions, on values worked out by hand. Bank holidays are those of gov.uk for England."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest

from dq.engine.compile import compiled
from dq.language.expression import DIALECT, Origin, parse_expression
from dq.language.function_list import OWN, all_functions
from dq.library.policy import Library
from dq.postcodes import postcodes
from dq.sources.load import load_rows
from dq.sources.reference import add_calendar, add_postcodes
from dq.workspace import Workspace, open_workspace

ORIGIN = Origin(None, None, "test")
MAIDSTONE = "ME14 1XX"


@pytest.fixture(scope="module")
def records(library: Library) -> Any:
    """A workspace with three addresses, two visits and two missing episodes, and the reference tables."""
    with open_workspace() as workspace:
        for contract in library.contracts.values():
            load_rows(workspace, contract, [])
        load_rows(workspace, library.contracts["addresses"], [
            {"address_id": "A1", "person_id": "C1", "postcode": MAIDSTONE},
            {"address_id": "A2", "person_id": "C2", "postcode": "ZZ99 3CZ"},
            {"address_id": "A3", "person_id": "C3"},
            {"address_id": "A4", "person_id": "C4", "postcode": "me141xx"},
        ])  # fmt: skip
        load_rows(workspace, library.contracts["cin_visits"], [
            {"visit_id": "V1", "person_id": "C1", "visit_date": "24/03/2016", "recorded_on": "29/03/2016"},
            {"visit_id": "V2", "person_id": "C1", "visit_date": "31/02/2016"},
            {"visit_id": "V3", "person_id": "C1"},
        ])  # fmt: skip
        load_rows(workspace, library.contracts["missing_episodes"], [
            {"missing_episode_id": "M1", "person_id": "C1", "end_date": "26/08/2016 10:30", "rhi_date": "30/08/2016"},
        ])  # fmt: skip
        add_calendar(workspace)
        add_postcodes(workspace, library.contracts.values())
        yield workspace


def _value(workspace: Workspace, library: Library, text: str) -> Any:
    tree = compiled(parse_expression(text, ORIGIN), library.thresholds)
    return workspace.row(f"SELECT {tree.sql(DIALECT)}")[0]


def _by_key(workspace: Workspace, library: Library, on: str, text: str) -> dict[str, Any]:
    bound = library.tables.bind(parse_expression(text, ORIGIN), on, ORIGIN)
    sql = compiled(bound.tree, library.thresholds).sql(DIALECT)
    return dict(workspace.execute(f"SELECT {library.contracts[on].key}, {sql} FROM {on}").fetchall())


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2016-03-24", "2016-03-29", 1),  # Thursday to Tuesday over Good Friday and Easter Monday
        ("2016-03-24", "2016-03-28", 0),
        ("2016-03-23", "2016-03-30", 3),
        ("2016-08-26", "2016-08-30", 1),  # over the summer bank holiday, Monday 29 August
        ("2016-08-26", "2016-08-29", 0),
        ("2016-08-30", "2016-08-26", -1),
        ("2016-08-31", "2016-08-31", 0),
        ("2016-08-27", "2016-08-28", 0),  # Saturday to Sunday
        ("2016-08-31", "2016-09-07", 5),  # a week with no holiday
        ("2016-12-23", "2017-01-03", 4),  # 26 and 27 December and 2 January are holidays, as Christmas was a Sunday
        ("2016-11-29", "2016-11-30", 1),  # St Andrew's Day is a holiday in Scotland alone
        ("2017-01-02", "2017-01-03", 1),
        ("2020-05-01", "2020-05-05", 2),  # in 2020 the early May holiday was moved from Monday 4 May
        ("2020-05-07", "2020-05-11", 1),  # to Friday 8 May
        ("2022-05-27", "2022-05-31", 2),  # in 2022 the spring holiday was moved from Monday 30 May
        ("2022-06-01", "2022-06-06", 1),  # to 2 June, with the Jubilee on 3 June
        ("2022-09-16", "2022-09-20", 1),  # the state funeral, Monday 19 September 2022
        ("2023-05-05", "2023-05-09", 1),  # the coronation, Monday 8 May 2023
    ],
)
def test_working_days_between(records: Workspace, library: Library, start: str, end: str, days: int) -> None:
    assert _value(records, library, f"working_days_between(date '{start}', date '{end}')") == days


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        ("2000-08-31", "2018-08-30", 17),
        ("2000-08-31", "2018-08-31", 18),
        ("2000-02-29", "2016-02-28", 15),
        ("2000-02-29", "2016-02-29", 16),
        ("2000-02-29", "2018-02-28", 17),  # with no 29 February, the birthday is 1 March
        ("2000-02-29", "2018-03-01", 18),
        ("2000-03-01", "2018-02-28", 17),
        ("2016-08-31", "2016-08-31", 0),
        ("2016-01-01", "2016-12-31", 0),
    ],
)
def test_age_at(records: Workspace, library: Library, born: str, day: str, years: int) -> None:
    assert _value(records, library, f"age_at(date '{born}', date '{day}')") == years


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [("2016-02-28", "2016-03-01", 2), ("2017-02-28", "2017-03-01", 1), ("2016-03-01", "2016-02-28", -2)],
)
def test_days_between(records: Workspace, library: Library, start: str, end: str, days: int) -> None:
    assert _value(records, library, f"days_between(date '{start}', date '{end}')") == days


POSTCODES = [
    "M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT", "EC1A 1BB", "W1A 0AX", "SW1A 2AA", "E1W 1AA", "N1C 4AG", "GIR 0AA",
    "ME14 1XQ", "ME141XQ", "me14 1xq", " ME14 1XQ ", "SE1P 5LX", "WC2H 7LT",
]  # fmt: skip
NOT_POSTCODES = [
    "", "ME14", "1XQ", "ME14 OXQ", "ME14 1X", "ME14 1XQQ", "ME14 11Q", "Not known", "14ME 1XQ", "QA1 1AA", "VA1 1AA",
    "XA1 1AA", "AI1 1AA", "AJ1 1AA", "AZ1 1AA", "ME14 1CQ", "ME14 1XI", "ME14 1XK", "ME14 1MQ", "ME14 1XO", "ME14 1XV",
    "ME14  1XQ", "ME14-1XQ", "ME141 1XQ", "W1I 1AA", "EC1I 1BB", "x ME14 1XQ", "ME14 1XQ.",
]  # fmt: skip


@pytest.mark.parametrize("text", POSTCODES)
def test_what_can_be_a_postcode(records: Workspace, library: Library, text: str) -> None:
    assert _value(records, library, f"is_postcode('{text}')") is True


@pytest.mark.parametrize("text", NOT_POSTCODES)
def test_what_cannot_be_a_postcode(records: Workspace, library: Library, text: str) -> None:
    assert _value(records, library, f"is_postcode('{text}')") is False


ENDED_BY_2000 = ("W1M", "W1N", "W1R", "W1V", "W1X", "W1Y")
"""Districts of the West End that the Post Office did away with; the form in use since has no such letters."""


def test_every_london_postcode_of_the_directory_can_be_a_postcode(records: Workspace, library: Library) -> None:
    records.connection.register("real", postcodes(["E", "W"]))
    test = compiled(parse_expression("is_postcode(postcode)", ORIGIN), {}).sql(DIALECT)
    districts = "SELECT DISTINCT regexp_replace(replace(postcode, ' ', ''), '...$', '') FROM real"
    refused = records.execute(f"{districts} WHERE NOT {test} ORDER BY 1").fetchall()
    (all_of_them,) = records.row("SELECT count(*) FROM real")
    records.connection.unregister("real")
    assert all_of_them > 100_000
    assert tuple(district for (district,) in refused) == ENDED_BY_2000


@pytest.mark.parametrize(
    ("text", "standard"),
    [
        ("me141xq", "ME14 1XQ"), ("ME14 1XQ", "ME14 1XQ"), (" m1  1ae ", "M1 1AE"), ("EC1A1BB", "EC1A 1BB"),
        ("1XQ", "1XQ"), ("", ""),
    ],
)  # fmt: skip
def test_standard_postcode(records: Workspace, library: Library, text: str, standard: str) -> None:
    assert _value(records, library, f"standard_postcode('{text}')") == standard


def test_a_postcode_is_looked_up_for_the_row_it_is_on(records: Workspace, library: Library) -> None:
    """The directory has a column of the same name; a look-up that took its own would find every postcode."""
    found = _by_key(records, library, "addresses", "postcode_known(postcode)")
    assert found == {"A1": True, "A2": False, "A3": None, "A4": True}


def test_a_postcode_is_looked_up_inside_a_sub_select(records: Workspace, library: Library) -> None:
    text = "exists (select 1 from addresses a where a.address_id = addresses.address_id and postcode_known(a.postcode))"
    assert _by_key(records, library, "addresses", text) == {"A1": True, "A2": False, "A3": False, "A4": True}


def test_working_days_inside_a_sub_select_over_the_calendar(records: Workspace, library: Library) -> None:
    """The calendar has a column ``day``; the function's own look-up must not take it for its argument."""
    text = (
        "exists (select 1 from calendar where calendar.day = cin_visits.visit_date"
        " and working_days_between(calendar.day, cin_visits.recorded_on) = 1)"
    )
    assert _by_key(records, library, "cin_visits", text) == {"V1": True, "V2": False, "V3": False}


def test_working_days_from_a_moment_are_from_its_day(records: Workspace, library: Library) -> None:
    text = "working_days_between(end_date, rhi_date) = 1"
    assert _by_key(records, library, "missing_episodes", text) == {"M1": True}


def test_readable(records: Workspace, library: Library) -> None:
    assert _by_key(records, library, "cin_visits", "readable(visit_date)") == {"V1": True, "V2": False, "V3": True}
    assert set(_by_key(records, library, "cin_visits", "readable(recorded_on)").values()) == {True}


def test_readable_looks_at_the_row_it_names(records: Workspace, library: Library) -> None:
    text = "exists (select 1 from cin_visits other where other.visit_id = 'V1' and not readable(cin_visits.visit_date))"
    assert _by_key(records, library, "cin_visits", text) == {"V1": False, "V2": True, "V3": False}


NULLS = {"date": "cast(null as date)", "text": "cast(null as text)"}
CALLS = [
    ("age_at", ["date '2000-01-01'", "date '2016-01-01'"], "date"),
    ("days_between", ["date '2000-01-01'", "date '2016-01-01'"], "date"),
    ("working_days_between", ["date '2016-01-01'", "date '2016-02-01'"], "date"),
    ("standard_postcode", ["'ME14 1XX'"], "text"),
    ("is_postcode", ["'ME14 1XX'"], "text"),
    ("postcode_known", ["'ME14 1XX'"], "text"),
    ("days_after", ["date '2016-01-01'", "3"], "date"),
    ("months_after", ["date '2016-01-01'", "3"], "date"),
    ("working_days_after", ["date '2016-01-01'", "3"], "date"),
    ("first_day", ["date '2016-01-01'"], "date"),
    ("financial_year_start", ["date '2016-01-01'"], "date"),
    ("academic_year_start", ["date '2016-01-01'"], "date"),
    ("weekday_number", ["date '2016-01-01'"], "date"),
    ("distance_miles", ["'ME14 1XX'", "'ME14 1XX'"], "text"),
    ("is_nhs_number", ["'9434765919'"], "text"),
    ("is_upn", ["'H801200001001'"], "text"),
]


@pytest.mark.parametrize(("call", "arguments", "kind"), CALLS, ids=[call for call, *_ in CALLS])
def test_null_in_null_out(records: Workspace, library: Library, call: str, arguments: list[str], kind: str) -> None:
    assert _value(records, library, f"{call}({', '.join(arguments)})") is not None
    for i in range(len(arguments)):
        given = [NULLS[kind] if i == j else argument for j, argument in enumerate(arguments)]
        assert _value(records, library, f"{call}({', '.join(given)})") is None


def test_every_function_of_ours_is_tested_here() -> None:
    assert {call for call, *_ in CALLS} | {
        "readable",
        "given",
        "unreadable_text",
        "is_partial_date",
        "spells_overlap",
    } == set(OWN)


@pytest.mark.parametrize("call", [call for call, *_ in CALLS])
def test_what_is_declared_null_in_null_out_is_tested_to_be(call: str) -> None:
    assert all_functions()[call].null.startswith("Null if any argument is null")


def _digits(rng: random.Random, count: int) -> str:
    return "".join(str(rng.randrange(10)) for _ in range(count))


def _nhs_number(digits: str) -> str | None:
    """The number with its check digit, as the NHS Data Dictionary tells it; None where there is none."""
    check = 11 - sum(int(digit) * (10 - i) for i, digit in enumerate(digits)) % 11
    return None if check == 10 else digits + str(check % 11)


def _of_each(workspace: Workspace, function: str, texts: list[str]) -> dict[str, Any]:
    call = compiled(parse_expression(f"{function}(said.text)", ORIGIN), {}).sql(DIALECT)
    workspace.connection.register("said", pa.table({"text": texts}))
    found = workspace.execute(f"SELECT text, {call} FROM said").fetchall()
    workspace.connection.unregister("said")
    return dict(found)


def test_nhs_numbers_against_the_data_dictionarys_own_words(records: Workspace) -> None:
    rng = random.Random(1)
    bodies = [_digits(rng, 9) for _ in range(500)]
    right = {_nhs_number(digits) for digits in bodies}
    assert None in right, "some have no check digit"
    found = _of_each(records, "is_nhs_number", [f"{digits}{last}" for digits in bodies for last in range(10)])
    assert {number for number, holds in found.items() if holds} == right - {None}
    assert set(found.values()) == {True, False}


def test_upns_against_the_departments_own_words(records: Workspace) -> None:
    letters = "ABCDEFGHJKLMNPQRTUVWXYZ"
    rng = random.Random(2)
    bodies = [_digits(rng, 12) for _ in range(100)] + [_digits(rng, 11) + rng.choice(letters) for _ in range(100)]
    right = set()
    for body in bodies:
        values = [letters.index(c) if c.isalpha() else int(c) for c in body]
        right.add(letters[sum(value * weight for value, weight in zip(values, range(2, 14), strict=True)) % 23] + body)
    found = _of_each(records, "is_upn", [letter + body for letter in f"{letters}IOSah1" for body in bodies])
    assert {number for number, holds in found.items() if holds} == right
    assert set(found.values()) == {True, False}


def test_the_years_of_every_day_of_two(records: Workspace, library: Library) -> None:
    """Against the calendar module of Python, over a leap year and the next."""
    for function, month in (("financial_year_start", 4), ("academic_year_start", 9)):
        call = compiled(parse_expression(f"{function}(calendar.day)", ORIGIN), {}).sql(DIALECT)
        rows = records.execute(f"SELECT day, {call} FROM calendar WHERE year(day) IN (2016, 2017)").fetchall()
        assert len(rows) == 366 + 365
        for day, start in rows:
            assert start == date(day.year - (day.month < month), month, 1)


def test_a_working_day_after_is_that_many_working_days_later(records: Workspace, library: Library) -> None:
    after = compiled(parse_expression("working_days_after(calendar.day, 10)", ORIGIN), {}).sql(DIALECT)
    rows = records.execute(f"SELECT day, {after} AS due FROM calendar WHERE year(day) = 2016").fetchall()
    open_days = records.execute("SELECT day, working_day FROM calendar").fetchall()
    count = dict(open_days)
    for day, due in rows:
        assert count[due] == count[day] + 10
        assert count[due - timedelta(days=1)] == count[due] - 1, "the day itself is one"


@pytest.mark.parametrize(
    ("spell", "other", "share"),
    [
        (("01-01", "01-05"), ("01-04", "01-09"), True),
        (("01-01", "01-04"), ("01-04", "01-09"), False),
        (("01-04", "01-09"), ("01-01", "01-04"), False),
        (("01-01", None), ("02-01", None), True),
        (("01-01", "01-09"), ("01-03", "01-04"), True),
        (("02-01", None), ("01-01", "01-31"), False),
        ((None, "01-31"), ("02-01", None), None),
        ((None, None), ("02-01", "02-09"), None),
    ],
)
def test_spells_overlap(records: Workspace, library: Library, spell: Any, other: Any, share: bool | None) -> None:
    days = [NULLS["date"] if day is None else f"date '2016-{day}'" for day in (*spell, *other)]
    found = _value(records, library, f"spells_overlap({', '.join(days)})")
    assert found is share if share is not None else found is not True
