"""Makes the records of care leavers, permanence, adopters and foster carers."""

from __future__ import annotations

from dq.sample.making import Making
from dq.sample.parts.leaving_adopters import adopters
from dq.sample.parts.leaving_care import care_leavers
from dq.sample.parts.leaving_fostering import fostering
from dq.sample.parts.leaving_permanence import permanence
from dq.sample.parts.leaving_stays import stays_in_care


def make(making: Making) -> None:
    """Add these records to an authority whose children, cases, plans and stays in care are there."""
    stays = stays_in_care(making)
    care_leavers(making, stays)
    permanence(making, stays)
    adopters(making)
    fostering(making)
