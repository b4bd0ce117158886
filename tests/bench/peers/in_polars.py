"""What the peers on Polars share: the extracts as lazy frames, with the columns that look past one row.

Lazy, so that a peer that needs fewer columns pays for fewer; a peer that takes frames collects them once.
"""

from __future__ import annotations

import polars as pl


def scan(folder: str) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Return visits (previous_visit, days_since_visit) and placements (next_start, days_to_next, ended_before)."""
    visits, placements = (pl.scan_parquet(f"{folder}/{table}.parquet") for table in ("visits", "placements"))
    previous = pl.col("visit_date").shift(1).over("person_id", order_by=["visit_date", "visit_id"], nulls_last=True)
    since = days("previous_visit", "visit_date")
    return visits.with_columns(previous_visit=previous).with_columns(days_since_visit=since), in_order(placements)


def with_known(visits: pl.LazyFrame, placements: pl.LazyFrame) -> pl.LazyFrame:
    """Return ``visits`` with ``known``: whether there is a placement such as the visit names."""
    known = placements.select("placement_id", known=True).unique("placement_id")
    return visits.join(known, on="placement_id", how="left").with_columns(
        known=pl.col("known").fill_null(pl.col("placement_id").is_null())
    )


def days(first: str, last: str) -> pl.Expr:
    """Return the days from ``first`` to ``last``."""
    return (pl.col(last) - pl.col(first)).dt.total_days()


def in_order(placements: pl.LazyFrame) -> pl.LazyFrame:
    """Return ``placements`` with the start of the child's next and the latest end of those before."""

    def windowed(value: pl.Expr) -> pl.Expr:
        return value.over("person_id", order_by=["start_date", "placement_id"], nulls_last=True)

    return placements.with_columns(
        next_start=windowed(pl.col("start_date").shift(-1)),
        ended_before=windowed(pl.col("end_date").cum_max().forward_fill().shift(1)),
    ).with_columns(days_to_next=days("end_date", "next_start"))
