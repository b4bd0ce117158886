"""Imports point one way, as the contracts of pyproject.toml say, and a light command does not pay for a heavy one."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
from command_line import Ended, python

ROOT = Path(__file__).resolve().parent.parent
LINT = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"

HEAVY = {"great_expectations", "pandas", "pandera", "polars", "fastexcel", "xlsxwriter"}
FOR_RULES = {"platformdirs", "click", "yaml", "pydantic", "sqlglot", "duckdb", "pyarrow", "numpy", "jinja2"}
"""What `dq rules list` may load of others: to read YAML, to bind SQL, and what the modules beside it begin with."""
BROUGHT_ALONG = {
    "_cython", "_distutils_hack", "_duckdb", "_yaml", "annotated_types", "cython_runtime", "markupsafe",
    "mypy_extensions", "pydantic_core", "sqlglotc", "typing_extensions", "typing_inspection",
}  # fmt: skip
"""Parts of those libraries, and what they load themselves."""


def lint(checkout: Path) -> Ended:
    return python(LINT, cwd=checkout)


def test_imports_keep_the_contracts() -> None:
    done = lint(ROOT)
    assert done.code == 0, done.out


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("problems.py", "from dq.model import Severity"),
        ("language/bind.py", "from dq.workspace import name"),
        ("gate/facts.py", "from dq.engine.check import Absent"),
        ("reports/words.py", "from dq.indicators.rag import rag"),
        ("sample/making.py", "from dq.library.load import load_library"),
        ("run.py", "import click"),
        ("engine/check.py", "import pandas"),
        ("sources/text.py", "import urllib.request"),
    ],
)
def test_an_import_that_points_the_wrong_way_is_found(module: str, line: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "dq", tmp_path / "dq", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    changed = tmp_path / "dq" / module
    changed.write_text(f"{changed.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")

    done = lint(tmp_path)

    assert done.code == 1, done.said
    assert "BROKEN" in done.out


def test_a_module_without_a_place_is_found(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "dq", tmp_path / "dq", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "dq" / "helpers.py").write_text('"""Anything."""\n', encoding="utf-8")
    done = lint(tmp_path)
    assert done.code == 1
    assert "dq.helpers" in done.said


LOADED = """
import json, sys
before = set(sys.modules)
{program}
names = {{name.partition(".")[0] for name in set(sys.modules) - before}}
print("loaded", json.dumps(sorted(names)))
"""
CALL = """
from dq.cli import main
sys.argv = ["dq", *{arguments!r}]
try:
    main()
except SystemExit as ended:
    assert ended.code == 0
"""


def loaded(program: str, folder: Path) -> set[str]:
    """Return the packages of others that a few lines of Python load."""
    done = python(LOADED.format(program=program), cwd=folder)
    assert done.code == 0, done.err
    line = done.out.splitlines()[-1]
    return set(json.loads(line.removeprefix("loaded "))) - sys.stdlib_module_names - {"dq"}


def test_the_package_alone_loads_nothing(tmp_path: Path) -> None:
    assert loaded("import dq", tmp_path) == set()


def test_help_loads_what_reads_the_command_alone(tmp_path: Path) -> None:
    assert loaded(CALL.format(arguments=["-h"]), tmp_path) == {"click"}


@pytest.mark.parametrize(
    "arguments", [["rules", "list"], ["rules", "show", "no-allocated-worker"], ["indicators", "list"]]
)
def test_the_lists_load_no_heavy_library(arguments: list[str], tmp_path: Path) -> None:
    found = loaded(CALL.format(arguments=arguments), tmp_path)
    assert found & HEAVY == set()
    unexpected = {name for name in found if not name.startswith(("_cython_", "_sysconfigdata"))}
    assert unexpected - FOR_RULES - BROUGHT_ALONG == set()


def test_the_list_of_heavy_libraries_is_of_libraries_that_a_run_loads(tmp_path: Path) -> None:
    """A name misspelt above would let anything through."""
    program = "import dq.run, dq.gate.checkpoint, dq.contracts.schema\n"
    program += "import great_expectations, pandera.pandas, fastexcel, xlsxwriter, pandas\n"
    quiet = "import warnings; warnings.simplefilter('ignore')\n"
    assert HEAVY - {"polars"} <= loaded(quiet + program, tmp_path)
