"""Most tests of this room change a file of the policy and read it again: of a part of it, which is soon read."""

from __future__ import annotations

import pytest

from dq.library.load import load_library
from dq.library.policy import Library

WITH_ALL = ("test_function_examples", "test_language_page", "test_schemas")


@pytest.fixture(autouse=True, scope="module")
def library(request: pytest.FixtureRequest) -> Library:
    """The shipped policy, or the part of it that is then the policy that ships."""
    if request.module.__name__ not in WITH_ALL:
        request.getfixturevalue("small_policy")
    return load_library()
