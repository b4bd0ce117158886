"""Private fostering: children whom their family placed with somebody who is no close relative, and visits to them."""

from __future__ import annotations

import datetime as dt

from dq.sample.calendar import age, birthday
from dq.sample.making import ONE_DAY, Making
from dq.sample.records import Involvement
from dq.sample.records.plans import PrivateFostering, PrivateFosteringVisit

OPEN, ENDED = 25, 60
AT_LEAST = (24, 32)
"""Open and ended arrangements: Kent had 25 open. A very small authority has some too, or nothing could be shown."""
OLDEST = 16
LONGEST_KNOWN, FIRST_VISIT_WORKING_DAYS = 14, (1, 7)
VISIT_DAYS, LATER_VISIT_DAYS = (33, 42), (66, 84)
DUE_DAYS, LATER_DUE_DAYS = 42, 84
SHORTEST_DAYS, SHORTEST_CASE = 35, 90
WHY_ENDED = {"PARENTS": 45.0, "FAMILY": 25, "ELSEWHERE": 20, "NOT": 5, "OTHER": 5}


class Fostering:
    """Makes arrangements of children whose cases are open for no other reason, notified and visited in time."""

    def __init__(self, making: Making) -> None:
        self._making = making
        self._chance = making.chance
        self._homes = [address.postcode for address in making.records.addresses]

    def arrangements(self) -> None:
        """Make the arrangements open at the period end, and those that ended."""
        open_now = max(AT_LEAST[0], self._making.scaled(OPEN))
        ended = max(AT_LEAST[1], self._making.scaled(ENDED))
        cases = self._cases()
        count = min(open_now + ended, len(cases) // 2)
        for number, case in enumerate(self._chance.sample(cases, count)):
            self._arrangement(case, ended=number * (open_now + ended) >= open_now * count)

    def _cases(self) -> list[Involvement]:
        """Return the cases that can be of private fostering: of a child, open for some months, and for nothing else."""
        making = self._making
        can_be = {p.person_id for p in making.records.persons if p.uasc == "N" and age(p.dob, making.end) < OLDEST}
        long_open = making.end - dt.timedelta(days=SHORTEST_CASE)
        return [
            i
            for i in making.records.involvements
            if i.case_type == "Other" and i.end_date is None and i.start_date <= long_open and i.person_id in can_be
        ]

    def _arrangement(self, case: Involvement, *, ended: bool) -> None:
        making, chance = self._making, self._chance
        notified = max(case.start_date, making.history)
        start = notified + dt.timedelta(days=chance.between(0, LONGEST_KNOWN))
        end = chance.day(start + dt.timedelta(days=SHORTEST_DAYS), making.end) if ended else None
        arrangement = PrivateFostering(
            arrangement_id=making.records.key("PF"),
            person_id=case.person_id,
            notified_date=notified,
            start_date=start,
            end_date=end,
            ended_reason=chance.weighted(WHY_ENDED) if ended else None,
            postcode=chance.pick(self._homes),
            team_id=case.team_id,
            worker_id=case.worker_id,
            recorded_on=making.recorded(notified),
        )
        making.records.private_fostering.append(arrangement)
        self._visits(arrangement)

    def _visits(self, arrangement: PrivateFostering) -> None:
        making, chance = self._making, self._chance
        last = making.end if arrangement.end_date is None else arrangement.end_date - ONE_DAY
        due = making.days.after(arrangement.notified_date, FIRST_VISIT_WORKING_DAYS[1])
        day = making.days.after(arrangement.notified_date, chance.between(*FIRST_VISIT_WORKING_DAYS))
        year_over = birthday(arrangement.start_date, 1)
        before = arrangement.notified_date
        while day <= last:
            self._visit(arrangement, due, day)
            early, before = day < year_over, day
            due = day + dt.timedelta(days=DUE_DAYS if early else LATER_DUE_DAYS)
            gap = chance.between(*(VISIT_DAYS if early else LATER_VISIT_DAYS))
            day = making.days.on_or_before(day + dt.timedelta(days=gap))
        if arrangement.end_date is None:
            self._planned(arrangement, due, making.recorded(before))

    def _visit(self, arrangement: PrivateFostering, due: dt.date, day: dt.date) -> None:
        making, seen = self._making, self._chance.happens(0.95)
        making.records.private_fostering_visits.append(
            PrivateFosteringVisit(
                visit_id=making.records.key("PFV"),
                person_id=arrangement.person_id,
                arrangement_id=arrangement.arrangement_id,
                due_date=due,
                visit_date=day,
                seen="Y" if seen else "N",
                seen_alone="Y" if seen and self._chance.happens(0.8) else "N",
                recorded_on=making.recorded(day),
            )
        )

    def _planned(self, arrangement: PrivateFostering, due: dt.date, recorded: dt.date) -> None:
        key = self._making.records.key("PFV")
        self._making.records.private_fostering_visits.append(
            PrivateFosteringVisit(
                key, arrangement.person_id, arrangement.arrangement_id, due, None, None, None, recorded
            )
        )
