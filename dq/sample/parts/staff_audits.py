"""Audits of case files over two years, and the grades of conference reports and of care plans."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right

from dq.sample.calendar import months_before
from dq.sample.making import ONE_DAY, Making
from dq.sample.parts.staff_workforce import Workforce
from dq.sample.records.staff import Audit, GradedReport

AUDITS_A_YEAR = 714
YEARS = 2
SETTLED_DAYS = 45
HELD_AROUND = (-10, 12)
GRADES = {"Outstanding": 4.0, "Good": 57, "Requires improvement": 33, "Inadequate": 6}
REVIEW_DAYS = (91, 182)
SHARE_GRADED = 0.5
SHARE_CARE_PLANS_GRADED = 0.6


def audits(making: Making, workforce: Workforce) -> None:
    """Make audits of cases that are open, due evenly over two years and the month to come."""
    cases = sorted((c for c in making.cases if c.until is None), key=lambda case: (case.since, case.person_id))
    starts = [case.since for case in cases]
    first, last = months_before(making.end, 12 * YEARS) + ONE_DAY, making.end + dt.timedelta(days=30)
    done = set[tuple[str, dt.date]]()
    for due in sorted(making.chance.day(first, last) for _ in range(making.scaled(AUDITS_A_YEAR * YEARS))):
        settled = bisect_right(starts, min(due, making.end) - dt.timedelta(days=SETTLED_DAYS))
        if settled == 0:
            continue
        person_id = cases[making.chance.between(0, settled - 1)].person_id
        auditor = workforce.manager_over(person_id)
        if auditor is not None and (person_id, due) not in done:
            done.add((person_id, due))
            team_id = workforce.holding(person_id, due).team_id
            making.records.case_audits.append(_audit(making, person_id, team_id, auditor.worker_id, due))


def _audit(making: Making, person_id: str, team_id: str, auditor_id: str, due: dt.date) -> Audit:
    on = making.days.on_or_after(due + dt.timedelta(days=making.chance.between(*HELD_AROUND)))
    completed = on if on <= making.end else None
    return Audit(
        audit_id=making.records.key("AU"),
        person_id=person_id,
        team_id=team_id,
        auditor_id=auditor_id,
        due_date=due,
        completed_date=completed,
        grade=making.chance.weighted(GRADES) if completed is not None else None,
        recorded_on=making.recorded(completed or min(due, making.end) - dt.timedelta(days=14)),
    )


def graded_reports(making: Making, workforce: Workforce) -> None:
    """Grade half of the reports to conferences, and a care plan of many of the children in care, over two years."""
    earliest = months_before(making.end, 12 * YEARS)
    for plan in making.records.cp_plans:
        until = plan.end_date or making.end
        for day in _conferences(plan.start_date, until):
            if day > earliest and making.chance.happens(SHARE_GRADED):
                _graded(making, workforce, "Conference report", plan.person_id, day)
    for person_id, entered, left in _stays(making):
        first = max(entered, earliest) + dt.timedelta(days=SETTLED_DAYS)
        if first <= left and making.chance.happens(SHARE_CARE_PLANS_GRADED):
            _graded(making, workforce, "Care plan", person_id, making.chance.day(first, left))


def _conferences(start: dt.date, until: dt.date) -> list[dt.date]:
    """Return the days of the first conference and of its reviews: after three months, then every six."""
    days, review = [start], start + dt.timedelta(days=REVIEW_DAYS[0])
    while review < until:
        days.append(review)
        review += dt.timedelta(days=REVIEW_DAYS[1])
    return days


def _stays(making: Making) -> list[tuple[str, dt.date, dt.date]]:
    """Return (child, first day, last day) of every period of care; the period end where it is open."""
    stays: dict[str, tuple[str, dt.date, dt.date]] = {}
    for episode in making.records.cla_episodes:
        _, first, _ = stays.get(episode.cla_id, (episode.person_id, episode.start_date, making.end))
        stays[episode.cla_id] = (
            episode.person_id, min(first, episode.start_date), episode.ceased_date or making.end
        )  # fmt: skip
    return list(stays.values())


def _graded(making: Making, workforce: Workforce, kind: str, person_id: str, day: dt.date) -> None:
    holder = workforce.holding(person_id, day)
    making.records.graded_reports.append(
        GradedReport(
            report_id=making.records.key("GR"),
            person_id=person_id,
            kind=kind,
            report_date=day,
            team_id=holder.team_id,
            author_id=holder.worker_id,
            grade=making.chance.weighted(GRADES),
            recorded_on=making.recorded(day),
        )
    )
