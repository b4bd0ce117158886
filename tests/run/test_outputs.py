"""What a run writes: columns other programs rely on, and lists in which no team finds another's records."""

from __future__ import annotations

import csv
import html
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import openpyxl
import pytest
from runs import Ran, records

pytestmark = pytest.mark.xdist_group("kent")

COLUMNS = {
    "rules.csv": "rule_id, severity, dimension, on, status, in_scope, flagged, reason, seconds",
    "exceptions.csv": """exception_id, rule_id, severity, dimension, extract, record_key, person_id, team_id,
        worker_id, fields, values, message, fix, indicators, first_seen, days_open, state""",
    "scorecard.csv": """scorecard, scope_type, scope_id, scope_name, split, indicator_id, number, title, unit,
        polarity, period_kind, period, numerator, denominator, value, target, rag, previous_value,
        previous_direction, year_ago_value, year_ago_direction, r3m_value, r3m_rag, value_low, value_high, rag_low,
        rag_high, settled, open_exceptions, available, note""",
}
"""The columns of the files that programs read, in order; more may follow them."""


def columns(name: str) -> list[str]:
    return [column.strip() for column in COLUMNS[name].split(",")]


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_are_those_programs_rely_on(name: str, flawed: Ran) -> None:
    with (flawed.out / name).open(encoding="utf-8", newline="") as file:
        heading = next(csv.reader(file))
    expected = columns(name)
    assert heading[: len(expected)] == expected


def test_run_json_holds_what_programs_rely_on(flawed: Ran) -> None:
    facts = flawed.facts
    assert set(facts) >= {
        "run_id", "authority", "dataset", "period", "started_at", "finished_at", "engine", "versions", "inputs",
        "rules", "exceptions", "gate", "fingerprints", "seconds",
    }  # fmt: skip
    assert set(facts["rules"]) == {"total", "passed", "flagged", "not_applicable", "skipped", "error"}
    assert set(facts["exceptions"]) == {"error", "query", "information"}
    assert set(facts["gate"]) >= {"decision", "reasons"}
    assert set(facts["fingerprints"]) == {"extracts", "rules", "indicators", "responses"}
    assert (facts["authority"], facts["dataset"], facts["period"]) == ("Kent", "casework", "2016-08")
    for item in facts["inputs"]:
        assert set(item) >= {"extract", "file", "sha256", "rows", "missing_columns", "unknown_columns"}
        lines = (flawed.project / "extracts" / item["file"]).read_bytes().count(b"\n")
        assert item["rows"] == lines - 1, "every record of the file, less its heading"


def test_files_are_where_people_look(flawed: Ran) -> None:
    assert {path.name for path in flawed.out.iterdir()} >= {
        "run.json", "rules.csv", "exceptions.csv", "exceptions.parquet", "scorecard.csv", "scorecard.json",
        "nowcast.csv", "scorecard.html", "scorecard.xlsx", "teams", "gate", "index.html",
    }  # fmt: skip
    assert (flawed.out / "gate" / "index.html").is_file()


def test_the_scorecard_has_a_row_for_every_line_and_scope(flawed: Ran) -> None:
    rows = records(flawed.out / "scorecard.csv")
    scopes = Counter((row["scope_type"], row["scope_id"]) for row in rows)
    teams = records(flawed.project / "extracts" / "teams.csv")
    assert set(scopes.values()) == {71}, "11 of activity, 45 judged, 15 beside the whole"
    assert Counter(kind for kind, _ in scopes)["authority"] == 1
    assert {scope for _, scope in scopes if scope} <= {team["team_id"] for team in teams}
    assert {row["split"] for row in rows} == {"all", "not_uasc", "care_teams", "social_work_teams"}
    by_json = json.loads((flawed.out / "scorecard.json").read_text(encoding="utf-8"))
    assert [(row["scope_id"], row["indicator_id"]) for row in by_json] == [
        (row["scope_id"], row["indicator_id"]) for row in rows
    ]


# --- teams -----------------------------------------------------------------------------------------------


def words_of(path: Path) -> str:
    """Return all that a page or a workbook holds, hidden or not, as text."""
    if path.suffix == ".html":
        return html.unescape(path.read_text(encoding="utf-8"))
    workbook = openpyxl.load_workbook(path)
    cells = [
        str(cell.value) for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value is not None
    ]
    around = [str(sheet.oddHeader) + str(sheet.oddFooter) + sheet.title for sheet in workbook]
    return "\n".join([*cells, *around, *workbook.defined_names, str(workbook.properties)])


def listed_in_workbook(path: Path) -> list[str]:
    """Return the exception ids of the sheet of things to do."""
    rows = [list(row) for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)]
    begin = next((i for i, row in enumerate(rows) if "Exception ID" in row), None)
    if begin is None:
        return []
    place = rows[begin].index("Exception ID")
    return [str(row[place]) for row in rows[begin + 1 :] if row[place]]


NOBODYS = "unallocated"
"""The list of exceptions that belong to no team."""


def test_every_exception_is_in_the_workbook_of_its_team_or_of_nobody(flawed: Ran) -> None:
    by_team: dict[str, list[str]] = defaultdict(list)
    for row in flawed.exceptions:
        by_team[row["team_id"] or NOBODYS].append(row["exception_id"])
    listed = {path.stem: listed_in_workbook(path) for path in (flawed.out / "teams").glob("*.xlsx")}

    assert {team: sorted(ids) for team, ids in listed.items() if ids} == {t: sorted(ids) for t, ids in by_team.items()}
    assert sum(map(len, listed.values())) == sum(flawed.facts["exceptions"].values())
    assert f"{len(by_team[NOBODYS])} belong to no team" in flawed.ended.out

    # Of every rule, what its owners were given is what was found.
    rule_of = {row["exception_id"]: row["rule_id"] for row in flawed.exceptions}
    given = Counter(rule_of[name] for ids in listed.values() for name in ids)
    active = {rule: row for rule, row in flawed.rules.items() if row["rule_status"] == "active"}
    assert given == {rule: int(row["flagged"]) for rule, row in active.items() if row["flagged"] not in {"", "0"}}


def tokens(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z0-9_-]+", text))


def test_no_team_reads_of_another(flawed: Ran) -> None:
    """Neither the id, the name nor any record or child of another team is in a team's page or workbook."""
    teams = {team["team_id"]: team for team in records(flawed.project / "extracts" / "teams.csv")}
    working = {name: team["team_name"] for name, team in teams.items()}
    for team in teams.values():
        working.pop(team["parent_id"], None)
    of_team: dict[str, set[str]] = defaultdict(set)
    told: dict[str, set[str]] = defaultdict(set)
    for row in flawed.exceptions:
        told[row["team_id"]] |= tokens(row["values"] + row["message"])  # a record names what it refers to
        if row["extract"] != "workers":  # a worker in no team may hold the cases of any
            of_team[row["team_id"]] |= {row["exception_id"], row["record_key"], row["person_id"]} - {""}
    paths = sorted(path for path in (flawed.out / "teams").iterdir() if path.stem in teams)
    assert {path.stem for path in paths} == set(of_team) - {""} | set(working)
    assert {path.suffix for path in paths} == {".html", ".xlsx"}

    read: list[str] = []
    for path in paths:
        text, own = words_of(path), path.stem
        others = set().union(*(ids for team, ids in of_team.items() if team != own)) - of_team[own] - told[own]
        read += [
            f"{path.name} holds {name}" for name in sorted(tokens(text) & ((set(working) | others) - {own} - told[own]))
        ]
        # One team's name may be a part of another's: take its own away before looking for theirs.
        rest = text.replace(teams[own]["team_name"], "")
        read += [f"{path.name} names {name}" for team, name in working.items() if team != own and name in rest]
    assert read == []
