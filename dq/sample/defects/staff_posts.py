"""Faults in workers and their posts: hours that do not fit, posts left open, in two places or in none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from dq.sample.defects.defect import Defect, change
from dq.sample.defects.scene import Scene, text
from dq.sample.defects.staff_lookup import (
    MANY_CASES,
    PLAN_AND_CARE,
    busy_in_one_post,
    caseloads,
    gone,
    in_one_post,
    other_team,
    posts_of,
)
from dq.sample.records import Worker
from dq.sample.records.staff import Post

FULL, HALF = "1", "0.5"
DIFFERS = "fte-differs-from-posts"


def worker_dates_out_of_order(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the day a worker left before the day they came; every session seems to be after they left."""
    for worker in gone(scene):
        early = text(worker.start_date - dt.timedelta(days=scene.chance.between(1, 300)))
        own = [s for s in scene.records.supervisions if s.worker_id == worker.worker_id]
        also = [("supervision-after-worker-left", session.supervision_id) for session in own]
        yield change(worker.worker_id, "workers", worker.worker_id, rule, also=also, end_date=early)


def no_fte_with_cases(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the hours of a worker who holds cases, or enter none."""
    for worker, _ in busy_in_one_post(scene):
        hours = scene.chance.pick(("", "0"))
        yield change(worker.worker_id, "workers", worker.worker_id, rule, full_time_equivalency=hours)


def fte_over_one(scene: Scene, rule: str) -> Iterator[Defect]:
    """Fill a second post with a worker who is full time in the first."""
    for worker, post in in_one_post(scene):
        other = other_team(scene, post.team_id)
        if worker.full_time_equivalency == FULL and other is not None:
            again = _another(scene, post, team_id=other)
            flags = ((rule, worker.worker_id), (DIFFERS, worker.worker_id))
            yield Defect(worker.worker_id, flags, added=(("posts", again),))


def fte_differs_from_posts(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the post full time when the worker's hours were cut, or the other way about."""
    for worker, post in in_one_post(scene):
        hours = "0.8" if worker.full_time_equivalency == FULL else FULL
        yield change(worker.worker_id, "posts", post.post_id, rule, flagged=worker.worker_id, fte=hours)


def posts_overlap_in_team(scene: Scene, rule: str) -> Iterator[Defect]:
    """Split a post in two without ending the first: the later one is flagged."""
    for worker, post in in_one_post(scene):
        if worker.full_time_equivalency == FULL:
            again = _another(scene, post, team_id=post.team_id)
            cell = {("posts", post.post_id, "fte"): HALF}
            yield Defect(worker.worker_id, ((rule, again.post_id),), cell, added=(("posts", again),))


def _another(scene: Scene, post: Post, *, team_id: str) -> Post:
    since = scene.ago(scene.chance.between(30, 200))
    key = scene.making.records.key("PT")
    return replace(post, post_id=key, team_id=team_id, start_date=since, fte=HALF, recorded_on=since)


def holds_cases_without_post(scene: Scene, rule: str) -> Iterator[Defect]:
    """End the post of a worker who goes on working."""
    for worker, post in busy_in_one_post(scene):
        ended = text(scene.ago(scene.chance.between(5, 60)))
        yield change(worker.worker_id, "posts", post.post_id, rule, flagged=worker.worker_id, end_date=ended)


def unqualified_holds_plan_cases(scene: Scene, rule: str) -> Iterator[Defect]:
    """Answer no where a social worker is qualified."""
    serious = caseloads(scene, PLAN_AND_CARE)
    for worker, post in in_one_post(scene):
        if serious[worker.worker_id] >= MANY_CASES:
            yield change(worker.worker_id, "posts", post.post_id, rule, flagged=worker.worker_id, qualified="N")


def post_dates_out_of_order(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the end of an earlier post before its beginning."""
    for worker_id, post in _ended(scene):
        early = text(post.start_date - dt.timedelta(days=scene.chance.between(1, 300)))
        yield change(worker_id, "posts", post.post_id, rule, end_date=early)


def post_hours_too_many(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the hours of a week for a full time equivalent, on an earlier post."""
    for worker_id, post in _ended(scene):
        yield change(worker_id, "posts", post.post_id, rule, fte="37")


def post_of_unknown_worker(scene: Scene, rule: str) -> Iterator[Defect]:
    """Give an earlier post to a worker who is not in the extract of workers."""
    for worker_id, post in _ended(scene):
        yield change(worker_id, "posts", post.post_id, rule, worker_id=f"X{worker_id[1:]}")


def _ended(scene: Scene) -> Iterator[tuple[str, Post]]:
    for worker_id, posts in posts_of(scene).items():
        if posts[0].end_date is not None and posts[0].end_date <= scene.end:
            yield worker_id, posts[0]


def post_open_after_worker_left(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the post of a worker who has gone filled until after the period."""
    posts = posts_of(scene)
    for worker in gone(scene):
        last = posts[worker.worker_id][-1]
        until = text(scene.end + dt.timedelta(days=scene.chance.between(20, 90)))
        yield change(worker.worker_id, "posts", last.post_id, rule, end_date=until)


def post_before_worker_started(scene: Scene, rule: str) -> Iterator[Defect]:
    """Fill a post from a day before its worker came."""
    posts = posts_of(scene)
    for worker, post in in_one_post(scene):
        if len(posts[worker.worker_id]) == 1:
            early = text(worker.start_date - dt.timedelta(days=scene.chance.between(1, 60)))
            yield change(worker.worker_id, "posts", post.post_id, rule, start_date=early)


def post_in_another_team(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave a worker's post in a team they are not in."""
    for worker, post in in_one_post(scene):
        other = other_team(scene, worker.team_id)
        if other is not None:
            yield change(worker.worker_id, "posts", post.post_id, rule, team_id=other)


def _agency(scene: Scene) -> Iterator[tuple[Worker, Post]]:
    return ((worker, post) for worker, post in in_one_post(scene) if worker.agency_worker == "Y")


def agency_post_without_end(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out until when an agency worker is booked."""
    for worker, post in _agency(scene):
        yield change(worker.worker_id, "posts", post.post_id, rule, end_date="")


def post_type_disagrees(scene: Scene, rule: str) -> Iterator[Defect]:
    """Call an agency worker's post permanent."""
    for worker, post in _agency(scene):
        yield change(worker.worker_id, "posts", post.post_id, rule, employment_type="Permanent")


def filled_post_without_type(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out how a post is filled."""
    for worker, post in in_one_post(scene):
        yield change(worker.worker_id, "posts", post.post_id, rule, employment_type="")


def qualification_not_recorded(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave unanswered whether the worker of a post is qualified."""
    for worker, post in in_one_post(scene):
        yield change(worker.worker_id, "posts", post.post_id, rule, qualified="")
