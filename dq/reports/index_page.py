"""The index of a run: what loaded, what ran, what was found, and where every list is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dq.model import Dimension, RuleResult, RunResult, Severity, Status
from dq.reports import words
from dq.reports.page_kit import write_page
from dq.reports.tally import Tally

_NOT_RUN = (Status.ERROR, Status.SKIPPED)
_STATUS_ORDER = (Status.ERROR, Status.SKIPPED, Status.FLAGGED, Status.PASSED, Status.NOT_APPLICABLE)
_HEAT_STEPS = 4


@dataclass(frozen=True)
class HeatRow:
    """One rule of the heat table: its exceptions in all, then (team, count, heat from 0 to 4) for each team."""

    result: RuleResult
    total: int
    cells: tuple[tuple[str | None, int, int], ...]


@dataclass(frozen=True)
class TeamLink:
    """A team's page and workbook, and how many exceptions are on them."""

    team: str | None
    name: str
    stem: str
    exceptions: int


def write_index(
    result: RunResult, counted: Tally, teams: Sequence[str | None], names: Mapping[str, str], out: Path
) -> None:
    """Write ``out/index.html``. ``teams`` are those with a page, in order; None is the page of no team."""
    results = result.findings.results
    write_page(
        "index.html.j2",
        out / "index.html",
        result=result,
        counts=result.findings.counts(),
        not_run=[found for found in results if found.status in _NOT_RUN],
        rules=sorted(results, key=lambda found: (_STATUS_ORDER.index(found.status), -found.flagged, found.rule.id)),
        severities=list(Severity),
        by_dimension=by_dimension(results),
        heat=heat(results, counted),
        heat_teams=[_link(team, counted, names) for team in counted.teams()],
        teams=[_link(team, counted, names) for team in teams],
        total=sum(counted.by_rule_and_team.values()),
        took=(result.finished_at - result.started_at).total_seconds(),
    )


def by_dimension(results: Sequence[RuleResult]) -> list[tuple[Dimension, tuple[int, ...], int]]:
    """Return (dimension, exceptions of each severity, exceptions in all)."""
    table = []
    for dimension in Dimension:
        row = tuple(
            sum(r.flagged for r in results if r.rule.dimension is dimension and r.rule.severity is severity)
            for severity in Severity
        )
        table.append((dimension, row, sum(row)))
    return table


def heat(results: Sequence[RuleResult], counted: Tally) -> list[HeatRow]:
    """Return the rules that flagged anything, most exceptions first, with a count for each team that has any."""
    most = max(counted.by_rule_and_team.values(), default=0)
    totals = counted.of_rule()
    rows = []
    for found in sorted(results, key=lambda found: (-totals[found.rule.id], found.rule.id)):
        if totals[found.rule.id]:
            counts = ((team, counted.by_rule_and_team.get((found.rule.id, team), 0)) for team in counted.teams())
            cells = tuple((team, count, _heat_of(count, most)) for team, count in counts)
            rows.append(HeatRow(found, totals[found.rule.id], cells))
    return rows


def _heat_of(count: int, most: int) -> int:
    """Return how dark a cell is. By the square root, so that one bad team does not bleach the rest."""
    return 0 if count == 0 else min(_HEAT_STEPS, 1 + int(_HEAT_STEPS * (count / most) ** 0.5 * 0.999))


def _link(team: str | None, counted: Tally, names: Mapping[str, str]) -> TeamLink:
    name = "No team" if team is None else names.get(team, team)
    return TeamLink(team, name, words.file_stem(team), counted.of_team(team))
