"""Faults in the records of plans for children in need, reviews of plans, private fostering."""

from __future__ import annotations

from dq.sample.defects.defect import Fault

FAULTS: tuple[Fault, ...] = ()
"""Every kind of fault in them, rare ones first."""
