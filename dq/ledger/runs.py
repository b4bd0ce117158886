"""What the ledger knows of earlier runs, and how a run enters it: whole, in one entry."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, select

from dq.ledger.bulk import in_columns
from dq.ledger.chain import Entry
from dq.ledger.chain import Row as Said
from dq.ledger.entries import LATEST, append, content_of
from dq.ledger.purge import with_carried
from dq.ledger.tables import DECISION, ENTRY, EXCEPTION, FIGURE, RELEASE, RULE_RESULT, RUN
from dq.model import LastMonth, Scope
from dq.periods import months_before

if TYPE_CHECKING:
    import pyarrow as pa

UNRECORDED = "unrecorded"
"""The kind of an entry that says that a run took its place and was stopped before it was entered."""


@dataclass(frozen=True)
class Before:
    """The run that a run of the same authority and dataset is compared with, and those before it, latest last.

    ``period`` is the end of its month, ``month`` that of the latest month before the run's own; ``last_month`` is what
    the gate compares with, empty where that month is not the one before.
    """

    entry: int
    period: dt.date
    chain: tuple[int, ...]
    month: dt.date | None
    last_month: LastMonth = field(default_factory=LastMonth)


def before(connection: Connection, authority: str, dataset: str, period: dt.date, until: int = LATEST) -> Before | None:
    """Return what a run for a month is compared with: the last run of that month, else of the latest before it.

    So a month that is run again much later is compared with what was known of it then, and not with the future.
    ``until`` is the entry before which the ledger is looked at.
    """
    query = select(RUN).where(RUN.c.authority == authority, RUN.c.dataset == dataset, RUN.c.entry < until)
    runs = {row.entry: row for row in connection.execute(query.order_by(RUN.c.entry))}
    earlier = [row for row in runs.values() if row.period_end <= period.isoformat()]
    if not earlier:
        return None
    last = max(earlier, key=lambda row: (row.period_end, row.entry))
    chain = tuple(_chain(last.entry, {entry: row.baseline for entry, row in runs.items()}))
    end = dt.date.fromisoformat(last.period_end)
    months = [runs[entry] for entry in chain if runs[entry].period_end < period.isoformat()]
    if not months:
        return Before(last.entry, end, chain, None)
    month = dt.date.fromisoformat(months[-1].period_end)
    follows = month == months_before(period, 1)
    return Before(last.entry, end, chain, month, _last_month(connection, months[-1].entry) if follows else LastMonth())


def chain_of(connection: Connection, entry: int) -> list[int]:
    """Return the runs along which exceptions came to stand as after a run: each compared with the one before."""
    baselines = {row.entry: row.baseline for row in connection.execute(select(RUN.c.entry, RUN.c.baseline))}
    return _chain(entry, baselines)


def _chain(last: int, baselines: Mapping[int, int | None]) -> list[int]:
    found = [last]
    while (baseline := baselines[found[-1]]) is not None:
        found.append(baseline)
    return found[::-1]


def _last_month(connection: Connection, entry: int) -> LastMonth:
    """Return what a run says to the next: its records, how far fields were filled in, and what it let be published."""
    facts = content_of(connection, entry)["facts"]
    inputs = [item for item in facts["inputs"] if item["file"]]
    gate = facts["gate"] or {}
    published: dict[tuple[str, str], float] = {}
    if gate and (gate["decision"] != "stop" or gate.get("overridden")):
        whole = select(FIGURE.c.measure, FIGURE.c.value).where(
            FIGURE.c.entry == entry, FIGURE.c.scope_type == "authority", FIGURE.c.value.is_not(None)
        )
        for measure, value in connection.execute(whole):
            indicator, _, split = measure.partition(":")
            published[indicator, split or "all"] = float(value)
    return LastMonth(
        {str(item["extract"]): int(item["rows"]) for item in inputs},
        {str(item["extract"]): dict(item.get("filled", {})) for item in inputs},
        published,
    )


def scopes_of(connection: Connection, entry: int) -> list[Scope]:
    """Return whom the figures of a run are of."""
    return [Scope(*said) for said in content_of(connection, entry)["scopes"]]


def known(connection: Connection, chain: Sequence[int]) -> pa.Table:
    """Return how exceptions stood along a chain of runs: a row (columns as EXCEPTION) for each change."""
    return in_columns(connection, EXCEPTION, with_carried(connection, chain))


@dataclass(frozen=True)
class Recorded:
    """All that the ledger keeps of a run, rows by the columns of their tables; of exceptions there may be very many.

    ``facts`` are those of run.json, ``meanings`` the fingerprints of all rules and indicators, ``scopes`` whom
    figures are of, ``remake`` what it takes to make it again: what was asked, on which day, of what, and hashes of what
    was written, ``recording`` what is counted of its records, ``revisions`` what was published and
    the records no longer bear out.
    """

    run_id: str
    authority: str
    dataset: str
    period: dt.date
    decision: str
    reasons: Sequence[str]
    facts: Mapping[str, Any]
    results: Sequence[Said]
    figures: Sequence[Said]
    meanings: Mapping[str, str]
    changes: pa.Table
    scopes: Sequence[Scope] = ()
    remake: Mapping[str, Any] = field(default_factory=dict)
    recording: Mapping[str, Any] = field(default_factory=dict)
    revisions: Sequence[Mapping[str, Any]] = ()


def record(connection: Connection, run: Recorded, since: Before | None) -> Entry:
    """Add a run, compared with ``since``. The connection must be writing; nobody sees it until that ends."""
    row = {
        "run_id": run.run_id, "authority": run.authority, "dataset": run.dataset,
        "period_end": run.period.isoformat(), "baseline": since.entry if since else None, "decision": run.decision,
    }  # fmt: skip
    rows: dict[Table, Sequence[Said] | pa.Table] = {
        RUN: [row],
        RULE_RESULT: run.results,
        EXCEPTION: run.changes,
        FIGURE: run.figures,
        RELEASE: list(_releases(connection, run)),
    }
    scopes = [[scope.type, scope.id, scope.name, scope.area] for scope in run.scopes]
    content: dict[str, Any] = {"facts": run.facts, "scopes": scopes, "remake": run.remake, "recording": run.recording}
    content["revisions"] = list(run.revisions)
    entry = append(connection, "run", content, rows)
    judged = {"run": entry.number, "decision": run.decision, "decided_by": "gate", "why": " ".join(run.reasons)}
    append(connection, "decision", {"run_id": run.run_id}, {DECISION: [judged]})
    return entry


def _releases(connection: Connection, run: Recorded) -> Iterator[Said]:
    """Yield what is of another meaning than the ledger last knew, and what it did not know."""
    query = select(RELEASE.c.kind, RELEASE.c.name, RELEASE.c.fingerprint).order_by(RELEASE.c.entry)
    last = {(kind, name): fingerprint for kind, name, fingerprint in connection.execute(query)}
    now = {("rule", row["rule_id"]): row["fingerprint"] for row in run.results}
    now |= {("pack", name): fingerprint for name, fingerprint in run.meanings.items()}
    for (kind, name), fingerprint in now.items():
        if last.get((kind, name)) != fingerprint:
            yield {"kind": kind, "name": name, "fingerprint": fingerprint}


def is_known(connection: Connection, run_id: str) -> bool:
    """Whether a run is in the ledger, or is said there to have been stopped before it could be entered."""
    if connection.execute(select(RUN.c.entry).where(RUN.c.run_id == run_id)).first() is not None:
        return True
    said = connection.execute(select(ENTRY.c.content).where(ENTRY.c.kind == UNRECORDED)).scalars()
    return any(json.loads(content)["run_id"] == run_id for content in said)
