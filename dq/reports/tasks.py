"""A team's exceptions as a list of work: what to do for which child, most pressing first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from dq.model import Line, RunResult, Severity
from dq.reports import words

_RANK = {Severity.ERROR: 0, Severity.QUERY: 1, Severity.INFORMATION: 2}
_READ = (
    "exception_id", "rule_id", "severity", "extract", "record_key", "person_id", "worker_id", "values", "message",
    "fix", "indicators", "days_open",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """One exception as the person who puts it right meets it. ``moves`` are the figures it touches."""

    exception_id: str
    rule_id: str
    severity: Severity
    record: str
    child: str | None
    worker: str | None
    wrong: str
    found: str
    fix: str
    days_open: int | None
    moves: tuple[Line, ...]

    @property
    def group(self) -> tuple[Severity, str]:
        """What is listed together: one child's tasks of one severity, or one record's where there is no child."""
        return self.severity, self.child or self.record

    @property
    def age(self) -> int:
        """Days open; -1 where not known, so that it sorts last."""
        return -1 if self.days_open is None else self.days_open


def tasks_of(table: pa.Table, figures: Mapping[str, Line]) -> list[Task]:
    """Return the exceptions of a table: errors first, the child with the oldest first, each child's together."""
    tasks = [_task(row, figures) for row in table.select(_READ).to_pylist()]
    oldest: dict[tuple[Severity, str], int] = {}
    for task in tasks:
        oldest[task.group] = max(task.age, oldest.get(task.group, -1))
    return sorted(
        tasks, key=lambda t: (_RANK[t.severity], -oldest[t.group], t.group[1], -t.age, t.rule_id, t.exception_id)
    )


def lines_of(result: RunResult) -> dict[str, Line]:
    """Return indicator id → its line in the paper, in the paper's order; then any others by their own titles."""
    lines = {line.indicator: line for line in (result.scorecard.lines if result.scorecard else [])}
    for indicator in (figure.indicator for figure in result.figures):
        lines.setdefault(indicator.id, Line(indicator=indicator.id, title=indicator.title))
    return lines


def named(line: Line) -> str:
    """Return a figure as the paper calls it: its number and title."""
    return f"{line.number}. {line.title}" if line.number else line.title


def in_a_sentence(tasks: Sequence[Task]) -> str:
    """Return what there is to do: records and not faults are what a team counts, as on the team's page."""
    errors = _records(task for task in tasks if task.severity is Severity.ERROR)
    queries = _records(task for task in tasks if task.severity is Severity.QUERY)
    notes = sum(task.severity is Severity.INFORMATION for task in tasks)
    parts = [words.plural(errors, "record to fix", "records to fix")] if errors else ["Nothing to fix"]
    parts += [words.plural(queries, "record to check", "records to check")] if queries else []
    parts += [words.plural(notes, "note for information", "notes for information")] if notes else []
    oldest = max((task.age for task in tasks if task.severity is Severity.ERROR), default=-1)
    age = f" The oldest to fix has stood for {words.plural(oldest, 'day')}." if oldest >= 0 else ""
    children = len({task.child for task in tasks if task.child})
    whose = f" for {words.plural(children, 'child', 'children')}" if children else ""
    return f"{' and '.join(parts) if len(parts) < 3 else f'{parts[0]}, {parts[1]} and {parts[2]}'}{whose}.{age}"


def _records(tasks: Iterable[Task]) -> int:
    return len({task.record for task in tasks})


def _task(row: Mapping[str, Any], figures: Mapping[str, Line]) -> Task:
    return Task(
        exception_id=row["exception_id"],
        rule_id=row["rule_id"],
        severity=Severity(row["severity"]),
        record=f"{row['extract'].replace('_', ' ')} {row['record_key']}",
        child=row["person_id"],
        worker=row["worker_id"],
        wrong=row["message"],
        found=words.found(row["values"]),
        fix=row["fix"],
        days_open=row["days_open"],
        moves=_moves(row["indicators"] or "", figures),
    )


def _moves(indicators: str, figures: Mapping[str, Line]) -> tuple[Line, ...]:
    touched = dict.fromkeys(filter(None, indicators.split(";")))
    unknown = (Line(indicator=name, title=name) for name in touched if name not in figures)
    return (*(line for name, line in figures.items() if name in touched), *unknown)
