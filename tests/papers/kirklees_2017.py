"""Kirklees, June 2017: an authority whose records give what its corporate parenting board was shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from dq.model import Contract
from tests.papers.kirklees_care import (
    A_YEAR,
    JUNE,
    LONG,
    PERIOD,
    Child,
    children,
    spread,
    write_children,
    write_leavers,
)
from tests.papers.records import PRINTED_TO, WORKING, Records, born, days

THIS_MONTH, THIS_YEAR, SPRING = dt.date(2017, 6, 13), dt.date(2016, 11, 8), dt.date(2017, 5, 2)


def kirklees_2017(contracts: Mapping[str, Contract]) -> Records:
    """Return the records."""
    paper = yaml.safe_load((Path(__file__).parent / "kirklees-cpb.yaml").read_text(encoding="utf-8"))
    records = Records(
        contracts, "Kirklees", PERIOD, {team["name"]: None for team in paper["teams"]}, since=dt.date(2016, 7, 1)
    )
    records.population(paper["population"])
    found = children(paper)
    teams = [team["name"] for team in paper["teams"] for _ in range(team.get("in_care", 0))]
    write_children(records, found, teams, paper["in_care"]["worker_changes"][0])
    write_leavers(records, paper, teams)
    _visit(records, found, paper)
    _review(records, found, paper["reviewed"])
    _missing(records, found, paper)
    _education(records, found, paper)
    _health(records, found, paper["health"])
    _adoption(records, found, paper["adoption"])
    _leavers(records, found, paper["care_leavers"])
    _households(records, paper["adopters"], paper["fostering"])
    _staff(records, paper)
    return records


def _part(percent: float, of: int) -> int:
    """Return how many of so many are a percentage, as it is printed."""
    number = round(percent * of / 100)
    assert abs(100 * number / of - percent) < PRINTED_TO, (percent, of)
    return number


def _visit(records: Records, found: Sequence[Child], paper: Mapping[str, Any]) -> None:
    """Visit children in the last six weeks, or where they are settled in the last three months, or long ago."""
    base = [child for child in found if child.came < JUNE]
    settled = [child for child in base if child.settled and child.kind in {"own", "kin", "agency"}][
        : paper["settled_visited"]
    ]
    rest = [child for child in base if all(child is not one for one in settled)]
    visited = [(child, dt.date(2017, 6, 20)) for child in rest[-paper["seen_in_6_weeks"] :]]
    visited += [(child, dt.date(2017, 6, 20)) for child in found if child.came == JUNE]
    visited += [(child, dt.date(2017, 4, 27)) for child in settled]
    visited += [(child, dt.date(2017, 3, 1)) for child in rest[: -paper["seen_in_6_weeks"]]]
    for child, day in visited:
        records.add("cla_visits", person_id=child.person, cla_id=child.care, visit_date=day, seen="Y")
    officer = paper["iro_visits"]
    for number, child in enumerate(base[: officer["in_6_months"]]):
        day = THIS_MONTH if number < officer["in_month"] else max(dt.date(2017, 3, 15), child.came)
        records.add("iro_visits", person_id=child.person, visit_date=day, seen="Y")


def _review(records: Records, found: Sequence[Child], in_time: int) -> None:
    late = [child for child in found if child.a_year and child.age == 2][: len(found) - in_time]
    taken = 0
    # 456 of 534 is the share printed; four children of four and over are recorded as younger.
    base, took_part, too_young = 534, 456, 4
    for child in found:
        year = child.a_year
        held = [dt.date(2016, 7, 4), dt.date(2016, 12, 19)] if year else [child.came + days(n) for n in (14, 80, 200)]
        if child.came >= JUNE:
            held = [min(held[0], PERIOD)]
        elif all(child is not one for one in late):
            held = [*(day for day in held if day < dt.date(2017, 6, 1)), THIS_MONTH]
        for day in (day for day in held if day <= PERIOD):
            part = "PN1"
            if day >= dt.date(2017, 6, 1) and child.age >= 4:
                taken += 1
                part = "PN1" if taken <= took_part else "PN7" if taken <= base else "PN0"
            records.add("cla_reviews", person_id=child.person, cla_id=child.care, held_date=day, participation=part)
    assert taken == base + too_young, taken


def _missing(records: Records, found: Sequence[Child], paper: Mapping[str, Any]) -> None:
    missing, (in_time, returned) = paper["missing"], paper["missing"]["interviewed"]
    for number, child in enumerate(found[100 : 100 + missing["once"]]):
        found_on: dict[str, Any] = {}
        if number < returned:
            found_on = {"end_date": "2017-06-07 09:00", "rhi_date": dt.date(2017, 6, 12 if number < in_time else 13)}
        episode = {"person_id": child.person, "start_date": "2017-06-06 20:00", "episode_type": "M"}
        records.add("missing_episodes", **episode, **found_on)
        if number < missing["again"]:
            records.add("missing_episodes", **(episode | {"start_date": "2017-06-20 20:00"}))
    for child in found[: paper["came_back"]]:
        records.care(child.person, child.came - days(900), child.came - days(700), "E4A")


def _education(records: Records, found: Sequence[Child], paper: Mapping[str, Any]) -> None:
    printed = paper["education"]
    of_school_age = [child for child in found if child.age in {7, 12, 16}]
    for number, child in enumerate(of_school_age[: printed["of"]]):
        records.add(
            "school_places", person_id=child.person, school_kind="MAINTAINED", main_place="Y",
            start_date=max(child.came, LONG), hours_a_week=10 if number < printed["part_time"] else 25,
        )  # fmt: skip
    attending = [child for child in of_school_age if child.came <= dt.date(2016, 9, 1)][: printed["attenders"]]
    often = len(attending) - printed["absent"]
    total = round(printed["attended"] * len(attending)) - 80 * printed["absent"]
    each, more = divmod(total, often)
    for number, child in enumerate(attending):
        sessions = each + (number < more) if number < often else 80
        records.add("attendance", person_id=child.person, month=dt.date(2017, 5, 1), possible=100, attended=sessions)
    due = [child for child in of_school_age if child.came < JUNE]
    for child in due[: _part(97.5, len(due))]:
        records.add("peps", person_id=child.person, kind="REVIEW", meeting_date=max(dt.date(2017, 4, 25), child.came))
    long = [child for child in found if child.came <= dt.date(2015, 3, 31) and child.age == 12]
    _results(records, long, paper["ks2"], paper["ks4"])


def _results(records: Records, long: Sequence[Child], ks2: Mapping[str, int], ks4: Mapping[str, int]) -> None:
    for number, child in enumerate(long[: ks2["of"]]):
        # All three first; then writing and maths together, then reading alone.
        both, alone = ks2["writing"], ks2["writing"] + ks2["reading"] - ks2["all"]
        met = {
            "READING": number < ks2["all"] or both <= number < alone,
            "WRITING": number < both,
            "MATHS": number < ks2["maths"],
        }
        for subject, is_met in met.items():
            records.add(
                "attainment",
                person_id=child.person,
                stage="KS2",
                subject=subject,
                academic_year=2016,
                met_standard="Y" if is_met else "N",
            )
    for number in range(ks4["of"]):
        person = records.child(17)
        records.care(person, LONG, dt.date(2016, 6, 1), "E4A")
        for subject in ("ENGLISH", "MATHS", "SCIENCE", "HUMANITIES", "LANGUAGE"):
            met = "Y" if number < ks4["met"] else "N"
            records.add(
                "attainment", person_id=person, stage="KS4", subject=subject, academic_year=2016, met_standard=met
            )


def _health(records: Records, found: Sequence[Child], printed: Mapping[str, Any]) -> None:
    year = [child for child in found if child.a_year]
    for child in year[: _part(printed["dental"], len(year))]:
        records.add(
            "health_checks", person_id=child.person, check_type="DENTAL", check_date=dt.date(2017, 3, 7), status="HELD"
        )
    young, older = ([child for child in year if (child.age < 5) is is_young] for is_young in (True, False))
    reviewed = [*young[: _part(printed["reviews"], len(young))], *older[: round(printed["reviews"] * len(older) / 100)]]
    for child in reviewed:
        kind = "RHA_U5" if child.age < 5 else "RHA_5"
        records.add(
            "health_checks", person_id=child.person, check_type=kind, check_date=dt.date(2017, 3, 7), status="HELD"
        )
    for child in found:
        if not child.a_year:
            checked = WORKING.after(child.came, 20)
            records.add("health_checks", person_id=child.person, check_type="IHA", check_date=checked, status="HELD")
    for number, child in enumerate(year[: printed["misuse"]["identified"]]):
        accepted = "Y" if number < printed["misuse"]["accepted"] else "N"
        records.add(
            "substance_misuse",
            person_id=child.person,
            identified_date=SPRING,
            offered="Y",
            accepted=accepted,
            refused="N",
        )
    for child in [child for child in found if child.came == dt.date(2016, 11, 7)][: printed["misuse"]["refused"]]:
        records.add(
            "substance_misuse", person_id=child.person, identified_date=SPRING, offered="Y", accepted="N", refused="Y"
        )
    for child in [child for child in year if child.age in {12, 16}][: printed["offended"]]:
        records.add(
            "offences", person_id=child.person, offence_date=dt.date(2017, 4, 4), outcome="CAUTION", outcome_date=SPRING
        )


def _adoption(records: Records, found: Sequence[Child], printed: Mapping[str, Any]) -> None:
    """Write the plans of children in care: placed, waiting, and of those whose decision was reversed."""
    months = spread(printed["decided"])
    placed = [child for child in found if child.kind == "A3"]
    waiting = [child for child in found if child.came == dt.date(2016, 11, 7)][-printed["waiting"] :]
    others = iter([child for child in found if child.came == A_YEAR and child.kind != "A3"])
    lately = iter(months)
    for child in waiting:
        decided = child.came + days(30.5 * next(lately) + 2)
        records.add("permanence", person_id=child.person, cla_id=child.care, adm_decision_date=decided)
    for child in placed:
        long = child.came == LONG
        decided = dt.date(2016, 6, 14) if long else child.came + days(30.5 * next(lately) + 12)
        ordered = dt.date(2016, 12, 1)
        records.add(
            "permanence", person_id=child.person, cla_id=child.care, adm_decision_date=decided,
            placement_order_date=ordered, matched_date=ordered + days(printed["to_match"]),
            placed_date=dt.date(2017, 3, 1),
        )  # fmt: skip
    for after in lately:
        child = next(others) if after < 30 else next(one for one in found if one.came == LONG and one.kind != "A3")
        decided = child.came + days(30.5 * after + 12)
        records.add(
            "permanence",
            person_id=child.person,
            cla_id=child.care,
            adm_decision_date=decided,
            reversed_date=dt.date(2017, 5, 15),
        )


def _leavers(records: Records, found: Sequence[Child], printed: Mapping[str, Any]) -> None:
    columns = [spread(printed[what]) for what in ("sex", "ethnicity", "age")]
    for number, (sex, ethnicity, age) in enumerate(zip(*columns, strict=True)):
        person = records.child(dob=born(age, PERIOD), sex=sex, ethnicity=ethnicity)
        records.add(
            "care_leavers", person_id=person, eligibility="Former relevant", status_date=SPRING,
            in_touch="YES" if number < printed["in_touch"] else "NO",
            accommodation_suitable="1" if number < printed["suitable"] else "2",
            activity="F2" if number < printed["working"] else "G4",
        )  # fmt: skip
        records.case(person, "LAC and Care Leavers - Care Leavers Team 1", "Care leaver", LONG)
        if number < printed["planned"]:
            records.add("pathway_plans", person_id=person, plan_date=dt.date(2017, 3, 7))
    of_17 = [child for child in found if child.age == 17]
    for child in of_17[: _part(80, len(of_17))]:
        records.case(
            child.person,
            "LAC and Care Leavers - Care Leavers Team 1",
            "Other",
            child.came - days(1),
            role="Personal Adviser",
        )


def _households(records: Records, adopters: Mapping[str, Any], fostering: Mapping[str, Any]) -> None:
    (stage_1, stage_1_days), (stage_2, stage_2_days) = adopters["stage_1"], adopters["stage_2"]
    for number in range(adopters["enquiries"]):
        row: dict[str, Any] = {"enquiry_date": THIS_YEAR, "source_agency": "Own"}
        if number < adopters["approved"]:
            approved = THIS_MONTH if number < stage_2 else dt.date(2017, 3, 7)
            row |= {"approved_date": approved, "stage_2_started": approved - days(stage_2_days)}
        elif number < adopters["approved"] + stage_1:
            row |= {"registration_date": THIS_MONTH - days(stage_1_days), "stage_1_ended": THIS_MONTH}
        records.add("adopters", **row)
    steps = {"responses": "response_date", "allocated": "visit_allocated", "completed": "visit_completed"}
    for number in range(max(fostering["contacts"], *(fostering[step] for step in steps))):
        day = THIS_MONTH if number < fostering["contacts"] else dt.date(2017, 5, 30)
        row = {"household_id": f"F{number}", "enquiry_date": day}
        row |= {column: THIS_MONTH for step, column in steps.items() if number < fostering[step]}
        if number < fostering["awaiting"]:
            row["information_requested"] = THIS_MONTH
        records.add("foster_enquiries", **row)
    for number in range(fostering["stage_1"]):
        opened = THIS_MONTH if number < fostering["opened"] else dt.date(2017, 4, 4)
        records.add(
            "foster_assessments",
            household_id=f"F{number}",
            stage_1_opened=opened,
            stage_1_completed=dt.date(2017, 6, 27),
        )
    for provider, number in fostering["approved"].items():
        for _ in range(number):
            records.add("foster_carers", provider=provider, approved_date=THIS_MONTH)


def _staff(records: Records, paper: Mapping[str, Any]) -> None:
    """Fill each team's posts, and open cases until the caseload of those who hold any is that printed."""
    posts = [
        (team, number, round(team["fte"] / max(team.get("workers", 0), 1), 4))
        for team in paper["teams"]
        for number in range(max(team.get("workers", 0), 1 if team.get("fte") else 0))
    ]
    holding = [post for post in posts if post[0].get("workers")]
    fte = sum(part for *_, part in holding)
    agency = _agency(holding, paper["agency"], fte)
    for team, number, part in posts:
        workers = team.get("workers", 0)
        records.add(
            "posts", worker_id=records.worker(team["name"], number), team_id=records.team(team["name"]), fte=part,
            role="Social Worker", employment_type="Agency" if (team["name"], number) in agency else "Permanent",
            qualified="Y", primary_worker="Y" if workers else "N", start_date=LONG,
        )  # fmt: skip
    with_cases = [team for team, number, part in holding if part and not number]
    primary = {row["worker_id"] for row in records.rows["posts"] if row["primary_worker"] == "Y"}
    held = sum(not row["end_date"] for row in records.rows["involvements"] if row["worker_id"] in primary)
    for number in range(round(paper["caseload"] * fte) - held):
        records.case(records.child(), with_cases[number % len(with_cases)]["name"], "CIN", LONG)


def _agency(holding: Sequence[tuple[dict[str, Any], int, float]], percent: float, fte: float) -> set[tuple[str, int]]:
    """Return the posts, as (team, number), that agency workers fill: together the percentage printed."""
    for start in range(len(holding)):
        taken, room = set[tuple[str, int]](), percent * fte / 100
        for team, number, part in holding[start:]:
            if 0 < part <= room:
                taken.add((team["name"], number))
                room -= part
        if 100 * room / fte < PRINTED_TO:
            return taken
    raise AssertionError("no posts make the share printed")
