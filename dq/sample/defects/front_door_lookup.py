"""The sound records of the front door, looked up by child; and what a fault in one of them is made of."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

from dq.sample.defects.defect import Defect, Flag
from dq.sample.defects.scene import Scene, text
from dq.sample.records.front_door import (
    Assessment,
    Conference,
    Contact,
    Discussion,
    EarlyHelp,
    Enquiry,
    Factor,
    PanelItem,
    Referral,
)

REFERRALS = "referrals"
LATE_WORKING_DAYS = (6, 9)
SETTLED_DAYS = 45
"""Days after a referral when its clocks for seeing the child and for beginning an assessment are over, and judged."""
AFTER_ASSESSMENT = {"RC8", "RC9"}


class _OfChild(Protocol):
    @property
    def person_id(self) -> str: ...


Row = TypeVar("Row", bound=_OfChild)


@dataclass(frozen=True)
class Door:
    """A referral that was taken on, with its assessment and, if there was one, its enquiry."""

    referral: Referral
    referrals: int
    assessment: Assessment | None
    factors: list[Factor]
    enquiry: Enquiry | None
    contacts: list[Contact]
    early_help: list[EarlyHelp]
    panels: list[PanelItem]

    @property
    def child(self) -> str:
        """Return whose referral it is."""
        return self.referral.person_id

    @property
    def is_open(self) -> bool:
        """Return whether the referral is open."""
        return self.referral.closed_date is None


@dataclass(frozen=True)
class Inquiry:
    """A section 47 enquiry, with the discussion before it and its conference."""

    enquiry: Enquiry
    discussion: Discussion
    conference: Conference | None
    referral: Referral | None

    @property
    def child(self) -> str:
        """Return whom it is about."""
        return self.enquiry.person_id


@dataclass(frozen=True)
class FrontDoor:
    """Every referral taken on, and every enquiry, in order."""

    doors: list[Door]
    inquiries: list[Inquiry]


def front_door(scene: Scene) -> FrontDoor:
    """Return the records of the front door, looked up once and kept with the scene as its own lookups are."""
    kept: dict[str, Any] = vars(scene)
    if "front_door" not in kept:
        kept["front_door"] = FrontDoor(list(_doors(scene)), list(_inquiries(scene)))
    return cast("FrontDoor", kept["front_door"])


def _doors(scene: Scene) -> Iterator[Door]:
    records = scene.records
    assessments = {a.referral_id: a for a in records.assessments}
    factors: dict[str, list[Factor]] = defaultdict(list)
    for factor in records.assessment_factors:
        factors[factor.assessment_id].append(factor)
    enquiries = {e.referral_id: e for e in records.s47_enquiries}
    contacts, early_help = by_child(records.contacts), by_child(records.early_help_episodes)
    panels, referrals = by_child(records.early_help_panels), by_child(records.referrals)
    for referral in records.referrals:
        if referral.nfa == "N":
            assessment, child = assessments.get(referral.referral_id), referral.person_id
            yield Door(
                referral=referral,
                referrals=len(referrals[child]),
                assessment=assessment,
                factors=factors.get(assessment.assessment_id, []) if assessment else [],
                enquiry=enquiries.get(referral.referral_id),
                contacts=contacts.get(child, []),
                early_help=early_help.get(child, []),
                panels=panels.get(child, []),
            )


def _inquiries(scene: Scene) -> Iterator[Inquiry]:
    records = scene.records
    discussions = {discussion.enquiry_id: discussion for discussion in records.strategy_discussions}
    conferences = {conference.enquiry_id: conference for conference in records.initial_conferences}
    referrals = {referral.referral_id: referral for referral in records.referrals}
    for enquiry in records.s47_enquiries:
        yield Inquiry(
            enquiry=enquiry,
            discussion=discussions[enquiry.enquiry_id],
            conference=conferences.get(enquiry.enquiry_id),
            referral=referrals.get(enquiry.referral_id or ""),
        )


def by_child(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return a child's rows, in order."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found


def is_settled(scene: Scene, day: dt.date) -> bool:
    """Return whether a referral of this day is so old that its first clocks are judged no more."""
    return day <= scene.ago(SETTLED_DAYS)


def was_entered_before(scene: Scene, recorded_on: dt.date) -> bool:
    """Return whether a record was entered before the period, so that its delay is judged no more."""
    return recorded_on < scene.month_start


def open_doors(scene: Scene) -> Iterator[Door]:
    """Yield the referrals that are open."""
    return (door for door in front_door(scene).doors if door.is_open)


def loose_doors(scene: Scene) -> Iterator[tuple[Door, Assessment]]:
    """Yield closed referrals, with their assessment, of which nothing says that there must be one."""
    for door in front_door(scene).doors:
        referral, assessment = door.referral, door.assessment
        if assessment is None or assessment.authorised_date is None or door.is_open:
            continue
        if referral.closed_reason not in AFTER_ASSESSMENT and is_settled(scene, referral.referral_date):
            yield door, assessment


def assessed(scene: Scene) -> Iterator[tuple[Door, Assessment, dt.date]]:
    """Yield the referrals whose assessment is authorised, with the day it was."""
    for door in front_door(scene).doors:
        if door.assessment is not None and door.assessment.authorised_date is not None:
            yield door, door.assessment, door.assessment.authorised_date


def in_assessment(scene: Scene) -> Iterator[tuple[Door, Assessment]]:
    """Yield the referrals whose assessment is open."""
    for door in front_door(scene).doors:
        if door.assessment is not None and door.assessment.authorised_date is None:
            yield door, door.assessment


def spoilt(child: str, extract: str, key: str, rule: str, cells: Mapping[str, str], *also: Flag) -> Defect:
    """Return a fault that writes other cells into a record; ``also`` is what else is flagged because of it."""
    return Defect(child, ((rule, key), *also), {(extract, key, column): value for column, value in cells.items()})


def spoilt_referral(referral: Referral, rule: str, *also: Flag, **cells: str) -> Defect:
    """Return a fault that writes other cells into a referral."""
    return spoilt(referral.person_id, REFERRALS, referral.referral_id, rule, cells, *also)


def dropped(*rows: tuple[str, Iterable[str]]) -> tuple[tuple[str, str], ...]:
    """Return (extract, key) of rows to be left out, given by extract."""
    return tuple((extract, key) for extract, keys in rows for key in keys)


def factor_keys(door: Door) -> list[str]:
    """Return the keys of the factors of its assessment."""
    return [factor.factor_id for factor in door.factors]


def added(child: str, extract: str, row: Any, *flags: Flag) -> Defect:
    """Return a fault that is a record too many."""
    return Defect(child, flags, added=((extract, row),))


def late_entry(scene: Scene, event: dt.date) -> str | None:
    """Return a day of the period on which the event would have been entered late, if there is one."""
    late = scene.making.days.after(event, scene.chance.between(*LATE_WORKING_DAYS))
    return text(late) if scene.month_start <= late <= scene.end else None


def moment(at: dt.datetime) -> str:
    """Return a time as the extracts write it."""
    return f"{at:%d/%m/%Y %H:%M}"


def days(scene: Scene, least: int, most: int) -> dt.timedelta:
    """Return some days, drawn by chance."""
    return dt.timedelta(days=scene.chance.between(least, most))
