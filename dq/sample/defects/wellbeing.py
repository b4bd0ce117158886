"""Faults in the records of health, education and offending of children in care."""

from __future__ import annotations

from dq.model import Severity
from dq.sample.defects import wellbeing_checks as checks
from dq.sample.defects import wellbeing_health as health
from dq.sample.defects import wellbeing_register as register
from dq.sample.defects import wellbeing_school as school
from dq.sample.defects.defect import Fault

ERROR, QUERY, INFORMATION = Severity.ERROR, Severity.QUERY, Severity.INFORMATION
SELDOM, SOMETIMES, OFTEN = 0.05, 0.1, 0.2
FEW = 6

FAULTS: tuple[Fault, ...] = (
    # Those that few children can carry come first.
    Fault("attendance-feed-missing", ERROR, register.attendance_feed_missing, most=1, of_team=True),
    Fault("initial-pep-not-held", ERROR, school.initial_pep_not_held, 0.3),
    Fault("initial-pep-late", QUERY, school.initial_pep_late, 0.3),
    Fault("iha-not-recorded", ERROR, health.iha_not_recorded, 0.5),
    Fault("iha-late", QUERY, health.iha_late, 0.5),
    Fault("iha-refused", INFORMATION, health.iha_refused, 0.2),
    Fault("iha-request-missing", ERROR, health.iha_request_missing, 0.5),
    Fault("iha-request-late", QUERY, health.iha_request_late, 0.5),
    Fault("substance-misuse-no-intervention", QUERY, checks.misuse_no_intervention, 1.0),
    Fault("intervention-accepted-and-refused", ERROR, checks.intervention_accepted_and_refused, most=FEW),
    Fault("intervention-not-answered", QUERY, checks.intervention_not_answered, 1.0),
    Fault("intervention-received-though-refused", ERROR, checks.intervention_received_though_refused, most=FEW),
    Fault("offence-under-age", QUERY, checks.offence_under_age, most=FEW),
    Fault("offence-without-outcome", QUERY, checks.offence_without_outcome, 1.0),
    Fault("offence-outcome-undated", ERROR, checks.offence_outcome_undated, 1.0),
    Fault("offence-outcome-before-offence", ERROR, checks.offence_outcome_before_offence, most=FEW),
    Fault("offence-outside-care", QUERY, checks.offence_outside_care, most=FEW),
    Fault("contract.offences.outcome.codes", ERROR, checks.offence_outcome_not_a_code, most=FEW),
    Fault("health-review-overdue-under-5", QUERY, health.review_overdue_under_5, OFTEN),
    Fault("attendance-missing", ERROR, register.attendance_missing, SOMETIMES),
    Fault("attendance-outside-care", QUERY, register.attendance_outside_care, SOMETIMES),
    Fault("result-twice", ERROR, register.result_twice, most=FEW),
    Fault("result-at-wrong-age", QUERY, register.result_at_wrong_age, most=FEW),
    Fault("result-in-future", ERROR, register.result_in_future, most=FEW),
    Fault("result-without-grade", ERROR, register.result_without_grade, OFTEN),
    Fault("result-without-standard", ERROR, register.result_without_standard, OFTEN),
    Fault("ehc-plan-late", QUERY, school.ehc_plan_late, OFTEN),
    Fault("ehc-plan-review-overdue", QUERY, school.ehc_plan_review_overdue, OFTEN),
    Fault("ehc-plan-dates-out-of-order", ERROR, school.ehc_plan_dates_out_of_order, most=FEW),
    Fault("health-review-overdue-5-and-over", QUERY, health.review_overdue_5_and_over, OFTEN),
    Fault("no-dental-check", QUERY, checks.no_dental_check, OFTEN),
    Fault("dental-date-from-survey", INFORMATION, checks.dental_date_from_survey, SOMETIMES),
    Fault("immunisations-not-up-to-date", QUERY, checks.immunisations_not_up_to_date, OFTEN),
    Fault("immunisations-not-recorded", ERROR, checks.immunisations_not_recorded, SOMETIMES),
    Fault("immunisations-not-looked-at", QUERY, checks.immunisations_not_looked_at, SOMETIMES),
    Fault("sdq-missing", QUERY, checks.sdq_missing, OFTEN),
    Fault("no-school-place", QUERY, school.no_school_place, SOMETIMES),
    Fault("two-main-school-places", ERROR, school.two_main_school_places, SELDOM),
    Fault("part-time-without-reason", ERROR, school.part_time_without_reason, SOMETIMES),
    Fault("part-time-reason-other", QUERY, school.part_time_reason_other, SOMETIMES),
    Fault("no-place-recorded-as-reduced-timetable", QUERY, school.no_place_recorded_as_reduced_timetable, SELDOM),
    Fault("waiting-for-school-place", QUERY, school.waiting_for_school_place, SELDOM),
    Fault("school-hours-missing", ERROR, school.school_hours_missing, SELDOM),
    Fault("school-urn-missing", ERROR, school.school_urn_missing, SELDOM),
    Fault("pep-out-of-date", QUERY, school.pep_out_of_date, OFTEN),
    Fault("pep-due-not-held", QUERY, school.pep_due_not_held, SOMETIMES),
    Fault("persistently-absent", INFORMATION, register.persistently_absent, SOMETIMES),
    # The rest can be carried by children who have left care too.
    Fault("refusal-without-date", ERROR, health.refusal_without_date, SELDOM),
    Fault("health-check-without-date", ERROR, health.check_without_date, SELDOM),
    Fault("refused-check-has-date-held", QUERY, health.refused_check_has_date_held, most=FEW),
    Fault("health-request-before-care", ERROR, health.request_before_care, SELDOM),
    Fault("health-request-of-no-care", ERROR, health.request_of_no_care, most=FEW),
    Fault("health-request-without-consent-answer", QUERY, health.request_without_consent_answer, SELDOM),
    Fault("contract.health_requests.sent_date.required", ERROR, health.request_undated, SELDOM),
    Fault("review-health-after-due", QUERY, health.review_after_due, SOMETIMES),
    Fault("health-check-type-missing", ERROR, checks.check_type_missing, SELDOM),
    Fault("contract.health_checks.check_type.codes", ERROR, health.check_type_not_a_code, SELDOM),
    Fault("contract.health_checks.person_id.references", ERROR, health.check_of_nobody, most=FEW),
    Fault("review-type-wrong-for-age", QUERY, health.review_type_wrong_for_age, SELDOM),
    Fault("health-area-not-recorded", ERROR, health.area_not_recorded, SOMETIMES),
    Fault("same-check-two-dates", QUERY, checks.same_check_two_dates, SELDOM),
    Fault("health-check-twice", ERROR, checks.check_twice, most=FEW),
    Fault("health-check-before-birth", ERROR, health.check_before_birth, most=FEW),
    Fault("health-check-recorded-late", QUERY, health.check_recorded_late, OFTEN),
    Fault("health-assessment-outside-care", QUERY, health.assessment_outside_care, most=FEW),
    Fault("immunisations-undated", ERROR, checks.immunisations_undated, SELDOM),
    Fault("contract.immunisations.up_to_date.codes", ERROR, checks.immunisations_not_a_code, SELDOM),
    Fault("sdq-outside-age", QUERY, checks.sdq_outside_age, most=FEW),
    Fault("sdq-without-score-or-reason", ERROR, checks.sdq_without_score_or_reason, SOMETIMES),
    Fault("sdq-score-and-reason", ERROR, checks.sdq_score_and_reason, SELDOM),
    Fault("sdq-reason-wrong-for-age", ERROR, checks.sdq_reason_wrong_for_age, SELDOM),
    Fault("contract.sdq_scores.score.range", ERROR, checks.sdq_score_out_of_range, most=FEW),
    Fault("pep-outside-care", QUERY, school.pep_outside_care, most=FEW),
    Fault("pep-quality-missing", QUERY, school.pep_quality_missing, SOMETIMES),
    Fault("pep-recorded-late", QUERY, school.pep_recorded_late, OFTEN),
    Fault("contract.peps.kind.codes", ERROR, school.pep_kind_not_a_code, SELDOM),
    Fault("part-time-reason-though-full-time", QUERY, school.part_time_reason_though_full_time, SELDOM),
    Fault("contract.school_places.hours_a_week.range", ERROR, school.school_hours_out_of_range, most=FEW),
    Fault("school-place-dates-out-of-order", ERROR, school.school_place_dates_out_of_order, most=FEW),
    Fault("school-urn-impossible", ERROR, school.school_urn_impossible, SELDOM),
    Fault("attendance-does-not-add-up", ERROR, register.attendance_does_not_add_up, SELDOM),
    Fault("attended-more-than-possible", ERROR, register.attended_more_than_possible, SELDOM),
    Fault("attendance-twice", ERROR, register.attendance_twice, most=FEW),
    Fault("contract.attendance.month.required", ERROR, register.attendance_undated, most=FEW),
)
"""Every kind of fault in them, rare ones first."""
