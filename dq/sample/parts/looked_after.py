"""Makes the records of legal status, reviews, care plans and proceedings of children in care."""

from __future__ import annotations

from dq.sample.making import Making
from dq.sample.parts.looked_after_entries import Entries
from dq.sample.parts.looked_after_legal import Legal, pre_proceedings_of_plans
from dq.sample.parts.looked_after_periods import periods_of_care
from dq.sample.parts.looked_after_reviews import Reviews


def make(making: Making) -> None:
    """Add these records to an authority whose children, cases, plans and stays in care are there.

    For each child in care or who left it within the history: about two legal statuses, two care plans, a review and
    two visits of the reviewing officer a half-year, and for three in five care proceedings.
    """
    legal, reviews, entries = Legal(making), Reviews(making), Entries(making)
    periods = periods_of_care(making)
    for period in periods:
        placement_order = legal.period(period)
        reviews.period(period, placement_order)
        entries.period(period)
    pre_proceedings_of_plans(making, {period.person.person_id for period in periods})
