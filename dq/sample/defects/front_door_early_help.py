"""Faults in early help and in what its panel decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from dq.model import Severity
from dq.sample.calendar import birthday
from dq.sample.defects.defect import Defect, Fault
from dq.sample.defects.front_door_lookup import added, by_child, front_door, late_entry, spoilt
from dq.sample.defects.scene import Scene, text
from dq.sample.records.front_door import EarlyHelp, PanelItem

EPISODES, PANELS = "early_help_episodes", "early_help_panels"
HELP = "EARLY HELP"
YEAR = 365
WAIT = dt.timedelta(days=42)


def _episode(episode: EarlyHelp, rule: str, **cells: str) -> Defect:
    return spoilt(episode.person_id, EPISODES, episode.early_help_id, rule, cells)


def _panel(item: PanelItem, rule: str, **cells: str) -> Defect:
    return spoilt(item.person_id, PANELS, item.panel_id, rule, cells)


def _open(scene: Scene) -> Iterator[EarlyHelp]:
    return (episode for episode in scene.records.early_help_episodes if episode.end_date is None)


def _single(scene: Scene) -> Iterator[tuple[EarlyHelp, bool]]:
    """Yield the one ended episode of a child, and whether social care has the case open."""
    for door in front_door(scene).doors:
        if len(door.early_help) == 1 and door.early_help[0].end_date is not None:
            yield door.early_help[0], door.is_open


def dates_out_of_order(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the end of an episode with the year before."""
    for episode in scene.records.early_help_episodes:
        if episode.end_date is not None and 0 < (episode.end_date - episode.start_date).days < YEAR:
            yield _episode(episode, rule, end_date=text(birthday(episode.end_date, -1)))


def without_reason(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out what the help is for."""
    return (_episode(episode, rule, reason="") for episode in scene.records.early_help_episodes)


def without_organisation(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out who leads."""
    return (_episode(episode, rule, organisation="") for episode in _open(scene))


def ended_without_reason(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out why the help ended."""
    for episode in scene.records.early_help_episodes:
        if episode.end_date is not None:
            yield _episode(episode, rule, end_reason="")


def open_long(scene: Scene, rule: str) -> Iterator[Defect]:
    """Never close an episode of more than a year ago."""
    for episode, has_open_referral in _single(scene):
        if episode.start_date < scene.making.year_ago and not has_open_referral:
            yield _episode(episode, rule, end_date="", end_reason="")


def open_on_social_work_case(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave early help open though social care took the case on."""
    for episode, has_open_referral in _single(scene):
        if episode.start_date > scene.making.year_ago and has_open_referral:
            yield _episode(episode, rule, end_date="", end_reason="")


def two_open(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter an open episode a second time: both are flagged."""
    for episode in _open(scene):
        again = replace(episode, early_help_id=f"{episode.early_help_id}X")
        flags = (rule, episode.early_help_id), (rule, again.early_help_id)
        yield added(episode.person_id, EPISODES, again, *flags)


def recorded_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter an episode after more than a week."""
    for episode in scene.records.early_help_episodes:
        late = late_entry(scene, episode.start_date)
        if late is not None:
            yield _episode(episode, rule, recorded_on=late)


def _decided(scene: Scene, days_ago: int = 8) -> Iterator[PanelItem]:
    return (item for item in scene.records.early_help_panels if item.panel_date <= scene.ago(days_ago))


def panel_without_threshold(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the level of need."""
    return (_panel(item, rule, threshold_level="") for item in _decided(scene))


def panel_without_outcome(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the outcome."""
    return (_panel(item, rule, outcome="") for item in _decided(scene))


def panel_level_3_and_no_help(scene: Scene, rule: str) -> Iterator[Defect]:
    """Decide level 3 or 4, and do nothing more."""
    for item in scene.records.early_help_panels:
        yield _panel(item, rule, threshold_level=scene.chance.pick(("3", "4")), outcome="NFA")


def panel_help_not_started(scene: Scene, rule: str) -> Iterator[Defect]:
    """Decide on early help that never began."""
    episodes = by_child(scene.records.early_help_episodes)
    for item in _decided(scene, 50):
        began = [e for e in episodes[item.person_id] if item.panel_date <= e.start_date <= item.panel_date + WAIT]
        if item.outcome != HELP and not began:
            yield _panel(item, rule, outcome=HELP)


def panel_twice(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a child twice for one panel: both are flagged."""
    for item in scene.records.early_help_panels:
        again = replace(item, panel_id=f"{item.panel_id}X")
        yield added(item.person_id, PANELS, again, (rule, item.panel_id), (rule, again.panel_id))


def level_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type a level that there is not."""
    for item in scene.records.early_help_panels:
        yield _panel(item, rule, threshold_level=scene.chance.pick(("5", "L3", "TIER 2")))


ERROR, QUERY = Severity.ERROR, Severity.QUERY

FAULTS: tuple[Fault, ...] = (
    Fault("early-help-recorded-late", QUERY, recorded_late, 1.0),
    Fault("early-help-open-on-social-work-case", QUERY, open_on_social_work_case, 0.5),
    Fault("early-help-without-organisation", QUERY, without_organisation, 0.5),
    Fault("two-open-early-help-episodes", ERROR, two_open, 0.3),
    Fault("panel-help-not-started", QUERY, panel_help_not_started, 0.5),
    Fault("early-help-open-long", QUERY, open_long, 0.4),
    Fault("early-help-dates-out-of-order", ERROR, dates_out_of_order, 0.2),
    Fault("early-help-without-reason", QUERY, without_reason, 0.2),
    Fault("early-help-ended-without-reason", ERROR, ended_without_reason, 0.3),
    Fault("panel-without-threshold", ERROR, panel_without_threshold, 0.3),
    Fault("panel-without-outcome", ERROR, panel_without_outcome, 0.2),
    Fault("panel-level-3-and-no-help", QUERY, panel_level_3_and_no_help, 0.2),
    Fault("panel-twice", ERROR, panel_twice, 0.1),
    Fault("contract.early_help_panels.threshold_level.codes", ERROR, level_not_a_code, 0.1),
)
"""Every kind of fault in them, rare ones first."""
