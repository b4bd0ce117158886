"""Faults in the records of who a child is: other numbers, disabilities, immigration status."""

from __future__ import annotations

from dq.sample.defects.defect import Fault

FAULTS: tuple[Fault, ...] = ()
"""Every kind of fault in them, rare ones first."""
