"""Buckinghamshire, September 2016: an authority whose records give what its scorecard prints."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import yaml

from dq.model import Contract
from tests.papers.records import WORKING, Records, days

PERIOD = dt.date(2016, 9, 30)
TEAM = "Children's social care"
HOME, NEAR, FAR_IN_COUNTY, AWAY = "HP20 1AA", "HP21 7AA", "SL0 0AA", "CT1 1YW"
"""Postcodes: Aylesbury, twice; Iver, in the county and 24 miles away; Canterbury."""
THIS_MONTH = dt.date(2016, 9, 13)
NOT_RECORDED = ("management_oversights", "assessments.seen_date")
"""What the measures rest on that are "currently unavailable"."""

Counts = Mapping[str, int]


def bucks_2016(contracts: Mapping[str, Contract]) -> Records:
    """Return the records."""
    paper = yaml.safe_load((Path(__file__).parent / "bucks.yaml").read_text(encoding="utf-8"))
    records = Records(contracts, "Buckinghamshire", PERIOD, {TEAM: None}, without=NOT_RECORDED)
    records.population(paper["population"])
    _in_need(records, paper["in_need"])
    _plans(records, paper["plans"])
    _in_care(records, paper["in_care"], paper["adoption"], paper["proceedings"])
    _front_door(records, paper)
    _quality(records, paper["audits"], paper["supervisions"])
    return records


def _in_need(records: Records, printed: Counts) -> None:
    for number in range(printed["of"]):
        child = records.child()
        records.case(child, TEAM, "CIN", dt.date(2016, 1, 11))
        if number < printed["seen"]:
            records.add("cin_visits", person_id=child, visit_date=dt.date(2016, 9, 12), seen="Y")
        if number < printed["reviewed"]:
            plan = records.add("cin_plans", person_id=child, start_date=dt.date(2016, 2, 1))
            records.add("cin_reviews", person_id=child, cin_plan_id=plan, held_date=dt.date(2016, 8, 1))


def _plans(records: Records, printed: Counts) -> None:
    for number in range(printed["of"]):
        child = records.child()
        records.case(child, TEAM, "CP", dt.date(2016, 5, 3))
        if number < printed["again"]:
            records.add("cp_plans", person_id=child, start_date=dt.date(2012, 2, 1), end_date=dt.date(2013, 2, 1))
        plan = records.add("cp_plans", person_id=child, start_date=dt.date(2016, 5, 3))
        if number < printed["seen"]:
            records.add("cp_visits", person_id=child, cp_plan_id=plan, visit_date=dt.date(2016, 9, 23), seen="Y")
        if number < printed["reviewed"]:
            records.add("cp_reviews", person_id=child, cp_plan_id=plan, held_date=dt.date(2016, 7, 25))


def _in_care(records: Records, printed: Counts, adoption: Counts, proceedings: Counts) -> None:
    entered = dt.date(2015, 10, 5)
    short, over = divmod(adoption["days"], adoption["matched"])
    for number in range(printed["of"]):
        child = records.child()
        records.case(child, TEAM, "CLA", entered)
        care = records.care(child, entered)
        records.add("addresses", person_id=child, address_type="Home", start_date=dt.date(2010, 1, 4), postcode=HOME)
        where = NEAR if number < printed["near"] else FAR_IN_COUNTY if number < printed["in_county"] else AWAY
        kind = "K2" if number < printed["residential"] else "U6"
        own = printed["residential"] <= number < printed["residential"] + printed["own_carers"]
        records.add(
            "cla_placements", person_id=child, cla_id=care, start_date=entered, placement_type=kind, postcode=where,
            provider="PR1" if own else "PR4",
        )  # fmt: skip
        held = [dt.date(2015, 10, 19), dt.date(2016, 1, 11), dt.date(2016, 7, 4)]
        for day in held if number < printed["reviewed"] else held[:-1]:
            records.add("cla_reviews", person_id=child, cla_id=care, held_date=day, participation="PN1")
        if number < printed["seen"]:
            records.add("cla_visits", person_id=child, cla_id=care, visit_date=dt.date(2016, 9, 5), seen="Y")
        if number < proceedings["open"]:
            issued = THIS_MONTH if number < proceedings["new"] else dt.date(2016, 5, 9)
            records.add("care_proceedings", person_id=child, issue_date=issued)
        if number < adoption["matched"]:
            ordered = dt.date(2016, 2, 1)
            records.add(
                "permanence", person_id=child, cla_id=care, adm_decision_date=dt.date(2016, 1, 12),
                placement_order_date=ordered, matched_date=ordered + days(short + (number < over)),
            )  # fmt: skip
    for _ in range(adoption["adopted"]):
        child, adopted = records.child(5), dt.date(2016, 6, 14)
        care = records.care(child, dt.date(2014, 6, 2), adopted, "E11")
        records.add("permanence", person_id=child, cla_id=care, order_date=adopted, order_type="Adoption")


def _front_door(records: Records, paper: Mapping[str, Counts]) -> None:
    for number in range(paper["contacts"]["of"]):
        late = number >= paper["contacts"]["in_time"]
        records.add(
            "contacts", person_id=records.child(), received_at=f"{THIS_MONTH} 09:00",
            decided_at=f"{THIS_MONTH + days(3 if late else 1)} 09:00", outcome="NFA",
        )  # fmt: skip
    referrals = paper["referrals"]
    for number in range(referrals["of"]):
        child = records.child()
        if number < referrals["again"]:
            records.add("referrals", person_id=child, referral_date=dt.date(2016, 3, 8), nfa="Y")
        decided = WORKING.after(THIS_MONTH, 3 if number < referrals["in_time"] else 4)
        records.add("referrals", person_id=child, referral_date=THIS_MONTH, decision_date=decided, nfa="Y")
    assessments = paper["assessments"]
    for number in range(assessments["of"]):
        begun = dt.date(2016, 8, 1) if number < assessments["in_time"] else dt.date(2016, 5, 3)
        seen = "Y" if number < assessments["seen"] else "N"
        records.add(
            "assessments", person_id=records.child(), start_date=begun, authorised_date=THIS_MONTH, child_seen=seen
        )
    for number in range(paper["conferences"]["of"]):
        child, begun = records.child(), dt.date(2016, 9, 1)
        enquiry = records.add("s47_enquiries", person_id=child, start_date=begun)
        held = WORKING.after(begun, 15 if number < paper["conferences"]["in_time"] else 16)
        records.add("initial_conferences", person_id=child, enquiry_id=enquiry, conference_date=held)
    for number in range(paper["panels"]["of"]):
        level = "3" if number < paper["panels"]["level_3"] else "2"
        records.add(
            "early_help_panels",
            person_id=records.child(),
            family_id=f"F{number}",
            panel_date=THIS_MONTH,
            threshold_level=level,
        )


def _quality(records: Records, audits: Counts, supervisions: Counts) -> None:
    for number in range(audits["of"]):
        grade = "Good" if number < audits["good"] else "Requires improvement"
        records.add(
            "case_audits", person_id=records.child(), due_date=THIS_MONTH, completed_date=THIS_MONTH, grade=grade
        )
    for number in range(supervisions["of"]):
        held = THIS_MONTH if number < supervisions["held"] else None
        records.add("supervisions", worker_id=records.worker(TEAM, number), due_date=THIS_MONTH, held_date=held)
