"""The pages of a run: the scorecard, a list for each team, and the index that leads to them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dq.model import Rule, RunResult
from dq.reports.guide import Guide
from dq.reports.index_page import write_index
from dq.reports.lists import team_lists
from dq.reports.rule_page import write_rule_pages
from dq.reports.scorecard_page import write_scorecard
from dq.reports.tally import tally
from dq.reports.team_page import write_team

__all__ = ["write_pages", "write_rule_pages"]


def write_pages(result: RunResult, library_rules: Mapping[str, Rule], out: Path, guide: Guide | None = None) -> None:
    """Write ``scorecard.html`` (where the run has a scorecard), ``index.html`` and a page for every team.

    Every exception is on exactly one team's page: one whose team the run does not know has a page by that id, one
    without a team is on ``teams/unallocated.html``. Teams without exceptions have a page that says so. ``guide``
    says where in the case system a record is found.
    """
    rules = {**library_rules, **{found.rule.id: found.rule for found in result.findings.results}}
    counted = tally(result.findings.exceptions, rules)
    if result.scorecard is not None:
        write_scorecard(result, result.scorecard, counted, out)
    for own in team_lists(result):
        write_team(result, own, rules, out, guide or Guide())
    write_index(result, counted, out)
