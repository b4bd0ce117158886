"""Read every extract of a folder as text into tables, and nothing more: what a check of them is measured against."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

if __name__ == "__main__":
    connection = duckdb.connect()
    for path in sorted(Path(sys.argv[1]).glob("*.csv")):
        connection.execute(f"CREATE TABLE {path.stem} AS SELECT * FROM read_csv('{path}', all_varchar = true)")
