"""The 20 rules of the bench as one statement that a good analyst would write by hand for DuckDB: the yardstick.

``python tests/bench/fused.py FOLDER OUT.parquet`` writes (rule_id, record_key) for every failing row. What looks
at one row is tested in one scan of each file; what needs neighbours, duplicates or another table is a narrow
scan of its own, for that is faster here than carrying every column through a sort.
"""

from __future__ import annotations

import sys

import duckdb

_VISITS = {
    "contract.visits.visit_date.required": "visit_date IS NULL",
    "contract.visits.worker_id.required": "worker_id IS NULL",
    "contract.visits.visit_type.codes": (
        "visit_type NOT IN ('T0', 'T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'T8', 'T9')"
    ),
    "contract.visits.seen.codes": "seen NOT IN ('Y', 'N')",
    "contract.visits.minutes.range": "minutes NOT BETWEEN 5 AND 600",
    "visit-worker-form": "NOT regexp_full_match(worker_id, 'W[0-9]{5}')",
    "visit-recorded-before": "recorded_on < visit_date",
    "visit-recorded-late": "seen = 'Y' AND date_diff('day', visit_date, recorded_on) > 10",
    "visit-alone": "seen = 'Y' AND seen_alone IS NULL",
}
_PLACEMENTS = {
    "contract.placements.start_date.required": "start_date IS NULL",
    "contract.placements.placement_type.codes": "placement_type NOT IN ('U1', 'U2', 'U3', 'U4', 'U5', 'U6')",
    "contract.placements.weekly_cost.range": "weekly_cost NOT BETWEEN 0 AND 20000",
    "placement-postcode": "NOT regexp_full_match(postcode, '[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}')",
    "placement-ends-before": "end_date < start_date",
    "placement-no-reason": "next_start IS NOT NULL AND change_reason IS NULL",
    "placement-gap": "date_diff('day', end_date, next_start) > 28",
    "placement-overlap": "start_date < ended_before",
}


def statement(folder: str) -> str:
    """Return the whole SELECT of (rule_id, record_key) over the Parquet files of ``folder``."""
    visits, placements = f"read_parquet('{folder}/visits.parquet')", f"read_parquet('{folder}/placements.parquet')"
    ordered = f"""(
        SELECT *, lead(start_date) OVER (PARTITION BY person_id ORDER BY start_date, placement_id) AS next_start,
               max(end_date) OVER (PARTITION BY person_id ORDER BY start_date, placement_id
                                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS ended_before
        FROM {placements})"""
    return f"""
        {_one_scan("visit_id", _VISITS, visits)}
        UNION ALL
        SELECT 'contract.visits.placement_id.references', visit_id FROM {visits} v
        WHERE placement_id IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM {placements} p WHERE p.placement_id = v.placement_id)
        UNION ALL
        SELECT 'contract.visits.visit_id.unique', visit_id FROM {visits}
        WHERE visit_id IN (SELECT visit_id FROM {visits} GROUP BY visit_id HAVING count(*) > 1)
        UNION ALL
        SELECT 'visit-gap', visit_id FROM (
            SELECT visit_id, visit_date,
                   lag(visit_date) OVER (PARTITION BY person_id ORDER BY visit_date, visit_id) AS previous
            FROM {visits})
        WHERE date_diff('day', previous, visit_date) > 42
        UNION ALL
        {_one_scan("placement_id", _PLACEMENTS, ordered)}"""


def _one_scan(key: str, faults: dict[str, str], table: str) -> str:
    """Return the SELECT that tests all ``faults`` in one reading: a row appears once for each that it has."""
    any_fault = " OR ".join(f"({fault})" for fault in faults.values())
    named = ", ".join(f"CASE WHEN {fault} THEN '{rule}' END" for rule, fault in faults.items())
    return (
        f"SELECT rule_id, record_key FROM (SELECT unnest([{named}]) AS rule_id, {key} AS record_key "
        f"FROM {table} WHERE {any_fault}) WHERE rule_id IS NOT NULL"
    )


if __name__ == "__main__":
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(f"COPY ({statement(sys.argv[1])}) TO '{sys.argv[2]}' (FORMAT parquet)")
