"""What the 20 rules ask for, as the values that every peer shares: only how they are asked differs."""

from __future__ import annotations

VISIT_TYPES = [f"T{number}" for number in range(10)]
PLACEMENT_TYPES = [f"U{number}" for number in range(1, 7)]
YES_NO = ["Y", "N"]
MINUTES = (5, 600)
WEEKLY_COST = (0, 20_000)
WORKER_FORM = "^W[0-9]{5}$"
POSTCODE_FORM = "^[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}$"
DAYS_TO_RECORD = 10
DAYS_BETWEEN_VISITS = 42
DAYS_BETWEEN_PLACEMENTS = 28
