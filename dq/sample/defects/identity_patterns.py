"""Faults of habit: what a worker or a whole team records in one way, whatever happened.

They are put into records that no other fault touches, as far as that can be: children whose cases are closed, moves and
endings of more than a year ago, visits that are added.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dq.model import Severity
from dq.sample.calendar import age, months_before
from dq.sample.defects.defect import Defect, Fault
from dq.sample.defects.scene import Scene, text
from dq.sample.making import ONE_DAY
from dq.sample.records import CareVisit, Episode, Involvement, NeedVisit, Record

LEAST = 20
SPARE_RECORDS, SPARE_CHILDREN = 3, 2
"""More than is needed, so that a fault elsewhere that hides a record does not hide the habit."""
BIRTHS, FIRSTS, MOVES, ENDINGS, ADDRESSES = 10, 25, 25, 35, 25
CHILDREN_A_DAY, ENTRIES_A_DAY, DAYS_SAVED_UP = 12, 15, 4
MONTHS = 24
AGES = range(2, 16)
GREW_UP, WENT_HOME, LEAVER_AGE = {"E5", "E6", "E7", "E17"}, {"E4A", "E4B"}, 16
YEAR_OF_FIRSTS, MONTHS_LEFT_OUT = 12, 3
"""The last three months are left out: there a worker's many visits on one day are looked for."""
DAYS_BACK = 60
"""A visit added so long ago leaves a child without a recent visit without one."""


@dataclass(frozen=True)
class Spells:
    """Who held each child's case: spells by child."""

    by_child: dict[str, list[Involvement]]

    def team(self, child: str, last_day: dt.date) -> str | None:
        """Return the team that held a case to the end of something: it held it the day before."""
        held = [
            s
            for s in self.by_child.get(child, ())
            if s.start_date < last_day and (s.end_date is None or s.end_date >= last_day)
        ]
        last = max(held, key=lambda s: (s.start_date, s.involvement_id), default=None)
        return None if last is None else last.team_id

    def on(self, child: str, day: dt.date) -> Involvement | None:
        """Return the spell of a day, the later to start where one ends and another begins."""
        held = [
            s for s in self.by_child.get(child, ()) if s.start_date <= day and (s.end_date is None or s.end_date > day)
        ]
        return max(held, key=lambda s: (s.start_date, s.involvement_id), default=None)


def _spells(scene: Scene) -> Spells:
    found: dict[str, list[Involvement]] = defaultdict(list)
    for involvement in scene.records.involvements:
        found[involvement.person_id].append(involvement)
    return Spells(found)


def _enough(total: int, already: int, percent: int) -> int:
    """Return how many more records make more than so many per cent of them all, and some to spare."""
    limit = percent * total // 100
    return max(0, limit + limit // 10 + 1 + SPARE_RECORDS - already)


def _habit(
    rule: str,
    team: str,
    total: int,
    already: int,
    percent: int,
    cells: list[tuple[str, str, str]],
    value: Iterable[str],
) -> Iterator[Defect]:
    """Yield the fault of a team with enough records, if enough of them can be changed."""
    needed = _enough(total, already, percent)
    if total >= LEAST + SPARE_RECORDS and len(cells) >= needed:
        yield Defect(team, ((rule, team),), dict(list(zip(cells, value, strict=True))[:needed]))


def _held_by_team(scene: Scene, spells: Spells) -> dict[str, list[str]]:
    """Return team → the children it holds, or was the last to hold in the last year, in the order of the records."""
    found: dict[str, list[str]] = defaultdict(list)
    for child, held in spells.by_child.items():
        last = max(held, key=lambda s: (s.end_date or dt.date.max, s.start_date, s.involvement_id))
        if last.end_date is None or last.end_date > scene.making.year_ago:
            found[last.team_id].append(child)
    return found


def _quiet(scene: Scene, spells: Spells) -> set[str]:
    """Return the children whose case is closed, and who were never in care or on a plan."""
    busy = {episode.person_id for episode in scene.records.cla_episodes}
    busy |= {plan.person_id for plan in scene.records.cp_plans} | {i.person_id for i in scene.open_cases}
    return spells.by_child.keys() - busy


def _births_on_1_january(scene: Scene, rule: str) -> Iterator[Defect]:
    """Give children of a team, who are neither very young nor grown, the first day of the year they were born in."""
    spells = _spells(scene)
    quiet = _quiet(scene, spells)
    for team, children in _held_by_team(scene, spells).items():
        born = {child: scene.persons[child] for child in children}
        already = sum((person.dob.month, person.dob.day) == (1, 1) for person in born.values())
        able = [
            person
            for child, person in born.items()
            if child in quiet and person.expected_dob is None and age(person.dob, scene.end) in AGES
        ]
        cells = [("persons", person.person_id, "dob") for person in able]
        values = (text(person.dob.replace(month=1, day=1)) for person in able)
        yield from _habit(rule, team, len(children), already, BIRTHS, cells, values)


def _other_addresses_common(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter the homes of children of a team as another kind of address."""
    spells = _spells(scene)
    quiet = _quiet(scene, spells)
    current = {address.person_id: address for address in scene.records.addresses if address.end_date is None}
    for team, children in _held_by_team(scene, spells).items():
        homes = [current[child] for child in children if child in current]
        cells = [("addresses", home.address_id, "address_type") for home in homes if home.person_id in quiet]
        yield from _habit(rule, team, len(homes), 0, ADDRESSES, cells, ["Other"] * len(cells))


def _by_team(scene: Scene, events: Iterable[tuple[Record, dt.date]]) -> dict[str, list[Record]]:
    """Return team → what ended, in the months looked at, while the team held the case."""
    spells, first = _spells(scene), months_before(scene.end, MONTHS)
    found: dict[str, list[Record]] = defaultdict(list)
    for record, day in events:
        team = spells.team(record.person_id, day) if first < day <= scene.end else None
        if team is not None:
            found[team].append(record)
    return found


def _other_moves_common(scene: Scene, rule: str) -> Iterator[Defect]:
    """Give 'other' as the reason for moves of more than a year ago."""
    moves = (
        (placement, placement.end_date)
        for placement in scene.records.cla_placements
        if placement.change_reason is not None and placement.end_date is not None
    )
    for team, placements in _by_team(scene, moves).items():
        already = sum(p.change_reason == "OTHER" for p in placements)
        able = [p for p in placements if p.change_reason != "OTHER" and not scene.is_recent(p.end_date)]
        cells = [("cla_placements", p.placement_id, "change_reason") for p in able]
        yield from _habit(rule, team, len(placements), already, MOVES, cells, ["OTHER"] * len(cells))


def _says_little(scene: Scene, episode: Episode) -> bool:
    """Return whether nothing else hangs on why a child left care: no order, no right to support that went with it."""
    if episode.ceased_date is None or episode.ceased_reason in GREW_UP:
        return episode.ceased_date is not None
    young = age(scene.persons[episode.person_id].dob, episode.ceased_date) < LEAVER_AGE
    return young and episode.ceased_reason in WENT_HOME


def _other_endings_common(scene: Scene, rule: str) -> Iterator[Defect]:
    """Give 'any other reason' for children who left care more than a year ago."""
    endings = (
        (episode, episode.ceased_date)
        for episode in scene.records.cla_episodes
        if episode.ceased_date is not None and episode.ceased_reason != "X1"
    )
    for team, episodes in _by_team(scene, endings).items():
        already = sum(e.ceased_reason == "E8" for e in episodes)
        able = [e for e in episodes if _says_little(scene, e) and not scene.is_recent(e.ceased_date)]
        cells = [("cla_episodes", e.episode_id, "ceased_reason") for e in able]
        yield from _habit(rule, team, len(episodes), already, ENDINGS, cells, ["E8"] * len(cells))


def _all_visits(scene: Scene) -> Iterator[Record]:
    yield from scene.records.cin_visits
    yield from scene.records.cp_visits
    yield from scene.records.cla_visits


def _visits_on_the_first(scene: Scene, rule: str) -> Iterator[Defect]:
    """Add visits to children in need of a team, all on firsts of months."""
    spells, since = _spells(scene), scene.making.year_ago
    firsts = [months_before(scene.month_start, n) for n in range(MONTHS_LEFT_OUT, YEAR_OF_FIRSTS)]
    total, already, taken = Counter[str](), Counter[str](), set[tuple[str, dt.date]]()
    for visit in _all_visits(scene):
        spell = spells.on(visit.person_id, visit.visit_date) if visit.visit_date > since else None
        if spell is not None:
            total[spell.team_id] += 1
            already[spell.team_id] += visit.visit_date.day == 1
            taken.add((visit.person_id, visit.visit_date))
    able: dict[str, list[tuple[str, Record]]] = defaultdict(list)
    for i in scene.open_cases:
        for day in firsts if i.case_type == "CIN" else ():
            held = spells.on(i.person_id, day - ONE_DAY)
            if (
                held is not None
                and held.case_type == "CIN"
                and held.end_date != day
                and (i.person_id, day) not in taken
            ):
                key = f"NVD{i.person_id[1:]}{day:%m%d}"
                entered = scene.making.days.after(day, 2)
                able[held.team_id].append(("cin_visits", NeedVisit(key, i.person_id, day, "Y", "N", entered)))
    for team, visits in able.items():
        # Each visit that is added is one of them all, and so are those that other faults add.
        all_of_them = total[team] + total[team] // 12
        needed = (FIRSTS * all_of_them - 100 * already[team]) // (100 - FIRSTS) + 1
        if total[team] >= LEAST and 0 < needed <= len(visits):
            yield Defect(team, ((rule, team),), added=tuple(visits[:needed]))


def _caseloads(scene: Scene, held_from: dt.date) -> dict[str, list[tuple[str, str]]]:
    """Return worker → (child, period of care) of the children in care whose case they have held since some day."""
    cla_ids = {care.person.person_id: care.episodes[-1].cla_id for care in scene.in_care}
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for i in scene.open_cases:
        if i.case_type == "CLA" and i.start_date <= held_from:
            found[i.worker_id].append((i.person_id, cla_ids[i.person_id]))
    return found


def _visit_in_care(child: str, cla_id: str, day: dt.date, entered: dt.date) -> tuple[str, Record]:
    return "cla_visits", CareVisit(f"LVD{child[1:]}{day:%m%d}", child, cla_id, day, "Y", "N", entered)


def _too_many_children_in_a_day(scene: Scene, rule: str) -> Iterator[Defect]:
    """Add visits to all a worker's children on one day, written up on several, or that would be flagged too."""
    days = scene.making.days
    day = days.on_or_before(scene.ago(DAYS_BACK))
    seen = {visit.person_id for visit in _all_visits(scene) if visit.visit_date == day}
    for worker, children in _caseloads(scene, day).items():
        if len(children) > CHILDREN_A_DAY + SPARE_CHILDREN:
            added = tuple(
                _visit_in_care(child, cla_id, day, days.after(day, 1 + n % 3))
                for n, (child, cla_id) in enumerate(children)
                if child not in seen
            )
            yield Defect(worker, ((rule, worker),), added=added)


def _visits_written_up_in_bulk(scene: Scene, rule: str) -> Iterator[Defect]:
    """Add visits to a worker's children over some days, all written up on the last."""
    days = scene.making.days
    entered = days.on_or_before(scene.ago(DAYS_BACK))
    dates = [days.after(entered, -n) for n in range(DAYS_SAVED_UP)]
    taken = {(v.person_id, v.visit_date) for v in _all_visits(scene) if dates[-1] <= v.visit_date <= dates[0]}
    for worker, children in _caseloads(scene, dates[-1]).items():
        planned = [
            (child, cla_id, dates[(n + again) % DAYS_SAVED_UP])
            for again in (0, 1)
            for n, (child, cla_id) in enumerate(children[:CHILDREN_A_DAY])
        ]
        visits = [_visit_in_care(*visit, entered) for visit in planned if (visit[0], visit[2]) not in taken]
        if len(visits) > ENTRIES_A_DAY + SPARE_RECORDS:
            yield Defect(worker, ((rule, worker),), added=tuple(visits))


QUERY = Severity.QUERY
FAULTS: tuple[Fault, ...] = (
    Fault("too-many-children-in-a-day", QUERY, _too_many_children_in_a_day, most=1, of_many=True),
    Fault("visits-written-up-in-bulk", QUERY, _visits_written_up_in_bulk, most=1, of_many=True),
    Fault("births-on-1-january", QUERY, _births_on_1_january, most=1, of_team=True),
    Fault("other-addresses-common", QUERY, _other_addresses_common, most=1, of_team=True),
    Fault("visits-on-the-first", QUERY, _visits_on_the_first, most=1, of_team=True),
    Fault("other-moves-common", QUERY, _other_moves_common, most=1, of_team=True),
    Fault("other-endings-common", QUERY, _other_endings_common, most=1, of_team=True),
)
"""Every kind of fault in them."""
