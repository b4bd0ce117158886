"""Faults in immigration status, in what is said of unaccompanied children, and in disabilities."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from dq.model import Severity
from dq.sample.calendar import age
from dq.sample.defects.defect import Defect, Fault, change
from dq.sample.defects.identity_numbers import KNOWN_DAYS, known_for
from dq.sample.defects.scene import Care, Scene, text
from dq.sample.records import Address
from dq.sample.records.identity import Disability, ImmigrationStatus

FOSTERED = {"U4", "U5", "U6"}
GROWN = 18


def _statuses(scene: Scene) -> dict[str, list[ImmigrationStatus]]:
    found: dict[str, list[ImmigrationStatus]] = defaultdict(list)
    for status in scene.records.immigration_statuses:
        found[status.person_id].append(status)
    return found


def _uasc_without_immigration_status(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter no status at all."""
    statuses = _statuses(scene)
    for child in known_for(scene, KNOWN_DAYS):
        if child in statuses:
            gone = tuple(("immigration_statuses", status.immigration_status_id) for status in statuses[child])
            yield Defect(child, ((rule, child),), dropped=gone)


def _immigration_status_expired(scene: Scene, rule: str) -> Iterator[Defect]:
    """Let the last status end, and none follow."""
    statuses = _statuses(scene)
    for i in scene.open_cases:
        last = statuses[i.person_id][-1] if i.person_id in statuses else None
        if last is not None and last.start_date < scene.ago(60):
            ended = text(scene.ago(scene.chance.between(2, 50)))
            key = last.immigration_status_id
            yield change(i.person_id, "immigration_statuses", key, rule, flagged=i.person_id, end_date=ended)


def _immigration_dates_out_of_order(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the end of the first status with a year too early."""
    for child, (first, *later) in _statuses(scene).items():
        if later:
            early = text(first.start_date - dt.timedelta(days=scene.chance.between(20, 300)))
            yield change(child, "immigration_statuses", first.immigration_status_id, rule, end_date=early)


def _immigration_statuses_overlap(scene: Scene, rule: str) -> Iterator[Defect]:
    """End the first status days after the second began: the second is flagged."""
    for child, (first, *later) in _statuses(scene).items():
        if later and later[0].start_date <= scene.ago(30):
            late = text(later[0].start_date + dt.timedelta(days=scene.chance.between(2, 25)))
            key, second = first.immigration_status_id, later[0].immigration_status_id
            yield change(child, "immigration_statuses", key, rule, flagged=second, end_date=late)


def _uasc_status_after_18(scene: Scene, rule: str) -> Iterator[Defect]:
    """Never end the status of an unaccompanied child who is grown: what was decided then stands beside it."""
    in_care = {care.person.person_id for care in scene.in_care}
    for child, (first, *later) in _statuses(scene).items():
        if later and child not in in_care and age(scene.persons[child].dob, scene.end) >= GROWN:
            also = [("immigration-statuses-overlap", later[0].immigration_status_id)]
            yield change(child, "immigration_statuses", first.immigration_status_id, rule, also=also, end_date="")


def _uasc_status_but_not_flagged(scene: Scene, rule: str) -> Iterator[Defect]:
    """Answer no to 'unaccompanied' for a young person not in care, who then seems to lack a home as well."""
    held = {i.person_id for i in scene.open_cases}
    asked = set(known_for(scene, KNOWN_DAYS))
    in_care = {care.person.person_id for care in scene.in_care}
    for child, (first, *_) in _statuses(scene).items():
        if child not in in_care and (child in asked or child not in held) and first.immigration_status == "UASC":
            also = [("open-case-without-home-address", child)] if child in asked else []
            yield change(child, "persons", child, rule, flagged=first.immigration_status_id, also=also, uasc="N")


def _uasc(scene: Scene) -> Iterator[Care]:
    return (care for care in scene.in_care if care.is_uasc)


def _uasc_need_not_absent_parenting(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter the commonest need for a child who came unaccompanied."""
    for care in _uasc(scene):
        for episode in care.episodes[-1:]:
            wrong = scene.chance.pick(("N1", "N1", "N4"))
            yield change(care.person.person_id, "cla_episodes", episode.episode_id, rule, primary_need=wrong)


def _uasc_placed_with_family(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter the authority's own foster carers as relatives."""
    for care in _uasc(scene):
        for placement in care.placements:
            if placement.placement_type in FOSTERED and placement.provider == "PR1":
                key, child = placement.placement_id, care.person.person_id
                yield change(child, "cla_placements", key, rule, placement_type="U3")


def _uasc_home_before_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a home from before the child came."""
    postcodes = [address.postcode for address in scene.records.addresses[:50]]
    for care in _uasc(scene):
        child, came = care.person.person_id, care.episodes[0].start_date
        start = came - dt.timedelta(days=scene.chance.between(30, 400))
        home = Address(f"AU{child[1:]}", child, "Home", start, None, scene.chance.pick(postcodes), scene.end)
        yield Defect(child, ((rule, home.address_id),), added=(("addresses", home),))


def _status_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type a decision in words."""
    for child, (_, *later) in _statuses(scene).items():
        for status in later[:1]:
            wrong = scene.chance.pick(("Leave", "Granted", "RS"))
            key = status.immigration_status_id
            yield change(child, "immigration_statuses", key, rule, immigration_status=wrong)


def _status_undated(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out from when the first of two statuses held."""
    for child, (first, *later) in _statuses(scene).items():
        if later:
            yield change(child, "immigration_statuses", first.immigration_status_id, rule, start_date="")


def _disabilities(scene: Scene) -> dict[str, list[Disability]]:
    found: dict[str, list[Disability]] = defaultdict(list)
    for disability in scene.records.disabilities:
        found[disability.person_id].append(disability)
    return found


def _disability_none_beside_another(scene: Scene, rule: str) -> Iterator[Defect]:
    """Add a disability, and leave 'none' standing."""
    for child, (first, *_) in _disabilities(scene).items():
        if first.disability_code == "NONE":
            second = replace(first, disability_id=f"{first.disability_id}B", disability_code="AUT")
            yield Defect(child, ((rule, first.disability_id),), added=(("disabilities", second),))


def _same_disability_twice(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a disability a second time: both are flagged."""
    for child, (first, *_) in _disabilities(scene).items():
        if first.disability_code != "NONE":
            again = replace(first, disability_id=f"{first.disability_id}B")
            flags = ((rule, first.disability_id), (rule, again.disability_id))
            yield Defect(child, flags, added=(("disabilities", again),))


def _disability_teams(scene: Scene) -> set[str]:
    return {leaf.team_id for leaf in scene.making.leaves if leaf.work == "disability"}


def _of_a_disability_team(scene: Scene) -> set[str]:
    teams = _disability_teams(scene)
    return {i.person_id for i in scene.open_cases if i.team_id in teams}


def _in_care_for_disability(scene: Scene) -> dict[str, str]:
    """Return person id → open episode of care, of those in care for their disability."""
    open_ones = (e for e in scene.records.cla_episodes if e.ceased_date is None)
    return {e.person_id: e.episode_id for e in open_ones if e.primary_need == "N2"}


def _disability_not_recorded(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the question of disability unanswered."""
    told = _of_a_disability_team(scene) | set(_in_care_for_disability(scene))
    disabilities = _disabilities(scene)
    for child in known_for(scene, KNOWN_DAYS):
        if child not in told:
            gone = tuple(("disabilities", disability.disability_id) for disability in disabilities[child])
            yield Defect(child, ((rule, child),), dropped=gone)


def _said_to_have_none(scene: Scene, child: str, flagged: tuple[str, str], rows: list[Disability]) -> Defect:
    cells = {("disabilities", rows[0].disability_id, "disability_code"): "NONE"}
    gone = tuple(("disabilities", disability.disability_id) for disability in rows[1:])
    return Defect(child, (flagged,), cells, dropped=gone)


def _disability_team_without_disability(scene: Scene, rule: str) -> Iterator[Defect]:
    """Say that a child of a disability team has none."""
    teams, needed, disabilities = _of_a_disability_team(scene), _in_care_for_disability(scene), _disabilities(scene)
    for child in known_for(scene, KNOWN_DAYS):
        if child in teams and child not in needed:
            yield _said_to_have_none(scene, child, (rule, child), disabilities[child])


def _disability_need_without_disability(scene: Scene, rule: str) -> Iterator[Defect]:
    """Say that a child in care for a disability has none."""
    teams, disabilities = _of_a_disability_team(scene), _disabilities(scene)
    for child, episode in _in_care_for_disability(scene).items():
        if child not in teams:
            yield _said_to_have_none(scene, child, (rule, episode), disabilities[child])


def _disability_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type autism in the letters of another list."""
    for child, rows in _disabilities(scene).items():
        for row in rows:
            if row.disability_code == "AUT":
                yield change(child, "disabilities", row.disability_id, rule, disability_code="ASD")


ERROR, QUERY = Severity.ERROR, Severity.QUERY
FAULTS: tuple[Fault, ...] = (
    Fault("uasc-placed-with-family", QUERY, _uasc_placed_with_family, most=6),
    Fault("disability-need-without-disability", QUERY, _disability_need_without_disability, most=10),
    Fault("immigration-dates-out-of-order", ERROR, _immigration_dates_out_of_order, most=6),
    Fault("immigration-statuses-overlap", ERROR, _immigration_statuses_overlap, 0.5, most=20),
    Fault("uasc-status-after-18", ERROR, _uasc_status_after_18, 0.5, most=20),
    Fault("uasc-status-but-not-flagged", ERROR, _uasc_status_but_not_flagged, 0.5, most=20),
    Fault("contract.immigration_statuses.immigration_status.codes", ERROR, _status_not_a_code, 0.5, most=20),
    Fault("contract.immigration_statuses.start_date.required", ERROR, _status_undated, most=6),
    Fault("uasc-need-not-absent-parenting", QUERY, _uasc_need_not_absent_parenting, 0.3),
    Fault("uasc-home-before-care", QUERY, _uasc_home_before_care, 0.2),
    Fault("immigration-status-expired", QUERY, _immigration_status_expired, 0.5),
    Fault("uasc-without-immigration-status", ERROR, _uasc_without_immigration_status, 0.3),
    Fault("disability-team-without-disability", QUERY, _disability_team_without_disability, 0.5),
    Fault("same-disability-twice", ERROR, _same_disability_twice, 0.1),
    Fault("disability-none-beside-another", ERROR, _disability_none_beside_another, 0.05),
    Fault("contract.disabilities.disability_code.codes", ERROR, _disability_not_a_code, 0.3),
    Fault("disability-not-recorded", QUERY, _disability_not_recorded, 0.3),
)
"""Every kind of fault in them, rare ones first."""
