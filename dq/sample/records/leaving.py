"""Care leavers, pathway plans, permanence and adoption, adopters and foster carers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class LeavingRecords:
    """The lists of these records, by extract."""


ROWS: dict[str, type[Any]] = {}
"""Extract → the class of its rows."""
