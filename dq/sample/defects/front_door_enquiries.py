"""Faults in section 47 enquiries and strategy discussions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from dq.model import Severity
from dq.sample.calendar import birthday
from dq.sample.defects.defect import Defect, Fault, Flag
from dq.sample.defects.front_door_lookup import (
    Inquiry,
    days,
    dropped,
    front_door,
    late_entry,
    spoilt,
    was_entered_before,
)
from dq.sample.defects.scene import Scene, text

ENQUIRIES, DISCUSSIONS = "s47_enquiries", "strategy_discussions"
YEAR = 365
OLD = 35
LIMIT_WORKING_DAYS = 15
CONFERENCE = "ICPC"


def _enquiry(inquiry: Inquiry, rule: str, *also: Flag, **cells: str) -> Defect:
    return spoilt(inquiry.child, ENQUIRIES, inquiry.enquiry.enquiry_id, rule, cells, *also)


def _discussion(inquiry: Inquiry, rule: str, *also: Flag, **cells: str) -> Defect:
    return spoilt(inquiry.child, DISCUSSIONS, inquiry.discussion.discussion_id, rule, cells, *also)


def _ended(scene: Scene) -> Iterator[tuple[Inquiry, dt.date]]:
    for inquiry in front_door(scene).inquiries:
        if inquiry.enquiry.end_date is not None:
            yield inquiry, inquiry.enquiry.end_date


def _on_open_case(scene: Scene) -> Iterator[Inquiry]:
    """Yield enquiries of some time ago whose referral, if they have one, is open."""
    for inquiry, _ in _ended(scene):
        has_closed = inquiry.referral is not None and inquiry.referral.closed_date is not None
        if not has_closed and inquiry.enquiry.start_date <= scene.ago(OLD):
            yield inquiry


def _settled(scene: Scene) -> Iterator[Inquiry]:
    """Yield enquiries entered, and followed up, before the period."""
    for inquiry, _ in _ended(scene):
        conference = inquiry.conference
        held = None if conference is None else conference.conference_date
        if was_entered_before(scene, inquiry.enquiry.recorded_on) and (held is None or held < scene.month_start):
            yield inquiry


def dates_out_of_order(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the end of an enquiry with the year before."""
    for inquiry, ended in _ended(scene):
        if 0 < (ended - inquiry.enquiry.start_date).days < YEAR:
            yield _enquiry(inquiry, rule, end_date=text(birthday(ended, -1)))


def before_referral(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the discussion and the start of the enquiry before the referral came."""
    for inquiry in _settled(scene):
        if inquiry.referral is not None:
            early = text(inquiry.referral.referral_date - days(scene, 1, 6))
            key, discussion = inquiry.enquiry.enquiry_id, inquiry.discussion.discussion_id
            cells = {(ENQUIRIES, key, "start_date"): early, (DISCUSSIONS, discussion, "discussion_date"): early}
            yield Defect(inquiry.child, ((rule, key),), cells)


def of_another_child(scene: Scene, rule: str) -> Iterator[Defect]:
    """Put the enquiry on the record of another child: the discussion is then that of another child as well."""
    other: str | None = None
    for inquiry, _ in _ended(scene):
        if other is not None and inquiry.conference is None and inquiry.referral is not None:
            also = ("strategy-discussion-of-another-child", inquiry.discussion.discussion_id)
            yield _enquiry(inquiry, rule, also, person_id=other)
        other = inquiry.child


def discussion_of_another_child(scene: Scene, rule: str) -> Iterator[Defect]:
    """Put the discussion on the record of another child."""
    other: str | None = None
    for inquiry in front_door(scene).inquiries:
        if other is not None:
            yield _discussion(inquiry, rule, person_id=other)
        other = inquiry.child


def without_discussion(scene: Scene, rule: str) -> Iterator[Defect]:
    """Never enter the discussion."""
    for inquiry in front_door(scene).inquiries:
        gone = dropped((DISCUSSIONS, [inquiry.discussion.discussion_id]))
        yield Defect(inquiry.child, ((rule, inquiry.enquiry.enquiry_id),), dropped=gone)


def discussion_after_enquiry(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date the discussion some days after the enquiry began."""
    for inquiry in _settled(scene):
        late = text(inquiry.enquiry.start_date + days(scene, 1, 4))
        key, discussion = inquiry.enquiry.enquiry_id, inquiry.discussion.discussion_id
        yield Defect(inquiry.child, ((rule, key),), {(DISCUSSIONS, discussion, "discussion_date"): late})


def discussion_recorded_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a discussion after more than a week."""
    for inquiry in front_door(scene).inquiries:
        late = late_entry(scene, inquiry.discussion.discussion_date)
        if late is not None:
            yield _discussion(inquiry, rule, recorded_on=late)


def recorded_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter an enquiry after more than a week."""
    for inquiry in front_door(scene).inquiries:
        late = late_entry(scene, inquiry.enquiry.start_date)
        if late is not None:
            yield _enquiry(inquiry, rule, recorded_on=late)


def overdue(scene: Scene, rule: str) -> Iterator[Defect]:
    """Never end an enquiry."""
    return (_enquiry(i, rule, end_date="", outcome="", child_seen="") for i in _on_open_case(scene))


def without_outcome(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out what the enquiry found."""
    return (_enquiry(inquiry, rule, outcome="") for inquiry, _ in _ended(scene))


def outcome_without_end(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out when the enquiry ended: it is overdue as well."""
    for inquiry in _on_open_case(scene):
        yield _enquiry(inquiry, rule, ("s47-overdue", inquiry.enquiry.enquiry_id), end_date="")


def outcome_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type an outcome that the list does not have."""
    for inquiry, _ in _ended(scene):
        if inquiry.conference is None:
            yield _enquiry(inquiry, rule, outcome=scene.chance.pick(("NOT SUBST", "S.17", "CLOSED")))


def child_not_seen(scene: Scene, rule: str) -> Iterator[Defect]:
    """End an enquiry about a child whom nobody saw."""
    return (_enquiry(inquiry, rule, child_seen="N") for inquiry, _ in _ended(scene))


def seen_not_said(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave unanswered whether the child was seen."""
    return (_enquiry(inquiry, rule, child_seen="") for inquiry, _ in _ended(scene))


def two_open(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave a new enquiry open, and enter it a second time: both are flagged."""
    for inquiry in front_door(scene).inquiries:
        enquiry, key = inquiry.enquiry, inquiry.enquiry.enquiry_id
        has_closed = inquiry.referral is not None and inquiry.referral.closed_date is not None
        if has_closed or scene.making.days.between(enquiry.start_date, scene.end) > LIMIT_WORKING_DAYS:
            continue
        again = replace(enquiry, enquiry_id=f"{key}X", end_date=None, outcome=None, child_seen=None)
        discussion = replace(
            inquiry.discussion, discussion_id=f"{inquiry.discussion.discussion_id}X", enquiry_id=again.enquiry_id
        )
        cells = {(ENQUIRIES, key, column): "" for column in ("end_date", "outcome", "child_seen")}
        flags = (rule, key), (rule, again.enquiry_id)
        yield Defect(inquiry.child, flags, cells, added=((ENQUIRIES, again), (DISCUSSIONS, discussion)))


def conference_not_recorded(scene: Scene, rule: str) -> Iterator[Defect]:
    """Decide on a conference that was never held."""
    for inquiry, _ in _ended(scene):
        if inquiry.conference is None and inquiry.enquiry.start_date <= scene.ago(OLD):
            yield _enquiry(inquiry, rule, outcome=CONFERENCE)


def conference_not_the_outcome(scene: Scene, rule: str) -> Iterator[Defect]:
    """Choose another outcome, though a conference was held."""
    for inquiry, _ in _ended(scene):
        if inquiry.conference is not None and inquiry.conference.conference_date is not None:
            yield _enquiry(inquiry, rule, outcome=scene.chance.pick(("ASSESS", "S17", "NFA")))


ERROR, QUERY = Severity.ERROR, Severity.QUERY

FAULTS: tuple[Fault, ...] = (
    Fault("two-open-s47-enquiries", ERROR, two_open, 0.5),
    Fault("s47-recorded-late", QUERY, recorded_late, 0.5),
    Fault("strategy-discussion-recorded-late", QUERY, discussion_recorded_late, 0.5),
    Fault("s47-of-another-childs-referral", ERROR, of_another_child, most=6),
    Fault("s47-conference-not-recorded", ERROR, conference_not_recorded, 0.4),
    Fault("contract.s47_enquiries.outcome.codes", ERROR, outcome_not_a_code, 0.1),
    Fault("s47-overdue", QUERY, overdue, 0.1),
    Fault("s47-outcome-without-end", ERROR, outcome_without_end, 0.1),
    Fault("s47-dates-out-of-order", ERROR, dates_out_of_order, 0.05),
    Fault("s47-before-referral", ERROR, before_referral, 0.05),
    Fault("s47-without-strategy-discussion", ERROR, without_discussion, 0.1),
    Fault("strategy-discussion-after-enquiry", QUERY, discussion_after_enquiry, 0.1),
    Fault("strategy-discussion-of-another-child", ERROR, discussion_of_another_child, most=6),
    Fault("s47-without-outcome", ERROR, without_outcome, 0.1),
    Fault("child-not-seen-at-s47", QUERY, child_not_seen, 0.1),
    Fault("s47-seen-not-said", ERROR, seen_not_said, 0.1),
    Fault("conference-though-not-the-outcome", QUERY, conference_not_the_outcome, 0.05),
)
"""Every kind of fault in them, rare ones first."""
