"""`dq check --engine postgresql://…`: the exceptions that files give, with the records left where they are."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dq.library.policy import Library
from dq.model import ColumnType
from dq.sample import write_sample
from dq.sources.load import load_rows
from dq.workspace import open_workspace
from tests.command_line import dq
from tests.postgres import postgres_url

__all__ = ["postgres_url"]

TYPES = {
    ColumnType.TEXT: "varchar(400)", ColumnType.CODE: "char(60)", ColumnType.DATE: "date",
    ColumnType.DATETIME: "timestamp", ColumnType.INTEGER: "integer", ColumnType.NUMBER: "numeric",
}  # fmt: skip
SETTINGS = "authority: Kent\nscorecard: kent-scs\nperiod: 2016-08\nextracts: {}\n"


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small authority's extracts with defects, some of them dates that are none."""
    folder = tmp_path_factory.mktemp("small") / "extracts"
    write_sample("kent-2016-08", folder, seed=3, scale=0.03, defects=0.03)
    (folder / "truth.csv").unlink()
    return folder


@pytest.fixture(scope="module")
def database(postgres_url: str, records: Path, library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The records as text in the schema ``staging``, and typed in ``mart``, which the folder holds too."""
    typed = tmp_path_factory.mktemp("typed")
    with psycopg.connect(postgres_url, autocommit=True) as connection, open_workspace() as workspace:
        connection.execute("CREATE SCHEMA staging")
        connection.execute("CREATE SCHEMA mart")
        for path in sorted(records.glob("*.csv")):
            contract = library.contracts[path.stem]
            rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
            columns = list(rows[0])
            quoted = ", ".join(f'"{column.upper()}" text' for column in columns)
            connection.execute(f'CREATE TABLE staging."{path.stem.title()}" ({quoted})'.encode())
            _fill(connection, f'staging."{path.stem.title()}"', [[row[c] for c in columns] for row in rows])
            load_rows(workspace, contract, rows)
            kinds = ", ".join(f"{column} {TYPES[contract.columns[column].type]}" for column in contract.columns)
            held = workspace.execute(f"SELECT {', '.join(contract.columns)} FROM {path.stem}").fetchall()
            connection.execute(f"CREATE TABLE mart.{path.stem} ({kinds})".encode())
            _fill(connection, f"mart.{path.stem}", held)
            with (typed / path.name).open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([list(contract.columns), *held])
    return typed


def _fill(connection: psycopg.Connection, table: str, rows: list) -> None:  # type: ignore[type-arg]
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)


def _check(tmp_path: Path, extracts: Path, *engine: str) -> bytes:
    project = tmp_path / f"project{len(list(tmp_path.iterdir()))}"
    project.mkdir()
    (project / "dq.yaml").write_text(SETTINGS.format(extracts))
    ended = dq("check", project, "--out", project / "out", *engine)
    assert (ended.code, ended.err) == (0, ""), ended.err
    return (project / "out" / "exceptions.csv").read_bytes()


def test_text_tables_give_what_their_files_give(
    postgres_url: str, database: Path, records: Path, tmp_path: Path
) -> None:
    there = _check(tmp_path, records, "--engine", f"{postgres_url}?schema=staging")
    assert there == _check(tmp_path, records)
    assert there.count(b"\n") > 50
    assert b".readable" in there, "some dates are none, and are shown as they came"


def test_typed_tables_give_what_their_files_give(postgres_url: str, database: Path, tmp_path: Path) -> None:
    there = _check(tmp_path, database, "--engine", f"{postgres_url}?schema=mart")
    assert there == _check(tmp_path, database)
    assert there.count(b"\n") > 50


@pytest.fixture
def everything(postgres_url: str, database: Path) -> Iterator[list[tuple[str, ...]]]:
    with psycopg.connect(postgres_url) as connection:
        asked = "SELECT table_schema, table_name, table_type FROM information_schema.tables ORDER BY 1, 2"
        before = connection.execute(asked.encode()).fetchall()
        connection.rollback()
        yield before
        assert connection.execute(asked.encode()).fetchall() == before


@pytest.mark.usefixtures("everything")
def test_the_database_is_left_as_it_was(postgres_url: str, database: Path, tmp_path: Path) -> None:
    _check(tmp_path, database, "--engine", f"{postgres_url}?schema=mart", "--rules", "placement*")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mysql://somewhere/db", "the engine is no address of a database"),
        (
            "postgresql://me:hush@127.0.0.1:1/db",
            "the database postgresql://127.0.0.1:1/db cannot be opened: nothing answers there.",
        ),
        ("postgresql://me@127.0.0.1/db?colour=1", "the address of the database cannot be read"),
    ],
)
def test_an_address_that_leads_nowhere(address: str, said: str, records: Path, tmp_path: Path) -> None:
    (tmp_path / "dq.yaml").write_text(SETTINGS.format(records))
    ended = dq("check", tmp_path, "--engine", address)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert "hush" not in ended.err
    assert "Traceback" not in ended.err


def test_a_schema_without_extracts(postgres_url: str, records: Path, tmp_path: Path) -> None:
    (tmp_path / "dq.yaml").write_text(SETTINGS.format(records))
    ended = dq("check", tmp_path, "--engine", f"{postgres_url}?schema=elsewhere")
    assert ended.code == 2
    assert "schema 'elsewhere'" in ended.err
    assert "holds no extract" in ended.err
