"""Adopters: the households that children are matched with, and those still on their way or no longer so."""

from __future__ import annotations

import datetime as dt

from dq.sample.making import Making
from dq.sample.parts.leaving_stays import team_of
from dq.sample.records.leaving import Adopter

FEW = 4
APPROVED, IN_STAGE_2, IN_STAGE_1, ENQUIRED = 40, 25, 20, 45
CLOSED_A_YEAR = 260
AGENCIES = {"Own": 8.0, "Voluntary": 1, "Other LA": 1}
WHY_CLOSED = {"Withdrew": 6.0, "Not suitable": 3, "Other agency": 1}
TO_APPROVAL = (14, 250)
APPROVAL_DAYS = (5, 14)
STAGE_2_DAYS = (60, 95)
BETWEEN_STAGES = (0, 40)
STAGE_1_DAYS = (30, 56)
TO_REGISTRATION = (20, 65)
RESPONSE = (0, 6)


def adopters(making: Making) -> None:
    """Make every household: first those that children are matched with, whose records then name them."""
    journeys = Journeys(making)
    for record in making.records.permanence:
        if record.matched_date is not None:
            adopter = journeys.approved(record.matched_date - dt.timedelta(days=making.chance.between(*TO_APPROVAL)))
            adopter.matched_date = record.matched_date
            record.adopter_id = adopter.adopter_id
            if record.order_date is not None:
                adopter.closed_date, adopter.closed_reason = record.order_date, "Adopted"
    for count, make in (
        (APPROVED, journeys.approved_lately),
        (IN_STAGE_2, journeys.in_stage_2),
        (IN_STAGE_1, journeys.in_stage_1),
        (ENQUIRED, journeys.enquired),
        (CLOSED_A_YEAR * (making.end.year - making.history.year), journeys.closed),
    ):
        for _ in range(max(FEW, making.scaled(count))):
            make()


class Journeys:
    """Makes households, each from the last step it reached back to the enquiry it began with."""

    def __init__(self, making: Making) -> None:
        self._making = making
        self._chance = making.chance
        self._team = team_of(making, "adoption")

    def approved(self, day: dt.date) -> Adopter:
        """Make a household approved on a day."""
        panel = self._before(day, APPROVAL_DAYS)
        adopter = self._from_stage_2(self._before(panel, STAGE_2_DAYS))
        adopter.panel_date, adopter.approved_date = panel, day
        return adopter

    def approved_lately(self) -> None:
        """Make a household that is approved and waits for a child."""
        self.approved(self._lately(5, 400))

    def in_stage_2(self) -> None:
        """Make a household in stage 2."""
        self._from_stage_2(self._lately(2, 100))

    def in_stage_1(self) -> None:
        """Make a household in stage 1."""
        self._from_registration(self._lately(1, 55))

    def enquired(self) -> None:
        """Make a household that has enquired, and has had its answer unless that is not due yet."""
        making = self._making
        adopter = self._from_enquiry(making.days.on_or_before(self._lately(0, 60)))
        if adopter.response_date is not None and adopter.response_date > making.end:
            adopter.response_date = None

    def closed(self) -> None:
        """Make a household that went no further, after the enquiry or in stage 1."""
        making, chance = self._making, self._chance
        day = chance.day(making.history, making.end)
        if chance.happens(0.2):
            adopter = self._from_registration(self._before(day, (5, 50)))
        else:
            adopter = self._from_enquiry(making.days.on_or_before(self._before(day, (15, 60))))
        adopter.closed_date, adopter.closed_reason = day, chance.weighted(WHY_CLOSED)

    def _from_stage_2(self, day: dt.date) -> Adopter:
        ended = self._before(day, BETWEEN_STAGES)
        adopter = self._from_registration(self._before(ended, STAGE_1_DAYS))
        adopter.stage_1_ended, adopter.stage_2_started = ended, day
        return adopter

    def _from_registration(self, day: dt.date) -> Adopter:
        adopter = self._from_enquiry(self._making.days.on_or_before(self._before(day, TO_REGISTRATION)))
        adopter.registration_date = day
        return adopter

    def _from_enquiry(self, day: dt.date) -> Adopter:
        making, chance = self._making, self._chance
        adopter = Adopter(
            adopter_id=making.records.key("AH"),
            team_id=self._team,
            source_agency=chance.weighted(AGENCIES),
            enquiry_date=day,
            response_date=making.days.after(day, chance.between(*RESPONSE)),
            registration_date=None,
            stage_1_ended=None,
            stage_2_started=None,
            panel_date=None,
            approved_date=None,
            matched_date=None,
            closed_date=None,
            closed_reason=None,
            recorded_on=making.recorded(day),
        )
        making.records.adopters.append(adopter)
        return adopter

    def _before(self, day: dt.date, days: tuple[int, int]) -> dt.date:
        return day - dt.timedelta(days=self._chance.between(*days))

    def _lately(self, least: int, most: int) -> dt.date:
        return self._before(self._making.end, (least, most))
