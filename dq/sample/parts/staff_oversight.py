"""Management oversight: a manager looks over each open case at least every four weeks.

Of children on plans and in care the notes of the last year are kept here, of others those of the last three months.
"""

from __future__ import annotations

import datetime as dt

from dq.sample.calendar import months_before
from dq.sample.making import Case, Making
from dq.sample.parts.staff_workforce import Workforce
from dq.sample.records.staff import Oversight

EVERY_DAYS = (21, 28)
FIRST_DAYS = 7
MONTHS_OF_OTHERS = 3


def oversights(making: Making, workforce: Workforce) -> None:
    """Make the oversight of every case that is open at the period end."""
    on_plans = {plan.person_id for plan in making.records.cp_plans if plan.end_date is None}
    lately = months_before(making.end, MONTHS_OF_OTHERS)
    for case in making.cases:
        if case.until is None:
            since = making.year_ago if case.in_care or case.person_id in on_plans else lately
            _of(making, workforce, case, since)


def _of(making: Making, workforce: Workforce, case: Case, since: dt.date) -> None:
    manager = workforce.manager_over(case.person_id)
    if manager is None:
        return
    chance, days = making.chance, making.days
    wait = FIRST_DAYS if case.since > since else EVERY_DAYS[0]
    first = max(case.since, since) + dt.timedelta(days=chance.between(0, wait))
    day = max(case.since, days.on_or_before(min(first, making.end)))
    while day <= making.end:
        team = workforce.holding(case.person_id, day).team_id
        making.records.management_oversights.append(
            Oversight(making.records.key("MO"), case.person_id, day, manager.worker_id, team, making.recorded(day))
        )
        day = days.on_or_before(day + dt.timedelta(days=chance.between(*EVERY_DAYS)))
