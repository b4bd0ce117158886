"""How each case of the history was opened: the day of the referral, decided before any record of it is made."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from dq.sample.making import Case, Making
from dq.sample.records import Episode, Involvement, Person, Plan

CARE_LEAVER = "Care leaver"
ASSESSED_BEFORE_PLAN = (18, 45)
"""Days from referral to plan, where the case was held from the plan on."""
LONGEST_ENQUIRY = dt.timedelta(days=40)


@dataclass(frozen=True)
class Opening:
    """A child's case, who took it on, and what came of it. ``is_older``: it was opened before the history."""

    person: Person
    referred: dt.date
    since: dt.date
    until: dt.date | None
    team_id: str
    worker_id: str
    work: str
    case_types: tuple[str, ...]
    plan: Plan | None
    care_need: str | None
    care_ended: str | None
    is_older: bool

    @property
    def is_uasc(self) -> bool:
        """Return whether the child came unaccompanied."""
        return self.person.uasc == "Y"

    @property
    def assessed_only(self) -> bool:
        """Return whether an assessment is all that the case was open for."""
        return set(self.case_types) == {"Assessment"} and self.plan is None


def openings(making: Making) -> Iterator[Opening]:
    """Yield the cases opened within the history, one a child, and older ones that led to a plan within it."""
    records = making.records
    persons = {person.person_id: person for person in records.persons}
    work = {leaf.team_id: leaf.work for leaf in making.leaves}
    held: dict[str, list[Involvement]] = defaultdict(list)
    for involvement in records.involvements:
        held[involvement.person_id].append(involvement)
    plans = {plan.person_id: plan for plan in reversed(records.cp_plans)}
    episodes: dict[str, list[Episode]] = defaultdict(list)
    for episode in records.cla_episodes:
        episodes[episode.person_id].append(episode)
    seen = set[str]()
    for case in making.cases:
        first = held[case.person_id][0]
        if case.person_id in seen or first.case_type == CARE_LEAVER:
            continue
        seen.add(case.person_id)
        plan, care = plans.get(case.person_id), episodes.get(case.person_id)
        referred = _referred(making, case, first.case_type, plan)
        is_older = max(referred, case.since) < making.history
        if not is_older or (plan is not None and plan.start_date >= making.history + LONGEST_ENQUIRY):
            yield Opening(
                person=persons[case.person_id],
                referred=referred,
                since=case.since,
                until=case.until,
                team_id=first.team_id,
                worker_id=first.worker_id,
                work=work[first.team_id],
                case_types=tuple(i.case_type for i in held[case.person_id] if i.case_type != CARE_LEAVER),
                plan=plan,
                care_need=care[0].primary_need if care else None,
                care_ended=care[-1].ceased_reason if care else None,
                is_older=is_older,
            )


def _referred(making: Making, case: Case, case_type: str, plan: Plan | None) -> dt.date:
    """Return the day of the referral: a working day up to two before the case was held, but not before birth."""
    chance, held = making.chance, case.since
    if plan is not None and (case_type == "CP" or plan.start_date < held):
        held = min(held, plan.start_date - dt.timedelta(days=chance.between(*ASSESSED_BEFORE_PLAN)))
    return max(case.dob, making.days.on_or_before(held - dt.timedelta(days=chance.between(0, 2))))
