"""Faults in the records of plans for children in need, reviews of plans, private fostering."""

from __future__ import annotations

from dq.model import Severity
from dq.sample.defects import plans_fostering as fostering
from dq.sample.defects import plans_need as need
from dq.sample.defects import plans_protection as protection
from dq.sample.defects import plans_reviews as reviews
from dq.sample.defects import plans_visits as visits
from dq.sample.defects.defect import Fault

ERROR, QUERY, INFORMATION = Severity.ERROR, Severity.QUERY, Severity.INFORMATION
RARE = 6
FEW = 1
"""Private fostering is rare: each of its faults is put in once, so that there are children enough for all of them."""

_FOSTERING = (
    Fault("private-fostering-visit-recorded-late", QUERY, fostering.visit_recorded_late, most=FEW),
    Fault("private-fostering-visit-overdue", QUERY, fostering.visit_overdue, most=FEW),
    Fault("private-fostering-first-visit-late", QUERY, fostering.spoil(fostering.first_visit_late), most=FEW),
    Fault("private-fostering-not-visited", ERROR, fostering.not_visited, most=FEW),
    Fault("private-fostering-too-old", ERROR, fostering.too_old, most=FEW),
    Fault("private-fostering-in-care", ERROR, fostering.in_care, most=FEW),
    Fault("private-fostering-overlap", ERROR, fostering.overlap, most=FEW),
    Fault("private-fostering-reason-without-end", QUERY, fostering.spoil(fostering.reason_without_end), most=FEW),
    Fault("private-fostering-visit-not-written-up", QUERY, fostering.visit_not_written_up, most=FEW),
    Fault("private-fostering-dates-out-of-order", ERROR, fostering.spoil(fostering.dates_out_of_order), most=FEW),
    Fault("private-fostering-brief", QUERY, fostering.spoil(fostering.brief), most=FEW),
    Fault("private-fostering-ended-without-reason", QUERY, fostering.spoil(fostering.ended_without_reason), most=FEW),
    Fault("private-fostering-visit-outside", ERROR, fostering.visit_outside, most=FEW),
    Fault(
        "contract.private_fostering.ended_reason.codes",
        ERROR,
        fostering.spoil(fostering.ended_reason_not_a_code),
        most=FEW,
    ),
    Fault("private-fostering-notified-late", INFORMATION, fostering.spoil(fostering.notified_late), most=FEW),
    Fault("private-fostering-notification-missing", QUERY, fostering.spoil(fostering.notification_missing), most=FEW),
    Fault("private-fostering-postcode-missing", ERROR, fostering.spoil(fostering.postcode_missing), most=FEW),
    Fault("private-fostering-postcode-impossible", ERROR, fostering.spoil(fostering.postcode_impossible), most=FEW),
    Fault("private-fostering-postcode-unknown", QUERY, fostering.spoil(fostering.postcode_unknown), most=FEW),
    Fault("private-fostering-visit-of-another-child", ERROR, fostering.visit_of_another_child, most=FEW),
    Fault(
        "private-fostering-visit-seen-missing", ERROR, fostering.spoil_visit({"seen": "", "seen_alone": ""}), most=FEW
    ),
    Fault(
        "private-fostering-visit-alone-but-not-seen",
        ERROR,
        fostering.spoil_visit({"seen": "N", "seen_alone": "Y"}),
        most=FEW,
    ),
    Fault(
        "private-fostering-visit-seen-alone-not-said",
        QUERY,
        fostering.spoil_visit({"seen": "Y", "seen_alone": ""}),
        most=FEW,
    ),
)

_PROTECTION = (
    # Those that only an open plan can carry come first.
    Fault("two-open-protection-plans", ERROR, protection.two_open, most=RARE),
    Fault("plan-open-over-18", ERROR, protection.open_over_18, most=RARE),
    Fault("plan-latest-category-missing", ERROR, protection.latest_category_missing, 0.5),
    Fault("plan-open-though-to-end", ERROR, protection.open_though_to_end, 0.3),
    Fault("plan-review-overdue", QUERY, reviews.overdue, 0.5),
    Fault("plan-review-not-written-up", QUERY, reviews.not_written_up, 0.5),
    Fault("cin-plan-with-protection-plan", QUERY, need.with_protection_plan, 0.3),
    Fault("plan-first-review-late", QUERY, reviews.first_late, most=RARE),
    Fault("plan-later-review-late", QUERY, reviews.later_late, most=RARE),
    Fault("plan-category-changed-without-review", QUERY, protection.category_changed_without_review, most=RARE),
    Fault("plan-ended-on-first-day", QUERY, protection.ended_on_first_day, most=RARE),
    Fault("plan-open-two-years", INFORMATION, protection.open_two_years, most=RARE),
    Fault("second-plan-within-two-years", INFORMATION, protection.second_plan, most=RARE),
    Fault("plan-never-visited", ERROR, protection.never_visited, most=RARE),
    Fault("protection-plans-overlap", ERROR, protection.overlap, most=RARE),
    Fault("plan-before-birth", QUERY, protection.before_birth, most=RARE),
    Fault("plan-initial-category-missing", ERROR, protection.initial_category_missing, 0.5),
    Fault("contract.cp_plans.initial_category.codes", ERROR, protection.category_not_a_code, 0.2),
    Fault("plan-ended-though-to-continue", QUERY, protection.ended_though_to_continue, 0.3),
    Fault("plan-review-not-quorate", INFORMATION, reviews.not_quorate, most=RARE),
    Fault("plan-review-recorded-late", QUERY, reviews.recorded_late, 0.5),
    Fault("plan-review-outside-plan", ERROR, reviews.outside_plan, 0.2),
    Fault("plan-review-of-another-child", ERROR, reviews.of_another_child, most=RARE),
    Fault("plan-review-twice", QUERY, reviews.twice, 0.2),
    Fault("contract.cp_reviews.cp_plan_id.references", ERROR, reviews.of_no_plan, most=RARE),
    Fault("contract.cp_reviews.continues.codes", ERROR, reviews.decision_not_a_code, 0.2),
    Fault("plan-review-without-due-date", QUERY, reviews.leave_out("due_date"), 0.3),
    Fault("plan-review-outcome-missing", ERROR, reviews.leave_out("continues"), 0.3),
    Fault("plan-review-quorate-missing", QUERY, reviews.leave_out("quorate"), 0.3),
    Fault("plan-review-participation-missing", QUERY, reviews.participation_missing, 0.3),
)

_VISITS = (
    Fault("child-in-need-never-visited", ERROR, visits.child_in_need_never_visited, 0.2),
    Fault("cin-visit-alone-but-not-seen", ERROR, visits.alone_but_not_seen("cin_visits"), 0.3),
    Fault("cp-visit-alone-but-not-seen", ERROR, visits.alone_but_not_seen("cp_visits"), 0.3),
    Fault("cin-visit-seen-alone-not-said", QUERY, visits.seen_alone_not_said("cin_visits"), 0.5),
    Fault("cp-visit-seen-alone-not-said", QUERY, visits.seen_alone_not_said("cp_visits"), 0.5),
    Fault("cin-visit-after-case-closed", QUERY, visits.after_case_closed, 0.2),
    Fault("cin-visit-during-protection-plan", QUERY, visits.during_protection_plan, 0.3),
    Fault("plan-visit-of-another-child", ERROR, visits.of_another_child, most=RARE),
)

_NEED = (
    Fault("cin-plan-open-over-18", ERROR, need.open_over_18, most=RARE),
    Fault("cin-plan-dates-out-of-order", ERROR, need.dates_out_of_order, most=RARE),
    Fault("cin-plan-in-care", QUERY, need.in_care, 0.2),
    Fault("two-open-cin-plans", ERROR, need.two_open, 0.2),
    Fault("cin-plans-overlap", ERROR, need.overlap, most=RARE),
    Fault("cin-plan-open-case-closed", ERROR, need.open_case_closed, 0.3),
    Fault("contract.cin_plans.start_date.required", ERROR, need.undated, 0.1),
    Fault("contract.cin_plans.worker_id.references", ERROR, need.worker_unknown, most=RARE),
    Fault("contract.cin_reviews.cin_plan_id.references", ERROR, need.review_of_no_plan, most=RARE),
    Fault("child-in-need-without-plan", QUERY, need.no_plan, 1.0),
    Fault("cin-first-review-overdue", QUERY, need.first_review_overdue, 0.3),
    Fault("cin-review-overdue", QUERY, need.review_overdue, 0.5),
    Fault("cin-review-outside-plan", ERROR, need.review_outside_plan, 0.2),
    Fault("cin-review-of-another-child", ERROR, need.review_of_another_child, most=RARE),
    Fault("cin-review-without-due-date", QUERY, need.review_without_due_date, 0.3),
    Fault("cin-review-not-written-up", QUERY, need.review_not_written_up, 0.5),
    Fault("cin-review-recorded-late", QUERY, need.review_recorded_late, 0.5),
    Fault("cin-plan-without-worker", QUERY, need.without_worker, 0.3),
)

FAULTS: tuple[Fault, ...] = (*_FOSTERING, *_PROTECTION, *_VISITS, *_NEED)
"""Every kind of fault in them, rare ones first."""
