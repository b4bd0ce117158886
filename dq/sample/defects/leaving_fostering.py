"""Faults in enquiries about fostering and in the assessments that follow."""

from __future__ import annotations

from collections.abc import Iterator

from dq.model import Severity
from dq.sample.defects.defect import Defect, Fault
from dq.sample.defects.leaving_rows import after, before, leave_out, spoil
from dq.sample.defects.scene import Scene, text
from dq.sample.making import ONE_DAY
from dq.sample.records import Record

ERROR, QUERY = Severity.ERROR, Severity.QUERY
RARE = 6
ENQUIRIES, ASSESSMENTS, CARERS = "foster_enquiries", "foster_assessments", "foster_carers"
CLOSING = ("outcome", "closed_date")
ANSWER_DAYS, WAIT_DAYS = 20, 29


def _stopped(row: Record, _scene: Scene) -> bool:
    return row.closed_date is not None and row.outcome != "Assessment"


def _only_answered(row: Record, scene: Scene) -> bool:
    return _stopped(row, scene) and row.information_requested is None and row.enquiry_date < scene.ago(ANSWER_DAYS)


def _stopped_after_information(row: Record, scene: Scene) -> bool:
    asked = row.information_requested is not None and row.visit_allocated is None
    return asked and _stopped(row, scene) and row.information_requested <= scene.ago(WAIT_DAYS)


def _stopped_after_visit(row: Record, scene: Scene) -> bool:
    allocated = row.visit_allocated is not None and row.visit_allocated <= scene.ago(WAIT_DAYS)
    return allocated and _stopped(row, scene)


def _visited(row: Record, _scene: Scene) -> bool:
    return row.visit_completed is not None


def _approved(row: Record, _scene: Scene) -> bool:
    return bool(row.outcome == "Approved")


def enquiry_without_assessment(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the assessment that an enquiry went on to."""
    assessments = {row.household_id: row.assessment_id for row in scene.records.foster_assessments}
    for row in scene.records.foster_enquiries:
        going_on = (
            row.outcome == "Assessment" and row.closed_date is not None and row.closed_date <= scene.ago(WAIT_DAYS)
        )
        if going_on and row.household_id in assessments:
            dropped = ((ASSESSMENTS, assessments[row.household_id]),)
            yield Defect(row.household_id, ((rule, row.enquiry_id),), dropped=dropped)


def approved_without_carer_record(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the foster carer's record of a household that was approved."""
    for row in scene.records.foster_assessments:
        if row.outcome == "Approved":
            dropped = ((CARERS, row.household_id),)
            yield Defect(row.household_id, ((rule, row.assessment_id),), dropped=dropped)


ENQUIRY_FAULTS: tuple[Fault, ...] = (
    Fault("foster-enquiry-without-assessment", QUERY, enquiry_without_assessment, most=RARE),
    Fault(
        "foster-enquiry-not-answered", QUERY, leave_out(ENQUIRIES, "response_date", *CLOSING, when=_only_answered), 0.5
    ),
    Fault(
        "foster-information-not-received",
        QUERY,
        leave_out(ENQUIRIES, "information_received", *CLOSING, when=_stopped_after_information),
        0.5,
    ),
    Fault(
        "foster-visit-overdue",
        QUERY,
        leave_out(ENQUIRIES, "visit_completed", *CLOSING, when=_stopped_after_visit),
        0.5,
    ),
    Fault(
        "foster-visit-before-allocated", ERROR, before(ENQUIRIES, "visit_completed", "visit_allocated", 10), most=RARE
    ),
    Fault(
        "foster-visit-not-allocated",
        ERROR,
        leave_out(ENQUIRIES, "visit_allocated", when=lambda row, _: row.visit_completed is not None),
        0.5,
    ),
    Fault(
        "foster-information-before-request",
        ERROR,
        before(ENQUIRIES, "information_received", "information_requested", 10),
        most=RARE,
    ),
    Fault("foster-answered-before-enquiry", ERROR, before(ENQUIRIES, "response_date", "enquiry_date", 10), most=RARE),
    Fault(
        "foster-enquiry-closed-before-made",
        ERROR,
        before(ENQUIRIES, "closed_date", "enquiry_date", 10, _stopped),
        most=RARE,
    ),
    Fault("foster-enquiry-closed-without-outcome", ERROR, leave_out(ENQUIRIES, "outcome"), 0.5),
    Fault(
        "foster-enquiry-outcome-without-date",
        ERROR,
        leave_out(ENQUIRIES, "closed_date", when=_stopped),
        0.3,
    ),
    Fault("contract.foster_enquiries.enquiry_date.required", ERROR, leave_out(ENQUIRIES, "enquiry_date"), most=RARE),
)
"""Every kind of fault in enquiries."""

ASSESSMENT_FAULTS: tuple[Fault, ...] = (
    Fault(
        "foster-assessment-long",
        QUERY,
        spoil(
            ASSESSMENTS,
            lambda row, _: row.decision_date is None,
            lambda row, scene: {"stage_1_opened": text(scene.ago(scene.chance.between(250, 320)))},
        ),
        1.0,
    ),
    Fault("foster-approved-without-carer-record", ERROR, approved_without_carer_record, most=RARE),
    Fault(
        "foster-approved-with-stage-open",
        ERROR,
        leave_out(ASSESSMENTS, "stage_2_completed", when=_approved),
        0.5,
    ),
    Fault("foster-approved-without-checks", ERROR, leave_out(ASSESSMENTS, "checks_completed", when=_approved), 0.5),
    Fault("foster-approved-without-panel", ERROR, leave_out(ASSESSMENTS, "panel_date", when=_approved), 0.5),
    Fault("foster-decided-before-panel", ERROR, after(ASSESSMENTS, "panel_date", "decision_date", 10), most=RARE),
    Fault("foster-decision-without-outcome", ERROR, leave_out(ASSESSMENTS, "outcome"), 0.5),
    Fault("foster-outcome-without-decision-date", ERROR, leave_out(ASSESSMENTS, "decision_date"), 0.5),
    Fault(
        "foster-stage-1-out-of-order",
        ERROR,
        before(ASSESSMENTS, "stage_1_completed", "stage_1_opened", 20),
        most=RARE,
    ),
    Fault(
        "foster-stage-2-before-stage-1", ERROR, before(ASSESSMENTS, "stage_2_opened", "stage_1_opened", 10), most=RARE
    ),
    Fault(
        "foster-stage-2-completed-first",
        ERROR,
        after(ASSESSMENTS, "stage_1_completed", "stage_2_completed", 10),
        most=RARE,
    ),
    Fault(
        "foster-stage-2-out-of-order",
        ERROR,
        spoil(
            ASSESSMENTS,
            lambda row, _: bool(row.stage_2_completed) and row.stage_2_opened > row.stage_1_completed,
            lambda row, _: {"stage_2_completed": text(row.stage_2_opened - ONE_DAY)},
        ),
        most=RARE,
    ),
    Fault(
        "contract.foster_assessments.stage_1_opened.required",
        ERROR,
        leave_out(ASSESSMENTS, "stage_1_opened"),
        most=RARE,
    ),
)
"""Every kind of fault in assessments."""
