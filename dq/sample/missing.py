"""Children who went missing and were found, and their return home interviews."""

from __future__ import annotations

import datetime as dt
from itertools import accumulate

from dq.sample.calendar import age
from dq.sample.chance import round_in_turn
from dq.sample.making import ONE_DAY, Case, Making
from dq.sample.records import MissingEpisode

IN_TIME = 3
YOUNGEST = 11
UNMET = {"Completed": 45.0, "Declined": 25, "In progress": 18, "Not started": 12}


class Missing:
    """Makes missing episodes, month by month, among children with an open case; some go missing often."""

    def __init__(self, making: Making) -> None:
        self._making = making
        self._chance = making.chance
        self._often = {case: self._chance.spread(1.5) * (4 if case.in_care else 1) for case in making.cases}
        self._free_from: dict[str, dt.datetime] = {}

    def episodes(self) -> None:
        """Make the episodes found in each month, so many of them with an interview in time."""
        returns = self._making.recipe.returns
        found = round_in_turn([r.found * self._making.scale for r in returns])
        in_time = round_in_turn([r.in_time * self._making.scale for r in returns])
        for month, count, met in zip(returns, found, in_time, strict=True):
            days = sorted(self._chance.day(month.month.replace(day=1), month.month) for _ in range(count))
            pool = self._pool(month.month)
            interviewed = set(self._chance.sample(range(count), min(met, count)))
            for i, day in enumerate(days):
                self._episode(pool, day, met=i in interviewed)

    def _pool(self, month: dt.date) -> tuple[list[Case], list[float]]:
        """Return the cases open all month of children old enough, with the running total of how often they go."""
        first = month.replace(day=1)
        cases = [
            case
            for case in self._making.cases
            if case.since < first
            and (case.until is None or case.until > month)
            and age(case.dob, first) >= YOUNGEST
            and age(case.dob, month) < 18
        ]
        return cases, list(accumulate(self._often[case] for case in cases))

    def _episode(self, pool: tuple[list[Case], list[float]], day: dt.date, *, met: bool) -> None:
        making, chance = self._making, self._chance
        found = dt.datetime.combine(day, dt.time(chance.between(0, 23), chance.between(0, 59)))
        hours = 0.5 + (90 if chance.happens(0.08) else 14) * chance.uniform() ** 2
        gone = found - dt.timedelta(minutes=int(hours * 60))
        person_id = self._who(pool, gone)
        self._free_from[person_id] = found
        status, interview = self._interview(day, met=met)
        making.records.missing_episodes.append(
            MissingEpisode(
                missing_episode_id=making.records.key("M"),
                person_id=person_id,
                start_date=gone,
                end_date=found,
                episode_type=chance.weighted({"M": 0.9, "A": 0.1}),
                rhi_offered="N" if status == "Not started" else "Y",
                rhi_accepted="Y" if status in {"Completed", "In progress"} else "N",
                rhi_status=status,
                rhi_date=interview,
                recorded_on=making.recorded(day),
                rhi_offered_date=None if status == "Not started" else day,
            )
        )

    def _who(self, pool: tuple[list[Case], list[float]], gone: dt.datetime) -> str:
        cases, running = pool
        while True:
            person_id = cases[self._chance.index(running)].person_id
            if person_id not in self._free_from or self._free_from[person_id] < gone:
                return person_id

    def _interview(self, found: dt.date, *, met: bool) -> tuple[str, dt.date | None]:
        """Return the status of the form and the day of the interview: within three working days if ``met``."""
        making, chance = self._making, self._chance
        if met:
            last = making.days.after(found, IN_TIME + 1) - ONE_DAY
            days = [found + dt.timedelta(days=n) for n in range((last - found).days + 1)]
            # An interview in time is held in the month the child was found, so that a month's figure stands.
            working = [d for d in days if making.days.on_or_before(d) == d and d.month == found.month]
            return "Completed", chance.pick(working or [found])
        status = chance.weighted(UNMET)
        day = making.days.after(found, chance.between(IN_TIME + 1, 20))
        if status != "Completed":
            return status, None
        return ("Completed", day) if day <= making.end else ("In progress", None)
