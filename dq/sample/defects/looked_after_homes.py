"""Faults in placements: gaps, providers that cannot be, kinds that cannot last, first visits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dq.sample.calendar import age
from dq.sample.defects.defect import Defect, change
from dq.sample.defects.looked_after_lookup import FOSTERED, MONTH, WEEK, days, with_plans
from dq.sample.defects.scene import Scene, text
from dq.sample.parts.looked_after_periods import WITH_ADOPTERS
from dq.sample.records import Placement

SHORTEST = 10
KIN = {"U1", "U2", "U3"}
LATE_WORKING_DAYS = (6, 9)
UNDER_16 = 15


def _placements(scene: Scene, kinds: set[str]) -> Iterator[Placement]:
    """Yield the present placements of these kinds of children who did not come unaccompanied."""
    for care in scene.in_care:
        if care.current.placement_type in kinds and not care.is_uasc:
            yield care.current


def gap(scene: Scene, rule: str) -> Iterator[Defect]:
    """End a placement days before the next began, which is flagged."""
    for care in scene.in_care:
        for before, after in zip(care.placements, care.placements[1:], strict=False):
            if (after.start_date - before.start_date).days > SHORTEST and scene.is_recent(after.start_date):
                early = text(after.start_date - days(scene.chance.between(3, 6)))
                child, key, flagged = before.person_id, before.placement_id, after.placement_id
                yield change(child, "cla_placements", key, rule, flagged=flagged, end_date=early)


def provider_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out who provides a foster placement."""
    for p in _placements(scene, FOSTERED):
        yield change(p.person_id, "cla_placements", p.placement_id, rule, provider="")


def recorded_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a placement after more than a week."""
    for p in scene.records.cla_placements:
        if p.start_date >= scene.ago(2 * MONTH):
            late = scene.making.days.after(p.start_date, scene.chance.between(*LATE_WORKING_DAYS))
            if scene.month_start <= late <= scene.end:
                yield change(p.person_id, "cla_placements", p.placement_id, rule, recorded_on=text(late))


def parents_with_other_provider(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose another provider for a placement with parents."""
    for p in scene.records.cla_placements:
        if p.placement_type == "P1":
            provider = scene.chance.pick(("PR1", "PR4"))
            yield change(p.person_id, "cla_placements", p.placement_id, rule, provider=provider)


def provider_parents_elsewhere(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose parents as the provider of a foster placement."""
    for p in _placements(scene, FOSTERED):
        yield change(p.person_id, "cla_placements", p.placement_id, rule, provider="PR0")


def provider_cannot_give(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose the health service as the provider of a foster placement."""
    for p in _placements(scene, FOSTERED):
        yield change(p.person_id, "cla_placements", p.placement_id, rule, provider="PR3")


def kinship_of_agency(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose an agency as the provider of a placement with a relative or friend."""
    for p in scene.records.cla_placements:
        if p.placement_type in KIN:
            provider = scene.chance.pick(("PR4", "PR5"))
            yield change(p.person_id, "cla_placements", p.placement_id, rule, provider=provider)


def temporary_too_long(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose the carer's holiday for a placement of more than a month, between two others."""
    for care in scene.in_care:
        for p in care.placements[1:-1]:
            if p.end_date and (p.end_date - p.start_date).days > MONTH and p.placement_type in FOSTERED:
                yield change(p.person_id, "cla_placements", p.placement_id, rule, placement_type="T3")


def independent_under_16(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose semi-independent accommodation for the foster placement of a child under 16."""
    for p in _placements(scene, FOSTERED):
        if age(scene.persons[p.person_id].dob, p.start_date) < UNDER_16:
            yield change(p.person_id, "cla_placements", p.placement_id, rule, placement_type="H5")


def same_day(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a placement that never was, on the day of a move."""
    for care in scene.in_care:
        for before, after in zip(care.placements, care.placements[1:], strict=False):
            if scene.is_recent(after.start_date) and before.placement_type in FOSTERED:
                never = replace(
                    before,
                    placement_id=f"{before.placement_id}B",
                    start_date=after.start_date,
                    end_date=after.start_date,
                    change_reason="LAREQ",
                    recorded_on=after.recorded_on,
                )
                flags = ((rule, never.placement_id),)
                yield Defect(after.person_id, flags, added=(("cla_placements", never),))


def outside_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Begin the first placement days before the child came into care."""
    for care in scene.in_care:
        first = care.placements[0]
        if not scene.is_recent(first.start_date) and (first.start_date - care.person.dob).days > MONTH:
            early = text(first.start_date - days(scene.chance.between(2, 6)))
            yield change(first.person_id, "cla_placements", first.placement_id, rule, start_date=early)


def first_visit_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave unwritten the only visit of the first week of a placement, where another followed."""
    for care in scene.in_care:
        for p in care.placements:
            within = [v for v in care.visits if p.start_date <= v.visit_date <= (p.end_date or scene.end)]
            first_week = [v for v in within if v.visit_date <= p.start_date + days(WEEK)]
            if scene.is_recent(p.start_date) and len(first_week) == 1 and len(within) > 1:
                dropped = (("cla_visits", first_week[0].visit_id),)
                yield Defect(p.person_id, ((rule, p.placement_id),), dropped=dropped)


def adopters_with_other_plan(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose fostering as the plan of a child who is placed for adoption."""
    for care, plans in with_plans(scene.in_care, scene):
        plan, child = plans[-1], care.person.person_id
        if care.current.placement_type in WITH_ADOPTERS and plan.permanence_plan == "ADOPTION":
            key = plan.care_plan_id
            yield change(child, "care_plans", key, rule, flagged=child, permanence_plan="FOSTERING")
