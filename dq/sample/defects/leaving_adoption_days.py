"""Faults in the order of the days on the way to adoption, and in how long it took."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from dq.sample.defects.defect import Defect
from dq.sample.defects.leaving_rows import days, stay_by_cla
from dq.sample.defects.scene import Scene, text
from dq.sample.making import ONE_DAY
from dq.sample.parts.leaving_stays import CareStay
from dq.sample.records.leaving import Permanence

TABLE = "permanence"
ORDER_TO_MATCH = 121
Days = dict[str, dt.date]
Wrong = Callable[[Scene, Permanence, CareStay], Days | None]


def _dated(scene: Scene, rule: str, wrong: Wrong, also: Callable[[Permanence, Days], list[str]]) -> Iterator[Defect]:
    """Yield a fault for each record for which ``wrong`` gives other days; ``also`` says which rules find it besides."""
    stays = stay_by_cla(scene)
    for row in scene.records.permanence:
        written = wrong(scene, row, stays[row.cla_id])
        if written is not None and max(written.values()) <= scene.end:
            flags = tuple((name, row.permanence_id) for name in (rule, *also(row, written)))
            cells = {(TABLE, row.permanence_id, column): text(day) for column, day in written.items()}
            yield Defect(row.person_id, flags, cells)


def _alone(_row: Permanence, _written: Days) -> list[str]:
    return []


def decision_before_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the decision before the child came into care."""

    def wrong(scene: Scene, row: Permanence, stay: CareStay) -> Days | None:
        settled = row.matched_date or row.reversed_date
        early = stay.entered - days(scene, 10, 100)
        return {"adm_decision_date": early} if row.adm_decision_date and settled else None

    return _dated(scene, rule, wrong, _alone)


def order_before_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the placement order before the child came into care: it then precedes the decision too."""

    def wrong(scene: Scene, row: Permanence, stay: CareStay) -> Days | None:
        early = stay.entered - days(scene, 5, 40)
        return {"placement_order_date": early} if row.placement_order_date and row.matched_date else None

    def also(row: Permanence, written: Days) -> list[str]:
        slow = row.matched_date and (row.matched_date - written["placement_order_date"]).days > ORDER_TO_MATCH
        return ["placement-order-before-decision", *(["order-to-match-slow"] if slow else [])]

    return _dated(scene, rule, wrong, also)


def order_before_decision(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the decision after the placement order, and no later than the match."""

    def wrong(scene: Scene, row: Permanence, _stay: CareStay) -> Days | None:
        order, match = row.placement_order_date, row.matched_date
        if order is None or match is None or match <= order:
            return None
        return {"adm_decision_date": scene.chance.day(order + ONE_DAY, match)}

    return _dated(scene, rule, wrong, _alone)


def match_before_decision(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the decision after the match: it then follows the placement order too."""

    def wrong(scene: Scene, row: Permanence, _stay: CareStay) -> Days | None:
        decided = row.matched_date + days(scene, 1, 10) if row.matched_date else None
        return {"adm_decision_date": decided} if decided else None

    def also(row: Permanence, _written: Days) -> list[str]:
        return ["placement-order-before-decision"] if row.placement_order_date else []

    return _dated(scene, rule, wrong, also)


def placed_before_match(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the match after the day the child was placed."""

    def wrong(scene: Scene, row: Permanence, _stay: CareStay) -> Days | None:
        match = row.placed_date + days(scene, 1, 20) if row.placed_date else None
        order = row.placement_order_date
        return {"matched_date": match} if match and (not order or (match - order).days <= ORDER_TO_MATCH) else None

    return _dated(scene, rule, wrong, _alone)


def order_to_match_slow(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the decision and the placement order months earlier, so that the match came late."""

    def wrong(scene: Scene, row: Permanence, stay: CareStay) -> Days | None:
        if row.placement_order_date is None or row.matched_date is None:
            return None
        order = row.matched_date - days(scene, 125, 200)
        decided = order - ONE_DAY
        return {"placement_order_date": order, "adm_decision_date": decided} if decided >= stay.entered else None

    return _dated(scene, rule, wrong, _alone)


def waiting_long(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the decision and the placement order of a child who waits more than a year ago."""

    def wrong(scene: Scene, row: Permanence, stay: CareStay) -> Days | None:
        if row.placement_order_date is None or row.matched_date is not None:
            return None
        order = scene.ago(scene.chance.between(368, 400))
        decided = order - ONE_DAY
        return {"placement_order_date": order, "adm_decision_date": decided} if decided >= stay.entered else None

    return _dated(scene, rule, wrong, _alone)


def matched_not_placed(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the match of a child who waits months ago, though not before the adopters were approved."""
    approved = {adopter.adopter_id: adopter.approved_date for adopter in scene.records.adopters}

    def wrong(scene: Scene, row: Permanence, _stay: CareStay) -> Days | None:
        if row.matched_date is None or row.placed_date is not None or row.placement_order_date is None:
            return None
        match = scene.ago(scene.chance.between(58, 70))
        known = approved[row.adopter_id or ""]
        return {"matched_date": match} if known and match >= max(row.placement_order_date, known) else None

    return _dated(scene, rule, wrong, _alone)


def plan_agreed_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the review that agreed on adoption months later."""

    def wrong(scene: Scene, row: Permanence, stay: CareStay) -> Days | None:
        return {"plan_agreed_date": stay.entered + days(scene, 130, 240)} if row.plan_agreed_date else None

    return _dated(scene, rule, wrong, _alone)
