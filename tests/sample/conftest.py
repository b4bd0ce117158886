"""The sample authorities the tests count: one clean and whole, one small with defects."""

from __future__ import annotations

from pathlib import Path

import pytest
from kents import ran
from recount import Count, Sample

from dq.sample import write_sample


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return Sample(ran(tmp_path_factory, "clean").project / "extracts")


@pytest.fixture(scope="session")
def august(clean: Sample) -> Count:
    return clean.at("2016-08-31")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("small") / "extracts"
    write_sample("kent-2016-08", folder, seed=5, scale=0.1)
    return Sample(folder)


@pytest.fixture(scope="session")
def flawed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("flawed") / "extracts"
    write_sample("kent-2016-08", folder, seed=5, scale=0.1, defects=0.05)
    return folder
