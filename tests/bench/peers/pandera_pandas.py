"""Pandera on pandas: a schema for each extract, all errors collected; rows found by the index that Pandera gives.

A check of several columns is a check of the frame that keeps one failure case a row: the guide's own way is one case
for each row *and column*, every one a Python object.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import asked
import in_pandas
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors


def main(folder: str, out: str) -> None:
    """Write (rule_id, record_key) of every failing row."""
    visits, placements = in_pandas.read(folder)
    failing = [
        _failing(visits, "visit_id", _visits(visits), "visits"),
        _failing(placements, "placement_id", _placements(placements), "placements"),
    ]
    pd.concat(failing, ignore_index=True).to_parquet(out)


def _holds(rule: str, expectation: Callable[[], pd.Series]) -> pa.Check:
    """Return a check of a column that ``expectation``, a mask over the whole frame, holds for each row."""
    return pa.Check(lambda _: expectation(), error=rule, ignore_na=False)


def _column(*checks: pa.Check, nullable: bool = True) -> pa.Column:
    return pa.Column(checks=list(checks), nullable=nullable)


def _visits(visits: pd.DataFrame) -> pa.DataFrameSchema:
    def recorded_late() -> pd.Series:
        return (visits["seen"] != "Y") | ~(visits["days_to_record"] > asked.DAYS_TO_RECORD)

    return pa.DataFrameSchema(
        {
            "visit_id": pa.Column(unique=True),
            "visit_date": _column(nullable=False),
            "days_since_visit": _column(pa.Check.le(asked.DAYS_BETWEEN_VISITS, error="visit-gap")),
            "recorded_on": _column(
                _holds("visit-recorded-before", lambda: ~(visits["recorded_on"] < visits["visit_date"])),
                _holds("visit-recorded-late", recorded_late),
            ),
            "seen": _column(pa.Check.isin(asked.YES_NO, error="contract.visits.seen.codes")),
            "seen_alone": _column(
                _holds("visit-alone", lambda: (visits["seen"] != "Y") | visits["seen_alone"].notna())
            ),
            "visit_type": _column(pa.Check.isin(asked.VISIT_TYPES, error="contract.visits.visit_type.codes")),
            "minutes": _column(pa.Check.in_range(*asked.MINUTES, error="contract.visits.minutes.range")),
            "worker_id": _column(pa.Check.str_matches(asked.WORKER_FORM, error="visit-worker-form"), nullable=False),
            "known": _column(pa.Check.eq(True, error="contract.visits.placement_id.references")),
        }
    )


def _placements(placements: pd.DataFrame) -> pa.DataFrameSchema:
    def has_reason() -> pd.Series:
        return placements["next_start"].isna() | placements["change_reason"].notna()

    return pa.DataFrameSchema(
        {
            "start_date": _column(
                _holds("placement-overlap", lambda: ~(placements["start_date"] < placements["ended_before"])),
                nullable=False,
            ),
            "end_date": _column(
                _holds("placement-ends-before", lambda: ~(placements["end_date"] < placements["start_date"]))
            ),
            "days_to_next": _column(pa.Check.le(asked.DAYS_BETWEEN_PLACEMENTS, error="placement-gap")),
            "placement_type": _column(
                pa.Check.isin(asked.PLACEMENT_TYPES, error="contract.placements.placement_type.codes")
            ),
            "postcode": _column(pa.Check.str_matches(asked.POSTCODE_FORM, error="placement-postcode")),
            "change_reason": _column(_holds("placement-no-reason", has_reason)),
            "weekly_cost": _column(
                pa.Check.in_range(*asked.WEEKLY_COST, error="contract.placements.weekly_cost.range")
            ),
        }
    )


_STRUCTURE = {"not_nullable": "required", "field_uniqueness": "unique"}


def _failing(table: pd.DataFrame, key: str, schema: pa.DataFrameSchema, name: str) -> pd.DataFrame:
    try:
        schema.validate(table, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        structural = f"contract.{name}." + cases["column"] + "." + cases["check"].map(_STRUCTURE)
        keys = table[key].to_numpy()[cases["index"].to_numpy(dtype="int64")]
        return pd.DataFrame({"rule_id": structural.fillna(cases["check"]), "record_key": keys})
    return pd.DataFrame({"rule_id": [], "record_key": []})


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
