"""National returns as they are read: keys worked out, days and text as the Department takes them, and last year's."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dq.model import Column, Contract, Reading
from dq.problems import ProblemsError
from dq.sources.load import load_folder, load_rows
from dq.workspace import Workspace, open_workspace


def _column(name: str, kind: str = "text") -> Column:
    return Column.model_validate({"type": kind, "label": name, "local": True})


COLUMNS = {"child": _column("child"), "began": _column("began", "date"), "place": _column("place")}
SPELLS = Contract(
    title="Spells", one_row="a spell", name="spells", key="record", key_of=["child", "began"], columns=COLUMNS,
    reading=Reading.CAPITALS, with_last_year=True,
)  # fmt: skip
WHOLE = Contract(
    title="Return", one_row="the return", name="submission", key="record", key_of=["file_format"],
    columns={name: _column(name) for name in ("file_format", "local_authority")},
)  # fmt: skip


def _read(folder: Path, text: str, contract: Contract = SPELLS) -> list[tuple[object, ...]]:
    (folder / "spells.csv").write_text(text, encoding="utf-8")
    with open_workspace() as workspace:
        load_folder(workspace, folder, {"spells": contract}, lambda _: None, reference=())
        return workspace.execute("SELECT record, child, CAST(began AS VARCHAR), place, unread FROM spells").fetchall()


def test_text_is_in_capitals_and_is_not_trimmed_and_a_day_has_one_form(tmp_path: Path) -> None:
    text = "Child,Began,Place\nc1,01/02/2017, u1\nc1,2017-02-01,\nc1,1 Feb 2017,\nc1,31/02/2017,\n"
    assert _read(tmp_path, text) == [
        ("C1|2017-02-01", "C1", "2017-02-01", " U1", None),
        ("C1|2017-02-01#2", "C1", None, None, {"began": "2017-02-01"}),
        ("C1|1 FEB 2017", "C1", None, None, {"began": "1 FEB 2017"}),
        ("C1|31/02/2017", "C1", None, None, {"began": "31/02/2017"}),
    ]


def test_as_sent_leaves_text_and_takes_the_other_form(tmp_path: Path) -> None:
    sent = SPELLS.model_copy(update={"reading": Reading.AS_SENT})
    rows = _read(tmp_path, "child,began,place\nc1,2017-02-01, u1\nc1,01/02/2017,\n", sent)
    assert [(row[1], row[2], row[3]) for row in rows] == [("c1", "2017-02-01", " u1"), ("c1", None, None)]


ROWS = st.lists(
    st.tuples(*(st.sampled_from(cells) for cells in (["A", "B", ""], ["01/02/2017", "x", ""], ["", "U1", "U2"]))),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_a_record_keeps_its_key_whatever_the_order(rows: list[tuple[str, str, str]], rng: random.Random) -> None:
    given_rows = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    shuffled = rng.sample(given_rows, len(given_rows))
    with open_workspace() as workspace:
        first, second = (_keyed(workspace, some) for some in (given_rows, shuffled))
    assert sorted(first, key=str) == sorted(second, key=str)
    keys = [key for key, *_ in first]
    assert None not in keys
    assert len(keys) == len(set(keys)), "each has its own"


def _keyed(workspace: Workspace, rows: list[dict[str, str]]) -> list[tuple[object, ...]]:
    load_rows(workspace, SPELLS, rows)
    found: list[tuple[object, ...]] = workspace.execute("SELECT record, child, began, place FROM spells").fetchall()
    return found


def test_a_key_that_an_example_gives_stands() -> None:
    with open_workspace() as workspace:
        load_rows(workspace, SPELLS, [{"record": "a", "child": "C1"}, {"child": "C1"}])
        assert workspace.execute("SELECT record FROM spells").fetchall() == [("a",), ("C1|#2",)]


def test_a_table_without_the_first_column_of_its_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "spells.csv").write_text("person,began\nC1,01/02/2017\n")
    with open_workspace() as workspace, pytest.raises(ProblemsError, match="no column 'child', of the key of spells"):
        load_folder(workspace, tmp_path, {"spells": SPELLS}, lambda _: None, reference=())


@pytest.mark.parametrize("where", ["last_year/spells.csv", "Last year/Spells.csv", "spells_last.csv"])
def test_last_years_may_lie_in_a_folder_or_have_a_name_of_its_own(tmp_path: Path, where: str) -> None:
    (tmp_path / "spells.csv").write_text("child,began\nC1,01/02/2017\n")
    (tmp_path / where).parent.mkdir(exist_ok=True)
    (tmp_path / where).write_text("child,began\nC1,01/02/2016\nC2,01/02/2016\n")
    contracts = {"spells": SPELLS, "spells_last": SPELLS.last_year, "submission": WHOLE}
    with open_workspace() as workspace:
        read = load_folder(workspace, tmp_path, contracts, lambda _: None, reference=(), local_authority="E10000016")
        assert {extract.extract: extract.rows for extract in read} == {"spells": 1, "spells_last": 2, "submission": 1}
        whole = workspace.execute("SELECT file_format, local_authority FROM submission").fetchall()
        assert whole == [("CSV", "E10000016")]


def test_an_authority_that_is_not_said_is_missing(tmp_path: Path) -> None:
    (tmp_path / "spells.csv").write_text("child,began\nC1,01/02/2017\n")
    with open_workspace() as workspace:
        *_, whole = load_folder(
            workspace, tmp_path, {"spells": SPELLS, "submission": WHOLE}, lambda _: None, reference=()
        )
    assert whole.missing_columns == ("local_authority",)
