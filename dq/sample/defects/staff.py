"""Faults in the records of posts, supervision, oversight and audits."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dq.model import Severity
from dq.sample.defects import (
    staff_audits,
    staff_cases,
    staff_oversight,
    staff_posts,
    staff_supervision,
    staff_tables,
    staff_teams,
)
from dq.sample.defects.defect import Defect, Fault
from dq.sample.defects.scene import Scene

RARE = 6
ERROR, QUERY, INFORMATION = Severity.ERROR, Severity.QUERY, Severity.INFORMATION


def _shared(rule: str, severity: Severity, carriers: Callable[[Scene, str], Iterable[Defect]], most: int = 2) -> Fault:
    """Return a fault in a table that every block of a large sample shares."""
    return Fault(rule, severity, carriers, most=most, of_team=True)


_TABLES = (
    _shared("team-dates-out-of-order", ERROR, staff_teams.team_dates_out_of_order),
    _shared("team-under-itself", ERROR, staff_teams.team_under_itself),
    _shared("more-than-one-head", ERROR, staff_teams.more_than_one_head, most=1),
    _shared("successor-not-open", QUERY, staff_teams.successor_not_open),
    _shared("successor-of-open-team", QUERY, staff_teams.successor_of_open_team),
    _shared("team-under-closed-parent", QUERY, staff_teams.team_under_closed_parent),
    _shared("team-with-cases-without-service", QUERY, staff_teams.service_missing),
    _shared("contract.teams.service.codes", ERROR, staff_teams.service_not_a_code),
    _shared("contract.teams.parent_id.references", ERROR, staff_teams.team_under_nothing),
    _shared("closed-team-without-successor", ERROR, staff_teams.closed_team_without_successor),
    _shared("case-open-in-closed-team", ERROR, staff_teams.case_open_in_closed_team, most=RARE),
    _shared("allocation-began-after-team-closed", ERROR, staff_teams.allocation_began_after_team_closed, most=RARE),
    _shared("allocation-began-before-team-opened", QUERY, staff_teams.allocation_began_before_team_opened, most=RARE),
    _shared("worker-in-closed-team", QUERY, staff_teams.worker_in_closed_team, most=RARE),
    _shared("post-in-closed-team", ERROR, staff_teams.post_in_closed_team, most=RARE),
    _shared("population-twice", ERROR, staff_tables.population_twice),
    _shared("population-band-missing", ERROR, staff_tables.population_band_missing, most=1),
    _shared("population-areas-do-not-add-up", QUERY, staff_tables.population_areas_do_not_add_up),
    _shared("population-changed-sharply", QUERY, staff_tables.population_changed_sharply, most=1),
    _shared("population-out-of-date", QUERY, staff_tables.population_out_of_date, most=1),
    _shared("benchmark-without-period", ERROR, staff_tables.benchmark_without_period),
    _shared("benchmark-without-value", QUERY, staff_tables.benchmark_without_value),
    _shared("benchmark-twice", ERROR, staff_tables.benchmark_twice),
    _shared("benchmark-unvalidated", INFORMATION, staff_tables.benchmark_unvalidated),
    _shared("benchmark-out-of-date", INFORMATION, staff_tables.benchmark_out_of_date),
)

_STAFF = (
    # Those of workers who have left first: they are few.
    Fault("worker-dates-out-of-order", ERROR, staff_posts.worker_dates_out_of_order, most=RARE),
    Fault("post-open-after-worker-left", ERROR, staff_posts.post_open_after_worker_left, 0.5),
    Fault("supervision-after-worker-left", QUERY, staff_supervision.supervision_after_worker_left, 0.5),
    Fault("high-caseload", INFORMATION, staff_cases.high_caseload, most=1, of_many=True),
    Fault("agency-post-without-end", QUERY, staff_posts.agency_post_without_end, 0.5),
    Fault("post-type-disagrees", QUERY, staff_posts.post_type_disagrees, 0.5),
    Fault("post-dates-out-of-order", ERROR, staff_posts.post_dates_out_of_order, most=RARE),
    Fault("contract.posts.fte.range", ERROR, staff_posts.post_hours_too_many, most=RARE),
    Fault("contract.posts.worker_id.references", ERROR, staff_posts.post_of_unknown_worker, most=RARE),
    Fault("unqualified-holds-plan-cases", QUERY, staff_posts.unqualified_holds_plan_cases, most=RARE),
    Fault("no-fte-with-cases", ERROR, staff_posts.no_fte_with_cases, 0.3),
    Fault("fte-over-one", ERROR, staff_posts.fte_over_one, 0.3),
    Fault("fte-differs-from-posts", QUERY, staff_posts.fte_differs_from_posts, 0.3),
    Fault("posts-overlap-in-team", QUERY, staff_posts.posts_overlap_in_team, 0.3),
    Fault("holds-cases-without-post", QUERY, staff_posts.holds_cases_without_post, 0.3),
    Fault("post-before-worker-started", QUERY, staff_posts.post_before_worker_started, 0.3),
    Fault("post-in-another-team", QUERY, staff_posts.post_in_another_team, 0.3),
    Fault("filled-post-without-type", QUERY, staff_posts.filled_post_without_type, 0.5),
    Fault("qualification-not-recorded", QUERY, staff_posts.qualification_not_recorded, 0.5),
    Fault("no-recent-supervision", QUERY, staff_supervision.no_recent_supervision, 0.5),
    Fault("supervision-not-held", QUERY, staff_supervision.supervision_not_held, 0.5),
    Fault("supervised-by-oneself", ERROR, staff_supervision.supervised_by_oneself, 0.1),
    Fault("supervision-without-supervisor", QUERY, staff_supervision.supervision_without_supervisor, 0.2),
    Fault("supervision-held-early", QUERY, staff_supervision.supervision_held_early, 0.2),
    Fault("supervision-held-twice", QUERY, staff_supervision.supervision_held_twice, 0.2),
    Fault("contract.supervisions.due_date.required", ERROR, staff_supervision.supervision_undated, 0.1),
)

_CASES = (
    Fault("adviser-holds-protection-case", ERROR, staff_cases.adviser_holds_protection_case, most=RARE),
    Fault("allocation-before-worker-started", ERROR, staff_cases.allocation_before_worker_started, most=RARE),
    Fault("two-open-allocations", ERROR, staff_cases.two_open_allocations, 0.3),
    Fault("allocation-gap", QUERY, staff_cases.allocation_gap, 0.5),
    Fault("change-of-worker-without-reason", QUERY, staff_cases.change_without_reason, 0.5),
    Fault("held-by-worker-who-left", ERROR, staff_cases.held_by_worker_who_left, 0.1),
    Fault("held-in-another-team", QUERY, staff_cases.held_in_another_team, 0.1),
    Fault("no-recent-activity", QUERY, staff_oversight.no_recent_activity, 0.2),
    Fault("no-management-oversight", QUERY, staff_oversight.no_management_oversight, 0.3),
    Fault("oversight-by-own-worker", QUERY, staff_oversight.oversight_by_own_worker, 0.05),
    Fault("oversight-outside-case", QUERY, staff_oversight.oversight_outside_case, 0.05),
    Fault("oversight-twice", QUERY, staff_oversight.oversight_twice, 0.05),
    Fault("oversight-without-worker", QUERY, staff_oversight.oversight_without_worker, 0.1),
    Fault("oversight-recorded-late", QUERY, staff_oversight.oversight_recorded_late, 0.2),
    Fault("contract.management_oversights.oversight_date.required", ERROR, staff_oversight.oversight_undated, 0.1),
    Fault(
        "contract.management_oversights.worker_id.references", ERROR, staff_oversight.oversight_by_unknown_worker, 0.05
    ),
)

_AUDITS = (
    Fault("audit-overdue", QUERY, staff_audits.audit_overdue),
    Fault("audit-long-before-due", QUERY, staff_audits.audit_long_before_due, 0.3),
    Fault("audit-without-grade", ERROR, staff_audits.audit_without_grade, 0.5),
    Fault("audit-graded-not-completed", ERROR, staff_audits.audit_graded_not_completed, 0.3),
    Fault("audit-of-closed-case", QUERY, staff_audits.audit_of_closed_case, 0.3),
    Fault("audit-by-own-worker", QUERY, staff_audits.audit_by_own_worker, 0.3),
    Fault("audit-twice", ERROR, staff_audits.audit_twice, 0.2),
    Fault("contract.case_audits.due_date.required", ERROR, staff_audits.audit_undated, 0.2),
    Fault("contract.case_audits.grade.codes", ERROR, staff_audits.audit_grade_not_a_code, 0.2),
    Fault("graded-report-without-grade", ERROR, staff_audits.report_without_grade, 0.3),
    Fault("graded-report-without-author", QUERY, staff_audits.report_without_author, 0.2),
    Fault("graded-report-twice", ERROR, staff_audits.report_twice, 0.1),
    Fault("care-plan-graded-outside-care", ERROR, staff_audits.care_plan_graded_outside_care, 0.2),
    Fault("contract.graded_reports.kind.codes", ERROR, staff_audits.report_kind_not_a_code, 0.1),
)

FAULTS: tuple[Fault, ...] = (*_TABLES, *_STAFF, *_AUDITS, *_CASES)
"""Every kind of fault in them, rare ones first."""
