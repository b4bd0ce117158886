"""Makes the records of posts, supervision, oversight and audits; tables of the population and of others' figures."""

from __future__ import annotations

from dq.sample.making import Making
from dq.sample.parts.staff_audits import audits, graded_reports
from dq.sample.parts.staff_fostering import fostering_staff
from dq.sample.parts.staff_oversight import oversights
from dq.sample.parts.staff_posts import posts
from dq.sample.parts.staff_supervision import supervisions
from dq.sample.parts.staff_tables import benchmarks, population
from dq.sample.parts.staff_workforce import Workforce


def make(making: Making) -> None:
    """Add these records to an authority whose children, cases, plans and stays in care are there."""
    fostering_staff(making)
    workforce = Workforce(making)
    posts(making)
    supervisions(making, workforce)
    oversights(making, workforce)
    audits(making, workforce)
    graded_reports(making, workforce)
    population(making)
    benchmarks(making)
