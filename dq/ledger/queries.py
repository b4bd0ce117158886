"""What the ledger is asked: which runs there were, how exceptions stood at one, and what became of one exception."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Table, func, select

from dq.ledger.entries import content_of
from dq.ledger.purge import with_carried
from dq.ledger.runs import chain_of
from dq.ledger.tables import DECISION, ENDED, ENTRY, EXCEPTION, FIGURE, RESPONSE, RULE_RESULT, RUN, WAIVER
from dq.model import CLOSED
from dq.periods import month_named
from dq.problems import nearest, refuse


@dataclass(frozen=True)
class PastRun:
    """A run as the ledger has it. ``changed`` counts the exceptions by the state that they came to with it."""

    entry: int
    run_id: str
    at: str
    authority: str
    dataset: str
    period: dt.date
    baseline: int | None
    decision: str
    flagged: int
    changed: Mapping[str, int]


def past_runs(connection: Connection) -> list[PastRun]:
    """Return every run, in the order in which they were entered."""
    changed: dict[int, Counter[str]] = {}
    counted = select(EXCEPTION.c.entry, EXCEPTION.c.state, func.count()).group_by(EXCEPTION.c.entry, EXCEPTION.c.state)
    for entry, state, count in connection.execute(counted):
        changed.setdefault(entry, Counter())[state] = count
    flagged: dict[int, int] = {
        entry: int(found or 0)
        for entry, found in connection.execute(
            select(RULE_RESULT.c.entry, func.sum(RULE_RESULT.c.flagged)).group_by(RULE_RESULT.c.entry)
        )
    }
    query = select(RUN, ENTRY.c.at).join(ENTRY, ENTRY.c.number == RUN.c.entry).order_by(RUN.c.entry)
    return [
        PastRun(
            row.entry, row.run_id, row.at, row.authority, row.dataset, dt.date.fromisoformat(row.period_end),
            row.baseline, row.decision, flagged.get(row.entry, 0), dict(changed.get(row.entry, {})),
        )
        for row in connection.execute(query)
    ]  # fmt: skip


def run_named(connection: Connection, name: str) -> PastRun:
    """Return the run of an id, of an entry's number, or the last of a month. Raises ProblemsError for none."""
    runs = past_runs(connection)
    month = month_named(name)
    fitting = [run for run in runs if name in {run.run_id, str(run.entry)} or run.period == month]
    if not fitting:
        known = [f"{run.period:%Y-%m}" for run in runs] if month else [run.run_id for run in runs]
        raise refuse(f"the ledger has no run '{name}'.", instead=nearest(name, known) or "It has none yet.")
    return fitting[-1]


@dataclass(frozen=True)
class Entered:
    """When a run was entered, and what indicators meant then."""

    entry: int
    at: str
    indicators: str | None


def run_entered(connection: Connection, entry: int) -> Entered | None:
    """Return the run of an entry; None where it is of something else, as figures that were imported."""
    row = connection.execute(select(ENTRY).where(ENTRY.c.number == entry, ENTRY.c.kind == "run")).first()
    if row is None:
        return None
    return Entered(entry, row.at, json.loads(row.content)["facts"]["fingerprints"].get("indicators"))


def closed_with(connection: Connection, entries: Collection[int]) -> dict[str, str]:
    """Return exception_id → rule of those that came to be fixed, emptied or gone with their record in some runs."""
    query = select(EXCEPTION.c.exception_id, EXCEPTION.c.rule_id).where(
        EXCEPTION.c.entry.in_(entries), EXCEPTION.c.state.in_(["fixed", "blanked", "vanished"])
    )
    return {row.exception_id: row.rule_id for row in connection.execute(query)}


def facts_of_run(connection: Connection, run: PastRun) -> dict[str, Any]:
    """Return what run.json of a run said."""
    return dict(content_of(connection, run.entry)["facts"])


def standing_at(connection: Connection, run: PastRun) -> dict[str, Row[Any]]:
    """Return exception_id → how it stood when a run had ended, of all there had been."""
    query = select(EXCEPTION).where(EXCEPTION.c.entry.in_(with_carried(connection, chain_of(connection, run.entry))))
    return {row.exception_id: row for row in connection.execute(query.order_by(EXCEPTION.c.entry))}


def rows_of_run(connection: Connection, table: Table, run: PastRun) -> Sequence[Row[Any]]:
    """Return the rows that a run has in a table (rule results, figures)."""
    return connection.execute(select(table).where(table.c.entry == run.entry)).all()


def figures_of(connection: Connection, run: PastRun) -> dict[tuple[str, str, str, str], Row[Any]]:
    """Return (scope type, scope id, measure, line) → figure as the run gave it."""
    return {(r.scope_type, r.scope_id, r.measure, r.line): r for r in rows_of_run(connection, FIGURE, run)}


@dataclass(frozen=True)
class Change:
    """One thing that happened to an exception: with which entry, when, and what."""

    entry: int
    at: str
    what: str
    said: Mapping[str, Any]


def life_of(connection: Connection, exception_id: str) -> list[Change]:
    """Return all that happened to an exception, in order; nothing where there is no such."""
    found = [_changed(row, "state") for row in _rows(connection, EXCEPTION, exception_id)]
    found += [_changed(row, "answer") for row in _rows(connection, RESPONSE, exception_id)]
    waivers = _rows(connection, WAIVER, exception_id)
    found += [_changed(row, "waiver") for row in waivers]
    numbers = [row.entry for row in waivers]
    ended = select(ENDED, ENTRY.c.at).join(ENTRY, ENTRY.c.number == ENDED.c.entry).where(ENDED.c.waiver.in_(numbers))
    found += [_changed(row, "waiver ended") for row in connection.execute(ended)]
    return sorted(found, key=lambda change: change.entry)


def _rows(connection: Connection, table: Table, exception_id: str) -> Sequence[Row[Any]]:
    query = select(table, ENTRY.c.at).join(ENTRY, ENTRY.c.number == table.c.entry)
    return connection.execute(query.where(table.c.exception_id == exception_id)).all()


def _changed(row: Row[Any], what: str) -> Change:
    said = {name: value for name, value in row._mapping.items() if name not in {"entry", "at"}}
    return Change(row.entry, row.at, what, said)


def decisions_on(connection: Connection, run: PastRun) -> Sequence[Row[Any]]:
    """Return what was decided of a run, in order."""
    return connection.execute(select(DECISION).where(DECISION.c.run == run.entry).order_by(DECISION.c.entry)).all()


def is_open(row: Row[Any]) -> bool:
    """Whether an exception that stands so is there."""
    return row.state not in CLOSED


def entry_said(connection: Connection, number: int) -> dict[str, Any] | None:
    """Return kind, time, hash and content of an entry; None where there is none of that number."""
    row = connection.execute(select(ENTRY).where(ENTRY.c.number == number)).first()
    if row is None:
        return None
    return {"entry": row.number, "kind": row.kind, "at": row.at, "hash": row.hash, "content": json.loads(row.content)}
