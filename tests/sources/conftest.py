"""What the tests of reading share: the shipped policy, read once for many runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dq.library.load import Library


@pytest.fixture(scope="module")
def policy_loaded_once(library: Library) -> Iterator[None]:
    """Hand every run of this process the policy as it was loaded once: reading it takes longer than a small check."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dq.run.load_library", lambda *_: library)
        yield
