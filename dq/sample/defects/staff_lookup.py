"""What the faults of staff, oversight and audits ask of the sound records: who holds what, and a new team."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol, TypeVar

from dq.sample.defects.defect import Defect, Flag
from dq.sample.defects.scene import Scene
from dq.sample.records import Involvement, Record, Team, Worker
from dq.sample.records.staff import Oversight, Post, Supervision

MANY_CASES = 4
"""A worker with so many open cases still has some, whatever is put into the records of one or two children."""
PLAN_AND_CARE = {"CP", "CLA"}
FOUNDED = dt.date(1998, 4, 1)
SUPERVISED = 10


class OfChild(Protocol):
    """A record that is about one child."""

    person_id: str


Row = TypeVar("Row", bound=OfChild)


def by_child(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return a child's rows, in order."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found


def held(scene: Scene) -> dict[str, list[Involvement]]:
    """Child → who held the case, in order of time."""
    found = by_child(scene.records.involvements)
    return {child: sorted(spells, key=lambda s: (s.start_date, s.involvement_id)) for child, spells in found.items()}


def handovers(scene: Scene) -> Iterator[tuple[Involvement, Involvement]]:
    """Yield the spells of a case that one worker ended, and another began in the same role on that day."""
    for spells in held(scene).values():
        for earlier, later in pairwise(spells):
            same_role = earlier.role == later.role and earlier.worker_id != later.worker_id
            if same_role and earlier.end_date == later.start_date and earlier.start_date < later.start_date:
                yield earlier, later


def in_post(scene: Scene) -> list[Worker]:
    """Return the workers who have not left."""
    return [worker for worker in scene.records.workers if worker.end_date is None]


def gone(scene: Scene) -> list[Worker]:
    """Return the workers who have left."""
    return [worker for worker in scene.records.workers if worker.end_date is not None]


def caseloads(scene: Scene, case_types: Iterable[str] | None = None) -> Counter[str]:
    """Worker → open cases, of some types only where they are given."""
    wanted = None if case_types is None else set(case_types)
    return Counter(i.worker_id for i in scene.open_cases if wanted is None or i.case_type in wanted)


def posts_of(scene: Scene) -> dict[str, list[Post]]:
    """Worker → their posts, in order of time."""
    found: dict[str, list[Post]] = defaultdict(list)
    for post in scene.records.posts:
        if post.worker_id is not None:
            found[post.worker_id].append(post)
    return found


def in_one_post(scene: Scene) -> Iterator[tuple[Worker, Post]]:
    """Yield the workers who have not left and fill one post now, with that post."""
    posts = posts_of(scene)
    for worker in in_post(scene):
        now = [post for post in posts[worker.worker_id] if post.end_date is None or post.end_date > scene.end]
        if len(now) == 1:
            yield worker, now[0]


def busy_in_one_post(scene: Scene) -> Iterator[tuple[Worker, Post]]:
    """Yield those of them who hold several cases."""
    cases = caseloads(scene)
    return ((worker, post) for worker, post in in_one_post(scene) if cases[worker.worker_id] >= MANY_CASES)


def sessions(scene: Scene) -> Iterator[list[Supervision]]:
    """Yield the supervision sessions of each worker who has not left, in order of time."""
    found: dict[str, list[Supervision]] = defaultdict(list)
    for session in scene.records.supervisions:
        found[session.worker_id].append(session)
    return (found[worker.worker_id] for worker in in_post(scene) if worker.worker_id in found)


def long_ago(scene: Scene) -> Iterator[tuple[list[Supervision], int]]:
    """Yield a worker's sessions with the place of one that others followed, so that it is not the latest."""
    for own in sessions(scene):
        for i in range(1, len(own) - 5):
            yield own, i


def notes(scene: Scene) -> dict[str, list[Oversight]]:
    """Child → the oversights of the case, in order of time."""
    return by_child(scene.records.management_oversights)


def other_team(scene: Scene, team_id: str | None) -> str | None:
    """Return some other team that holds cases, and not those of disabled children alone; None where there is none."""
    leaves = scene.making.leaves
    others = [leaf.team_id for leaf in leaves if leaf.team_id != team_id and leaf.work != "disability"]
    return scene.chance.pick(others) if others else None


def new_team(
    scene: Scene,
    parent_id: str | None,
    *,
    start: dt.date = FOUNDED,
    end: dt.date | None = None,
    successor_id: str | None = None,
) -> Team:
    """Return a team that is not there yet."""
    team_id = scene.making.records.key("TN")
    return Team(team_id, f"Former unit {team_id}", parent_id, start, end, successor_id, "Other")


def head(scene: Scene) -> str:
    """Return the unit at the head: the authority."""
    return scene.records.teams[0].team_id


def parents(scene: Scene) -> dict[str, str | None]:
    """Team → the area or service it belongs to."""
    return {team.team_id: team.parent_id for team in scene.records.teams}


@dataclass(frozen=True)
class NewWorker:
    """A worker who is not there yet, with all that a worker has: whatever befalls others, this one stays sound."""

    worker: Worker
    added: tuple[tuple[str, Record], ...]


def new_worker(scene: Scene, like: Worker, team_id: str) -> NewWorker:
    """Return a worker like another, in a team, in post and supervised."""
    key = scene.making.records.key
    since, seen = like.start_date, scene.ago(SUPERVISED)
    worker = replace(like, worker_id=key("W"), agency_worker="N", team_id=team_id, start_date=since, end_date=None)
    post = Post(
        post_id=key("PT"),
        worker_id=worker.worker_id,
        team_id=team_id,
        role=worker.job_title,
        start_date=since,
        end_date=None,
        fte=worker.full_time_equivalency,
        employment_type="Permanent",
        qualified="Y",
        primary_worker="N",  # none of the posts that staffing is counted by: only the case is at fault
        recorded_on=since,
    )
    session = Supervision(key("SV"), worker.worker_id, team_id, like.worker_id, seen, seen, seen)
    return NewWorker(worker, (("workers", worker), ("posts", post), ("supervisions", session)))


def given_to(i: Involvement, new: NewWorker, *flags: Flag, team: Team | None = None) -> Defect:
    """Return the fault of a case held by a new worker, and in a new team where one is given."""
    cells = {("involvements", i.involvement_id, "worker_id"): new.worker.worker_id}
    if team is None:
        return Defect(i.person_id, flags, cells, new.added)
    cells["involvements", i.involvement_id, "team_id"] = team.team_id
    return Defect(i.person_id, flags, cells, (*new.added, ("teams", team)))
