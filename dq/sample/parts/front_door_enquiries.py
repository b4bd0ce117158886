"""Strategy discussions, section 47 enquiries and first conferences: of each new plan, and of some other children."""

from __future__ import annotations

import datetime as dt

from dq.sample.making import ONE_DAY, Making
from dq.sample.parts.front_door_openings import Opening
from dq.sample.records.front_door import Conference, Discussion, Enquiry, Referral

OTHER_OUTCOMES = {"ASSESS": 50.0, "S17": 25, "NFA": 12, "ICPC": 10, "AGENCY": 2, "LEGAL": 1}
SHARE_ENQUIRED = 0.09
BEFORE_PLAN, BEFORE_OTHER = (8, 14), (10, 14)
"""Working days from the enquiry to the conference."""
ENDED_WITHIN = (3, 7)
DUE_WITHIN = 15


class Enquiries:
    """Makes the enquiry, if there was one, with the discussion before it and the conference after it."""

    def __init__(self, making: Making) -> None:
        self._making = making
        self._chance = making.chance

    def of(self, opening: Opening, referral: Referral | None) -> bool:
        """Make these records of a case. Return whether there was an enquiry."""
        if opening.plan is not None and opening.plan.start_date >= opening.referred:
            start = self._making.days.after(opening.plan.start_date, -self._chance.between(*BEFORE_PLAN))
            enquiry = self._enquiry(opening, referral, max(start, opening.referred), "ICPC", opening.plan.start_date)
            self._conference(opening, enquiry, opening.plan.start_date, opening.plan.cp_plan_id)
            return True
        return opening.plan is None and not opening.is_uasc and self._without_plan(opening, referral)

    def _without_plan(self, opening: Opening, referral: Referral | None) -> bool:
        """Make an enquiry that no plan came of. There is none where the case was closed before it could end."""
        making, chance = self._making, self._chance
        start = max(opening.referred, making.days.after(opening.referred, chance.between(0, 4)))
        met = making.days.after(start, chance.between(*BEFORE_OTHER))
        if not chance.happens(SHARE_ENQUIRED) or start > making.end or met > (opening.until or met):
            return False
        enquiry = self._enquiry(opening, referral, start, chance.weighted(OTHER_OUTCOMES), met)
        if enquiry.outcome == "ICPC":
            self._conference(opening, enquiry, met, None)
        return True

    def _enquiry(
        self, opening: Opening, referral: Referral | None, start: dt.date, outcome: str, met: dt.date
    ) -> Enquiry:
        making, chance = self._making, self._chance
        ended = min(met, making.days.after(start, chance.between(*ENDED_WITHIN)))
        is_done = ended <= making.end
        enquiry = Enquiry(
            enquiry_id=making.records.key("SEC"),
            person_id=opening.person.person_id,
            referral_id=None if referral is None else referral.referral_id,
            start_date=start,
            end_date=max(start, ended) if is_done else None,
            child_seen="Y" if is_done else None,
            outcome=outcome if is_done else None,
            team_id=opening.team_id,
            worker_id=opening.worker_id,
            recorded_on=making.recorded(start),
        )
        making.records.s47_enquiries.append(enquiry)
        self._discussion(opening, enquiry)
        return enquiry

    def _discussion(self, opening: Opening, enquiry: Enquiry) -> None:
        """Hold the discussion on the day the enquiry began, or on the working day before."""
        making = self._making
        before = making.days.on_or_before(enquiry.start_date - ONE_DAY)
        day = before if before >= opening.referred and self._chance.happens(0.3) else enquiry.start_date
        making.records.strategy_discussions.append(
            Discussion(
                discussion_id=making.records.key("STR"),
                person_id=enquiry.person_id,
                enquiry_id=enquiry.enquiry_id,
                discussion_date=day,
                team_id=enquiry.team_id,
                recorded_on=making.recorded(day),
            )
        )

    def _conference(self, opening: Opening, enquiry: Enquiry, met: dt.date, plan_id: str | None) -> None:
        """Hold the conference, or leave it booked where its day is still to come."""
        making = self._making
        is_held = met <= making.end
        making.records.initial_conferences.append(
            Conference(
                conference_id=making.records.key("ICP"),
                person_id=enquiry.person_id,
                enquiry_id=enquiry.enquiry_id,
                transfer_in="N",
                target_date=making.days.after(enquiry.start_date, DUE_WITHIN),
                conference_date=met if is_held else None,
                outcome_plan=None if not is_held else "N" if plan_id is None else "Y",
                cp_plan_id=plan_id,
                team_id=opening.team_id,
                worker_id=opening.worker_id,
                recorded_on=making.recorded(met if is_held else enquiry.start_date),
            )
        )
