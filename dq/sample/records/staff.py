"""Posts, supervision, oversight, audits; and tables of the population and of other authorities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class StaffRecords:
    """The lists of these records, by extract."""


ROWS: dict[str, type[Any]] = {}
"""Extract → the class of its rows."""
