"""The sound records of children's health and schooling, looked up by child."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol, TypeVar

from dq.sample.calendar import age
from dq.sample.defects.defect import Defect, Flag
from dq.sample.defects.scene import Care, Scene
from dq.sample.records.wellbeing import Attendance, HealthCheck, SchoolPlace

ASSESSMENTS = ("IHA", "RHA_U5", "RHA_5")
REVIEWS = ("RHA_U5", "RHA_5")
FEW = 20
"""Where fewer children than this have a month's attendance, one child's may be all there is."""


class _OfChild(Protocol):
    @property
    def person_id(self) -> str: ...


class _Entered(Protocol):
    @property
    def recorded_on(self) -> dt.date: ...


Row = TypeVar("Row", bound=_OfChild)


def by_child(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return a child's rows, in order."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found


def entered(care: Care) -> dt.date:
    """Return the day the child came into care."""
    return care.episodes[0].start_date


def age_now(scene: Scene, care: Care) -> int:
    """Return the child's age at the period end."""
    return age(care.person.dob, scene.end)


def was_settled(scene: Scene, row: _Entered) -> bool:
    """Return whether a record was entered before the period, so that its delay is judged no more."""
    return row.recorded_on < scene.month_start


def earlier_checks(scene: Scene, *kinds: str) -> Iterator[HealthCheck]:
    """Yield the checks of these kinds that another of its kind followed: none is anybody's latest of it."""
    for kind in kinds:
        for checks in by_child(c for c in scene.records.health_checks if c.check_type == kind).values():
            yield from (check for check in checks[:-1] if was_settled(scene, check))


def year_start(scene: Scene) -> dt.date:
    """Return the 1 September with which the academic year of the period end began."""
    return dt.date(scene.end.year - (scene.end.month < 9), 9, 1)


def attendance_this_year(scene: Scene) -> list[Attendance]:
    """Return attendance of this academic year, without the latest month and months that few have."""
    latest = latest_month(scene)
    known = Counter(row.month for row in scene.records.attendance)
    since = year_start(scene)
    return [row for row in scene.records.attendance if since <= row.month != latest and known[row.month] >= FEW]


def latest_month(scene: Scene) -> dt.date | None:
    """Return the latest month of which attendance is known."""
    return max((row.month for row in scene.records.attendance), default=None)


def open_places(scene: Scene) -> list[SchoolPlace]:
    """Return the school places of children in care that are open."""
    in_care = {care.person.person_id for care in scene.in_care}
    return [p for p in scene.records.school_places if p.end_date is None and p.person_id in in_care]


def rewritten(
    child: str, extract: str, key: str, flag: Flag, cells: Mapping[str, str], also: Iterable[Flag] = ()
) -> Defect:
    """Return a fault of one record: ``cells`` are column → text."""
    return Defect(child, (flag, *also), {(extract, key, column): text for column, text in cells.items()})
