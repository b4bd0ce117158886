"""The records of a sample authority: one class per extract, fields in the order of its contract, key first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from dq.sample.records import core, front_door, identity, leaving, looked_after, plans, staff, wellbeing
from dq.sample.records.core import (
    Address,
    CareVisit,
    Day,
    Episode,
    Involvement,
    MissingEpisode,
    NeedVisit,
    Person,
    Placement,
    Plan,
    PlanVisit,
    Team,
    Worker,
)

__all__ = [
    "ROWS", "Address", "CareVisit", "Day", "Episode", "Involvement", "MissingEpisode", "NeedVisit", "Person",
    "Placement", "Plan", "PlanVisit", "Record", "Records", "Team", "Worker",
]  # fmt: skip

Record: TypeAlias = Any
"""A row of any extract: an instance of one of the classes of ``ROWS``."""

_TOPICS = (core, front_door, identity, staff, plans, looked_after, wellbeing, leaving)

ROWS: dict[str, type[Record]] = {extract: row for topic in _TOPICS for extract, row in topic.ROWS.items()}
"""Extract → the class of its rows."""


@dataclass
class Records(
    leaving.LeavingRecords,
    wellbeing.WellbeingRecords,
    looked_after.LookedAfterRecords,
    plans.PlanRecords,
    staff.StaffRecords,
    identity.IdentityRecords,
    front_door.FrontDoorRecords,
    core.CoreRecords,
):
    """Every record of the authority, by extract."""

    first_key: int = 0
    _numbers: Counter[str] = field(default_factory=Counter)

    def key(self, prefix: str) -> str:
        """Return the next key with this prefix: 'PL000001', then 'PL000002'."""
        self._numbers[prefix] += 1
        return f"{prefix}{self.first_key + self._numbers[prefix]:06d}"
