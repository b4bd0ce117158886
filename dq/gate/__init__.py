"""The gate: whether the figures of a run may be published, judged on the facts of the run."""

from dq.gate.check import check_gate
from dq.gate.evidence import Before, Evidence
from dq.gate.facts import Facts, facts_of
from dq.gate.judge import judge, warm_up

__all__ = ["Before", "Evidence", "Facts", "check_gate", "facts_of", "judge", "warm_up"]
