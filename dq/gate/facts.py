"""The facts of a run that the gate judges: how extracts arrived, how rules ended, and the run as a whole.

Facts are counts, days and names. No value of a record is among them, so they may be shown in full.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from dq.model import ExtractRead, Findings, Project, Proof, RuleResult, RuleStatus, Severity, Status
from dq.problems import Problem, ProblemsError, nearest

Kind = Literal["extracts", "rules", "run"]
Row = Mapping[str, Any]

SIZE_TOLERANCE = 0.2
"""How far an extract may be from the size of the previous run's before it is not of the expected size."""


@dataclass(frozen=True)
class Column:
    """One column of facts: what it holds, and its name for people."""

    holds: Literal["text", "flag", "count", "number", "day"]
    label: str


_DTYPES = {"text": "str", "flag": "bool", "count": "int64", "number": "float64", "day": "datetime64[s]"}

COLUMNS: dict[Kind, dict[str, Column]] = {
    "extracts": {
        "extract": Column("text", "Extract"),
        "present": Column("flag", "A file was found"),
        "rows": Column("count", "Records"),
        "expected_low": Column("number", "Expected, at least"),
        "expected_high": Column("number", "Expected, at most"),
        "size_known": Column("flag", "There is a size to compare with"),
        "missing_columns": Column("count", "Columns missing"),
        "latest_only": Column("flag", "Holds only the latest records"),
        "unread_values": Column("count", "Values that could not be read"),
        "latest_entry": Column("day", "Latest entry"),
        "days_to_period_end": Column("number", "Days from the latest entry to the period end"),
    },
    "rules": {
        "rule_id": Column("text", "Rule"),
        "severity": Column("text", "Severity"),
        "status": Column("text", "How it ended"),
        "in_scope": Column("count", "Records in scope"),
        "flagged": Column("count", "Records flagged"),
        "rate": Column("number", "Share of records flagged"),
        "reason": Column("text", "Why it did not run"),
    },
    "run": {
        "proof_errors": Column("count", "Figures that cannot all be right beside one another"),
        "proof_rules_run": Column("count", "Rules that looked at the finished figures"),
        "proof_rules_not_run": Column("count", "Rules about the finished figures that did not run"),
        "extracts_missing": Column("count", "Extracts missing"),
        "rules_total": Column("count", "Rules"),
        "rules_error": Column("count", "Rules that failed to run"),
        "rules_skipped": Column("count", "Rules skipped"),
        "records_tested": Column("count", "Records tested"),
        "exceptions_error": Column("count", "Errors found"),
        "errors_per_1000": Column("number", "Errors for every 1,000 records"),
        "unread_values": Column("count", "Values that could not be read"),
        "sizes_unknown": Column("count", "Extracts with no size to compare with"),
    },
}
"""Every column of every table of facts. A gate can name these and no others."""

NAMED_BY: dict[Kind, str | None] = {"extracts": "extract", "rules": "rule_id", "run": None}
"""The column that names a row of each table; the table of the run has one row and needs no name."""


@dataclass(frozen=True, eq=False)
class Facts:
    """The facts of one run as tables with the columns of ``COLUMNS``: a row an extract, a row a rule, and one row."""

    authority: str
    period: dt.date
    extracts: pd.DataFrame
    rules: pd.DataFrame
    run: pd.DataFrame

    def table(self, kind: Kind) -> pd.DataFrame:
        """Return one of the three tables."""
        return {"extracts": self.extracts, "rules": self.rules, "run": self.run}[kind]


def facts_of(
    project: Project,
    period: dt.date,
    extracts: Sequence[ExtractRead],
    findings: Findings,
    previous_rows: Mapping[str, int],
    proof: Proof,
) -> Facts:
    """Return what is to be judged of a run for the period that ends on ``period``.

    The size expected of an extract is the project's (``expected_rows``), or else within 20% of its records in
    the previous run (``previous_rows``: extract → records; empty on a first run), or else unknown. Only active
    rules are counted. ``rate`` is from 0 to 1. ``records_tested`` counts each record once, however many rules
    looked at it; ``errors_per_1000`` is exceptions of severity error for every 1,000 of them.

    ``proof`` is the check of the finished scorecard: ``proof_errors`` counts figures that cannot all be right.

    Raises ProblemsError when ``expected_rows`` names an extract that the dataset does not have.
    """
    _refuse_unknown_extracts(project, extracts)
    extract_rows = [_extract(extract, project, period, previous_rows) for extract in extracts]
    results = [result for result in findings.results if result.rule.status is RuleStatus.ACTIVE]
    return Facts(
        authority=project.authority,
        period=period,
        extracts=_table("extracts", extract_rows),
        rules=_table("rules", [_rule(result) for result in results]),
        run=_table("run", [_run(extract_rows, results, proof)]),
    )


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table of facts as plain values by column."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _table(kind: Kind, rows: Iterable[Row]) -> pd.DataFrame:
    """Return rows as a table whose types are the same when it is empty."""
    rows = list(rows)
    return pd.DataFrame(
        {name: pd.Series([row[name] for row in rows], dtype=_DTYPES[c.holds]) for name, c in COLUMNS[kind].items()}
    )


def _extract(extract: ExtractRead, project: Project, period: dt.date, previous_rows: Mapping[str, int]) -> Row:
    low, high = _expected_size(extract.extract, project, previous_rows)
    entered = extract.latest_entry
    return {
        "extract": extract.extract,
        "present": extract.present,
        "rows": extract.rows,
        "expected_low": low,
        "expected_high": high,
        "size_known": not math.isnan(low),
        "missing_columns": len(extract.missing_columns),
        "latest_only": extract.latest_only,
        "unread_values": extract.unread_values,
        "latest_entry": entered,
        "days_to_period_end": math.nan if entered is None else float((period - entered).days),
    }


def _expected_size(extract: str, project: Project, previous_rows: Mapping[str, int]) -> tuple[float, float]:
    if extract in project.expected_rows:
        low, high = project.expected_rows[extract]
        return float(low), float(high)
    previous = previous_rows.get(extract, 0)
    if previous <= 0:  # an extract that was missing or empty last time says nothing of its size now
        return math.nan, math.nan
    return math.ceil(previous * (1 - SIZE_TOLERANCE)), math.floor(previous * (1 + SIZE_TOLERANCE))


def _rule(result: RuleResult) -> Row:
    ran = _ran(result) and result.in_scope > 0
    return {
        "rule_id": result.rule.id,
        "severity": result.rule.severity.value,
        "status": result.status.value,
        "in_scope": result.in_scope,
        "flagged": result.flagged,
        "rate": result.flagged / result.in_scope if ran else math.nan,
        "reason": result.reason,
    }


def _ran(result: RuleResult) -> bool:
    return result.status in {Status.PASSED, Status.FLAGGED}


def _run(extracts: Sequence[Row], results: Sequence[RuleResult], proof: Proof) -> Row:
    # Records that no rule looked at are not tested: a run whose rules all failed must not look free of errors.
    tested = sum(row["rows"] for row in extracts) if any(_ran(result) for result in results) else 0
    errors = sum(result.flagged for result in results if result.rule.severity is Severity.ERROR)
    return {
        "proof_errors": sum(doubt.is_error for doubt in proof.doubts),
        "proof_rules_run": sum(_ran(result) for result in proof.results),
        "proof_rules_not_run": len(proof.not_run),
        "extracts_missing": sum(not row["present"] for row in extracts),
        "rules_total": len(results),
        "rules_error": sum(result.status is Status.ERROR for result in results),
        "rules_skipped": sum(result.status is Status.SKIPPED for result in results),
        "records_tested": tested,
        "exceptions_error": errors,
        "errors_per_1000": 1000 * errors / tested if tested else math.nan,
        "unread_values": sum(row["unread_values"] for row in extracts),
        "sizes_unknown": sum(row["present"] and not row["size_known"] for row in extracts),
    }


def _refuse_unknown_extracts(project: Project, extracts: Sequence[ExtractRead]) -> None:
    known = {extract.extract for extract in extracts}
    problems = [
        Problem(f"'expected_rows' names '{name}', which is not an extract.", project.path, None, nearest(name, known))
        for name in project.expected_rows
        if name not in known
    ]
    if problems:
        raise ProblemsError(problems)
