"""Faults in the records of posts, supervision, oversight and audits."""

from __future__ import annotations

from dq.sample.defects.defect import Fault

FAULTS: tuple[Fault, ...] = ()
"""Every kind of fault in them, rare ones first."""
