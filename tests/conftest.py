"""What the tests of every room share: the shipped policy, an empty workspace, and project folders of a test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from dq.library.load import Library, load_library
from dq.workspace import Workspace, open_workspace

Folder = Callable[[Mapping[str, str | bytes]], Path]


@pytest.fixture(scope="session")
def library() -> Library:
    """The shipped policy of the casework dataset. Its tests must not change it."""
    return load_library()


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with open_workspace() as opened:
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
