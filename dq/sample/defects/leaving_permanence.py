"""Faults in the records of permanence and adoption."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dq.model import Severity
from dq.sample.defects import leaving_adoption_days as adoption_days
from dq.sample.defects.defect import Defect, Fault, Flag
from dq.sample.defects.leaving_adoption_days import TABLE
from dq.sample.defects.leaving_rows import before, days, leave_out, put, stay_by_cla
from dq.sample.defects.scene import Scene, text
from dq.sample.making import ONE_DAY
from dq.sample.parts.leaving_stays import CareStay, stays_in_care
from dq.sample.records import Record
from dq.sample.records.leaving import Permanence

ERROR, QUERY, INFORMATION = Severity.ERROR, Severity.QUERY, Severity.INFORMATION
RARE = 6
WENT_HOME = frozenset({"E4A", "E4B"})
UNDER_AN_ORDER = frozenset({"A5", "A6"})


def placed_after_reversal(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date a reversal the day before a child who is with adopters was placed."""
    stays = stay_by_cla(scene)
    for row in scene.records.permanence:
        if stays[row.cla_id].left is None and row.placed_date and row.adm_decision_date:
            day = row.placed_date - ONE_DAY
            if day >= row.adm_decision_date:
                cells = {"reversed_date": text(day), "reversed_reason": "RD4"}
                written = {(TABLE, row.permanence_id, column): cell for column, cell in cells.items()}
                yield Defect(row.person_id, ((rule, row.permanence_id),), written)


def adopted_after_reversal(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date a reversal on the day a child who was adopted was placed."""
    for row in scene.records.permanence:
        if row.order_type == "Adoption" and row.placed_date:
            cells = {"reversed_date": text(row.placed_date), "reversed_reason": "RD1"}
            written = {(TABLE, row.permanence_id, column): cell for column, cell in cells.items()}
            yield Defect(row.person_id, ((rule, row.permanence_id),), written)


def _order_in_care(scene: Scene, rule: str, kind: str, since: str) -> Iterator[Defect]:
    """Enter an order for a child whose care goes on, dated some time after another of the record's days."""
    stays = stay_by_cla(scene)
    for row in scene.records.permanence:
        day = getattr(row, since)
        if stays[row.cla_id].left is None and day is not None and day < scene.end:
            cells = {"order_date": text(scene.chance.day(day + ONE_DAY, scene.end)), "order_type": kind}
            written = {(TABLE, row.permanence_id, column): cell for column, cell in cells.items()}
            yield Defect(row.person_id, ((rule, row.permanence_id),), written)


def adopted_still_in_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter the adoption order, and leave the episode of care open."""
    return _order_in_care(scene, rule, "Adoption", "placed_date")


def guardianship_still_in_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter an order to a guardian, and leave the episode of care open."""
    return _order_in_care(scene, rule, "SGO", "adm_decision_date")


def adopted_without_dates(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the permanence record of a child who was adopted."""
    last = {episode.cla_id: episode.episode_id for episode in scene.records.cla_episodes}
    for row in scene.records.permanence:
        if row.order_type == "Adoption":
            yield Defect(row.person_id, ((rule, last[row.cla_id]),), dropped=((TABLE, row.permanence_id),))


def _of_placement(scene: Scene) -> Iterator[tuple[Permanence, CareStay]]:
    """Yield the records of children whose last placement is, or was, for adoption."""
    stays = stay_by_cla(scene)
    found = ((row, stays[row.cla_id]) for row in scene.records.permanence)
    return ((row, stay) for row, stay in found if stay.is_for_adoption and row.placed_date)


def placement_without_dates(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the permanence record of a child who is with adopters: the placement is flagged."""
    for row, stay in _of_placement(scene):
        if stay.left is None:
            yield Defect(row.person_id, ((rule, stay.placement.placement_id),), dropped=((TABLE, row.permanence_id),))


def placement_order_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the order under which a child is placed: the placement is flagged."""
    for row, stay in _of_placement(scene):
        if stay.left is None and stay.placement.placement_type in UNDER_AN_ORDER:
            cells = {(TABLE, row.permanence_id, "placement_order_date"): ""}
            yield Defect(row.person_id, ((rule, stay.placement.placement_id),), cells)


def placed_date_differs(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the day placed some days after the placement began: the placement is flagged."""
    for row, stay in _of_placement(scene):
        day = stay.placement.start_date + days(scene, 1, 5)
        if day < (stay.left or scene.end):
            cells = {(TABLE, row.permanence_id, "placed_date"): text(day)}
            yield Defect(row.person_id, ((rule, stay.placement.placement_id),), cells)


def placed_nowhere(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a day placed for a child who waits where they were."""
    for row in scene.records.permanence:
        if row.matched_date and not row.placed_date:
            day = text(scene.chance.day(row.matched_date, scene.end))
            yield Defect(row.person_id, ((rule, row.permanence_id),), {(TABLE, row.permanence_id, "placed_date"): day})


def decision_left_open(scene: Scene, rule: str) -> Iterator[Defect]:
    """Let a decision stand for a child who has gone home since."""
    for stay in stays_in_care(scene.making):
        if stay.left is not None and stay.reason in WENT_HOME and (stay.left - stay.entered).days > 60:
            decided = stay.entered + days(scene, 30, 55)
            row = Permanence(
                permanence_id=f"D{stay.cla_id}",
                person_id=stay.person.person_id,
                cla_id=stay.cla_id,
                plan_agreed_date=stay.entered + days(scene, 20, 30),
                adm_decision_date=decided,
                placement_order_date=None,
                matched_date=None,
                adopter_id=None,
                placed_date=None,
                reversed_date=None,
                reversed_reason=None,
                order_date=None,
                order_type=None,
                recorded_on=decided,
            )
            yield Defect(row.person_id, ((rule, row.permanence_id),), added=((TABLE, row),))


def two_decisions(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter the record of a child who waits, or is placed, a second time: both are flagged."""
    for row in scene.records.permanence:
        if row.adm_decision_date and not row.order_date and not row.reversed_date:
            copy = replace(row, permanence_id=f"D{row.permanence_id}")
            flags: tuple[Flag, ...] = ((rule, row.permanence_id), (rule, copy.permanence_id))
            yield Defect(row.person_id, flags, added=((TABLE, copy),))


def adopters_not_approved(scene: Scene, rule: str) -> Iterator[Defect]:
    """Link a household that is still being assessed."""
    unapproved = [adopter.adopter_id for adopter in scene.records.adopters if adopter.approved_date is None]
    for row in scene.records.permanence:
        if row.matched_date is not None:
            cells = {(TABLE, row.permanence_id, "adopter_id"): scene.chance.pick(unapproved)}
            yield Defect(row.person_id, ((rule, row.permanence_id),), cells)


def _adopted(row: Record, _scene: Scene) -> bool:
    return bool(row.order_type == "Adoption")


def _reversed(row: Record, _scene: Scene) -> bool:
    return row.reversed_date is not None


def _waits(row: Record, _scene: Scene) -> bool:
    return row.adm_decision_date is not None and row.placed_date is None and row.reversed_date is None


FAULTS: tuple[Fault, ...] = (
    Fault("matched-not-placed", QUERY, adoption_days.matched_not_placed, most=RARE),
    Fault("placed-not-in-adoption-placement", ERROR, placed_nowhere, most=RARE),
    Fault("waiting-long-for-match", QUERY, adoption_days.waiting_long, 2.0),
    Fault(
        "placement-order-without-decision",
        ERROR,
        leave_out(TABLE, "adm_decision_date", when=lambda row, scene: row.placement_order_date and _waits(row, scene)),
        most=RARE,
    ),
    Fault("decision-reversed-without-reason", ERROR, leave_out(TABLE, "reversed_reason"), 2.0),
    Fault("decision-reversed-before-made", ERROR, before(TABLE, "reversed_date", "adm_decision_date", 60), most=3),
    Fault("reversal-reason-without-date", ERROR, put(TABLE, _waits, reversed_reason="RD3"), most=RARE),
    Fault("placement-order-missing", ERROR, placement_order_missing, 1.0),
    Fault("adoption-placement-without-dates", ERROR, placement_without_dates, 1.0),
    Fault("placed-after-decision-reversed", ERROR, placed_after_reversal, most=RARE),
    Fault("adopted-still-in-care", ERROR, adopted_still_in_care, most=RARE),
    Fault("guardianship-still-in-care", ERROR, guardianship_still_in_care, most=RARE),
    Fault("two-open-adoption-decisions", ERROR, two_decisions, most=RARE),
    Fault("adopted-without-dates", ERROR, adopted_without_dates, 1.0),
    Fault("adopted-without-placed-date", ERROR, leave_out(TABLE, "placed_date", when=_adopted), 1.0),
    Fault("adopted-after-decision-reversed", ERROR, adopted_after_reversal, most=RARE),
    Fault("adopted-before-placed", ERROR, before(TABLE, "order_date", "placed_date", 30, _adopted), most=RARE),
    Fault("placed-date-differs-from-placement", QUERY, placed_date_differs, 1.0),
    Fault("adoption-decision-before-care", ERROR, adoption_days.decision_before_care, most=RARE),
    Fault("placement-order-before-care", ERROR, adoption_days.order_before_care, most=RARE),
    Fault("placement-order-before-decision", ERROR, adoption_days.order_before_decision, 0.5),
    Fault("match-before-decision", ERROR, adoption_days.match_before_decision, most=RARE),
    Fault("placed-before-match", ERROR, adoption_days.placed_before_match, 0.5),
    Fault(
        "placed-without-decision",
        ERROR,
        leave_out(TABLE, "adm_decision_date", when=lambda row, _: row.placed_date is not None),
        0.5,
    ),
    Fault(
        "placed-without-match",
        ERROR,
        leave_out(TABLE, "matched_date", when=lambda row, _: row.placed_date is not None),
        1.0,
    ),
    Fault("order-to-match-slow", INFORMATION, adoption_days.order_to_match_slow, 1.0),
    Fault("adoption-plan-agreed-late", INFORMATION, adoption_days.plan_agreed_late, 2.0),
    Fault("adoption-plan-date-missing", ERROR, leave_out(TABLE, "plan_agreed_date"), 1.0),
    Fault("left-care-with-adoption-decision-open", ERROR, decision_left_open, 0.3),
    Fault("permanence-order-type-missing", ERROR, leave_out(TABLE, "order_type"), 0.5),
    Fault(
        "permanence-order-date-missing",
        ERROR,
        leave_out(TABLE, "order_date", when=lambda row, _: row.order_type != "Adoption"),
        0.5,
    ),
    Fault("matched-without-adopters", QUERY, leave_out(TABLE, "adopter_id"), 1.0),
    Fault("matched-before-adopters-approved", ERROR, adopters_not_approved, 0.5),
    Fault(
        "contract.permanence.reversed_reason.codes",
        ERROR,
        put(TABLE, _reversed, reversed_reason="RD5"),
        most=3,
    ),
)
"""Every kind of fault in permanence, those of few children first."""
