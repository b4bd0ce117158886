"""cuallee on Polars: writes how many rows each rule fails, for it cannot say which."""

from __future__ import annotations

import sys

import in_cuallee
import in_polars
import polars as pl


def main(folder: str, out: str) -> None:
    """Write (rule_id, failing)."""
    visits, placements = in_polars.scan(folder)
    prepared, in_order = pl.collect_all([_prepared(visits, placements), placements], engine="streaming")
    counts = [
        *in_cuallee.counted(in_cuallee.VISIT_RULES, in_cuallee.visits("regexp_like").validate(prepared)["violations"]),
        *in_cuallee.counted(
            in_cuallee.PLACEMENT_RULES, in_cuallee.placements("regexp_like").validate(in_order)["violations"]
        ),
    ]
    pl.DataFrame(counts, schema=["rule_id", "failing"], orient="row").write_parquet(out)


def _prepared(visits: pl.LazyFrame, placements: pl.LazyFrame) -> pl.LazyFrame:
    same_id = pl.col("visit_id").is_duplicated().cast(pl.Int8) + 1
    to_record = in_polars.days("visit_date", "recorded_on")
    return in_polars.with_known(visits, placements).with_columns(same_id=same_id, days_to_record=to_record)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
