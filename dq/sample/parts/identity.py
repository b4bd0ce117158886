"""Makes the records of who a child is: other numbers, disabilities, immigration status."""

from __future__ import annotations

from dq.sample.making import Making


def make(making: Making) -> None:
    """Add these records to an authority whose children, cases, plans and stays in care are there."""
