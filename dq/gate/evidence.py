"""What the gate is given of a run to judge it by: what was found, and what last month's run left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dq.model import ExtractRead, Figure, Findings, LastMonth, Proof, Reconciled, TeamRecords


@dataclass(frozen=True)
class Evidence:
    """What a run found.

    ``required`` is extract → the columns that its contract requires; ``filled`` extract → column → records with a value
    there; ``figures`` are those of the authority that the scorecard shows whole; ``names`` is team → its name.
    """

    extracts: Sequence[ExtractRead]
    findings: Findings
    proof: Proof
    required: Mapping[str, frozenset[str]] = field(default_factory=dict)
    filled: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    teams: Sequence[TeamRecords] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    figures: Sequence[Figure] = ()
    totals: Sequence[Reconciled] = ()
    before: LastMonth = field(default_factory=LastMonth)
