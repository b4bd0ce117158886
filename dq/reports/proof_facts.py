"""What is told of a proof beside a run or a paper: how much was looked at, and how much is doubtful."""

from __future__ import annotations

from typing import Any

from dq.model import Proof, Status


def proof_facts(proof: Proof) -> dict[str, Any]:
    """Return the counts of a proof, for run.json and proof.json."""
    return {
        "files": [table.file for table in proof.tables],
        "figures": proof.figures,
        "claims": proof.claims,
        "rules": {status.value: sum(result.status is status for result in proof.results) for status in Status},
        "errors": sum(doubt.is_error for doubt in proof.doubts),
        "queries": sum(not doubt.is_error for doubt in proof.doubts),
    }
