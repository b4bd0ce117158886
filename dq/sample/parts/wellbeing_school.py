"""School of children in care: places, attendance month by month, and results at 11 and 16."""

from __future__ import annotations

import datetime as dt

from dq.sample.making import ONE_DAY, Making
from dq.sample.parts.wellbeing_care import TimeInCare
from dq.sample.records.wellbeing import Attendance, Result, SchoolPlace

FULL_TIME = "25"
PART_TIME = {"HEALTH": 4.0, "SEN": 3, "PHASED": 3, "REDUCED": 4, "EXCLUSION": 3, "REFUSING": 2, "ALTERNATIVE": 2}
PRIMARY = {"PRIMARY": 30.0, "SPECIAL": 2, "ALLTHROUGH": 1}
SECONDARY = {"SECONDARY": 24.0, "SPECIAL": 4, "PRU": 2, "INDEPENDENT": 1, "ALLTHROUGH": 1}
SESSIONS = {9: 40, 10: 34, 11: 44, 12: 28, 1: 40, 2: 30, 3: 36, 4: 26, 5: 36, 6: 44, 7: 30}
"""Half days of school by month, in England; none in August."""
STARTS, MOVES_ON, LEAVES = 4, 11, 16
"""Ages on 31 August, at which a child starts school, moves to secondary school and leaves it."""
FOUND_WITHIN = (5, 18)
"""Working days after arrival within which an unaccompanied child has a school."""
SUBJECTS = {"KS2": ("READING", "WRITING", "MATHS"), "KS4": ("ENGLISH", "MATHS", "SCIENCE", "HUMANITIES", "OTHER")}
TOLD = {"KS2": (7, 12), "KS4": (8, 25)}
PASSES, FAILS = ("A", "B", "B", "C", "C", "C"), ("D", "D", "E", "E", "F", "G", "U")


def end_of_year_at(dob: dt.date, years: int) -> dt.date:
    """Return the first 31 August on which a child is so many years old."""
    return dt.date(dob.year + years + ((dob.month, dob.day) > (8, 31)), 8, 31)


class School:
    """Makes the school records of a child's time in care."""

    def __init__(self, making: Making) -> None:
        self._making = making
        self._chance = making.chance
        self._records = making.records
        year = making.end.year - (making.end.month < 9)
        self._attendance_from = max(dt.date(year - 1, 9, 1), making.history)

    def of(self, time: TimeInCare) -> None:
        """Make the school records of one period of care."""
        for start, end, kind in self._stages(time):
            if start <= time.last and (end is None or end > time.first):
                self._places(time, start, end, kind)
        self._results(time, "KS2", MOVES_ON)
        self._results(time, "KS4", LEAVES)

    def _stages(self, time: TimeInCare) -> list[tuple[dt.date, dt.date | None, str]]:
        """Return when the child was at primary and secondary school; one who arrived alone, from weeks after."""
        dob, days = time.person.dob, self._making.days
        starts, moves_on = (end_of_year_at(dob, years) + ONE_DAY for years in (STARTS, MOVES_ON))
        leaves = end_of_year_at(dob, LEAVES).replace(month=7)
        if time.person.uasc == "Y":
            found = days.after(time.entered, self._chance.between(*FOUND_WITHIN))
            starts, moves_on = max(starts, found), max(moves_on, found)
        stages = [
            (starts, moves_on, self._chance.weighted(PRIMARY)),
            (moves_on, leaves, self._chance.weighted(SECONDARY)),
        ]
        return [(start, None if end > self._making.end else end, kind) for start, end, kind in stages if start < end]

    def _places(self, time: TimeInCare, start: dt.date, end: dt.date | None, kind: str) -> None:
        """Keep a child at one school for a stage, or move them once, when coming into care or later."""
        first, last = max(start, time.first) + ONE_DAY, min(end or time.last, time.last) - ONE_DAY
        if first < last and self._chance.happens(0.2):
            moved = self._chance.day(first, last)
            self._place(time, start, moved, kind)
            self._place(time, moved, end, kind)
        else:
            self._place(time, start, end, kind)

    def _place(self, time: TimeInCare, start: dt.date, end: dt.date | None, kind: str) -> None:
        part_time = self._chance.happens(0.05)
        self._records.school_places.append(
            SchoolPlace(
                place_id=self._records.key("SCH"),
                person_id=time.person_id,
                urn=str(self._chance.between(100_000, 149_999)),
                school_kind=kind,
                main_place="Y",
                start_date=start,
                end_date=end,
                hours_a_week=str(self._chance.between(5, 20)) if part_time else FULL_TIME,
                part_time_reason=self._chance.weighted(PART_TIME) if part_time else None,
                recorded_on=self._making.recorded(max(start, time.entered)),
            )
        )
        self._attendance(time, max(start, time.entered), min(end or time.last, time.last))

    def _attendance(self, time: TimeInCare, first: dt.date, last: dt.date) -> None:
        """Record each whole month of school, absent for a tenth of the sessions at most."""
        chance = self._chance
        month = max(first, self._attendance_from)
        if month.day > 1:
            month = (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
        often_ill = chance.uniform() ** 2
        while (following := (month + dt.timedelta(days=31)).replace(day=1)) <= last + ONE_DAY:
            if (possible := SESSIONS.get(month.month, 0)) > 0:
                absent = int(possible // 10 * chance.uniform() * (0.4 + often_ill))
                absent = min(absent, possible // 10)
                unauthorised = chance.between(0, absent) // 2
                self._records.attendance.append(
                    Attendance(
                        attendance_id=self._records.key("ATT"),
                        person_id=time.person_id,
                        month=month,
                        possible=str(possible),
                        attended=str(possible - absent),
                        authorised=str(absent - unauthorised),
                        unauthorised=str(unauthorised),
                        recorded_on=self._making.recorded(following),
                    )
                )
            month = following

    def _results(self, time: TimeInCare, stage: str, years: int) -> None:
        """Record what the child gained at the end of a key stage, where they were in care at the time."""
        year = end_of_year_at(time.person.dob, years).year
        told = dt.date(year, *TOLD[stage])
        if not time.first <= told <= time.last:
            return
        for subject in SUBJECTS[stage]:
            met = self._chance.happens(0.4 if stage == "KS2" else 0.3)
            if stage == "KS2":
                grade = str(self._chance.between(100, 112) if met else self._chance.between(80, 99))
            else:
                grade = self._chance.pick(PASSES if met else FAILS)
            self._records.attainment.append(
                Result(
                    result_id=self._records.key("RES"),
                    person_id=time.person_id,
                    stage=stage,
                    subject=subject,
                    academic_year=str(year),
                    grade=grade,
                    met_standard="Y" if met else "N",
                    recorded_on=self._making.recorded(told),
                )
            )
