"""Faults in when things were recorded: twice, before they happened, or when the figures were already out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace

from dq.model import Severity
from dq.sample.defects.defect import Defect, Fault, change
from dq.sample.defects.scene import Scene, text
from dq.sample.making import ONE_DAY
from dq.sample.records import Record

PUBLISHED_AFTER = 10
IN_ADVANCE = (29, 90)
LATELY = 200


def _key(record: Record) -> str:
    return str(getattr(record, fields(record)[0].name))


def _visits(scene: Scene, extract: str) -> list[Record]:
    """Return visits of the last months."""
    border = scene.ago(LATELY)
    return [visit for visit in getattr(scene.records, extract) if visit.visit_date > border]


def _twice(scene: Scene, rule: str, extract: str) -> Iterator[Defect]:
    for visit in _visits(scene, extract):
        again = replace(visit, visit_id=f"{visit.visit_id}B")
        flags = ((rule, visit.visit_id), (rule, again.visit_id))
        yield Defect(visit.person_id, flags, added=((extract, again),))


def _two_cin_visits(scene: Scene, rule: str) -> Iterator[Defect]:
    """Write up a visit to a child in need twice: both are flagged."""
    return _twice(scene, rule, "cin_visits")


def _two_cp_visits(scene: Scene, rule: str) -> Iterator[Defect]:
    """Write up a visit under a plan twice: both are flagged."""
    return _twice(scene, rule, "cp_visits")


def _two_cla_visits(scene: Scene, rule: str) -> Iterator[Defect]:
    """Write up a visit in care twice: both are flagged."""
    return _twice(scene, rule, "cla_visits")


def _recorded_early(
    scene: Scene, rule: str, extract: str, events: Iterable[tuple[Record, dt.date]], days: tuple[int, int]
) -> Iterator[Defect]:
    for record, day in events:
        early = text(day - dt.timedelta(days=scene.chance.between(*days)))
        yield change(record.person_id, extract, _key(record), rule, recorded_on=early)


def _visit_before_it(scene: Scene, rule: str, extract: str) -> Iterator[Defect]:
    events = ((visit, visit.visit_date) for visit in _visits(scene, extract))
    return _recorded_early(scene, rule, extract, events, (1, 20))


def _cin_visit_before_it(scene: Scene, rule: str) -> Iterator[Defect]:
    """Write up a visit to a child in need when it was planned."""
    return _visit_before_it(scene, rule, "cin_visits")


def _cp_visit_before_it(scene: Scene, rule: str) -> Iterator[Defect]:
    """Write up a visit under a plan when it was planned."""
    return _visit_before_it(scene, rule, "cp_visits")


def _cla_visit_before_it(scene: Scene, rule: str) -> Iterator[Defect]:
    """Write up a visit in care when it was planned."""
    return _visit_before_it(scene, rule, "cla_visits")


def _missing_before_it(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the entry of a missing episode before it."""
    events = ((episode, episode.start_date.date()) for episode in scene.found_lately)
    return _recorded_early(scene, rule, "missing_episodes", events, (1, 20))


def _begun(scene: Scene, extract: str) -> list[tuple[Record, dt.date]]:
    """Return the placements, episodes or plans begun in the last twelve months, and when."""
    return [(row, row.start_date) for row in getattr(scene.records, extract) if scene.is_recent(row.start_date)]


def _placement_in_advance(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a placement when it was first thought of."""
    return _recorded_early(scene, rule, "cla_placements", _begun(scene, "cla_placements"), IN_ADVANCE)


def _episode_in_advance(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter an episode of care when it was first thought of."""
    return _recorded_early(scene, rule, "cla_episodes", _begun(scene, "cla_episodes"), IN_ADVANCE)


def _plan_in_advance(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a protection plan weeks before it began."""
    return _recorded_early(scene, rule, "cp_plans", _begun(scene, "cp_plans"), IN_ADVANCE)


def _after_publication(
    scene: Scene, rule: str, extract: str, events: Iterable[tuple[Record, dt.date]]
) -> Iterator[Defect]:
    days = scene.making.days
    for record, day in events:
        last = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - ONE_DAY
        first = max(days.after(last, PUBLISHED_AFTER) + ONE_DAY, scene.month_start)
        if day < scene.month_start and first <= scene.end:
            entered = text(scene.chance.day(first, scene.end))
            yield change(record.person_id, extract, _key(record), rule, recorded_on=entered)


def _placement_after_publication(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a placement this month that began months ago."""
    return _after_publication(scene, rule, "cla_placements", _begun(scene, "cla_placements"))


def _episode_after_publication(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter an episode this month that began months ago."""
    return _after_publication(scene, rule, "cla_episodes", _begun(scene, "cla_episodes"))


def _plan_after_publication(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a plan this month that began months ago."""
    return _after_publication(scene, rule, "cp_plans", _begun(scene, "cp_plans"))


def _missing_after_publication(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a missing episode this month that ended months ago."""
    events = ((episode, episode.end_date.date()) for episode in scene.found_lately)
    return _after_publication(scene, rule, "missing_episodes", events)


ERROR, QUERY = Severity.ERROR, Severity.QUERY
FAULTS: tuple[Fault, ...] = (
    Fault("placement-recorded-in-advance", QUERY, _placement_in_advance, 0.2),
    Fault("episode-recorded-in-advance", QUERY, _episode_in_advance, 0.2),
    Fault("plan-recorded-in-advance", QUERY, _plan_in_advance, 0.2),
    Fault("placement-recorded-after-publication", QUERY, _placement_after_publication, 0.3),
    Fault("episode-recorded-after-publication", QUERY, _episode_after_publication, 0.3),
    Fault("plan-recorded-after-publication", QUERY, _plan_after_publication, 0.3),
    Fault("missing-episode-recorded-after-publication", QUERY, _missing_after_publication, 0.3),
    Fault("missing-episode-recorded-before-it", ERROR, _missing_before_it, 0.2),
    Fault("cin-visit-recorded-before-it", ERROR, _cin_visit_before_it, 0.2),
    Fault("cp-visit-recorded-before-it", ERROR, _cp_visit_before_it, 0.2),
    Fault("cla-visit-recorded-before-it", ERROR, _cla_visit_before_it, 0.2),
    Fault("two-cin-visits-on-one-day", QUERY, _two_cin_visits, 0.2),
    Fault("two-cp-visits-on-one-day", QUERY, _two_cp_visits, 0.2),
    Fault("two-cla-visits-on-one-day", QUERY, _two_cla_visits, 0.2),
)
"""Every kind of fault in them, rare ones first."""
