"""Makes the records of plans for children in need, reviews of plans, private fostering."""

from __future__ import annotations

from dq.sample.making import Making
from dq.sample.parts.plans_fostering import Fostering
from dq.sample.parts.plans_need import NeedPlans
from dq.sample.parts.plans_protection import PlanReviews


def make(making: Making) -> None:
    """Add these records to an authority whose children, cases, plans and stays in care are there."""
    NeedPlans(making).plans()
    PlanReviews(making).reviews()
    Fostering(making).arrangements()
