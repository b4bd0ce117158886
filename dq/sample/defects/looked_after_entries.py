"""Faults in what is due as a child comes into care: who is told, and what permanent home there was before."""

from __future__ import annotations

from collections.abc import Iterator

from dq.sample.defects.defect import Defect, change
from dq.sample.defects.looked_after_lookup import by_child, days
from dq.sample.defects.scene import Scene, text

TOLD_WITHIN = 5
LATE_WORKING_DAYS = (6, 12)
ASKED_WITHIN = 28


def _not_told(scene: Scene, rule: str, recipient: str) -> Iterator[Defect]:
    """Leave out the notification to one service of a child who came into care in the last year."""
    notices = by_child(scene.records.notifications)
    for care in scene.in_care:
        first = care.episodes[0]
        if not scene.is_recent(first.start_date) or scene.making.days.after(first.start_date, TOLD_WITHIN) >= scene.end:
            continue
        for notice in notices[first.person_id]:
            if notice.recipient == recipient:
                dropped = (("notifications", notice.notification_id),)
                yield Defect(first.person_id, ((rule, first.episode_id),), dropped=dropped)


def health_not_told(scene: Scene, rule: str) -> Iterator[Defect]:
    """Do not tell health."""
    return _not_told(scene, rule, "HEALTH")


def school_not_told(scene: Scene, rule: str) -> Iterator[Defect]:
    """Do not tell the virtual school."""
    return _not_told(scene, rule, "SCHOOL")


def officer_not_told(scene: Scene, rule: str) -> Iterator[Defect]:
    """Do not tell the reviewing service."""
    return _not_told(scene, rule, "IRO")


def notification_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Tell a service after more than a week."""
    notices = by_child(scene.records.notifications)
    for care in scene.periods_of_care:
        entered = care.episodes[0].start_date
        for notice in notices[care.person.person_id]:
            late = scene.making.days.after(entered, scene.chance.between(*LATE_WORKING_DAYS))
            if scene.is_recent(entered) and late <= scene.end:
                sent = text(late)
                child, key = notice.person_id, notice.notification_id
                yield change(child, "notifications", key, rule, sent_date=sent, recorded_on=sent)


def notification_before_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date a notification before the child came into care."""
    notices = by_child(scene.records.notifications)
    for care in scene.periods_of_care:
        early = text(care.episodes[0].start_date - days(scene.chance.between(1, 10)))
        for notice in notices[care.person.person_id]:
            yield change(notice.person_id, "notifications", notice.notification_id, rule, sent_date=early)


def recipient_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type who was told of a child in words."""
    notices = by_child(scene.records.notifications)
    for care in scene.periods_of_care:
        for notice in notices[care.person.person_id]:
            if care.episodes[0].start_date < scene.making.year_ago:
                words = scene.chance.pick(("LAC nurse", "VS", "Health"))
                yield change(notice.person_id, "notifications", notice.notification_id, rule, recipient=words)


def permanence_not_asked(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out what permanent home the child had before."""
    rows = by_child(scene.records.previous_permanence)
    for care in scene.in_care:
        first = care.episodes[0]
        if scene.is_recent(first.start_date) and first.start_date < scene.ago(ASKED_WITHIN):
            dropped = tuple(("previous_permanence", row.previous_permanence_id) for row in rows[first.person_id])
            yield Defect(first.person_id, ((rule, first.episode_id),), dropped=dropped)


def permanence_incomplete(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out which authority arranged the permanent home, or when."""
    for row in scene.records.previous_permanence:
        if row.permanence_option in {"P1", "P2", "P3"}:
            blank = scene.chance.pick(("order_date", "authority_code"))
            cell = ("previous_permanence", row.previous_permanence_id, blank)
            yield Defect(row.person_id, ((rule, row.previous_permanence_id),), {cell: ""})


def permanence_none_with_details(scene: Scene, rule: str) -> Iterator[Defect]:
    """Say that there was no permanent home before, and name an authority."""
    for row in scene.records.previous_permanence:
        if row.permanence_option == "Z1":
            child, key = row.person_id, row.previous_permanence_id
            yield change(child, "previous_permanence", key, rule, authority_code="886")


def permanence_date_unclear(scene: Scene, rule: str) -> Iterator[Defect]:
    """Write the date of the order as a year alone, or in words."""
    for row in scene.records.previous_permanence:
        if row.order_date is not None:
            words = scene.chance.pick((row.order_date[-4:], f"about {row.order_date[-4:]}", "not known"))
            yield change(row.person_id, "previous_permanence", row.previous_permanence_id, rule, order_date=words)


def permanence_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type what there was before in words."""
    for row in scene.records.previous_permanence:
        if row.permanence_option == "Z1":
            child, key = row.person_id, row.previous_permanence_id
            yield change(child, "previous_permanence", key, rule, permanence_option="None")
