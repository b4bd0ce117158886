"""The pages of a run: the scorecard, a list for each team, and the index that leads to them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from dq.model import Rule, RunResult
from dq.reports.index_page import write_index
from dq.reports.rule_page import write_rule_pages
from dq.reports.scorecard_page import write_scorecard
from dq.reports.tally import Tally, tally
from dq.reports.team_page import write_team

__all__ = ["write_pages", "write_rule_pages"]


def write_pages(result: RunResult, library_rules: Mapping[str, Rule], team_names: Mapping[str, str], out: Path) -> None:
    """Write ``scorecard.html`` (where the run has a scorecard), ``index.html`` and a page for every team.

    Every exception is on exactly one team's page: one whose team the run does not know has a page by that id, one
    without a team is on ``teams/unallocated.html``. Teams without exceptions have a page that says so.
    """
    rules = {**library_rules, **{found.rule.id: found.rule for found in result.findings.results}}
    counted = tally(result.findings.exceptions, rules)
    if result.scorecard is not None:
        write_scorecard(result, result.scorecard, counted, out)
    pages = _teams(result, counted)
    names = {**team_names, **{scope.id: scope.name for scope in result.scopes if scope.type == "team"}}
    for team in pages:
        own = _of_team(result.findings.exceptions, team)
        write_team(result, team, own, rules, out, name=names.get(team or "", team or "No team"))
    write_index(result, counted, pages, names, out)


def _teams(result: RunResult, counted: Tally) -> list[str | None]:
    """Return the teams to write a page for: those of the run, then any that only exceptions name, then none."""
    known = [scope.id for scope in result.scopes if scope.type == "team"]
    return [*known, *(team for team in counted.teams() if team not in known)]


def _of_team(exceptions: pa.Table, team: str | None) -> pa.Table:
    column = exceptions["team_id"]
    return exceptions.filter(pc.is_null(column) if team is None else pc.equal(column, team))
