"""Faults in legal status."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from dq.sample.calendar import age, birthday
from dq.sample.defects.defect import Defect, Flag, change
from dq.sample.defects.looked_after_lookup import FOSTERED, MONTH, agreed, by_child, days, with_plans, with_statuses
from dq.sample.defects.scene import Scene, text
from dq.sample.records.looked_after import CarePlan, LegalStatus

YEAR = 365
SHORTEST = 10
TEMPORARY = "T"
LONG_TERM = {"U1", "U4"}
LASTING = {"V2", "C1", "C2"}
OLDEST_OF_THE_YOUNG = 9
LATE_WORKING_DAYS = (6, 9)


def no_legal_status(scene: Scene, rule: str) -> Iterator[Defect]:
    """End the status a child has, and never enter the next."""
    for care, statuses in with_statuses(scene.in_care, scene):
        last, child = statuses[-1], care.person.person_id
        if last.legal_status in {"V2", "C2"} and last.start_date < scene.ago(2 * MONTH):
            ended = text(scene.ago(scene.chance.between(3, MONTH)))
            yield change(child, "legal_statuses", last.legal_status_id, rule, flagged=child, end_date=ended)


def two_legal_statuses_open(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave open the status before the present one: both are flagged."""
    for care, statuses in with_statuses(scene.in_care, scene):
        if len(statuses) > 1 and statuses[-2].legal_status in LASTING:
            before, now = statuses[-2], statuses[-1]
            also = [(rule, now.legal_status_id), *_interim_left_open(scene, before)]
            yield change(care.person.person_id, "legal_statuses", before.legal_status_id, rule, also=also, end_date="")


def _interim_left_open(scene: Scene, status: LegalStatus) -> list[Flag]:
    """Return what else is flagged of an interim care order left open after proceedings were over."""
    if status.legal_status != "C1":
        return []
    old = [("interim-order-too-long", status.legal_status_id)] if status.start_date < scene.ago(YEAR) else []
    return [("interim-order-without-proceedings", status.legal_status_id), *old]


def dates_out_of_order(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the end of a status with the year before."""
    for s in scene.records.legal_statuses:
        if s.end_date and scene.is_recent(s.end_date) and 0 < (s.end_date - s.start_date).days < YEAR:
            wrong = text(birthday(s.end_date, -1))
            yield change(s.person_id, "legal_statuses", s.legal_status_id, rule, end_date=wrong)


def gap(scene: Scene, rule: str) -> Iterator[Defect]:
    """End a status days before the next began, which is flagged."""
    for _, statuses in with_statuses(scene.in_care, scene):
        for before, after in pairwise(statuses):
            if (after.start_date - before.start_date).days > SHORTEST:
                early = text(after.start_date - days(scene.chance.between(3, 6)))
                child, key, flagged = before.person_id, before.legal_status_id, after.legal_status_id
                yield change(child, "legal_statuses", key, rule, flagged=flagged, end_date=early)


def overlap(scene: Scene, rule: str) -> Iterator[Defect]:
    """End a status days after the next began, which is flagged."""
    for _, statuses in with_statuses(scene.in_care, scene):
        for before, after in pairwise(statuses):
            if before.legal_status in LASTING and after.start_date < scene.ago(SHORTEST):
                late = text(after.start_date + days(scene.chance.between(3, 6)))
                child, key, flagged = before.person_id, before.legal_status_id, after.legal_status_id
                yield change(child, "legal_statuses", key, rule, flagged=flagged, end_date=late)


def not_from_first_day(scene: Scene, rule: str) -> Iterator[Defect]:
    """Begin the first status a day or more after the child came into care."""
    for care, statuses in with_statuses(scene.periods_of_care, scene):
        first, ends = statuses[0], statuses[0].end_date or scene.end
        late = first.recorded_on
        if late > first.start_date and (ends - late).days > SHORTEST and first.legal_status in LASTING:
            child, key, flagged = first.person_id, first.legal_status_id, care.episodes[0].episode_id
            yield change(child, "legal_statuses", key, rule, flagged=flagged, start_date=text(late))


def open_after_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the last status open though the child left care."""
    for _, statuses in with_statuses(scene.left_lately, scene):
        last = statuses[-1]
        if last.legal_status in {"V2", "C2"}:
            yield change(last.person_id, "legal_statuses", last.legal_status_id, rule, end_date="")


def interim_order_too_long(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose an interim care order for a child accommodated by agreement for years: no proceedings are open either."""
    for _, s in agreed(scene):
        if s.start_date < scene.ago(YEAR):
            also = [("interim-order-without-proceedings", s.legal_status_id)]
            yield change(s.person_id, "legal_statuses", s.legal_status_id, rule, also=also, legal_status="C1")


def _recoded(scene: Scene, rule: str, code: str) -> Iterator[Defect]:
    """Choose another status for a child accommodated by agreement."""
    for _, s in agreed(scene):
        if s.start_date < scene.ago(MONTH):
            yield change(s.person_id, "legal_statuses", s.legal_status_id, rule, legal_status=code)


def police_protection_too_long(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose police protection for a child who has been in care for longer."""
    return _recoded(scene, rule, "L1")


def emergency_order_too_long(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose an emergency order for a child who has been in care for longer."""
    return _recoded(scene, rule, "L2")


def assessment_order_too_long(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose an assessment order for a child who has been in care for longer."""
    return _recoded(scene, rule, "L3")


def status_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the status in words."""
    for _, s in agreed(scene):
        words = scene.chance.pick(("S20", "Section 20", "V1"))
        yield change(s.person_id, "legal_statuses", s.legal_status_id, rule, legal_status=words)


def remand_under_10(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose remand for a young child."""
    for care, s in agreed(scene):
        if age(care.person.dob, s.start_date) < OLDEST_OF_THE_YOUNG:
            yield change(s.person_id, "legal_statuses", s.legal_status_id, rule, legal_status="J1")


def recorded_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a status after more than a week."""
    for s in scene.records.legal_statuses:
        if s.start_date >= scene.ago(2 * MONTH):
            late = scene.making.days.after(s.start_date, scene.chance.between(*LATE_WORKING_DAYS))
            if scene.month_start <= late <= scene.end:
                yield change(s.person_id, "legal_statuses", s.legal_status_id, rule, recorded_on=text(late))


def with_parents_by_agreement(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose parents for the foster placement of a child accommodated by agreement."""
    for care, _ in agreed(scene):
        p = care.current
        if p.placement_type in FOSTERED:
            yield change(p.person_id, "cla_placements", p.placement_id, rule, placement_type="P1", provider="PR0")


def short_break_with_long_term_carer(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose short breaks for a child who lives, or lived, with a long-term foster carer."""
    for care, s in agreed(scene):
        found = [p for p in care.placements if p.placement_type in LONG_TERM or p.placement_type[0] == TEMPORARY]
        if found:
            cells = {("legal_statuses", s.legal_status_id, "legal_status"): "V4"}
            yield Defect(s.person_id, tuple((rule, p.placement_id) for p in found), cells)


def adopters_without_placement_order(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose a care order for a child who is placed for adoption by order."""
    for care, statuses in with_statuses(scene.in_care, scene):
        p, s = care.current, statuses[-1]
        if p.placement_type in {"A5", "A6"} and s.legal_status == "E1":
            child, key = p.person_id, s.legal_status_id
            yield change(child, "legal_statuses", key, rule, flagged=p.placement_id, legal_status="C2")


def placement_order_after_plan_changed(scene: Scene, rule: str) -> Iterator[Defect]:
    """Change the plan of a child placed for adoption to fostering: the placement does not agree with it either."""
    statuses = by_child(scene.records.legal_statuses)
    for care, plans in with_plans(scene.in_care, scene):
        plan, child = plans[-1], care.person.person_id
        if plan.permanence_plan != "ADOPTION" or plan.start_date >= scene.ago(2 * MONTH):
            continue
        if statuses[child][-1].legal_status == "E1" and care.current.placement_type in {"A5", "A6"}:
            changed = scene.ago(scene.chance.between(5, MONTH))
            new = CarePlan(
                f"{plan.care_plan_id}B", child, changed, None, "FOSTERING", scene.making.days.after(changed, 1)
            )
            flags = ((rule, new.care_plan_id), ("adoption-placement-other-plan", child))
            cells = {("care_plans", plan.care_plan_id, "end_date"): text(changed)}
            yield Defect(child, flags, cells, added=(("care_plans", new),))
