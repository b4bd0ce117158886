"""Referrals, and the assessments of those that were taken on."""

from __future__ import annotations

import datetime as dt

from dq.sample.making import Making
from dq.sample.parts.front_door_contacts import ARRIVED, SOURCES
from dq.sample.parts.front_door_openings import Opening
from dq.sample.records.front_door import Assessment, Factor, Referral

NEEDS = {"N1": 55.0, "N2": 6, "N3": 4, "N4": 12, "N5": 17, "N6": 4, "N7": 1, "N8": 1}
ON_PLAN = {"N1": 88.0, "N5": 9, "N4": 3}
DISABLED = {"N2": 95.0, "N1": 3, "N4": 2}
FACTORS = {"3B": 22.0, "4B": 16, "16A": 12, "17A": 12, "1B": 9, "2B": 9, "4A": 6, "18C": 5, "14A": 4, "2A": 3, "19C": 3}
FACTORS |= {"3A": 3, "11A": 2, "15A": 2, "10A": 2, "20": 2, "7A": 1, "13A": 1}
DISABLED_FACTORS = {"6A": 5.0, "5A": 5}
SHARE_NOTHING_BEFORE = 0.08
DECIDED_WITHIN, SEEN_WITHIN = 2, 5
USUAL, LONG = (14, 44), (36, 44)
"""Working days from the referral to the authorised assessment."""
CARE_ENDED = {"E11": "RC1", "E12": "RC1", "E41": "RC3", "E45": "RC4", "E46": "RC4", "E7": "RC6"}


class Referrals:
    """Makes the referral that opened a case and its assessment, and sometimes one before that nothing came of."""

    def __init__(self, making: Making) -> None:
        self._making = making
        self._chance = making.chance

    def referral(self, opening: Opening) -> Referral:
        """Make the referral, taken on unless it came too late to have been decided."""
        chance, making = self._chance, self._making
        earliest = max(opening.person.dob, making.history)
        before = opening.referred - dt.timedelta(days=40)
        if earliest < before and chance.happens(SHARE_NOTHING_BEFORE):
            day = chance.day(earliest, before)
            self._referral(opening, day, self._decided(day), nfa="Y")
        decided = self._decided(opening.referred)
        return self._referral(opening, opening.referred, decided, nfa="N" if decided <= making.end else None)

    def _decided(self, day: dt.date) -> dt.date:
        return max(day, self._making.days.after(day, self._chance.between(0, DECIDED_WITHIN)))

    def _referral(self, opening: Opening, day: dt.date, decided: dt.date, *, nfa: str | None) -> Referral:
        making = self._making
        taken_on = nfa == "N"
        referral = Referral(
            referral_id=making.records.key("REF"),
            person_id=opening.person.person_id,
            referral_date=day,
            source=self._chance.weighted(ARRIVED if opening.is_uasc else SOURCES),
            decision_date=None if nfa is None else decided,
            nfa=nfa,
            primary_need=self._need(opening) if taken_on else None,
            closed_date=decided if nfa == "Y" else opening.until if taken_on else None,
            closed_reason="RC7" if nfa == "Y" else None,
            team_id=opening.team_id,
            worker_id=opening.worker_id,
            recorded_on=making.recorded(day),
        )
        making.records.referrals.append(referral)
        return referral

    def _need(self, opening: Opening) -> str:
        if opening.care_need is not None:
            return opening.care_need
        usual = DISABLED if opening.work == "disability" else ON_PLAN if opening.plan else NEEDS
        return self._chance.weighted(usual)

    def assessed(self, opening: Opening, referral: Referral, *, enquired: bool, helped: bool) -> None:
        """Make the assessment of a referral taken on, and say why the case was closed, if it was."""
        chance = self._chance
        only = opening.assessed_only and opening.until is not None and not enquired
        if referral.closed_date is not None:
            after_assessment = "RC9" if helped else "RC8"
            referral.closed_reason = after_assessment if only else CARE_ENDED.get(opening.care_ended or "", "RC7")
        assessment = self._assessment(opening, referral, _outcome(opening, enquired=enquired, helped=helped))
        if assessment.authorised_date is None:
            return
        found = ["21"] if only and not helped and chance.happens(0.2) else self._factors(opening)
        self._making.records.assessment_factors.extend(
            Factor(self._making.records.key("FCT"), assessment.assessment_id, assessment.person_id, factor)
            for factor in found
        )

    def _assessment(self, opening: Opening, referral: Referral, outcome: str) -> Assessment:
        making, chance = self._making, self._chance
        start = referral.decision_date or referral.referral_date
        seen = max(start, making.days.after(referral.referral_date, chance.between(1, SEEN_WITHIN)))
        still_assessed = opening.assessed_only and opening.until is None
        length = chance.between(*(LONG if still_assessed else USUAL))
        authorised = max(seen, min(making.days.after(referral.referral_date, length), opening.until or dt.date.max))
        is_seen, is_done = seen <= making.end, authorised <= making.end
        assessment = Assessment(
            assessment_id=making.records.key("ASM"),
            person_id=referral.person_id,
            referral_id=referral.referral_id,
            start_date=start,
            child_seen="Y" if is_seen else None,
            seen_date=seen if is_seen else None,
            authorised_date=authorised if is_done else None,
            outcome=outcome if is_done else None,
            team_id=opening.team_id,
            worker_id=opening.worker_id,
            recorded_on=making.recorded(start),
        )
        making.records.assessments.append(assessment)
        return assessment

    def _factors(self, opening: Opening) -> list[str]:
        """Return one to four factors, none of them twice."""
        chance = self._chance
        first = ["9A"] if opening.is_uasc else []
        if opening.work == "disability":
            first.append(chance.weighted(DISABLED_FACTORS))
        more = [chance.weighted(FACTORS) for _ in range(chance.between(0 if first else 1, 3))]
        return list(dict.fromkeys([*first, *more]))


def _outcome(opening: Opening, *, enquired: bool, helped: bool) -> str:
    if enquired:
        return "S47"
    if opening.care_need is not None:
        return "CARE"
    if opening.assessed_only:
        return "EARLY HELP" if helped else "NFA"
    return "CIN" if "CIN" in opening.case_types else "OTHER"
