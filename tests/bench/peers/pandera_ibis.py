"""Pandera on Ibis, which runs in DuckDB: lazy tables over the Parquet files, checks written as Ibis expressions.

Every check is put on the key column, for Pandera reports of a failing row the value of the column that is checked.
Its Narwhals backend is used because it leaves failing rows in DuckDB; the older one makes each a Python dictionary.
"""

from __future__ import annotations

import sys

import asked
import ibis
import pandera.ibis as pa
from ibis import _
from pandera.config import set_config
from pandera.errors import SchemaErrors


def main(folder: str, out: str) -> None:
    """Write (rule_id, record_key) of every failing row."""
    set_config(use_narwhals_backend=True)
    connection = ibis.duckdb.connect()
    visits, placements = (connection.read_parquet(f"{folder}/{table}.parquet") for table in ("visits", "placements"))
    prepared = connection.create_table("prepared", _prepared(visits, placements), temp=True)
    in_order = connection.create_table("in_order", _in_order(placements), temp=True)
    failing = [*_failing(prepared, "visit_id", _visits()), *_failing(in_order, "placement_id", _placements())]
    ibis.union(*failing).to_parquet(out)


def _visits() -> dict[str, ibis.Deferred]:
    not_seen = _.seen != "Y"
    return {
        "contract.visits.visit_date.required": _.visit_date.notnull(),
        "contract.visits.worker_id.required": _.worker_id.notnull(),
        "contract.visits.visit_type.codes": _.visit_type.isin(asked.VISIT_TYPES),
        "contract.visits.seen.codes": _.seen.isin(asked.YES_NO),
        "contract.visits.minutes.range": _.minutes.between(*asked.MINUTES),
        "contract.visits.placement_id.references": _.known,
        "contract.visits.visit_id.unique": _.same_id == 1,
        "visit-worker-form": _.worker_id.re_search(asked.WORKER_FORM),
        "visit-recorded-before": _.recorded_on >= _.visit_date,
        "visit-recorded-late": not_seen | (_.recorded_on.delta(_.visit_date, unit="day") <= asked.DAYS_TO_RECORD),
        "visit-alone": not_seen | _.seen_alone.notnull(),
        "visit-gap": _.visit_date.delta(_.previous_visit, unit="day") <= asked.DAYS_BETWEEN_VISITS,
    }


def _placements() -> dict[str, ibis.Deferred]:
    return {
        "contract.placements.start_date.required": _.start_date.notnull(),
        "contract.placements.placement_type.codes": _.placement_type.isin(asked.PLACEMENT_TYPES),
        "contract.placements.weekly_cost.range": _.weekly_cost.between(*asked.WEEKLY_COST),
        "placement-postcode": _.postcode.re_search(asked.POSTCODE_FORM),
        "placement-ends-before": _.end_date >= _.start_date,
        "placement-no-reason": _.next_start.isnull() | _.change_reason.notnull(),
        "placement-gap": _.next_start.delta(_.end_date, unit="day") <= asked.DAYS_BETWEEN_PLACEMENTS,
        "placement-overlap": _.start_date >= _.ended_before,
    }


def _failing(table: ibis.Table, key: str, expectations: dict[str, ibis.Deferred]) -> list[ibis.Table]:
    checks = [
        pa.Check(lambda data, holds=holds: holds.resolve(data.table), error=rule)
        for rule, holds in expectations.items()
    ]
    try:
        pa.DataFrameSchema({key: pa.Column(str, checks=checks)}).validate(table, lazy=True)
    except SchemaErrors as errors:
        return [errors.failure_cases.select(rule_id=_.check, record_key=_.failure_case)]
    return []


def _prepared(visits: ibis.Table, placements: ibis.Table) -> ibis.Table:
    known = placements.select(known_id="placement_id").distinct()
    by_person = ibis.window(group_by="person_id", order_by=["visit_date", "visit_id"])
    return visits.left_join(known, visits.placement_id == known.known_id).mutate(
        known=_.known_id.notnull() | _.placement_id.isnull(),
        previous_visit=_.visit_date.lag().over(by_person),
        same_id=_.count().over(group_by="visit_id"),
    )


def _in_order(placements: ibis.Table) -> ibis.Table:
    by_person = ibis.window(group_by="person_id", order_by=["start_date", "placement_id"])
    before = ibis.window(group_by="person_id", order_by=["start_date", "placement_id"], preceding=(None, 1))
    return placements.mutate(next_start=_.start_date.lead().over(by_person), ended_before=_.end_date.max().over(before))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
