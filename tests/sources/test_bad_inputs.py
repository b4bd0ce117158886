"""What `dq check` says of files and databases that are not what they should be.

A refusal names the file, the line where there is one, what was found and what would be accepted; its exit code
is 2; it quotes no cell and writes nothing.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import psycopg
import pytest
from bad.books import BOOKS
from bad.folders import FILES
from bad.making import CELL, HEADINGS, KNOWN, SOUND, Fault
from bad.tables import TABLES
from bad.texts import TEXTS
from command_line import dq, dq_here
from extract_files import csv_bytes, everything_under, write_files
from postgres import LOCKED, postgres_url

__all__ = ["postgres_url"]

pytestmark = pytest.mark.usefixtures("policy_loaded_once")

FAULTS = {**TEXTS, **FILES, **BOOKS, **TABLES}


def settings(extracts: str) -> str:
    return json.dumps({"authority": "Kent", "scorecard": "kent-scs", "period": "2016-08", "extracts": extracts})


def refused(kent: Path, says: str) -> None:
    """Check a project; it must be refused with this message and no more, and leave everything as it was."""
    before = everything_under(kent.parent)
    ended = dq_here("check", kent, "--out", kent.parent / "made" / "out")
    assert (ended.code, ended.out, ended.err) == (2, "", f"dq: {says.format(kent=kent)}\n")
    assert CELL not in ended.said
    assert everything_under(kent.parent) == before


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_named_and_nothing_is_written(fault: Fault, tmp_path: Path) -> None:
    kent = write_files(tmp_path / "kent", fault.files)
    fault.make(kent)
    (kent / "dq.yaml").write_text(settings(fault.extracts), encoding="utf-8")
    refused(kent, fault.says)


def test_there_are_many_faults() -> None:
    assert len(FAULTS) >= 60


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="whoever runs this may read every file")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    kent = write_files(tmp_path / "kent", {"persons.csv": csv_bytes(HEADINGS, SOUND)})
    (kent / "persons.csv").chmod(0)
    ended = dq_here("check", kent, "--period", "2016-08", "--out", tmp_path / "out")
    assert (ended.code, ended.err) == (2, f"dq: {kent}/persons.csv: Permission denied.\n")


@pytest.fixture(scope="module")
def locked(postgres_url: str) -> str:
    """A database with a user who needs a password, and may read nothing but the list of tables."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {LOCKED} LOGIN PASSWORD 'right'".encode())
        connection.execute("CREATE SCHEMA faulty")
        connection.execute("CREATE TABLE faulty.persons (dob text)")
        connection.execute("CREATE SCHEMA shut")
        connection.execute("CREATE TABLE shut.persons (person_id text)")
        connection.execute("CREATE SCHEMA bare")
        connection.execute("CREATE TABLE bare.patients (person_id text)")
        connection.execute(f"GRANT SELECT ON faulty.persons TO {LOCKED}".encode())
    return postgres_url.partition("@")[2].removesuffix("/postgres")


FORM = "Write it as postgresql://user@host/database?schema=name; a password is best kept in PGPASSWORD or ~/.pgpass."
IN_POSTGRES = {
    "a wrong password": (
        f"{LOCKED}:{CELL}@[host]/postgres",
        "the database postgresql://[host]/postgres cannot be opened: the password is wrong. " + FORM,
    ),
    "no password": (
        f"{LOCKED}@[host]/postgres",
        "the database postgresql://[host]/postgres cannot be opened: it asks for a password. " + FORM,
    ),
    "no such database": (
        f"plumbline:{CELL}@[host]/kant",
        "the database postgresql://[host]/kant cannot be opened: there is no such user or database. " + FORM,
    ),
    "nobody there": (
        f"plumbline:{CELL}@127.0.0.1:1/kent",
        "the database postgresql://127.0.0.1:1/kent cannot be opened: nothing answers there. " + FORM,
    ),
    "no address": (f"plumbline:{CELL}@[::1/kent", "the address of the database cannot be read. " + FORM),
    "no name of a schema": (
        f"plumbline:{CELL}@[host]/postgres?schema=a;b",
        "the schema of the database's address cannot be read. " + FORM,
    ),
    "no such schema": (
        "plumbline@[host]/postgres?schema=kant",
        "the schema 'kant' of postgresql://[host]/postgres holds no table that this user can see. "
        "Say which schema with ?schema=name.",
    ),
    "a table that may not be read": (
        f"{LOCKED}:right@[host]/postgres?schema=shut",
        "the schema 'shut' of postgresql://[host]/postgres holds no table that this user can see. "
        "Say which schema with ?schema=name.",
    ),
    "no table of ours": (
        "plumbline@[host]/postgres?schema=bare",
        f"the database holds no extract. It holds patients. {KNOWN}",
    ),
    "a table without its key": (
        "plumbline@[host]/postgres?schema=faulty",
        "table faulty.persons: there is no column 'person_id', the key of persons. Of its columns there are dob.",
    ),
}


@pytest.mark.parametrize(("address", "says"), IN_POSTGRES.values(), ids=IN_POSTGRES.keys())
def test_a_fault_in_postgresql_is_named_and_no_password_is_told(
    address: str, says: str, locked: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PGPASSWORD", "PGPASSFILE"):
        monkeypatch.delenv(name, raising=False)
    kent = write_files(tmp_path / "kent", {})
    (kent / "dq.yaml").write_text(settings("postgresql://" + address.replace("[host]", locked)), encoding="utf-8")
    refused(kent, says.replace("[host]", locked))


def test_a_fault_ends_a_process_as_it_ends_a_call(tmp_path: Path) -> None:
    write_files(tmp_path / "kent", TEXTS["a row with too many cells"].files)
    before = everything_under(tmp_path)

    for command in ("check", "run"):
        ended = dq(command, "kent", "--period", "2016-08", cwd=tmp_path)
        assert (ended.code, ended.out) == (2, "")
        assert ended.err.startswith("dq: kent/persons.csv:4: this row has 11 cells")
        assert "Traceback" not in ended.err
        assert CELL not in ended.err
    assert everything_under(tmp_path) == before
