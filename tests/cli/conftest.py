"""The commands are run over a part of the policy: what they do with more rules is tested in ``tests/run``."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True, scope="module")
def policy(small_policy: Path) -> Path:
    """The part of the shipped policy that is then the policy that ships."""
    return small_policy
