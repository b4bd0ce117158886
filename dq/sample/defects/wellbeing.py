"""Faults in the records of health, education and offending of children in care."""

from __future__ import annotations

from dq.sample.defects.defect import Fault

FAULTS: tuple[Fault, ...] = ()
"""Every kind of fault in them, rare ones first."""
