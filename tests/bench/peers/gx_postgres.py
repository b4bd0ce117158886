"""Great Expectations on PostgreSQL, where the extracts are already: ``gx_postgres.py FOLDER OUT ADDRESS``.

FOLDER is not read: the tables ``visits`` and ``placements`` at ADDRESS hold the same rows. The columns that look past
one row are computed there, into tables, once.
"""

from __future__ import annotations

import os
import sys

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # it is read when the library is imported

import great_expectations as gx
import in_gx
import pandas as pd
import sqlalchemy as sa

_PREPARED = """
DROP TABLE IF EXISTS gx_visits, gx_placements;
CREATE UNLOGGED TABLE gx_visits AS
SELECT v.visit_id, v.visit_date, v.recorded_on, v.seen, v.seen_alone, v.visit_type, v.minutes, v.worker_id,
       v.recorded_on - v.visit_date AS days_to_record,
       v.visit_date - lag(v.visit_date) OVER (PARTITION BY v.person_id ORDER BY v.visit_date, v.visit_id)
           AS days_since_visit,
       CASE WHEN v.placement_id IS NULL OR p.placement_id IS NOT NULL THEN 'Y' ELSE 'N' END AS known
FROM visits v LEFT JOIN (SELECT DISTINCT placement_id FROM placements) p ON p.placement_id = v.placement_id;
CREATE UNLOGGED TABLE gx_placements AS
SELECT *, next_start - end_date AS days_to_next FROM (
    SELECT *, lead(start_date) OVER (PARTITION BY person_id ORDER BY start_date, placement_id) AS next_start,
           max(end_date) OVER (PARTITION BY person_id ORDER BY start_date, placement_id
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS ended_before
    FROM placements) ordered;
ANALYZE gx_visits, gx_placements
"""
_NO_LIMIT = 1_000_000_000


def main(address: str, out: str) -> None:
    """Write (rule_id, record_key) of every failing row."""
    engine = sa.create_engine(address)
    with engine.begin() as connection:
        connection.execute(sa.text(_PREPARED))
    source = gx.get_context(mode="ephemeral").data_sources.add_postgres("bench", connection_string=address)
    found = []
    for key, suite in (("visit_id", in_gx.visits()), ("placement_id", in_gx.placements())):
        asset = source.add_table_asset(suite.name, table_name=f"gx_{suite.name}")
        batch = asset.add_batch_definition_whole_table("all").get_batch()
        every_row = {
            "unexpected_index_column_names": [key],
            "partial_unexpected_count": _NO_LIMIT,
            "return_unexpected_index_query": False,
        }
        for rule, rows in in_gx.failing(batch, suite, every_row).items():
            keys = [value for row in rows for value in _listed(row[key])]
            found.append(pd.DataFrame({"rule_id": rule, "record_key": keys}, dtype="str"))
    pd.concat(found, ignore_index=True).to_parquet(out)


def _listed(keys: str | list[str]) -> list[str]:
    return keys if isinstance(keys, list) else [keys]


if __name__ == "__main__":
    main(sys.argv[3].replace("postgresql:", "postgresql+psycopg2:"), sys.argv[2])
