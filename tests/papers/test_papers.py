"""The published papers come out of records made by their own words, but for cells that have a reason."""

from __future__ import annotations

import pytest
import yaml

from dq.library.policy import Library
from tests.papers.compare import HERE, compare, same
from tests.papers.recipes import PAPERS


@pytest.mark.parametrize("paper", PAPERS)
def test_every_printed_cell_is_reproduced_or_has_a_reason(paper: str, library: Library) -> None:
    compared = compare(PAPERS[paper], library)
    others = [one for one in compared if not one.same]
    assert [f"{one.cell}: printed {one.cell.printed}, found {one.found}" for one in others if not one.reason] == []
    needed = {one.reason for one in others}
    reasons = yaml.safe_load((HERE / "reasons.yaml").read_text(encoding="utf-8"))[paper]
    assert [entry["reason"] for entry in reasons if entry["reason"] not in needed] == [], "reasons nobody needs"
    assert len(others) < 0.1 * len(compared)


@pytest.mark.parametrize(
    ("printed", "value", "holds"),
    [
        ("22.3%", 22.2536, True),
        ("22.3%", 22.2499, False),
        ("1,145", 1145, True),
        ("1,145", 1146, False),
        ("G", "G", True),
        ("G", "A", False),
        ("0", None, False),
        ("123", 123.4, True),
    ],
)
def test_a_number_is_compared_to_the_places_that_are_printed(printed: str, value: object, holds: bool) -> None:
    assert same(printed, value) is holds
