"""Posts, supervision, oversight, audits; and tables of the population and of other authorities."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dq.sample.records.core import Day


@dataclass(slots=True)
class Post:
    """A post as it was filled by one worker for a time, or stood vacant."""

    post_id: str
    worker_id: str | None
    team_id: str
    role: str
    start_date: Day
    end_date: Day | None
    fte: str
    employment_type: str | None
    qualified: str | None
    primary_worker: str
    recorded_on: Day


@dataclass(slots=True)
class Supervision:
    """A supervision session of a worker, held or planned."""

    supervision_id: str
    worker_id: str
    team_id: str | None
    supervisor_id: str
    due_date: Day
    held_date: Day | None
    recorded_on: Day


@dataclass(slots=True)
class Oversight:
    """A manager's look at a child's case."""

    oversight_id: str
    person_id: str
    oversight_date: Day
    worker_id: str
    team_id: str
    recorded_on: Day


@dataclass(slots=True)
class Audit:
    """An audit of a child's file, completed or due."""

    audit_id: str
    person_id: str
    team_id: str
    auditor_id: str
    due_date: Day
    completed_date: Day | None
    grade: str | None
    recorded_on: Day


@dataclass(slots=True)
class GradedReport:
    """A conference report or care plan whose quality was graded."""

    report_id: str
    person_id: str
    kind: str
    report_date: Day
    team_id: str
    author_id: str
    grade: str
    recorded_on: Day


@dataclass(slots=True)
class Population:
    """The children of one age band who live in the authority, or an area of it, in a year."""

    population_id: str
    area_id: str
    year: int
    age_band: str
    population: int
    published_on: Day


@dataclass(slots=True)
class Benchmark:
    """The figure of an indicator for a group of other authorities."""

    benchmark_id: str
    indicator_id: str
    compared_with: str
    period_to: Day
    value: float
    quality: str
    source: str


@dataclass
class StaffRecords:
    """The lists of these records, by extract."""

    posts: list[Post] = field(default_factory=list)
    supervisions: list[Supervision] = field(default_factory=list)
    management_oversights: list[Oversight] = field(default_factory=list)
    case_audits: list[Audit] = field(default_factory=list)
    graded_reports: list[GradedReport] = field(default_factory=list)
    child_population: list[Population] = field(default_factory=list)
    benchmarks: list[Benchmark] = field(default_factory=list)


ROWS: dict[str, type[Any]] = {
    "posts": Post,
    "supervisions": Supervision,
    "management_oversights": Oversight,
    "case_audits": Audit,
    "graded_reports": GradedReport,
    "child_population": Population,
    "benchmarks": Benchmark,
}
"""Extract → the class of its rows."""
