"""What else is known of a child: other numbers, disabilities, immigration status."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dq.sample.records.core import Day


@dataclass(slots=True)
class Identifier:
    """A number by which another service knows a child."""

    identifier_id: str
    person_id: str
    identifier_type: str
    identifier_value: str
    valid_from: Day
    valid_to: Day | None
    recorded_on: Day


@dataclass(slots=True)
class Disability:
    """A disability of a child, or the answer that there is none."""

    disability_id: str
    person_id: str
    disability_code: str
    identified_on: Day
    recorded_on: Day


@dataclass(slots=True)
class ImmigrationStatus:
    """A spell for which a child had one immigration status."""

    immigration_status_id: str
    person_id: str
    immigration_status: str
    start_date: Day
    end_date: Day | None
    recorded_on: Day


@dataclass
class IdentityRecords:
    """The lists of these records, by extract."""

    identifiers: list[Identifier] = field(default_factory=list)
    disabilities: list[Disability] = field(default_factory=list)
    immigration_statuses: list[ImmigrationStatus] = field(default_factory=list)


ROWS: dict[str, type[Any]] = {
    "identifiers": Identifier,
    "disabilities": Disability,
    "immigration_statuses": ImmigrationStatus,
}
"""Extract → the class of its rows."""
