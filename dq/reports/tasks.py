"""A team's exceptions as a list of work: what to do for which child, most pressing first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from dq.model import Line, Response, RunResult, Severity, Standing
from dq.reports import words
from dq.reports.worth import NOTHING, Worth

_RANK = {Severity.ERROR: 0, Severity.QUERY: 1, Severity.INFORMATION: 2}
_READ = (
    "exception_id", "rule_id", "severity", "extract", "record_key", "person_id", "worker_id", "values", "message",
    "fix", "indicators", "days_open", "state",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """One exception as the person who puts it right meets it. ``moves`` are the figures it touches.

    ``worth`` says what putting it right could do to the team's own; ``answered`` is what was answered of it and still
    holds.
    """

    exception_id: str
    rule_id: str
    severity: Severity
    extract: str
    key: str
    child: str | None
    worker: str | None
    wrong: str
    found: str
    fix: str
    days_open: int | None
    moves: tuple[Line, ...] = ()
    worth: Worth = NOTHING
    state: Standing = Standing.OPEN
    answered: Response | None = None

    @property
    def others(self) -> tuple[Line, ...]:
        """The figures it touches besides those of which its worth is told."""
        told = self.worth.told
        return tuple(line for line in self.moves if line.title not in told)

    @property
    def new(self) -> bool:
        """Whether it was not there the month before."""
        return self.state is Standing.NEW

    @property
    def label(self) -> str:
        """How it stands, where that is worth a word: not for what is simply open."""
        return "" if self.state is Standing.OPEN else self.state.capitalize()

    @property
    def waived(self) -> bool:
        """Whether it was accepted as it is."""
        return self.state is Standing.WAIVED

    @property
    def record(self) -> str:
        """The record as people may call it: cp visits V000017."""
        return f"{self.extract.replace('_', ' ')} {self.key}"

    @property
    def group(self) -> tuple[Severity, str]:
        """What is listed together: one child's tasks of one severity, or one record's where there is no child."""
        return self.severity, self.child or self.record

    @property
    def pressing(self) -> tuple[int, float, int, int]:
        """What sorts the most pressing first: what it is worth, whether it feeds a figure, how long it has stood."""
        return (*self.worth.rank, -bool(self.moves), -self.age)

    @property
    def age(self) -> int:
        """Days open; -1 where not known, so that it sorts last."""
        return -1 if self.days_open is None else self.days_open


def tasks_of(
    table: pa.Table,
    figures: Mapping[str, Line],
    worth: Mapping[str, Worth] = MappingProxyType({}),
    responses: Mapping[str, Response] = MappingProxyType({}),
) -> list[Task]:
    """Return the exceptions of a table, most pressing first, a child's of one severity together.

    What is waived comes last. Errors come first; of these what settles a colour, then what could move a figure of the
    team furthest; of these the oldest. ``worth`` says by exception what it could do, ``responses`` what was answered
    before.
    """
    moved = lru_cache(maxsize=None)(lambda indicators: _moves(indicators, figures))
    tasks = [_task(row, moved, worth, responses) for row in table.select(_READ).to_pylist()]
    first: dict[tuple[Severity, str], tuple[int, float, int, int]] = {}
    for task in tasks:
        first[task.group] = min(task.pressing, first.get(task.group, task.pressing))
    return sorted(
        tasks,
        key=lambda t: (
            t.waived, _RANK[t.severity], first[t.group], t.group[1], t.pressing, t.rule_id, t.exception_id,
        ),
    )  # fmt: skip


def by_child(tasks: Iterable[Task]) -> list[tuple[str, list[Task]]]:
    """Return (child or record, its tasks) in the order of each one's most pressing task."""
    return grouped(tasks, lambda task: task.child or task.record)


def grouped(tasks: Iterable[Task], name: Callable[[Task], str]) -> list[tuple[str, list[Task]]]:
    """Return (name, its tasks) in the order in which the names are first met."""
    groups: dict[str, list[Task]] = {}
    for task in tasks:
        groups.setdefault(name(task), []).append(task)
    return list(groups.items())


def lines_of(result: RunResult) -> dict[str, Line]:
    """Return indicator id → its line in the paper, in the paper's order; then any others by their own titles."""
    lines: dict[str, Line] = {}
    for line in (*result.scorecard.judged, *result.scorecard.lines) if result.scorecard else ():
        lines.setdefault(line.indicator, line)
    for indicator in (figure.indicator for figure in result.figures):
        lines.setdefault(indicator.id, Line(indicator=indicator.id, title=indicator.title))
    return lines


def named(line: Line) -> str:
    """Return a figure as the paper calls it: its number and title."""
    return f"{line.number}. {line.title}" if line.number else line.title


_LISTED = 6
"""Other figures that are listed by number; a record can touch half a scorecard."""


def listed(task: Task) -> str:
    """Return the figures that nothing is told of, by number; the first by name where nothing is told of any."""
    first, others = (
        ([], task.others) if task.worth.told else ([named(line) for line in task.others[:1]], task.others[1:])
    )
    more = f" and {len(others) - _LISTED} more" if len(others) > _LISTED else ""
    also = f"also {', '.join(line.number or line.title for line in others[:_LISTED])}{more}" if others else ""
    return "; ".join(filter(None, [*first, also]))


def record_place(rule: str) -> str:
    """Return the name, on a team's page, of the first record of a rule: what a link to its records leads to."""
    return f"rule-{rule}"


def in_a_sentence(tasks: Sequence[Task], since: str = "") -> str:
    """Return what there is to do: records and not faults are what a team counts, as on the team's page.

    ``since`` is the month that new ones are counted from, where there is one.
    """
    to_do = [task for task in tasks if not task.waived]
    errors = _records(task for task in to_do if task.severity is Severity.ERROR)
    queries = _records(task for task in to_do if task.severity is Severity.QUERY)
    notes = sum(task.severity is Severity.INFORMATION for task in to_do)
    parts = [words.plural(errors, "record to fix", "records to fix")] if errors else ["Nothing to fix"]
    parts += [words.plural(queries, "record to check", "records to check")] if queries else []
    parts += [words.plural(notes, "note for information", "notes for information")] if notes else []
    oldest = max((task.age for task in to_do if task.severity is Severity.ERROR), default=-1)
    age = f" The oldest to fix has stood for {words.plural(oldest, 'day')}." if oldest >= 0 else ""
    children = len({task.child for task in to_do if task.child})
    whose = f" for {words.plural(children, 'child', 'children')}" if children else ""
    fresh = f" New since {since}: {sum(task.new for task in tasks):,}." if since else ""
    waived = len(tasks) - len(to_do)
    accepted = f" Waived, and listed as such: {waived:,}." if waived else ""
    return f"{', '.join(parts[:-1])}{' and ' if parts[:-1] else ''}{parts[-1]}{whose}.{age}{fresh}{accepted}"


def _records(tasks: Iterable[Task]) -> int:
    return len({task.record for task in tasks})


def _task(
    row: Mapping[str, Any],
    moved: Callable[[str], tuple[Line, ...]],
    worth: Mapping[str, Worth],
    responses: Mapping[str, Response],
) -> Task:
    return Task(
        exception_id=row["exception_id"],
        rule_id=row["rule_id"],
        severity=Severity(row["severity"]),
        extract=row["extract"],
        key=row["record_key"],
        child=row["person_id"],
        worker=row["worker_id"],
        wrong=row["message"],
        found=words.found(row["values"]),
        fix=row["fix"],
        days_open=row["days_open"],
        moves=moved(row["indicators"] or ""),
        worth=worth.get(row["exception_id"], NOTHING),
        state=Standing(row["state"]),
        answered=responses.get(row["exception_id"]),
    )


def _moves(indicators: str, figures: Mapping[str, Line]) -> tuple[Line, ...]:
    """Return the figures that some indicators are, in the paper's order."""
    touched = dict.fromkeys(filter(None, indicators.split(";")))
    unknown = (Line(indicator=name, title=name) for name in touched if name not in figures)
    return (*(line for name, line in figures.items() if name in touched), *unknown)
