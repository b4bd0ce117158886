"""Health of children in care: assessments and the requests for them, dentist, eyes, immunisations, SDQ, substances."""

from __future__ import annotations

import datetime as dt

from dq.sample.calendar import birthday
from dq.sample.making import Making
from dq.sample.parts.wellbeing_care import TimeInCare
from dq.sample.records.wellbeing import HealthCheck, HealthRequest, Immunisation, Questionnaire, SubstanceMisuse

YOUNG = 5
ASKED_WITHIN = (1, 4)
ASSESSED_WITHIN = (8, 18)
"""Working days after coming into care."""
YOUNG_GAP = (150, 178)
GAP = (300, 360)
"""Days between assessments of children under 5, and of others."""
YOUNG_DUE, DUE = 182, 365
DENTAL_GAP = (150, 350)
SDQ_GAP = (250, 350)
SDQ_AGES = range(4, 17)
NO_SCORE = {"SDQ2": 4.0, "SDQ5": 3, "SDQ4": 1, "SDQ3": 1}
OLD_ENOUGH_TO_MISUSE = 13


class Health:
    """Makes the health records of a child's time in care: everything in time, and entered in time."""

    def __init__(self, making: Making) -> None:
        self._making = making
        self._chance = making.chance
        self._records = making.records

    def of(self, time: TimeInCare) -> None:
        """Make the health records of one period of care."""
        away = "Y" if self._chance.happens(0.3) else "N"
        self._assessments(time, away)
        self._dentist_and_eyes(time)
        self._immunisations(time)
        self._questionnaires(time)
        if time.age(time.last) >= OLD_ENOUGH_TO_MISUSE and self._chance.happens(0.05):
            self._substance_misuse(time)

    def _assessments(self, time: TimeInCare, away: str) -> None:
        chance, days = self._chance, self._making.days
        if time.is_new:
            self._request(time, "IHA", days.after(time.entered, chance.between(*ASKED_WITHIN)))
            day = days.after(time.entered, chance.between(*ASSESSED_WITHIN))
            self._check(time, "IHA", day, days.after(time.entered, 20), away)
        else:
            day = days.on_or_after(time.first + dt.timedelta(days=chance.between(0, YOUNG_GAP[0])))
            self._review(time, day, day, away)
        while day < time.last:
            young = time.age(day) < YOUNG
            due = day + dt.timedelta(days=YOUNG_DUE if young else DUE)
            day = days.on_or_before(day + dt.timedelta(days=chance.between(*(YOUNG_GAP if young else GAP))))
            self._review(time, day, due, away)

    def _review(self, time: TimeInCare, day: dt.date, due: dt.date, away: str) -> None:
        asked = self._making.days.on_or_before(day - dt.timedelta(days=self._chance.between(15, 35)))
        if asked > time.first:
            self._request(time, "RHA", asked)
        self._check(time, "RHA_U5" if time.age(day) < YOUNG else "RHA_5", day, due, away)

    def _request(self, time: TimeInCare, kind: str, day: dt.date) -> None:
        if day <= time.last:
            key, recorded = self._records.key("HRQ"), self._making.recorded(day)
            consent = "Y" if kind == "IHA" else None
            self._records.health_requests.append(
                HealthRequest(key, time.person_id, time.cla_id, kind, day, consent, recorded)
            )

    def _check(self, time: TimeInCare, kind: str, day: dt.date, due: dt.date | None, away: str | None) -> None:
        if day > time.last:
            return
        self._records.health_checks.append(
            HealthCheck(
                health_check_id=self._records.key("HCK"),
                person_id=time.person_id,
                check_type=kind,
                check_date=day,
                status="HELD",
                refused_date=None,
                due_date=due,
                date_source="FORM" if away is not None and self._chance.happens(0.7) else "PROVIDER",
                out_of_area=away,
                recorded_on=self._making.recorded(day),
            )
        )

    def _dentist_and_eyes(self, time: TimeInCare) -> None:
        """See the dentist once or twice a year from the first birthday; the eyes are tested now and then."""
        chance, days = self._chance, self._making.days
        day = time.first + dt.timedelta(days=chance.between(20, DENTAL_GAP[0]))
        while day <= time.last:
            day = days.on_or_before(day)
            years = time.age(day)
            if years >= 1:
                self._check(time, "DENTAL", day, None, None)
            if years >= YOUNG and chance.happens(0.3):
                self._check(time, "OPTICIAN", days.after(day, chance.between(3, 25)), None, None)
            day += dt.timedelta(days=chance.between(*DENTAL_GAP))

    def _immunisations(self, time: TimeInCare) -> None:
        day = self._chance.day(max(time.first, time.last - dt.timedelta(days=340)), time.last)
        self._records.immunisations.append(Immunisation(time.person_id, "Y", day, self._making.recorded(day)))

    def _questionnaires(self, time: TimeInCare) -> None:
        chance = self._chance
        day = time.first + dt.timedelta(days=chance.between(30, SDQ_GAP[0]))
        while day <= time.last:
            if time.age(day) in SDQ_AGES:
                none = chance.happens(0.07)
                self._records.sdq_scores.append(
                    Questionnaire(
                        sdq_id=self._records.key("SDQ"),
                        person_id=time.person_id,
                        completed_date=day,
                        score=None if none else str(min(40, int(4 + 28 * chance.uniform() ** 1.4))),
                        reason=chance.weighted(NO_SCORE) if none else None,
                        recorded_on=self._making.recorded(day),
                    )
                )
            day += dt.timedelta(days=chance.between(*SDQ_GAP))

    def _substance_misuse(self, time: TimeInCare) -> None:
        day = self._chance.day(max(time.first, birthday(time.person.dob, OLD_ENOUGH_TO_MISUSE)), time.last)
        helped = self._chance.happens(0.65)
        self._records.substance_misuse.append(
            SubstanceMisuse(
                misuse_id=self._records.key("SUB"),
                person_id=time.person_id,
                identified_date=day,
                received="Y" if helped else "N",
                offered="Y",
                accepted="Y" if helped else "N",
                refused="N" if helped else "Y",
                recorded_on=self._making.recorded(day),
            )
        )
