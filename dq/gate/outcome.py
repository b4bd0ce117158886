"""How one check came out, and what all of them together decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dq.gate.check import columns_of
from dq.gate.columns import NAMED_BY
from dq.model import Decision, GateCheck, Override, Verdict, Word

_MOVE = ("before", "before_is", "value")
_STORY: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("fields", "percent_filled"): ("rows", "filled", "percent_filled"),
    ("fields", "fallen_by"): ("percent_before", "percent_filled", "fallen_by"),
    ("teams", "errors_per_1000"): ("records", "errors", "errors_per_1000"),
    ("teams", "queries_per_1000"): ("records", "queries", "queries_per_1000"),
    ("figures", "times_usual_move"): (*_MOVE, "times_usual_move"),
    ("figures", "moved_by"): (*_MOVE, "moved_by"),
    ("figures", "settled"): ("value", "colours"),
    ("totals", "off_per_1000"): ("counted", "others", "off_by", "off_per_1000"),
}
"""What is told of a row that fails by a column that says too little alone."""
REASONS = 3
"""How many reasons a head of service is given."""


@dataclass(frozen=True)
class Outcome:
    """How one check came out, in words, and the facts of every row that fails it (a sentence may not name all).

    ``printed`` is how a failure is said in the sentence that is printed with the figures.
    """

    check: GateCheck
    state: Literal["passed", "failed", "untested", "crashed"]
    sentence: str
    failing: tuple[Mapping[str, Any], ...] = ()
    printed: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the rows that fail."""
        named_by = NAMED_BY[self.check.facts]
        return () if named_by is None else tuple(str(row[named_by]) for row in self.failing)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the facts that tell why rows fail: their name, their story, and what is expected."""
        named_by, facts = NAMED_BY[self.check.facts], self.check.facts
        told = [
            column for looked_at in columns_of(self.check) for column in _STORY.get((facts, looked_at), (looked_at,))
        ]
        return tuple(dict.fromkeys([*([] if named_by is None else [named_by]), *told]))

    @property
    def stops(self) -> bool:
        """Whether it stops publication: a stop that failed, or any check that could not be judged."""
        return self.state == "crashed" or (self.state == "failed" and self.check.if_not == "stop")


def weightiest(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return outcomes with those that stop first, then other failures, the rest after; each by weight."""
    order = {"crashed": 0, "failed": 0, "untested": 1, "passed": 2}
    return sorted(outcomes, key=lambda o: (not o.stops, order[o.state], -o.check.weight))


def verdict_of(outcomes: Sequence[Outcome], words: tuple[Word, ...] = (), override: Override | None = None) -> Verdict:
    """Return the decision with up to three reasons, weightiest first; there are none for go.

    Stop where any check stops; else caveats where any failed, or had nothing to look at; else go. Checks that
    had nothing to look at are given as reasons only where nothing failed, as they follow from what did. An ``override``
    is of a stop: where there is none, it is not needed, and nothing is said of it.
    """
    ordered = weightiest(outcomes)
    failed = [outcome for outcome in ordered if outcome.state in {"failed", "crashed"}]
    reasons = failed or [outcome for outcome in ordered if outcome.state == "untested"]
    decision = Decision.STOP if any(o.stops for o in ordered) else Decision.CAVEATS if reasons else Decision.GO
    overridden = override if decision is Decision.STOP else None
    return Verdict(
        decision,
        tuple(outcome.sentence for outcome in reasons[:REASONS]),
        tuple((outcome.check.name, outcome.state == "passed", outcome.sentence) for outcome in ordered),
        "" if decision is Decision.STOP and overridden is None else _caveat(reasons, overridden),
        overridden,
        words,
    )


def _caveat(reasons: Sequence[Outcome], overridden: Override | None) -> str:
    """Return the one sentence to print with figures that are published all the same; empty where nothing is amiss."""
    if not reasons:
        return ""
    said = [_as_clause(outcome.printed or outcome.sentence) for outcome in reasons[:REASONS]]
    more = len(reasons) - len(said)
    clauses = "; ".join(said) + (f"; and {more} more {'caveat' if more == 1 else 'caveats'}" if more else "")
    if overridden is None:
        return f"Read these figures with caution: {clauses}."
    because = overridden.because.rstrip(". ")
    return f"Published on the word of {overridden.by} ({because}), although checks said stop: {clauses}."


def _as_clause(sentence: str) -> str:
    """Return a sentence as a part of another."""
    first, rest = sentence[:1], sentence[1:]
    return (first.lower() if rest[:1].islower() else first) + rest
