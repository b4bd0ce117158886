"""How one check came out, and what all of them together decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dq.gate.check import columns_of
from dq.gate.facts import NAMED_BY
from dq.model import Decision, GateCheck, Verdict

REASONS = 3
"""How many reasons a head of service is given."""


@dataclass(frozen=True)
class Outcome:
    """How one check came out, in words, and the facts of every row that fails it (a sentence may not name all)."""

    check: GateCheck
    state: Literal["passed", "failed", "untested", "crashed"]
    sentence: str
    failing: tuple[Mapping[str, Any], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the rows that fail."""
        named_by = NAMED_BY[self.check.facts]
        return () if named_by is None else tuple(str(row[named_by]) for row in self.failing)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the facts that tell why rows fail: their name, and what the expectation looks at."""
        named_by = NAMED_BY[self.check.facts]
        return tuple(dict.fromkeys([*([] if named_by is None else [named_by]), *columns_of(self.check)]))

    @property
    def stops(self) -> bool:
        """Whether it stops publication: a stop that failed, or any check that could not be judged."""
        return self.state == "crashed" or (self.state == "failed" and self.check.if_not == "stop")


def weightiest(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return outcomes with those that stop first, then other failures, the rest after; each by weight."""
    order = {"crashed": 0, "failed": 0, "untested": 1, "passed": 2}
    return sorted(outcomes, key=lambda o: (not o.stops, order[o.state], -o.check.weight))


def verdict_of(outcomes: Sequence[Outcome]) -> Verdict:
    """Return the decision with up to three reasons, weightiest first; there are none for go.

    Stop where any check stops; else caveats where any failed, or had nothing to look at; else go. Checks that
    had nothing to look at are given as reasons only where nothing failed, as they follow from what did.
    """
    ordered = weightiest(outcomes)
    failed = [outcome for outcome in ordered if outcome.state in {"failed", "crashed"}]
    reasons = failed or [outcome for outcome in ordered if outcome.state == "untested"]
    decision = Decision.STOP if any(o.stops for o in ordered) else Decision.CAVEATS if reasons else Decision.GO
    return Verdict(
        decision,
        tuple(outcome.sentence for outcome in reasons[:REASONS]),
        tuple((outcome.check.name, outcome.state == "passed", outcome.sentence) for outcome in ordered),
    )
