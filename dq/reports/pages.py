"""The pages of a run: the scorecard, one for each of its figures and each team's list, and the index to them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dq.model import Rule, RunResult
from dq.reports.commentary import Commentary
from dq.reports.guide import Guide
from dq.reports.index_page import write_index
from dq.reports.indicator_page import write_indicator_pages
from dq.reports.lists import team_lists
from dq.reports.rule_page import write_rule_pages
from dq.reports.scorecard_page import write_scorecard
from dq.reports.tally import tally
from dq.reports.team_page import write_team

__all__ = ["write_pages", "write_rule_pages"]


def write_pages(
    result: RunResult,
    library_rules: Mapping[str, Rule],
    out: Path,
    guide: Guide | None = None,
    commentary: Mapping[str, Commentary] | None = None,
) -> None:
    """Write ``index.html``, a page for every team and, of a run with a scorecard, that and a page for each figure.

    Every exception is on exactly one team's page: one whose team the run does not know has a page by that id, one
    without a team is on ``teams/unallocated.html``. Teams without exceptions have a page that says so. ``guide``
    says where in the case system a record is found; ``commentary`` is what managers wrote, by measure.
    """
    rules = {**library_rules, **{found.rule.id: found.rule for found in result.findings.results}}
    counted = tally(result.findings.exceptions, rules)
    if result.scorecard is not None:
        write_scorecard(result, result.scorecard, counted, out)
        write_indicator_pages(result, result.scorecard, rules, counted, commentary or {}, out)
    for own in team_lists(result):
        write_team(result, own, rules, out, guide or Guide())
    write_index(result, counted, out)
