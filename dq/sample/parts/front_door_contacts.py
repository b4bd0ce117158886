"""Contacts: the one that became the referral, and those before it and while the case was open."""

from __future__ import annotations

import datetime as dt

from dq.sample.making import ONE_DAY, Making
from dq.sample.parts.front_door_openings import Opening
from dq.sample.records.front_door import Contact

SOURCES = {"6": 28.0, "2A": 18, "1A": 8, "3A": 3, "3B": 5, "3C": 3, "3E": 6, "3F": 6, "4": 2, "5A": 5, "5D": 5, "7": 4}
SOURCES |= {"1B": 2, "1C": 1, "2B": 1, "5B": 1, "5C": 2, "8": 4, "9": 3}
ARRIVED = {"6": 6.0, "7": 4}
BEFORE = {"NFA": 5.0, "ADVICE": 4, "EARLY HELP": 1}
SHARE_BEFORE, SHARE_WHILE_OPEN = 0.15, 0.22
SETTLED = 30
"""Days between the referral and a contact that is not it."""
DESK_HOURS = (8, 15)
ANSWERED_MINUTES = (15, 400)


class Contacts:
    """Makes the contacts about a child."""

    def __init__(self, making: Making) -> None:
        self._making = making
        self._chance = making.chance

    def of(self, opening: Opening) -> None:
        """Make a child's contacts: before the case, the one that opened it, and one while it was open."""
        chance, making = self._chance, self._making
        earliest = max(opening.person.dob, making.history)
        before = opening.referred - dt.timedelta(days=SETTLED)
        if earliest < before and chance.happens(SHARE_BEFORE):
            self._answered(opening, chance.day(earliest, before), chance.weighted(BEFORE))
        self._referred(opening, earliest)
        while_open = opening.since + dt.timedelta(days=SETTLED)
        until = opening.until or making.end
        if while_open < until and chance.happens(SHARE_WHILE_OPEN):
            self._answered(opening, chance.day(while_open, until), "OPEN CASE")

    def _referred(self, opening: Opening, earliest: dt.date) -> None:
        """Receive the contact on the day of the referral, or on the working day before."""
        day_before = self._making.days.on_or_before(opening.referred - ONE_DAY)
        on_time = self._making.days.between(day_before, opening.referred) <= 1
        if day_before >= earliest and on_time and self._chance.happens(0.4):
            received, decided = self._at(day_before), self._at(opening.referred)
            self._contact(opening, received, decided, "REFERRAL")
        else:
            self._answered(opening, opening.referred, "REFERRAL")

    def _answered(self, opening: Opening, day: dt.date, outcome: str) -> None:
        """Receive and decide a contact on one day."""
        received = self._at(day)
        decided = received + dt.timedelta(minutes=self._chance.between(*ANSWERED_MINUTES))
        self._contact(opening, received, decided, outcome)

    def _at(self, day: dt.date) -> dt.datetime:
        chance = self._chance
        return dt.datetime.combine(day, dt.time(chance.between(*DESK_HOURS), chance.between(0, 59)))

    def _contact(self, opening: Opening, received: dt.datetime, decided: dt.datetime, outcome: str) -> None:
        making = self._making
        making.records.contacts.append(
            Contact(
                contact_id=making.records.key("CT"),
                person_id=opening.person.person_id,
                received_at=received,
                source=self._chance.weighted(ARRIVED if opening.is_uasc else SOURCES),
                decided_at=decided,
                outcome=outcome,
                team_id=opening.team_id,
                recorded_on=making.recorded(received.date()),
            )
        )
