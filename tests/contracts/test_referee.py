"""The contract's rules in the engine's one pass, against plain Pandera on the same typed table, row for row."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pandera.errors import SchemaErrors

from dq.contracts.checks import contract_rules
from dq.contracts.schema import schema_of
from dq.engine.examples import prepare
from dq.library.load import Library
from dq.sources.load import load_rows
from dq.workspace import Workspace
from tests.conftest import PERIOD, check_records

CHECKS = {
    "not_nullable": "required",
    "field_uniqueness": "unique",
    "isin": "codes",
    "less_than": "future",
    "greater_than_or_equal_to": "range",
    "less_than_or_equal_to": "range",
}
"""How Pandera writes a check in its failure cases, before the bracket → our name for it."""

KEY = st.sampled_from(["K1", "K2", "K3", "K4", "", None])
DAY = st.sampled_from(
    ["31/05/2017", "01/06/2017", "2017-06-01", "31/12/1984", "01/01/1985", "29/02/2016", "30/02/2016", "soon", "", None]
)
MOMENT = st.one_of(DAY, st.sampled_from(["31/05/2017 23:59:59", "2017-06-01 00:00", "01/06/2017 00:01"]))
YES_NO = st.sampled_from(["Y", "N", "y", "Yes", "", "NULL", None])
NUMBER = st.sampled_from(["0", "1", "0.5", "-0.1", "1.01", "-0", "1e0", "half", "", None])
EXTRACTS: dict[str, dict[str, st.SearchStrategy[str | None]]] = {
    "persons": {
        "person_id": KEY, "dob": DAY, "sex": st.sampled_from(["1", "2", "M", "9", "", None]),
        "ethnicity": st.sampled_from(["WBRI", "wbri", "X", None]), "death_date": DAY, "uasc": YES_NO,
    },
    "workers": {
        "worker_id": KEY, "full_time_equivalency": NUMBER, "agency_worker": YES_NO, "team_id": KEY, "start_date": DAY,
    },
    "missing_episodes": {
        "missing_episode_id": KEY, "person_id": KEY, "start_date": MOMENT, "end_date": MOMENT,
        "episode_type": st.sampled_from(["M", "A", "X", None]), "rhi_offered": YES_NO,
        "rhi_status": st.sampled_from(["Completed", "completed", "In progress", None]), "rhi_date": DAY,
    },
}  # fmt: skip

Faults = Counter[tuple[str, str, str]]
"""How often each (column, check, record key) was found at fault."""


def _of_pandera(workspace: Workspace, library: Library, extract: str, rows: list[dict[str, Any]]) -> Faults:
    contract = library.contracts[extract]
    load_rows(workspace, contract, rows)
    table = workspace.execute(f'SELECT * FROM "{extract}"').df()
    assert isinstance(table, pd.DataFrame)
    keys = [f"row {i + 2}" if pd.isna(key) else str(key) for i, key in enumerate(table[contract.key])]
    try:
        schema_of(contract, library.code_lists, PERIOD).validate(table, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases.to_dict("records")
        # A null key repeated is a key missing, which another check says.
        return Counter(
            (str(case["column"]), CHECKS[str(case["check"]).partition("(")[0]], keys[int(case["index"])])
            for case in cases
            if not (case["check"] == "field_uniqueness" and pd.isna(case["failure_case"]))
        )
    return Counter()


def _of_engine(workspace: Workspace, library: Library, extract: str, rows: list[dict[str, Any]]) -> Faults:
    rules = [
        rule.id
        for rule in contract_rules(library.contracts[extract], library.code_lists)
        if rule.id.rsplit(".", 1)[1] in CHECKS.values()
    ]
    found = check_records(workspace, library, {extract: rows}, rules).exceptions.to_pylist()
    return Counter((*row["rule_id"].split(".")[2:], row["record_key"]) for row in found)


@pytest.mark.parametrize("extract", EXTRACTS)
def test_the_engine_and_pandera_find_the_same(prepared: Workspace, library: Library, extract: str) -> None:
    seen: Counter[str] = Counter()

    @given(rows=st.lists(st.fixed_dictionaries(EXTRACTS[extract]), min_size=1, max_size=40))
    @settings(
        deadline=None, max_examples=10, derandomize=True, phases=[Phase.generate]
    )  # each takes a fifth of a second
    def agree(rows: list[dict[str, Any]]) -> None:
        engine = _of_engine(prepared, library, extract, rows)
        assert engine == _of_pandera(prepared, library, extract, rows)
        seen.update(check for _, check, _ in engine.elements())

    agree()
    can_fail = {rule.id.rsplit(".", 1)[1] for rule in contract_rules(library.contracts[extract], library.code_lists)}
    assert set(seen) == can_fail & set(CHECKS.values()), "every check of the contract must have found something"


def test_every_row_of_a_repeated_key_is_flagged_once(prepared: Workspace, library: Library) -> None:
    rows = [{"person_id": key, "dob": "2005-01-01", "sex": "1"} for key in ("A", "B", "A", "A", None, None)]
    for faults in (_of_engine(prepared, library, "persons", rows), _of_pandera(prepared, library, "persons", rows)):
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
    for find in (_of_engine, _of_pandera):
        assert find(prepared, library, "missing_episodes", rows) == Counter({("start_date", "future", "M2"): 1})


def test_without_a_period_the_schema_leaves_the_future_alone(workspace: Workspace, library: Library) -> None:
    prepare(workspace, library)
    contract = library.contracts["persons"]
    load_rows(workspace, contract, [{"person_id": "A", "dob": "2090-01-01", "sex": "1"}])
    table = workspace.execute("SELECT * FROM persons").df()
    assert len(schema_of(contract, library.code_lists).validate(table, lazy=True)) == 1
    with pytest.raises(SchemaErrors):
        schema_of(contract, library.code_lists, dt.date(2017, 5, 31)).validate(table, lazy=True)


def test_an_extract_without_records_holds_to_its_schema(workspace: Workspace, library: Library) -> None:
    prepare(workspace, library)
    table = workspace.execute("SELECT * FROM persons").df()
    assert len(schema_of(library.contracts["persons"], library.code_lists, PERIOD).validate(table, lazy=True)) == 0
