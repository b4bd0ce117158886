"""Kent, August 2016: the children in care, those who came and those who left, with all that indicators 17 to 31 ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Any

from tests.papers.records import PRINTED_TO, Records, days, lately, taking

HOME, NEAR, FAR = "ME14 1XX", "DA12 1AU", "CT1 1YW"
"""Postcodes in Maidstone; in Gravesend, under 20 miles from it; in Canterbury, over 20."""
AUGUST = dt.date(2016, 8, 10)
"""Late enough for a first review not to be due by the month end, early enough for a first check to be asked for."""
ARRIVALS = "SUASC Service"
ELSEWHERE = "Kent – other units"
CAME_IN_JUNE, NOT_ASKED = 9, 14
"""Of those who came alone: so many in June, and so many of August whose first assessment was not asked for in time. It
makes 80 of 95 in three months: 84.2%, as printed."""
LEFT_AGAIN = 3
"""Children who came to other units in August and left care within the month."""
CHECKS = (("dental", "DENTAL", dt.date(2016, 3, 10)), ("health", "RHA_5", dt.date(2016, 3, 15)))
AREAS = ("North Kent", "East Kent", "South Kent", "West Kent")
SINCE = {
    "long": dt.date(2013, 6, 3),
    "settling": dt.date(2014, 10, 1),
    "a year": dt.date(2015, 5, 5),
    "new": dt.date(2016, 2, 1),
}
"""When children in care for 30 months, for 18, for 12 and for less came."""


@dataclass
class Child:
    """A child in care at the month end, before any record is made."""

    team: str
    uasc: bool
    stay: str
    came: dt.date
    came_to: str
    age: int = 17
    placements: list[tuple[dt.date, dt.date | None]] = field(default_factory=list)
    kind: tuple[str, str, str] = ("K2", "PR4", NEAR)
    reviews: list[dt.date] = field(default_factory=list)
    missed: list[dt.date] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Group:
    """What is printed of the children of an area (or of all other teams), with or without those who came alone."""

    uasc: bool
    teams: Sequence[str]
    numbers: dict[str, tuple[int, int]]


def groups(paper: dict[str, Any]) -> Iterator[tuple[str, Group]]:
    """Yield area → what is printed of its children who did not come alone, and of those who did; last, all others."""
    printed = paper["in_care"]
    for area in (*AREAS, None):
        inside = [unit for unit in paper["units"] if (unit.get("area") if unit.get("area") in AREAS else None) == area]
        for uasc in (False, True):
            numbers = {name: _part(printed, name, area, uasc) for name in printed["Kent"]}
            teams = [
                unit["name"]
                for unit in inside
                for _ in range(unit.get("uasc", 0) if uasc else unit.get("in_care", 0) - unit.get("uasc", 0))
            ]
            yield area or "", Group(uasc, teams, numbers)


def _part(printed: dict[str, Any], name: str, area: str | None, uasc: bool) -> tuple[int, int]:
    """Return what is printed of an area, or left of the whole, of the children who came alone or of the others."""

    def told(place: str) -> tuple[int, int]:
        met, of, met_without, of_without = printed[place][name]
        return (met - met_without, of - of_without) if uasc else (met_without, of_without)

    if area:
        return told(area)
    areas = [told(one) for one in AREAS]
    met, of = told("Kent")
    return met - sum(m for m, _ in areas), of - sum(n for _, n in areas)


def children(paper: dict[str, Any]) -> tuple[list[Child], dict[tuple[str, bool], int]]:
    """Return the children in care, and how many more came in the year and left, by area and whether they came alone."""
    found: list[Child] = []
    gone: dict[tuple[str, bool], int] = {}
    by_area = list(groups(paper))
    not_yet = {(area, group.uasc): group.numbers["moved"][1] - group.numbers["reviewed"][1] for area, group in by_area}
    arrived = 0
    by_group: list[tuple[list[Child], tuple[int, int]]] = []
    for area, group in by_area:
        entries = [u["name"] for u in paper["units"] if u.get("area") == area for _ in range(u.get("entries", 0))]
        alone = not_yet[area, True]
        if area:
            slots = entries[:alone] if group.uasc else entries[alone:]
        else:
            slots = [ARRIVALS] * 25 + [ELSEWHERE] * 4 if group.uasc else [ELSEWHERE] * 5
        mine = list(_stays(group, slots))
        for child in mine:
            if group.uasc and child.stay == "new" and child.came != AUGUST:
                child.came_to = ARRIVALS
        _set(mine, group.numbers, not_yet[area, group.uasc])
        found += mine
        by_group.append((mine, group.numbers["took_part"]))
        new = [child for child in mine if child.stay == "new"]
        arrived += sum(child.came_to in {ARRIVALS, ELSEWHERE} for child in new if group.uasc)
        came_here = arrived if group.uasc and not area else sum(child.came_to != ARRIVALS for child in new)
        gone[area, group.uasc] = group.numbers["asked"][1] - came_here
    _miss(by_group, paper["took_part_lately"])
    return found, gone


def _miss(by_group: Sequence[tuple[Sequence[Child], tuple[int, int]]], percent: float) -> None:
    """Have children miss as many reviews of their group as are printed; of the last three months, the share printed."""
    recent = sum(held >= JUNE for mine, _ in by_group for child in mine for held in child.reviews)
    took_part = round(percent * recent / 100)
    assert abs(100 * took_part / recent - percent) < PRINTED_TO
    still = recent - took_part
    for mine, (met, of) in by_group:
        reviews = sorted(((held, child) for child in mine for held in child.reviews), key=lambda one: one[0])
        late = [one for one in reviews if one[0] >= JUNE][: min(still, of - met)]
        still -= len(late)
        early = reviews[: of - met - len(late)]
        assert all(held < JUNE for held, _ in early)
        for held, child in late + early:
            child.missed.append(held)


def _stays(group: Group, slots: Sequence[str]) -> Iterator[Child]:
    """Yield the children of a group, by how long they have been in care; the last of them came in August."""
    of = {name: number for name, (_, number) in group.numbers.items()}
    total = of["moved"]
    lengths = {
        "long": of["settled"], "settling": of["same_worker"] - of["settled"],
        "a year": of["dental"] - of["same_worker"], "new": total - of["dental"],
    }  # fmt: skip
    assert min(lengths.values()) >= 0, lengths
    stays = chain.from_iterable([stay] * number for stay, number in lengths.items())
    for place, (team, stay) in enumerate(zip(group.teams, stays, strict=True)):
        late = place - (total - len(slots))
        came, came_to = (AUGUST, slots[late]) if late >= 0 else (SINCE[stay], team)
        assert came != AUGUST or stay == "new"
        yield Child(team, group.uasc, stay, came, came_to, age=10 if stay == "long" else 17)


def _set(mine: list[Child], numbers: dict[str, tuple[int, int]], unreviewed: int) -> None:
    """Give the children of a group what its indicators print."""
    early = [child for child in mine if child.came != AUGUST]
    long = [child for child in early if child.stay == "long"]
    year = [child for child in early if child.stay != "new"]
    for child in long[: numbers["settled"][0]]:
        child.flags.add("settled")
    unsettled = [child for child in reversed(early) if "settled" not in child.flags]
    assert len(unsettled) >= numbers["moved"][0]
    for child in [c for c in unsettled if c.stay != "new"][: numbers["moved"][0]]:
        child.flags.add("moved")
    assert sum("moved" in c.flags for c in mine) == numbers["moved"][0]
    # In school at 10: all who have been in care long, and as many of the others as it takes.
    for child in [c for c in early if c.stay != "long"][: numbers["pep"][1] - len(long)]:
        child.age = 10
    assert sum(c.age == 10 for c in mine) == numbers["pep"][1]
    for flag, among in (
        ("pep", [c for c in early if c.age == 10]), ("dental", year), ("health", year),
        ("same_worker", [c for c in early if c.stay in {"long", "settling"}]),
    ):  # fmt: skip
        for child in among[: numbers[flag][0]]:
            child.flags.add(flag)
    _review(mine, numbers, unreviewed)
    for child in mine:
        child.placements = _placements(child)


def _placements(child: Child) -> list[tuple[dt.date, dt.date | None]]:
    if "moved" in child.flags:
        first, second = dt.date(2016, 5, 2), dt.date(2016, 6, 6)
        return [(child.came, first), (first, second), (second, None)]
    if child.stay == "long" and "settled" not in child.flags:
        changed = dt.date(2015, 3, 2)
        return [(child.came, changed), (changed, None)]
    return [(child.came, None)]


JUNE = dt.date(2016, 6, 1)
LONG_BEFORE = dt.date(2015, 6, 1)
TWICE, ONCE_MORE = (
    (dt.date(2015, 11, 20), dt.date(2016, 5, 10)),
    (dt.date(2016, 7, 5), dt.date(2016, 1, 20), dt.date(2016, 3, 9)),
)
TWICE_SINCE, MORE_SINCE = (dt.date(2016, 2, 15), dt.date(2016, 5, 9)), (dt.date(2016, 3, 7), dt.date(2016, 6, 20))
OVERDUE = dt.date(2016, 1, 11)
LATELY = dt.date(2016, 8, 15)


def _review(mine: list[Child], numbers: dict[str, tuple[int, int]], unreviewed: int) -> None:
    """Give so many children a review in time, and as many reviews in all as are printed, so many with the child."""
    in_time, base = numbers["reviewed"]
    reviewed = mine[: len(mine) - unreviewed]
    assert len(reviewed) == base
    assert all(child.came == AUGUST for child in mine[len(reviewed) :])
    late = [child for child in reviewed if child.stay != "new"][: base - in_time]
    assert len(late) == base - in_time
    late_ones = {id(child) for child in late}
    more: list[tuple[Child, tuple[dt.date, ...]]] = []
    for child in reviewed:
        if child.came == AUGUST:
            child.reviews = [LATELY]
        elif id(child) in late_ones:
            child.reviews = [OVERDUE]
        elif child.stay == "new":
            child.reviews = [*TWICE_SINCE]
            more.append((child, MORE_SINCE))
        else:
            child.reviews = [*TWICE]
            more.append((child, ONCE_MORE))
    wanted = numbers["took_part"][1] - sum(len(child.reviews) for child in reviewed)
    for turn in range(3):
        for child, dates in more:
            if wanted > 0 and turn < len(dates):
                child.reviews.append(dates[turn])
                wanted -= 1
    assert wanted == 0, wanted


def place(found: list[Child], homes: dict[str, int]) -> None:
    """Say where those who did not come alone live: for adoption, in foster care or elsewhere, near home or not."""
    others = [child for child in found if not child.uasc]
    adoptive = len(others) - homes["of"]
    placed = [child for child in others if child.stay == "settling"][:adoptive]
    for child in placed:
        child.kind = ("A3", "PR1", NEAR)
    for number, child in enumerate([child for child in others if child.kind[0] != "A3"]):
        where = NEAR if number < homes["near"] else FAR
        if number < homes["own"]:
            child.kind = ("U6", "PR1", where)
        elif number < homes["foster"]:
            child.kind = ("U6", "PR4", where)
        else:
            child.kind = ("K2", "PR4", where)


def write_children(records: Records, found: Sequence[Child]) -> list[tuple[str, str, Child]]:
    """Write the records of the children in care; return (person, period of care, child) of each."""
    written = []
    for child in found:
        person = records.child(child.age, uasc=child.uasc)
        care = records.care(person, child.came)
        written.append((person, care, child))
        _write_case(records, person, child)
        records.add("addresses", person_id=person, address_type="Home", start_date=dt.date(2010, 1, 4), postcode=HOME)
        for start, end in child.placements:
            kind, provider, postcode = child.kind
            records.add(
                "cla_placements", person_id=person, cla_id=care, start_date=start, end_date=end, placement_type=kind,
                provider=provider, postcode=postcode, change_reason="CARPL" if end else None,
            )  # fmt: skip
        if child.stay in {"long", "settling", "a year"} and child.reviews:
            records.add("cla_reviews", person_id=person, cla_id=care, held_date=LONG_BEFORE, due_date=LONG_BEFORE)
        for held in sorted(child.reviews):
            part = "PN7" if held in child.missed else "PN1"
            records.add("cla_reviews", person_id=person, cla_id=care, held_date=held, due_date=held, participation=part)
        for flag, kind, day in CHECKS:
            if flag in child.flags:
                records.add("health_checks", person_id=person, check_type=kind, check_date=day, status="HELD")
        if "pep" in child.flags:
            records.add("peps", person_id=person, kind="REVIEW", meeting_date=dt.date(2016, 5, 12))
    return written


def _write_case(records: Records, person: str, child: Child) -> None:
    if child.came_to != child.team:
        handed_over = child.came + days(10)
        records.case(person, child.came_to, "CLA", child.came, handed_over)
        records.case(person, child.team, "CLA", handed_over)
    elif child.stay in {"long", "settling"} and "same_worker" not in child.flags:
        changed = dt.date(2016, 2, 3)
        records.case(person, child.team, "CLA", child.came, changed, worker_id=records.worker(child.team, 1))
        records.case(person, child.team, "CLA", changed)
    else:
        records.case(person, child.team, "CLA", child.came)


def write_entrants(
    records: Records,
    paper: dict[str, Any],
    gone: dict[tuple[str, bool], int],
    written: Sequence[tuple[str, str, Child]],
) -> None:
    """Write those who came in the year and left, other leavers, and when a first health check was asked for."""
    asked: dict[tuple[str, bool], list[tuple[str, str, dt.date]]] = {}
    area_of = {unit["name"]: unit.get("area") if unit.get("area") in AREAS else "" for unit in paper["units"]}
    for person, care, child in written:
        if child.stay == "new":
            asked.setdefault((area_of[child.came_to], child.uasc), []).append((person, care, child.came))
    elsewhere = [unit for unit in paper["units"] if unit["name"] != ARRIVALS]
    leaving = iter([unit["name"] for unit in elsewhere for _ in range(unit.get("departures", 0))])
    alone_leaving = next(unit["departures"] for unit in paper["units"] if unit["name"] == ARRIVALS)
    left = 0
    for (area, uasc), number in gone.items():
        team = (
            next(name for name, of in area_of.items() if of == area) if area else ARRIVALS if uasc else "Disability EK"
        )
        for at in range(number):
            person = records.child(16, uasc=uasc)
            came, until = dt.date(2015, 11, 2), dt.date(2016, 5, 16)
            came_to = leaves = team
            if uasc and at < alone_leaving:
                until = dt.date(2016, 8, 17)
                came = dt.date(2016, 6, 7) if at < CAME_IN_JUNE else came
            if not area and not uasc and at < LEFT_AGAIN:
                came, until, came_to, leaves = dt.date(2016, 8, 3), dt.date(2016, 8, 18), ELSEWHERE, next(leaving)
            left += not uasc
            care = records.care(person, came, until, "E13")
            if came_to != leaves:
                records.case(person, came_to, "CLA", came, came + days(5))
                came_case = came + days(5)
            else:
                came_case = came
            records.case(person, leaves, "CLA", came_case, until)
            asked.setdefault((area, uasc), []).append((person, care, came))
    for area, group in groups(paper):
        met = group.numbers["asked"][0]
        children_of = sorted(asked.get((area, group.uasc), []), key=lambda one: one[2], reverse=True)
        if group.uasc and not area:
            children_of = children_of[NOT_ASKED:] + children_of[:NOT_ASKED]
        assert len(children_of) == group.numbers["asked"][1], (
            area,
            group.uasc,
            len(children_of),
            group.numbers["asked"],
        )
        for person, care, came in children_of[:met]:
            records.add("health_requests", person_id=person, cla_id=care, request_kind="IHA", sent_date=came)
    _leavers(records, paper["adoption"], left, list(leaving))


def _leavers(records: Records, adoption: dict[str, Any], left: int, leaving: Sequence[str]) -> None:
    """Write the other children who left care in the year: those adopted, and those who came long before."""
    adopted, recent = adoption["adopted"], 20
    for number, took in enumerate(taking(adopted, adoption["days_to_move"], recent, adoption["move_lately"])):
        person = records.child(5)
        came, ordered = dt.date(2014, 5, 6), dt.date(2016, 7, 11) if number < recent else dt.date(2016, 3, 14)
        care = records.care(person, came, ordered, "E11")
        records.case(person, "Adoption & SG", "CLA", came, ordered)
        records.add(
            "permanence", person_id=person, cla_id=care, plan_agreed_date=dt.date(2014, 10, 6),
            adm_decision_date=dt.date(2014, 11, 3), placement_order_date=dt.date(2014, 12, 1),
            matched_date=dt.date(2014, 12, 22), placed_date=came + days(took), order_date=ordered,
            order_type="Adoption",
        )  # fmt: skip
    others = adoption["leavers"] - adopted - left
    in_three_months = round(100 * recent / adoption["adopted_lately"]) - recent - LEFT_AGAIN
    for number, team in enumerate(chain(leaving, repeat(None, others - len(leaving)))):
        person = records.child(16)
        until = (
            dt.date(2016, 8, 22) if team else dt.date(2016, 7, 4) if number < in_three_months else dt.date(2016, 2, 8)
        )
        records.care(person, dt.date(2013, 2, 4), until, "E4A")
        records.case(person, team or "North Kent CIC", "CLA", dt.date(2013, 2, 4), until)


def write_adoption(records: Records, adoption: dict[str, Any], written: Sequence[tuple[str, str, Child]]) -> None:
    """Write the plans of children still in care: those matched in the year, and those for whom adoption was decided."""
    matched, recent = adoption["matched"], 20
    adoptive = [one for one in written if one[2].kind[0] == "A3"]
    others = [one for one in written if one[2].kind[0] != "A3" and not one[2].uasc and one[2].stay == "settling"]
    took = taking(matched, adoption["days_to_match"], recent, adoption["match_lately"])
    for number, ((person, care, _), wait) in enumerate(zip([*adoptive, *others], took, strict=False)):
        on = dt.date(2016, 7, 6) if number < recent else dt.date(2016, 2, 2)
        records.add(
            "permanence", person_id=person, cla_id=care, plan_agreed_date=dt.date(2015, 6, 1),
            adm_decision_date=dt.date(2015, 7, 1), placement_order_date=on - days(wait), matched_date=on,
        )  # fmt: skip
    decided = [one for one in written if not one[2].uasc and one[2].stay == "a year" and one[2].kind[0] != "A3"]
    soon, of = adoption["in_4_months"], adoption["decided"]
    soon_lately, of_lately = lately(soon, of, adoption["decided_lately"])
    for number, (person, care, child) in enumerate(decided[:of]):
        is_recent = number < of_lately
        is_soon = number < soon_lately if is_recent else number - of_lately < soon - soon_lately
        records.add(
            "permanence", person_id=person, cla_id=care, plan_agreed_date=child.came + days(60 if is_soon else 160),
            adm_decision_date=dt.date(2016, 7, 6) if is_recent else dt.date(2015, 12, 7),
        )  # fmt: skip
