"""Makes the records of plans for children in need, reviews of plans, private fostering."""

from __future__ import annotations

from dq.sample.making import Making


def make(making: Making) -> None:
    """Add these records to an authority whose children, cases, plans and stays in care are there."""
