"""Faults in the list of care leavers: who is in it, how they live, who advises them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dq.model import Severity
from dq.sample.calendar import age, birthday, months_before
from dq.sample.defects.defect import Defect, Fault, change
from dq.sample.defects.leaving_rows import days, leave_out, put, spoil, stay_by_person
from dq.sample.defects.scene import Scene, text
from dq.sample.parts.leaving_care import ADVISER_AGE_MONTHS, LEFT_TO_LIVE_ALONE
from dq.sample.parts.leaving_stays import stays_in_care
from dq.sample.records import Record
from dq.sample.records.leaving import CareLeaver

ERROR, QUERY = Severity.ERROR, Severity.QUERY
RARE = 6
EARLIEST_YEAR = 1985
OLDER_BY = 7
WORKING = frozenset({"F1", "F4", "F5"})
ENTITLED = frozenset({"Eligible", "Relevant", "Former relevant"})
LIST = "care_leavers"


def in_touch(row: Record, _scene: Scene) -> bool:
    """Return whether the authority is in touch with a care leaver."""
    return bool(row.in_touch == "YES")


def _lost(row: Record, _scene: Scene) -> bool:
    return row.in_touch in {"NO", "RHOM"}


def _suitable(row: Record, _scene: Scene) -> bool:
    return bool(row.accommodation_suitable == "1")


def not_listed(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave a young person who left care out of the list."""
    listed = {row.person_id: row for row in scene.records.care_leavers}
    for stay in stays_in_care(scene.making):
        person = stay.person.person_id
        left = stay.left is not None and stay.reason in LEFT_TO_LIVE_ALONE and stay.is_entitled(scene.end)
        if left and person in listed:
            yield Defect(person, ((rule, person),), dropped=((LIST, listed[person].status_id),))


def eligible_not_listed(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave a child in care who should have an adviser by now out of the list."""
    for row in scene.records.care_leavers:
        if row.eligibility == "Eligible" and _adviser_due(row, scene):
            yield Defect(row.person_id, ((rule, row.person_id),), dropped=((LIST, row.status_id),))


def listed_twice(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a care leaver a second time: both entries are flagged."""
    for row in scene.records.care_leavers:
        copy = replace(row, status_id=f"D{row.status_id}")
        yield Defect(row.person_id, ((rule, row.status_id), (rule, copy.status_id)), added=((LIST, copy),))


def still_in_care(scene: Scene, rule: str) -> Iterator[Defect]:
    """Call a child in care relevant, as if they had left: whether there is contact then seems unanswered too."""
    for row in scene.records.care_leavers:
        if row.eligibility == "Eligible":
            also = [("in-touch-missing", row.status_id)]
            yield change(row.person_id, LIST, row.status_id, rule, also=also, eligibility="Relevant")


def under_16(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a child in care in the list some years too soon."""
    for stay in stays_in_care(scene.making):
        if stay.left is None and 12 <= age(stay.person.dob, scene.end) <= 15:
            entry = CareLeaver(
                status_id=f"D{stay.person.person_id}",
                person_id=stay.person.person_id,
                eligibility="Eligible",
                in_touch=None,
                latest_contact_date=None,
                accommodation=None,
                accommodation_suitable=None,
                activity=None,
                pathway_review_date=None,
                adviser_id=None,
                adviser_since=None,
                status_date=scene.end,
                recorded_on=scene.end,
            )
            yield Defect(entry.person_id, ((rule, entry.status_id),), added=((LIST, entry),))


def over_age(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type a care leaver's date of birth seven years early; of one who left care before these records begin."""
    stays = stay_by_person(scene)
    for row in scene.records.care_leavers:
        person = scene.persons[row.person_id]
        early = birthday(person.dob, -OLDER_BY)
        if row.person_id not in stays and person.uasc == "N" and early.year > EARLIEST_YEAR:
            yield change(row.person_id, "persons", row.person_id, rule, flagged=row.status_id, dob=text(early))


def _adviser_due(row: CareLeaver, scene: Scene) -> bool:
    return months_before(scene.persons[row.person_id].dob, -ADVISER_AGE_MONTHS) <= scene.end


def _old_status(_row: Record, scene: Scene) -> dict[str, str]:
    day = scene.making.days.on_or_before(scene.ago(scene.chance.between(95, 200)))
    return {"status_date": text(day), "recorded_on": text(day)}


FAULTS: tuple[Fault, ...] = (
    Fault("care-leaver-over-age", QUERY, over_age, most=RARE),
    Fault("care-leaver-not-listed", QUERY, not_listed),
    Fault("eligible-child-not-listed", QUERY, eligible_not_listed, 0.5),
    Fault("care-leaver-listed-twice", ERROR, listed_twice, most=RARE),
    Fault("care-leaver-still-in-care", ERROR, still_in_care, most=RARE),
    Fault("care-leaver-under-16", ERROR, under_16, most=RARE),
    Fault("care-leaver-eligibility-missing", ERROR, leave_out(LIST, "eligibility"), 0.3),
    Fault(
        "eligibility-does-not-fit-age",
        ERROR,
        put(LIST, lambda row, _: row.eligibility == "Former relevant", eligibility="Relevant"),
        0.4,
    ),
    Fault(
        "eligible-but-not-in-care",
        ERROR,
        put(LIST, lambda row, _: row.eligibility in {"Former relevant", "Relevant"}, eligibility="Eligible"),
        0.4,
    ),
    Fault("in-touch-missing", ERROR, leave_out(LIST, "in_touch"), 1.0),
    Fault(
        "declined-recorded-as-not-in-touch",
        QUERY,
        put(LIST, lambda row, _: row.in_touch == "REFU", in_touch="NO"),
        2.0,
    ),
    Fault("details-without-contact", QUERY, put(LIST, _lost, activity="G5"), 2.0),
    Fault(
        "custody-with-full-time-work",
        QUERY,
        put(LIST, lambda row, _: row.activity in WORKING, accommodation="X", accommodation_suitable="2"),
        0.4,
    ),
    Fault(
        "died-without-date",
        ERROR,
        put(LIST, in_touch, in_touch="DIED", accommodation="0", accommodation_suitable="", activity="0"),
        most=3,
    ),
    Fault("accommodation-missing", ERROR, leave_out(LIST, "accommodation", when=in_touch), 0.7),
    Fault("suitability-missing", ERROR, leave_out(LIST, "accommodation_suitable", when=in_touch), 0.7),
    Fault("activity-missing", ERROR, leave_out(LIST, "activity", when=in_touch), 1.0),
    Fault("custody-or-homeless-marked-suitable", ERROR, put(LIST, _suitable, accommodation="S"), 0.3),
    Fault("emergency-home-marked-suitable", QUERY, put(LIST, _suitable, accommodation="W"), 0.3),
    Fault("care-leaver-status-old", QUERY, spoil(LIST, lambda _row, _scene: True, _old_status), 0.7),
    Fault(
        "latest-contact-differs",
        QUERY,
        spoil(
            LIST,
            lambda row, scene: in_touch(row, scene) and row.latest_contact_date is not None,
            lambda row, scene: {"latest_contact_date": text(row.latest_contact_date - days(scene, 3, 20))},
        ),
        0.5,
    ),
    Fault(
        "pathway-review-date-differs",
        QUERY,
        spoil(
            LIST,
            lambda row, _: row.pathway_review_date is not None,
            lambda row, scene: {"pathway_review_date": text(row.pathway_review_date - days(scene, 20, 90))},
        ),
        0.5,
    ),
    Fault(
        "adviser-missing",
        ERROR,
        leave_out(
            LIST,
            "adviser_id",
            "adviser_since",
            when=lambda row, scene: row.eligibility in ENTITLED and _adviser_due(row, scene),
        ),
        0.7,
    ),
    Fault("adviser-without-date", ERROR, leave_out(LIST, "adviser_since"), 0.5),
    Fault("contract.care_leavers.accommodation.codes", ERROR, put(LIST, in_touch, accommodation="SL"), 0.2),
)
"""Every kind of fault in the list itself."""
