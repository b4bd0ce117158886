"""The workbooks of a run: the scorecard, and one for every team with only its own records in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dq.formulas import neutralise
from dq.model import Rule, RunResult
from dq.reports import words
from dq.reports.guide import Guide
from dq.reports.lists import team_lists
from dq.reports.scorecard_workbook import write_scorecard
from dq.reports.team_workbook import write_team_workbook

__all__ = ["neutralise", "write_scorecard_workbook", "write_team_workbooks"]


def write_scorecard_workbook(result: RunResult, out: Path) -> None:
    """Write ``scorecard.xlsx`` into ``out``; nothing where there is no scorecard or no verdict, as after a check."""
    if result.scorecard is not None and result.verdict is not None:
        out.mkdir(parents=True, exist_ok=True)
        write_scorecard(result, result.scorecard, result.verdict, out / "scorecard.xlsx")


def write_team_workbooks(result: RunResult, rules: Mapping[str, Rule], out: Path, guide: Guide | None = None) -> None:
    """Write ``teams/<team>.xlsx`` into ``out`` for every team, and for every other team id that exceptions name.

    Exceptions of no team go to ``teams/unallocated.xlsx``, so every exception is in exactly one workbook. ``rules``
    maps id to rule, contract rules included. ``guide`` says where in the case system a record is found.
    """
    folder = out / "teams"
    folder.mkdir(parents=True, exist_ok=True)
    for own in team_lists(result):
        write_team_workbook(result, own, rules, folder / f"{words.file_stem(own.team)}.xlsx", guide or Guide())
