"""A team's page: only its own records, the most pressing child first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from dq.model import Figure, Rule, RunResult, Severity
from dq.reports import words
from dq.reports.page_kit import write_page
from dq.reports.scorecard_page import figures_of

SETTLE_SHOWN = 3
_READ = (
    "rule_id", "severity", "extract", "record_key", "person_id", "worker_id", "values", "message", "fix", "indicators",
    "days_open",
)  # fmt: skip
_RANK = {Severity.ERROR: 0, Severity.QUERY: 1, Severity.INFORMATION: 2}


@dataclass(frozen=True, slots=True)
class Fix:
    """One exception as its reader meets it."""

    rule_id: str
    severity: Severity
    extract: str
    record_key: str
    person_id: str | None
    worker_id: str | None
    message: str
    found: str
    fix: str
    days_open: int | None
    moves: tuple[str, ...]

    @property
    def urgency(self) -> tuple[int, int, str]:
        """What sorts it: errors before queries, then the oldest, then the rule."""
        return _RANK[self.severity], -(-1 if self.days_open is None else self.days_open), self.rule_id


@dataclass(frozen=True)
class Summary:
    """The first sentence of a page, in numbers: records and not faults are what a team counts."""

    records_to_fix: int
    faults: int
    oldest: int | None
    records_to_check: int
    for_information: int


def write_team(result: RunResult, team: str | None, table: pa.Table, rules: Mapping[str, Rule], out: Path) -> None:
    """Write the page of one team from its own exceptions, or of no team where ``team`` is None.

    ``table`` holds this team's exceptions and no other's. A team the extracts do not know has no figures.
    """
    scope = next((scope for scope in result.scopes if (scope.type, scope.id) == ("team", team)), None)
    figures = figures_of(result, scope) if scope else ()
    fixes = read_fixes(table, _moves(result))
    named = sorted({fix.rule_id for fix in fixes} & rules.keys(), key=lambda name: rules[name].title)
    write_page(
        "team.html.j2",
        out / "teams" / f"{words.file_stem(team)}.html",
        result=result,
        scope=scope,
        name=scope.name if scope else team or "No team",
        team=team,
        figures=figures,
        settle=_to_settle(figures),
        summary=summarise(fixes),
        children=by_child(fixes),
        rules=[rules[name] for name in named],
        arrow=result.scorecard.arrow if result.scorecard else "performance",
    )


def read_fixes(table: pa.Table, moves: Mapping[str, str]) -> list[Fix]:
    """Return the exceptions of a table, with the titles of the figures each one moves."""
    return [_fix(row, moves) for row in table.select(_READ).to_pylist()]


def by_child(fixes: Iterable[Fix]) -> list[tuple[str, list[Fix]]]:
    """Return (child or record, its exceptions): the most pressing first, within and between children."""
    groups: dict[str, list[Fix]] = {}
    for fix in sorted(fixes, key=lambda fix: fix.urgency):
        groups.setdefault(fix.person_id or fix.record_key, []).append(fix)
    return list(groups.items())


def summarise(fixes: Sequence[Fix]) -> Summary:
    """Count what there is to do. Two faults of one record are one record to fix."""
    errors = [fix for fix in fixes if fix.severity is Severity.ERROR]
    ages = [fix.days_open for fix in errors if fix.days_open is not None]
    return Summary(
        records_to_fix=len({(fix.extract, fix.record_key) for fix in errors}),
        faults=len(errors),
        oldest=max(ages, default=None),
        records_to_check=len({(f.extract, f.record_key) for f in fixes if f.severity is Severity.QUERY}),
        for_information=sum(fix.severity is Severity.INFORMATION for fix in fixes),
    )


def _fix(row: Mapping[str, Any], moves: Mapping[str, str]) -> Fix:
    return Fix(
        rule_id=row["rule_id"],
        severity=Severity(row["severity"]),
        extract=row["extract"],
        record_key=row["record_key"],
        person_id=row["person_id"],
        worker_id=row["worker_id"],
        message=row["message"],
        found=words.found(row["values"]),
        fix=row["fix"],
        days_open=row["days_open"],
        moves=tuple(moves.get(name, name) for name in (row["indicators"] or "").split(";") if name),
    )


def _moves(result: RunResult) -> dict[str, str]:
    """Return indicator id → the title the paper gives it, or else its own."""
    own = {figure.indicator.id: figure.indicator.title for figure in result.figures}
    lines = result.scorecard.lines if result.scorecard else []
    return own | {line.indicator: line.title for line in lines}


def _to_settle(figures: Iterable[Figure]) -> list[Figure]:
    """Return the team's unsettled figures, fewest exceptions first: the quickest colour to settle."""
    unsettled = [figure for figure in figures if figure.settled is False and figure.open_exceptions]
    return sorted(unsettled, key=lambda figure: figure.open_exceptions)[:SETTLE_SHOWN]
