"""Faults in the records of who a child is, and in how teams and workers record."""

from __future__ import annotations

from dq.sample.defects import (
    identity_numbers,
    identity_patterns,
    identity_people,
    identity_recording,
    identity_status,
)
from dq.sample.defects.defect import Fault

FAULTS: tuple[Fault, ...] = (
    *identity_status.FAULTS,
    *identity_people.FAULTS,
    *identity_numbers.FAULTS,
    *identity_recording.FAULTS,
    *identity_patterns.FAULTS,
)
"""Every kind of fault in them, rare ones first."""
