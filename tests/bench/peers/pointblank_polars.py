"""pointblank on Polars: one plan for each extract, its own step for each rule, and the extract of its failing rows.

The cap on an extract (500 rows unless told) is lifted; each extract repeats the whole row, of which the key is kept.
"""

from __future__ import annotations

import sys

import asked
import in_polars
import pointblank as pb
import polars as pl

_NO_LIMIT = 1_000_000_000


def main(folder: str, out: str) -> None:
    """Write (rule_id, record_key) of every failing row."""
    visits, placements = pl.collect_all(in_polars.scan(folder), engine="streaming")
    failing = [
        *_failing(_visits(visits, placements), "visit_id"),
        *_failing(_placements(placements), "placement_id"),
    ]
    pl.concat(failing).write_parquet(out)


def _visits(table: pl.DataFrame, placements: pl.DataFrame) -> pb.Validate:
    not_seen = pl.col("seen") != "Y"
    late = in_polars.days("visit_date", "recorded_on") > asked.DAYS_TO_RECORD
    return (
        pb.Validate(table)
        .col_vals_not_null("visit_date", brief="contract.visits.visit_date.required")
        .col_vals_not_null("worker_id", brief="contract.visits.worker_id.required")
        .col_vals_in_set("visit_type", [*asked.VISIT_TYPES, None], brief="contract.visits.visit_type.codes")
        .col_vals_in_set("seen", [*asked.YES_NO, None], brief="contract.visits.seen.codes")
        .col_vals_between("minutes", *asked.MINUTES, na_pass=True, brief="contract.visits.minutes.range")
        .col_vals_in_table(
            "placement_id",
            placements,
            "placement_id",
            na_pass=True,
            brief="contract.visits.placement_id.references",
        )
        .rows_distinct(["visit_id"], brief="contract.visits.visit_id.unique")
        .col_vals_regex("worker_id", asked.WORKER_FORM, na_pass=True, brief="visit-worker-form")
        .col_vals_ge("recorded_on", pb.col("visit_date"), na_pass=True, brief="visit-recorded-before")
        .col_vals_expr(_holds(not_seen | ~late), brief="visit-recorded-late")
        .col_vals_expr(_holds(not_seen | pl.col("seen_alone").is_not_null()), brief="visit-alone")
        .col_vals_le("days_since_visit", asked.DAYS_BETWEEN_VISITS, na_pass=True, brief="visit-gap")
    )


def _placements(table: pl.DataFrame) -> pb.Validate:
    no_reason = pl.col("next_start").is_not_null() & pl.col("change_reason").is_null()
    return (
        pb.Validate(table)
        .col_vals_not_null("start_date", brief="contract.placements.start_date.required")
        .col_vals_in_set(
            "placement_type", [*asked.PLACEMENT_TYPES, None], brief="contract.placements.placement_type.codes"
        )
        .col_vals_between(
            "weekly_cost", *asked.WEEKLY_COST, na_pass=True, brief="contract.placements.weekly_cost.range"
        )
        .col_vals_regex("postcode", asked.POSTCODE_FORM, na_pass=True, brief="placement-postcode")
        .col_vals_ge("end_date", pb.col("start_date"), na_pass=True, brief="placement-ends-before")
        .col_vals_expr(~no_reason, brief="placement-no-reason")
        .col_vals_le("days_to_next", asked.DAYS_BETWEEN_PLACEMENTS, na_pass=True, brief="placement-gap")
        .col_vals_ge("start_date", pb.col("ended_before"), na_pass=True, brief="placement-overlap")
    )


def _failing(validation: pb.Validate, key: str) -> list[pl.DataFrame]:
    done = validation.interrogate(collect_tbl_checked=False, extract_limit=_NO_LIMIT)
    extracts = done.get_data_extracts()
    return [
        extracts[step.i].select(rule_id=pl.lit(step.brief), record_key=key)
        for step in done.validation_info
        if len(extracts.get(step.i, []))
    ]


def _holds(expectation: pl.Expr) -> pl.Expr:
    """Return ``expectation`` where nothing that is not known flags a row."""
    return expectation.fill_null(value=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
