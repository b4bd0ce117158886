"""The scorecard of recording quality says what the ledger knows: counted here by hand from a few months."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from command_line import dq_here
from months import Authority, placement
from runs import records

from dq.engine.counts import entry_delays, entry_delays_by_team
from dq.indicators.examples import run_indicator_examples
from dq.library.load import load_library
from dq.library.policy import Library
from dq.model import ExtractRead, Recording
from dq.workspace import Workspace, open_workspace

pytestmark = pytest.mark.usefixtures("small_policy")

POSTCODE = "placement-postcode-missing"


def month(kent: Authority, period: str, *faulty: str, gone: str = "", held: int = 0) -> None:
    rows = [placement(f"P{i}", postcode="" if f"P{i}" in faulty else "ME14 1XX") for i in range(1, 7)]
    by_team = {"T1": (6, 1.0, 8.0), "T2": (3, 4.0, 12.0)}
    counted = Recording({"T1": held}, {"all": (9, 2.0, 11.5), "cin_visits": (4, 1.0, 3.0)}, by_team)
    kent.run(period, *[row for row in rows if row["placement_id"] != gone], recording=counted)


def waive(kent: Authority, key: str, period: str) -> None:
    found = str(kent.listed[period, POSTCODE][key]["exception_id"])
    said = ("--why", "Protected", "--asked-by", "A", "--approved-by", "B", "--until", "2099-01-01")
    assert dq_here("waive", found, *said, "--project", kent.folder).code == 0


def test_the_figures_are_those_counted_by_hand(tmp_path: Path) -> None:
    (tmp_path / "dq.yaml").write_text("authority: Kent\nscorecard: kent-scs\n", encoding="utf-8")
    kent = Authority(tmp_path, (POSTCODE,))
    month(kent, "2016-05", "P1", "P2", "P3", "P4", held=40)
    waive(kent, "P4", "2016-05")
    month(kent, "2016-06", "P2", "P3", "P4", held=50)  # P1 is fixed after 30 days
    month(kent, "2016-07", "P1", "P3", "P4", gone="P2", held=60)  # P2 is gone; P1 is back
    month(kent, "2016-08", "P1", "P4", "P5", held=80)  # P3 is fixed after 92 days; P5 is new
    month(kent, "2016-08", "P1", "P4", "P5", "P6", held=80)  # August again: P6 is new

    ended = dq_here("ledger", "quality", "--project", kent.folder, "--publish")
    assert ended.code == 0, ended.said
    card = records(kent.folder / "recording" / "2016-08" / "scorecard.csv")
    whole = {row["indicator_id"]: row for row in card if row["scope_type"] == "authority"}
    assert {name: (row["numerator"], row["denominator"]) for name, row in whole.items()} == {
        "faults_per_100_records": ("4", "80"),
        "faults_open": ("", ""),
        "default_code_faults": ("", ""),
        "days_to_fix": ("122", "2"),
        "faults_come_back": ("1", "4"),
        "faults_not_corrected": ("1", "3"),
        "faults_waived": ("", ""),
        "faults_lapsed": ("", ""),
        "entry_delay_median": ("18", "9"),
        "entry_delay_nine_of_ten": ("103.5", "9"),
        "entry_delay_median_by_team": ("18", "9"),
        "entry_delay_nine_of_ten_by_team": ("84", "9"),
    }
    assert {name: whole[name]["value"] for name in ("faults_open", "faults_waived", "faults_lapsed")} == {
        "faults_open": "4.0", "faults_waived": "1.0", "faults_lapsed": "0.0",
    }  # fmt: skip
    assert (whole["faults_open"]["previous_value"], whole["days_to_fix"]["previous_value"]) == ("3.0", "30.0")
    of_teams = [row for row in card if row["indicator_id"] == "entry_delay_nine_of_ten_by_team"]
    assert {row["scope_id"]: row["value"] for row in of_teams if row["scope_type"] == "team"} == {
        "T1": "8.0", "T2": "12.0",
    }  # fmt: skip
    published = records(kent.folder / "recording" / "2016-08" / "published" / "scorecard.csv")
    shown = {row["indicator_id"]: row["value"] for row in published if row["scope_type"] == "authority"}
    assert shown["faults_open"] == "", "four is a small number"
    late = {row["scope_id"]: row["value"] for row in published if row["indicator_id"] == "entry_delay_median_by_team"}
    assert late["T2"] == "", "and so are three records"


def test_the_examples_of_its_indicators_hold() -> None:
    library = load_library("recording")
    with open_workspace() as workspace:
        outcomes = list(run_indicator_examples(workspace, library, library.indicators.values()))
    assert [outcome for outcome in outcomes if outcome.fault] == []
    assert {outcome.rule_id for outcome in outcomes} == set(library.indicators)


def test_days_to_entry_are_of_the_month_in_which_it_was_entered(library: Library, workspace: Workspace) -> None:
    workspace.execute("CREATE TABLE cin_visits (visit_date DATE, recorded_on DATE)")
    late = ", ".join(f"(DATE '2016-08-31' - {days}, DATE '2016-08-31')" for days in range(11))
    workspace.execute(f"INSERT INTO cin_visits VALUES {late}")
    workspace.execute("INSERT INTO cin_visits VALUES ('2016-07-01', '2016-07-31'), (NULL, '2016-08-02')")
    read = [ExtractRead(name, "a.csv" if name == "cin_visits" else None, None, 13) for name in library.contracts]
    found = entry_delays(workspace, library.contracts, read, dt.date(2016, 8, 31))
    assert found == {"all": (11, 5.0, 9.0), "cin_visits": (11, 5.0, 9.0)}


def test_days_to_entry_are_of_the_team_that_held_the_case_then(library: Library, workspace: Workspace) -> None:
    tables = {
        "teams": "team_id TEXT, start_date DATE, end_date DATE, successor_id TEXT, service TEXT",
        "involvements": "involvement_id TEXT, person_id TEXT, team_id TEXT, start_date DATE, end_date DATE, "
        "worker_id TEXT, case_type TEXT, role TEXT DEFAULT 'Allocated Case Worker'",
        "cin_visits": "visit_id TEXT, person_id TEXT, visit_date DATE, recorded_on DATE",
    }
    for table, columns in tables.items():
        workspace.execute(f"CREATE TABLE {table} ({columns})")
    workspace.execute("INSERT INTO teams (team_id) VALUES ('T1'), ('T2')")
    workspace.execute(
        "INSERT INTO involvements (involvement_id, person_id, team_id, start_date, end_date) VALUES "
        "('I1', 'C1', 'T1', '2016-01-01', '2016-08-10'), ('I2', 'C1', 'T2', '2016-08-10', NULL), "
        "('I3', 'C2', 'T1', '2016-01-01', '2016-07-01')"
    )
    workspace.execute(
        "INSERT INTO cin_visits VALUES ('V1', 'C1', '2016-08-05', '2016-08-08'), "
        "('V2', 'C1', '2016-08-20', '2016-08-21'), ('V3', 'C2', '2016-08-15', '2016-08-30'), "
        "('V4', 'C3', '2016-08-15', '2016-08-30'), ('V5', 'C1', '2016-07-05', '2016-07-08')"
    )
    read = [ExtractRead(name, "a.csv" if name == "cin_visits" else None, None, 5) for name in library.contracts]
    found = entry_delays_by_team(workspace, library, read, dt.date(2016, 8, 31))
    # V1 took 3 days and V3, of a case that T1 was the last to hold, 15; V2 took 1. C3 is nobody's, V5 of July.
    assert found == {"T1": (2, 9.0, pytest.approx(13.8)), "T2": (1, 1.0, 1.0)}
