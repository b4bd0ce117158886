"""DuckDB with one query for each rule, as a folder of SQL tests has it: nothing shared between them."""

from __future__ import annotations

import sys

import asked
import duckdb


def main(folder: str, out: str) -> None:
    """Write (rule_id, record_key) of every failing row."""
    with duckdb.connect() as connection:
        for table in ("visits", "placements"):
            connection.execute(f"CREATE VIEW {table} AS FROM read_parquet('{folder}/{table}.parquet')")
        connection.execute(_IN_ORDER)
        connection.execute("CREATE TABLE failing (rule_id VARCHAR, record_key VARCHAR)")
        for rule, query in _queries().items():
            connection.execute(f"INSERT INTO failing SELECT '{rule}', * FROM ({query})")
        connection.execute(f"COPY failing TO '{out}' (FORMAT parquet)")


_IN_ORDER = """
CREATE VIEW visits_in_order AS
SELECT visit_id, visit_date, lag(visit_date) OVER (PARTITION BY person_id ORDER BY visit_date, visit_id) AS previous
FROM visits;
CREATE VIEW placements_in_order AS
SELECT *, lead(start_date) OVER (PARTITION BY person_id ORDER BY start_date, placement_id) AS next_start,
       max(end_date) OVER (PARTITION BY person_id ORDER BY start_date, placement_id
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS ended_before
FROM placements
"""


def _queries() -> dict[str, str]:
    visits = {
        "contract.visits.visit_date.required": "visit_date IS NULL",
        "contract.visits.worker_id.required": "worker_id IS NULL",
        "contract.visits.visit_type.codes": f"visit_type NOT IN {tuple(asked.VISIT_TYPES)}",
        "contract.visits.seen.codes": f"seen NOT IN {tuple(asked.YES_NO)}",
        "contract.visits.minutes.range": "minutes NOT BETWEEN {} AND {}".format(*asked.MINUTES),
        "contract.visits.placement_id.references": "placement_id NOT IN (SELECT placement_id FROM placements)",
        "contract.visits.visit_id.unique": (
            "visit_id IN (SELECT visit_id FROM visits GROUP BY visit_id HAVING count(*) > 1)"
        ),
        "visit-worker-form": f"NOT regexp_matches(worker_id, '{asked.WORKER_FORM}')",
        "visit-recorded-before": "recorded_on < visit_date",
        "visit-recorded-late": f"seen = 'Y' AND recorded_on - visit_date > {asked.DAYS_TO_RECORD}",
        "visit-alone": "seen = 'Y' AND seen_alone IS NULL",
    }
    placements = {
        "contract.placements.start_date.required": "start_date IS NULL",
        "contract.placements.placement_type.codes": f"placement_type NOT IN {tuple(asked.PLACEMENT_TYPES)}",
        "contract.placements.weekly_cost.range": "weekly_cost NOT BETWEEN {} AND {}".format(*asked.WEEKLY_COST),
        "placement-postcode": f"NOT regexp_matches(postcode, '{asked.POSTCODE_FORM}')",
        "placement-ends-before": "end_date < start_date",
    }
    ordered = {
        "placement-no-reason": "next_start IS NOT NULL AND change_reason IS NULL",
        "placement-gap": f"next_start - end_date > {asked.DAYS_BETWEEN_PLACEMENTS}",
        "placement-overlap": "start_date < ended_before",
    }
    return {
        **{rule: f"SELECT visit_id FROM visits WHERE {fault}" for rule, fault in visits.items()},
        **{rule: f"SELECT placement_id FROM placements WHERE {fault}" for rule, fault in placements.items()},
        **{rule: f"SELECT placement_id FROM placements_in_order WHERE {fault}" for rule, fault in ordered.items()},
        "visit-gap": (
            f"SELECT visit_id FROM visits_in_order WHERE visit_date - previous > {asked.DAYS_BETWEEN_VISITS}"
        ),
    }


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
