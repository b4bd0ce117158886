"""Contacts, early help, referrals, assessments, enquiries and first conferences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class FrontDoorRecords:
    """The lists of these records, by extract."""


ROWS: dict[str, type[Any]] = {}
"""Extract → the class of its rows."""
