"""The runs that the tests of this room look at: Kent sound, Kent with defects, and a small Kent."""

from __future__ import annotations

import pytest
from kents import demonstration, ran
from runs import Ran


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return ran(tmp_path_factory, "clean")


@pytest.fixture(scope="session")
def flawed(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The demonstration: Kent with one record in fifty spoiled."""
    return demonstration(tmp_path_factory)


@pytest.fixture(scope="session")
def in_error(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The authority of ``small`` with errors alone put in."""
    return ran(tmp_path_factory, "in_error", "--defects", "0.04", "--severity", "error", "--scale", "0.05")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A twentieth of Kent, sound, with the scorecard for outside besides."""
    return ran(tmp_path_factory, "small", "--scale", "0.05", options=("--publish",))
