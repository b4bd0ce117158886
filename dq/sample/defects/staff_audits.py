"""Faults in audits of case files and in graded reports and plans."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from dq.sample.defects.defect import Defect, change
from dq.sample.defects.scene import Scene, text
from dq.sample.defects.staff_cases import first_held
from dq.sample.defects.staff_lookup import held
from dq.sample.records.staff import Audit

GRACE_DAYS = 30
EARLY_DAYS = (29, 40)
BEFORE_DAYS = (20, 60)


def _completed(scene: Scene) -> Iterator[Audit]:
    return (audit for audit in scene.records.case_audits if audit.completed_date is not None)


def audit_overdue(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave an audit uncompleted."""
    for audit in _completed(scene):
        if audit.due_date < scene.ago(GRACE_DAYS):
            yield change(audit.person_id, "case_audits", audit.audit_id, rule, completed_date="", grade="")


def audit_long_before_due(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date an audit weeks before it was due."""
    for audit in _completed(scene):
        early = text(audit.due_date - dt.timedelta(days=scene.chance.between(*EARLY_DAYS)))
        yield change(audit.person_id, "case_audits", audit.audit_id, rule, completed_date=early)


def audit_without_grade(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave a completed audit ungraded."""
    for audit in _completed(scene):
        yield change(audit.person_id, "case_audits", audit.audit_id, rule, grade="")


def audit_graded_not_completed(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out when a graded audit was completed; one due some time ago then seems overdue."""
    for audit in _completed(scene):
        overdue = audit.due_date < scene.ago(GRACE_DAYS)
        also = [("audit-overdue", audit.audit_id)] if overdue else []
        yield change(audit.person_id, "case_audits", audit.audit_id, rule, also=also, completed_date="")


def audit_of_closed_case(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date an audit before the case was anybody's."""
    first = first_held(scene)
    for audit in _completed(scene):
        day = text(first[audit.person_id] - dt.timedelta(days=scene.chance.between(*BEFORE_DAYS)))
        yield change(audit.person_id, "case_audits", audit.audit_id, rule, due_date=day, completed_date=day)


def audit_by_own_worker(scene: Scene, rule: str) -> Iterator[Defect]:
    """Let the case's own worker grade the file."""
    holders = held(scene)
    for audit in _completed(scene):
        day = audit.completed_date or scene.end
        own = [s for s in holders[audit.person_id] if s.start_date <= day and (s.end_date or scene.end) >= day]
        if own:
            yield change(audit.person_id, "case_audits", audit.audit_id, rule, auditor_id=own[-1].worker_id)


def audit_twice(scene: Scene, rule: str) -> Iterator[Defect]:
    """Copy an audit: both are flagged."""
    for audit in _completed(scene):
        again = replace(audit, audit_id=scene.making.records.key("AU"))
        flags = ((rule, audit.audit_id), (rule, again.audit_id))
        yield Defect(audit.person_id, flags, added=(("case_audits", again),))


def audit_undated(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out when a completed audit was due."""
    for audit in _completed(scene):
        yield change(audit.person_id, "case_audits", audit.audit_id, rule, due_date="")


def audit_grade_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type a grade that the list does not have."""
    for audit in _completed(scene):
        wrong = scene.chance.pick(("RI", "Adequate", "2"))
        yield change(audit.person_id, "case_audits", audit.audit_id, rule, grade=wrong)


def report_without_grade(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the grade of a report or plan."""
    for report in scene.records.graded_reports:
        yield change(report.person_id, "graded_reports", report.report_id, rule, grade="")


def report_without_author(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out who wrote a report or plan."""
    for report in scene.records.graded_reports:
        yield change(report.person_id, "graded_reports", report.report_id, rule, author_id="")


def report_twice(scene: Scene, rule: str) -> Iterator[Defect]:
    """Grade a report a second time: both are flagged."""
    for report in scene.records.graded_reports:
        again = replace(report, report_id=scene.making.records.key("GR"), grade="Good")
        flags = ((rule, report.report_id), (rule, again.report_id))
        yield Defect(report.person_id, flags, added=(("graded_reports", again),))


def care_plan_graded_outside_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date a graded care plan before the child came into care."""
    entered: dict[str, dt.date] = {}
    for episode in scene.records.cla_episodes:
        first = entered.get(episode.person_id, episode.start_date)
        entered[episode.person_id] = min(first, episode.start_date)
    for report in scene.records.graded_reports:
        if report.kind == "Care plan":
            early = text(entered[report.person_id] - dt.timedelta(days=scene.chance.between(1, 60)))
            yield change(report.person_id, "graded_reports", report.report_id, rule, report_date=early)


def report_kind_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type a kind of report that the list does not have."""
    for report in scene.records.graded_reports:
        if report.kind != "Care plan":
            yield change(report.person_id, "graded_reports", report.report_id, rule, kind="Core group report")
