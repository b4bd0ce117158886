"""A team's page: only its own records, the most pressing child first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from dq.model import Figure, Rule, RunResult, Scope, Severity
from dq.reports import words
from dq.reports.page_kit import write_page
from dq.reports.scorecard_page import figures_of
from dq.reports.tasks import Task, lines_of, tasks_of

SETTLE_SHOWN = 3


@dataclass(frozen=True)
class Summary:
    """The first sentence of a page, in numbers. Two faults of one record are one record to fix."""

    records_to_fix: int
    faults: int
    oldest: int | None
    records_to_check: int
    for_information: int


def write_team(
    result: RunResult, team: str | None, table: pa.Table, rules: Mapping[str, Rule], out: Path, *, name: str
) -> None:
    """Write the page of one team from its own exceptions, or of no team where ``team`` is None.

    ``table`` holds this team's exceptions and no other's. A team the extracts do not know has no figures.
    """
    scope = next((scope for scope in result.scopes if (scope.type, scope.id) == ("team", team)), None)
    figures = figures_of(result, scope) if scope else ()
    tasks = tasks_of(table, lines_of(result))
    named = sorted({task.rule_id for task in tasks} & rules.keys(), key=lambda rule: rules[rule].title)
    write_page(
        "team.html.j2",
        out / "teams" / f"{words.file_stem(team)}.html",
        result=result,
        area=_area_name(result, scope),
        name=name,
        team=team,
        figures=figures,
        settle=to_settle(figures),
        summary=summarise(tasks),
        children=by_child(tasks),
        rules=[rules[rule] for rule in named],
        arrow=result.scorecard.arrow if result.scorecard else "performance",
    )


def _area_name(result: RunResult, scope: Scope | None) -> str | None:
    """Return the name of a team's area; a scope holds its id."""
    if scope is None or scope.area is None:
        return None
    names = {area.id: area.name for area in result.scopes if area.type == "area"}
    return names.get(scope.area, scope.area)


def by_child(tasks: Iterable[Task]) -> list[tuple[str, list[Task]]]:
    """Return (child or record, its tasks) in the order of each one's most pressing task."""
    groups: dict[str, list[Task]] = {}
    for task in tasks:
        groups.setdefault(task.child or task.record, []).append(task)
    return list(groups.items())


def summarise(tasks: Sequence[Task]) -> Summary:
    """Count what there is to do."""
    errors = [task for task in tasks if task.severity is Severity.ERROR]
    return Summary(
        records_to_fix=len({task.record for task in errors}),
        faults=len(errors),
        oldest=max((task.days_open for task in errors if task.days_open is not None), default=None),
        records_to_check=len({task.record for task in tasks if task.severity is Severity.QUERY}),
        for_information=sum(task.severity is Severity.INFORMATION for task in tasks),
    )


def to_settle(figures: Iterable[Figure]) -> list[Figure]:
    """Return the few unsettled figures that the fewest open exceptions leave so: the quickest to settle."""
    unsettled = [figure for figure in figures if figure.settled is False and figure.open_exceptions]
    return sorted(unsettled, key=lambda figure: figure.open_exceptions)[:SETTLE_SHOWN]
