"""`dq rules export`: a suite that runs by itself on PostgreSQL flags what `dq check` flags, key for key."""

from __future__ import annotations

import csv
import json
import runpy
import subprocess
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dq.library.load import load_library
from dq.library.policy import Library
from dq.sample import write_sample
from dq.sources.load import load_folder
from dq.workspace import open_workspace
from tests.command_line import Ended, dq_here
from tests.referee.in_postgres import database, fill, make_tables

PROJECT = "authority: Kent\nscorecard: kent-scs\nperiod: 2016-08\n"


@dataclass(frozen=True)
class Exported:
    """A project of sample records, the folder its rules were exported to, and a database that holds its extracts."""

    project: Path
    suite: Path
    url: str


@pytest.fixture(scope="module")
def library(small_policy: Path) -> Library:
    """The part of the policy that is then the policy that ships."""
    return load_library()


@pytest.fixture(scope="module")
def project(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    write_sample("kent-2016-08", folder / "extracts", seed=3, scale=0.02, defects=0.08)
    (folder / "dq.yaml").write_text(PROJECT, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def exported(project: Path, library: Library, postgres_url: str) -> Iterator[Exported]:
    suite = project / "suite"
    done = dq_here("rules", "export", "--to", "great-expectations", "--project", project, "--out", suite)
    assert done.code == 0, done.said
    with database(postgres_url, "exported") as connection:
        with open_workspace() as workspace:
            load_folder(workspace, project / "extracts", library.contracts, lambda _: None)
            make_tables(connection, library)
            fill(connection, workspace, library, [*library.contracts, "calendar", "postcodes"])
        yield Exported(project, suite, _as_sqlalchemy(postgres_url, "exported"))


def _as_sqlalchemy(url: str, schema: str) -> str:
    return f"{url.replace('postgresql:', 'postgresql+psycopg:')}?options=-csearch_path%3D{schema}"


ALONE = """
import runpy, sys
sys.modules["dq"] = None
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
"""Runs a program where Plumbline cannot be imported."""


def _run_suite_alone(suite: Path, url: str, *arguments: str | Path) -> Ended:
    """Run the exported program as its users do."""
    command = [sys.executable, "-c", ALONE, suite / "run_suite.py", url, *arguments]
    done = subprocess.run([str(part) for part in command], capture_output=True, encoding="utf-8", cwd=suite)
    return Ended(done.returncode, done.stdout, done.stderr)


def _run_suite(suite: Path, url: str, *arguments: str | Path) -> int:
    """Run the exported program in this process, which has imported Great Expectations already."""
    program = runpy.run_path(str(suite / "run_suite.py"))
    with warnings.catch_warnings():
        code: int = program["main"]([url, *map(str, arguments)])
    return code


def _flagged(path: Path) -> Counter[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return Counter((row["rule_id"], row["record_key"]) for row in csv.DictReader(file))


def test_the_suite_flags_what_dq_check_flags(exported: Exported, record_property: pytest.RecordProperty) -> None:
    assert dq_here("check", exported.project, "--out", exported.project / "checked").code == 0
    done = _run_suite_alone(exported.suite, exported.url, "--out", exported.project / "results")
    assert done.code == 1, done.said  # there are errors among what is flagged

    ours = _flagged(exported.project / "checked" / "exceptions.csv")
    left_out = {rule for rule, _ in ours if rule.endswith(".readable")}
    comparable = Counter({key: n for key, n in ours.items() if key[0] not in left_out})
    theirs = _flagged(exported.project / "results" / "flagged.csv")
    assert theirs == comparable

    with (exported.project / "results" / "rules.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["status"] for row in rows} == {"passed", "flagged"}, "every rule ran"
    assert {row["rule_id"]: int(row["flagged"]) for row in rows if row["flagged"] != "0"} == Counter(
        rule for rule, _ in theirs.elements()
    )
    flagging = sum(row["status"] == "flagged" for row in rows)
    assert flagging > 30, "the sample has something wrong for many rules"
    found = f"{flagging} of which flag {theirs.total()} records"
    record_property("referee", f"Great Expectations on PostgreSQL agrees on {len(rows)} exported rules, {found}")


def test_rules_whose_reference_table_is_empty_are_not_run(
    exported: Exported, postgres_url: str, library: Library
) -> None:
    suite = json.loads((exported.suite / "suite.json").read_text(encoding="utf-8"))
    needing = {item["meta"]["rule_id"] for item in suite["expectations"] if "postcodes" in item["meta"]["needs"]}
    assert {"placement-postcode-unknown", "home-postcode-unknown"} <= needing
    with database(postgres_url, "prepared") as connection:
        make_tables(connection, library)
        connection.execute("DROP TABLE calendar, postcodes")
        url = _as_sqlalchemy(postgres_url, "prepared")
        assert _run_suite(exported.suite, url, "--prepare") == 0
        assert _run_suite(exported.suite, url, "--prepare") == 0, "twice is once"
        days = "SELECT string_agg(day || ' ' || working_day, ',' ORDER BY day) FROM {}.calendar"
        assert (
            connection.execute(days.format("prepared")).fetchone()
            == connection.execute(days.format("exported")).fetchone()
        )
        assert _run_suite(exported.suite, url, "--out", exported.project / "empty") == 1
    with (exported.project / "empty" / "rules.csv").open(encoding="utf-8", newline="") as file:
        not_run = {row["rule_id"]: row["reason"] for row in csv.DictReader(file) if row["status"] == "not run"}
    assert not_run == dict.fromkeys(needing, "postcodes has no rows")


def test_a_database_without_the_extracts_is_refused_in_words(
    exported: Exported, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run_suite(exported.suite, "postgresql+psycopg://nobody@127.0.0.1:1/none") == 2
    said = "run_suite: OperationalError: the database refused; is every extract there?\n"
    assert capsys.readouterr().err == said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--dialect", "oracle"], "dq: SQL cannot be written for 'oracle'. Known: postgres.\n"),
        (["--rules", "move-without-reasons"],
         "dq: no rule is named like 'move-without-reasons'. Did you mean 'move-without-reason'?\n"),
        (["--period", "2016-13"], "dq: '2016-13' is not a month. Write it as YYYY-MM, such as 2016-08.\n"),
    ],
)  # fmt: skip
def test_what_cannot_be_exported_is_refused(project: Path, arguments: list[str], said: str) -> None:
    out = project / "refused"
    done = dq_here("rules", "export", "--to", "great-expectations", "--project", project, "--out", out, *arguments)
    assert (done.code, done.err) == (2, said)
    assert not out.exists()


def test_an_export_takes_the_place_of_an_earlier_one_and_of_nothing_else(project: Path) -> None:
    out = project / "twice"
    export = ("rules", "export", "--to", "great-expectations", "--project", project, "--out", out, "--rules")
    assert dq_here(*export, "placements").code == 0
    assert dq_here(*export, "move-without-reason").code == 0
    suite = json.loads((out / "suite.json").read_text(encoding="utf-8"))
    (only,) = suite["expectations"]
    assert only["meta"]["rule_id"] == "move-without-reason"
    assert only["severity"] == "critical"
    assert "placements_in_order AS (" in only["kwargs"]["unexpected_rows_query"]
    assert "2016-08-31" in only["kwargs"]["unexpected_rows_query"]
    (out / "suite.json").write_text("mine", encoding="utf-8")
    assert dq_here(*export, "placements").code == 2


def test_what_a_typed_column_cannot_hold_is_left_out_and_named(project: Path) -> None:
    out = project / "contract"
    done = dq_here(
        "rules", "export", "--to", "great-expectations", "--project", project, "--out", out,
        "--rules", "contract.persons.*",
    )  # fmt: skip
    assert done.code == 0
    suite = json.loads((out / "suite.json").read_text(encoding="utf-8"))
    exported = {item["meta"]["rule_id"] for item in suite["expectations"]}
    assert "contract.persons.dob.required" in exported
    assert "contract.persons.dob.readable" not in exported
    assert "`contract.persons.dob.readable`" in (out / "README.md").read_text(encoding="utf-8")
