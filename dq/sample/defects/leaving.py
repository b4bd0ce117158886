"""Faults in the records of care leavers, permanence, adopters and foster carers."""

from __future__ import annotations

from dq.sample.defects import leaving_care, leaving_fostering, leaving_households, leaving_permanence, leaving_support
from dq.sample.defects.defect import Fault

FAULTS: tuple[Fault, ...] = (
    *leaving_permanence.FAULTS,
    *leaving_care.FAULTS,
    *leaving_support.FAULTS,
    *leaving_households.ADOPTER_FAULTS,
    *leaving_fostering.ENQUIRY_FAULTS,
    *leaving_fostering.ASSESSMENT_FAULTS,
    *leaving_households.CARER_FAULTS,
)
"""Every kind of fault in them, rare ones first."""
