"""What is due when a child comes into care: who is told, and what permanent home there was before."""

from __future__ import annotations

from dq.sample.calendar import age
from dq.sample.making import Making
from dq.sample.parts.looked_after_periods import Period
from dq.sample.records.looked_after import Notification, PreviousPermanence

SCHOOL_AGE = 4
LATEST_WORKING_DAYS = 4
BEFORE = {"Z1": 95.0, "P1": 1, "P2": 2, "P3": 1.5, "P4": 0.5}
AUTHORITIES = ("886", "886", "887", "845", "210", "203")


class Entries:
    """Makes the records of coming into care within the history."""

    def __init__(self, making: Making) -> None:
        self._making = making

    def period(self, period: Period) -> None:
        """Make what followed on the child's coming into care, if that was within the history."""
        if period.entered < self._making.history:
            return
        self._tell(period, "HEALTH")
        self._tell(period, "IRO")
        if age(period.person.dob, period.entered) >= SCHOOL_AGE:
            self._tell(period, "SCHOOL")
        self._before(period)

    def _tell(self, period: Period, recipient: str) -> None:
        making = self._making
        sent = max(period.entered, making.days.after(period.entered, making.chance.between(0, LATEST_WORKING_DAYS)))
        if sent <= making.end:
            making.records.notifications.append(
                Notification(
                    making.records.key("NT"),
                    period.person.person_id,
                    period.cla_id,
                    recipient,
                    sent,
                    making.recorded(sent),
                )
            )

    def _before(self, period: Period) -> None:
        making, chance = self._making, self._making.chance
        option = chance.weighted(BEFORE if not period.is_uasc else {"Z1": 1.0})
        known = option != "Z1"
        year = chance.between(period.person.dob.year, period.entered.year)
        making.records.previous_permanence.append(
            PreviousPermanence(
                previous_permanence_id=making.records.key("PQ"),
                person_id=period.person.person_id,
                permanence_option=option,
                order_date=f"ZZ/ZZ/{year}" if known else None,
                authority_code=chance.pick(AUTHORITIES) if known else None,
                recorded_on=making.recorded(period.entered),
            )
        )
