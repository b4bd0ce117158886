"""Tallies, targets and ranges → the figures of a scorecard."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pyarrow as pa

from dq.engine.check import Absent
from dq.indicators.chance import beside, usual
from dq.indicators.compute import AUTHORITY, ScopeKey, Tallies, areas_of_teams, tally_all, windows
from dq.indicators.nowcast import nowcasts
from dq.indicators.published_before import PublishedBefore, with_published
from dq.indicators.rag import rag
from dq.indicators.ranges import Range
from dq.indicators.scopes import read_scopes
from dq.indicators.touched import CERTAIN, Touched, touched
from dq.library.policy import BoundIndicator, Library
from dq.model import Band, Figure, Findings, Line, Project, Scope, Scorecard, Severity, Status, Unit
from dq.periods import months_before
from dq.workspace import Workspace


@dataclass(frozen=True)
class Worked:
    """The scopes of a run, its figures, and what putting each record right could do to them (``touched.EFFECTS``).

    ``ranges`` are those that open errors leave, by measure.
    """

    scopes: tuple[Scope, ...]
    figures: tuple[Figure, ...]
    effects: pa.Table
    ranges: Mapping[str, Mapping[ScopeKey, Range]]

    def movers(self, measure: str, scope: Scope) -> frozenset[str] | None:
        """Return the open errors that could move a figure; None where that is not known."""
        span = self.ranges.get(measure, {}).get(scope_key(scope))
        return frozenset() if span is None else span.by


def figures(
    workspace: Workspace,
    library: Library,
    card: Scorecard,
    findings: Findings,
    absent: Absent,
    project: Project,
    period: dt.date,
    progress: Callable[[str], None],
    before: PublishedBefore | None = None,
) -> Worked:
    """Return the scopes, and a figure for every line of the scorecard and every scope; parts are the authority's alone.

    A measure that reads an absent extract or column, or an extract without history, is there, not available, with the
    reason. Raises ProblemsError where what was published ``before`` is of a team or area that there is not.
    """
    wanted = {line.measure: library.measure(line) for line in card.lines}
    reasons = {name: absent.reason_for_figure(bound.reads) for name, bound in wanted.items()}
    able = [bound for name, bound in wanted.items() if not reasons[name]]
    tallies = tally_all(workspace, library, able, period, project.history_from, progress)
    progress("ranges and effects")
    moved = touched(workspace, library, able, bands_of(card), findings, tallies, period, touching(project))
    asked = _queries(workspace, library)
    expected = nowcasts(workspace, library, able, tallies, period, progress)
    unchecked = Counter(
        name
        for result in findings.results
        if result.status in {Status.SKIPPED, Status.ERROR} and result.rule.severity is Severity.ERROR
        for name in library.rules[result.rule.id].feeds
    )
    scopes = read_scopes(workspace, project.authority)
    published = {} if before is None else before.by_figure(scopes)
    over_records = before is not None and before.over_records
    found = []
    for line in card.lines:
        bound = wanted[line.measure]
        for scope in scopes[:1] if line.is_part else scopes:
            rows = published.get((line.indicator, line.split, scope.id), ())
            if reasons[line.measure]:
                figure = _not_available(line, bound, scope, period, reasons[line.measure])
                found.append(with_published(figure, rows, over_records=over_records))
            else:
                recorded = _figure(line, bound, scope, period, tallies, moved)
                figure = with_published(recorded, rows, over_records=over_records)
                figure = replace(
                    figure,
                    usual=_usual(recorded) or _usual(figure),
                    open_queries=asked.get((line.indicator, scope_key(scope)), 0),
                    nowcast=expected.get(line.measure, {}).get(scope_key(scope)),
                )
                found.append(_with_unchecked(_beside_authority(figure, tallies, bound), unchecked[line.indicator]))
    return Worked(scopes, tuple(found), moved.effects, moved.ranges)


def bands_of(card: Scorecard) -> Mapping[str, frozenset[Band]]:
    """Return measure → the bands that a scorecard judges it by."""
    bands: dict[str, frozenset[Band]] = {}
    for line in card.lines:
        bands[line.measure] = bands.get(line.measure, frozenset()) | ({line.band} if line.band else frozenset())
    return bands


def touching(project: Project) -> frozenset[Severity]:
    """Return the severities of exceptions that touch a project's figures."""
    return CERTAIN | {Severity.QUERY} if project.with_queries else CERTAIN


def _queries(workspace: Workspace, library: Library) -> Counter[tuple[str, ScopeKey]]:
    """Return how many open queries feed each indicator: those of each team and area, and all of them."""
    rows = workspace.execute(
        f"SELECT rule_id, team_id, count(*) FROM exceptions WHERE severity = '{Severity.QUERY.value}' "
        "AND state IN ('new', 'open') GROUP BY ALL"
    ).fetchall()
    areas, found = areas_of_teams(workspace), Counter[tuple[str, ScopeKey]]()
    for rule, team, count in rows:
        scopes = {AUTHORITY, ("team", team), ("area", areas.get(team, ""))}
        found.update({(fed, scope): count for fed in library.rules[rule].feeds for scope in scopes})
    return found


def scope_key(scope: Scope) -> ScopeKey:
    """Return by what the tallies and ranges know a scope."""
    return AUTHORITY if scope.type == "authority" else (scope.type, scope.id)


def _not_available(line: Line, bound: BoundIndicator, scope: Scope, period: dt.date, reason: str) -> Figure:
    return Figure(
        bound.indicator, scope, period, None, None, None, line.number, line.title, line.split, line.target, line.band,
        available=False, note=f"Not available: {reason}.",
    )  # fmt: skip


def _figure(
    line: Line,
    bound: BoundIndicator,
    scope: Scope,
    period: dt.date,
    tallies: Tallies,
    moved: Touched,
) -> Figure:
    key, indicator = scope_key(scope), bound.indicator

    def value(end: dt.date, months: int | None = None) -> float | None:
        tally = tallies.at(bound, key, end, months)
        return None if tally is None else tally.value(indicator.unit)

    now = tallies.at(bound, key, period)
    assert now is not None  # noqa: S101 - the period itself is always worked out
    current = now.value(indicator.unit)
    width = moved.ranges.get(bound.id, {}).get(key, Range(current, current, 0))
    three = value(period, 3) if len(windows(indicator, period)) > 1 else None
    return Figure(
        indicator=indicator,
        scope=scope,
        period=period,
        numerator=now.numerator,
        denominator=None if indicator.unit is Unit.COUNT else now.denominator,
        value=current,
        number=line.number,
        title=line.title,
        split=line.split,
        target=line.target,
        band=line.band,
        rag=rag(current, line.band),
        previous=value(months_before(period, 1)),
        year_ago=value(months_before(period, 12)),
        r3m=three,
        r3m_rag=rag(three, line.band),
        low=width.low,
        high=width.high,
        rag_low=rag(width.low, line.band),
        rag_high=rag(width.high, line.band),
        open_exceptions=width.exceptions,
        settle=moved.settle.get((bound.id, line.band), {}).get(key) if line.band else None,
        note=_note(bound, current, width),
        history=tuple((end, value(end)) for end in tallies.ends[bound.id]),
        counts=tuple(
            (end, tally.numerator, tally.denominator)
            for end in tallies.ends[bound.id]
            if (tally := tallies.at(bound, key, end)) is not None
        ),
    )


def _note(bound: BoundIndicator, value: float | None, width: Range) -> str:
    """Return what is to be said of a figure beside it: that nobody is in it, or what its range takes for possible."""
    said = [] if value is not None else ["No child or event in the base."]
    if width.low != width.high and (limits := bound.indicator.plausible.get("value")) is not None:
        said.append(f"Its range takes a value in doubt for anything from {limits[0]:,} to {limits[1]:,}.")
    return " ".join(said)


def _usual(figure: Figure) -> tuple[float, float] | None:
    """Return what the months before let expect of a figure."""
    before = [value for end, value in sorted(figure.history) if end < figure.period]
    return usual(figure.indicator.period, figure.indicator.unit, before)


def _beside_authority(figure: Figure, tallies: Tallies, bound: BoundIndicator) -> Figure:
    """Return the figure with how it stands to the authority's, if it is a share of a part."""
    if figure.scope.type == "authority" or figure.indicator.unit is not Unit.PERCENT:
        return figure
    whole = tallies.at(bound, AUTHORITY, figure.period)
    share = None if whole is None else whole.value(figure.indicator.unit)
    return replace(figure, beside=beside(figure.numerator, figure.denominator, share))


def _with_unchecked(figure: Figure, rules: int) -> Figure:
    """Return the figure, saying so where rules that feed it did not run."""
    if not rules:
        return figure
    said = f"{rules} rule{'s' if rules > 1 else ''} that could find an error in it did not run."
    return replace(figure, unchecked=rules, note=f"{figure.note} {said}".strip())
