"""Kent, October 2016: records for the three exception pages, all that is known of that edition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from dq.model import Contract
from tests.papers.records import WORKING, Records, days

PERIOD = dt.date(2016, 10, 31)
TEAM = "Children's services"
IN_TIME = {"returns": (1291, 1800), "moved": (310, 2246), "asked": (830, 1130)}
"""How many meet each measure, of how many: 71.7%, 13.8% and 73.5%, the shares printed. The paper gives no counts."""


def kent_2016_10(contracts: Mapping[str, Contract]) -> Records:
    """Return the records."""
    records = Records(contracts, "Kent", PERIOD, {TEAM: None})
    came, found, moved = dt.date(2016, 3, 7), dt.date(2016, 6, 14), [dt.date(2016, 5, 3), dt.date(2016, 8, 2)]
    met, of = IN_TIME["moved"]
    asked, newly = IN_TIME["asked"]
    for number in range(of):
        child = records.child()
        entered = came if number < newly else dt.date(2014, 3, 3)
        care = records.care(child, entered)
        records.case(child, TEAM, "CLA", entered)
        starts = [entered, *(moved if number < met else [])]
        for start, end in zip(starts, [*starts[1:], None], strict=True):
            records.add(
                "cla_placements", person_id=child, cla_id=care, start_date=start, end_date=end, placement_type="U6"
            )
        if number < asked:
            records.add("health_requests", person_id=child, cla_id=care, request_kind="IHA", sent_date=entered)
    in_time, returns = IN_TIME["returns"]
    for number in range(returns):
        records.add(
            "missing_episodes", person_id=records.child(), start_date=f"{found - days(1)} 20:00",
            end_date=f"{found} 09:00", rhi_status="Completed",
            rhi_date=WORKING.after(found, 3 if number < in_time else 4),
        )  # fmt: skip
    return records
