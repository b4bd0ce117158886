"""Children, the teams and workers who hold their cases, and the records that the first figures stand on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Day: TypeAlias = dt.date


@dataclass(slots=True)
class Team:
    """A team, or an area or service that teams belong to."""

    team_id: str
    team_name: str
    parent_id: str | None
    start_date: Day
    end_date: Day | None
    successor_id: str | None
    service: str | None


@dataclass(slots=True)
class Worker:
    """A member of staff. There are no names."""

    worker_id: str
    job_title: str
    full_time_equivalency: str
    agency_worker: str
    team_id: str | None
    start_date: Day
    end_date: Day | None


@dataclass(slots=True)
class Person:
    """A child or young person."""

    person_id: str
    common_child_id: str
    dob: Day
    sex: str
    ethnicity: str
    death_date: Day | None
    uasc: str
    recorded_on: Day
    expected_dob: Day | None
    upn_unknown: str | None


@dataclass(slots=True)
class Address:
    """Where a child lived."""

    address_id: str
    person_id: str
    address_type: str
    start_date: Day
    end_date: Day | None
    postcode: str
    recorded_on: Day


@dataclass(slots=True)
class Involvement:
    """A spell for which one worker held a child's case."""

    involvement_id: str
    person_id: str
    worker_id: str
    role: str
    team_id: str
    start_date: Day
    end_date: Day | None
    change_reason: str | None
    case_type: str
    recorded_on: Day


@dataclass(slots=True)
class Episode:
    """An episode of care."""

    episode_id: str
    person_id: str
    cla_id: str
    start_date: Day
    start_reason: str
    primary_need: str
    ceased_date: Day | None
    ceased_reason: str | None
    recorded_on: Day


@dataclass(slots=True)
class Placement:
    """A placement of a child in care."""

    placement_id: str
    person_id: str
    cla_id: str
    start_date: Day
    end_date: Day | None
    placement_type: str
    provider: str
    postcode: str | None
    change_reason: str | None
    recorded_on: Day


@dataclass(slots=True)
class CareVisit:
    """A visit to a child in care."""

    visit_id: str
    person_id: str
    cla_id: str
    visit_date: Day
    seen: str
    seen_alone: str
    recorded_on: Day


@dataclass(slots=True)
class Plan:
    """A child protection plan."""

    cp_plan_id: str
    person_id: str
    start_date: Day
    end_date: Day | None
    initial_category: str
    latest_category: str
    recorded_on: Day


@dataclass(slots=True)
class PlanVisit:
    """A visit under a child protection plan."""

    visit_id: str
    person_id: str
    cp_plan_id: str
    visit_date: Day
    seen: str
    seen_alone: str
    recorded_on: Day


@dataclass(slots=True)
class NeedVisit:
    """A visit to a child in need."""

    visit_id: str
    person_id: str
    visit_date: Day
    seen: str
    seen_alone: str
    recorded_on: Day


@dataclass(slots=True)
class MissingEpisode:
    """A child missing, and the return home interview."""

    missing_episode_id: str
    person_id: str
    start_date: dt.datetime
    end_date: dt.datetime
    episode_type: str
    rhi_offered: str
    rhi_accepted: str
    rhi_status: str
    rhi_date: Day | None
    recorded_on: Day
    rhi_offered_date: Day | None


@dataclass
class CoreRecords:
    """The lists of these records, by extract."""

    teams: list[Team] = field(default_factory=list)
    workers: list[Worker] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    involvements: list[Involvement] = field(default_factory=list)
    cla_episodes: list[Episode] = field(default_factory=list)
    cla_placements: list[Placement] = field(default_factory=list)
    cla_visits: list[CareVisit] = field(default_factory=list)
    cp_plans: list[Plan] = field(default_factory=list)
    cp_visits: list[PlanVisit] = field(default_factory=list)
    cin_visits: list[NeedVisit] = field(default_factory=list)
    missing_episodes: list[MissingEpisode] = field(default_factory=list)


ROWS: dict[str, type[Any]] = {
    "teams": Team,
    "workers": Worker,
    "persons": Person,
    "addresses": Address,
    "involvements": Involvement,
    "cla_episodes": Episode,
    "cla_placements": Placement,
    "cla_visits": CareVisit,
    "cp_plans": Plan,
    "cp_visits": PlanVisit,
    "cin_visits": NeedVisit,
    "missing_episodes": MissingEpisode,
}
"""Extract → the class of its rows."""
