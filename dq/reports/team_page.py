"""A team's page: only its own records, the most pressing child first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dq.model import Figure, Rule, RunResult, Scope, Severity
from dq.reports import words
from dq.reports.guide import Guide
from dq.reports.lists import TeamList
from dq.reports.page_kit import write_page
from dq.reports.tasks import Task, by_child, grouped, record_place

SETTLE_SHOWN = 3


@dataclass(frozen=True)
class Summary:
    """The first sentence of a page, in numbers. Two faults of one record are one record to fix."""

    records_to_fix: int
    fresh: int
    faults: int
    oldest: int | None
    records_to_check: int
    for_information: int
    rows: int
    children: int
    waived: int = 0


def write_team(result: RunResult, own: TeamList, rules: Mapping[str, Rule], out: Path, guide: Guide) -> None:
    """Write the page of one team from its own list. A team the extracts do not know has no figures."""
    named = sorted({task.rule_id for task in own.tasks} & rules.keys(), key=lambda rule: rules[rule].title)
    write_page(
        "team.html.j2",
        out / "teams" / f"{words.file_stem(own.team)}.html",
        result=result,
        area=_area_name(result, own.scope),
        name=own.name,
        team=own.team,
        since=own.since,
        figures=own.figures,
        settle=to_settle(own.figures),
        summary=summarise(own.tasks),
        children=by_child(own.tasks),
        first={task.exception_id: record_place(rule) for rule, task in _first_of_rules(own.tasks)},
        rules=[rules[rule] for rule in named],
        places={rule: place for place, rule in enumerate(named)},
        guide=guide,
        arrow=result.scorecard.arrow if result.scorecard else "performance",
    )


def _first_of_rules(tasks: Iterable[Task]) -> Iterator[tuple[str, Task]]:
    """Yield every rule with its first task as the page lists them: one child's together."""
    listed = [task for _, of_child in by_child(tasks) for task in of_child]
    for rule, of_rule in grouped(listed, lambda task: task.rule_id):
        yield rule, of_rule[0]


def _area_name(result: RunResult, scope: Scope | None) -> str | None:
    """Return the name of a team's area; a scope holds its id."""
    if scope is None or scope.area is None:
        return None
    names = {area.id: area.name for area in result.scopes if area.type == "area"}
    return names.get(scope.area, scope.area)


def summarise(tasks: Sequence[Task]) -> Summary:
    """Count what there is to do, and what was waived and so is not."""
    to_do = [task for task in tasks if not task.waived]
    errors = [task for task in to_do if task.severity is Severity.ERROR]
    return Summary(
        records_to_fix=len({task.record for task in errors}),
        fresh=len({task.record for task in errors if task.new}),
        faults=len(errors),
        oldest=max((task.days_open for task in errors if task.days_open is not None), default=None),
        records_to_check=len({task.record for task in to_do if task.severity is Severity.QUERY}),
        for_information=sum(task.severity is Severity.INFORMATION for task in to_do),
        rows=len(tasks),
        children=len({task.child for task in tasks if task.child}),
        waived=len(tasks) - len(to_do),
    )


def to_settle(figures: Iterable[Figure]) -> list[Figure]:
    """Return the few figures whose colour is settled by the fewest records put right: the quickest to settle."""
    return sorted(
        (figure for figure in figures if figure.settle is not None and figure.settled is False),
        key=lambda figure: len(figure.settle.exceptions) if figure.settle else 0,
    )[:SETTLE_SHOWN]
