"""The index of a run: what did not run, what loaded, what was found for whom, and where every list is.

It stays small however many rules there are: those that found nothing are counted, and are in ``rules.csv``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dq.model import Dimension, ExtractRead, Figure, Rule, RuleResult, RunResult, Severity, Status
from dq.reports import words
from dq.reports.lists import name_of, new_since, teams_of
from dq.reports.page_kit import write_page
from dq.reports.tally import Tally

_NOT_RUN = (Status.ERROR, Status.SKIPPED)
_HEAT_STEPS = 4
_NO_TOPIC = "contracts"


@dataclass(frozen=True)
class HeatRow:
    """One rule of the heat table: its exceptions in all, then (count, heat from 0 to 4) for each team."""

    result: RuleResult
    total: int
    cells: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Counted:
    """Exceptions of one dimension, topic or team: of each severity, and in all."""

    name: str
    parts: tuple[int, ...]

    @property
    def total(self) -> int:
        """How many of any severity."""
        return sum(self.parts)


@dataclass(frozen=True)
class TeamRow(Counted):
    """A team's exceptions, how many are new, and the name of its page and workbook."""

    team: str | None
    stem: str
    fresh: int


@dataclass(frozen=True)
class NotRun:
    """Rules that did not run for one reason."""

    status: Status
    reason: str
    rules: tuple[Rule, ...]


def write_index(result: RunResult, counted: Tally, out: Path) -> None:
    """Write ``out/index.html``."""
    results = result.findings.results
    counts = result.findings.counts()
    dimensions, topics = by_dimension(results, counted), by_topic(results, counted)
    teams = by_team(result, counted)
    listed = [row for row in teams if row.total]
    whole = [read for read in result.extracts if _is_whole(read)]
    figures = _judged(result)
    write_page(
        "index.html.j2",
        out / "index.html",
        result=result,
        counts=counts,
        whole=whole,
        wanting=[read for read in result.extracts if read not in whole],
        not_run=not_run(results),
        rules_not_run=counts[Status.ERROR.value] + counts[Status.SKIPPED.value],
        severities=list(Severity),
        most_of_dimension=_most(dimensions),
        most_of_topic=_most(topics),
        most_of_team=_most(teams),
        since=new_since(result),
        by_dimension=dimensions,
        by_topic=topics,
        teams=teams,
        all_teams=Counted(result.project.authority, _added(row.parts for row in teams)),
        all_fresh=sum(row.fresh for row in teams),
        heat=heat(results, counted, [row.team for row in listed]),
        heat_teams=listed,
        total=sum(counted.by_rule_and_team.values()),
        figures=figures,
        unsettled=[figure for figure in figures if figure.settled is False],
        took=(result.finished_at - result.started_at).total_seconds(),
    )


def _judged(result: RunResult) -> list[Figure]:
    """Return the authority's figures with a row of their own on the scorecard, in its order."""
    judged = {line.measure for line in result.scorecard.judged} if result.scorecard else set()
    return [figure for figure in result.figures if figure.scope.type == "authority" and figure.measure in judged]


def not_run(results: Sequence[RuleResult]) -> list[NotRun]:
    """Return the rules that failed, then those that were skipped, together where the reason is the same."""
    groups: dict[tuple[Status, str], list[Rule]] = {}
    for status in _NOT_RUN:
        for found in (found for found in results if found.status is status):
            groups.setdefault((status, found.reason), []).append(found.rule)
    return [NotRun(status, reason, tuple(rules)) for (status, reason), rules in groups.items()]


def by_dimension(results: Sequence[RuleResult], counted: Tally) -> list[Counted]:
    """Return the exceptions of every dimension, one without any too."""
    found = _by(results, counted, lambda rule: rule.dimension.value)
    return [Counted(dimension.value, found.get(dimension.value, (0,) * len(Severity))) for dimension in Dimension]


def by_topic(results: Sequence[RuleResult], counted: Tally) -> list[Counted]:
    """Return the exceptions of every topic that has any, most first."""
    found = _by(results, counted, lambda rule: (rule.topic or _NO_TOPIC).replace("-", " "))
    rows = (Counted(name, parts) for name, parts in found.items())
    return sorted((row for row in rows if row.total), key=lambda row: (-row.total, row.name))


def _by(results: Iterable[RuleResult], counted: Tally, name: Callable[[Rule], str]) -> dict[str, tuple[int, ...]]:
    """Return the exceptions of each severity under every name that the rules have."""
    totals = counted.of_rule()
    found: dict[str, dict[Severity, int]] = {}
    for rule in (result.rule for result in results):
        of = found.setdefault(name(rule), dict.fromkeys(Severity, 0))
        of[rule.severity] += totals[rule.id]
    return {name: tuple(of.values()) for name, of in found.items()}


def by_team(result: RunResult, counted: Tally) -> list[TeamRow]:
    """Return the exceptions of every team that has a list, in the order of the lists; no team last."""
    severity = {found.rule.id: found.rule.severity for found in result.findings.results}
    parts: dict[tuple[str | None, Severity], int] = {}
    for (rule, team), count in counted.by_rule_and_team.items():
        parts[team, severity[rule]] = parts.get((team, severity[rule]), 0) + count
    return [
        TeamRow(
            name=name_of(result, team),
            parts=tuple(parts.get((team, severity), 0) for severity in Severity),
            team=team,
            stem=words.file_stem(team),
            fresh=counted.new_by_team.get(team, 0),
        )
        for team in teams_of(result)
    ]


def heat(results: Sequence[RuleResult], counted: Tally, teams: Sequence[str | None]) -> list[HeatRow]:
    """Return the rules that flagged anything, most exceptions first, with a count for each of some teams."""
    most = max(counted.by_rule_and_team.values(), default=0)
    totals = counted.of_rule()
    rows = []
    for found in sorted(results, key=lambda found: (-totals[found.rule.id], found.rule.id)):
        if totals[found.rule.id]:
            counts = (counted.by_rule_and_team.get((found.rule.id, team), 0) for team in teams)
            rows.append(HeatRow(found, totals[found.rule.id], tuple((n, _heat_of(n, most)) for n in counts)))
    return rows


def _heat_of(count: int, most: int) -> int:
    """Return how dark a cell is. By the square root, so that one bad team does not bleach the rest."""
    return 0 if count == 0 else min(_HEAT_STEPS, 1 + int(_HEAT_STEPS * (count / most) ** 0.5 * 0.999))


def _is_whole(read: ExtractRead) -> bool:
    """Whether an extract came with all its columns and no others, and every value of it could be read."""
    others = read.unread_values or read.missing_columns or read.not_held or read.unknown_columns
    return read.present and not others


def _most(rows: Iterable[Counted]) -> int:
    return max((row.total for row in rows), default=0)


def _added(rows: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*rows, strict=True))) or (0,) * len(Severity)
