"""What is written of a return by child: issues.csv, the workbook, and the pages."""

from __future__ import annotations

from pathlib import Path

from dq.model import Doubtful, RunResult
from dq.reports.exception_files import write_rows
from dq.reports.return_pages import write_return_pages
from dq.reports.return_workbook import write_return_workbook

ISSUE_COLUMNS = (
    "child_id", "tables_affected", "columns_affected", "row_id", "rule_code", "rule_description", "rule_type",
)  # fmt: skip
"""A line for each cell in doubt and rule, as colleagues know it of the validators on the web."""


def write_by_child(result: RunResult, doubtful: Doubtful, out: Path) -> None:
    """Write ``issues.csv``, ``return.xlsx`` and the pages in ``return/`` into ``out``."""
    write_rows(doubtful, ISSUE_COLUMNS, out / "issues.csv")
    children, tables = doubtful.children(), list(doubtful.tables())
    write_return_workbook(result, children, tables, out)
    write_return_pages(result, children, tables, doubtful.faults(), out / "return")
