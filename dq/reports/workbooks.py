"""The workbooks of a run: the scorecard, and one for every team with only its own records in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from dq.model import Rule, RunResult
from dq.reports import words
from dq.reports.scorecard_workbook import write_scorecard
from dq.reports.spreadsheet_text import neutralise
from dq.reports.tasks import lines_of, tasks_of
from dq.reports.team_sheets import Team
from dq.reports.team_workbook import write_team_workbook

__all__ = ["neutralise", "write_scorecard_workbook", "write_team_workbooks"]


def write_scorecard_workbook(result: RunResult, out: Path) -> None:
    """Write ``scorecard.xlsx`` into ``out``; nothing where there is no scorecard or no verdict, as after a check."""
    if result.scorecard is not None and result.verdict is not None:
        out.mkdir(parents=True, exist_ok=True)
        write_scorecard(result, result.scorecard, result.verdict, out / "scorecard.xlsx")


def write_team_workbooks(result: RunResult, rules: Mapping[str, Rule], out: Path) -> None:
    """Write ``teams/<team>.xlsx`` into ``out`` for every team, and for every other team id that exceptions name.

    Exceptions of no team go to ``teams/unallocated.xlsx``, so every exception is in exactly one workbook. ``rules``
    maps id to rule, contract rules included.
    """
    folder = out / "teams"
    folder.mkdir(parents=True, exist_ok=True)
    lines = lines_of(result)
    for team_id, name, table in _teams(result):
        figures = [f for f in result.figures if f.scope.type == "team" and f.scope.id == team_id]
        team = Team(name, tasks_of(table, lines), figures, rules)
        write_team_workbook(result, team, folder / f"{words.file_stem(team_id)}.xlsx")


def _teams(result: RunResult) -> Iterator[tuple[str | None, str, pa.Table]]:
    """Yield (team id, name, its exceptions): the known teams, then any other id, then no team if it has exceptions."""
    table = result.findings.exceptions
    owners = table["team_id"].cast(pa.string())
    names = {scope.id: scope.name for scope in result.scopes if scope.type == "team"}
    others = sorted({owner for owner in pc.unique(owners).to_pylist() if owner is not None} - names.keys())
    for team_id in (*names, *others):
        yield team_id, names.get(team_id, team_id), table.filter(pc.equal(owners, team_id))
    if owners.null_count:
        yield None, "No team", table.filter(pc.is_null(owners))
