"""Make the visits and placements of the bench: Parquet, the same bytes for the same size and variant.

``python tests/bench/make_data.py FOLDER ROWS few|many``: four fifths of the rows are visits, one fifth placements.
In ``few`` about 2 rows in 100 fail a rule; in ``many`` two visits in five also lack what one rule asks for.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

VISITS_A_CHILD = 32
PLACEMENTS_A_CHILD = 8

_VISITS = """
CREATE TEMP TABLE visits AS
WITH numbered AS (
    SELECT i, i // {visits_a_child} AS child, i % {visits_a_child} AS place,
           hash(i * 7 + 1) % 100000 AS a, hash(i * 7 + 2) % 100000 AS b, hash(i * 7 + 3) % 100000 AS c
    FROM range({visits}) numbers (i)
), dated AS (
    SELECT *, DATE '2014-01-01' + CAST(place * 28 + a % 11 + CASE WHEN b < 100 THEN 40 ELSE 0 END AS INTEGER) AS day
    FROM numbered
)
SELECT 'V' || lpad(CAST(CASE WHEN a BETWEEN 100 AND 119 THEN i - 1 ELSE i END AS VARCHAR), 9, '0') AS visit_id,
       'C' || lpad(CAST(child AS VARCHAR), 8, '0') AS person_id,
       'P' || lpad(CAST(CASE WHEN a BETWEEN 200 AND 299 THEN {placements} + i
                             ELSE child * {placements_a_child} + place // 4 END AS VARCHAR), 9, '0') AS placement_id,
       CASE WHEN a BETWEEN 300 AND 399 THEN NULL ELSE day END AS visit_date,
       day + CAST(CASE WHEN a BETWEEN 400 AND 599 THEN 11 + b % 30 WHEN a BETWEEN 600 AND 799 THEN -1 - b % 5
                       ELSE b % 10 END AS INTEGER) AS recorded_on,
       CASE WHEN a BETWEEN 800 AND 899 THEN '?' WHEN b % 10 = 0 THEN 'N' ELSE 'Y' END AS seen,
       CASE WHEN a BETWEEN 900 AND 999 OR c < {lacking} THEN NULL WHEN c % 3 = 0 THEN 'N' ELSE 'Y' END AS seen_alone,
       CASE WHEN a BETWEEN 1000 AND 1099 THEN 'ZZ' ELSE 'T' || CAST(c % 10 AS VARCHAR) END AS visit_type,
       CAST(CASE WHEN a BETWEEN 1100 AND 1199 THEN 0 ELSE 5 + c % 590 END AS INTEGER) AS minutes,
       CASE WHEN a BETWEEN 1200 AND 1299 THEN NULL WHEN a BETWEEN 1300 AND 1399 THEN 'w' || CAST(b AS VARCHAR)
            ELSE 'W' || lpad(CAST(b % 2000 AS VARCHAR), 5, '0') END AS worker_id
FROM dated ORDER BY day, i
"""
_PLACEMENTS = """
CREATE TEMP TABLE placements AS
WITH numbered AS (
    SELECT i, i // {placements_a_child} AS child, i % {placements_a_child} AS place,
           hash(i * 5 + 1) % 100000 AS a, hash(i * 5 + 2) % 100000 AS b, hash(i * 5 + 3) % 100000 AS c
    FROM range({placements}) numbers (i)
), dated AS (
    SELECT *, DATE '2014-01-01' + CAST(place * 112 + a % 7 AS INTEGER) AS day FROM numbered
)
SELECT 'P' || lpad(CAST(i AS VARCHAR), 9, '0') AS placement_id,
       'C' || lpad(CAST(child AS VARCHAR), 8, '0') AS person_id,
       CASE WHEN a BETWEEN 100 AND 299 THEN NULL ELSE day END AS start_date,
       CASE WHEN place = {placements_a_child} - 1 THEN NULL WHEN a BETWEEN 300 AND 499 THEN day - 20
            WHEN a BETWEEN 500 AND 699 THEN day + 130 WHEN a BETWEEN 700 AND 899 THEN day + 60 ELSE day + 100 END
           AS end_date,
       CASE WHEN a BETWEEN 900 AND 1099 THEN 'XX' ELSE 'U' || CAST(1 + c % 6 AS VARCHAR) END AS placement_type,
       CASE WHEN a BETWEEN 1100 AND 1299 THEN 'ME1' ELSE 'ME' || CAST(1 + b % 20 AS VARCHAR) || ' ' ||
            CAST(c % 10 AS VARCHAR) || 'AB' END AS postcode,
       CASE WHEN a BETWEEN 1300 AND 1499 OR place = {placements_a_child} - 1 THEN NULL
            ELSE 'R' || CAST(b % 9 AS VARCHAR) END AS change_reason,
       CAST(CASE WHEN a BETWEEN 1500 AND 1699 THEN -1 ELSE 300 + CAST(c AS INTEGER) % 9000 END AS DOUBLE) AS weekly_cost
FROM dated ORDER BY day, i
"""


def make(folder: Path, rows: int, variant: str) -> None:
    """Write ``visits.parquet`` and ``placements.parquet`` to ``folder``."""
    sizes = {
        "visits": rows * 4 // 5,
        "placements": rows // 5,
        "visits_a_child": VISITS_A_CHILD,
        "placements_a_child": PLACEMENTS_A_CHILD,
        "lacking": {"few": 0, "many": 40_000}[variant],
    }
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        for table, statement in (("visits", _VISITS), ("placements", _PLACEMENTS)):
            connection.execute(statement.format(**sizes))
            connection.execute(f"COPY {table} TO '{folder / table}.parquet' (FORMAT parquet)")
            connection.execute(f"DROP TABLE {table}")


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
