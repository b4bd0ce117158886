"""Polars as its guide says for data larger than memory: lazy scans, one streaming query, sunk to Parquet."""

from __future__ import annotations

import sys

import asked
import in_polars
import polars as pl


def main(folder: str, out: str) -> None:
    """Write (rule_id, record_key) of every failing row."""
    visits, placements = (pl.scan_parquet(f"{folder}/{table}.parquet") for table in ("visits", "placements"))
    pl.concat(
        [
            _failing(visits, "visit_id", _visit_faults()),
            _failing(in_polars.in_order(placements), "placement_id", _placement_faults()),
            _unknown_placement(visits, placements),
            _not_unique(visits),
            _visit_gap(visits),
        ]
    ).sink_parquet(out, engine="streaming")


def _visit_faults() -> dict[str, pl.Expr]:
    seen, days = pl.col("seen") == "Y", in_polars.days("visit_date", "recorded_on")
    return {
        "contract.visits.visit_date.required": pl.col("visit_date").is_null(),
        "contract.visits.worker_id.required": pl.col("worker_id").is_null(),
        "contract.visits.visit_type.codes": ~pl.col("visit_type").is_in(asked.VISIT_TYPES),
        "contract.visits.seen.codes": ~pl.col("seen").is_in(asked.YES_NO),
        "contract.visits.minutes.range": ~pl.col("minutes").is_between(*asked.MINUTES),
        "visit-worker-form": ~pl.col("worker_id").str.contains(asked.WORKER_FORM),
        "visit-recorded-before": pl.col("recorded_on") < pl.col("visit_date"),
        "visit-recorded-late": seen & (days > asked.DAYS_TO_RECORD),
        "visit-alone": seen & pl.col("seen_alone").is_null(),
    }


def _placement_faults() -> dict[str, pl.Expr]:
    return {
        "contract.placements.start_date.required": pl.col("start_date").is_null(),
        "contract.placements.placement_type.codes": ~pl.col("placement_type").is_in(asked.PLACEMENT_TYPES),
        "contract.placements.weekly_cost.range": ~pl.col("weekly_cost").is_between(*asked.WEEKLY_COST),
        "placement-postcode": ~pl.col("postcode").str.contains(asked.POSTCODE_FORM),
        "placement-ends-before": pl.col("end_date") < pl.col("start_date"),
        "placement-no-reason": pl.col("next_start").is_not_null() & pl.col("change_reason").is_null(),
        "placement-gap": pl.col("days_to_next") > asked.DAYS_BETWEEN_PLACEMENTS,
        "placement-overlap": pl.col("start_date") < pl.col("ended_before"),
    }


def _failing(table: pl.LazyFrame, key: str, faults: dict[str, pl.Expr]) -> pl.LazyFrame:
    """Return one row for each fault of each row of ``table``, tested in one scan."""
    named = [pl.when(fault).then(pl.lit(rule)) for rule, fault in faults.items()]
    return (
        table.filter(pl.any_horizontal(*faults.values()))
        .select(rule_id=pl.concat_list(named).list.drop_nulls(), record_key=key)
        .explode("rule_id")
    )


def _all(rows: pl.LazyFrame, rule: str) -> pl.LazyFrame:
    return rows.select(rule_id=pl.lit(rule), record_key="visit_id")


def _unknown_placement(visits: pl.LazyFrame, placements: pl.LazyFrame) -> pl.LazyFrame:
    known = visits.filter(pl.col("placement_id").is_not_null())
    return _all(known.join(placements, on="placement_id", how="anti"), "contract.visits.placement_id.references")


def _not_unique(visits: pl.LazyFrame) -> pl.LazyFrame:
    twice = visits.group_by("visit_id").len().filter(pl.col("len") > 1)
    return _all(
        twice.select(pl.col("visit_id").repeat_by("len")).explode("visit_id"), "contract.visits.visit_id.unique"
    )


def _visit_gap(visits: pl.LazyFrame) -> pl.LazyFrame:
    ordered = visits.select("person_id", "visit_date", "visit_id").sort("person_id", "visit_date", "visit_id")
    same = pl.col("person_id") == pl.col("person_id").shift(1)
    gap = (pl.col("visit_date") - pl.col("visit_date").shift(1)).dt.total_days()
    return _all(ordered.filter(same & (gap > asked.DAYS_BETWEEN_VISITS)), "visit-gap")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
