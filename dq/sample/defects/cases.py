"""Faults in plans, missing episodes, cases and people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from dq.sample.calendar import birthday
from dq.sample.defects.defect import Defect, change
from dq.sample.defects.scene import Scene, text

YEAR = 365
FEW_VISITS = 5
ETHNICITY_DAYS = 28


def plan_dates_out_of_order(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type a plan's end with the year before: each visit under it then falls after its end."""
    for plan in scene.records.cp_plans:
        visits = scene.plan_visits[plan.cp_plan_id]
        if plan.end_date is None or not scene.is_recent(plan.end_date) or len(visits) > FEW_VISITS:
            continue
        wrong = text(birthday(plan.end_date, -1))
        also = [("visit-outside-plan", visit.visit_id) for visit in visits]
        yield change(plan.person_id, "cp_plans", plan.cp_plan_id, rule, also=also, end_date=wrong)


def interview_completed_without_date(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the date of a completed interview."""
    for episode in scene.found_lately:
        if episode.rhi_status == "Completed":
            yield change(episode.person_id, "missing_episodes", episode.missing_episode_id, rule, rhi_date="")


def interview_before_return(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the interview before the child was found."""
    for episode in scene.found_lately:
        if episode.rhi_date is not None:
            early = text(episode.end_date.date() - dt.timedelta(days=scene.chance.between(1, 3)))
            yield change(episode.person_id, "missing_episodes", episode.missing_episode_id, rule, rhi_date=early)


def missing_dates_out_of_order(scene: Scene, rule: str) -> Iterator[Defect]:
    """Let the child be found before going missing."""
    for episode in scene.found_lately:
        wrong = episode.start_date - dt.timedelta(hours=scene.chance.between(1, 12))
        key = episode.missing_episode_id
        yield change(episode.person_id, "missing_episodes", key, rule, end_date=f"{wrong:%d/%m/%Y %H:%M}")


def no_allocated_worker(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave a case with nobody, as when its worker has left."""
    for i in scene.open_cases:
        yield change(i.person_id, "involvements", i.involvement_id, rule, flagged=i.person_id, worker_id="")


def involvement_dates_out_of_order(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the end of a worker's involvement with the year before."""
    for i in scene.records.involvements:
        if i.end_date and scene.is_recent(i.end_date) and 0 < (i.end_date - i.start_date).days < YEAR:
            wrong = text(birthday(i.end_date, -1))
            yield change(i.person_id, "involvements", i.involvement_id, rule, end_date=wrong)


def ethnicity_not_obtained(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave ethnicity blank, or still to be obtained, weeks after the case opened."""
    for i in scene.open_cases:
        if i.start_date <= scene.ago(ETHNICITY_DAYS):
            yield change(i.person_id, "persons", i.person_id, rule, ethnicity=scene.chance.pick(("", "NOBT")))


def duplicate_child(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter the child a second time: both records are flagged."""
    for i in scene.open_cases:
        if i.case_type in {"Assessment", "CIN"}:
            again = f"C0{i.person_id[1:]}"
            copy = replace(scene.persons[i.person_id], person_id=again, recorded_on=i.recorded_on)
            yield Defect(i.person_id, ((rule, i.person_id), (rule, again)), added=(("persons", copy),))


def worker_in_no_team(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave a worker still in post without a team."""
    for worker in scene.records.workers:
        if worker.end_date is None:
            yield change(worker.worker_id, "workers", worker.worker_id, rule, team_id="")


def ethnicity_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type ethnicity in the codes of another list."""
    for i in scene.open_cases:
        yield change(i.person_id, "persons", i.person_id, rule, ethnicity=scene.chance.pick(("WBR", "WENG", "W1")))


def address_twice(scene: Scene, rule: str) -> Iterator[Defect]:
    """Extract an address twice, with the same ID. Both rows are flagged, under the one key."""
    in_care = {care.person.person_id for care in scene.in_care}
    held = {i.person_id for i in scene.open_cases} - in_care
    for address in scene.records.addresses:
        if address.person_id in held:
            both = ((rule, address.address_id), (rule, address.address_id))
            yield Defect(address.person_id, both, added=(("addresses", replace(address)),))


def dob_before_1985(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the date of birth in the wrong century."""
    in_care = {care.person.person_id for care in scene.in_care}
    for i in scene.open_cases:
        if i.person_id not in in_care:
            early = text(birthday(scene.persons[i.person_id].dob, -100))
            yield change(i.person_id, "persons", i.person_id, rule, dob=early)
