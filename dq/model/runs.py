"""A run as a whole, and what the gate says of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dq.model.answers import Response
from dq.model.figures import Figure, Scope
from dq.model.findings import ExtractRead, Findings
from dq.model.measures import Scorecard
from dq.model.projects import Project
from dq.model.proofs import Proof


class Decision(StrEnum):
    """What the gate says."""

    GO = "go"
    CAVEATS = "caveats"
    STOP = "stop"


@dataclass(frozen=True)
class Verdict:
    """The gate's decision, its weightiest reasons first, and every check with its outcome in words."""

    decision: Decision
    reasons: tuple[str, ...]
    outcomes: tuple[tuple[str, bool, str], ...] = ()


@dataclass(frozen=True)
class RunResult:
    """Everything a run found, ready to be written.

    ``shadow`` is what rules in shadow found, which counts for nothing else here; ``rule_fingerprints`` says by id
    what each rule that ran meant; ``proof`` is the check of the finished scorecard. ``compared_with`` is the end of the
    latest earlier month that the ledger knows, against which exceptions are new; ``notices`` what else it has to
    say; ``responses`` what teams answered, by exception, and still holds.
    """

    run_id: str
    project: Project
    period: dt.date
    started_at: dt.datetime
    finished_at: dt.datetime
    extracts: tuple[ExtractRead, ...]
    findings: Findings
    verdict: Verdict | None
    scorecard: Scorecard | None
    figures: tuple[Figure, ...]
    scopes: tuple[Scope, ...]
    versions: dict[str, str]
    fingerprints: dict[str, str]
    seconds: dict[str, float] = field(default_factory=dict)
    shadow: Findings | None = None
    rule_fingerprints: dict[str, str] = field(default_factory=dict)
    proof: Proof | None = None
    compared_with: dt.date | None = None
    notices: tuple[str, ...] = ()
    responses: Mapping[str, Response] = field(default_factory=dict)
