"""What people say of exceptions: answers on the lists that come back, and waivers; entered whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from dq.history import ledger_of
from dq.ledger.responses import Returned, Sent, enter, hold_against
from dq.ledger.waivers import Asked, bypasses, grant, take_back, waivers
from dq.model import Column, ColumnType, Contract
from dq.project import open_project
from dq.sources.small_file import days_written, lines_of, raise_some

_NEEDED = ("exception_id", "response", "comment", "until", "sent_with")
_COLUMNS = (*_NEEDED, "record", "rule")
_CONTRACT = Contract(
    title="A list of a team, answered",
    one_row="one record to put right",
    key="exception_id",
    columns={column: Column(type=ColumnType.TEXT, label=column, local=True) for column in _COLUMNS},
    name="to_do",
)


def respond(files: Sequence[Path], place: Path, today: dt.date) -> str:
    """Enter the answers of some lists, CSV or XLSX, and say how many there are of each kind.

    Raises ProblemsError with the row and the reason for every answer that cannot be taken; then none is.
    """
    rows = [row for path in files for row in _read(path)]
    project = open_project(place)
    with ledger_of(place) as ledger, ledger.writing() as connection:
        problems, taken = hold_against(Sent(connection, project.authority, project.dataset), rows, today)
        raise_some(problems)
        if taken:
            enter(connection, taken, len(files))
    counts = Counter(row["answer"] for row in taken)
    blank = sum(row.is_blank for row in rows)
    before = len(rows) - blank - len(taken)
    lines = [f"{count:>7,}  {answer}" for answer, count in sorted(counts.items())]
    return "\n".join([*lines, f"{before:>7,}  as answered before", f"{blank:>7,}  without an answer"])


def waive(asked: Asked, place: Path, today: dt.date) -> str:
    """Enter a waiver, and say its number. Raises ProblemsError for all that is wrong with it."""
    project = open_project(place)
    with ledger_of(place) as ledger, ledger.writing() as connection:
        number = grant(connection, project.authority, project.dataset, asked, today)
    bounds = f"until {asked.until:%d/%m/%Y}, for at most {asked.at_most:,}"
    return f"Waiver {number}, {bounds}. It shows with the next run or check."


def end_waiver(number: int, why: str, place: Path) -> str:
    """Take a waiver back. Raises ProblemsError where there is none of that number."""
    with ledger_of(place) as ledger, ledger.writing() as connection:
        take_back(connection, number, why)
    return f"Waiver {number} is taken back. What it was about is open with the next run."


def list_waivers(place: Path, today: dt.date) -> str:
    """Return the waivers there are, and which are past their day."""
    project = open_project(place)
    with ledger_of(place) as ledger, ledger.reading() as connection:
        there = waivers(connection, project.authority, project.dataset)
        requests = bypasses(connection, (row.entry for row in there))
    lines = []
    for row in there:
        about = (
            f"exception {row.exception_id}"
            if row.exception_id
            else f"at most {row.at_most:,} of {row.team_id or 'all'}"
        )
        past = " (past)" if row.until < today.isoformat() else ""
        who = f"asked by {row.asked_by}, approved by {row.approved_by}"
        asked = f", bypass requested ({requests[row.entry]})" if row.entry in requests else ""
        lines.append(f"{row.entry:>6}  {row.rule_id}{asked}, {about}, until {row.until}{past}, {who}: {row.why}")
    return "\n".join(lines) or "no waiver"


def _read(path: Path) -> Iterator[Returned]:
    for line, cells in lines_of(path, _CONTRACT, _NEEDED, "answers"):
        until = cells["until"]
        yield Returned(
            path=path,
            line=line,
            exception_id=cells["exception_id"],
            record=cells.get("record"),
            rule=cells.get("rule"),
            sent_with=cells["sent_with"],
            response=cells["response"],
            comment=cells["comment"],
            until_typed=until,
            until=next(iter(days_written(until)), None) if until else None,
        )
