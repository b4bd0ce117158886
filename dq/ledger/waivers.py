"""Waivers: what was accepted as it is, by whom, for how many records, until when. None is hidden, none for ever."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from dq.ledger.entries import LATEST, append, content_of
from dq.ledger.queries import is_open, rows_of_run
from dq.ledger.responses import LONGEST, Sent
from dq.ledger.tables import ENDED, RULE_RESULT, WAIVER
from dq.problems import Problem, ProblemsError, nearest, refuse

LONGEST_REFERENCE = 60
"""Characters of the reference of a request: a number, and not a letter."""


@dataclass(frozen=True)
class Asked:
    """A waiver as it is asked for: of one exception, or of those of a rule, of one team or of all; ``until`` a day.

    ``bypass`` is the reference of a request to whoever collects a national return to let it in as it is.
    """

    exception_id: str | None
    rule_id: str | None
    team: str | None
    why: str
    asked_by: str
    approved_by: str
    until: dt.date
    at_most: int
    bypass: str | None = None


def grant(connection: Connection, authority: str, dataset: str, asked: Asked, today: dt.date) -> int:
    """Enter a waiver, and return its number. Raises ProblemsError for all that is wrong with it."""
    sent = Sent(connection, authority, dataset)
    if sent.last is None:
        raise refuse("there is no run yet, and so nothing to waive.")
    meanings = {row.rule_id: row.fingerprint for row in rows_of_run(connection, RULE_RESULT, sent.last)}
    faults = [Problem(what, instead=instead) for what, instead in _faults(sent, asked, meanings, today)]
    if faults:
        raise ProblemsError(faults)
    rule_id = asked.rule_id or sent.standing[str(asked.exception_id)].rule_id
    row = {
        "authority": authority, "dataset": dataset, "rule_id": rule_id, "exception_id": asked.exception_id,
        "team_id": sent.team_named(asked.team) if asked.team else None, "fingerprint": meanings[rule_id],
        "why": asked.why, "asked_by": asked.asked_by, "approved_by": asked.approved_by,
        "until": asked.until.isoformat(), "at_most": asked.at_most,
    }  # fmt: skip
    said = {"rule_id": rule_id} if asked.bypass is None else {"rule_id": rule_id, "bypass": asked.bypass}
    return append(connection, "waiver", said, {WAIVER: [row]}).number


def take_back(connection: Connection, number: int, why: str) -> None:
    """End a waiver before its day. Raises ProblemsError where there is none of that number that has not ended."""
    there = [row.entry for row in _not_ended(connection)]
    if number not in there:
        raise refuse(f"there is no waiver {number}.", instead=nearest(str(number), map(str, there)) or "There is none.")
    append(connection, "ended", {"waiver": number}, {ENDED: [{"waiver": number, "why": why}]})


def waivers(connection: Connection, authority: str, dataset: str, before: int = LATEST) -> list[Row[Any]]:
    """Return the waivers that were not taken back, in order, whether their day has come or not.

    What came with the entry ``before``, or later, is left out.
    """
    return [row for row in _not_ended(connection, before) if (row.authority, row.dataset) == (authority, dataset)]


def bypasses(connection: Connection, numbers: Iterable[int]) -> dict[int, str]:
    """Return, of some waivers, those that are requests to bypass a check of a national return: number → reference."""
    said = {number: content_of(connection, number) for number in numbers}
    return {number: str(one["bypass"]) for number, one in said.items() if "bypass" in one}


def _not_ended(connection: Connection, before: int = LATEST) -> Sequence[Row[Any]]:
    gone = select(ENDED.c.waiver).where(ENDED.c.entry < before)
    there = select(WAIVER).where(WAIVER.c.entry < before, WAIVER.c.entry.not_in(gone))
    return connection.execute(there.order_by(WAIVER.c.entry)).all()


def _faults(sent: Sent, asked: Asked, rules: dict[str, str], today: dt.date) -> Iterator[tuple[str, str | None]]:
    if (asked.exception_id is None) == (asked.rule_id is None):
        yield "a waiver is of one exception, or of a rule.", "Give the ID of an exception, or --rule."
    elif asked.exception_id is not None:
        known = sent.standing.get(asked.exception_id)
        if known is None or not is_open(known):
            yield f"there is no open exception '{asked.exception_id}'.", "`dq ledger show ID` says what became of one."
        if asked.team is not None:
            yield "a team goes with a rule only.", "Leave --team out."
    elif asked.rule_id not in rules:
        yield f"no rule '{asked.rule_id}' was run last.", nearest(str(asked.rule_id), rules)
    if asked.team is not None and sent.team_named(asked.team) is None:
        yield f"there is no team '{asked.team}'.", nearest(asked.team, sent.teams.values())
    if asked.approved_by.strip().casefold() == asked.asked_by.strip().casefold():
        yield "whoever asks for a waiver does not approve it.", "Let somebody else approve it."
    if not asked.why.strip() or len(asked.why) > LONGEST:
        yield f"a waiver wants a reason of no more than {LONGEST} characters.", "Say it with --why, and name no child."
    if asked.bypass is not None and not 0 < len(asked.bypass.strip()) <= LONGEST_REFERENCE:
        yield f"a request has a reference of at most {LONGEST_REFERENCE} characters.", "Say it with --bypass."
    if asked.until <= today:
        yield f"{asked.until} has come.", "Give a day to come."
    if asked.at_most < 1:
        yield "a waiver of no record is none.", "Give --at-most."
