"""A rule that says which codes a column may hold says of which collection year they are."""

from __future__ import annotations

import re

import pytest

from dq.library.load import load_library

_LIST = re.compile(r"in\s*\((\s*'[^']*',?)+\s*\)")
_OTHERWISE = {"2887Q", "224"}
"""Rules about codes that spell out no list: one counts codes, one compares with a provider's own."""


@pytest.mark.parametrize("dataset", ["ssda903", "cin"])
def test_every_list_of_codes_has_its_edition(dataset: str) -> None:
    rules = [bound.rule for bound in load_library(dataset).rules.values()]
    of_codes = [rule for rule in rules if re.search(r"\bcode\b", rule.title) and rule.id not in _OTHERWISE]
    assert len(of_codes) > 5
    assert [rule.id for rule in of_codes if not _LIST.search(rule.expect + rule.where)] == []
    assert [rule.id for rule in of_codes if not re.fullmatch(r"20\d\d/\d\d", rule.edition or "")] == []
