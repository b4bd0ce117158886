"""The files of exceptions: exceptions.csv and .parquet, marks.csv, shadow.csv. Names and order are an interface."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from dq.engine.keys import SHADOW
from dq.model import Doubtful, ExceptionRows, Findings
from dq.reports.spreadsheet_text import neutralise_table

EXCEPTION_COLUMNS = (
    "exception_id", "rule_id", "severity", "dimension", "extract", "record_key", "person_id", "team_id", "worker_id",
    "fields", "values", "message", "fix", "indicators", "first_seen", "days_open", "state",
)  # fmt: skip

MARK_COLUMNS = ("exception_id", "extract", "record_key", "field")
"""All that is written of a cell that is doubtful with those of an exception, as marks.csv."""

_TYPES = {"first_seen": pa.date32(), "days_open": pa.int64()}


def write_exceptions(findings: Findings, shadow: Findings | None, out: Path) -> None:
    """Write what was found into ``out``; what is marked beside it, and what rules in shadow found, if there is any."""
    write_rows(findings.rows, EXCEPTION_COLUMNS, out / "exceptions.csv", out / "exceptions.parquet")
    if findings.marks is not None:
        write_rows(findings.marks, MARK_COLUMNS, out / "marks.csv")
    if shadow is not None:
        write_rows(shadow.rows, EXCEPTION_COLUMNS, out / SHADOW)


def write_table(table: pa.Table, path: Path) -> None:
    """Write a table as CSV, with nothing in it that a spreadsheet would run. Raises OSError."""
    pa_csv.write_csv(neutralise_table(table), path)


def write_rows(
    rows: ExceptionRows | Doubtful, columns: Sequence[str], as_csv: Path, as_parquet: Path | None = None
) -> None:
    """Write exceptions, or cells in doubt, as CSV and as Parquet, some at a time: there may be more than fit in memory.

    Raises OSError.
    """
    schema = pa.schema([(name, _TYPES.get(name, pa.string())) for name in columns])
    with ExitStack() as files:
        csv_file = files.enter_context(pa_csv.CSVWriter(as_csv, schema))
        parquet = None
        if as_parquet is not None:
            parquet = files.enter_context(pq.ParquetWriter(as_parquet, schema, compression="zstd"))
        for batch in rows.batches():
            table = pa.Table.from_batches([batch]).select(columns)
            if parquet is not None:
                parquet.write_table(table.cast(schema))
            csv_file.write_table(neutralise_table(table).cast(schema))
