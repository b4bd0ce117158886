"""Faults at the front door: contacts, early help, referrals, assessments, enquiries, first conferences."""

from __future__ import annotations

from dq.sample.defects.defect import Fault

FAULTS: tuple[Fault, ...] = ()
"""Every kind of fault in them, rare ones first."""
