"""Faults in contacts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from dq.model import Severity
from dq.sample.defects.defect import Defect, Fault
from dq.sample.defects.front_door_lookup import added, by_child, late_entry, moment, spoilt
from dq.sample.defects.scene import Scene
from dq.sample.records.front_door import Contact

CONTACTS = "contacts"
REFERRED = "REFERRAL"
REFERRAL_DAYS = dt.timedelta(days=14)


def _contact(contact: Contact, rule: str, **cells: str) -> Defect:
    return spoilt(contact.person_id, CONTACTS, contact.contact_id, rule, cells)


def not_decided(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave a contact without a decision."""
    for contact in scene.records.contacts:
        if scene.making.year_ago < contact.received_at.date() <= scene.ago(7):
            yield _contact(contact, rule, decided_at="", outcome="")


def decided_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Decide a contact days after it came."""
    for contact in scene.records.contacts:
        late = scene.making.days.after(contact.received_at.date(), scene.chance.between(2, 5))
        if scene.month_start <= late <= scene.end:
            yield _contact(contact, rule, decided_at=moment(dt.datetime.combine(late, dt.time(9, 30))))


def decided_before_received(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the decision hours before the contact came."""
    for contact in scene.records.contacts:
        early = contact.received_at - dt.timedelta(hours=scene.chance.between(1, 30))
        yield _contact(contact, rule, decided_at=moment(early))


def without_outcome(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out what was decided."""
    return (_contact(contact, rule, outcome="") for contact in scene.records.contacts)


def outcome_without_decision(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out when it was decided."""
    return (_contact(contact, rule, decided_at="") for contact in scene.records.contacts)


def referral_not_made(scene: Scene, rule: str) -> Iterator[Defect]:
    """Decide that a contact is to be a referral, and make none."""
    referrals = by_child(scene.records.referrals)
    for contact in scene.records.contacts:
        day = contact.received_at.date()
        after = [r for r in referrals[contact.person_id] if day <= r.referral_date <= day + REFERRAL_DAYS]
        if contact.outcome != REFERRED and not after and day <= scene.ago(10):
            yield _contact(contact, rule, outcome=REFERRED)


def without_source(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out who made the contact."""
    return (_contact(contact, rule, source="") for contact in scene.records.contacts)


def twice(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a contact a second time: both are flagged."""
    for contact in scene.records.contacts:
        again = replace(contact, contact_id=f"{contact.contact_id}X")
        yield added(contact.person_id, CONTACTS, again, (rule, contact.contact_id), (rule, again.contact_id))


def recorded_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a contact after more than a week."""
    for contact in scene.records.contacts:
        late = late_entry(scene, contact.received_at.date())
        if late is not None:
            yield _contact(contact, rule, recorded_on=late)


def source_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type who made the contact in words."""
    for contact in scene.records.contacts:
        yield _contact(contact, rule, source=scene.chance.pick(("SCHOOL", "POL", "2C")))


def not_dated(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out when the contact came."""
    return (_contact(contact, rule, received_at="") for contact in scene.records.contacts)


ERROR, QUERY = Severity.ERROR, Severity.QUERY

FAULTS: tuple[Fault, ...] = (
    Fault("contact-decided-late", QUERY, decided_late, 1.0),
    Fault("contact-recorded-late", QUERY, recorded_late, 1.0),
    Fault("contact-referral-not-made", ERROR, referral_not_made, 0.15),
    Fault("contact-not-decided", QUERY, not_decided, 0.1),
    Fault("contact-decided-before-received", ERROR, decided_before_received, 0.05),
    Fault("contact-without-outcome", ERROR, without_outcome, 0.05),
    Fault("contact-outcome-without-decision", ERROR, outcome_without_decision, 0.05),
    Fault("contact-without-source", ERROR, without_source, 0.05),
    Fault("contact-twice", QUERY, twice, 0.05),
    Fault("contract.contacts.source.codes", ERROR, source_not_a_code, 0.03),
    Fault("contract.contacts.received_at.required", ERROR, not_dated, 0.02),
)
"""Every kind of fault in them, rare ones first."""
