"""A page for each measure on the scorecard: figure, past, areas and teams, and whose records can move it.

It tells how many records, and leads to the pages of the teams whose they are. Of a figure that is red at the authority
the first sheet is the paper's exception report.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dq.model import Figure, Line, Rule, RunResult, Scorecard, Section, Severity
from dq.reports import charts, words
from dq.reports.commentary import Commentary, commentary_place
from dq.reports.lists import name_of
from dq.reports.page_kit import write_page
from dq.reports.paper_rows import ByLine, by_line, of_line, row_of
from dq.reports.tally import Tally
from dq.reports.tasks import named, record_place

MONTHS_REPORTED = 4
"""As the paper's exception reports show."""
_ORDER = {severity: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True)
class TeamCount:
    """How many exceptions of one rule a team has; the name of its page, and the first of them there."""

    name: str
    stem: str
    place: str
    count: int


@dataclass(frozen=True)
class Mover:
    """A rule whose open exceptions touch a measure, with how many there are, and of which teams, most first."""

    rule: Rule
    count: int
    teams: tuple[TeamCount, ...]


@dataclass(frozen=True)
class Placed:
    """A line in its section of the paper."""

    line: Line
    section: Section

    @property
    def title(self) -> str:
        """What the paper calls it; for one that is set beside another, of whom it is."""
        return f"{named(self.line)}: {self.section.compares}" if self.section.compares else named(self.line)


def write_indicator_pages(
    result: RunResult,
    scorecard: Scorecard,
    rules: Mapping[str, Rule],
    tally: Tally,
    commentary: Mapping[str, Commentary],
    out: Path,
) -> None:
    """Write ``out/figures/<measure>.html`` for every measure on the scorecard. ``commentary`` is by measure."""
    figures = by_line(result)
    placed: dict[str, Placed] = {}
    for section in scorecard.sections:
        for line in scorecard.lines_of(section):
            if line.is_part:
                continue
            placed.setdefault(line.measure, Placed(line, section))
    movers = {line.indicator: list(_movers(result, rules, tally, line.indicator)) for line in scorecard.lines}
    for measure, own in placed.items():
        row = row_of(own.line, of_line(figures, own.line), (), None)
        said = commentary.get(measure)
        months = past(row.figure)
        write_page(
            "figure.html.j2",
            out / words.FIGURES / f"{words.measure_stem(measure)}.html",
            result=result,
            scorecard=scorecard,
            own=own,
            f=row.figure,
            red=row.figure.rag == "R",
            months=months,
            recent=months[-MONTHS_REPORTED:],
            areas=[part for part in row.areas if _tells(part)],
            teams=[part for part in row.teams if _tells(part)],
            without=sum(part.available and not _tells(part) for part in (*row.areas, *row.teams)),
            team_pages={scope.id for scope in result.scopes if scope.type == "team"},
            related=list(_related(own, placed, figures)),
            errors=[mover for mover in movers[own.line.indicator] if mover.rule.severity is Severity.ERROR],
            others=[mover for mover in movers[own.line.indicator] if mover.rule.severity is not Severity.ERROR],
            commentary=said,
            outdated=said.outdated(row.figure) if said else "",
            place=commentary_place(result.project, result.period, measure),
        )


def past(figure: Figure) -> list[Figure]:
    """Return the figure as it was at every month end there is, oldest first and itself last.

    An earlier one is judged by the same target and band, and has no range: its errors are not told apart from now's.
    """
    made = {end: (numerator, denominator) for end, numerator, denominator in figure.counts}
    *earlier, _ = charts.points(figure)
    return [*(_at(figure, end, value, *made.get(end, (None, None))) for end, value in earlier), figure]


def _at(
    figure: Figure, end: dt.date, value: float | None, numerator: float | None, denominator: float | None
) -> Figure:
    return replace(
        figure, period=end, value=value, numerator=numerator, denominator=denominator, low=None, high=None,
        rag=figure.band.colour(value) if figure.band and value is not None else None, rag_low=None, rag_high=None,
        unchecked=0, note="", history=(), counts=(), usual=None, nowcast=None,
    )  # fmt: skip


def _tells(figure: Figure) -> bool:
    """Whether there is anything to tell of a part: it has something to count, or had last month."""
    return bool(figure.denominator or figure.value or figure.previous)


def _movers(result: RunResult, rules: Mapping[str, Rule], tally: Tally, indicator: str) -> Iterator[Mover]:
    """Yield the rules whose open exceptions touch an indicator: errors first, and of these most first."""
    by_rule: dict[str, list[tuple[int, str | None]]] = {}
    for (rule, team), count in tally.by_indicator.get(indicator, {}).items():
        by_rule.setdefault(rule, []).append((count, team))
    found = [
        Mover(rules[rule], sum(count for count, _ in counts), tuple(_teams(result, rule, counts)))
        for rule, counts in by_rule.items()
    ]
    yield from sorted(found, key=lambda mover: (_ORDER[mover.rule.severity], -mover.count, mover.rule.id))


def _teams(result: RunResult, rule: str, counts: Sequence[tuple[int, str | None]]) -> Iterator[TeamCount]:
    for count, team in sorted(counts, key=lambda counted: (-counted[0], counted[1] is None, counted[1] or "")):
        yield TeamCount(name_of(result, team), words.file_stem(team), record_place(rule), count)


def _related(own: Placed, placed: Mapping[str, Placed], figures: ByLine) -> Iterator[tuple[Placed, Figure]]:
    """Yield the other measures of the paper that are of the same indicator: the whole of a part, and its parts."""
    for measure, other in placed.items():
        if other.line.indicator == own.line.indicator and measure != own.line.measure:
            yield other, row_of(other.line, of_line(figures, other.line), (), None).figure
