"""Pandera on Polars: a schema for each extract, checks written as its guide for Polars shows, all errors collected.

A check of several columns is put on the column it speaks of, since Pandera turns every failing row of a check of
the whole frame into a Python object. Pandera gives the number of each failing row; its key is taken from there.
"""

from __future__ import annotations

import sys

import asked
import in_polars
import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors


def main(folder: str, out: str) -> None:
    """Write (rule_id, record_key) of every failing row."""
    lazy, in_order = in_polars.scan(folder)
    visits, placements = pl.collect_all([in_polars.with_known(lazy, in_order), in_order], engine="streaming")
    failing = [
        _failing(placements, "placement_id", _placements(), "placements"),
        _failing(visits, "visit_id", _visits(), "visits"),
    ]
    pl.concat(failing).write_parquet(out)


def _holds(rule: str, expectation: pl.Expr) -> pa.Check:
    """Return a check that ``expectation`` holds: where it is null it flags nothing."""
    return pa.Check(lambda data: data.lazyframe.select(expectation), error=rule)


def _visits() -> pa.DataFrameSchema:
    late, gap = in_polars.days("visit_date", "recorded_on"), in_polars.days("previous_visit", "visit_date")
    not_seen = pl.col("seen") != "Y"
    return pa.DataFrameSchema(
        {
            "visit_id": pa.Column(str, unique=True),
            "visit_date": pa.Column(
                pl.Date, nullable=False, checks=_holds("visit-gap", gap <= asked.DAYS_BETWEEN_VISITS)
            ),
            "recorded_on": pa.Column(
                pl.Date,
                checks=[
                    _holds("visit-recorded-before", pl.col("recorded_on") >= pl.col("visit_date")),
                    _holds("visit-recorded-late", not_seen | (late <= asked.DAYS_TO_RECORD)),
                ],
            ),
            "seen": pa.Column(
                str, nullable=True, checks=pa.Check.isin(asked.YES_NO, error="contract.visits.seen.codes")
            ),
            "seen_alone": pa.Column(
                str, nullable=True, checks=_holds("visit-alone", not_seen | pl.col("seen_alone").is_not_null())
            ),
            "visit_type": pa.Column(
                str, nullable=True, checks=pa.Check.isin(asked.VISIT_TYPES, error="contract.visits.visit_type.codes")
            ),
            "minutes": pa.Column(
                pl.Int32,
                nullable=True,
                checks=pa.Check.in_range(*asked.MINUTES, error="contract.visits.minutes.range"),
            ),
            "worker_id": pa.Column(
                str, nullable=False, checks=pa.Check.str_matches(asked.WORKER_FORM, error="visit-worker-form")
            ),
            "known": pa.Column(
                bool, nullable=True, checks=_holds("contract.visits.placement_id.references", pl.col("known"))
            ),
        }
    )


def _placements() -> pa.DataFrameSchema:
    no_reason = pl.col("next_start").is_not_null() & pl.col("change_reason").is_null()
    return pa.DataFrameSchema(
        {
            "start_date": pa.Column(
                pl.Date,
                nullable=False,
                checks=_holds("placement-overlap", pl.col("start_date") >= pl.col("ended_before")),
            ),
            "end_date": pa.Column(
                pl.Date,
                nullable=True,
                checks=[
                    _holds("placement-ends-before", pl.col("end_date") >= pl.col("start_date")),
                    _holds("placement-gap", in_polars.days("end_date", "next_start") <= asked.DAYS_BETWEEN_PLACEMENTS),
                ],
            ),
            "placement_type": pa.Column(
                str,
                nullable=True,
                checks=pa.Check.isin(asked.PLACEMENT_TYPES, error="contract.placements.placement_type.codes"),
            ),
            "postcode": pa.Column(
                str, nullable=True, checks=pa.Check.str_matches(asked.POSTCODE_FORM, error="placement-postcode")
            ),
            "change_reason": pa.Column(str, nullable=True, checks=_holds("placement-no-reason", ~no_reason)),
            "weekly_cost": pa.Column(
                nullable=True,
                checks=pa.Check.in_range(*asked.WEEKLY_COST, error="contract.placements.weekly_cost.range"),
            ),
        }
    )


_STRUCTURE = {"not_nullable": "required", "field_uniqueness": "unique"}


def _failing(table: pl.DataFrame, key: str, schema: pa.DataFrameSchema, name: str) -> pl.DataFrame:
    try:
        schema.validate(table, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        structural = pl.col("check").replace_strict(_STRUCTURE, default=None, return_dtype=pl.String)
        rule = pl.coalesce(pl.format(f"contract.{name}.{{}}.{{}}", "column", structural), "check")
        return cases.select(rule_id=rule, record_key=table[key].gather(cases["index"]))
    return pl.DataFrame(schema={"rule_id": pl.String, "record_key": pl.String})


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
