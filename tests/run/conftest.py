"""The runs that the tests of this room look at: Kent sound, Kent with defects, and a small Kent."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from command_line import Ended
from made_once import made_once
from runs import Ran, make_project, run


def ran(factory: pytest.TempPathFactory, name: str, *sample: str, command: str = "run") -> Ran:
    """Return a run of a sample, made by whichever process of these tests asks for it first."""

    def make(folder: Path) -> None:
        ended = run(make_project(folder, *sample), command).ended
        (folder / "ended.json").write_text(json.dumps(asdict(ended)), encoding="utf-8")

    folder = made_once(factory, name, make)
    ended = Ended(**json.loads((folder / "ended.json").read_text(encoding="utf-8")))
    return Ran(folder, folder / "out", ended)


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return ran(tmp_path_factory, "clean")


@pytest.fixture(scope="session")
def flawed(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A third of Kent, with one record in fifty spoiled."""
    return ran(tmp_path_factory, "flawed", "--defects", "0.02", "--seed", "1", "--scale", "0.3")


@pytest.fixture(scope="session")
def flawed_again(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """As ``flawed``, from another seed, checked only."""
    return ran(tmp_path_factory, "flawed_again", "--defects", "0.02", "--seed", "2", "--scale", "0.2", command="check")


@pytest.fixture(scope="session")
def in_error(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The authority of ``fifth`` with errors alone put in."""
    return ran(tmp_path_factory, "in_error", "--defects", "0.02", "--severity", "error", "--scale", "0.2")


@pytest.fixture(scope="session")
def fifth(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A fifth of Kent, sound."""
    return ran(tmp_path_factory, "fifth", "--scale", "0.2")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A twentieth of Kent, sound."""
    return ran(tmp_path_factory, "small", "--scale", "0.05")
