"""Faults in missing episodes and return home interviews, beyond those of their dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

from dq.sample.defects.defect import Defect, Flag, change
from dq.sample.defects.looked_after_lookup import by_child, days, left_on
from dq.sample.defects.scene import Scene, text
from dq.sample.records import MissingEpisode

HALF_AN_HOUR = dt.timedelta(minutes=30)
OPEN_TOO_LONG = 28
INTERVIEW_WORKING_DAYS = 3


def _left_care(scene: Scene) -> set[str]:
    """Return the children who left care and are not in care now."""
    return {c.person.person_id for c in scene.periods_of_care if c.episodes[-1].ceased_date is not None}


def _returned(scene: Scene) -> Iterator[MissingEpisode]:
    """Yield the episodes found in the last year after which an interview is due by now."""
    for m in scene.found_lately:
        if scene.making.days.after(m.end_date.date(), INTERVIEW_WORKING_DAYS) < scene.end:
            yield m


def overlap(scene: Scene, rule: str) -> Iterator[Defect]:
    """Let the child go missing again half an hour before being found."""
    for episodes in by_child(scene.records.missing_episodes).values():
        for before, after in pairwise(episodes):
            again = before.end_date - HALF_AN_HOUR
            if again > before.start_date:
                child, key, flagged = after.person_id, after.missing_episode_id, before.missing_episode_id
                start = f"{again:%d/%m/%Y %H:%M}"
                yield change(child, "missing_episodes", key, rule, flagged=flagged, start_date=start)


def open_though_later(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave open an episode of a child who went missing again."""
    gone = _left_care(scene)
    for child, episodes in by_child(scene.records.missing_episodes).items():
        for m in episodes[:-1] if child not in gone else ():
            yield change(child, "missing_episodes", m.missing_episode_id, rule, end_date="")


def open_for_weeks(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the last episode of a child open."""
    gone = _left_care(scene)
    for child, episodes in by_child(scene.records.missing_episodes).items():
        last = episodes[-1]
        if child not in gone and last.start_date.date() < scene.ago(OPEN_TOO_LONG):
            yield change(child, "missing_episodes", last.missing_episode_id, rule, end_date="")


def open_after_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave open the last episode of a child who has left care since."""
    episodes = by_child(scene.records.missing_episodes)
    for care in scene.periods_of_care:
        if care.episodes[-1].ceased_date is None or not episodes[care.person.person_id]:
            continue
        last = episodes[care.person.person_id][-1]
        began = last.start_date.date()
        if care.episodes[0].start_date <= began <= left_on(care):
            old: list[Flag] = [("missing-open-for-weeks", last.missing_episode_id)]
            also = old if began < scene.ago(OPEN_TOO_LONG) else []
            yield change(last.person_id, "missing_episodes", last.missing_episode_id, rule, also=also, end_date="")


def type_not_said(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out whether missing or away."""
    for m in scene.found_lately:
        yield change(m.person_id, "missing_episodes", m.missing_episode_id, rule, episode_type="")


def no_interview_record(scene: Scene, rule: str) -> Iterator[Defect]:
    """Open no form at all for a child who was not interviewed."""
    for m in _returned(scene):
        if m.rhi_date is None:
            yield change(m.person_id, "missing_episodes", m.missing_episode_id, rule, rhi_status="")


def dated_not_completed(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the form of an interview that was held in progress."""
    for m in scene.found_lately:
        if m.rhi_date is not None:
            yield change(m.person_id, "missing_episodes", m.missing_episode_id, rule, rhi_status="In progress")


def declined_and_dated(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date an interview that was declined."""
    for m in scene.found_lately:
        day = m.end_date.date() + days(scene.chance.between(1, 4))
        if m.rhi_status == "Declined" and day <= scene.end:
            yield change(m.person_id, "missing_episodes", m.missing_episode_id, rule, rhi_date=text(day))


def offer_not_answered(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave unanswered whether an interview was offered."""
    for m in _returned(scene):
        child, key = m.person_id, m.missing_episode_id
        yield change(child, "missing_episodes", key, rule, rhi_offered="", rhi_offered_date="")


def offered_without_date(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out when an interview was offered."""
    for m in scene.found_lately:
        if m.rhi_offered == "Y":
            yield change(m.person_id, "missing_episodes", m.missing_episode_id, rule, rhi_offered_date="")


def offered_before_return(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the offer before the child was found."""
    for m in scene.found_lately:
        if m.rhi_offered == "Y":
            early = text(m.end_date.date() - days(scene.chance.between(1, 3)))
            yield change(m.person_id, "missing_episodes", m.missing_episode_id, rule, rhi_offered_date=early)


def accepted_not_offered(scene: Scene, rule: str) -> Iterator[Defect]:
    """Say that no interview was offered, where one was accepted."""
    for m in scene.found_lately:
        if m.rhi_accepted == "Y":
            child, key = m.person_id, m.missing_episode_id
            yield change(child, "missing_episodes", key, rule, rhi_offered="N", rhi_offered_date="")


def completed_not_accepted(scene: Scene, rule: str) -> Iterator[Defect]:
    """Say of an interview that was held that it was not accepted."""
    for m in scene.found_lately:
        if m.rhi_status == "Completed":
            yield change(m.person_id, "missing_episodes", m.missing_episode_id, rule, rhi_accepted="N")
