"""Run suite.json on a database that holds the extracts. Needs great-expectations, SQLAlchemy and a driver; no more.

    python run_suite.py postgresql+psycopg://user@host/database --out results

Writes results/rules.csv, what came of every rule, and results/flagged.csv, the key of every record flagged. Ends with
0 where no rule that matters flags anything, 1 where one does, 2 where it could not be run.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

HERE = Path(__file__).resolve().parent
REFERENCE = ("calendar", "postcodes")


def main(arguments: list[str] | None = None) -> int:
    """Run the suite as the command line asks."""
    parser = argparse.ArgumentParser(description="Run the rules of suite.json on a database that holds the extracts.")
    parser.add_argument("url", help="where the database is, as SQLAlchemy writes it")
    parser.add_argument("--out", type=Path, default=Path("results"), help="the folder to write to")
    parser.add_argument("--prepare", action="store_true", help="make the tables of reference.sql, and stop")
    asked = parser.parse_args(arguments)
    engine = sa.create_engine(asked.url)
    try:
        if asked.prepare:
            return _prepare(engine)
        return _run(engine, asked.url, asked.out)
    except sa.exc.SQLAlchemyError as error:
        print(f"run_suite: {type(error).__name__}: the database refused; is every extract there?", file=sys.stderr)
        return 2
    finally:
        engine.dispose()


def _prepare(engine: sa.Engine) -> int:
    with engine.begin() as connection:
        connection.exec_driver_sql((HERE / "reference.sql").read_text(encoding="utf-8"))
    return 0


def _run(engine: sa.Engine, url: str, out: Path) -> int:
    suite = json.loads((HERE / "suite.json").read_text(encoding="utf-8"))
    empty = {table for table in REFERENCE if not _filled(engine, table)}
    ready = [item for item in suite["expectations"] if not empty & set(item["meta"]["needs"])]
    counts = dict(_counts(url, {**suite, "expectations": ready}))
    out.mkdir(parents=True, exist_ok=True)
    stop = False
    with (
        (out / "rules.csv").open("w", encoding="utf-8", newline="") as rules,
        (out / "flagged.csv").open("w", encoding="utf-8", newline="") as flagged,
        engine.connect() as connection,
    ):
        to_rules, to_flagged = csv.writer(rules), csv.writer(flagged)
        to_rules.writerow(["rule_id", "severity", "status", "flagged", "reason"])
        to_flagged.writerow(["rule_id", "record_key"])
        for item in suite["expectations"]:
            rule, severity = item["meta"]["rule_id"], item["meta"]["severity"]
            count = counts.get(rule)
            missing = sorted(empty & set(item["meta"]["needs"]))
            reason = f"{', '.join(missing)} has no rows" if missing else "its query failed"
            status = "not run" if count is None else "flagged" if count else "passed"
            to_rules.writerow([rule, severity, status, count, reason if count is None else ""])
            if count:
                # The library lists 200 rows of a rule at most, so its own query is asked for all of them.
                to_flagged.writerows((rule, key) for key in _keys(connection, item))
            stop |= count is None or (severity == "error" and count > 0)
    print(f"{len(counts)} of {len(suite['expectations'])} rules run; results in {out}")
    return int(stop)


def _filled(engine: sa.Engine, table: str) -> bool:
    with engine.connect() as connection:
        try:
            return connection.exec_driver_sql(f'SELECT 1 FROM "{table}" LIMIT 1').first() is not None
        except sa.exc.SQLAlchemyError:
            return False


def _counts(url: str, suite: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield rule → how many records it flags, of every rule that the library could run."""
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=ProgressBarsConfig(globally=False),
        analytics_enabled=False,
    )
    source = gx.get_context(mode="ephemeral", project_config=config).data_sources.add_postgres(
        "extracts", connection_string=url
    )
    batch = source.add_query_asset("any", query="SELECT 1 AS one").add_batch_definition_whole_table("any").get_batch()
    try:
        answers = batch.validate(gx.ExpectationSuite(**suite), result_format="BASIC")
    finally:
        source.get_execution_engine().close()
        source.get_engine().dispose()
    for answer in answers.results:
        asked = answer.expectation_config
        if asked is not None and asked.meta is not None and "observed_value" in answer.result:
            yield asked.meta["rule_id"], int(answer.result["observed_value"])


def _keys(connection: sa.Connection, item: dict[str, Any]) -> Iterator[str | None]:
    # The batch is a formality: what a query reads it names itself.
    query = item["kwargs"]["unexpected_rows_query"].format(batch="information_schema.tables")
    for (key,) in connection.execute(sa.text(query)):
        yield key


if __name__ == "__main__":
    sys.exit(main())
