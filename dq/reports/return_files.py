"""What is written of a return by child: issues.csv, the workbook, the pages, and lists by team if teams are known."""

from __future__ import annotations

from pathlib import Path

from dq.model import Doubtful, RunResult
from dq.reports.exception_files import write_rows, write_table
from dq.reports.guide import Guide
from dq.reports.lists import team_lists
from dq.reports.return_pages import write_return_pages
from dq.reports.return_workbook import write_return_workbook
from dq.reports.team_page import write_team
from dq.reports.workbooks import write_team_workbooks

ISSUE_COLUMNS = (
    "child_id", "tables_affected", "columns_affected", "row_id", "rule_code", "rule_description", "rule_type",
    "bypass",
)  # fmt: skip
"""A line for each cell in doubt and rule, as colleagues know it of the validators on the web."""


def write_by_child(result: RunResult, doubtful: Doubtful, out: Path) -> None:
    """Write issues.csv, notes.csv, return.xlsx, the pages in ``return/`` and any lists in ``teams/`` into ``out``."""
    write_rows(doubtful, ISSUE_COLUMNS, out / "issues.csv")
    children, tables, notes = doubtful.children(), list(doubtful.tables()), doubtful.notes()
    write_table(notes, out / "notes.csv")
    write_return_workbook(result, children, tables, notes.to_pylist(), out)
    write_return_pages(result, children, tables, doubtful.faults(), out / "return")
    if any(child.team for child in children):
        _write_teams(result, out)


def _write_teams(result: RunResult, out: Path) -> None:
    """Write each team's list, and that of the children of no team, as those of casework are."""
    rules, guide = {one.rule.id: one.rule for one in result.findings.results}, Guide(links=result.project.links)
    write_team_workbooks(result, rules, out, guide)
    for own in team_lists(result):
        write_team(result, own, rules, out, guide)
