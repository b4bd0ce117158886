"""The published papers come out of records made by their own words, but for cells that have a reason."""

from __future__ import annotations

import pytest
import yaml

from dq.library.policy import Library
from dq.proof.own import prove_own
from tests.papers.compare import HERE, WorkedOut, compare, same, work_out
from tests.papers.recipes import PAPERS


@pytest.fixture(scope="module", params=PAPERS)
def paper(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def worked_out(paper: str, library: Library) -> WorkedOut:
    return work_out(PAPERS[paper], library)


def test_a_scorecard_agrees_with_itself(worked_out: WorkedOut) -> None:
    """The papers contradict themselves; what is worked out from records does not."""
    doubts = prove_own(worked_out.rows).doubts
    assert [f"{doubt.rule.id}: {doubt.message}" for doubt in doubts if doubt.is_error] == []


def test_every_printed_cell_is_reproduced_or_has_a_reason(paper: str, worked_out: WorkedOut) -> None:
    compared = compare(PAPERS[paper], worked_out)
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
