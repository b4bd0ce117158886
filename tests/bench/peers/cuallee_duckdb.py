"""cuallee on DuckDB: writes how many rows each rule fails, for it cannot say which."""

from __future__ import annotations

import sys

import duckdb
import in_cuallee

_VIEWS = """
CREATE VIEW visits AS
SELECT v.*, recorded_on - visit_date AS days_to_record,
       visit_date - lag(visit_date) OVER (PARTITION BY person_id ORDER BY visit_date, visit_id) AS days_since_visit,
       count(*) OVER (PARTITION BY visit_id) AS same_id,
       placement_id IS NULL OR EXISTS (
           SELECT 1 FROM read_parquet('{folder}/placements.parquet') p WHERE p.placement_id = v.placement_id
       ) AS known
FROM read_parquet('{folder}/visits.parquet') v;
CREATE VIEW placements AS
SELECT *, next_start - end_date AS days_to_next FROM (
    SELECT *, lead(start_date) OVER (PARTITION BY person_id ORDER BY start_date, placement_id) AS next_start,
           max(end_date) OVER (PARTITION BY person_id ORDER BY start_date, placement_id
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS ended_before
    FROM read_parquet('{folder}/placements.parquet'))
"""


def main(folder: str, out: str) -> None:
    """Write (rule_id, failing)."""
    with duckdb.connect() as connection:
        connection.execute(_VIEWS.format(folder=folder))
        counts = [
            *in_cuallee.counted(
                in_cuallee.VISIT_RULES, in_cuallee.visits("regexp_matches").validate(connection)["violations"]
            ),
            *in_cuallee.counted(
                in_cuallee.PLACEMENT_RULES, in_cuallee.placements("regexp_matches").validate(connection)["violations"]
            ),
        ]
        connection.execute("CREATE TABLE counts (rule_id VARCHAR, failing BIGINT)")
        connection.executemany("INSERT INTO counts VALUES (?, ?)", counts)
        connection.execute(f"COPY counts TO '{out}' (FORMAT parquet)")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
