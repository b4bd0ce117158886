"""Faults at the front door: contacts, early help, referrals, assessments, enquiries, first conferences."""

from __future__ import annotations

from dq.sample.defects import (
    front_door_assessments,
    front_door_closing,
    front_door_conferences,
    front_door_contacts,
    front_door_early_help,
    front_door_enquiries,
    front_door_referrals,
)
from dq.sample.defects.defect import Fault

FAULTS: tuple[Fault, ...] = (
    *front_door_conferences.FAULTS,
    *front_door_enquiries.FAULTS,
    *front_door_early_help.FAULTS,
    *front_door_closing.FAULTS,
    *front_door_assessments.FAULTS,
    *front_door_referrals.FAULTS,
    *front_door_contacts.FAULTS,
)
"""Every kind of fault in them, rare ones first."""
