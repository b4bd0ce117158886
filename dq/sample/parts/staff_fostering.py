"""Social workers who support foster carers. They hold no child's case."""

from __future__ import annotations

import datetime as dt
import math

from dq.sample.making import Making
from dq.sample.people import SERVICE
from dq.sample.records import Worker

HOUSEHOLDS, HOUSEHOLDS_EACH = 750, 18
FEWEST = 2


def fostering_staff(making: Making) -> None:
    """Make the workers of the fostering team, from a stream of their own; none where there is no such team."""
    team = next((team.team_id for team in making.records.teams if team.service == SERVICE["fostering"]), None)
    if team is None:
        return
    chance = making.apart("fostering staff").chance
    for number in range(max(FEWEST, math.ceil(making.scaled(HOUSEHOLDS) / HOUSEHOLDS_EACH))):
        making.records.workers.append(
            Worker(
                worker_id=making.records.key("W"),
                job_title="Senior Practitioner" if number == 0 else "Social Worker",
                full_time_equivalency=chance.weighted({"1": 8.0, "0.8": 1, "0.6": 1}),
                agency_worker="Y" if chance.happens(0.1) else "N",
                team_id=team,
                start_date=making.history - dt.timedelta(days=chance.between(30, 3000)),
                end_date=None,
            )
        )
