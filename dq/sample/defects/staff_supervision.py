"""Faults in supervision: not held, not planned, by the wrong person, dated wrongly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from dq.sample.defects.defect import Defect, change
from dq.sample.defects.scene import Scene, text
from dq.sample.defects.staff_lookup import MANY_CASES, caseloads, gone, in_post, long_ago, sessions
from dq.sample.records.staff import Supervision

LIMIT_DAYS, LATEST_AFTER_DUE = 42, 10
EARLY_DAYS = (22, 28)
AFTER_LEAVING = 10


def supervision_not_held(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the day a session was held."""
    for own, i in long_ago(scene):
        yield change(own[i].worker_id, "supervisions", own[i].supervision_id, rule, held_date="")


def no_recent_supervision(scene: Scene, rule: str) -> Iterator[Defect]:
    """Plan no more sessions with a worker who holds cases."""
    border, cases = scene.ago(LIMIT_DAYS + LATEST_AFTER_DUE + 2), caseloads(scene)
    for own in sessions(scene):
        worker_id = own[0].worker_id
        if cases[worker_id] >= MANY_CASES:
            late = tuple(("supervisions", s.supervision_id) for s in own if s.due_date >= border)
            yield Defect(worker_id, ((rule, worker_id),), dropped=late)


def supervised_by_oneself(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter the worker as their own supervisor."""
    for own, i in long_ago(scene):
        worker_id = own[i].worker_id
        yield change(worker_id, "supervisions", own[i].supervision_id, rule, supervisor_id=worker_id)


def supervision_without_supervisor(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out who held a session."""
    for own, i in long_ago(scene):
        yield change(own[i].worker_id, "supervisions", own[i].supervision_id, rule, supervisor_id="")


def supervision_after_worker_left(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a session with a worker who had gone."""
    for worker in gone(scene):
        manager = next((m for m in in_post(scene) if m.team_id == worker.team_id), None)
        day = (worker.end_date or scene.end) + dt.timedelta(days=AFTER_LEAVING)
        if manager is not None and day <= scene.end:
            session = Supervision(
                scene.making.records.key("SV"), worker.worker_id, worker.team_id, manager.worker_id, day, day, day
            )  # fmt: skip
            yield Defect(worker.worker_id, ((rule, session.supervision_id),), added=(("supervisions", session),))


def supervision_held_early(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date a session weeks before it was due."""
    for own, i in long_ago(scene):
        early = own[i].due_date - dt.timedelta(days=scene.chance.between(*EARLY_DAYS))
        if early not in {session.held_date for session in own}:
            yield change(own[i].worker_id, "supervisions", own[i].supervision_id, rule, held_date=text(early))


def supervision_held_twice(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter one session for two that were due: both are flagged."""
    for own, i in long_ago(scene):
        after = own[i + 1]
        if after.held_date is not None:
            key, also = own[i].supervision_id, [(rule, after.supervision_id)]
            yield change(own[i].worker_id, "supervisions", key, rule, also=also, held_date=text(after.held_date))


def supervision_undated(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out when a session was due."""
    for own, i in long_ago(scene):
        yield change(own[i].worker_id, "supervisions", own[i].supervision_id, rule, due_date="")
