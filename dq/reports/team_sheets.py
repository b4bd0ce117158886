"""The sheets of a team's workbook after the first: how it adds up, what the rules mean, how to answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.chart_bar import ChartBar

from dq.model import Answer, Rule, Severity
from dq.reports import words
from dq.reports.figure_columns import INDICATOR_WIDTH, Arrow, colour_figures, figure_columns
from dq.reports.guide import Guide
from dq.reports.lists import TeamList
from dq.reports.sheets import INK, QUIET, TITLE, Cell, Column, Sheet
from dq.reports.tasks import Task, grouped, in_a_sentence, named

SUMMARY, MEANING, ANSWERS = "Summary", "What the rules mean", "How to answer"
CHART_BARS = 15
BAR_HEIGHT, CHART_FRAME, ROW_HEIGHT = 22, 90, 20
"""Pixels: of a bar with its gap, of a chart's title, axis and legend, and of a row of a sheet."""

RESPONSES: Mapping[Answer, str] = {
    Answer.CORRECTED: "You have changed the record on the case system. It leaves this list after the next extract.",
    Answer.RIGHT: "The record is true as it stands. Say why in Comment, so that it can be accepted.",
    Answer.NOT_OURS: "Another team holds this record. Give its name or ID in Comment, or write: nobody.",
    Answer.KNOWN: "You know, and it will be put right later. Give the date in Until and the plan in Comment.",
}
RESPONSE_RANGE = f"='{ANSWERS}'!$A$3:$A${2 + len(RESPONSES)}"
"""Where the sheet of answers lists the responses: below its title and its heading."""

_NOT_IN_SUMMARY = ("No.", "Better", "Period", "Rolling 3 months", "R3M RAG")


@dataclass(frozen=True)
class Team:
    """Whom a workbook is for, and all that may go into it. ``rules`` may hold more than the tasks need.

    ``sent_with`` is the run that the list is of: answers come back with it.
    """

    own: TeamList
    rules: Mapping[str, Rule]
    guide: Guide
    sent_with: str

    @property
    def name(self) -> str:
        """What the team is called."""
        return self.own.name

    @property
    def tasks(self) -> Sequence[Task]:
        """What there is to do, most pressing first."""
        return self.own.tasks

    @property
    def opening(self) -> str:
        """What there is to do, in a sentence."""
        if not self.tasks:
            return "No record of this team needs putting right: every rule that could be run found nothing."
        return in_a_sentence(self.tasks, self.own.since)

    def title(self, task: Task) -> str:
        """Return what a task's rule finds: its title, or its id where the rule is not known."""
        rule = self.rules.get(task.rule_id)
        return rule.title if rule else task.rule_id


def worker(task: Task) -> str:
    """Return whose task it is, in words where it is nobody's."""
    return task.worker or "No worker recorded"


@dataclass(frozen=True)
class Count:
    """How many tasks share a rule or a worker; ``oldest`` in days."""

    name: str
    errors: int
    others: int
    oldest: int | None


def count_by(tasks: Iterable[Task], name: Callable[[Task], str]) -> list[Count]:
    """Return the tasks counted by name, most first."""
    counts = (_count(*group) for group in grouped(tasks, name))
    return sorted(counts, key=lambda c: (-c.errors - c.others, -c.errors, c.name))


def _count(name: str, tasks: Sequence[Task]) -> Count:
    errors = sum(task.severity is Severity.ERROR for task in tasks)
    ages = [task.days_open for task in tasks if task.days_open is not None]
    return Count(name, errors, len(tasks) - errors, max(ages, default=None))


def write_summary(sheet: Sheet, team: Team, arrow: Arrow) -> None:
    """Write the team's figures, and its tasks counted by rule and by worker with a chart of each."""
    columns = [column for column in figure_columns(arrow) if column.title not in _NOT_IN_SUMMARY]
    last = len(columns) - 1
    sheet.widths(columns)
    sheet.banner(0, last, f"{team.name}: how it adds up", 28, TITLE)
    sheet.banner(1, last, team.opening, 20, {"font_size": 11})
    row = 3
    figures = team.own.figures
    if figures:
        sheet.header(row, columns, figures)
        end = sheet.rows(row + 1, columns, figures, lambda _: {})
        colour_figures(sheet, columns, row + 1, end - 1)
        row = end + 1
    row = _counted(sheet, row, "rule", count_by(team.tasks, team.title))
    _counted(sheet, row, "worker", count_by(team.tasks, worker))


def _counted(sheet: Sheet, row: int, thing: str, counts: Sequence[Count]) -> int:
    """Write a table of counts with its chart beside it, and return the row after both."""
    if not counts:
        return row
    columns: list[Column[Count]] = [
        Column(f"By {thing}", INDICATOR_WIDTH, lambda count: Cell(count.name)),
        Column("Error", 10, lambda count: Cell(count.errors, "count")),
        Column("Query or note", 10, lambda count: Cell(count.others, "count")),
        Column("Oldest, days", 10, lambda count: Cell(count.oldest, "count")),
    ]
    sheet.header(row, columns, counts)
    end = sheet.rows(row + 1, columns, counts, lambda _: {})
    bars = min(len(counts), CHART_BARS)
    height = CHART_FRAME + BAR_HEIGHT * bars
    title = f"By {thing}" if bars == len(counts) else f"By {thing}: the first {bars} of {len(counts)}"
    chart = _chart(sheet, row + 1, row + bars, title)
    chart.set_size({"width": 560, "height": height})
    sheet.writer.insert_chart(row, len(columns), chart, {"x_offset": 12, "object_position": 2})
    return max(end, row + height // ROW_HEIGHT + 1) + 1


def _chart(sheet: Sheet, first: int, last: int, title: str) -> ChartBar:
    chart = sheet.book.writer.add_chart({"type": "bar", "subtype": "stacked"})
    for place, colour in ((1, "#B4423A"), (2, "#5B87AE")):
        chart.add_series({
            "name": [sheet.name, first - 1, place],
            "categories": [sheet.name, first, 0, last, 0],
            "values": [sheet.name, first, place, last, place],
            "fill": {"color": colour},
            "gap": 45,
        })  # fmt: skip
    font = {"name": "Arial", "size": 9, "color": INK}
    chart.set_title({"name": title, "name_font": {**font, "size": 11, "bold": True}, "overlay": False})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_y_axis(
        {"reverse": True, "num_font": font, "line": {"none": True}, "major_tick_mark": "none", "interval_unit": 1}
    )
    grid = {"visible": True, "line": {"color": "#E3E8EB"}}
    chart.set_x_axis({"num_font": font, "num_format": "0", "major_gridlines": grid, "line": {"none": True}, "min": 0})
    return chart


def write_meaning(sheet: Sheet, team: Team) -> None:
    """Write what each rule found here means, why it matters and how to put it right, on which screen."""
    moves: dict[str, dict[str, None]] = {}
    screens: dict[str, str] = {}
    for task in team.tasks:
        moves.setdefault(task.rule_id, {}).update(dict.fromkeys(map(named, task.moves)))
        screens.setdefault(task.rule_id, team.guide.screen(task.extract))
    rules = sorted((team.rules[name] for name in moves if name in team.rules), key=lambda rule: rule.title)
    columns: list[Column[Rule]] = [
        Column("What it finds", 32, lambda rule: Cell(rule.title), lambda _: {"bold": True}),
        Column("Severity", 11, lambda rule: Cell(words.SEVERITY_WORDS[rule.severity], "centre")),
        Column("Why it matters", 44, lambda rule: Cell(rule.why)),
        Column("How to put it right", 44, lambda rule: Cell(beside(rule.fix, screens[rule.id]))),
        Column("Figures it moves", 44, lambda rule: Cell("\n".join(moves[rule.id]))),
        Column("Source", 26, lambda rule: Cell(rule.source), lambda _: {"font_color": QUIET}),
        Column("Rule", 22, lambda rule: Cell(rule.id), lambda _: {"font_color": QUIET}),
    ]
    sheet.table(0, columns, rules)


def beside(fix: str, screen: str) -> str:
    """Return how to put a record right, and below it on which screen."""
    return f"{fix}\n{screen}" if screen else fix


def write_answers(sheet: Sheet, team: Team) -> None:
    """Write the responses a team can give and what each means; the drop-down of the first sheet reads them here.

    Below stands what the case system calls things.
    """
    columns: list[Column[tuple[str, str]]] = [
        Column("Response", 24, lambda answer: Cell(answer[0]), lambda _: {"bold": True}),
        Column("When to give it", 90, lambda answer: Cell(answer[1])),
    ]
    sheet.banner(0, 1, "How to answer", 28, TITLE)
    sheet.table(1, columns, list(RESPONSES.items()))
    send = "Answer in the tinted columns of the first sheet and send the workbook back to the performance team."
    row = len(RESPONSES) + 3
    sheet.banner(row, 1, send, 20)
    system = team.guide.system
    if system is not None:
        sheet.banner(row + 2, 1, f"What {system.title} calls things", 28, TITLE)
        sheet.banner(row + 3, 1, system.note, 32, {"font_color": QUIET})
        sheet.rows(row + 4, columns, list(system.words.items()), lambda _: {})
