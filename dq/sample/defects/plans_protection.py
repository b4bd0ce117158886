"""Faults in child protection plans."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from dq.sample.calendar import months_before
from dq.sample.defects.defect import Defect, Flag, change
from dq.sample.defects.plans_lookup import grown_up, in_care_now, protection_plans, recent_plans
from dq.sample.defects.scene import Scene, text
from dq.sample.records import Address, Plan

PLANS, REVIEWS = "cp_plans", "cp_reviews"
FIRST_DAYS = 91
SETTLED_DAYS = 28
VISIT_WORKING_DAYS = 10
FEW_VISITS = 5
CATEGORIES = ("NEG", "EMO", "PHY", "SAB")


def _has_one_category(plan: Plan) -> bool:
    """Return whether the category was never changed, so that nothing is said of it where reviews are missing."""
    return plan.initial_category == plan.latest_category


def two_open(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a plan of the last weeks a second time: both are flagged, and the second has no visits."""
    days = scene.making.days
    for plan in scene.open_plans:
        if plan.start_date >= scene.ago(FIRST_DAYS) and _has_one_category(plan):
            again = replace(plan, cp_plan_id=f"{plan.cp_plan_id}B")
            flags = [(rule, plan.cp_plan_id), (rule, again.cp_plan_id)]
            if days.between(plan.start_date, scene.end) > VISIT_WORKING_DAYS:
                flags.append(("no-visit-on-plan", again.cp_plan_id))
            if plan.start_date <= scene.ago(SETTLED_DAYS):
                flags.append(("plan-never-visited", again.cp_plan_id))
            yield Defect(plan.person_id, tuple(flags), added=((PLANS, again),))


def overlap(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter a plan that has ended a second time."""
    for plan in scene.records.cp_plans:
        if scene.is_recent(plan.end_date) and _has_one_category(plan):
            again = replace(plan, cp_plan_id=f"{plan.cp_plan_id}B")
            yield Defect(plan.person_id, ((rule, again.cp_plan_id),), added=((PLANS, again),))


def initial_category_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the category the initial conference decided."""
    for plan in recent_plans(scene):
        yield change(plan.person_id, PLANS, plan.cp_plan_id, rule, initial_category="")


def latest_category_missing(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave out the category as it stands now."""
    for plan in scene.open_plans:
        yield change(plan.person_id, PLANS, plan.cp_plan_id, rule, latest_category="")


def category_not_a_code(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the category in words, in a plan that has been reviewed."""
    for reviewed in protection_plans(scene):
        if reviewed.held:
            wrong = scene.chance.pick(("Neglect", "NG", "EMOT"))
            yield change(reviewed.child, PLANS, reviewed.plan.cp_plan_id, rule, initial_category=wrong)


def category_changed_without_review(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type another category in a plan too young to have been reviewed."""
    for reviewed in protection_plans(scene):
        plan = reviewed.plan
        is_settled = reviewed.is_open and not reviewed.held and plan.start_date <= scene.ago(SETTLED_DAYS)
        if is_settled and _has_one_category(plan):
            others = [category for category in CATEGORIES if category != plan.latest_category]
            yield change(reviewed.child, PLANS, plan.cp_plan_id, rule, initial_category=scene.chance.pick(others))


def open_two_years(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the start of a plan more than two years early: the conference that decided on it is then of no plan."""
    conferences = {(c.person_id, c.conference_date): c for c in scene.records.initial_conferences}
    for plan in scene.open_plans:
        early = months_before(scene.end, 24) - dt.timedelta(days=scene.chance.between(0, 60))
        if plan.start_date >= scene.ago(400) or scene.persons[plan.person_id].dob > early:
            continue
        also: list[Flag] = []
        conference = conferences.get((plan.person_id, plan.start_date))
        if conference is not None and conference.outcome_plan == "Y":
            also.append(("conference-plan-not-begun", conference.conference_id))
        if conference is not None and conference.cp_plan_id is not None:
            also.append(("conference-of-another-plan", conference.conference_id))
        yield change(plan.person_id, PLANS, plan.cp_plan_id, rule, also=also, start_date=text(early))


def second_plan(scene: Scene, rule: str) -> Iterator[Defect]:
    """Enter an earlier plan of the child's, which ended a year or so before."""
    for plan in scene.open_plans:
        end = plan.start_date - dt.timedelta(days=scene.chance.between(380, 500))
        start = end - dt.timedelta(days=scene.chance.between(60, 300))
        if scene.is_recent(plan.start_date) and scene.persons[plan.person_id].dob < start and _has_one_category(plan):
            key = f"{plan.cp_plan_id}A"
            earlier = replace(plan, cp_plan_id=key, start_date=start, end_date=end, recorded_on=start)
            yield Defect(plan.person_id, ((rule, plan.cp_plan_id),), added=((PLANS, earlier),))


def ended_on_first_day(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the day a plan began as its end: the visits and reviews under it then fall after it."""
    for reviewed in protection_plans(scene):
        plan, visits = reviewed.plan, scene.plan_visits[reviewed.plan.cp_plan_id]
        if scene.is_recent(plan.end_date) and len(visits) <= FEW_VISITS:
            also = [("visit-outside-plan", visit.visit_id) for visit in visits]
            also += [("plan-review-outside-plan", review.review_id) for review in reviewed.held]
            yield change(plan.person_id, PLANS, plan.cp_plan_id, rule, also=also, end_date=text(plan.start_date))


def ended_though_to_continue(scene: Scene, rule: str) -> Iterator[Defect]:
    """Say that the review which ended the plan decided to continue it."""
    for reviewed in protection_plans(scene):
        plan = reviewed.plan
        if scene.is_recent(plan.end_date):
            last = reviewed.held[-1].review_id
            yield change(reviewed.child, REVIEWS, last, rule, flagged=plan.cp_plan_id, continues="Y")


def open_though_to_end(scene: Scene, rule: str) -> Iterator[Defect]:
    """Say that the last review of an open plan decided to end it."""
    for reviewed in protection_plans(scene):
        if reviewed.is_open and reviewed.held:
            last = reviewed.held[-1].review_id
            yield change(reviewed.child, REVIEWS, last, rule, flagged=reviewed.plan.cp_plan_id, continues="N")


def open_over_18(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type the date of birth years too early."""
    in_care = in_care_now(scene)
    for plan in scene.open_plans:
        if plan.person_id not in in_care:
            yield from grown_up(scene, plan.person_id, rule, plan.cp_plan_id)


def before_birth(scene: Scene, rule: str) -> Iterator[Defect]:
    """Type a date of birth after the plan began: homes the child had before are then from before birth as well."""
    in_care, homes = in_care_now(scene), defaultdict[str, list[Address]](list)
    for address in scene.records.addresses:
        homes[address.person_id].append(address)
    for plan in recent_plans(scene):
        person = scene.persons[plan.person_id]
        late = plan.start_date + dt.timedelta(days=scene.chance.between(1, 10))
        if plan.person_id not in in_care and person.expected_dob is None and late <= scene.end:
            also = [("home-before-birth", home.address_id) for home in homes[plan.person_id] if home.start_date < late]
            key = plan.cp_plan_id
            yield change(plan.person_id, "persons", plan.person_id, rule, flagged=key, also=also, dob=text(late))


def never_visited(scene: Scene, rule: str) -> Iterator[Defect]:
    """Leave every visit under a plan of the last months unwritten."""
    for plan in scene.open_plans:
        if scene.ago(80) <= plan.start_date <= scene.ago(SETTLED_DAYS):
            dropped = tuple(("cp_visits", visit.visit_id) for visit in scene.plan_visits[plan.cp_plan_id])
            flags = ((rule, plan.cp_plan_id), ("no-visit-on-plan", plan.cp_plan_id))
            yield Defect(plan.person_id, flags, dropped=dropped)
