"""A team's workbook, and its first sheet: what to do, and where to answer. Nothing of any other team goes in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from dq.model import Answer, Rule, RunResult, Severity
from dq.reports import words
from dq.reports.guide import Guide
from dq.reports.lists import TeamList
from dq.reports.sheets import ANSWER, MOST_LINKS, QUIET, RULE, STRIPE, TITLE, Book, Cell, Column, Look, Sheet
from dq.reports.tasks import Task, listed
from dq.reports.team_outline import BY_RULE, BY_WORKER, MOST_OUTLINED, write_by_rule, write_by_worker
from dq.reports.team_sheets import (
    ANSWERS,
    MEANING,
    RESPONSE_RANGE,
    RESPONSES,
    SUMMARY,
    Team,
    beside,
    write_answers,
    write_meaning,
    write_summary,
)

TODO = "To do"
TODO_HEADER = 3
"""Row of the headings of the first sheet, counted from 0."""
MOST_TASKS = 250_000

HOW_TO = (
    "Put the record right on the case system, then choose a Response in the tinted columns; choose one too where "
    "there is nothing to put right. Error: the record is wrong. Query: it may be right, please look. Listed: errors, "
    "first what settles a colour, then what could move a figure furthest, then the oldest, a child's together. For "
    "one child, worker or kind of fault, "
    "filter with the arrows."
)
FEW_LINKS = f" Links into the case system end after the first {MOST_LINKS:,}: Excel takes no more."
_SEVERITY_LOOKS: Mapping[Severity, Look] = {
    Severity.ERROR: {"font_color": "#9C1C14", "bold": True},
    Severity.QUERY: {"font_color": "#0B4F8A", "bold": True},
    Severity.INFORMATION: {"font_color": QUIET},
}
_LEFT_TO_ANSWER: Look = {"locked": False, "bg_color": ANSWER, "left": 1, "left_color": RULE}
_FOR_US: Look = {"font_color": QUIET}


def task_columns(team: Team) -> list[Column[Task]]:
    """Return the columns of the first sheet; how a task stands, and figures, are there where there are any."""
    guide = team.guide
    since: list[Column[Task]] = [Column("New?", 9, lambda task: Cell(task.state.capitalize(), "centre"))]
    moves: list[Column[Task]] = [Column("Figures it moves", 24, lambda task: Cell(_moves(task)))]
    return [
        Column("Child ID", 11, lambda task: Cell(task.child, link=guide.to_child(task.child))),
        Column("Worker", 9, lambda task: Cell(task.worker)),
        Column("Kind of fault", 18, lambda task: Cell(team.title(task))),
        Column("What is wrong", 28, lambda task: Cell(task.wrong)),
        Column("What was found", 19, lambda task: Cell(task.found)),
        Column("What to do on the case system", 32, lambda task: Cell(beside(task.fix, guide.screen(task.extract)))),
        Column("Severity", 9, _severity, lambda task: _SEVERITY_LOOKS[task.severity]),
        Column("Days open", 7, lambda task: Cell(task.days_open, "count")),
        *(since if team.own.since or any(task.waived for task in team.tasks) else []),
        *(moves if team.own.figures or any(task.moves for task in team.tasks) else []),
        Column("Response", 14, lambda task: _answered(task, "answer"), _to_answer),
        Column("Comment", 18, lambda task: _answered(task, "why"), _to_answer),
        Column("Until", 11, lambda task: _answered(task, "until"), _to_answer),
        Column("Record", 13, lambda task: Cell(task.record, link=guide.to_record(task.extract, task.key, task.child))),
        Column("Rule", 19, lambda task: Cell(task.rule_id), lambda _: _FOR_US),
        Column("Exception ID", 9, lambda task: Cell(task.exception_id), lambda _: {**_FOR_US, "text_wrap": False}),
        Column("Sent with", 9, lambda _: Cell(team.sent_with), lambda _: {**_FOR_US, "text_wrap": False}),
    ]


def write_team_workbook(result: RunResult, own: TeamList, rules: Mapping[str, Rule], path: Path, guide: Guide) -> None:
    """Write one team's workbook. It opens at the first row to do."""
    team = Team(own, rules, guide, result.run_id)
    authority, period = result.project.authority, words.month(result.period)
    outlined = 0 < len(own.tasks) <= MOST_OUTLINED
    names = (TODO, SUMMARY, *((BY_RULE, BY_WORKER) if outlined else ()), MEANING, ANSWERS)
    title = f"{own.name}: records to put right, {period}"
    with Book(path, title, authority, result.finished_at, len(own.tasks)) as book:
        sheets = {name: book.sheet(name, own.name, period) for name in names}
        _to_do(sheets[TODO], team, result)
        write_summary(sheets[SUMMARY], team, result.scorecard.arrow if result.scorecard else "number")
        if outlined:
            write_by_rule(sheets[BY_RULE], team)
            write_by_worker(sheets[BY_WORKER], team)
        write_meaning(sheets[MEANING], team)
        write_answers(sheets[ANSWERS], team)
        sheets[TODO].writer.activate()


def _answered(task: Task, part: Literal["answer", "why", "until"]) -> Cell:
    """Return what was answered before and still holds, in the cell where it can be answered otherwise."""
    said = task.answered
    if part == "until":
        return Cell(said.until if said else None, "answer_day")
    # A team to which it was passed on is not asked to say again that it belongs to it.
    if said is None or said.answer is Answer.NOT_OURS:
        return Cell(None, "answer")
    return Cell(str(said.answer) if part == "answer" else said.why, "answer")


def _to_answer(_: Task) -> Look:
    return _LEFT_TO_ANSWER


def _severity(task: Task) -> Cell:
    return Cell(words.SEVERITY_WORDS[task.severity], "centre")


def _moves(task: Task) -> str:
    """Return each figure that a task touches once: those of which something is told, and the others by number."""
    lines = [f"{title}: {said}" for title, said in task.worth.told.items()]
    if task.worth.settles[2:]:
        lines.append(f"settles {words.plural(len(task.worth.settles) - 2, 'more colour')}")
    return "\n".join([*lines, *filter(None, [listed(task)])])


def _to_do(sheet: Sheet, team: Team, result: RunResult) -> None:
    columns = task_columns(team)
    place = {str(column.title): number for number, column in enumerate(columns)}
    last = len(columns) - 1
    listed = team.tasks[:MOST_TASKS]
    sheet.widths(columns)
    # The last columns are for the performance team: on paper their room goes to larger letters.
    on_paper = place["Record"]
    sheet.banner(0, on_paper, f"{team.name}: records to put right", 28, TITLE)
    sheet.banner(1, on_paper, f"At {words.day(result.period)}. {team.opening}{_left_out(team)}", 20, {"font_size": 11})
    if not team.tasks:
        return
    # A child and a record in a row may each be a link.
    many = team.guide.links and len(listed) * 2 > MOST_LINKS
    sheet.banner(2, on_paper, HOW_TO + (FEW_LINKS if many else ""), 44, {"font_color": QUIET})
    sheet.header(TODO_HEADER, columns, listed)
    shades = _shades(listed)
    first_of_child = {task.group: task.exception_id for task in reversed(listed)}

    def look(task: Task) -> Look:
        line = {"top": 1, "top_color": "#7B8A94"} if first_of_child[task.group] == task.exception_id else {}
        return {**shades[task.group], **line}

    end = sheet.rows(TODO_HEADER + 1, columns, listed, look)
    sheet.finish(TODO_HEADER, last, end, frozen_columns=1)
    _take_answers(sheet, TODO_HEADER + 1, end - 1, result, place)
    sheet.writer.print_area(0, 0, end - 1, on_paper)
    sheet.writer.set_selection(TODO_HEADER + 1, 0, TODO_HEADER + 1, 0)
    # Excel refuses to sort locked cells whatever is allowed here, so sorting is not offered.
    sheet.writer.protect("", {"autofilter": True, "format_columns": True, "format_rows": True})


def _left_out(team: Team) -> str:
    cut = len(team.tasks) - MOST_TASKS
    return f" The first {MOST_TASKS:,} are listed; ask for the other {cut:,}." if cut > 0 else ""


def _shades(tasks: Iterable[Task]) -> dict[tuple[Severity, str], Look]:
    """Return the background of each group of tasks: every other one is banded."""
    groups = dict.fromkeys(task.group for task in tasks)
    return {group: {"bg_color": STRIPE} if place % 2 else {} for place, group in enumerate(groups)}


def _take_answers(sheet: Sheet, first: int, last: int, result: RunResult, place: Mapping[str, int]) -> None:
    """Offer the responses as a list, ask for a date, and show where an answer still lacks its reason or date."""
    response, comment, until = (place[title] for title in ("Response", "Comment", "Until"))
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
    said, why, when = (f"${chr(ord('A') + column)}{row}" for column in (response, comment, until))
    wants_why = f'=AND({said}<>"",{said}<>"{Answer.CORRECTED}",TRIM({why})="")'
    wants_date = f'=AND({said}="{Answer.KNOWN}",{when}="")'
    missing = sheet.book.writer.add_format({"bg_color": "#F7B955"})
    for column, formula in ((comment, wants_why), (until, wants_date)):
        rule = {"type": "formula", "criteria": formula, "format": missing}
        sheet.writer.conditional_format(first, column, last, column, rule)
