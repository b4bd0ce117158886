"""The gate's decision: the facts of a run, held against the gate's expectations by Great Expectations.

A check passes only when the library says that it met its expectation over at least one row. One that raised,
or that the library gave no answer to, is a failed check that stops; one that found nothing to look at has not
passed either.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dq.gate.check import check_gate, columns_of
from dq.gate.checkpoint import ask, warm_up
from dq.gate.columns import COLUMNS, NAMED_BY
from dq.gate.docs import write
from dq.gate.facts import Facts, rows_of
from dq.gate.outcome import Outcome, verdict_of
from dq.gate.sentences import sentence, worded
from dq.model import Gate, GateCheck, Override, Verdict

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.core import ExpectationValidationResult

__all__ = ["judge", "warm_up"]


def judge(gate: Gate, facts: Facts, docs: Path, override: Override | None = None) -> Verdict:
    """Return the gate's decision on the facts, and write Data Docs to the folder ``docs``.

    With an ``override`` a stop is published on somebody's word, and says so.

    The folder is made if need be; its index.html is where to begin. The pages are the same bytes for the same
    gate and facts. Raises ProblemsError where the gate is wrong (see ``check_gate``), or gives an expectation a
    value that it does not take.
    """
    check_gate(gate)
    with tempfile.TemporaryDirectory() as site:
        answers = ask(gate, facts, Path(site))
        outcomes = [_outcome(check, facts, answers.get(place)) for place, check in enumerate(gate.checks)]
        verdict = verdict_of(outcomes, facts.words, override)
        write(docs, Path(site), gate, facts, outcomes, verdict)
    return verdict


def _outcome(check: GateCheck, facts: Facts, answer: ExpectationValidationResult | None) -> Outcome:
    """Return what the library's answer means: passed, failed, nothing to look at, or not judged at all."""
    if answer is None:
        return _crashed(check, "the library gave no answer")
    raised = _raised(answer.exception_info or {})
    if raised is not None:
        return _crashed(check, raised)
    result = answer.result
    looked_at = _looked_at(result, len(facts.table(check.facts)))
    if answer.success is not True:
        return _failed(check, result, facts)
    if looked_at == 0:
        if check.if_none == "passes":
            return Outcome(check, "passed", f"{check.name} (there is nothing it applies to)")
        return Outcome(check, "untested", f"{check.name}: not judged, as there is nothing it applies to")
    return Outcome(check, "passed", f"{check.name} ({_met(check, result, facts, looked_at)})")


def _crashed(check: GateCheck, why: str) -> Outcome:
    return Outcome(check, "crashed", f"'{check.name}' could not be judged: {why}")


def _raised(info: Mapping[str, Any]) -> str | None:
    """Return the message of an exception that the library caught, which it files by metric or not at all."""
    for found in (info, *(value for value in info.values() if isinstance(value, Mapping))):
        if found.get("raised_exception"):
            return str(found.get("exception_message") or "it raised an exception").strip().splitlines()[0]
    return None


def _looked_at(result: Mapping[str, Any], rows: int) -> int:
    """Return how many rows were looked at: those that ``when`` lets by and whose value is known."""
    return int(result.get("element_count", rows)) - int(result.get("missing_count") or 0)


def _failed(check: GateCheck, result: Mapping[str, Any], facts: Facts) -> Outcome:
    failing = _failing(check, result, facts.table(check.facts))
    outcome = Outcome(check, "failed", "", tuple(failing))
    more = {
        "observed": result.get("observed_value"),
        **(rows_of(facts.table("run"))[0] if check.facts == "run" else {}),
    }

    def said(text: str) -> str:
        return sentence(text, len(failing), outcome.names, failing, **more)

    return replace(outcome, sentence=said(check.says), printed=said(check.prints or check.says))


def _failing(check: GateCheck, result: Mapping[str, Any], table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the facts of each row that fails, in the order of the table."""
    entries = result.get("unexpected_index_list") or []
    named_by = NAMED_BY[check.facts]
    rows = table.iloc[entries] if named_by is None else table[table[named_by].isin([e[named_by] for e in entries])]
    return rows_of(rows)


def _met(check: GateCheck, result: Mapping[str, Any], facts: Facts, looked_at: int) -> str:
    """Return by how much a check passed: 12 of 12 extracts, or the fact that was looked at."""
    if "observed_value" in result:
        return worded(result["observed_value"])
    if check.facts != "run":
        return f"{looked_at - int(result.get('unexpected_count', 0)):,} of {looked_at:,} {check.facts}"
    of_run, columns = rows_of(facts.table("run"))[0], COLUMNS["run"]
    return "; ".join(f"{columns[name].label.lower()}: {worded(of_run[name])}" for name in columns_of(check))
