"""Faults in contact with care leavers and in their pathway plans."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from dq.model import Severity
from dq.sample.calendar import birthday, months_before
from dq.sample.defects.defect import Defect, Fault, change
from dq.sample.defects.leaving_care import ENTITLED, LIST
from dq.sample.defects.leaving_rows import before, days, leave_out, spoil, stay_by_person
from dq.sample.defects.scene import Scene, text
from dq.sample.records.leaving import CareLeaver, LeaverContact, PathwayPlan

ERROR, QUERY = Severity.ERROR, Severity.QUERY
RARE = 6
CONTACT_DAYS = 56
LATE_WORKING_DAYS = (6, 9)
PLAN_DUE_MONTHS, PLAN_MONTHS = 3, 6
LEAVING_MONTHS = 16 * 12
CONTACTS, PLANS = "care_leaver_contacts", "pathway_plans"


def _contacts(scene: Scene) -> dict[str, list[LeaverContact]]:
    found: dict[str, list[LeaverContact]] = defaultdict(list)
    for contact in scene.records.care_leaver_contacts:
        found[contact.person_id].append(contact)
    return found


def _plans(scene: Scene) -> dict[str, list[PathwayPlan]]:
    found: dict[str, list[PathwayPlan]] = defaultdict(list)
    for plan in scene.records.pathway_plans:
        found[plan.person_id].append(plan)
    return found


def _unwritten(scene: Scene, rule: str, in_touch: str) -> Iterator[Defect]:
    """Leave the contacts of the last eight weeks unwritten; the status then knows of the one before them."""
    border, stays, contacts = scene.ago(CONTACT_DAYS), stay_by_person(scene), _contacts(scene)
    for row in scene.records.care_leavers:
        stay = stays.get(row.person_id)
        if row.in_touch == in_touch and (stay is None or stay.left is None or stay.left <= border):
            known = contacts[row.person_id]
            made = [c.contact_date for c in known if c.outcome == "Made" and c.contact_date < border]
            yield Defect(
                row.person_id,
                ((rule, row.status_id),),
                {(LIST, row.status_id, "latest_contact_date"): text(made[-1]) if made else ""},
                dropped=tuple((CONTACTS, c.contact_id) for c in known if c.contact_date >= border),
            )


def in_touch_without_contact(scene: Scene, rule: str) -> Iterator[Defect]:
    """Say that the authority is in touch, though nobody has been for eight weeks."""
    return _unwritten(scene, rule, "YES")


def no_attempt_at_contact(scene: Scene, rule: str) -> Iterator[Defect]:
    """Let nobody try for eight weeks to reach a young person who is not in touch."""
    return _unwritten(scene, rule, "NO")


def declines_without_record(scene: Scene, rule: str) -> Iterator[Defect]:
    """Record the contacts that a young person declined as not made."""
    contacts = _contacts(scene)
    for row in scene.records.care_leavers:
        if row.in_touch == "REFU":
            declined = [c for c in contacts[row.person_id] if c.outcome == "Declined"]
            cells = {(CONTACTS, c.contact_id, "outcome"): "Not made" for c in declined}
            yield Defect(row.person_id, ((rule, row.status_id),), cells)


def _earlier_contacts(scene: Scene, rule: str, column: str, written: str = "") -> Iterator[Defect]:
    """Write something else into a contact that was made, and was not the last that was."""
    latest = {row.person_id: row.latest_contact_date for row in scene.records.care_leavers if row.in_touch == "YES"}
    for contact in scene.records.care_leaver_contacts:
        last = latest.get(contact.person_id)
        if contact.outcome == "Made" and last is not None and contact.contact_date < last:
            key = contact.contact_id
            yield Defect(contact.person_id, ((rule, key),), {(CONTACTS, key, column): written})


def contact_outcome_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave unanswered whether a contact was made."""
    return _earlier_contacts(scene, rule, "outcome")


def contact_outcome_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Answer with a word that is not in the list."""
    return _earlier_contacts(scene, rule, "outcome", "Yes")


def contact_undated(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the date of a contact."""
    return _earlier_contacts(scene, rule, "contact_date")


def contact_recorded_late(scene: Scene, rule: str) -> Iterator[Defect]:
    """Write up a contact after more than a week."""
    for contact in scene.records.care_leaver_contacts:
        if contact.contact_date > scene.ago(CONTACT_DAYS):
            late = scene.making.days.after(contact.contact_date, scene.chance.between(*LATE_WORKING_DAYS))
            if scene.month_start <= late <= scene.end:
                yield change(contact.person_id, CONTACTS, contact.contact_id, rule, recorded_on=text(late))


def plan_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out every pathway plan of a young person who should have had one by now."""
    stays, plans = stay_by_person(scene), _plans(scene)
    for row in scene.records.care_leavers:
        stay, known = stays.get(row.person_id), plans[row.person_id]
        entitled = stay.entitled_since if stay else months_before(scene.persons[row.person_id].dob, -LEAVING_MONTHS)
        if known and row.eligibility in ENTITLED and months_before(entitled, -PLAN_DUE_MONTHS) <= scene.end:
            yield _without_plans(rule, row, known, None)


def plan_old(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave the reviews of the last six months unwritten; the status then knows of the one before them."""
    border, plans = months_before(scene.end, PLAN_MONTHS), _plans(scene)
    for row in scene.records.care_leavers:
        known = plans[row.person_id]
        earlier = [plan.plan_date for plan in known if plan.plan_date < border]
        if earlier and row.eligibility in ENTITLED:
            yield _without_plans(rule, row, [p for p in known if p.plan_date >= border], earlier[-1])


def _without_plans(rule: str, row: CareLeaver, unwritten: list[PathwayPlan], latest: dt.date | None) -> Defect:
    return Defect(
        row.person_id,
        ((rule, row.status_id),),
        {(LIST, row.status_id, "pathway_review_date"): text(latest) if latest else ""},
        dropped=tuple((PLANS, plan.pathway_plan_id) for plan in unwritten),
    )


def _first_plans(scene: Scene) -> Iterator[PathwayPlan]:
    """Yield the first of three plans or more."""
    return (plans[0] for plans in _plans(scene).values() if len(plans) > 2)


def plan_before_15(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the year of the first pathway plan some years early."""
    for plan in _first_plans(scene):
        early = birthday(scene.persons[plan.person_id].dob, 13) + days(scene, 0, 600)
        due = text(months_before(early, -PLAN_MONTHS))
        yield change(plan.person_id, PLANS, plan.pathway_plan_id, rule, plan_date=text(early), review_due=due)


def plan_undated(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the date of an earlier pathway plan."""
    return (change(p.person_id, PLANS, p.pathway_plan_id, rule, plan_date="") for p in _first_plans(scene))


def plan_of_nobody(scene: Scene, rule: str) -> Iterator[Defect]:
    """Give an earlier pathway plan to a person who is not in the extract of persons."""
    for plan in _first_plans(scene):
        unknown = f"D{plan.person_id[1:]}"
        yield change(plan.person_id, PLANS, plan.pathway_plan_id, rule, person_id=unknown)


FAULTS: tuple[Fault, ...] = (
    Fault("no-attempt-at-contact", QUERY, no_attempt_at_contact, 2.0),
    Fault("declines-contact-without-record", QUERY, declines_without_record, 2.0),
    Fault("in-touch-without-contact", QUERY, in_touch_without_contact, 1.5),
    Fault("leaver-contact-recorded-late", QUERY, contact_recorded_late, 0.7),
    Fault("leaver-contact-outcome-missing", ERROR, contact_outcome_missing, 0.7),
    Fault("contract.care_leaver_contacts.outcome.codes", ERROR, contact_outcome_not_a_code, 0.2),
    Fault("contract.care_leaver_contacts.contact_date.required", ERROR, contact_undated, 0.2),
    Fault("pathway-plan-missing", ERROR, plan_missing, 0.7),
    Fault("pathway-plan-old", QUERY, plan_old, 1.0),
    Fault("pathway-plan-before-15", ERROR, plan_before_15, most=RARE),
    Fault("pathway-review-due-missing", ERROR, leave_out(PLANS, "review_due"), 0.5),
    Fault("pathway-review-due-before-plan", ERROR, before(PLANS, "review_due", "plan_date", 60), 0.2),
    Fault(
        "pathway-review-due-late",
        QUERY,
        spoil(
            PLANS,
            lambda _row, _scene: True,
            lambda row, _scene: {"review_due": text(months_before(row.plan_date, -12))},
        ),
        0.3,
    ),
    Fault("contract.pathway_plans.plan_date.required", ERROR, plan_undated, most=RARE),
    Fault("contract.pathway_plans.person_id.references", ERROR, plan_of_nobody, most=RARE),
)
"""Every kind of fault in contacts and plans."""
