"""Supervision: a session every four weeks for each worker in post over the last year, and the next one planned."""

from __future__ import annotations

import datetime as dt

from dq.sample.making import Making
from dq.sample.parts.staff_workforce import Workforce
from dq.sample.records import Worker
from dq.sample.records.staff import Supervision

EVERY_DAYS = 28
HELD_AROUND = (-3, 6)
LEAVING_DAYS = 20
"""Nobody is called to a session in the last weeks before leaving."""


def supervisions(making: Making, workforce: Workforce) -> None:
    """Make the sessions of every worker who was in post within the last year."""
    for worker in making.records.workers:
        manager = workforce.manager_of(worker)
        last = None if worker.end_date is None else worker.end_date - dt.timedelta(days=LEAVING_DAYS)
        if manager is None or (last is not None and last <= making.year_ago):
            continue
        due = making.days.on_or_after(making.year_ago + dt.timedelta(days=making.chance.between(1, EVERY_DAYS)))
        entered = due
        while last is None or due <= last:
            session = _session(making, worker, manager, due, entered)
            making.records.supervisions.append(session)
            if due > making.end:
                break
            entered = session.recorded_on
            due = making.days.on_or_before(due + dt.timedelta(days=EVERY_DAYS))


def _session(making: Making, worker: Worker, manager: Worker, due: dt.date, entered: dt.date) -> Supervision:
    """Return a session; one that is not held yet was entered with the one before."""
    on = making.days.on_or_after(due + dt.timedelta(days=making.chance.between(*HELD_AROUND)))
    held = on if on <= making.end else None
    return Supervision(
        supervision_id=making.records.key("SV"),
        worker_id=worker.worker_id,
        team_id=worker.team_id,
        supervisor_id=manager.worker_id,
        due_date=due,
        held_date=held,
        recorded_on=making.recorded(held) if held is not None else min(entered, making.end),
    )
