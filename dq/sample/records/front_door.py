"""Contacts, early help, referrals, assessments, enquiries and first conferences."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Day: TypeAlias = dt.date


@dataclass(slots=True)
class Contact:
    """A contact about a child."""

    contact_id: str
    person_id: str
    received_at: dt.datetime
    source: str
    decided_at: dt.datetime
    outcome: str
    team_id: str
    recorded_on: Day


@dataclass(slots=True)
class EarlyHelp:
    """A spell of early help."""

    early_help_id: str
    person_id: str
    start_date: Day
    reason: str
    organisation: str
    end_date: Day | None
    end_reason: str | None
    recorded_on: Day


@dataclass(slots=True)
class PanelItem:
    """A child of a family considered by the early help panel."""

    panel_id: str
    family_id: str
    person_id: str
    panel_date: Day
    threshold_level: str
    outcome: str
    recorded_on: Day


@dataclass(slots=True)
class Referral:
    """A referral to social care."""

    referral_id: str
    person_id: str
    referral_date: Day
    source: str
    decision_date: Day | None
    nfa: str | None
    primary_need: str | None
    closed_date: Day | None
    closed_reason: str | None
    team_id: str
    worker_id: str
    recorded_on: Day


@dataclass(slots=True)
class Assessment:
    """A child and family assessment."""

    assessment_id: str
    person_id: str
    referral_id: str
    start_date: Day
    child_seen: str | None
    seen_date: Day | None
    authorised_date: Day | None
    outcome: str | None
    team_id: str
    worker_id: str
    recorded_on: Day


@dataclass(slots=True)
class Factor:
    """A factor found at an assessment."""

    factor_id: str
    assessment_id: str
    person_id: str
    factor: str


@dataclass(slots=True)
class Enquiry:
    """An enquiry under section 47 of the Children Act 1989."""

    enquiry_id: str
    person_id: str
    referral_id: str | None
    start_date: Day
    end_date: Day | None
    child_seen: str | None
    outcome: str | None
    team_id: str
    worker_id: str
    recorded_on: Day


@dataclass(slots=True)
class Discussion:
    """A strategy discussion."""

    discussion_id: str
    person_id: str
    enquiry_id: str
    discussion_date: Day
    team_id: str
    recorded_on: Day


@dataclass(slots=True)
class Conference:
    """An initial child protection conference, held or booked."""

    conference_id: str
    person_id: str
    enquiry_id: str
    transfer_in: str
    target_date: Day
    conference_date: Day | None
    outcome_plan: str | None
    cp_plan_id: str | None
    team_id: str
    worker_id: str
    recorded_on: Day


@dataclass
class FrontDoorRecords:
    """The lists of these records, by extract."""

    contacts: list[Contact] = field(default_factory=list)
    early_help_episodes: list[EarlyHelp] = field(default_factory=list)
    early_help_panels: list[PanelItem] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)
    assessment_factors: list[Factor] = field(default_factory=list)
    s47_enquiries: list[Enquiry] = field(default_factory=list)
    strategy_discussions: list[Discussion] = field(default_factory=list)
    initial_conferences: list[Conference] = field(default_factory=list)


ROWS: dict[str, type[Any]] = {
    "contacts": Contact,
    "early_help_episodes": EarlyHelp,
    "early_help_panels": PanelItem,
    "referrals": Referral,
    "assessments": Assessment,
    "assessment_factors": Factor,
    "s47_enquiries": Enquiry,
    "strategy_discussions": Discussion,
    "initial_conferences": Conference,
}
"""Extract → the class of its rows."""
