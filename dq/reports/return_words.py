"""How a return is told, in its workbook and on its pages alike."""

from __future__ import annotations

from collections.abc import Iterable

from dq.model import RuleResult, Status

NO_CHILD = "no child"
_SAID = {Status.SKIPPED: "not run", Status.ERROR: "failed", Status.FLAGGED: "found", Status.PASSED: "nothing found"}
_FIRST = {Status.ERROR: 0, Status.SKIPPED: 1, Status.FLAGGED: 2}


def told_of(results: Iterable[RuleResult]) -> list[RuleResult]:
    """Return the rules that are told of: first those that did not run, then those that found most."""
    told = [one for one in results if one.status is not Status.NOT_APPLICABLE]
    return sorted(told, key=lambda one: (_FIRST.get(one.status, 3), -one.flagged, one.rule.id))


def ended_words(one: RuleResult) -> str:
    """Return how a rule ended, with the reason where there is one."""
    said = _SAID.get(one.status, one.status.value)
    return f"{said}: {one.reason}" if one.reason else said
