"""What the faults of looked-after children ask of the sound records: a child's rows of one extract, in order."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from dq.sample.defects.scene import Care, Scene
from dq.sample.records import CareVisit, Placement
from dq.sample.records.looked_after import CarePlan, LegalStatus, OfficerVisit, Proceedings, Review

FOSTERED = {"U3", "U4", "U5", "U6"}
TO_FAMILY = {"E4A", "E4B"}
MONTH, WEEK = 30, 7


class Owned(Protocol):
    """A record that is about one child."""

    person_id: str


Row = TypeVar("Row", bound=Owned)


def by_child(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Child → their rows of one extract, in the order in which they were made: that of time."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found


def days(count: int) -> dt.timedelta:
    """Return so many days."""
    return dt.timedelta(days=count)


def left_on(care: Care) -> dt.date:
    """Return the day a child left care; of a child who is still in care, the last day there is."""
    return care.episodes[-1].ceased_date or dt.date.max


def with_statuses(care: Iterable[Care], scene: Scene) -> Iterator[tuple[Care, list[LegalStatus]]]:
    """Yield children in care, or who left it, with their legal statuses."""
    statuses = by_child(scene.records.legal_statuses)
    return ((c, statuses[c.person.person_id]) for c in care)


def agreed(scene: Scene) -> Iterator[tuple[Care, LegalStatus]]:
    """Yield children in care by agreement and never otherwise, who did not come unaccompanied, with that status."""
    for care, statuses in with_statuses(scene.in_care, scene):
        if len(statuses) == 1 and statuses[0].legal_status == "V2" and not care.is_uasc:
            yield care, statuses[0]


def with_reviews(care: Iterable[Care], scene: Scene) -> Iterator[tuple[Care, list[Review], Review | None]]:
    """Yield children in care, or who left it, with the reviews held and the next one, if it is planned."""
    reviews = by_child(scene.records.cla_reviews)
    for c in care:
        rows = reviews[c.person.person_id]
        planned = rows[-1] if rows and rows[-1].held_date is None else None
        yield c, [row for row in rows if row.held_date is not None], planned


def with_plans(care: Iterable[Care], scene: Scene) -> Iterator[tuple[Care, list[CarePlan]]]:
    """Yield children in care, or who left it, with their care plans, where they have one."""
    plans = by_child(scene.records.care_plans)
    return ((c, plans[c.person.person_id]) for c in care if plans[c.person.person_id])


def with_officer(care: Iterable[Care], scene: Scene) -> Iterator[tuple[Care, list[OfficerVisit]]]:
    """Yield children in care with the reviewing officer's visits."""
    visits = by_child(scene.records.iro_visits)
    return ((c, visits[c.person.person_id]) for c in care)


def with_proceedings(care: Iterable[Care], scene: Scene) -> Iterator[tuple[Care, Proceedings]]:
    """Yield children in care, or who left it, with the last care proceedings about them, where there were any."""
    proceedings = by_child(scene.records.care_proceedings)
    return ((c, proceedings[c.person.person_id][-1]) for c in care if proceedings[c.person.person_id])


def is_first_visit(visit: CareVisit, placements: Iterable[Placement]) -> bool:
    """Return whether a visit may be the first to a placement: it would be missed there."""
    return any(p.start_date <= visit.visit_date <= p.start_date + days(WEEK) for p in placements)
