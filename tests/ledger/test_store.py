"""The ledger is only added to, whole or not at all, by one writer at a time; and whatever is changed in it is found."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from dq.ledger.bulk import in_columns
from dq.ledger.chain import Row
from dq.ledger.entries import append, entries
from dq.ledger.store import Ledger, open_ledger
from dq.ledger.tables import METADATA, OF_ENTRIES, RELEASE, RESPONSE
from dq.ledger.verify import verify
from dq.problems import ProblemsError
from tests.postgres import postgres_url

__all__ = ["postgres_url"]

ROOT = Path(__file__).resolve().parents[2]
PLACES = ["sqlite", "postgres"]


@pytest.fixture(params=PLACES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/ledger.sqlite"
        return
    url = request.getfixturevalue("postgres_url")
    yield url
    with open_ledger(url, tmp_path, None) as ledger, ledger.writing() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


@pytest.fixture
def ledger(address: str, tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(address, tmp_path, None) as opened:
        yield opened


def release(name: str) -> Row:
    return {"kind": "rule", "name": name, "fingerprint": "0123456789abcdef"}


def add(ledger: Ledger, *names: str) -> int:
    with ledger.writing() as connection:
        rows = {RELEASE: [release(name) for name in names]}
        return append(connection, "release", {"names": list(names)}, rows).number


def numbers(ledger: Ledger) -> list[int]:
    with ledger.reading() as connection:
        return [entry.number for entry in entries(connection)]


def test_entries_follow_one_another_and_are_intact(ledger: Ledger) -> None:
    assert [add(ledger, "one", "two"), add(ledger, "three")] == [2, 3], "the first says what form the ledger has"
    found = verify(ledger)
    assert (found.faults, found.entries, found.rows) == ((), 3, 3)


def test_the_migrations_make_the_tables_that_are_written_to(ledger: Ledger) -> None:
    with ledger.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_rows_that_the_database_refuses_are_told_without_their_values(ledger: Ledger) -> None:
    with pytest.raises(ProblemsError, match="cannot be used") as refused:
        add(ledger, "twice", "twice")
    assert "twice" not in str(refused.value)
    assert numbers(ledger) == [1]


def test_what_is_read_in_columns_is_what_was_written_whatever_it_holds(ledger: Ledger) -> None:
    names = ["plain", 'say "no"', '","', '", "', "\\", "null", "", "two\nlines", "\x1f", "naïve, 子", "[]", "None"]
    first, second = add(ledger, *names), add(ledger, *(name for name in names if name.isalpha()))
    with ledger.reading() as connection:
        both = in_columns(connection, RELEASE, [first, 99, second])
        none = in_columns(connection, RESPONSE, [first])
    assert Counter(both.column("name").to_pylist()) == Counter([*names, "plain", "null", "None"])
    assert both.column("entry").to_pylist() == [first] * len(names) + [second] * 3
    assert none.num_rows == 0
    assert none.column_names == [column.name for column in RESPONSE.columns]


@pytest.mark.parametrize("change", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_no_row_is_changed_or_removed(ledger: Ledger, change: str) -> None:
    add(ledger, "one")
    for table, column in (("entry", "hash"), ("release", "name")):
        with pytest.raises(ProblemsError, match="only added to"), ledger.writing() as connection:
            connection.execute(text(change.format(table, column)))
    assert verify(ledger).intact


def test_an_entry_that_is_broken_off_is_not_there(ledger: Ledger) -> None:
    def broken_off() -> None:
        with ledger.writing() as connection:
            append(connection, "release", {}, {RELEASE: [release("one")]})
            raise KeyError("interrupted")

    with pytest.raises(KeyError, match="interrupted"):
        broken_off()
    assert numbers(ledger) == [1]
    assert verify(ledger).rows == 0


TAMPER = {
    "what an entry says": "UPDATE entry SET content = '{}' WHERE number = 2",
    "when": "UPDATE entry SET at = '2016-01-01T00:00:00+00:00' WHERE number = 2",
    "an entry gone": "DELETE FROM entry WHERE number = 2",
    "a row changed": "UPDATE release SET fingerprint = 'fedcba9876543210' WHERE name = 'two'",
    "a row gone": "DELETE FROM release WHERE name = 'two'",
    "a row added": "INSERT INTO release VALUES (3, 'rule', 'four', '0123456789abcdef')",
    "a row of no entry": "INSERT INTO release VALUES (9, 'rule', 'four', '0123456789abcdef')",
    "a row said to be purged": "INSERT INTO purged VALUES (3, 2, 'release')",
    "a trigger gone": "DROP TRIGGER run_stays",
}


@pytest.mark.parametrize("change", TAMPER.values(), ids=TAMPER.keys())
def test_whatever_is_changed_past_the_triggers_is_found(tmp_path: Path, change: str) -> None:
    with open_ledger("sqlite:///ledger.sqlite", tmp_path, None) as ledger:
        add(ledger, "one", "two")
        add(ledger, "three")
    raw = sqlite3.connect(tmp_path / "ledger.sqlite")
    with raw:
        triggers = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        if not change.startswith("DROP"):
            for name, _ in triggers:
                raw.execute(f"DROP TRIGGER {name}")
        raw.execute(change)
        if not change.startswith("DROP"):
            for _, sql in triggers:
                raw.execute(sql)
    raw.close()
    with open_ledger("sqlite:///ledger.sqlite", tmp_path, None) as ledger:
        assert not verify(ledger).intact


def dump(path: Path) -> list[str] | None:
    """Return all that a database file says, or None where it cannot be read."""
    raw = sqlite3.connect(path)
    try:
        said = list(raw.iterdump())
        found = [raw.execute(f"SELECT * FROM {table.name}").fetchall() for table in OF_ENTRIES]
        return [*said, repr(found)]
    except sqlite3.Error:
        return None
    finally:
        raw.close()


def test_a_flipped_byte_is_found_wherever_it_says_anything(tmp_path: Path) -> None:
    """A byte of unused space says nothing: then all that can be read is as it was."""
    path = tmp_path / "ledger.sqlite"
    with open_ledger(f"sqlite:///{path}", tmp_path, None) as ledger:
        for i in range(20):
            add(ledger, *(f"{i} {j}" for j in range(20)))
    sound, before = path.read_bytes(), dump(path)
    chance, found = random.Random(1), 0
    for _ in range(200):
        at = chance.randrange(len(sound))
        path.write_bytes(sound[:at] + bytes([sound[at] ^ (1 << chance.randrange(8))]) + sound[at + 1 :])
        try:
            with open_ledger(f"sqlite:///{path}", tmp_path, None) as ledger:
                intact = verify(ledger).intact
        except ProblemsError:
            intact = False
        assert not intact or dump(path) == before, f"byte {at}"
        found += not intact
    assert found > 50, "most of the file is what was written"


WRITER = """
import sys
from pathlib import Path
from dq.ledger.entries import append
from dq.ledger.store import open_ledger
from dq.ledger.tables import RELEASE
address, name, many = sys.argv[1:]
row = {"kind": "rule", "fingerprint": "0123456789abcdef"}
with open_ledger(address, Path(), None) as ledger:
    for i in range(int(many)):
        with ledger.writing() as connection:
            append(connection, "release", {"i": i}, {RELEASE: [{**row, "name": f"{name}.{i}.{j}"} for j in range(50)]})
        print(i, flush=True)
"""


def writer(address: str, name: str, many: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", "-c", WRITER, address, name, str(many)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_ten_at_once_all_get_in_from_the_very_first(address: str, tmp_path: Path) -> None:
    writers = [writer(address, f"w{i}", 3) for i in range(10)]
    assert [one.communicate()[0].count("\n") and one.returncode for one in writers] == [0] * 10
    with open_ledger(address, tmp_path, None) as ledger:
        found = verify(ledger)
        assert (found.faults, found.entries, found.rows) == ((), 31, 1500)


def test_a_writer_killed_at_any_moment_leaves_it_sound(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/ledger.sqlite"
    chance, said = random.Random(2), 0
    for i in range(5):
        one = writer(address, f"w{i}", 10_000)
        assert one.stdout is not None
        for _ in range(chance.randrange(1, 20)):
            one.stdout.readline()
        one.kill()
        said += one.communicate()[0].count("\n")
        with open_ledger(address, tmp_path, None) as ledger:
            found = verify(ledger)
            assert found.faults == ()
            assert found.rows == 50 * (found.entries - 1), "each entry is there with all its rows"


def test_what_is_no_ledger_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_text("person_id,name\n" * 200, encoding="utf-8")
    refused = {
        "sqlite:///ledger.sqlite": "not a database",
        "mysql://host/x": "cannot be kept in 'mysql'",
        "ledger.sqlite": "no address",
        "sqlite://": "in a file",
        "sqlite:////nowhere/at/all/ledger.sqlite": "unable to open",
    }
    for address, words in refused.items():
        with pytest.raises(ProblemsError, match=words), open_ledger(address, tmp_path, None):
            pass
