"""What an error leaves open besides the cell that shows it: samples had figures outside their ranges without it."""

from __future__ import annotations

import pytest

from dq.indicators.doubt import ANY_TEAM, doubts_of
from dq.library.policy import Library


def in_doubt(library: Library, indicator: str, rule: str) -> set[str]:
    """Return the columns of a figure's view, and the signs, that a rule's errors put in doubt."""
    bound = library.indicators[indicator]
    (base,) = bound.bases
    return {sign for _, sign, _ in doubts_of(library, bound, base, [library.rules[rule]])}


def test_a_review_that_may_be_another_childs_may_be_of_that_childs_team(library: Library) -> None:
    """A review of one team's child was entered for another's: the first team's figure had one review too few."""
    assert ANY_TEAM in in_doubt(library, "cla_review_participation", "review-of-another-child")


@pytest.mark.parametrize(
    ("indicator", "rule"),
    [
        ("child_seen_at_s47", "two-open-s47-enquiries"),
        ("child_seen_at_assessment", "two-open-assessments"),
    ],
)
def test_what_is_ended_says_besides_whether_the_child_was_seen(library: Library, indicator: str, rule: str) -> None:
    """An enquiry that lost its end had lost that too: once ended, it could only be one without the child."""
    assert "child_seen" in in_doubt(library, indicator, rule)
