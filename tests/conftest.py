"""What the tests of every room share: the shipped policy, an empty workspace, and project folders of a test's own."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from dq.engine.check import Absent, check
from dq.engine.compile import dates_at
from dq.engine.examples import given, prepare
from dq.library.load import load_library
from dq.library.policy import Library
from dq.model import Findings
from dq.workspace import Workspace, open_workspace
from tests.postgres import postgres_url  # noqa: F401 - a fixture that any test may ask for
from tests.small_policy import small_policy, small_root  # noqa: F401

Folder = Callable[[Mapping[str, str | bytes]], Path]
Records = Mapping[str, list[dict[str, Any]]]
DEAREST = (
    "run/test_run.py", "run/test_absent.py", "test_policy.py", "engine/test_in_place.py",
    "sources/test_other_layouts.py", "test_no_row_values.py", "test_first_rule.py", "sample/test_write_sample.py",
    "cli/test_commands.py", "referee/test_generated.py", "test_wheel.py", "indicators/test_lost_records.py",
    "run/test_opened.py", "run/test_failing.py", "export/test_export.py", "engine/test_keys.py",
    "engine/test_routing.py", "run/test_outputs.py", "indicators/test_properties_of_figures.py",
)  # fmt: skip
"""The files that take longest. They begin first, so that no process is left with one of them at the end."""
PERIOD = dt.date(2017, 5, 31)
"""The month end of tests that need no other."""


def check_records(
    workspace: Workspace,
    library: Library,
    records: Records,
    rules: Iterable[str],
    *,
    period: dt.date = PERIOD,
    absent: Absent | None = None,
) -> Findings:
    """Load records (extract → rows; every other extract empty) and check rules, as a run does.

    The workspace must have been made ready with ``prepare``; it is left without records.
    """
    chosen = [library.rules[name] for name in rules]
    with given(workspace, library, dict(records)):
        findings = check(workspace, library, chosen, dates_at(period), absent or Absent((), ()), lambda _: None)
        assert findings.exceptions is not None, "read while the workspace still holds them"
        return findings


def pytest_configure(config: pytest.Config) -> None:
    """Let the tests, and every command they run, remember policies in a folder of this run, and not in the user's."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.TemporaryDirectory(prefix="plumbline-tests-")
        config.add_cleanup(folder.cleanup)
        os.environ["DQ_CACHE"] = folder.name


@pytest.fixture(scope="session")
def library() -> Library:
    """The shipped policy of the casework dataset. Its tests must not change it."""
    return load_library()


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with open_workspace() as opened:
        yield opened


@pytest.fixture(scope="module")
def prepared(library: Library) -> Iterator[Workspace]:
    """A workspace in which every shipped extract is there and empty."""
    with open_workspace() as opened:
        prepare(opened, library)
        yield opened


@pytest.fixture(scope="session")
def project_folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Write a project's own policy files, given as path → text, and return the folder for ``load_library``."""

    def write(files: Mapping[str, str | bytes]) -> Path:
        folder = tmp_path_factory.mktemp("project")
        for relative, text in files.items():
            path = folder / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return folder

    return write


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first."""
    tests = Path(__file__).resolve().parent
    places = {tests / name: place for place, name in enumerate(DEAREST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the referees compared, in whichever process."""
    ended = terminalreporter.stats.get("passed", [])
    said = [text for report in ended for name, text in getattr(report, "user_properties", ()) if name == "referee"]
    for text in sorted(set(said)):
        terminalreporter.write_line(f"referee: {text}")
