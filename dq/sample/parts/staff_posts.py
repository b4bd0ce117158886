"""Posts: one for each worker (some have had another before, or work in two teams), and those that stand vacant."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from dq.sample.making import Making
from dq.sample.people import SERVICE
from dq.sample.records import Worker
from dq.sample.records.staff import Post

SHARE_MOVED = 0.2
SHARE_IN_TWO_TEAMS = 0.04
SHARE_VACANT = 0.08
BOOKED_DAYS = (20, 180)
EMPLOYED = {"Permanent": 0.93, "Fixed term": 0.07}
USUAL_ROLE = {"leavers": "Personal Adviser"}
UNQUALIFIED = frozenset({"Personal Adviser"})


def posts(making: Making) -> None:
    """Make the posts of every worker, and the vacant ones of every team."""
    kin = {leaf.team_id: [o.team_id for o in making.leaves if o.work == leaf.work] for leaf in making.leaves}
    for worker in making.records.workers:
        _of(making, worker, kin)
    for leaf in making.leaves:
        staff = max(1, leaf.cases // 20)
        for _ in range(staff):
            if making.chance.happens(SHARE_VACANT):
                role = USUAL_ROLE.get(leaf.work, "Social Worker")
                since = making.chance.day(making.history, making.month_ago)
                making.records.posts.append(_post(making, leaf.team_id, role, since, None))
    without_cases = {team.team_id for team in making.records.teams if team.service == SERVICE["fostering"]}
    for post in making.records.posts:
        if post.team_id in without_cases:
            post.primary_worker = "N"


def _of(making: Making, worker: Worker, kin: dict[str, list[str]]) -> None:
    chance, team = making.chance, worker.team_id
    if team is None:
        return
    since = worker.start_date
    if chance.happens(SHARE_MOVED):
        since = chance.day(worker.start_date, making.history)
        before = _post(making, team, worker.job_title, worker.start_date, worker)
        making.records.posts.append(replace(before, end_date=since))
    post = _post(making, team, worker.job_title, since, worker)
    others = [other for other in kin.get(team, ()) if other != team]
    if worker.full_time_equivalency == "1" and others and chance.happens(SHARE_IN_TWO_TEAMS):
        making.records.posts.append(replace(post, fte="0.6"))
        post = replace(post, post_id=making.records.key("PT"), team_id=chance.pick(others), fte="0.4")
    making.records.posts.append(post)


def _post(making: Making, team_id: str, role: str, since: dt.date, worker: Worker | None) -> Post:
    return Post(
        post_id=making.records.key("PT"),
        worker_id=None if worker is None else worker.worker_id,
        team_id=team_id,
        role=role,
        start_date=since,
        end_date=None if worker is None else _until(making, worker),
        fte="1" if worker is None else worker.full_time_equivalency,
        employment_type=None if worker is None else _employed(making, worker),
        qualified=None if worker is None else "N" if role in UNQUALIFIED else "Y",
        primary_worker="Y",
        recorded_on=making.recorded(since),
    )


def _until(making: Making, worker: Worker) -> dt.date | None:
    """Return when a worker left; of an agency worker, until when they are booked."""
    if worker.end_date is None and worker.agency_worker == "Y":
        return making.end + dt.timedelta(days=making.chance.between(*BOOKED_DAYS))
    return worker.end_date


def _employed(making: Making, worker: Worker) -> str:
    return "Agency" if worker.agency_worker == "Y" else making.chance.weighted(EMPLOYED)
