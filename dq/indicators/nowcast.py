"""What late recording is expected to bring a figure to: shown apart from the recorded figure, never in its place.

For each indicator that declares what is entered ``late``: how the rows of earlier month ends stood as many working
days after them as have passed now (:mod:`dq.indicators.lateness`), what became of them since, and so what is to be
expected of the rows as they stand (:mod:`dq.indicators.expected`). Month ends count whose recording is complete by now,
which the delays say (:mod:`dq.indicators.delays`). docs/nowcast.md has the limits, and how it fared.
"""

from __future__ import annotations

import datetime as dt
import os
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from dq.indicators import lateness
from dq.indicators.compute import AUTHORITY, ScopeKey, Tallies, Tally, areas_of_teams
from dq.indicators.delays import Counts, Delays, changed_pace, days_to_complete, month_complete, nothing, share_entered
from dq.indicators.expected import Drawn, Outcomes, draw, interval
from dq.indicators.lateness import Late, Moved, Team, Then
from dq.library.policy import BoundIndicator, Library
from dq.model import Nowcast, Unit
from dq.workspace import Workspace

FEWEST_MONTHS = 6
MOST_MONTHS = 12
_SOME = 0.05
"""More than this share of records that do not say when they were entered, and nothing is said of the others."""
Nowcasts = dict[str, dict[ScopeKey, Nowcast]]


def nowcasts(
    workspace: Workspace,
    library: Library,
    indicators: Sequence[BoundIndicator],
    tallies: Tallies,
    period: dt.date,
    progress: Callable[[str], None],
) -> Nowcasts:
    """Return indicator → scope → nowcast at ``period``, of those indicators that declare what is entered late.

    Where nothing can be said, the authority has the reason, and no other scope has any. The views must stand as at
    ``period``, and ``tallies`` reach back from it.
    """
    late = {bound.id: found for bound in indicators if (found := lateness.late_of(library, bound)) is not None}
    asked = {bound.id: bound for bound in indicators if bound.id in late}
    if not asked:
        return {}
    progress("late recording")
    lates = sorted(set(late.values()), key=lambda one: one.extract)
    taken = lateness.taken_on(workspace, lates, period)
    known = {
        measure: _known(workspace, library, bound, late[measure], tallies, period, taken)
        for measure, bound in asked.items()
    }
    stood = [one for one in lateness.beneath(library, asked.values()) if _can_be_put_back(workspace, one, taken)]
    rested = {measure: found for measure, found in known.items() if not found.reason}
    past = _past(workspace, library, [asked[measure] for measure in rested], stood, rested)
    areas = areas_of_teams(workspace)
    return {
        measure: {AUTHORITY: Nowcast(working_days=found.working_days, months=len(found.ends), reason=found.reason)}
        if found.reason
        else _of_scopes(
            asked[measure],
            found,
            [month[measure] for month in past if measure in month],
            tallies.scopes(asked[measure], period),
            areas,
        )
        for measure, found in known.items()
    }


@dataclass(frozen=True)
class _Known:
    """What is known of a measure's late recording: delays by team, and month ends to go by, or why there are none."""

    delays: Mapping[Team, Delays]
    working_days: int
    ends: Sequence[Then]
    reason: str


def _known(
    workspace: Workspace,
    library: Library,
    bound: BoundIndicator,
    late: Late,
    tallies: Tallies,
    period: dt.date,
    taken: dt.date,
) -> _Known:
    assert bound.base is not None  # noqa: S101 - a ratio declares nothing late
    since = lateness.days_since(workspace, period, taken)
    entry = lateness.entry_of(workspace, late, taken)
    if entry.undated > _SOME or entry.before > _SOME:
        return _Known({}, since, (), _no_entry(entry))
    person = library.contracts[late.extract].person
    assert person is not None  # noqa: S101 - checked as the indicator was read
    delays = lateness.delays_of(workspace, late, person, bound.base.on, taken, period)
    whole = sum(delays.values(), nothing())
    complete = days_to_complete(share_entered(whole.counts))
    ends = lateness.earlier(workspace, [end for end in tallies.ends[bound.id] if end < period], taken, since)
    old = [then for then in ends if then.working_days >= complete][-MOST_MONTHS:]
    pace = changed_pace(whole.counts, since)
    reason = ""
    if since > complete:
        reason = f"Recording counts as complete after {complete} working days, and {since} have passed."
    elif pace is not None:
        reason = (
            f"Recording has changed pace: of a month's events {pace[0]:.0%} are entered by this day lately, "
            f"and {pace[1]:.0%} were before."
        )
    elif len(old) < FEWEST_MONTHS:
        reason = (
            f"The history is too short: recording is complete after {complete} working days, and {len(old)} month ends "
            f"are as old as that; {FEWEST_MONTHS} are the fewest."
        )
    return _Known(delays, since, old, reason)


def _can_be_put_back(workspace: Workspace, late: Late, taken: dt.date) -> bool:
    """Whether the day of entry of an extract is one: not missing, and not the day of a later change."""
    entry = lateness.entry_of(workspace, late, taken)
    return max(entry.undated, entry.before, entry.long_after) <= _SOME


def _no_entry(entry: lateness.Entered) -> str:
    if entry.undated > _SOME:
        return f"When it was entered is not recorded of {entry.undated:.0%} of events."
    return (
        f"When it was entered is not known: {entry.before:.0%} of events are dated after the day on which their record "
        "was entered, so they were added to it later."
    )


def _past(
    workspace: Workspace,
    library: Library,
    measures: Sequence[BoundIndicator],
    lates: Sequence[Late],
    known: Mapping[str, _Known],
) -> list[Moved]:
    """Return for each month end that any measure goes what became of the rows, worked out side by side."""

    def at(then: Then) -> Moved:
        with workspace.beside() as place:
            return lateness.moved(place, library, [one for one in measures if then in known[one.id].ends], lates, then)

    thens = sorted({then for found in known.values() for then in found.ends}, key=lambda then: then.end)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(at, thens))


def _of_scopes(
    bound: BoundIndicator,
    known: _Known,
    past: Sequence[Mapping[Team, Counts]],
    now: Mapping[ScopeKey, Tally],
    areas: Mapping[str, str],
) -> dict[ScopeKey, Nowcast]:
    rows = _rows(now)
    teams = sorted({*rows, *(team for month in past for team in month)}, key=lambda team: (team is None, team or ""))
    none = np.zeros((3, 3), dtype=np.int64)
    became = np.array([[month.get(team, none) for month in past] for team in teams])
    counted = np.array([rows.get(team, (0, 0)) for team in teams])
    drawn = draw(Outcomes(became, counted[:, 0], counted[:, 1]))
    places: dict[ScopeKey, list[int]] = defaultdict(list)
    for place, team in enumerate(teams):
        places[AUTHORITY].append(place)
        if team is not None:
            places["team", team].append(place)
            if team in areas:
                places["area", areas[team]].append(place)
    whole = sum(known.delays.values(), nothing())
    return {
        scope: _nowcast(bound, known, drawn, own, _complete(known, whole, [teams[place] for place in own]))
        for scope, own in places.items()
        if counted[own].sum()
    }


def _rows(now: Mapping[ScopeKey, Tally]) -> dict[Team, tuple[int, int]]:
    """Return each team's rows in the base as recorded, unmet and met; under None those of no team."""
    found: dict[Team, tuple[int, int]] = {}
    rest = np.zeros(2, dtype=np.int64)
    for (kind, scope), tally in now.items():
        met = tally.denominator if tally.numerator is None else tally.numerator
        unmet, met = int(tally.denominator - met), int(met)
        if kind == "team":
            found[scope] = (unmet, met)
            rest -= (unmet, met)
        elif kind == "authority":
            rest += (unmet, met)
    return found | {None: (int(rest[0]), int(rest[1]))}


def _complete(known: _Known, whole: Delays, teams: Sequence[Team]) -> float | None:
    return month_complete(sum((known.delays[team] for team in teams if team in known.delays), nothing()), whole)


def _nowcast(bound: BoundIndicator, known: _Known, drawn: Drawn, own: Sequence[int], complete: float | None) -> Nowcast:
    numerators, bases = drawn.of(own)
    if bound.indicator.unit is Unit.PERCENT:
        values = 100.0 * numerators[bases > 0] / bases[bases > 0]
    else:
        values = bases.astype(float)
    if not len(values):
        return Nowcast(working_days=known.working_days, months=len(known.ends), reason="No child or event in the base.")
    expected, low, high = interval(values)
    return Nowcast(expected, low, high, complete, known.working_days, len(known.ends))
