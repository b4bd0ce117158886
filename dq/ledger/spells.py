"""What the ledger knows of recording, as tables that indicators can read: spells of exceptions, and counts by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from dq.ledger.entries import content_of
from dq.ledger.purge import carried_of, with_carried
from dq.ledger.queries import PastRun, past_runs
from dq.ledger.runs import chain_of, scopes_of
from dq.ledger.tables import EXCEPTION
from dq.model import Scope

Cells = Mapping[str, Any]


def extracts_of(connection: Connection, run: PastRun) -> dict[str, list[Cells]]:
    """Return the extracts of the dataset ``recording`` as they stand after a run: extract → rows by column.

    The months are those along which its exceptions came to stand so, each by its last run.
    """
    ends = {past.entry: past.period for past in past_runs(connection)}
    chain = chain_of(connection, run.entry)
    last = {ends[entry]: entry for entry in chain}
    said = {month: content_of(connection, entry)["recording"] for month, entry in last.items()}
    return {
        "teams": list(_teams(scopes_of(connection, run.entry))),
        "changes": list(_changes(connection, chain, ends)),
        "records": [
            {"count_id": f"{month} {team}", "team_id": team, "month": month, "records": count}
            for month, counted in said.items()
            for team, count in counted.get("records", {}).items()
        ],
        "delays": [delay for month, counted in said.items() for delay in _delays(month, counted)],
    }


def _teams(scopes: Sequence[Scope]) -> Iterator[Cells]:
    """Yield teams with their areas; what the authority is called as a unit stands at their head."""
    root = next(scope.id for scope in scopes if scope.type == "authority")
    for scope in scopes:
        parent = None if scope.type == "authority" else scope.area or root
        yield {"team_id": scope.id, "team_name": scope.name, "parent_id": parent}


def _delays(month: dt.date, counted: Cells) -> Iterator[Cells]:
    """Yield how late records of a month were entered: of each extract and of all, and of each team."""
    of_extracts = ((extract, None, told) for extract, told in counted.get("delays", {}).items())
    of_teams = (("all", team, told) for team, told in counted.get("team_delays", {}).items())
    for extract, team, (records, median, decile) in (*of_extracts, *of_teams):
        yield {
            "delay_id": f"{month} {team or extract}", "extract": extract, "team_id": team, "month": month,
            "records": records, "median_days": median, "ninth_decile_days": decile,
        }  # fmt: skip


def _changes(connection: Connection, chain: Sequence[int], ends: Mapping[int, dt.date]) -> Iterator[Cells]:
    """Yield each exception for as long as it stood so; what stood for no month, as its month was run again, is none."""
    of = carried_of(connection)
    query = select(EXCEPTION).where(EXCEPTION.c.entry.in_(with_carried(connection, chain)))
    rows = connection.execute(query.order_by(EXCEPTION.c.exception_id, EXCEPTION.c.entry)).all()
    months = [ends[of.get(row.entry, row.entry)] for row in rows]
    for i, (row, begun) in enumerate(zip(rows, months, strict=True)):
        same = i + 1 < len(rows) and rows[i + 1].exception_id == row.exception_id
        until = months[i + 1] if same else None
        if until != begun:
            yield {
                "change_id": f"{row.exception_id} {row.entry}", "fault_id": row.exception_id, "rule_id": row.rule_id,
                "team_id": row.team_id, "state": row.state, "from_month": begun, "until_month": until,
                "first_seen": row.first_seen, "reopened": row.reopened,
            }  # fmt: skip
