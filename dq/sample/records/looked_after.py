"""Legal status, reviews, care plans, the reviewing officer's visits, care proceedings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class LookedAfterRecords:
    """The lists of these records, by extract."""


ROWS: dict[str, type[Any]] = {}
"""Extract → the class of its rows."""
