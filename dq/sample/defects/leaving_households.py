"""Faults in the journeys of adopters, and in the records of foster carers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from dq.model import Severity
from dq.sample.calendar import months_before
from dq.sample.defects.defect import Defect, Fault
from dq.sample.defects.leaving_rows import after, before, days, leave_out, put, shifted, spoil
from dq.sample.defects.scene import Scene, text
from dq.sample.records import Record

ERROR, QUERY, INFORMATION = Severity.ERROR, Severity.QUERY, Severity.INFORMATION
RARE = 6
ADOPTERS = "adopters"
RESPONSE_DAYS = 10
STAGE_1_MONTHS, STAGE_2_MONTHS = 2, 4
STAGE_1_STEPS = ("enquiry_date", "response_date", "registration_date")
STAGE_2_STEPS = (*STAGE_1_STEPS, "stage_1_ended", "stage_2_started")


def _open(row: Record, _scene: Scene) -> bool:
    return row.closed_date is None


def _in_stage_1(row: Record, scene: Scene) -> bool:
    return row.registration_date is not None and row.stage_1_ended is None and _open(row, scene)


def _in_stage_2(row: Record, scene: Scene) -> bool:
    return row.stage_2_started is not None and row.approved_date is None and _open(row, scene)


def _answer_due(row: Record, scene: Scene) -> bool:
    return _open(row, scene) and scene.making.days.between(row.enquiry_date, scene.end) > RESPONSE_DAYS


def _stage_1_was_short(row: Record, _scene: Scene) -> bool:
    """Return whether stage 1 seems no longer than it may be, if it is taken to end as stage 2 started."""
    started = row.stage_2_started
    return bool(started and started <= months_before(row.registration_date, -STAGE_1_MONTHS))


def _only_enquired(row: Record, _scene: Scene) -> bool:
    return row.registration_date is None


def _long_ago(row: Record, scene: Scene) -> bool:
    return bool(row.enquiry_date < scene.ago(30))


def _answered_late(row: Record, scene: Scene) -> dict[str, str]:
    return {"response_date": text(scene.making.days.after(row.enquiry_date, scene.chance.between(11, 15)))}


def _enquired_early(row: Record, scene: Scene) -> dict[str, str]:
    early = scene.making.days.on_or_before(row.registration_date - days(scene, 80, 120))
    return {"enquiry_date": text(early), "response_date": text(scene.making.days.after(early, 3))}


def _enquired_late(row: Record, scene: Scene) -> dict[str, str]:
    late = row.registration_date + days(scene, 1, 10)
    return {"enquiry_date": text(late), "response_date": text(late + dt.timedelta(days=2))}


def _closes_after(row: Record, scene: Scene) -> bool:
    """Return whether an enquiry could be dated some days after registration, and be no later than what followed."""
    closed = row.closed_date or scene.end
    return row.registration_date is not None and (closed - row.registration_date).days > 14


def stage_2_too_soon(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the start of stage 2 before the end of stage 1, so little that stage 2 still seems no longer than it may."""
    for row in scene.records.adopters:
        if row.stage_1_ended and row.stage_2_started:
            early = row.stage_1_ended - days(scene, 1, 5)
            last = row.approved_date or row.closed_date or scene.end
            if last <= months_before(early, -STAGE_2_MONTHS):
                cells = {(ADOPTERS, row.adopter_id, "stage_2_started"): text(early)}
                yield Defect(row.adopter_id, ((rule, row.adopter_id),), cells)


ADOPTER_FAULTS: tuple[Fault, ...] = (
    Fault("adopter-stage-1-long", QUERY, shifted(ADOPTERS, STAGE_1_STEPS, 70, _in_stage_1), 3.0),
    Fault("adopter-stage-2-long", QUERY, shifted(ADOPTERS, STAGE_2_STEPS, 133, _in_stage_2), 3.0),
    Fault("adopter-stage-2-before-stage-1-ended", ERROR, stage_2_too_soon, most=RARE),
    Fault("adopter-both-stages-open", ERROR, leave_out(ADOPTERS, "stage_1_ended", when=_stage_1_was_short), most=RARE),
    Fault("adopter-approved-without-panel", ERROR, leave_out(ADOPTERS, "panel_date"), 1.0),
    Fault(
        "adopter-approved-without-stage-2",
        ERROR,
        leave_out(ADOPTERS, "stage_2_started", when=lambda row, _: row.approved_date is not None),
        0.5,
    ),
    Fault("adopter-panel-before-stage-2", ERROR, before(ADOPTERS, "panel_date", "stage_2_started", 20), most=RARE),
    Fault("adopter-approved-before-panel", ERROR, after(ADOPTERS, "panel_date", "approved_date", 10), most=RARE),
    Fault("adopter-matched-before-approval", ERROR, before(ADOPTERS, "matched_date", "approved_date", 10), 0.5),
    Fault("adopter-stage-1-out-of-order", ERROR, before(ADOPTERS, "stage_1_ended", "registration_date", 20), most=RARE),
    Fault(
        "adopter-stage-1-without-registration",
        ERROR,
        leave_out(ADOPTERS, "registration_date", when=lambda row, _: row.stage_1_ended is not None),
        0.5,
    ),
    Fault("adopter-registered-before-enquiry", ERROR, spoil(ADOPTERS, _closes_after, _enquired_late), most=RARE),
    Fault(
        "adopter-registration-slow",
        INFORMATION,
        spoil(ADOPTERS, lambda row, _: row.registration_date is not None, _enquired_early),
        2.0,
    ),
    Fault("adopter-enquiry-not-answered", QUERY, leave_out(ADOPTERS, "response_date", when=_answer_due), 1.0),
    Fault(
        "adopter-enquiry-answered-late",
        INFORMATION,
        spoil(ADOPTERS, _long_ago, _answered_late),
        1.0,
    ),
    Fault("adopter-answered-before-enquiry", ERROR, before(ADOPTERS, "response_date", "enquiry_date", 10), most=RARE),
    Fault("adopter-closed-without-reason", ERROR, leave_out(ADOPTERS, "closed_reason"), 1.0),
    Fault("adopter-closing-reason-without-date", ERROR, put(ADOPTERS, _open, closed_reason="Withdrew"), 0.5),
    Fault("adopter-closed-before-enquiry", ERROR, before(ADOPTERS, "closed_date", "enquiry_date", 20), most=RARE),
    Fault("adopter-agency-missing", ERROR, leave_out(ADOPTERS, "source_agency"), 0.5),
    Fault(
        "contract.adopters.enquiry_date.required",
        ERROR,
        leave_out(ADOPTERS, "enquiry_date", when=_only_enquired),
        most=RARE,
    ),
)
"""Every kind of fault in adopters' journeys."""

CARERS = "foster_carers"


def _fosters(row: Record, _scene: Scene) -> bool:
    return row.ended_date is None


def _supported(row: Record, scene: Scene) -> bool:
    return _fosters(row, scene) and row.worker_id is not None


def supported_by_one_who_left(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave a household with a worker who has left."""
    left = [worker.worker_id for worker in scene.records.workers if worker.end_date is not None]
    for row in scene.records.foster_carers if left else ():
        if _supported(row, scene):
            cells = {(CARERS, row.household_id, "worker_id"): scene.chance.pick(left)}
            yield Defect(row.household_id, ((rule, row.household_id),), cells)


def _reviewed_late(row: Record, scene: Scene) -> bool:
    return _fosters(row, scene) and row.last_review_date is not None and row.approved_date < scene.ago(760)


def _review_long_ago(_row: Record, scene: Scene) -> dict[str, str]:
    return {"last_review_date": text(scene.ago(scene.chance.between(370, 700)))}


def approval_differs(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the approval of a household some days after the decision on its assessment."""
    decided = {a.household_id: a.decision_date for a in scene.records.foster_assessments if a.outcome == "Approved"}
    for row in scene.records.foster_carers:
        day = decided.get(row.household_id)
        if day is not None and day < scene.ago(5) and row.ended_date is None:
            cells = {(CARERS, row.household_id, "approved_date"): text(day + days(scene, 1, 5))}
            yield Defect(row.household_id, ((rule, row.household_id),), cells)


CARER_FAULTS: tuple[Fault, ...] = (
    Fault("foster-carer-approval-differs", QUERY, approval_differs, 1.0),
    Fault("foster-carer-ended-before-approved", ERROR, before(CARERS, "ended_date", "approved_date", 20), most=3),
    Fault("foster-carer-ended-without-reason", ERROR, leave_out(CARERS, "ended_reason"), 1.0),
    Fault("foster-carer-ended-reason-without-date", ERROR, put(CARERS, _fosters, ended_reason="Resigned"), most=RARE),
    Fault("foster-carer-provider-missing", ERROR, leave_out(CARERS, "provider", when=_fosters), 0.5),
    Fault("foster-carer-kind-missing", ERROR, leave_out(CARERS, "kind", when=_fosters), 0.5),
    Fault("foster-carer-places-missing", ERROR, leave_out(CARERS, "places", when=_fosters), 0.5),
    Fault("foster-carer-over-usual-limit", QUERY, put(CARERS, _fosters, places="4"), 0.3),
    Fault(
        "foster-carer-review-overdue",
        QUERY,
        spoil(
            CARERS,
            _reviewed_late,
            _review_long_ago,
        ),
        1.0,
    ),
    Fault("foster-carer-without-supervising-worker", ERROR, leave_out(CARERS, "worker_id", when=_supported), 1.0),
    Fault("foster-carer-supervising-worker-left", ERROR, supported_by_one_who_left, 0.5),
    Fault("contract.foster_carers.worker_id.references", ERROR, put(CARERS, _supported, worker_id="W0"), most=RARE),
    Fault("contract.foster_carers.provider.codes", ERROR, put(CARERS, _fosters, provider="KCC"), most=RARE),
)
"""Every kind of fault in foster carers' records."""
