"""Faults in teams: closed and still in use, in a circle, with no head or two. The teams at fault are new ones."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from dq.sample.calendar import months_before
from dq.sample.defects.defect import Defect
from dq.sample.defects.scene import Scene
from dq.sample.defects.staff_lookup import (
    MANY_CASES,
    given_to,
    head,
    in_one_post,
    in_post,
    new_team,
    new_worker,
    parents,
)
from dq.sample.records import Involvement, Team

CLOSED_DAYS, SETTLED_DAYS, FEW_DAYS = 30, 60, 5
TRIES = 4
"""How many new teams are thought of, of which one or two are put in."""


def _moved(i: Involvement, team: Team, *flags: tuple[str, str]) -> Defect:
    """Return the fault of a case that is in a new team."""
    return Defect(i.person_id, flags, {("involvements", i.involvement_id, "team_id"): team.team_id}, (("teams", team),))


def case_open_in_closed_team(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave a case in the team before, after that closed."""
    above = parents(scene)
    for i in scene.open_cases:
        if i.start_date < scene.ago(SETTLED_DAYS):
            team = new_team(scene, above[i.team_id], end=scene.ago(CLOSED_DAYS), successor_id=i.team_id)
            yield _moved(i, team, (rule, i.involvement_id))


def allocation_began_after_team_closed(scene: Scene, rule: str) -> Iterator[Defect]:
    """Allocate a case, since ended, in a team that had closed."""
    above = parents(scene)
    for i in scene.records.involvements:
        if scene.is_recent(i.end_date):
            closed = i.start_date - dt.timedelta(days=FEW_DAYS)
            team = new_team(scene, above[i.team_id], end=closed, successor_id=i.team_id)
            yield _moved(i, team, (rule, i.involvement_id))


def allocation_began_before_team_opened(scene: Scene, rule: str) -> Iterator[Defect]:
    """Allocate a case, since ended, in a team that was not there yet."""
    above, since = parents(scene), months_before(scene.end, 12)
    for i in scene.records.involvements:
        opened = i.start_date + dt.timedelta(days=FEW_DAYS)
        if i.end_date is not None and i.start_date > since and opened < scene.end:
            yield _moved(i, new_team(scene, above[i.team_id], start=opened), (rule, i.involvement_id))


def closed_team_without_successor(scene: Scene, rule: str) -> Iterator[Defect]:
    """Close a team with a case in it and say nothing of who took over."""
    workers = {worker.worker_id: worker for worker in scene.records.workers}
    for i in scene.open_cases:
        if i.start_date < scene.ago(SETTLED_DAYS):
            team = new_team(scene, head(scene), end=scene.ago(CLOSED_DAYS))
            new, key = new_worker(scene, workers[i.worker_id], i.team_id), i.involvement_id
            also = (("case-open-in-closed-team", key), ("held-in-another-team", key))
            yield given_to(i, new, (rule, team.team_id), *also, team=team)


def worker_in_closed_team(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave a worker in the team before, after that closed."""
    above = parents(scene)
    for worker in in_post(scene):
        if worker.team_id is not None:
            old = new_team(scene, above[worker.team_id], end=scene.ago(CLOSED_DAYS), successor_id=worker.team_id)
            cell = {("workers", worker.worker_id, "team_id"): old.team_id}
            yield Defect(worker.worker_id, ((rule, worker.worker_id),), cell, (("teams", old),))


def post_in_closed_team(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave a post in the team before, after that closed."""
    above = parents(scene)
    for worker, post in in_one_post(scene):
        old = new_team(scene, above[post.team_id], end=scene.ago(CLOSED_DAYS), successor_id=post.team_id)
        cell = {("posts", post.post_id, "team_id"): old.team_id}
        yield Defect(worker.worker_id, ((rule, post.post_id),), cell, (("teams", old),))


def service_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out what a team does that holds cases."""
    held = Counter(i.team_id for i in scene.open_cases)
    for team_id in sorted(team_id for team_id, cases in held.items() if cases >= MANY_CASES):
        yield Defect(team_id, ((rule, team_id),), {("teams", team_id, "service"): ""})


def service_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Write what a new team does in words that are not the list's."""
    for _ in range(TRIES):
        team = new_team(scene, head(scene))
        team.service = "Safeguarding"
        yield _new(team, (rule, team.team_id))


def _new(team: Team, *flags: tuple[str, str], beside: tuple[Team, ...] = ()) -> Defect:
    """Return the fault of a new team."""
    return Defect(team.team_id, flags, added=tuple(("teams", t) for t in (team, *beside)))


def team_dates_out_of_order(scene: Scene, rule: str) -> Iterator[Defect]:
    """Close a team before it opened."""
    for _ in range(TRIES):
        team = new_team(scene, head(scene), start=scene.ago(SETTLED_DAYS), end=scene.ago(SETTLED_DAYS + FEW_DAYS))
        yield _new(team, (rule, team.team_id))


def team_under_itself(scene: Scene, rule: str) -> Iterator[Defect]:
    """Make two teams each other's parent: both are flagged."""
    for _ in range(TRIES):
        one = new_team(scene, None)
        other = new_team(scene, one.team_id)
        one.parent_id = other.team_id
        yield _new(one, (rule, one.team_id), (rule, other.team_id), beside=(other,))


def more_than_one_head(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out what a team belongs to: the authority is flagged too."""
    team = new_team(scene, None)
    yield _new(team, (rule, team.team_id), (rule, head(scene)))


def successor_not_open(scene: Scene, rule: str) -> Iterator[Defect]:
    """Let a team's work go to one that has closed as well."""
    for _ in range(TRIES):
        last = new_team(scene, head(scene), end=scene.ago(CLOSED_DAYS))
        team = new_team(scene, head(scene), end=scene.ago(SETTLED_DAYS), successor_id=last.team_id)
        yield _new(team, (rule, team.team_id), beside=(last,))


def successor_of_open_team(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out when a team closed, though another took over."""
    for leaf in scene.making.leaves[:TRIES]:
        team = new_team(scene, head(scene), successor_id=leaf.team_id)
        yield _new(team, (rule, team.team_id))


def team_under_closed_parent(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave a team in an area that has closed."""
    for _ in range(TRIES):
        area = new_team(scene, head(scene), end=scene.ago(CLOSED_DAYS))
        team = new_team(scene, area.team_id)
        yield _new(team, (rule, team.team_id), beside=(area,))


def team_under_nothing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Let a team belong to a unit that is not there."""
    for _ in range(TRIES):
        team = new_team(scene, scene.making.records.key("U"))
        yield _new(team, (rule, team.team_id))
