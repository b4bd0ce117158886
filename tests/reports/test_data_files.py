"""The files that other programs read: their names, columns and types are an interface."""

import csv
import datetime as dt
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from a_small_run import EXCEPTIONS, SCHEMA, a_run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dq.formulas import neutralise, neutralised
from dq.reports.data_files import write_data_files
from dq.reports.spreadsheet_text import neutralise_table
from dq.workspace import Workspace
from tests.held_rows import held

RULES_HEADER = "rule_id, severity, dimension, on, status, in_scope, flagged, reason, seconds"
EXCEPTIONS_HEADER = (
    "exception_id, rule_id, severity, dimension, extract, record_key, person_id, team_id, worker_id, fields, values, "
    "message, fix, indicators, first_seen, days_open, state"
)
SCORECARD_HEADER = (
    "scorecard, scope_type, scope_id, scope_name, split, indicator_id, number, title, unit, polarity, period_kind, "
    "period, numerator, denominator, value, target, rag, previous_value, previous_direction, year_ago_value, "
    "year_ago_direction, r3m_value, r3m_rag, value_low, value_high, rag_low, rag_high, settled, "
    "open_exceptions, available, note"
)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    write_data_files(a_run(), folder)
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("name", "header"),
    [("rules.csv", RULES_HEADER), ("exceptions.csv", EXCEPTIONS_HEADER), ("scorecard.csv", SCORECARD_HEADER)],
)
def test_columns_come_in_the_order_others_rely_on(out: Path, name: str, header: str) -> None:
    names = header.split(", ")
    assert list(rows(out / name)[0])[: len(names)] == names


def test_a_run_with_nothing_in_it_still_has_headers(tmp_path: Path) -> None:
    run = a_run()
    empty = held((), SCHEMA.empty_table())
    write_data_files(type(run)(**{**vars(run), "findings": empty, "figures": ()}), tmp_path)
    for name in ("rules.csv", "exceptions.csv", "scorecard.csv"):
        assert len((tmp_path / name).read_text(encoding="utf-8").splitlines()) == 1
    assert json.loads((tmp_path / "scorecard.json").read_text(encoding="utf-8")) == []


def test_run_facts(out: Path) -> None:
    facts = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert facts["period"] == "2016-08"
    assert facts["started_at"] == "2016-11-10T09:00:00+00:00"
    assert facts["rules"] == {"total": 5, "passed": 0, "flagged": 3, "not_applicable": 1, "skipped": 1, "error": 0}
    assert facts["exceptions"] == {"error": 6, "query": 1, "information": 0}
    assert facts["gate"]["decision"] == "caveats"
    assert facts["gate"]["reasons"] == ["One rule could not be run."]
    assert facts["inputs"] == [
        {
            "extract": "cp_visits", "file": "cp_visits.csv", "sha256": "ab12", "rows": 100, "missing_columns": ["seen"],
            "not_held": [], "unknown_columns": ["colour"], "unread_values": 3, "latest_entry": "2016-08-31",
            "rows_in": None, "blank_rows": 0, "title_rows": 0, "rows_without": 0, "rows_merged": 0, "encoding": None,
            "latest_only": False, "filled": {},
        }
    ]  # fmt: skip


def test_a_check_without_a_verdict_publishes_nothing(tmp_path: Path) -> None:
    write_data_files(a_run(published=False), tmp_path)
    assert json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["gate"] is None
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "exceptions.csv", "exceptions.parquet", "rules.csv", "run.json",
    ]  # fmt: skip


def test_a_rule_that_did_not_run_has_no_counts(out: Path) -> None:
    by_id = {row["rule_id"]: row for row in rows(out / "rules.csv")}
    assert (by_id["broken"]["in_scope"], by_id["broken"]["flagged"]) == ("", "")
    assert by_id["broken"]["reason"] == "The column seen is not in cp_visits"
    assert (by_id["nothing-in-scope"]["in_scope"], by_id["nothing-in-scope"]["status"]) == ("0", "not_applicable")
    assert (by_id["seen-missing"]["in_scope"], by_id["seen-missing"]["flagged"]) == ("100", "5")


def test_a_figure_is_plain_and_unrounded(out: Path) -> None:
    dover = {row["indicator_id"]: row for row in rows(out / "scorecard.csv") if row["scope_id"] == "TEAM-DOVER"}
    seen = dover["seen-in-28-days"]
    assert (seen["value"], seen["numerator"], seen["period"], seen["split"]) == ("81.0", "81", "2016-08", "all")
    assert (seen["previous_direction"], seen["previous_movement"]) == ("worse", "down")
    assert (seen["year_ago_direction"], seen["year_ago_value"]) == ("better", "75.25")
    assert (seen["settled"], seen["available"], seen["r3m_value"]) == ("false", "true", "")
    assert (seen["section"], seen["area_id"], seen["band_basis"]) == ("CHILDREN IN NEED", "AREA-NORTH", "inferred")
    absent = dover["unallocated-cases"]
    assert (absent["value"], absent["available"], absent["settled"]) == ("", "false", "")
    assert absent["note"] == "No extract of open cases was given"


def test_json_says_what_csv_says(out: Path) -> None:
    told = json.loads((out / "scorecard.json").read_text(encoding="utf-8"))
    written = rows(out / "scorecard.csv")
    assert len(told) == len(written) == 10
    for one, other in zip(told, written, strict=True):
        assert list(one) == list(other)
        for name, value in one.items():
            if isinstance(value, bool):
                assert other[name] == str(value).lower()
            elif isinstance(value, int | float):
                assert float(other[name]) == value
            else:
                assert other[name].removeprefix("'") == (value or "")


def test_exceptions_keep_their_values_and_lose_their_formulas(out: Path) -> None:
    by_id = {row["exception_id"]: row for row in rows(out / "exceptions.csv")}
    assert len(by_id) == 7
    risky = by_id["e5"]
    assert risky["person_id"] == '\'=HYPERLINK("x")'
    assert (risky["record_key"], risky["worker_id"]) == ("'@SUM(A1)", "'+1")
    assert (risky["message"], risky["fix"]) == ("'-1+1", "'\t=1")
    assert json.loads(risky["values"]) == {"seen": "=cmd|calc"}
    assert (risky["days_open"], risky["first_seen"]) == ("", "2016-08-31")
    assert by_id["e6"]["team_id"] == ""
    assert by_id["e1"]["days_open"] == "10"
    assert pq.read_table(out / "exceptions.parquet").to_pylist() == EXCEPTIONS


def test_a_coded_column_is_written_as_its_text() -> None:
    table = pa.table({"worker_id": pa.array(["=1", "W1", "=1"]).dictionary_encode(), "days": [1, 2, 3]})
    assert neutralise_table(table).to_pydict() == {"worker_id": ["'=1", "W1", "'=1"], "days": [1, 2, 3]}


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("x")', "=1", "+1", "+44 7700 900000", "-1+1", "-A1", "--", "- see note", "@SUM(A1)", "\t=1",
        "\tplain", "\rplain", "\nplain", "  =1", '"=1"', ' "@SUM(A1)', "\u00a0=1", "\ufeff=1", "＝1", "＋1", "−1+1",
        "-5\n",
    ],
)  # fmt: skip
def test_text_that_would_run_is_neutralised(text: str) -> None:
    assert neutralise(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    ["", "-", "–", "-5", "-2.5", "5", "C1", "a=1", "'=1", "2016-08-31", '{"seen": "=1"}', "1-2", "x@y", " plain", "'"],
)
def test_text_that_runs_nothing_is_left_alone(text: str) -> None:
    assert neutralise(text) == text


@given(st.lists(st.one_of(st.none(), st.text("=+-@\t\r\n \"'a5.,＝", max_size=5)), min_size=1))
def test_a_column_is_treated_as_its_cells_are(texts: list[str | None]) -> None:
    column = neutralise_table(pa.table({"text": pa.array(texts, pa.string())}))["text"].to_pylist()
    assert column == [None if text is None else neutralise(text) for text in texts]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.one_of(st.none(), st.text("=+-@\t\r\n \"'a5.,＝", max_size=5)), min_size=1))
def test_sql_treats_a_text_as_python_does(texts: list[str | None], workspace: Workspace) -> None:
    cells = f"SELECT {neutralised('cell')} FROM (SELECT unnest($texts) AS cell)"
    found = workspace.execute(cells, {"texts": texts}).fetchall()
    assert [cell for (cell,) in found] == [None if text is None else neutralise(text) for text in texts]


@given(st.text("=+-@\t \"'a5.", max_size=6))
def test_neutralising_twice_changes_nothing_more(text: str) -> None:
    assert neutralise(neutralise(text)) == neutralise(text)


def test_dates_are_dates_in_parquet(out: Path) -> None:
    assert pq.read_table(out / "exceptions.parquet")["first_seen"].to_pylist()[0] == dt.date(2016, 8, 31)


def test_a_name_in_the_scorecard_cannot_run(out: Path) -> None:
    names = {row["scope_id"]: row["scope_name"] for row in rows(out / "scorecard.csv")}
    assert (names["TEAM-SWALE"], names["TEAM-DOVER"]) == ("'=Swale & Sheppey (18+)", "Dover CSWT")
