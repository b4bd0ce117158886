"""Faults in who holds a case: gaps, two at once, workers who left or came later, no reason for a change."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from dq.sample.defects.defect import Defect, change
from dq.sample.defects.scene import Scene, text
from dq.sample.defects.staff_lookup import (
    by_child,
    given_to,
    gone,
    handovers,
    held,
    in_one_post,
    in_post,
    new_worker,
    notes,
    other_team,
    posts_of,
)
from dq.sample.records import Involvement

GAP_DAYS = (10, 25)
CROWD = 60
CASE_WORKER, ADVISER = "Allocated Case Worker", "Personal Adviser"


def allocation_gap(scene: Scene, rule: str) -> Iterator[Defect]:
    """End a worker's hold on a child in care weeks before the next worker's begins."""
    seen, audited = notes(scene), by_child(scene.records.case_audits)
    since = {care.person.person_id: care.episodes[0].start_date for care in scene.in_care}
    for earlier, later in handovers(scene):
        child = earlier.person_id
        early = later.start_date - dt.timedelta(days=scene.chance.between(*GAP_DAYS))
        looked = [note.oversight_date for note in seen.get(child, ())]
        looked += [audit.completed_date or audit.due_date for audit in audited.get(child, ())]
        if child not in since or early <= max(earlier.start_date, since[child]):
            continue
        if not any(early < day < later.start_date for day in looked):
            yield change(
                child, "involvements", earlier.involvement_id, rule,
                flagged=later.involvement_id, end_date=text(early),
            )  # fmt: skip


def two_open_allocations(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the worker before on the case when another takes it over: both are flagged."""
    working = {worker.worker_id for worker in in_post(scene)}
    for earlier, later in handovers(scene):
        open_alike = later.end_date is None and earlier.case_type == later.case_type
        if open_alike and earlier.worker_id in working:
            also = [(rule, later.involvement_id)]
            yield change(
                earlier.person_id, "involvements", earlier.involvement_id, rule,
                also=also, end_date="", change_reason="",
            )  # fmt: skip


def change_without_reason(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out why the worker changed."""
    for earlier, _ in handovers(scene):
        if scene.is_recent(earlier.end_date):
            yield change(earlier.person_id, "involvements", earlier.involvement_id, rule, change_reason="")


def adviser_holds_protection_case(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose the wrong role for the worker of a child on a plan."""
    for i in scene.open_cases:
        if i.case_type == "CP":
            yield change(i.person_id, "involvements", i.involvement_id, rule, role=ADVISER)


def held_by_worker_who_left(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the case with a worker who has gone."""
    left = gone(scene)
    for i in scene.open_cases if left else ():
        worker = scene.chance.pick(left)
        yield change(i.person_id, "involvements", i.involvement_id, rule, worker_id=worker.worker_id)


def allocation_before_worker_started(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a worker as starting, and their post with them, some days after they took a case on."""
    posts = posts_of(scene)
    held_by: dict[str, list[Involvement]] = defaultdict(list)
    for i in scene.records.involvements:
        if i.role in (CASE_WORKER, ADVISER) and scene.is_recent(i.start_date):
            held_by[i.worker_id].append(i)
    for worker, post in in_one_post(scene):
        own = sorted(held_by[worker.worker_id], key=lambda i: i.start_date)
        if not own or len(posts[worker.worker_id]) > 1:
            continue
        came = own[0].start_date + dt.timedelta(days=scene.chance.between(3, 15))
        if came < scene.end:
            early = [i for i in own if i.start_date < came]
            day = {
                ("workers", worker.worker_id, "start_date"): text(came),
                ("posts", post.post_id, "start_date"): text(came),
            }
            flags = tuple((rule, i.involvement_id) for i in early)
            yield Defect(worker.worker_id, flags, day, beside=frozenset(i.person_id for i in early))


def held_in_another_team(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the case in the team that its worker was in before."""
    workers = {worker.worker_id: worker for worker in scene.records.workers}
    for i in scene.open_cases:
        other = other_team(scene, i.team_id)
        if other is not None:
            new = new_worker(scene, workers[i.worker_id], other)
            yield given_to(i, new, (rule, i.involvement_id))


def high_caseload(scene: Scene, rule: str) -> Iterator[Defect]:
    """Make one worker stand for many: an adviser to children whom one other worker has held all along."""
    managers = {note.worker_id for note in scene.records.management_oversights}
    managers |= {audit.auditor_id for audit in scene.records.case_audits}
    changed = {later.person_id for _, later in handovers(scene)}
    for worker in in_post(scene):
        own = changed | {i.person_id for i in scene.open_cases if i.worker_id == worker.worker_id}
        if worker.worker_id in managers or worker.team_id is None or worker.job_title == ADVISER:
            continue
        others = [i for i in scene.open_cases if i.role == CASE_WORKER and i.case_type != "CP"]
        able = [i for i in others if i.person_id not in own]
        for first in range(0, len(able) - CROWD + 1, CROWD):
            crowd = able[first : first + CROWD]
            added = tuple(("involvements", _beside(scene, i, worker.worker_id, worker.team_id)) for i in crowd)
            yield Defect(worker.worker_id, ((rule, worker.worker_id),), added=added)
        if len(able) >= CROWD:
            return


def _beside(scene: Scene, i: Involvement, worker_id: str, team_id: str) -> Involvement:
    """Return an adviser's part in a case, whose key comes before that of the worker who holds it."""
    return replace(
        i, involvement_id=scene.making.records.key("H"), worker_id=worker_id, role=ADVISER, team_id=team_id
    )  # fmt: skip


def first_held(scene: Scene) -> dict[str, dt.date]:
    """Child → the day the case was first held."""
    return {child: spells[0].start_date for child, spells in held(scene).items()}
