"""The checks of cuallee, the same for each engine it runs on. It counts failing rows and cannot say which they are.

A predicate is used where cuallee's own check would count an empty value as failing.
"""

from __future__ import annotations

from collections.abc import Iterable

import asked
from cuallee import Check

VISIT_RULES = [
    "contract.visits.visit_date.required",
    "contract.visits.worker_id.required",
    "contract.visits.visit_type.codes",
    "contract.visits.seen.codes",
    "contract.visits.minutes.range",
    "contract.visits.placement_id.references",
    "contract.visits.visit_id.unique",
    "visit-worker-form",
    "visit-recorded-before",
    "visit-recorded-late",
    "visit-alone",
    "visit-gap",
]
PLACEMENT_RULES = [
    "contract.placements.start_date.required",
    "contract.placements.placement_type.codes",
    "contract.placements.weekly_cost.range",
    "placement-postcode",
    "placement-ends-before",
    "placement-no-reason",
    "placement-gap",
    "placement-overlap",
]


def visits(regex: str) -> Check:
    """Return the checks of ``visits``, with the name that the engine gives to a test by regular expression."""
    check = Check(0, "visits", table_name="visits")
    check.is_complete("visit_date").is_complete("worker_id")
    check.is_contained_in("visit_type", tuple(asked.VISIT_TYPES)).is_contained_in("seen", tuple(asked.YES_NO))
    check.is_between("minutes", asked.MINUTES)
    check.satisfies("known", "known")
    check.satisfies("same_id", "same_id = 1")
    check.satisfies("worker_id", f"worker_id IS NULL OR {regex}(worker_id, '{asked.WORKER_FORM}')")
    check.satisfies("recorded_on", _holds("recorded_on >= visit_date"))
    check.satisfies("recorded_on", _holds(f"seen <> 'Y' OR days_to_record <= {asked.DAYS_TO_RECORD}"))
    check.satisfies("seen_alone", _holds("seen <> 'Y' OR seen_alone IS NOT NULL"))
    check.satisfies("visit_date", _holds(f"days_since_visit <= {asked.DAYS_BETWEEN_VISITS}"))
    return check


def placements(regex: str) -> Check:
    """Return the checks of ``placements``."""
    check = Check(0, "placements", table_name="placements")
    check.is_complete("start_date")
    check.is_contained_in("placement_type", tuple(asked.PLACEMENT_TYPES))
    check.is_between("weekly_cost", asked.WEEKLY_COST)
    check.satisfies("postcode", f"postcode IS NULL OR {regex}(postcode, '{asked.POSTCODE_FORM}')")
    check.satisfies("end_date", _holds("end_date >= start_date"))
    check.satisfies("change_reason", "next_start IS NULL OR change_reason IS NOT NULL")
    check.satisfies("end_date", _holds(f"days_to_next <= {asked.DAYS_BETWEEN_PLACEMENTS}"))
    check.satisfies("start_date", _holds("start_date >= ended_before"))
    return check


def counted(rules: list[str], violations: Iterable[float]) -> list[tuple[str, int]]:
    """Return (rule, failing rows): cuallee answers in the order in which it was asked."""
    return [(rule, round(failing)) for rule, failing in zip(rules, violations, strict=True)]


def _holds(predicate: str) -> str:
    return f"coalesce({predicate}, true)"
