"""What is costly to make is made once, however many processes the tests are spread over."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

LONGEST = 900
"""Seconds to wait for another process; a sample of Kent with faults and a run of it take minutes on a busy machine."""


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that ``make`` has filled, in this process or in another that works through the same tests."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    made, failed = folder.with_suffix(".made"), folder.with_suffix(".failed")
    try:
        folder.mkdir()
    except FileExistsError:
        _wait(made, failed)
        return folder
    try:
        make(folder)
    except BaseException:
        failed.touch()
        raise
    made.touch()
    return folder


def _wait(made: Path, failed: Path) -> None:
    until = time.monotonic() + LONGEST
    while not made.exists():
        if failed.exists() or time.monotonic() > until:
            pytest.fail(f"{made.stem} could not be made: see the test that made it", pytrace=False)
        time.sleep(0.2)
