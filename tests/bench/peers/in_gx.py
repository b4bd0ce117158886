"""The expectations of Great Expectations, the same for each engine it runs on; each says which rule it is."""

from __future__ import annotations

from typing import Any

import asked
import great_expectations as gx
from great_expectations.datasource.fluent.interfaces import Batch
from great_expectations.expectations.row_conditions import Column

_SEEN = {"row_condition": Column("seen") == "Y"}


def visits() -> gx.ExpectationSuite:
    """Return the expectations of visits, with columns days_to_record, days_since_visit and known."""
    return _suite(
        "visits",
        {
            "contract.visits.visit_date.required": _not_null("visit_date"),
            "contract.visits.worker_id.required": _not_null("worker_id"),
            "contract.visits.visit_type.codes": _in_set("visit_type", asked.VISIT_TYPES),
            "contract.visits.seen.codes": _in_set("seen", asked.YES_NO),
            "contract.visits.minutes.range": _between("minutes", *asked.MINUTES),
            "contract.visits.placement_id.references": _in_set("known", ["Y"]),
            "contract.visits.visit_id.unique": gx.expectations.ExpectColumnValuesToBeUnique(column="visit_id"),
            "visit-worker-form": _regex("worker_id", asked.WORKER_FORM),
            "visit-recorded-before": _not_before("recorded_on", "visit_date"),
            "visit-recorded-late": _between("days_to_record", None, asked.DAYS_TO_RECORD, **_SEEN),
            "visit-alone": _not_null("seen_alone", **_SEEN),
            "visit-gap": _between("days_since_visit", None, asked.DAYS_BETWEEN_VISITS),
        },
    )


def placements() -> gx.ExpectationSuite:
    """Return the expectations of placements, with columns next_start, days_to_next and ended_before."""
    has_next = Column("next_start").is_not_null()
    return _suite(
        "placements",
        {
            "contract.placements.start_date.required": _not_null("start_date"),
            "contract.placements.placement_type.codes": _in_set("placement_type", asked.PLACEMENT_TYPES),
            "contract.placements.weekly_cost.range": _between("weekly_cost", *asked.WEEKLY_COST),
            "placement-postcode": _regex("postcode", asked.POSTCODE_FORM),
            "placement-ends-before": _not_before("end_date", "start_date"),
            "placement-no-reason": _not_null("change_reason", row_condition=has_next),
            "placement-gap": _between("days_to_next", None, asked.DAYS_BETWEEN_PLACEMENTS),
            "placement-overlap": _not_before("start_date", "ended_before"),
        },
    )


def failing(batch: Batch, suite: gx.ExpectationSuite, result_format: dict[str, Any]) -> dict[str, list[Any]]:
    """Return rule -> ``unexpected_index_list``, every failing row of it as ``result_format`` asks."""
    asked_for = {"result_format": "COMPLETE", "exclude_unexpected_values": True, **result_format}
    outcome = batch.validate(suite, result_format=asked_for)
    found = {}
    for result in outcome.results:
        rule = result.expectation_config.meta["rule"]
        if result.exception_info.get("raised_exception", False) or "unexpected_count" not in result.result:
            raise SystemExit(f"{rule}: {result.exception_info}")
        found[rule] = result.result.get("unexpected_index_list") or []
    return found


def _suite(name: str, expectations: dict[str, gx.expectations.Expectation]) -> gx.ExpectationSuite:
    for rule, expectation in expectations.items():
        expectation.meta = {"rule": rule}
    return gx.ExpectationSuite(name=name, expectations=list(expectations.values()))


def _not_null(column: str, **more: Any) -> gx.expectations.Expectation:
    return gx.expectations.ExpectColumnValuesToNotBeNull(column=column, **more)


def _in_set(column: str, values: list[str]) -> gx.expectations.Expectation:
    return gx.expectations.ExpectColumnValuesToBeInSet(column=column, value_set=values)


def _between(column: str, lowest: int | None, highest: int, **more: Any) -> gx.expectations.Expectation:
    return gx.expectations.ExpectColumnValuesToBeBetween(column=column, min_value=lowest, max_value=highest, **more)


def _regex(column: str, form: str) -> gx.expectations.Expectation:
    return gx.expectations.ExpectColumnValuesToMatchRegex(column=column, regex=form)


def _not_before(later: str, earlier: str) -> gx.expectations.Expectation:
    return gx.expectations.ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=later, column_B=earlier, or_equal=True, ignore_row_if="either_value_is_missing"
    )
