"""Leave for rules to be skipped: which it holds for, until when, and what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch

from dq.gate.sentences import worded
from dq.model import Leave, Rule, RuleResult, Status, Word


def has_leave(rule: Rule, leaves: Sequence[Leave], period: dt.date) -> bool:
    """Whether a rule may be skipped in a run for the month that ends on ``period``."""
    return any(leave.until >= period and _fits(leave, rule) for leave in leaves)


def leave_words(results: Sequence[RuleResult], leaves: Sequence[Leave], period: dt.date) -> Iterator[Word]:
    """Yield every leave that was given, with what came of it: it holds, has lapsed, or was not needed."""
    for leave in leaves:
        skipped = sum(result.status is Status.SKIPPED and _fits(leave, result.rule) for result in results)
        rules = f"{skipped:,} {'rule' if skipped == 1 else 'rules'} skipped"
        if leave.until < period:
            state = f"lapsed on {worded(leave.until)}; {rules} all the same"
        else:
            state = f"until {worded(leave.until)}; {rules if skipped else 'not needed, as none was skipped'}"
        yield Word("leave", leave.rules, leave.by, leave.because, state)


def _fits(leave: Leave, rule: Rule) -> bool:
    return fnmatch(rule.id, leave.rules) or fnmatch(rule.topic, leave.rules)
