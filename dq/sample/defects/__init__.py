"""Faults of recording put into a sound authority, with a list of everything that must be flagged because of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from dq.model import Severity
from dq.sample.chance import Chance
from dq.sample.defects import care, cases, front_door, identity, leaving, looked_after, plans, staff, visits, wellbeing
from dq.sample.defects.defect import Defect, Fault, Flag
from dq.sample.defects.scene import Scene
from dq.sample.making import Making
from dq.sample.records import Record
from dq.sample.write import Cell

__all__ = ["FAULTS", "PutIn", "put_in"]

DEFECT_STREAM = 2
AT_LEAST = 2
FEW = 200
"""Carriers looked at for the first fault of a kind, before all are."""
RARE = 6
ERROR, QUERY = Severity.ERROR, Severity.QUERY

_CORE: tuple[Fault, ...] = (
    # Rare ones first: they can be carried by fewer children.
    Fault("plan-dates-out-of-order", ERROR, cases.plan_dates_out_of_order, most=3),
    Fault("two-open-episodes", ERROR, care.two_open_episodes, most=RARE),
    Fault("over-18-in-care", ERROR, care.over_18_in_care, most=RARE),
    Fault("in-care-without-placement", ERROR, care.in_care_without_placement, 0.3),
    Fault("overlapping-placements", ERROR, care.overlapping_placements, 1.5),
    Fault("placement-dates-out-of-order", ERROR, care.placement_dates_out_of_order, most=RARE),
    Fault("placement-open-after-care-ended", ERROR, care.placement_open_after_care_ended, 1.0),
    Fault("episode-dates-out-of-order", ERROR, care.episode_dates_out_of_order, most=RARE),
    Fault("ceased-without-reason", ERROR, care.ceased_without_reason, 0.5),
    Fault("uasc-not-recorded", ERROR, care.uasc_not_recorded, 0.25),
    Fault("no-home-address", ERROR, care.no_home_address, 0.5),
    Fault("move-without-reason", ERROR, care.move_without_reason, 2.0),
    Fault("home-postcode-missing", ERROR, care.home_postcode_missing, 1.0),
    Fault("home-postcode-impossible", ERROR, care.home_postcode_impossible, 0.5),
    Fault("home-postcode-unknown", QUERY, care.home_postcode_unknown, 0.5),
    Fault("placement-postcode-missing", ERROR, care.placement_postcode_missing, 1.0),
    Fault("placement-postcode-impossible", ERROR, care.placement_postcode_impossible, 0.5),
    Fault("placement-postcode-unknown", QUERY, care.placement_postcode_unknown, 0.5),
    Fault("contract.cla_placements.placement_type.codes", ERROR, care.placement_type_not_a_code, 0.4),
    Fault("contract.cla_placements.provider.codes", ERROR, care.provider_not_a_code, 1.0),
    Fault("contract.persons.dob.required", ERROR, care.dob_missing, most=RARE),
    Fault("interview-completed-without-date", ERROR, cases.interview_completed_without_date, 2.0),
    Fault("interview-before-return", ERROR, cases.interview_before_return, 0.5),
    Fault("missing-dates-out-of-order", ERROR, cases.missing_dates_out_of_order, 0.3),
    Fault("cin-child-seen-missing", ERROR, visits.cin_child_seen_missing, 1.5),
    Fault("contract.cin_visits.visit_date.required", ERROR, visits.cin_visit_undated, 1.0),
    Fault("contract.cin_visits.visit_date.readable", ERROR, visits.cin_visit_date_unreadable, 0.3),
    Fault("contract.cin_visits.visit_date.future", ERROR, visits.cin_visit_in_future, most=RARE),
    Fault("contract.cin_visits.person_id.references", ERROR, visits.cin_visit_of_nobody, most=RARE),
    Fault("contract.cp_visits.visit_date.required", ERROR, visits.cp_visit_undated, 1.5),
    Fault("cp-child-seen-missing", ERROR, visits.cp_child_seen_missing, 1.0),
    Fault("cla-child-seen-missing", ERROR, visits.cla_child_seen_missing, 0.5),
    Fault("visit-outside-plan", QUERY, visits.visit_outside_plan, 0.5),
    Fault("no-visit-in-care", QUERY, visits.no_visit_in_care, 0.5),
    Fault("no-visit-on-plan", QUERY, visits.no_visit_on_plan, 1.0),
    Fault("cin-visit-recorded-late", QUERY, visits.cin_visit_recorded_late, 1.0),
    Fault("cp-visit-recorded-late", QUERY, visits.cp_visit_recorded_late, 1.0),
    Fault("cla-visit-recorded-late", QUERY, visits.cla_visit_recorded_late, 0.5),
    Fault("no-allocated-worker", ERROR, cases.no_allocated_worker, most=RARE),
    Fault("involvement-dates-out-of-order", ERROR, cases.involvement_dates_out_of_order, most=RARE),
    Fault("ethnicity-not-obtained", QUERY, cases.ethnicity_not_obtained, 0.15),
    Fault("contract.persons.ethnicity.codes", ERROR, cases.ethnicity_not_a_code, 0.05),
    Fault("contract.persons.dob.range", ERROR, cases.dob_before_1985, most=RARE),
    Fault("duplicate-child", ERROR, cases.duplicate_child, most=RARE),
    Fault("contract.addresses.address_id.unique", ERROR, cases.address_twice, most=RARE),
    Fault("worker-in-no-team", QUERY, cases.worker_in_no_team, 0.5),
)

_TOPICS = (front_door, identity, staff, plans, looked_after, wellbeing, leaving)

FAULTS: tuple[Fault, ...] = (*_CORE, *(fault for topic in _TOPICS for fault in topic.FAULTS))
"""Every kind of fault, in the order they are put in."""
_SEVERITY = {fault.rule: fault.severity for fault in FAULTS}


@dataclass
class PutIn:
    """What was put in: cells as they are written, rows added and dropped, and what must be flagged."""

    cells: dict[Cell, str] = field(default_factory=dict)
    added: list[tuple[str, Record]] = field(default_factory=list)
    dropped: set[tuple[str, str]] = field(default_factory=set)
    flags: list[Flag] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, defect: Defect) -> None:
        """Put one defect in."""
        self.cells.update(defect.cells)
        self.added.extend(defect.added)
        self.dropped.update(defect.dropped)
        self.flags.extend(defect.flags)


def put_in(making: Making, *, seed: int, rate: float, severity: Severity | None = None, alone: bool = True) -> PutIn:
    """Choose defects at ``rate`` (a share of the children who could carry each kind); no child carries two.

    Not ``alone``, ``making`` is one block of several, and faults of a whole team's recording are left out: what a team
    did is then not known from its records here.
    """
    scene = Scene(making, Chance(seed, DEFECT_STREAM, making.block))
    done, carrying = PutIn(), set[str]()
    wanted = [
        fault
        for fault in (FAULTS if rate > 0 else ())
        if (severity is None or fault.severity is severity) and (alone or not fault.of_team)
    ]
    # One of every kind before a second of any, for in a small authority the children run out: first what takes many
    # children at once, then what the fewest could carry.
    firsts = [(fault, list(islice(fault.carriers(scene, fault.rule), FEW))) for fault in wanted]
    firsts.sort(key=lambda first: (not (first[0].of_team or first[0].of_many), len({one.child for one in first[1]})))
    for fault, few in firsts:
        if not _put(done, few, scene, fault, 1, carrying, severity) and len(few) == FEW:
            _put(done, list(fault.carriers(scene, fault.rule)), scene, fault, 1, carrying, severity)
    for fault in wanted:
        drawn = list(fault.carriers(scene, fault.rule))
        count = max(AT_LEAST, round(rate * fault.usual * len({defect.child for defect in drawn})))
        _put(done, drawn, scene, fault, count if fault.most is None else min(count, fault.most), carrying, severity)
    done.flags.sort()
    return done


def _put(
    done: PutIn,
    drawn: Sequence[Defect],
    scene: Scene,
    fault: Fault,
    count: int,
    carrying: set[str],
    only: Severity | None,
) -> bool:
    """Put in defects of one kind, chosen by chance, until there are ``count``; return whether there are.

    With ``only`` a severity none is put in that a rule of another would flag too.
    """
    done.counts.setdefault(fault.rule, 0)
    for defect in scene.chance.in_any_order(drawn):
        if done.counts[fault.rule] >= count:
            break
        if only is not None and any(_SEVERITY.get(rule, only) is not only for rule, _ in defect.flags):
            continue
        if carrying.isdisjoint(defect.who):
            carrying.update(defect.who)
            done.add(defect)
            done.counts[fault.rule] += 1
    return done.counts[fault.rule] >= count
