"""Answers of teams: held row by row against what was sent, and entered together or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, select

from dq.ledger.chain import Row as Said
from dq.ledger.entries import LATEST, append
from dq.ledger.queries import PastRun, is_open, past_runs, standing_at
from dq.ledger.runs import scopes_of
from dq.ledger.tables import RESPONSE
from dq.model import Answer, Response
from dq.problems import Problem, nearest

NOBODY = "nobody"
"""Written for a team where the record belongs to none of those there are."""
LONGEST = 500
"""Characters of a comment: a reason, and not a case note."""


@dataclass(frozen=True)
class Returned:
    """A row of a list that came back; all as it was typed, ``until`` None where it is no day."""

    path: Path
    line: int
    exception_id: str | None
    record: str | None
    rule: str | None
    sent_with: str | None
    response: str | None
    comment: str | None
    until_typed: str | None
    until: dt.date | None

    @property
    def is_blank(self) -> bool:
        """Whether nothing was answered."""
        return not (self.response or self.comment or self.until_typed)


class Sent:
    """What was sent out: the runs, how exceptions stand after the last, and the teams there are."""

    def __init__(self, connection: Connection, authority: str, dataset: str) -> None:
        runs = [run for run in past_runs(connection) if (run.authority, run.dataset) == (authority, dataset)]
        self.runs = {run.run_id: run for run in runs}
        self.last: PastRun | None = max(runs, key=lambda run: (run.period, run.entry), default=None)
        self.standing: Mapping[str, Row[Any]] = standing_at(connection, self.last) if self.last else {}
        scopes = scopes_of(connection, self.last.entry) if self.last else ()
        self.teams = {scope.id: scope.name for scope in scopes if scope.type == "team"}
        self.answered = _latest(connection)

    def team_named(self, name: str) -> str | None:
        """Return the id of a team by its id or name, whatever the case."""
        asked = name.strip().casefold()
        if asked == NOBODY:
            return NOBODY
        return next((key for key, title in self.teams.items() if asked in {key.casefold(), title.casefold()}), None)


def hold_against(sent: Sent, rows: Iterable[Returned], today: dt.date) -> tuple[list[Problem], list[Said]]:
    """Return what is wrong with answers, and the rows to enter of those that are new; blank ones are left out."""
    problems: list[Problem] = []
    taken: dict[str, tuple[Returned, Said]] = {}
    for row in rows:
        if row.is_blank:
            continue
        faults = [Problem(what, row.path, row.line, instead) for what, instead in _faults(sent, row, today)]
        problems += faults
        if faults:
            continue
        said = _said(sent, row)
        other, before = taken.setdefault(str(row.exception_id), (row, said))
        if before != said:
            there = f"{other.path.name}:{other.line}"
            problems.append(Problem("this exception has another answer too.", row.path, row.line, f"See {there}."))
    return problems, [said for _, said in taken.values() if not _is_same(said, sent.answered.get(said["exception_id"]))]


def enter(connection: Connection, rows: Sequence[Said], files: int) -> None:
    """Add answers as one entry. The connection must be writing."""
    append(connection, "response", {"answers": len(rows), "files": files}, {RESPONSE: rows})


def responses_that_hold(
    connection: Connection,
    fingerprints: Callable[[Collection[str]], Mapping[str, str]],
    today: dt.date,
    before: int = LATEST,
) -> dict[str, Response]:
    """Return exception_id → the last answer to it, where its rule means what it meant and the day has not come.

    ``Corrected`` holds until the next extract, which shows whether it was. What came with the entry ``before``, or
    later, is left out. ``fingerprints`` says what the rules of exceptions meant when they were last looked at.
    """
    found = {}
    answered = _latest(connection, before)
    means = fingerprints(answered)
    for exception_id, row in answered.items():
        until = None if row.until is None else dt.date.fromisoformat(row.until)
        answer = Answer(row.answer)
        if answer is Answer.CORRECTED or means.get(exception_id) != row.fingerprint or (until and until < today):
            continue
        found[exception_id] = Response(answer, row.why, until, row.belongs_to)
    return found


def _latest(connection: Connection, before: int = LATEST) -> dict[str, Row[Any]]:
    query = select(RESPONSE).where(RESPONSE.c.entry < before).order_by(RESPONSE.c.entry)
    return {row.exception_id: row for row in connection.execute(query)}


def _faults(sent: Sent, row: Returned, today: dt.date) -> Iterator[tuple[str, str | None]]:
    """Yield what is wrong with a row, and what would be right; nothing that a record holds is repeated."""
    known = sent.standing.get(row.exception_id or "")
    if row.exception_id is None:
        yield "this row has an answer and no Exception ID.", "Answer on the list as it was sent."
        return
    if known is None:
        yield "no exception of this ID was sent.", "Answer on the list as it was sent; do not change the ID."
        return
    yield from _edition(sent, row, known)
    if row.record is not None and row.record != f"{known.extract.replace('_', ' ')} {known.record_key}":
        yield "the Record is not the one that was sent under this ID.", "Answer on the list as it was sent."
    if row.rule is not None and row.rule != known.rule_id:
        yield "the Rule is not the one that was sent under this ID.", f"It was '{known.rule_id}'."
    yield from _answer(sent, row, today)


def _edition(sent: Sent, row: Returned, known: Row[Any]) -> Iterator[tuple[str, str | None]]:
    run = sent.runs.get(row.sent_with or "")
    if run is None or sent.last is None:
        yield "no list was sent with such a run.", "Leave 'Sent with' as it was."
    elif run.period < sent.last.period:
        newest = f"{sent.last.period:%B %Y}"
        yield f"this is the list of {run.period:%B %Y}.", f"Answer on the list of {newest}."
    elif not is_open(known):
        yield f"this is {known.state.replace('_', ' ')} since the list was sent.", "Leave the row blank."


def _answer(sent: Sent, row: Returned, today: dt.date) -> Iterator[tuple[str, str | None]]:
    if not row.response:
        yield "there is a Comment or Until, and no Response.", f"Choose one: {'; '.join(Answer)}."
        return
    answer = _meant(row.response)
    if answer is None:
        yield "the Response is not one of the list.", nearest(row.response, list(Answer)) or None
        return
    if answer is not Answer.CORRECTED and not row.comment:
        yield f"'{answer}' wants a Comment.", "Say why, which team, or what is planned."
    if len(row.comment or "") > LONGEST:
        yield f"the Comment is longer than {LONGEST} characters.", "Give the reason in short, and no name."
    if answer is Answer.KNOWN:
        if row.until is None:
            yield f"'{answer}' wants a day in Until.", "Write it as 31/12/2030."
        elif row.until < today:
            yield "the day in Until has passed.", "Give one to come."
    elif row.until_typed:
        yield f"Until goes with '{Answer.KNOWN}' only.", "Leave it empty."
    if answer is Answer.NOT_OURS and row.comment and sent.team_named(row.comment) is None:
        yield "the Comment names no team.", nearest(row.comment, [*sent.teams.values(), NOBODY])


def _meant(typed: str) -> Answer | None:
    plain = " ".join(typed.split()).casefold()
    return next((answer for answer in Answer if answer.casefold() == plain), None)


def _said(sent: Sent, row: Returned) -> Said:
    known = sent.standing[str(row.exception_id)]
    answer = _meant(row.response or "")
    assert answer is not None  # noqa: S101 - no fault was found
    away = sent.team_named(row.comment or "") if answer is Answer.NOT_OURS else None
    return {
        "exception_id": row.exception_id, "run_id": row.sent_with, "answer": answer.value,
        "why": None if answer is Answer.NOT_OURS else row.comment,
        "until": row.until.isoformat() if answer is Answer.KNOWN and row.until else None,
        "belongs_to": away, "team_id": known.team_id, "fingerprint": known.fingerprint,
    }  # fmt: skip


def _is_same(said: Said, before: Row[Any] | None) -> bool:
    """Whether the last answer says this already, as where a list comes back twice."""
    said_of = ("answer", "why", "until", "belongs_to", "fingerprint")
    return before is not None and all(getattr(before, name) == said[name] for name in said_of)
