"""pandas by hand: one mask for each rule over frames held in memory."""

from __future__ import annotations

import sys

import asked
import in_pandas
import pandas as pd


def main(folder: str, out: str) -> None:
    """Write (rule_id, record_key) of every failing row."""
    visits, placements = in_pandas.read(folder)
    failing = [
        pd.DataFrame({"rule_id": rule, "record_key": table.loc[fault, key]})
        for table, key, faults in (
            (visits, "visit_id", _visit_faults(visits)),
            (placements, "placement_id", _placement_faults(placements)),
        )
        for rule, fault in faults.items()
    ]
    pd.concat(failing, ignore_index=True).to_parquet(out)


def _outside(column: pd.Series, allowed: list[str]) -> pd.Series:
    return ~column.isin(allowed) & column.notna()


def _of_another_form(column: pd.Series, form: str) -> pd.Series:
    return ~column.str.match(form) & column.notna()


def _visit_faults(visits: pd.DataFrame) -> dict[str, pd.Series]:
    seen = visits["seen"] == "Y"
    return {
        "contract.visits.visit_date.required": visits["visit_date"].isna(),
        "contract.visits.worker_id.required": visits["worker_id"].isna(),
        "contract.visits.visit_type.codes": _outside(visits["visit_type"], asked.VISIT_TYPES),
        "contract.visits.seen.codes": _outside(visits["seen"], asked.YES_NO),
        "contract.visits.minutes.range": ~visits["minutes"].between(*asked.MINUTES),
        "contract.visits.placement_id.references": ~visits["known"],
        "contract.visits.visit_id.unique": visits["visit_id"].duplicated(keep=False),
        "visit-worker-form": _of_another_form(visits["worker_id"], asked.WORKER_FORM),
        "visit-recorded-before": visits["recorded_on"] < visits["visit_date"],
        "visit-recorded-late": seen & (visits["days_to_record"] > asked.DAYS_TO_RECORD),
        "visit-alone": seen & visits["seen_alone"].isna(),
        "visit-gap": visits["days_since_visit"] > asked.DAYS_BETWEEN_VISITS,
    }


def _placement_faults(placements: pd.DataFrame) -> dict[str, pd.Series]:
    cost = placements["weekly_cost"]
    return {
        "contract.placements.start_date.required": placements["start_date"].isna(),
        "contract.placements.placement_type.codes": _outside(placements["placement_type"], asked.PLACEMENT_TYPES),
        "contract.placements.weekly_cost.range": ~cost.between(*asked.WEEKLY_COST) & cost.notna(),
        "placement-postcode": _of_another_form(placements["postcode"], asked.POSTCODE_FORM),
        "placement-ends-before": placements["end_date"] < placements["start_date"],
        "placement-no-reason": placements["next_start"].notna() & placements["change_reason"].isna(),
        "placement-gap": placements["days_to_next"] > asked.DAYS_BETWEEN_PLACEMENTS,
        "placement-overlap": placements["start_date"] < placements["ended_before"],
    }


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
