"""Authorities that do not exist, made from recipes: sound records with known figures, or with known defects in them."""

from __future__ import annotations

from dq.sample.whole import SampleSummary, write_sample

__all__ = ["SampleSummary", "write_sample"]
