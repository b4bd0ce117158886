"""Starting costs little: what is not asked for is not loaded, and a list comes as quickly as the libraries it needs."""

from __future__ import annotations

import importlib.util
import json
import statistics
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import python

resource = pytest.importorskip("resource", reason="this system does not say what a process has cost")

TIMES = 5
HEAVY = {"pandas", "pyarrow", "pandera", "great_expectations", "sqlglot", "psycopg", "duckdb"}
LOADED = """
import json, sys
{program}
print("loaded", json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""
HELP = """
from dq.cli import main
sys.argv = ["dq", "--help"]
try:
    main()
except SystemExit as ended:
    assert ended.code == 0
"""


def cost(*arguments: str, cwd: Path) -> float:
    """Return the seconds of processor time that a Python process takes, its start included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], cwd=cwd, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return float(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def costs(ours: tuple[str, ...], theirs: tuple[str, ...], cwd: Path) -> tuple[float, float]:
    """Return the median cost of each, run in turn so that a busy moment meets both."""
    for arguments in (ours, theirs):
        cost(*arguments, cwd=cwd)
    pairs = [(cost(*ours, cwd=cwd), cost(*theirs, cwd=cwd)) for _ in range(TIMES)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def loaded(program: str, cwd: Path) -> set[str]:
    done = python(LOADED.format(program=program), cwd=cwd)
    assert done.code == 0, done.err
    return set(json.loads(done.out.splitlines()[-1].removeprefix("loaded ")))


@pytest.mark.parametrize("program", ["import dq", HELP], ids=["import dq", "dq --help"])
def test_what_is_not_asked_for_is_not_loaded(program: str, tmp_path: Path) -> None:
    found = loaded(program, tmp_path)
    assert "dq" in found
    assert found & HEAVY == set()


def test_a_check_of_keys_does_without_what_whole_exceptions_need(tmp_path: Path) -> None:
    (tmp_path / "persons.csv").write_text("person_id,dob\nP1,01/02/2010\nP1,03/02/2010\n")
    program = """
from dq.cli import main
sys.argv = "dq check . --keys --period 2016-08 --rules contract.persons.person_id.* --out out".split()
try:
    main()
except SystemExit as ended:
    assert ended.code == 0
"""
    found = loaded(program, tmp_path)
    assert "duckdb" in found
    assert found & {"pyarrow", "sqlalchemy"} == set()
    assert (tmp_path / "out/keys.csv").read_text().count('"P1"') == 2


def test_the_names_of_heavy_libraries_are_spelt_as_they_are_installed() -> None:
    """A name misspelt above would let anything through."""
    assert {name for name in HEAVY if importlib.util.find_spec(name) is None} == set()


def test_the_package_costs_little_beside_the_database(tmp_path: Path) -> None:
    ours, database = costs(("-c", "import dq, duckdb"), ("-c", "import duckdb"), tmp_path)
    assert ours - database < 0.3


def test_the_list_of_rules_comes_as_quickly_as_its_libraries(tmp_path: Path) -> None:
    """In processor time, start of Python included on both sides."""
    ours, libraries = costs(("-m", "dq", "rules", "list"), ("-c", "import duckdb, sqlglot, pydantic"), tmp_path)
    assert ours < 1.5 * libraries
