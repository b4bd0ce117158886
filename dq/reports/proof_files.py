"""What ``dq proof`` writes: proof.csv for programs, proof.html for people, proof.json about the run."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from dq.formulas import neutralise
from dq.model import Proof
from dq.outputs import PROOF
from dq.reports.proof_facts import proof_facts
from dq.reports.proof_page import proof_page

COLUMNS = (
    "source", "location", "rule_id", "severity", "printed", "expected", "difference", "message", "figure_id", "row",
    "column", "dimension",
)  # fmt: skip
"""The columns of proof.csv: the first eight are an interface, what is added goes at the end."""


def write_proof(proof: Proof, out: Path) -> None:
    """Write a proof into ``out``, which is there and empty."""
    with (out / "proof.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for doubt in proof.doubts:
            cells = (
                doubt.file, doubt.place, doubt.rule.id, doubt.rule.severity.value, doubt.printed, doubt.expected,
                doubt.difference, doubt.message, doubt.record_key, doubt.row_no, doubt.cell,
                doubt.rule.dimension.value,
            )  # fmt: skip
            writer.writerow([neutralise(cell) if isinstance(cell, str) else cell for cell in cells])
    (out / "proof.html").write_text(proof_page(proof), encoding="utf-8")
    (out / PROOF).write_text(json.dumps(proof_facts(proof), indent=2) + "\n", encoding="utf-8")
