"""Makes the records of health, education and offending of children in care."""

from __future__ import annotations

from dq.sample.making import Making
from dq.sample.parts.wellbeing_care import times_in_care
from dq.sample.parts.wellbeing_health import Health
from dq.sample.parts.wellbeing_plans import Plans
from dq.sample.parts.wellbeing_school import School


def make(making: Making) -> None:
    """Add these records to an authority whose children, cases, plans and stays in care are there."""
    health, plans, school = Health(making), Plans(making), School(making)
    for time in times_in_care(making):
        health.of(time)
        plans.of(time)
        school.of(time)
