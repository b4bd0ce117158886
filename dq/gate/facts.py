"""The facts of a run that the gate judges: what arrived, what ran, what it came to, and the run as a whole.

Facts are counts, days and names. No value of a record is among them, so they may be shown in full.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dq.gate.columns import COLUMNS, Kind
from dq.gate.evidence import Evidence
from dq.gate.figure_facts import confirmed_words, figure_rows
from dq.gate.leave import has_leave, leave_words
from dq.gate.record_facts import field_rows, per_1000, team_rows, total_rows
from dq.model import ExtractRead, Project, RuleResult, RuleStatus, Severity, Status, Word
from dq.problems import Problem, ProblemsError, nearest

Row = Mapping[str, Any]

SIZE_TOLERANCE = 0.2
"""How far an extract may be from the size of the previous run's before it is not of the expected size."""

_DTYPES = {"text": "str", "flag": "bool", "count": "int64", "number": "float64", "day": "datetime64[s]"}


@dataclass(frozen=True, eq=False)
class Facts:
    """The facts of one run as tables with the columns of ``COLUMNS``, and what people said of it in dq.yaml."""

    authority: str
    period: dt.date
    tables: Mapping[Kind, pd.DataFrame]
    words: tuple[Word, ...] = ()

    def table(self, kind: Kind) -> pd.DataFrame:
        """Return one of the tables: a row is an extract, a field, a rule, a team, a figure, a total or the run."""
        return self.tables[kind]


def facts_of(project: Project, period: dt.date, evidence: Evidence) -> Facts:
    """Return what is to be judged of a run for the period that ends on ``period``.

    The size expected of an extract is the project's (``expected_rows``), or else within 20% of its records in
    the previous run, or else unknown. Only active rules are counted. ``rate`` is from 0 to 1. ``records_tested`` counts
    each record once, however many rules looked at it; ``errors_per_1000`` is exceptions of severity error for every
    1,000 of them. ``proof_errors`` counts figures that cannot all be right.

    Raises ProblemsError when ``expected_rows`` names an extract that the dataset does not have.
    """
    _refuse_unknown_extracts(project, evidence.extracts)
    before, figures = evidence.before, evidence.figures
    extracts = [_extract(extract, project, period, before.rows) for extract in evidence.extracts]
    results = [result for result in evidence.findings.results if result.rule.status is RuleStatus.ACTIVE]
    rows: dict[Kind, Iterable[Row]] = {
        "extracts": extracts,
        "fields": field_rows(evidence),
        "rules": [_rule(result, project, period) for result in results],
        "teams": team_rows(evidence.teams, evidence.names),
        "figures": figure_rows(figures, before, project.confirmed, period),
        "totals": total_rows(evidence.totals),
        "run": [_run(extracts, results, evidence)],
    }
    words = (
        *leave_words(results, project.may_skip, period),
        *confirmed_words(figures, project.confirmed, before, period),
    )
    return Facts(project.authority, period, {kind: _table(kind, found) for kind, found in rows.items()}, words)


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


def _rule(result: RuleResult, project: Project, period: dt.date) -> Row:
    ran = _ran(result) and result.in_scope > 0
    return {
        "rule_id": result.rule.id,
        "severity": result.rule.severity.value,
        "status": result.status.value,
        "in_scope": result.in_scope,
        "flagged": result.flagged,
        "rate": result.flagged / result.in_scope if ran else math.nan,
        "reason": result.reason,
        "has_leave": has_leave(result.rule, project.may_skip, period),
    }


def _ran(result: RuleResult) -> bool:
    return result.status in {Status.PASSED, Status.FLAGGED}


def _run(extracts: Sequence[Row], results: Sequence[RuleResult], evidence: Evidence) -> Row:
    # Records that no rule looked at are not tested: a run whose rules all failed must not look free of errors.
    tested = sum(row["rows"] for row in extracts) if any(_ran(result) for result in results) else 0
    errors, queries = (
        sum(result.flagged for result in results if result.rule.severity is severity)
        for severity in (Severity.ERROR, Severity.QUERY)
    )
    proof = evidence.proof
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
        "errors_per_1000": per_1000(errors, tested),
        "exceptions_query": queries,
        "queries_per_1000": per_1000(queries, tested),
        "unread_values": sum(row["unread_values"] for row in extracts),
        "sizes_unknown": sum(row["present"] and not row["size_known"] for row in extracts),
        "colours_unsettled": sum(figure.settled is False for figure in evidence.figures),
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
