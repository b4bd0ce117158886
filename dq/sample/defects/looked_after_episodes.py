"""Faults in episodes of care, in visits under them, and in what is due as a child comes into care."""

from __future__ import annotations

from collections.abc import Iterator

from dq.sample.calendar import age, birthday
from dq.sample.defects.defect import Defect, change
from dq.sample.defects.looked_after_lookup import (
    TO_FAMILY,
    days,
    is_first_visit,
    left_on,
    with_proceedings,
)
from dq.sample.defects.scene import Care, Scene, text
from dq.sample.parts.looked_after_periods import WITH_ADOPTERS
from dq.sample.records import CareVisit

YEAR = 365
SHORTEST = 10
YOUNG = 13
LATEST_OF_A_MONTH = 15
LEAVERS_FROM = 16


def episode_gap(scene: Scene, rule: str) -> Iterator[Defect]:
    """Cease an episode days before the next began."""
    for care in scene.in_care:
        for e in care.episodes[:-1]:
            if e.ceased_date and scene.is_recent(e.ceased_date) and (e.ceased_date - e.start_date).days > SHORTEST:
                early = text(e.ceased_date - days(scene.chance.between(3, 6)))
                yield change(e.person_id, "cla_episodes", e.episode_id, rule, ceased_date=early)


def episodes_overlap(scene: Scene, rule: str) -> Iterator[Defect]:
    """Cease an episode days after the next began."""
    for care in scene.in_care:
        for e in care.episodes[:-1]:
            if e.ceased_date and scene.is_recent(e.ceased_date) and e.ceased_date < scene.ago(SHORTEST):
                late = text(e.ceased_date + days(scene.chance.between(2, 6)))
                yield change(e.person_id, "cla_episodes", e.episode_id, rule, ceased_date=late)


def episode_continues_nowhere(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose, for a child who went home, that a new episode followed."""
    return _ceased_as(scene, rule, "X1")


def ceased_died(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose, for a child who went home, that the child died."""
    return _ceased_as(scene, rule, "E2")


def left_too_young(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose, for a young child who went home, independent living."""
    return _ceased_as(scene, rule, "E5")


def _ceased_as(scene: Scene, rule: str, reason: str) -> Iterator[Defect]:
    for care in scene.left_lately:
        last, left = care.episodes[-1], left_on(care)
        if last.ceased_reason in TO_FAMILY and left < scene.end and age(care.person.dob, left) < YOUNG:
            yield change(last.person_id, "cla_episodes", last.episode_id, rule, ceased_reason=reason)


def other_reason_though_order(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose any other reason for a child who left care to live with a guardian or a relative by order."""
    for care, proceedings in with_proceedings(scene.periods_of_care, scene):
        last = care.episodes[-1]
        # A young person who left care at 16 for any other reason is owed what care leavers are.
        young = last.ceased_date is not None and age(scene.persons[last.person_id].dob, last.ceased_date) < LEAVERS_FROM
        if young and proceedings.outcome in {"Special guardianship", "Child arrangements"}:
            yield change(last.person_id, "cla_episodes", last.episode_id, rule, ceased_reason="E8")


def first_episode_not_a_start(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose, for a child who came into care, that the placement changed."""
    for care in scene.in_care:
        first = care.episodes[0]
        if not scene.is_recent(first.start_date):
            yield change(first.person_id, "cla_episodes", first.episode_id, rule, start_reason="P")


def started_twice(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose, for a child who moved, that the child came into care."""
    for care in scene.in_care:
        for e in care.episodes[1:]:
            if scene.is_recent(e.start_date):
                yield change(e.person_id, "cla_episodes", e.episode_id, rule, start_reason="S")


def new_episode_without_placement(scene: Scene, rule: str) -> Iterator[Defect]:
    """Let a move take place a day later by the placements than by the episodes."""
    for care in scene.in_care:
        for before, after, episode in zip(care.placements, care.placements[1:], care.episodes[1:], strict=False):
            moved = after.start_date + days(1)
            ends_later = (after.end_date or scene.end) > moved
            if ends_later and after.recorded_on >= moved and after.placement_type not in WITH_ADOPTERS:
                cells = {
                    ("cla_placements", before.placement_id, "end_date"): text(moved),
                    ("cla_placements", after.placement_id, "start_date"): text(moved),
                }
                yield Defect(after.person_id, ((rule, episode.episode_id),), cells)


def episode_before_birth(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the year before for the day an infant came into care: there is no legal status on that day either."""
    for care in scene.in_care:
        first, born = care.episodes[0], care.person.dob
        if scene.is_recent(first.start_date) or (first.start_date - born).days >= YEAR:
            continue
        if not any(p.placement_type in WITH_ADOPTERS for p in care.placements):
            wrong = text(birthday(first.start_date, -1))
            also = [("legal-status-not-from-first-day", first.episode_id)]
            yield change(first.person_id, "cla_episodes", first.episode_id, rule, also=also, start_date=wrong)


def _older_visits(scene: Scene) -> Iterator[tuple[Care, CareVisit]]:
    """Yield visits to children in care that are neither the first to a placement nor among the last."""
    for care in scene.in_care:
        for visit in care.visits[1:-3]:
            if not is_first_visit(visit, care.placements):
                yield care, visit


def visit_outside_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date a visit before the child came into care."""
    for care, visit in _older_visits(scene):
        entered = care.episodes[0].start_date
        if (entered - care.person.dob).days > 2 * LATEST_OF_A_MONTH:
            early = text(entered - days(scene.chance.between(2, LATEST_OF_A_MONTH)))
            yield change(visit.person_id, "cla_visits", visit.visit_id, rule, visit_date=early)


def visit_under_another_childs_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a visit under the period of care of the child longest in care."""
    if not scene.in_care:
        return
    longest = min(scene.in_care, key=lambda care: care.episodes[0].start_date)
    for care, visit in _older_visits(scene):
        if care is not longest and visit.visit_date > longest.episodes[0].start_date:
            yield change(visit.person_id, "cla_visits", visit.visit_id, rule, cla_id=longest.episodes[0].cla_id)


def visit_alone_not_said(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave unanswered whether the child, who was seen, was seen alone."""
    for care in scene.in_care:
        for visit in care.visits[-6:]:
            if visit.seen == "Y":
                yield change(visit.person_id, "cla_visits", visit.visit_id, rule, seen_alone="")


def visit_alone_but_not_seen(scene: Scene, rule: str) -> Iterator[Defect]:
    """Say of a visit at which the child was not seen that the child was seen alone."""
    for care in scene.in_care:
        for visit in care.visits:
            if visit.seen == "N":
                yield change(visit.person_id, "cla_visits", visit.visit_id, rule, seen_alone="Y")
