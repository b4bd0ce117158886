"""The gate: whether the figures of a run may be published, judged on the facts of the run."""

from dq.gate.check import check_gate
from dq.gate.evidence import Evidence
from dq.gate.facts import Facts, facts_of
from dq.gate.judge import judge, warm_up

__all__ = ["Evidence", "Facts", "check_gate", "facts_of", "judge", "warm_up"]
