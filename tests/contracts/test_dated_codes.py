"""Codes that came and went: which can be used on the day of a record, by the engine and by plain Pandera."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandera.errors import SchemaErrors

from dq.contracts.dated_codes import in_list
from dq.contracts.schema import schema_of
from dq.engine.examples import prepare
from dq.library.load import load_library
from dq.library.policy import Library
from dq.library.yaml_file import as_model, read_yaml
from dq.model import CodeList, Findings
from dq.workspace import open_workspace
from tests.conftest import Folder, check_records

PERIOD = dt.date(2025, 5, 31)

PLACEMENTS = [
    ("H5", "2024-03-31", True),
    ("H5", "2024-04-01", False),
    ("H5", None, False),  # without a day, that of the period end decides
    ("K3", "2023-10-28", True),
    ("K3", "2021-06-01", True),  # a placement that had begun as H5 and went on was given the new code where it stood
    ("P2", "2025-03-31", True),
    ("P2", "2025-04-01", False),
    ("Z1", "2016-08-31", True),
    ("Z1", "2025-04-02", False),
    ("Z13", "2025-04-02", True),
    ("U4", "1999-01-01", True),
    ("z1", "2016-08-31", False),
    ("Q1", "2016-08-31", False),
    (None, "2025-04-02", True),
]
"""A placement type, the day it began, and whether the code could be used: collection rules 146 and 503D of 2025/26."""


def _rows() -> list[dict[str, Any]]:
    return [
        {"placement_id": f"P{i}", "person_id": "C1", "cla_id": "L1", "start_date": start, "placement_type": code}
        for i, (code, start, _) in enumerate(PLACEMENTS)
    ]


def _flagged(library: Library, records: dict[str, Any], rule: str, period: dt.date = PERIOD) -> set[str]:
    with open_workspace() as workspace:
        prepare(workspace, library)
        found: Findings = check_records(workspace, library, records, [rule], period=period)
        assert [result.reason for result in found.results] == [""]
        return set(found.exceptions["record_key"].to_pylist())


WRONG = {f"P{i}" for i, (_, _, right) in enumerate(PLACEMENTS) if not right}


def test_the_engine_judges_a_code_by_the_day_of_the_record(library: Library) -> None:
    assert _flagged(library, {"cla_placements": _rows()}, "contract.cla_placements.placement_type.codes") == WRONG


def test_without_a_day_the_period_decides(library: Library) -> None:
    """H5 with no start date is right in 2016 and wrong in 2025."""
    rule = "contract.cla_placements.placement_type.codes"
    assert "P2" not in _flagged(library, {"cla_placements": _rows()}, rule, dt.date(2016, 8, 31))


def test_pandera_judges_the_same(library: Library) -> None:
    contract = library.contracts["cla_placements"]
    frame = pd.DataFrame([{name: row.get(name) for name in contract.columns} for row in _rows()], dtype="str")
    with pytest.raises(SchemaErrors) as failed:
        schema_of(contract, library.code_lists, PERIOD).validate(frame, lazy=True)
    cases = failed.value.failure_cases
    codes = cases[cases["check"] == "codes"]
    assert {f"P{int(row)}" for row in codes["index"]} == WRONG
    of_frame = codes[codes["column"] == "failure_case"]["failure_case"]
    assert {name for case in of_frame for name in case} == {"placement_type"}, "a dated failure names its column"


TOYS = """title: Toys
one_row: a toy
key: toy_id
event: made_on
columns:
  toy_id: {type: text, label: Toy ID, required: true, local: true}
  made_on: {type: date, label: made on, local: true}
  lost_on: {type: date, label: lost on, local: true}
  colour: {type: code, label: colour, codes: colours, local: true}
  lost_how: {type: code, label: lost how, codes: colours, dated_by: lost_on, local: true}
"""
COLOURS = """title: Colours
edition: '1'
source: a test
codes:
  R: {label: red, from: 2010-01-01, until: 2012-12-31}
  G: {label: green, from: 2012-01-01}
"""


def test_a_column_may_say_what_dates_its_codes(project_folder: Folder) -> None:
    own = load_library(
        "casework", project_folder({"checks/casework/toys.yaml": TOYS, "data/codes/colours.yaml": COLOURS})
    )
    toys = [
        {"toy_id": "T1", "made_on": "2010-01-01", "lost_on": "2013-01-01", "colour": "R", "lost_how": "R"},
        {"toy_id": "T2", "made_on": "2011-12-31", "lost_on": "2012-01-01", "colour": "G", "lost_how": "G"},
        {"toy_id": "T3", "made_on": "2009-12-31", "lost_on": "2012-12-31", "colour": "R", "lost_how": "R"},
        {"toy_id": "T4"},
    ]
    assert _flagged(own, {"toys": toys}, "contract.toys.colour.codes") == {"T2", "T3"}
    assert _flagged(own, {"toys": toys}, "contract.toys.lost_how.codes") == {"T1"}, "nothing is said of no code"


def test_the_order_and_the_labels_of_a_list_change_nothing(tmp_path: Path) -> None:
    lines = COLOURS.splitlines()
    turned = "\n".join([*lines[:4], lines[5].replace("green", "Green"), lines[4], ""])
    said = []
    for i, text in enumerate((COLOURS, turned, COLOURS.replace("2012-12-31", "2013-12-31"))):
        path = tmp_path / f"{i}.yaml"
        path.write_text(text, encoding="utf-8")
        said.append(in_list("colour", as_model(read_yaml(path), CodeList), "made_on"))
    assert said[0] == said[1] != said[2]


def test_a_plain_label_is_a_code_without_days() -> None:
    told = {
        "title": "x",
        "edition": "1",
        "source": "x",
        "codes": {"A": "plain", "B": {"label": "said", "from": "2016-01-01"}},
    }
    codes = CodeList.model_validate(told).codes
    assert (codes["A"].label, codes["A"].since, codes["B"].since) == ("plain", None, dt.date(2016, 1, 1))
