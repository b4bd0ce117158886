"""The sheets of a team's workbook that fold: the same tasks once by kind of fault and once by worker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dq.reports import words
from dq.reports.sheets import QUIET, Cell, Column, Look, Sheet
from dq.reports.tasks import Task, grouped
from dq.reports.team_sheets import Team, count_by, worker

BY_RULE, BY_WORKER = "By rule", "By worker"
MOST_OUTLINED = 20_000
"""A longer list has no such sheets: the filters of its first sheet serve."""
UNFOLDED = 60
"""Tasks; of a longer list the sheets open with all groups folded."""
_HEADER = 1


@dataclass(frozen=True)
class _Line:
    """A row of such a sheet: a group's own, with its tasks, or one task of it."""

    group: str
    of: Sequence[Task] = ()
    task: Task | None = None


def write_by_rule(sheet: Sheet, team: Team) -> None:
    """Write the tasks under the kinds of fault, most first."""
    order = [count.name for count in count_by(team.tasks, team.title)]
    other: Column[_Line] = Column("Worker", 14, lambda line: Cell(worker(line.task) if line.task else " "))
    _write(sheet, "Kind of fault", other, dict(grouped(team.tasks, team.title)), order)


def write_by_worker(sheet: Sheet, team: Team) -> None:
    """Write the tasks under the workers, by name; those of no worker last."""
    groups = dict(grouped(team.tasks, worker))
    order = sorted(groups, key=lambda name: (groups[name][0].worker is None, name))
    other: Column[_Line] = Column("Kind of fault", 40, lambda line: Cell(team.title(line.task) if line.task else " "))
    _write(sheet, "Worker", other, groups, order)


def _write(
    sheet: Sheet, thing: str, other: Column[_Line], groups: Mapping[str, Sequence[Task]], order: Sequence[str]
) -> None:
    columns: list[Column[_Line]] = [
        Column(thing, 44 if other.width < 30 else 14, lambda line: Cell(line.group), _name_look),
        Column("Child ID", 13, lambda line: Cell(line.task.child if line.task else _children(line.of))),
        other,
        Column("What is wrong", 56, lambda line: Cell(line.task.wrong if line.task else _rows(line.of))),
        Column("Severity", 11, lambda line: Cell(_severity(line), "centre")),
        Column("Days open", 9, lambda line: Cell(_oldest(line), "count")),
        Column(
            "Record", 24, lambda line: Cell(line.task.record if line.task else " "), lambda _: {"font_color": QUIET}
        ),
    ]
    folded = sum(map(len, groups.values())) > UNFOLDED
    sheet.widths(columns)
    how = f"The first sheet by {thing.lower()}. Open and close a group with + and − at the left; answer on that sheet."
    sheet.banner(0, len(columns) - 1, how, 20, {"font_color": QUIET})
    lines = list(_lines(groups, order))
    sheet.header(_HEADER, columns, lines[1:])
    sheet.writer.outline_settings(True, False, True, False)
    end = sheet.rows(_HEADER + 1, columns, lines, _look, lambda line: _outline(line, folded=folded))
    sheet.finish(_HEADER, len(columns) - 1, end)


def _lines(groups: Mapping[str, Sequence[Task]], order: Sequence[str]) -> Iterator[_Line]:
    for name in order:
        yield _Line(name, groups[name])
        yield from (_Line(name, task=task) for task in groups[name])


def _look(line: _Line) -> Look:
    return {} if line.task else {"bold": True, "bg_color": "#DCE5EA"}


def _name_look(line: _Line) -> Look:
    return {"font_color": QUIET} if line.task else {}


def _outline(line: _Line, *, folded: bool) -> Mapping[str, Any]:
    if line.task is None:
        return {"collapsed": folded}
    return {"level": 1, "hidden": folded}


def _children(tasks: Sequence[Task]) -> str:
    children = {task.child for task in tasks if task.child}
    return words.plural(len(children), "child", "children") if children else " "


def _rows(tasks: Sequence[Task]) -> str:
    return words.plural(len(tasks), "row")


def _severity(line: _Line) -> str:
    return words.SEVERITY_WORDS[line.task.severity] if line.task else " "


def _oldest(line: _Line) -> int | None:
    if line.task is not None:
        return line.task.days_open
    return max((task.days_open for task in line.of if task.days_open is not None), default=None)
