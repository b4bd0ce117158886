"""What the tests of reading share: most read a part of the policy, and read it once for many runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dq.library.load import load_library
from dq.library.policy import Library

WITH_ALL = ("test_latest_only", "test_mappings", "test_other_layouts")


@pytest.fixture(autouse=True, scope="module")
def library(request: pytest.FixtureRequest) -> Library:
    """The shipped policy, or the part of it that is then the policy that ships."""
    if request.module.__name__ not in WITH_ALL:
        request.getfixturevalue("small_policy")
    return load_library()


@pytest.fixture(scope="module")
def policy_loaded_once(library: Library) -> Iterator[None]:
    """Hand every run of this process the policy as it was loaded once: reading it takes longer than a small check."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dq.run.load_library", lambda *_: library)
        yield
