"""Health, education and offending of children in care."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class WellbeingRecords:
    """The lists of these records, by extract."""


ROWS: dict[str, type[Any]] = {}
"""Extract → the class of its rows."""
