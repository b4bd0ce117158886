"""What a record holds is in the lists for those who put it right: no message, log or count holds it."""

from __future__ import annotations

import csv
import logging
import re
from pathlib import Path

import psycopg
import pytest
from command_line import dq, dq_here, python

from dq.library.load import load_library
from dq.library.policy import Library
from tests.postgres import postgres_url

__all__ = ["postgres_url"]

CELL = "QZMARKERQZ"
"""Stands in every cell of every record; where a day or a number should be, it cannot be read."""

TALKATIVE = dict.fromkeys(("DEBUG", "VERBOSE"), "1") | dict.fromkeys(
    ("LOG_LEVEL", "LOGLEVEL", "LOGGING_LEVEL"), "DEBUG"
)
"""What makes many programs say more. DQ_TRACEBACK is another matter: it says that it may show values."""

OWN_RULE = """\
title: A rule that fails when it runs, on a cell the engine's message quotes
severity: query
dimension: validity
on: teams
expect: cast(team_name as integer) > 0
fields: [team_name]
message: "The name is not a number"
why: It never is.
fix: Remove the rule.
examples:
  - name: a number
    given: {teams: [{team_id: T1, team_name: "5"}]}
"""


@pytest.fixture(scope="module")
def library(small_policy: Path) -> Library:
    """The part of the policy that is then the policy that ships."""
    return load_library()


@pytest.fixture
def project(library: Library, tmp_path: Path) -> Path:
    """A project in which every cell of three records of every extract holds the marker, and a rule of its own fails."""
    folder = tmp_path / "kent"
    (folder / "rules" / "casework" / "own").mkdir(parents=True)
    (folder / "rules" / "casework" / "own" / "name-is-a-number.yaml").write_text(OWN_RULE, encoding="utf-8")
    (folder / "dq.yaml").write_text("authority: Kent\nscorecard: kent-scs\nextracts: .\nperiod: 2016-08\n", "utf-8")
    for extract, contract in library.contracts.items():
        with (folder / f"{extract}.csv").open("w", encoding="utf-8", newline="") as file:
            rows = [[f"{CELL} {number} {column}" for column in contract.columns] for number in (1, 2, 2)]
            csv.writer(file, lineterminator="\n").writerows([list(contract.columns), *rows])
    return folder


def holders(folder: Path) -> set[str]:
    """Return the files under a folder that hold the marker as text."""
    return {path.name for path in folder.rglob("*") if path.is_file() and CELL.encode() in path.read_bytes()}


def test_a_check_says_nothing_of_what_records_hold(project: Path, tmp_path: Path) -> None:
    ended = dq("check", project, "--out", tmp_path / "out", environment=TALKATIVE)

    assert ended.code == 0, ended.err
    assert "name-is-a-number" in ended.out
    assert CELL not in ended.said
    assert holders(tmp_path / "out") == {"exceptions.csv", "exceptions.parquet"}


def test_a_run_keeps_records_out_of_its_counts_and_its_gate(project: Path, tmp_path: Path) -> None:
    ended = dq("run", project, "--out", tmp_path / "out")

    assert ended.code == 1, ended.err
    assert CELL not in ended.said
    pages = holders(tmp_path / "out" / "gate")
    assert pages <= {"teams.html"}
    assert {"run.json", "rules.csv"} & holders(tmp_path / "out") == set()
    index = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    told = [index, *((tmp_path / "out" / "gate" / page).read_text(encoding="utf-8") for page in pages)]
    held = {column for text in told for column in re.findall(rf"{CELL}\W\d\W(\w+)", text)}
    assert held <= {"team", "team_id", "team_name"}, "whose list it is, and no more"
    assert "exceptions.csv" in holders(tmp_path / "out")


FAULT = """
import sys
import dq.run
from dq.cli import main

def fault(workspace, *_, **__):
    workspace.execute("SELECT CAST(team_name AS INTEGER) FROM teams").fetchall()

dq.run.check = fault
sys.argv = ["dq", "check", "kent"]
main()
"""


def test_an_internal_fault_does_not_pass_on_what_the_engine_says(project: Path) -> None:
    """The engine's message for this statement quotes the cell it could not read."""
    ended = python(FAULT, cwd=project.parent)

    assert ended.code == 3, ended.said
    assert "ConversionException" in ended.err
    assert CELL not in ended.said


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f"{CELL},{CELL},{CELL},{CELL}\n", id="too many cells"),
        pytest.param(f"{CELL}\n", id="too few cells"),
        pytest.param(f'{CELL},"{CELL},{CELL}\n', id="a quote not closed"),
        pytest.param(f'{CELL},"{CELL}"{CELL},{CELL}\n', id="text after a quote"),
        pytest.param(f"{CELL},{CELL}\x81,{CELL}\n", id="in no encoding"),
    ],
)
def test_a_faulty_file_is_refused_without_its_cells(line: str, project: Path) -> None:
    with (project / "teams.csv").open("ab") as file:
        file.write(line.encode("latin-1"))
    ended = dq_here("check", project, "--rules", "contract.teams.*")

    assert ended.code == 2, ended.said
    assert "teams.csv:5: " in ended.err
    assert CELL not in ended.said


# --- what libraries say to the log -----------------------------------------------------------------------


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect what any logger says at any level, however it is set up, with its arguments and its error."""
    said: list[str] = []

    def handle(self: logging.Logger, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        said.append(f"{record.name} {record.getMessage()} {record.args} {error!r} {record.stack_info}")

    monkeypatch.setattr(logging.Logger, "handle", handle)
    monkeypatch.setattr(logging.Logger, "isEnabledFor", lambda self, level: True)
    return said


def test_the_collector_hears_a_logger_that_is_set_to_say_nothing(logged: list[str]) -> None:
    quiet = logging.getLogger("quiet")
    quiet.setLevel(logging.CRITICAL)
    quiet.propagate = False
    quiet.debug("a %s", CELL)
    assert any(CELL in line for line in logged)


def test_no_logger_is_told_what_records_hold(project: Path, tmp_path: Path, logged: list[str]) -> None:
    adopted = tmp_path / "adopted"
    rule = ("name-is-a-number", "--project", project)
    for arguments in (
        ("run", project, "--out", tmp_path / "out"),
        ("check", project, "--out", tmp_path / "check", "--rules", "*teams*"),
        ("check", project, "--explain", "--rules", "own"),
        ("rules", "test", *rule),
        ("init", adopted, "--from", project),
    ):
        ended = dq_here(*arguments)
        assert ended.code in (0, 1), ended.err
        assert CELL not in ended.said, arguments
    with (project / "teams.csv").open("a", encoding="utf-8") as file:
        file.write(f'{CELL},"{CELL},{CELL}\n')
    ended = dq_here("check", project, "--rules", "contract.teams.*")
    assert (ended.code, CELL in ended.said) == (2, False)

    assert logged, "the libraries of a run do log"
    assert [line for line in logged if CELL in line] == []
    assert holders(adopted) == set()


def test_records_in_a_database_stay_there(project: Path, postgres_url: str, tmp_path: Path, logged: list[str]) -> None:
    """The server's own messages quote a value; the rule that fails makes it write one."""
    with psycopg.connect(postgres_url, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA marked")
        for path in project.glob("*.csv"):
            with path.open(encoding="utf-8", newline="") as file:
                heads, *rows = csv.reader(file)
            columns = ", ".join(f"{head} text" for head in heads)
            cursor.execute(f"CREATE TABLE marked.{path.stem} ({columns})".encode())
            marks = ", ".join(["%s"] * len(heads))
            cursor.executemany(f"INSERT INTO marked.{path.stem} VALUES ({marks})".encode(), rows)
    logged.clear()

    ended = dq_here("check", project, "--engine", f"{postgres_url}?schema=marked", "--out", tmp_path / "out")

    assert ended.code == 0, ended.err
    assert "name-is-a-number" in ended.out
    assert CELL not in ended.said
    assert [line for line in logged if CELL in line] == []
    assert holders(tmp_path / "out") == {"exceptions.csv", "exceptions.parquet"}
