"""A team's workbook, and its first sheet: what to do, and where to answer. Nothing of any other team goes in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from dq.model import Line, RunResult, Severity
from dq.reports import words
from dq.reports.sheets import ANSWER, QUIET, RULE, STRIPE, TITLE, Book, Cell, Column, Look, Sheet
from dq.reports.tasks import Task, in_a_sentence, named
from dq.reports.team_sheets import (
    ANSWERS,
    MEANING,
    RESPONSE_RANGE,
    RESPONSES,
    SUMMARY,
    Team,
    write_answers,
    write_meaning,
    write_summary,
)

TODO = "To do"
TODO_HEADER = 3
"""Row of the headings of the first sheet, counted from 0."""
MOST_TASKS = 50_000

HOW_TO = (
    "Put the record right on the case system, then choose a Response in the tinted columns; choose one too where "
    "there is nothing to put right. Filter with the arrows. Error: the record is wrong. "
    "Query: it may be right, please look."
)
_SEVERITY_LOOKS: Mapping[Severity, Look] = {
    Severity.ERROR: {"font_color": "#9C1C14", "bold": True},
    Severity.QUERY: {"font_color": "#0B4F8A", "bold": True},
    Severity.INFORMATION: {"font_color": QUIET},
}
_LEFT_TO_ANSWER: Look = {"locked": False, "bg_color": ANSWER, "left": 1, "left_color": RULE}


TASK_COLUMNS: Sequence[Column[Task]] = (
    Column("Child ID", 11, lambda task: Cell(task.child)),
    Column("Worker", 9, lambda task: Cell(task.worker)),
    Column("What is wrong", 32, lambda task: Cell(task.wrong)),
    Column("What was found", 20, lambda task: Cell(task.found)),
    Column("What to do on the case system", 32, lambda task: Cell(task.fix)),
    Column(
        "Severity",
        9,
        lambda task: Cell(words.SEVERITY_WORDS[task.severity], "centre"),
        lambda task: _SEVERITY_LOOKS[task.severity],
    ),
    Column("Days open", 7, lambda task: Cell(task.days_open, "count")),
    Column("Figures it moves", 26, lambda task: Cell(_moves(task.moves))),
    Column("Response", 15, lambda _: Cell(None, "answer"), lambda _: _LEFT_TO_ANSWER),
    Column("Comment", 20, lambda _: Cell(None, "answer"), lambda _: _LEFT_TO_ANSWER),
    Column("Until", 11, lambda _: Cell(None, "answer_day"), lambda _: _LEFT_TO_ANSWER),
    Column("Record", 13, lambda task: Cell(task.record)),
    Column("Rule", 19, lambda task: Cell(task.rule_id), lambda _: {"font_color": QUIET}),
    Column(
        "Exception ID", 9, lambda task: Cell(task.exception_id), lambda _: {"font_color": QUIET, "text_wrap": False}
    ),
)
_PLACE = {column.title: place for place, column in enumerate(TASK_COLUMNS)}


def write_team_workbook(result: RunResult, team: Team, path: Path) -> None:
    """Write one team's workbook. It opens at the first row to do."""
    authority, period = result.project.authority, words.month(result.period)
    with Book(path, f"{team.name}: records to put right, {period}", authority, result.finished_at) as book:
        sheets = [book.sheet(name, team.name, period) for name in (TODO, SUMMARY, MEANING, ANSWERS)]
        _to_do(sheets[0], team, result)
        write_summary(sheets[1], team, _opening(team), result.scorecard.arrow if result.scorecard else "number")
        write_meaning(sheets[2], team)
        write_answers(sheets[3])
        sheets[0].writer.activate()


def _moves(lines: Sequence[Line]) -> str:
    """Return the first figure in full and the others by number; all are in full on the sheet about the rules."""
    if not lines:
        return ""
    others = [line.number or line.title for line in lines[1:]]
    return f"{named(lines[0])}; also {', '.join(others)}" if others else named(lines[0])


def _to_do(sheet: Sheet, team: Team, result: RunResult) -> None:
    last = len(TASK_COLUMNS) - 1
    listed = team.tasks[:MOST_TASKS]
    sheet.widths(TASK_COLUMNS)
    sheet.banner(0, last, f"{team.name}: records to put right", 28, TITLE)
    sheet.banner(1, last, f"At {words.day(result.period)}. {_opening(team)}", 20, {"font_size": 11})
    if not team.tasks:
        return
    sheet.banner(2, last, HOW_TO, 30, {"font_color": QUIET})
    sheet.header(TODO_HEADER, TASK_COLUMNS, listed)
    shades = _shades(listed)
    first_of_child = {task.group: task.exception_id for task in reversed(listed)}

    def look(task: Task) -> Look:
        line = {"top": 1, "top_color": "#7B8A94"} if first_of_child[task.group] == task.exception_id else {}
        return {**shades[task.group], **line}

    end = sheet.rows(TODO_HEADER + 1, TASK_COLUMNS, listed, look)
    sheet.finish(TODO_HEADER, last, end, frozen_columns=1)
    _take_answers(sheet, TODO_HEADER + 1, end - 1, result)
    # The last two columns are for the performance team: on paper their room goes to larger letters.
    sheet.writer.print_area(0, 0, end - 1, _PLACE["Record"])
    sheet.writer.set_selection(TODO_HEADER + 1, 0, TODO_HEADER + 1, 0)
    # Excel refuses to sort locked cells whatever is allowed here, so sorting is not offered.
    sheet.writer.protect("", {"autofilter": True, "format_columns": True, "format_rows": True})


def _opening(team: Team) -> str:
    if not team.tasks:
        return "No record of this team needs putting right: every rule that could be run found nothing."
    cut = len(team.tasks) - MOST_TASKS
    left_out = f" The first {MOST_TASKS:,} are listed; ask for the other {cut:,}." if cut > 0 else ""
    return in_a_sentence(team.tasks) + left_out


def _shades(tasks: Iterable[Task]) -> dict[tuple[Severity, str], Look]:
    """Return the background of each group of tasks: every other one is banded."""
    groups = dict.fromkeys(task.group for task in tasks)
    return {group: {"bg_color": STRIPE} if place % 2 else {} for place, group in enumerate(groups)}


def _take_answers(sheet: Sheet, first: int, last: int, result: RunResult) -> None:
    """Offer the responses as a list, ask for a date, and show where an answer still lacks its reason or date."""
    response, comment, until = (_PLACE[title] for title in ("Response", "Comment", "Until"))
    sheet.writer.data_validation(first, response, last, response, {
        "validate": "list",
        # A list typed into the rule is split at commas, and one of the responses holds one.
        "source": RESPONSE_RANGE,
        "input_title": "Response",
        "input_message": f"Choose one. What each means is on the sheet '{ANSWERS}'.",
        "error_title": "Not one of the responses",
        "error_message": f"Choose from the list: {'; '.join(RESPONSES)}.",
    })  # fmt: skip
    sheet.writer.data_validation(first, until, last, until, {
        "validate": "date",
        "criteria": ">=",
        "value": result.finished_at.date(),
        "error_title": "Not a date to come",
        "error_message": f"Give a date on or after {words.day(result.finished_at.date())}, such as 31/12/2030.",
    })  # fmt: skip
    row = first + 1
    said, why, when = (f"${chr(ord('A') + place)}{row}" for place in (response, comment, until))
    wants_why = f'=AND({said}<>"",{said}<>"Corrected",TRIM({why})="")'
    wants_date = f'=AND({said}="Known, until a date",{when}="")'
    missing = sheet.book.writer.add_format({"bg_color": "#F7B955"})
    for place, formula in ((comment, wants_why), (until, wants_date)):
        rule = {"type": "formula", "criteria": formula, "format": missing}
        sheet.writer.conditional_format(first, place, last, place, rule)
