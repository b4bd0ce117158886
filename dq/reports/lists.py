"""The lists of a run: for every team the exceptions that are its own, and for no team those that are nobody's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from dq.model import Figure, RunResult, Scope
from dq.reports import words
from dq.reports.tasks import Task, lines_of, tasks_of
from dq.reports.worth import worth_of

NO_TEAM = "No team"


@dataclass(frozen=True)
class TeamList:
    """One team's figures and tasks and no other's; ``team`` is None for what belongs to no team.

    ``since`` is the month that new ones are counted from; empty where there is no run before to compare with.
    """

    team: str | None
    name: str
    scope: Scope | None
    figures: tuple[Figure, ...]
    tasks: list[Task]
    since: str


def team_lists(result: RunResult) -> Iterator[TeamList]:
    """Yield the list of every team of the run, of any other that exceptions name, and of none if it has exceptions."""
    table = result.findings.exceptions
    owners = table["team_id"].cast(pa.string())
    lines, since = lines_of(result), new_since(result)
    scopes = {scope.id: scope for scope in result.scopes if scope.type == "team"}
    for team in teams_of(result):
        scope = scopes.get(team) if team is not None else None
        own = table.filter(pc.is_null(owners) if team is None else pc.equal(owners, team))
        figures = tuple(figure for figure in result.figures if scope is not None and figure.scope == scope)
        if result.scorecard is not None:
            judged = {line.key for line in result.scorecard.judged}
            # Many a figure of a paper is of work that this team does not do.
            figures = tuple(f for f in figures if f.key in judged and (f.value is not None or not f.available))
        worth = worth_of(result.effects, team, figures)
        tasks = tasks_of(own, lines, worth, result.responses)
        yield TeamList(team, name_of(result, team), scope, figures, tasks, since)


def teams_of(result: RunResult) -> list[str | None]:
    """Return the teams that have a list: those of the run, then any that only exceptions name, then none."""
    known = [scope.id for scope in result.scopes if scope.type == "team"]
    named = set(pc.unique(result.findings.exceptions["team_id"].cast(pa.string())).to_pylist())
    others = sorted(team for team in named - set(known) if team is not None)
    return [*known, *others, *([None] if None in named else [])]


def name_of(result: RunResult, team: str | None) -> str:
    """Return what a team is called: its name, or its id where the run does not know it."""
    if team is None:
        return NO_TEAM
    return next((scope.name for scope in result.scopes if (scope.type, scope.id) == ("team", team)), team)


def new_since(result: RunResult) -> str:
    """Return the month that new ones are counted from: the latest before that the ledger knows; empty without one."""
    return words.month(result.compared_with) if result.compared_with else ""
