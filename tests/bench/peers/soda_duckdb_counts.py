"""Soda on DuckDB, a data contract for each extract: writes how many rows each rule fails.

The open edition counts and says pass or fail; it lists failing rows only to its vendor's warehouse, which is sold.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ["SODA_CORE_TELEMETRY_ENABLED"] = "false"  # it is read when the library is imported

import duckdb
from soda_core.contracts import verify_contract_locally
from soda_core.contracts.contract_verification import CheckResult
from soda_duckdb import DuckDBDataSource

_CONTRACTS = Path(__file__).parent / "soda_contracts"
_VIEWS = """
CREATE VIEW visits AS FROM read_parquet('{folder}/visits.parquet');
CREATE VIEW placements AS
SELECT *, lead(start_date) OVER (PARTITION BY person_id ORDER BY start_date, placement_id) AS next_start,
       max(end_date) OVER (PARTITION BY person_id ORDER BY start_date, placement_id
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS ended_before
FROM read_parquet('{folder}/placements.parquet')
"""


def main(folder: str, out: str) -> None:
    """Write (rule_id, failing)."""
    with duckdb.connect() as connection:
        connection.execute(_VIEWS.format(folder=folder))
        source = DuckDBDataSource.from_existing_cursor(connection, name="bench")
        counts = [_count(check) for extract in ("visits", "placements") for check in _verified(source, extract)]
        connection.execute("CREATE TABLE counts (rule_id VARCHAR, failing BIGINT)")
        connection.executemany("INSERT INTO counts VALUES (?, ?)", counts)
        connection.execute(f"COPY counts TO '{out}' (FORMAT parquet)")


def _verified(source: DuckDBDataSource, extract: str) -> list[CheckResult]:
    session = verify_contract_locally(data_sources=[source], contract_file_path=str(_CONTRACTS / f"{extract}.yml"))
    if session.has_errors:
        raise SystemExit(session.get_errors_str())
    return session.contract_verification_results[0].check_results


def _count(check: CheckResult) -> tuple[str, int]:
    return check.check.name, int(check.threshold_value or 0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
