"""Makes the records of legal status, reviews, care plans and proceedings of children in care."""

from __future__ import annotations

from dq.sample.making import Making


def make(making: Making) -> None:
    """Add these records to an authority whose children, cases, plans and stays in care are there."""
