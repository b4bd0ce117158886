"""Plans for children in need, their reviews, reviews of protection plans, private fostering."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class PlanRecords:
    """The lists of these records, by extract."""


ROWS: dict[str, type[Any]] = {}
"""Extract → the class of its rows."""
