"""Kirklees, June 2017: the children in care, those who came and those who left."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.papers.records import Records, born, days

PERIOD = dt.date(2017, 6, 30)
HOME, NEAR, OUTSIDE, FAR = "HD1 2AA", "HD1 1AA", "LS1 1AA", "YO24 1AA"
"""Postcodes: Huddersfield, twice; Leeds, another authority and under 20 miles away; York, over 20."""
LONG, A_YEAR, JULY, NOVEMBER, FEBRUARY = (
    dt.date(2014, 3, 3), dt.date(2016, 2, 8), dt.date(2016, 7, 5), dt.date(2016, 11, 7), dt.date(2017, 2, 6),
)  # fmt: skip
APRIL, MAY, JUNE, LATE_JUNE = dt.date(2017, 4, 5), dt.date(2017, 5, 10), dt.date(2017, 6, 8), dt.date(2017, 6, 26)
AT_HOME_SINCE = {
    1: MAY, 4: FEBRUARY, 8: dt.date(2016, 10, 10), 14: dt.date(2016, 4, 11), 36: dt.date(2014, 6, 2),
    72: dt.date(2011, 6, 6),
}  # fmt: skip
MOVED_IN_YEAR = 29
"""Of the children adopted in the year, those who had moved in during it."""
PLACED_LATE = 10
"""Of the children placed for adoption, those who waited longer than 14 months."""
UNSETTLED_SINCE = dt.date(2016, 2, 1)
KINDS = {
    "own": ("U6", "PR1"), "kin": ("U1", "PR1"), "agency": ("U6", "PR4"), "other_authority": ("U6", "PR2"),
    "K2": ("K2", "PR4"), "A3": ("A3", "PR1"), "P1": ("P1", "PR0"), "P2": ("P2", "PR0"), "U6": ("U6", "PR1"),
}  # fmt: skip


@dataclass
class Child:
    """A child in care at the month end."""

    came: dt.date
    age: int
    kind: str
    where: str = NEAR
    status: str = "C2"
    sex: str = ""
    ethnicity: str = ""
    need: str = "N1"
    moves: list[tuple[dt.date, str]] = field(default_factory=list)
    settled: bool = False
    person: str = ""
    care: str = ""

    @property
    def a_year(self) -> bool:
        """Whether the child has been in care for a year."""
        return self.came <= dt.date(2016, 6, 30)


def spread(numbers: Mapping[Any, int]) -> list[Any]:
    """Return each thing as often as it is numbered."""
    return [thing for thing, number in numbers.items() for _ in range(number)]


def children(paper: dict[str, Any]) -> list[Child]:
    """Return the children in care at the month end: first those who came in June."""
    came, here = paper["entering"], paper["in_care"]
    found = list(_came_in_june(came))
    at_home = Counter(here["at_home_months"])
    at_home[1] -= sum(child.kind == "P1" for child in found)
    left = {what: Counter(here[what]) - Counter(getattr(c, what) for c in found) for what in ("sex", "ethnicity")}
    ages = Counter(here["age"]) - Counter(min(child.age, 16) for child in found)
    kinds = Counter(here["placement"]) - Counter("own" if c.kind == "U6" else c.kind for c in found)
    others = _others(found, ages, at_home, here)
    adoptive = [child for child in others if child.came == LONG and not child.settled][:PLACED_LATE]
    adoptive += [child for child in others if child.came == A_YEAR][: kinds["A3"] - PLACED_LATE]
    for child in adoptive:
        child.kind = "A3"
    rest = iter(spread({kind: number for kind, number in kinds.items() if kind not in {"P1", "kin", "A3"}}))
    kin = kinds["kin"]
    for child in others:
        if child.kind:
            continue
        if child.settled and kin:
            child.kind, kin = "kin", kin - 1
        else:
            child.kind = next(rest)
    assert kin == 0
    assert next(rest, None) is None
    for child, sex, ethnicity in zip(others, spread(left["sex"]), spread(left["ethnicity"]), strict=True):
        child.sex, child.ethnicity = sex, ethnicity
    _move(others, paper["moves"], here["three_placements"])
    return found + others


def _came_in_june(printed: dict[str, Any]) -> Iterator[Child]:
    where = {"near": NEAR, "outside": OUTSIDE, "far": FAR}
    columns = [
        spread(printed["sex"]), spread(printed["ethnicity"]), spread(printed["age"]), spread(printed["need"]),
        [*spread({"P1": 2}), *spread({k: n for k, n in printed["placement"].items() if k != "P1"})],
        spread(printed["where"]), spread(printed["status"]),
    ]  # fmt: skip
    for number, (sex, ethnicity, age, need, kind, place, status) in enumerate(zip(*columns, strict=True)):
        day = LATE_JUNE if number >= 14 else JUNE  # too late for a first visit to be due
        yield Child(day, age, kind, where[place], status, sex, ethnicity, need)


def _others(found: Sequence[Child], ages: Counter[int], at_home: Counter[int], here: dict[str, Any]) -> list[Child]:
    """Return the children who came before June, by how long they have been in care, oldest stays first."""
    settled, long = here["two_years"]
    year = here["worker_changes"][1]
    # Who has been in care for a year is chosen so that the bases printed of them hold: 29 under 5, 344 of 10 to 17.
    older = [*spread({12: ages[12]}), *[7] * 21, *[2] * 29, *[16] * 75, *[17] * 8]
    assert len(older) == year
    newer = [*[0] * ages[0], *[2] * (ages[2] - 29), *[7] * (ages[7] - 21), *[17] * (ages[16] - 83)]
    assert len(newer) + len(found) + year == here["of"]
    home_long = [AT_HOME_SINCE[m] for m in (36, 72) for _ in range(at_home[m])]
    home_year, home_new = (
        [AT_HOME_SINCE[14]] * at_home[14],
        [AT_HOME_SINCE[m] for m in (1, 4, 8) for _ in range(at_home[m])],
    )
    result = []
    for place, age in enumerate(older):
        if place < len(home_long):
            result.append(Child(home_long[place], age, "P1", settled=True))
        elif place < long:
            result.append(Child(LONG, age, "", settled=place < settled))
        elif place < long + len(home_year):
            result.append(Child(home_year[0], 16 if age == 2 else age, "P1"))
        else:
            result.append(Child(A_YEAR, age, ""))
    days_of = [
        *[MAY] * (here["came_in_may"] - sum(d == MAY for d in home_new)),
        *[APRIL] * here["came_in_april"],
        *[JULY] * 24,
    ]
    for place, age in enumerate(newer):
        # The youngest came lately, the oldest in the summer before.
        if place >= len(newer) - len(home_new):
            result.append(Child(home_new[place - (len(newer) - len(home_new))], age, "P1"))
        elif age == 0:
            result.append(Child(days_of.pop(0) if days_of and days_of[0] != JULY else FEBRUARY, age, ""))
        else:
            result.append(Child(days_of.pop(0) if days_of and days_of[0] == JULY and age == 7 else NOVEMBER, age, ""))
    assert not days_of, days_of
    return result


def _move(others: Sequence[Child], printed: Mapping[str, Sequence[int]], often: int) -> None:
    """Have children move as often each month, and for the reasons, as printed: so many of them more than once."""
    free = [child for child in others if not child.settled and child.kind not in {"P1", "A3"} and child.a_year]
    moves = [
        (month, reason)
        for reason, by_month in printed.items()
        for month, number in enumerate(by_month)
        for _ in range(number)
    ]
    moves.sort(key=lambda one: one[0])
    many, once = free[:often], free[often:]
    for number, (month, reason) in enumerate(moves):
        child = once[number // 4] if number % 4 == 3 and number // 4 < len(once) else many[number % often]
        year, at = divmod(6 + month, 12)
        # Days differ, so that a child who moves twice in a month does so in turn.
        child.moves.append((dt.date(2016 + year, at + 1, 5 + len(child.moves)), reason))
    assert all(len(child.moves) > 1 for child in many)


def write_children(records: Records, found: Sequence[Child], teams: Sequence[str], workers_changed: int) -> None:
    """Write the children's care, cases, placements and homes."""
    changed = 0
    for number, child in enumerate(found):
        dob = born(child.age, PERIOD)
        child.person = records.child(dob=dob, sex=child.sex, ethnicity=child.ethnicity)
        child.care = records.care(child.person, child.came, need=child.need)
        records.add(
            "addresses", person_id=child.person, address_type="Home", start_date=dt.date(2010, 1, 4), postcode=HOME
        )
        records.add("legal_statuses", person_id=child.person, legal_status=child.status, start_date=child.came)
        if number == len(teams):
            records.case(child.person, teams[0], "CLA", child.came, worker_id=None)
        elif child.a_year and changed < workers_changed:
            changed += 1
            other = records.worker(teams[number], 1)
            records.case(child.person, teams[number], "CLA", child.came, dt.date(2016, 12, 6), worker_id=other)
            records.case(child.person, teams[number], "CLA", dt.date(2016, 12, 6))
        else:
            records.case(child.person, teams[number], "CLA", child.came)
        _write_placements(records, child)


def _write_placements(records: Records, child: Child) -> None:
    starts = [(child.came, "")]
    if child.came == LONG and not child.settled:
        starts.append((UNSETTLED_SINCE, "CARPL"))
    starts += sorted(child.moves)
    kind, provider = KINDS[child.kind]
    if child.settled and child.kind in {"own", "agency", "other_authority"}:
        kind = "U4"
    for number, (start, _) in enumerate(starts):
        last = number == len(starts) - 1
        end, reason = (None, None) if last else starts[number + 1]
        records.add(
            "cla_placements", person_id=child.person, cla_id=child.care, start_date=start, end_date=end,
            change_reason=reason, placement_type=kind if last else "U6", provider=provider if last else "PR4",
            postcode=child.where,
        )  # fmt: skip


def write_leavers(records: Records, paper: dict[str, Any], teams: Sequence[str]) -> None:
    """Write those who left care in June, those adopted in the year before, and all others who left in it."""
    printed = paper["leaving"]
    left = dt.date(2017, 6, 20)
    since = {0: dt.date(2017, 5, 25), 2: dt.date(2017, 4, 10), 4: dt.date(2017, 2, 1), 8: dt.date(2016, 10, 3),
             14: dt.date(2016, 4, 4), 26: dt.date(2015, 4, 6), 84: dt.date(2010, 6, 7)}  # fmt: skip
    columns = [spread(printed[what]) for what in ("sex", "ethnicity", "reason", "months")]
    # The oldest stays are the oldest children's.
    for sex, ethnicity, reason, months, age in zip(*columns, sorted(spread(printed["age"])), strict=True):
        person = records.child(dob=left - days(age * 365.25 + 100), sex=sex, ethnicity=ethnicity)
        records.care(person, since[months], left, reason)
        records.case(person, teams[0], "CLA", since[months], left)
    _adopted(records, paper["adopted"], paper["adoption"], teams[0])
    for _ in range(
        paper["adopted"]["of"] - paper["adopted"]["sex"]["1"] - paper["adopted"]["sex"]["2"] - len(columns[0])
    ):
        person = records.child(14)
        records.care(person, LONG, dt.date(2017, 1, 17), "E4A")


def _adopted(records: Records, printed: dict[str, Any], adoption: dict[str, Any], team: str) -> None:
    people = list(zip(spread(printed["sex"]), spread(printed["ethnicity"]), spread(printed["age"]), strict=True))
    adopted, took = dt.date(2017, 2, 14), round(adoption["to_move"] * len(people))
    infants, in_year = printed["age"][0], MOVED_IN_YEAR - printed["age"][0]
    short, over = divmod(took - 100 * infants - 410 * in_year, len(people) - infants - in_year)
    waits = [
        *[100] * infants,
        *[410] * in_year,
        *[short + 1] * over,
        *[short] * (len(people) - infants - in_year - over),
    ]
    for number, ((sex, ethnicity, age), wait) in enumerate(zip(people, waits, strict=True)):
        moved = dt.date(2016, 8, 9) if number < MOVED_IN_YEAR else dt.date(2016, 5, 10)
        entered = moved - days(wait)
        dob = entered if age == 0 else adopted - days(age * 365.25 + 100)
        person = records.child(dob=dob, sex=sex, ethnicity=ethnicity)
        care = records.care(person, entered, adopted, "E11")
        records.case(person, team, "CLA", entered, adopted)
        records.add(
            "permanence", person_id=person, cla_id=care, adm_decision_date=dt.date(2015, 10, 5),
            matched_date=dt.date(2016, 4, 4), placement_order_date=dt.date(2016, 1, 4), placed_date=moved,
            order_date=adopted, order_type="Adoption",
        )  # fmt: skip
