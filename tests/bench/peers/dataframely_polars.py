"""dataframely on Polars: a schema for each extract, filtered lazily in the streaming engine.

The failing rows come with a column for each rule; they are unpivoted to one row for each rule that a row fails.
"""

# ruff: noqa: N805 - a rule is given its schema, not an instance of it

from __future__ import annotations

import sys

import asked
import dataframely as dy
import in_polars
import polars as pl


class Visits(dy.Schema):
    """A visit, with the visit before it and whether its placement is known."""

    visit_id = dy.String(nullable=True)
    visit_date = dy.Date(nullable=False)
    recorded_on = dy.Date(nullable=True)
    previous_visit = dy.Date(nullable=True)
    known = dy.Bool(nullable=True, check=lambda known: known)
    seen = dy.String(nullable=True, check=lambda seen: seen.is_in(asked.YES_NO))
    seen_alone = dy.String(nullable=True)
    visit_type = dy.String(nullable=True, check=lambda kind: kind.is_in(asked.VISIT_TYPES))
    minutes = dy.Int32(nullable=True, check=lambda minutes: minutes.is_between(*asked.MINUTES))
    worker_id = dy.String(nullable=False, regex=asked.WORKER_FORM)

    @dy.rule()
    def unique(cls) -> pl.Expr:
        return pl.col("visit_id").is_unique()

    @dy.rule()
    def recorded_before(cls) -> pl.Expr:
        return pl.col("recorded_on") >= pl.col("visit_date")

    @dy.rule()
    def recorded_late(cls) -> pl.Expr:
        return (pl.col("seen") != "Y") | (in_polars.days("visit_date", "recorded_on") <= asked.DAYS_TO_RECORD)

    @dy.rule()
    def alone(cls) -> pl.Expr:
        return (pl.col("seen") != "Y") | pl.col("seen_alone").is_not_null()

    @dy.rule()
    def gap(cls) -> pl.Expr:
        return in_polars.days("previous_visit", "visit_date") <= asked.DAYS_BETWEEN_VISITS


class Placements(dy.Schema):
    """A placement, with the start of the next and the latest end of those before."""

    placement_id = dy.String(nullable=True)
    start_date = dy.Date(nullable=False)
    end_date = dy.Date(nullable=True)
    next_start = dy.Date(nullable=True)
    ended_before = dy.Date(nullable=True)
    placement_type = dy.String(nullable=True, check=lambda kind: kind.is_in(asked.PLACEMENT_TYPES))
    postcode = dy.String(nullable=True, regex=asked.POSTCODE_FORM)
    change_reason = dy.String(nullable=True)
    weekly_cost = dy.Float64(nullable=True, check=lambda cost: cost.is_between(*asked.WEEKLY_COST))

    @dy.rule()
    def ends_before(cls) -> pl.Expr:
        return pl.col("end_date") >= pl.col("start_date")

    @dy.rule()
    def no_reason(cls) -> pl.Expr:
        return pl.col("next_start").is_null() | pl.col("change_reason").is_not_null()

    @dy.rule()
    def gap(cls) -> pl.Expr:
        return in_polars.days("end_date", "next_start") <= asked.DAYS_BETWEEN_PLACEMENTS

    @dy.rule()
    def overlap(cls) -> pl.Expr:
        return pl.col("start_date") >= pl.col("ended_before")


_VISIT_RULES = {
    "visit_date|nullability": "contract.visits.visit_date.required",
    "worker_id|nullability": "contract.visits.worker_id.required",
    "visit_type|check": "contract.visits.visit_type.codes",
    "seen|check": "contract.visits.seen.codes",
    "minutes|check": "contract.visits.minutes.range",
    "known|check": "contract.visits.placement_id.references",
    "unique": "contract.visits.visit_id.unique",
    "worker_id|regex": "visit-worker-form",
    "recorded_before": "visit-recorded-before",
    "recorded_late": "visit-recorded-late",
    "alone": "visit-alone",
    "gap": "visit-gap",
}
_PLACEMENT_RULES = {
    "start_date|nullability": "contract.placements.start_date.required",
    "placement_type|check": "contract.placements.placement_type.codes",
    "weekly_cost|check": "contract.placements.weekly_cost.range",
    "postcode|regex": "placement-postcode",
    "ends_before": "placement-ends-before",
    "no_reason": "placement-no-reason",
    "gap": "placement-gap",
    "overlap": "placement-overlap",
}


def main(folder: str, out: str) -> None:
    """Write (rule_id, record_key) of every failing row."""
    visits, placements = in_polars.scan(folder)
    failing = [
        _failing(Visits, in_polars.with_known(visits, placements), "visit_id", _VISIT_RULES),
        _failing(Placements, placements, "placement_id", _PLACEMENT_RULES),
    ]
    pl.concat(failing).sink_parquet(out, engine="streaming")


def _failing(schema: type[dy.Schema], table: pl.LazyFrame, key: str, rules: dict[str, str]) -> pl.LazyFrame:
    _, failure = schema.filter(table)
    # The public way to the failing rows collects them with every column; the lazy frame behind it does not.
    return (
        failure._lf.select(key, *rules)
        .unpivot(index=key, variable_name="rule", value_name="holds")
        .filter(~pl.col("holds"))
        .select(rule_id=pl.col("rule").replace_strict(rules), record_key=key)
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
