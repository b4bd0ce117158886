"""Faults in the records of legal status, reviews, care plans and proceedings of children in care."""

from __future__ import annotations

from dq.model import Severity
from dq.sample.defects import looked_after_court as court
from dq.sample.defects import looked_after_entries as entries
from dq.sample.defects import looked_after_episodes as episodes
from dq.sample.defects import looked_after_homes as homes
from dq.sample.defects import looked_after_legal as legal
from dq.sample.defects import looked_after_missing as missing
from dq.sample.defects import looked_after_plans as plans
from dq.sample.defects import looked_after_reviews as reviews
from dq.sample.defects.defect import Fault

RARE = 6
ERROR, QUERY = Severity.ERROR, Severity.QUERY

_LEGAL: tuple[Fault, ...] = (
    Fault("placement-order-after-plan-changed", QUERY, legal.placement_order_after_plan_changed, most=RARE),
    Fault("adoption-placement-wrong-status", ERROR, legal.adopters_without_placement_order, most=RARE),
    Fault("adoption-placement-other-plan", QUERY, homes.adopters_with_other_plan, most=RARE),
    Fault("short-break-in-long-placement", ERROR, legal.short_break_with_long_term_carer, most=RARE),
    Fault("placed-with-parents-without-order", ERROR, legal.with_parents_by_agreement, most=RARE),
    Fault("police-protection-too-long", ERROR, legal.police_protection_too_long, most=RARE),
    Fault("emergency-order-too-long", ERROR, legal.emergency_order_too_long, most=RARE),
    Fault("assessment-order-too-long", ERROR, legal.assessment_order_too_long, most=RARE),
    Fault("remand-under-10", ERROR, legal.remand_under_10, most=RARE),
    Fault("interim-order-too-long", QUERY, legal.interim_order_too_long, most=RARE),
    Fault("legal-status-recorded-late", QUERY, legal.recorded_late, 1.0),
    Fault("legal-status-dates-out-of-order", ERROR, legal.dates_out_of_order, most=RARE),
    Fault("two-legal-statuses-open", ERROR, legal.two_legal_statuses_open, 0.5),
    Fault("legal-status-gap", ERROR, legal.gap, 0.3),
    Fault("legal-statuses-overlap", ERROR, legal.overlap, 0.3),
    Fault("legal-status-not-from-first-day", ERROR, legal.not_from_first_day, 0.2),
    Fault("legal-status-open-after-care", ERROR, legal.open_after_care, 0.5),
    Fault("no-legal-status", ERROR, legal.no_legal_status, 0.3),
    Fault("contract.legal_statuses.legal_status.codes", ERROR, legal.status_not_a_code, most=RARE),
)

_COURT: tuple[Fault, ...] = (
    Fault("interim-order-without-proceedings", QUERY, court.interim_order_without_proceedings, most=RARE),
    Fault("proceedings-over-26-weeks", QUERY, court.over_26_weeks, most=RARE),
    Fault("two-open-proceedings", ERROR, court.two_open, most=RARE),
    Fault("order-made-status-unchanged", ERROR, court.order_made_status_unchanged, most=RARE),
    Fault("proceedings-of-child-not-in-care", QUERY, court.of_child_not_in_care, 0.5),
    Fault("outcome-but-no-end", ERROR, court.outcome_but_no_end, 0.3),
    Fault("proceedings-without-outcome", ERROR, court.without_outcome, 0.5),
    Fault("proceedings-dates-out-of-order", ERROR, court.dates_out_of_order, most=RARE),
    Fault("contract.care_proceedings.outcome.codes", ERROR, court.outcome_not_a_code, most=RARE),
    Fault("decided-to-issue-and-not-issued", QUERY, court.decided_and_not_issued, most=RARE),
    Fault("pre-proceedings-too-long", QUERY, court.warning_too_long, most=RARE),
    Fault("pre-proceedings-without-meeting", QUERY, court.warning_without_meeting, most=RARE),
    Fault("pre-proceedings-without-outcome", ERROR, court.warning_without_outcome, 1.0),
    Fault("pre-proceedings-dates-out-of-order", ERROR, court.warning_dates_out_of_order, most=RARE),
)

_EPISODES: tuple[Fault, ...] = (
    Fault("other-reason-though-order-known", ERROR, episodes.other_reason_though_order, most=RARE),
    Fault("episode-before-birth", ERROR, episodes.episode_before_birth, most=3),
    Fault("left-for-independence-too-young", ERROR, episodes.left_too_young, most=RARE),
    Fault("ceased-died-without-date-of-death", ERROR, episodes.ceased_died, most=3),
    Fault("episode-continues-nowhere", ERROR, episodes.episode_continues_nowhere, most=RARE),
    Fault("new-episode-without-new-placement", ERROR, episodes.new_episode_without_placement, 0.3),
    Fault("episode-gap", ERROR, episodes.episode_gap, 0.3),
    Fault("episodes-overlap", ERROR, episodes.episodes_overlap, 0.3),
    Fault("first-episode-not-a-start", ERROR, episodes.first_episode_not_a_start, most=RARE),
    Fault("started-twice-in-one-period", ERROR, episodes.started_twice, most=RARE),
    Fault("visit-outside-care", ERROR, episodes.visit_outside_care, 0.2),
    Fault("visit-under-another-childs-care", ERROR, episodes.visit_under_another_childs_care, most=RARE),
    Fault("visit-alone-but-not-seen", ERROR, episodes.visit_alone_but_not_seen, 0.2),
    Fault("visit-seen-alone-not-said", QUERY, episodes.visit_alone_not_said, 0.5),
)

_ENTRIES: tuple[Fault, ...] = (
    Fault("virtual-school-not-told", ERROR, entries.school_not_told, 0.5),
    Fault("health-not-told", ERROR, entries.health_not_told, 0.5),
    Fault("reviewing-officer-not-told", ERROR, entries.officer_not_told, 0.5),
    Fault("previous-permanence-not-asked", QUERY, entries.permanence_not_asked, 0.5),
    Fault("previous-permanence-incomplete", QUERY, entries.permanence_incomplete, most=RARE),
    Fault("previous-permanence-date-unclear", QUERY, entries.permanence_date_unclear, most=RARE),
    Fault("previous-permanence-none-with-details", ERROR, entries.permanence_none_with_details, most=RARE),
    Fault("contract.previous_permanence.permanence_option.codes", ERROR, entries.permanence_not_a_code, most=RARE),
    Fault("notification-late", QUERY, entries.notification_late, 0.5),
    Fault("notification-before-care", ERROR, entries.notification_before_care, 0.2),
    Fault("contract.notifications.recipient.codes", ERROR, entries.recipient_not_a_code, most=RARE),
)

_HOMES: tuple[Fault, ...] = (
    Fault("parents-with-other-provider", ERROR, homes.parents_with_other_provider, most=RARE),
    Fault("kinship-carer-of-agency", QUERY, homes.kinship_of_agency, most=RARE),
    Fault("temporary-placement-too-long", QUERY, homes.temporary_too_long, most=RARE),
    Fault("independent-living-under-16", ERROR, homes.independent_under_16, most=RARE),
    Fault("provider-parents-elsewhere", ERROR, homes.provider_parents_elsewhere, most=RARE),
    Fault("provider-cannot-give-placement", ERROR, homes.provider_cannot_give, most=RARE),
    Fault("provider-missing", ERROR, homes.provider_missing, 0.5),
    Fault("same-day-placement", QUERY, homes.same_day, most=RARE),
    Fault("placement-outside-care", ERROR, homes.outside_care, most=RARE),
    Fault("placement-gap", ERROR, homes.gap, 0.5),
    Fault("placement-recorded-late", QUERY, homes.recorded_late, 1.0),
    Fault("first-visit-late", QUERY, homes.first_visit_late, 0.3),
)

_REVIEWS: tuple[Fault, ...] = (
    Fault("participation-of-child-under-4", QUERY, reviews.participation_of_infant, 0.3),
    Fault("review-held-late", QUERY, reviews.held_late, 1.0),
    Fault("review-recorded-late", QUERY, reviews.recorded_late, 1.0),
    Fault("review-outside-care", ERROR, reviews.outside_care, most=RARE),
    Fault("review-not-written-up", ERROR, reviews.not_written_up, 0.3),
    Fault("review-overdue", QUERY, reviews.overdue, 0.3),
    Fault("review-due-date-too-late", QUERY, reviews.due_date_too_late, 0.2),
    Fault("next-review-not-planned", QUERY, reviews.next_not_planned, 0.3),
    Fault("review-of-another-child", ERROR, reviews.of_another_child, most=RARE),
    Fault("participation-missing", ERROR, reviews.participation_missing, 0.5),
    Fault("participation-under-4-wrong", ERROR, reviews.participation_under_4, most=RARE),
    Fault("contract.cla_reviews.participation.codes", ERROR, reviews.participation_not_a_code, most=RARE),
    Fault("review-held-and-cancelled", ERROR, reviews.held_and_cancelled, most=RARE),
    Fault("two-reviews-on-one-day", QUERY, reviews.twice_on_one_day, most=RARE),
    Fault("review-without-due-date", ERROR, reviews.without_due_date, 0.2),
)

_PLANS: tuple[Fault, ...] = (
    Fault("two-care-plans-open", ERROR, plans.two_care_plans_open, 0.3),
    Fault("no-care-plan", ERROR, plans.no_care_plan, 0.3),
    Fault("no-plan-for-permanence", ERROR, plans.no_plan_for_permanence, 0.3),
    Fault("care-plan-open-after-care", ERROR, plans.open_after_care, 0.5),
    Fault("care-plan-dates-out-of-order", ERROR, plans.dates_out_of_order, most=RARE),
    Fault("contract.care_plans.permanence_plan.codes", ERROR, plans.plan_not_a_code, most=RARE),
    Fault("no-iro-visit", QUERY, plans.no_officer_visit, 0.5),
    Fault("iro-visit-outside-care", ERROR, plans.officer_visit_outside_care, most=RARE),
    Fault("iro-visit-by-own-worker", QUERY, plans.officer_visit_by_own_worker, 0.2),
    Fault("iro-visit-seen-not-said", QUERY, plans.officer_visit_seen_missing, 0.2),
    Fault("contract.iro_visits.visit_date.required", ERROR, plans.officer_visit_undated, 0.2),
    Fault("contract.iro_visits.worker_id.references", ERROR, plans.officer_unknown, most=RARE),
)

_MISSING: tuple[Fault, ...] = (
    Fault("missing-open-after-care", ERROR, missing.open_after_care, most=RARE),
    Fault("missing-episodes-overlap", ERROR, missing.overlap, most=RARE),
    Fault("missing-open-though-later-one", ERROR, missing.open_though_later, most=RARE),
    Fault("missing-open-for-weeks", QUERY, missing.open_for_weeks, most=RARE),
    Fault("interview-declined-and-dated", ERROR, missing.declined_and_dated, most=RARE),
    Fault("no-return-interview-record", ERROR, missing.no_interview_record, 1.0),
    Fault("interview-dated-not-completed", ERROR, missing.dated_not_completed, 1.0),
    Fault("interview-offer-not-answered", ERROR, missing.offer_not_answered, 0.5),
    Fault("interview-offered-without-date", QUERY, missing.offered_without_date, 0.5),
    Fault("interview-offered-before-return", ERROR, missing.offered_before_return, most=RARE),
    Fault("interview-accepted-not-offered", ERROR, missing.accepted_not_offered, most=RARE),
    Fault("interview-completed-not-accepted", ERROR, missing.completed_not_accepted, most=RARE),
    Fault("missing-type-not-said", QUERY, missing.type_not_said, 0.3),
)

FAULTS: tuple[Fault, ...] = (*_LEGAL, *_COURT, *_EPISODES, *_ENTRIES, *_HOMES, *_REVIEWS, *_PLANS, *_MISSING)
"""Every kind of fault in them, rare ones first."""
