"""What else is known of a child: other numbers, disabilities, immigration status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class IdentityRecords:
    """The lists of these records, by extract."""


ROWS: dict[str, type[Any]] = {}
"""Extract → the class of its rows."""
