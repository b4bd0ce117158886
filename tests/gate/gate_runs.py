"""Runs to judge: a sound one, and the same with one thing wrong."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from dq.gate import Evidence, Facts, facts_of
from dq.library import policy_root
from dq.library.yaml_file import as_model, read_yaml
from dq.model import (
    Dimension,
    Doubt,
    ExtractRead,
    Gate,
    GateCheck,
    LastMonth,
    Project,
    Proof,
    Rule,
    RuleResult,
    RuleStatus,
    Severity,
    Status,
)
from tests.held_rows import held

PERIOD = dt.date(2016, 8, 31)
SIZES = {
    "persons": 20_000,
    "addresses": 24_000,
    "teams": 30,
    "workers": 600,
    "involvements": 31_000,
    "cin_visits": 20_000,
    "cp_plans": 3_000,
    "cp_visits": 41_000,
    "cla_episodes": 9_000,
    "cla_placements": 9_000,
    "cla_visits": 38_370,
    "missing_episodes": 4_000,
}
"""Records of each extract; 200,000 in all."""


def shipped_gate() -> Gate:
    path = policy_root() / "checks" / "gates" / "publication.yaml"
    return as_model(read_yaml(path), Gate, id="publication", path=path)


def arrived(extract: str, **changes: Any) -> ExtractRead:
    entered = None if extract in {"teams", "workers"} else PERIOD
    read = ExtractRead(extract, f"{extract}.csv", "0" * 64, SIZES.get(extract, 0), latest_entry=entered)
    return replace(read, **changes)


def result(name: str, status: Status = Status.PASSED, flagged: int = 0, **about: Any) -> RuleResult:
    rule = Rule(
        title=name,
        severity=about.pop("severity", Severity.ERROR),
        dimension=Dimension.COMPLETENESS,
        on="persons",
        expect="dob is not null",
        fields=["dob"],
        message="m",
        why="w",
        fix="f",
        id=name,
        status=about.pop("rule_status", RuleStatus.ACTIVE),
    )
    in_scope = 20_000 if status in {Status.PASSED, Status.FLAGGED} else 0
    return RuleResult(rule, status, in_scope, flagged, **about)


def flagging(count: int) -> RuleResult:
    return result("cp-child-seen-missing", Status.FLAGGED, count)


def proved(doubts: int = 0, *, looked: bool = True) -> Proof:
    """Return the check of a scorecard: how many errors it found, or that no rule looked at anything."""
    found = result("value-not-of-numerator-and-base", Status.PASSED if looked else Status.SKIPPED, doubts)
    doubt = Doubt(found.rule, "F1", "scorecard.csv", "row 2, value", 2, "value", "81.0", "80.0", "1.0", "m")
    return Proof((found,), (doubt,) * doubts, (), 400, 0, {})


def facts(
    changed: Mapping[str, Mapping[str, Any]] | None = None,
    results: tuple[RuleResult, ...] = (),
    previous: Mapping[str, int] | None = None,
    proof: Proof | None = None,
    evidence: Mapping[str, Any] | None = None,
    **project: Any,
) -> Facts:
    """Return the facts of a sound run of 200,000 records, but for what is changed of an extract or added to rules.

    ``evidence`` is what else was found: of fields, teams, figures and totals, and last month's.
    """
    extracts = [arrived(name, **(changed or {}).get(name, {})) for name in SIZES]
    findings = held((result("duplicate-child"), result("no-allocated-worker"), *results), pa.table({}))
    about = Project(authority="Kent", scorecard="kent", **project)
    before = {"before": LastMonth(SIZES if previous is None else previous), **(evidence or {})}
    return facts_of(about, PERIOD, Evidence(extracts, findings, proof or proved(), **before))


def gate(*checks: Mapping[str, Any], path: Path | None = None) -> Gate:
    usual = {"name": "A check", "facts": "extracts", "if_not": "stop", "says": "It fails"}
    declared = [GateCheck.model_validate({**usual, **check}) for check in checks]
    return Gate(title="May these figures be published?", checks=declared, path=path)
