"""Makes the records of care leavers, permanence, adopters and foster carers."""

from __future__ import annotations

from dq.sample.making import Making


def make(making: Making) -> None:
    """Add these records to an authority whose children, cases, plans and stays in care are there."""
