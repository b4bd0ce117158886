"""Kent's children in care, November 2017: an authority whose records give what its report prints."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from dq.model import Contract
from tests.papers.records import PRINTED_TO, WORKING, Records, days, taking

PERIOD = dt.date(2017, 11, 30)
TEAM = "Children in care"
LONG_AGO, THIS_YEAR = dt.date(2015, 3, 2), dt.date(2017, 6, 5)


def kent_cic_2017(contracts: Mapping[str, Contract]) -> Records:
    """Return the records."""
    paper = yaml.safe_load((Path(__file__).parent / "kent-cic.yaml").read_text(encoding="utf-8"))
    records = Records(contracts, "Kent", PERIOD, {TEAM: None}, services={TEAM: "Care"})
    records.population(paper["population"])
    long = _in_care(records, paper)
    _adoption(records, paper["adoption"], long)
    _returns(records, paper["returns"], long)
    for kind, fte in paper["posts"].items():
        records.add(
            "posts", worker_id=records.worker(TEAM), team_id=records.team(TEAM), role="Social Worker", fte=fte,
            employment_type=kind, qualified="Y", primary_worker="Y", start_date=LONG_AGO,
        )  # fmt: skip
    for number in range(paper["leavers"]["of"]):
        touched = "YES" if number < paper["leavers"]["in_touch"] else "NO"
        records.add(
            "care_leavers",
            person_id=records.child(19),
            eligibility="Former relevant",
            status_date=THIS_YEAR,
            in_touch=touched,
        )
    return records


def _in_care(records: Records, paper: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Write the children in care; return (person, period of care) of those long in it who did not come alone."""
    others, uasc = paper["in_care"]["others"], paper["in_care"]["uasc"]
    checks, homes = paper["first_checks"], paper["homes"]
    older = others + uasc - checks["of"]
    healthy = round(paper["health"] * older / 100)
    long = []
    for number in range(others + uasc):
        alone, new = number >= others, number >= older
        entered = THIS_YEAR if new else LONG_AGO
        child = records.child(uasc=alone)
        care = records.care(child, entered)
        records.case(child, TEAM, "CLA", entered)
        if not alone:
            kind, provider = (
                ("U6", "PR1" if number < homes["own"] else "PR4") if number < homes["foster"] else ("K2", "PR4")
            )
            records.add(
                "cla_placements",
                person_id=child,
                cla_id=care,
                start_date=entered,
                placement_type=kind,
                provider=provider,
            )
        if new:
            _first_check(records, child, number - older, checks)
        elif number < healthy:
            records.add("health_checks", person_id=child, check_type="RHA_5", check_date=THIS_YEAR, status="HELD")
        if not new and not alone:
            long.append((child, care))
    return long


def _first_check(records: Records, child: str, number: int, printed: Mapping[str, int]) -> None:
    if number < printed["in_time"]:
        records.add(
            "health_checks", person_id=child, check_type="IHA", check_date=WORKING.after(THIS_YEAR, 20), status="HELD"
        )
    elif number < printed["in_time"] + printed["refused"]:
        records.add(
            "health_checks",
            person_id=child,
            check_type="IHA",
            refused_date=WORKING.after(THIS_YEAR, 9),
            status="REFUSED",
        )
    else:
        records.add(
            "health_checks", person_id=child, check_type="IHA", check_date=WORKING.after(THIS_YEAR, 21), status="HELD"
        )


def _adoption(records: Records, printed: Mapping[str, int], long: list[tuple[str, str]]) -> None:
    decided, matched, recent = printed["decided"], printed["matched"], 10
    for number, (child, care) in enumerate(long[:decided]):
        agreed = LONG_AGO + days(60 if number < printed["in_4_months"] else 160)
        records.add(
            "permanence", person_id=child, cla_id=care, plan_agreed_date=agreed, adm_decision_date=dt.date(2017, 3, 6)
        )
    waits = taking(matched, printed["days"], recent, printed["lately"])
    for number, ((child, care), wait) in enumerate(zip(long[decided:], waits, strict=False)):
        on = dt.date(2017, 10, 9) if number < recent else dt.date(2017, 4, 10)
        records.add(
            "permanence", person_id=child, cla_id=care, adm_decision_date=dt.date(2016, 5, 3),
            placement_order_date=on - days(wait), matched_date=on,
        )  # fmt: skip


def _returns(records: Records, printed: Mapping[str, float], long: list[tuple[str, str]]) -> None:
    def near(number: int, of: int, what: str) -> bool:
        return abs(100 * number / of - printed[what]) < PRINTED_TO

    of, timely, completed = next(
        (of, round(printed["timely"] * of / 100), round(printed["completed"] * of / 100))
        for of in range(50, len(long))
        if all(near(round(printed[what] * of / 100), of, what) for what in printed)
    )
    found = dt.date(2017, 7, 11)
    for number, (child, _) in enumerate(long[:of]):
        interviewed = WORKING.after(found, 3 if number < timely else 4) if number < completed else None
        records.add(
            "missing_episodes", person_id=child, start_date=f"{found - days(1)} 20:00", end_date=f"{found} 09:00",
            rhi_status="Completed" if interviewed else "Declined", rhi_date=interviewed,
        )  # fmt: skip
