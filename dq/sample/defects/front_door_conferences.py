"""Faults in initial child protection conferences, and in the plans that they decide on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from dq.model import Severity
from dq.sample.defects.defect import Defect, Fault, Flag
from dq.sample.defects.front_door_lookup import (
    Inquiry,
    added,
    days,
    dropped,
    front_door,
    late_entry,
    spoilt,
    was_entered_before,
)
from dq.sample.defects.scene import Scene, text
from dq.sample.records.front_door import Conference

CONFERENCES = "initial_conferences"
OLD = 35
FEW_DAYS = 7
TOO_LONG = (16, 19)
"""Working days from the enquiry, or the discussion, to the conference."""
NO_CONFERENCE = "s47-conference-not-recorded"

Held = tuple[Inquiry, Conference, dt.date]


def _conference(conference: Conference, rule: str, *also: Flag, **cells: str) -> Defect:
    return spoilt(conference.person_id, CONFERENCES, conference.conference_id, rule, cells, *also)


def _held(scene: Scene) -> Iterator[Held]:
    for inquiry in front_door(scene).inquiries:
        conference = inquiry.conference
        if conference is not None and conference.conference_date is not None:
            yield inquiry, conference, conference.conference_date


def _with_plan(scene: Scene) -> Iterator[Held]:
    return (held for held in _held(scene) if held[1].cp_plan_id is not None)


def _without_plan(scene: Scene) -> Iterator[Held]:
    return (held for held in _held(scene) if held[1].cp_plan_id is None)


def _this_month(scene: Scene) -> Iterator[Held]:
    """Yield conferences held in the period after what was entered before it."""
    for inquiry, conference, held in _held(scene):
        recorded = max(inquiry.enquiry.recorded_on, inquiry.discussion.recorded_on)
        if held >= scene.month_start and was_entered_before(scene, recorded):
            yield inquiry, conference, held


def late_after_enquiry(scene: Scene, rule: str) -> Iterator[Defect]:
    """Begin the enquiry long before the conference: then the discussion came after it."""
    for inquiry, conference, held in _this_month(scene):
        key, early = inquiry.enquiry.enquiry_id, scene.making.days.after(held, -scene.chance.between(*TOO_LONG))
        if inquiry.referral is None or early >= inquiry.referral.referral_date:
            flags = (rule, conference.conference_id), ("strategy-discussion-after-enquiry", key)
            yield Defect(inquiry.child, flags, {("s47_enquiries", key, "start_date"): text(early)})


def late_after_discussion(scene: Scene, rule: str) -> Iterator[Defect]:
    """Hold the discussion long before the conference, and begin the enquiry later."""
    for inquiry, conference, held in _this_month(scene):
        early = scene.making.days.after(held, -scene.chance.between(*TOO_LONG))
        cells = {("strategy_discussions", inquiry.discussion.discussion_id, "discussion_date"): text(early)}
        yield Defect(inquiry.child, ((rule, conference.conference_id),), cells)


def before_enquiry(scene: Scene, rule: str) -> Iterator[Defect]:
    """Date a conference that decided on no plan before the enquiry began."""
    for inquiry, conference, _ in _without_plan(scene):
        if was_entered_before(scene, conference.recorded_on):
            early = inquiry.enquiry.start_date - days(scene, 1, 9)
            yield _conference(conference, rule, conference_date=text(early))


def without_enquiry(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the enquiry: that one then seems to have led to no conference."""
    for inquiry, conference, _ in _held(scene):
        if inquiry.enquiry.start_date <= scene.ago(OLD):
            yield _conference(conference, rule, (NO_CONFERENCE, inquiry.enquiry.enquiry_id), enquiry_id="")


def of_another_child(scene: Scene, rule: str) -> Iterator[Defect]:
    """Put a conference that decided on no plan on the record of a child who had an enquiry and no conference."""
    others = [inquiry.child for inquiry in front_door(scene).inquiries if inquiry.conference is None]
    for (_, conference, _), other in zip(_without_plan(scene), others, strict=False):
        yield _conference(conference, rule, person_id=other)


def due_not_held(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out when a conference was held, and what it decided."""
    for _, conference, _ in _without_plan(scene):
        if conference.target_date < scene.end:
            yield _conference(conference, rule, conference_date="", outcome_plan="")


def without_outcome(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave unanswered whether there is to be a plan."""
    for _, conference, held in _held(scene):
        if held <= scene.ago(FEW_DAYS):
            yield _conference(conference, rule, outcome_plan="")


def plan_not_begun(scene: Scene, rule: str) -> Iterator[Defect]:
    """Say of a conference that decided on no plan that it did."""
    for _, conference, held in _without_plan(scene):
        if held <= scene.ago(FEW_DAYS):
            yield _conference(conference, rule, outcome_plan="Y")


def plan_begun(scene: Scene, rule: str) -> Iterator[Defect]:
    """Say of a conference that decided on a plan that it did not."""
    return (_conference(conference, rule, outcome_plan="N", cp_plan_id="") for _, conference, _ in _with_plan(scene))


def plan_named(scene: Scene, rule: str) -> Iterator[Defect]:
    """Say of a conference that decided on a plan that it did not, and leave the plan named."""
    for _, conference, _ in _with_plan(scene):
        also = ("plan-begun-though-not-decided", conference.conference_id)
        yield _conference(conference, rule, also, outcome_plan="N")


def plan_without_conference(scene: Scene, rule: str) -> Iterator[Defect]:
    """Never enter the conference: the enquiry seems to have led to none."""
    for inquiry, conference, held in _with_plan(scene):
        if scene.is_recent(held) and inquiry.enquiry.start_date <= scene.ago(OLD):
            flags = (rule, conference.cp_plan_id or ""), (NO_CONFERENCE, inquiry.enquiry.enquiry_id)
            yield Defect(inquiry.child, flags, dropped=dropped((CONFERENCES, [conference.conference_id])))


def of_another_plan(scene: Scene, rule: str) -> Iterator[Defect]:
    """Name the plan of another child, which ended long ago."""
    old = [p for p in scene.records.cp_plans if p.end_date is not None and p.end_date < scene.making.year_ago]
    for _, conference, _ in _with_plan(scene) if old else ():
        other = scene.chance.pick(old)
        if other.person_id != conference.person_id:
            yield _conference(conference, rule, cp_plan_id=other.cp_plan_id)


def twice(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a conference a second time: both are flagged."""
    for _, conference, _ in _held(scene):
        again = replace(conference, conference_id=f"{conference.conference_id}X")
        flags = (rule, conference.conference_id), (rule, again.conference_id)
        yield added(conference.person_id, CONFERENCES, again, *flags)


def recorded_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a conference after more than a week."""
    for _, conference, held in _held(scene):
        late = late_entry(scene, held)
        if late is not None:
            yield _conference(conference, rule, recorded_on=late)


ERROR, QUERY = Severity.ERROR, Severity.QUERY

FAULTS: tuple[Fault, ...] = (
    Fault("conference-before-enquiry", ERROR, before_enquiry, most=6),
    Fault("conference-of-another-childs-enquiry", ERROR, of_another_child, most=6),
    Fault("conference-due-not-held", QUERY, due_not_held, 0.3),
    Fault("conference-plan-not-begun", ERROR, plan_not_begun, 0.3),
    Fault("conference-late-after-enquiry", QUERY, late_after_enquiry, 0.5),
    Fault("conference-late-after-discussion", QUERY, late_after_discussion, 0.5),
    Fault("conference-recorded-late", QUERY, recorded_late, 0.5),
    Fault("conference-without-enquiry", QUERY, without_enquiry, 0.05),
    Fault("conference-without-outcome", ERROR, without_outcome, 0.08),
    Fault("plan-begun-though-not-decided", ERROR, plan_begun, 0.05),
    Fault("conference-plan-named-though-none-decided", ERROR, plan_named, 0.03),
    Fault("plan-without-conference", ERROR, plan_without_conference, 0.08),
    Fault("conference-of-another-plan", ERROR, of_another_plan, 0.03),
    Fault("conference-twice", ERROR, twice, 0.05),
)
"""Every kind of fault in them, rare ones first."""
