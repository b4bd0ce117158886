"""Runs of sample authorities that many tests look at, each made by whichever process of the tests asks for it first."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import pytest
from command_line import Ended, dq
from made_once import made_once
from runs import Ran, make_project, run


def ran(
    factory: pytest.TempPathFactory, name: str, *sample: str, command: str = "run", options: Sequence[str] = ()
) -> Ran:
    """Return a run of a sample made for it."""

    def make(folder: Path) -> Ended:
        return run(make_project(folder, *sample), command, "out", *options).ended

    folder, ended = _ended(factory, name, make)
    return Ran(folder, folder / "out", ended)


def demonstration(factory: pytest.TempPathFactory) -> Ran:
    """Return the demonstration: Kent with one record in fifty spoiled."""
    folder, ended = _ended(factory, "demonstration", lambda folder: dq("demo", cwd=folder))
    project = folder / "plumbline-demo"
    return Ran(project, project / "out" / "2016-08", ended)


def _ended(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Ended]) -> tuple[Path, Ended]:
    def fill(folder: Path) -> None:
        (folder / "ended.json").write_text(json.dumps(asdict(make(folder))), encoding="utf-8")

    folder = made_once(factory, name, fill)
    return folder, Ended(**json.loads((folder / "ended.json").read_text(encoding="utf-8")))
