"""The contract's rules in the engine's one pass, against plain Pandera on a data frame of the same cells, row for row.

The engine reads the cells through its own sources; Pandera is given them as a person's notebook would have them.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
from pandera.errors import SchemaErrors

from dq.contracts.checks import contract_rules
from dq.contracts.schema import schema_of
from dq.engine.examples import prepare
from dq.library.load import load_library
from dq.library.policy import Library
from dq.model import Column, ColumnType
from dq.sources.load import load_rows
from dq.workspace import Workspace
from tests.conftest import PERIOD, check_records

ROWS = 150
"""Records made up for each extract: enough for every check of every column to find something."""
KEYS = [f"K{i}" for i in range(80)]
DAYS = [
    "31/05/2017", "01/06/2017", "2017-06-01", "31/12/1984", "01/01/1985", "29/02/2016", "30/02/2016", "29/02/2015",
    "03/04/2016", "2016-04-03", "31/05/2017 23:59:59", "2017-06-01 00:00", "01/06/2017 00:01", "2016-04-03T10:30:00",
    "03/04/16", "13/13/2016", "soon",
    "3 Apr 2016", "03-Apr-2016", "3-4-2016", "03.04.2016", "3 April 2016 10:30", "04/13/2016", "31 Feb 2016",
    "9999-12-31", "1899-12-31", " 2016-04-03 ", "", "NULL", None,
]  # fmt: skip
NUMBERS = [
    "0", "1", "0.5", "-0.1", "1.01", "-0", "1e0", "2.5", "half", "nan", "7", "-3", "99999999999999999999", "", None
]  # fmt: skip

Faults = Counter[tuple[str, str, str]]
"""How often each (column, check, row) was found at fault."""
EXTRACTS = tuple(load_library().contracts)


def cells(column: Column, library: Library) -> list[str | None]:
    """Return what a cell of the column may hold: what is right, what is not, and what is at the edge between them."""
    if column.codes is not None:
        codes = list(library.code_lists[column.codes].codes)
        return [*codes[:4], codes[0].lower(), f" {codes[-1]} ", "zz", "", "NULL", None]
    if column.type in {ColumnType.DATE, ColumnType.DATETIME}:
        return DAYS
    if column.type in {ColumnType.INTEGER, ColumnType.NUMBER}:
        return NUMBERS
    return [*KEYS, "K1", "K1 ", *[" ", "", "NULL", None] * 3]


def made_up(extract: str, library: Library) -> list[dict[str, str | None]]:
    """Return records of an extract, the same each time."""
    chance = random.Random(extract)
    choices = {name: cells(column, library) for name, column in library.contracts[extract].columns.items()}
    return [{name: chance.choice(held) for name, held in choices.items()} for _ in range(ROWS)]


def _of_pandera(library: Library, extract: str, rows: list[dict[str, Any]]) -> Faults:
    contract = library.contracts[extract]
    frame = pd.DataFrame([{name: row.get(name) for name in contract.columns} for row in rows], dtype="str")
    try:
        schema_of(contract, library.code_lists, PERIOD).validate(frame, lazy=True)
    except SchemaErrors as error:
        return Counter(
            (_column(case), _check(str(case["check"])), f"row {int(case['index']) + 2}")
            for case in error.failure_cases.to_dict("records")
        )
    return Counter()


def _column(case: dict[Any, Any]) -> str:
    """Return the column a failure is of; that of a dated code list Pandera tells as a failure of the frame."""
    failing = case["failure_case"]
    return next(iter(failing)) if isinstance(failing, dict) else str(case["column"])


def _check(said: str) -> str:
    """Return our name of a check; that a cell cannot be read Pandera tells as a coercion that failed."""
    return "readable" if said.startswith("coerce_dtype") else said


def _of_engine(workspace: Workspace, library: Library, extract: str, rows: list[dict[str, Any]]) -> Faults:
    contract = library.contracts[extract]
    rules = [r.id for r in contract_rules(contract, library.code_lists) if not r.id.endswith(".references")]
    # Rows are told apart by their keys; here a key may be missing or repeated, so by the order of their exceptions.
    found = check_records(workspace, library, {extract: rows}, rules).exceptions.to_pylist()
    return Counter((*row["rule_id"].split(".")[2:], row["record_key"]) for row in found)


def _by_key(faults: Faults, keys: list[str | None]) -> Faults:
    """Return the same faults by record key, as the engine tells them."""
    return Counter(
        (column, check, keys[int(row.removeprefix("row ")) - 2] or row) for (column, check, row) in faults.elements()
    )


def _keys(extract: str, library: Library, rows: list[dict[str, Any]]) -> list[str | None]:
    held = [row.get(library.contracts[extract].key) for row in rows]
    trimmed = [None if key is None else str(key).strip() for key in held]
    return [None if key in {"", "NULL"} else key for key in trimmed]


@pytest.mark.parametrize("extract", EXTRACTS)
def test_the_engine_and_pandera_find_the_same(
    prepared: Workspace, library: Library, extract: str, record_property: Any
) -> None:
    rows = made_up(extract, library)
    engine = _of_engine(prepared, library, extract, rows)
    assert engine == _by_key(_of_pandera(library, extract, rows), _keys(extract, library, rows))
    can_fail = {
        tuple(rule.id.split(".")[2:])
        for rule in contract_rules(library.contracts[extract], library.code_lists)
        if not rule.id.endswith(".references")
    }
    assert {(column, check) for column, check, _ in engine} == can_fail, "every check must have found something"
    record_property("referee", f"plain Pandera agrees on {len(can_fail)} checks of {extract} over {ROWS} records")


def test_every_row_of_a_repeated_key_is_flagged_once(prepared: Workspace, library: Library) -> None:
    rows = [{"person_id": key, "dob": "2005-01-01", "sex": "1"} for key in ("A", "B", "A", "A", None, None)]
    pandera = _by_key(_of_pandera(library, "persons", rows), _keys("persons", library, rows))
    for faults in (_of_engine(prepared, library, "persons", rows), pandera):
        assert faults == Counter({
            ("person_id", "unique", "A"): 3,
            ("person_id", "required", "row 6"): 1,
            ("person_id", "required", "row 7"): 1,
        })  # fmt: skip


def test_the_last_moment_of_the_period_is_not_in_the_future(prepared: Workspace, library: Library) -> None:
    rows = [
        {"missing_episode_id": "M1", "person_id": "C1", "start_date": "31/05/2017 23:59:59"},
        {"missing_episode_id": "M2", "person_id": "C1", "start_date": "01/06/2017 00:00"},
    ]
    assert _of_engine(prepared, library, "missing_episodes", rows) == Counter({("start_date", "future", "M2"): 1})
    assert _of_pandera(library, "missing_episodes", rows) == Counter({("start_date", "future", "row 3"): 1})


@pytest.fixture
def one_child(prepared: Workspace, library: Library) -> Iterator[pd.DataFrame]:
    """A table as the engine holds it, of the types of its contract."""
    load_rows(prepared, library.contracts["persons"], [{"person_id": "A", "dob": "2090-01-01", "sex": "1"}])
    frame = prepared.execute("SELECT * FROM persons").df()
    assert isinstance(frame, pd.DataFrame)
    yield frame
    prepare(prepared, library)


def test_without_a_period_the_schema_leaves_the_future_alone(one_child: pd.DataFrame, library: Library) -> None:
    contract = library.contracts["persons"]
    assert len(schema_of(contract, library.code_lists).validate(one_child, lazy=True)) == 1
    with pytest.raises(SchemaErrors):
        schema_of(contract, library.code_lists, dt.date(2017, 5, 31)).validate(one_child, lazy=True)


def test_an_extract_without_records_holds_to_its_schema(library: Library) -> None:
    contract = library.contracts["persons"]
    empty = pd.DataFrame({name: [] for name in contract.columns}, dtype="str")
    assert len(schema_of(contract, library.code_lists, PERIOD).validate(empty, lazy=True)) == 0


def test_what_is_valid_comes_back_as_the_types_of_its_contract(library: Library) -> None:
    contract = library.contracts["persons"]
    row: dict[str, str | None] = dict.fromkeys(contract.columns)
    row |= {"person_id": " A ", "dob": "03/04/2005", "sex": "1"}
    valid = schema_of(contract, library.code_lists, PERIOD).validate(pd.DataFrame([row]), lazy=True)
    assert valid["person_id"].tolist() == ["A"]
    assert valid["dob"].tolist() == [pd.Timestamp(2005, 4, 3)], "the third of April, not the fourth of March"
