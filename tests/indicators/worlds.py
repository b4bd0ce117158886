"""Small worlds with faults put in, each with every way its faults could be put right.

A world is one team's children. Worlds share nothing, so any number of them are loaded and computed together, one team
each, by the same code as a run: the worlds as recorded, every repair of them, and every repair of a single fault.
"""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.indicators.an_authority import Row

HOME, NEAR, FAR, NOWHERE = "ME14 1XX", "DA12 1AU", "CT1 1YW", "ME99 9ZZ"
"""Postcodes: Maidstone; Gravesend, under 20 miles from it; Canterbury, 24 miles; one that could be, but is not."""
RECENT, OLD = "2017-05-20", "2017-03-01"
FALSE_DATE = "31/02/2017"

Fix = Mapping[str, Any]
"""What a repair writes in the row at fault."""


@dataclass(frozen=True)
class Fault:
    """A record that is wrong, and every way it may be put right."""

    extract: str
    row: int
    fixes: tuple[Fix, ...]


@dataclass
class World:
    """Records of one team. A row a fix must add is there from the start, with ``absent`` set."""

    indicator: str
    records: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    faults: list[Fault] = field(default_factory=list)

    def add(self, extract: str, *fixes: Fix, **row: Any) -> None:
        """Add a row, with a fault if there are fixes for it."""
        if fixes:
            self.faults.append(Fault(extract, len(self.records[extract]), fixes))
        self.records[extract].append(row)

    def repaired(self, chosen: Mapping[int, Fix]) -> dict[str, list[Row]]:
        """Return the records with the chosen fix of each fault (by its place) made."""
        records = {extract: [dict(row) for row in rows] for extract, rows in self.records.items()}
        for place, fix in chosen.items():
            fault = self.faults[place]
            records[fault.extract][fault.row].update({"absent": False} | dict(fix))
        return {extract: [row for row in rows if not row.get("absent")] for extract, rows in records.items()}

    def repairs(self) -> Iterator[dict[str, list[Row]]]:
        """Yield the records for every way of putting all faults right."""
        for fixes in itertools.product(*(fault.fixes for fault in self.faults)):
            yield self.repaired(dict(enumerate(fixes)))

    def single_repairs(self) -> Iterator[dict[str, list[Row]]]:
        """Yield the records for every way of putting one fault right."""
        for place, fault in enumerate(self.faults):
            for fix in fault.fixes:
                yield self.repaired({place: fix})


def make(indicator: str, chance: random.Random, most_faults: int = 3) -> World:
    """Return a world for an indicator: one to five children, up to so many faults."""
    world = World(indicator)
    for child in range(chance.randint(1, 5)):
        with_fault = len(world.faults) < most_faults and chance.random() < 0.5
        _CHILD[indicator](world, f"C{child}", chance, with_fault)
    return world


def _person(world: World, person: str, *fixes: Fix, **changes: Any) -> None:
    row = {"person_id": person, "dob": "2005-03-01", "sex": "1", "uasc": "N", "ethnicity": "WBRI"}
    world.add("persons", *fixes, **(row | changes))


def _case(world: World, person: str, *fixes: Fix, **changes: Any) -> None:
    row = {"person_id": person, "role": "Allocated Case Worker", "case_type": "CLA", "start_date": "2016-11-30"}
    world.add("involvements", *fixes, **(row | changes))


_UASC = ({"uasc": "Y"}, {"uasc": "N"})
_TYPES = tuple({"placement_type": kind} for kind in ("U3", "U6", "K2", "A3"))
_PLACES = tuple({"postcode": postcode} for postcode in (HOME, NEAR, FAR, NOWHERE))
_EPISODE_ENDS = (
    {"ceased_date": None, "ceased_reason": None},
    {"ceased_date": "2017-03-01", "ceased_reason": "E4A"},
)


def _child_in_care(world: World, person: str, chance: random.Random, fault: bool, kinds: tuple[str, ...]) -> None:
    kind = chance.choice(kinds) if fault else ""
    uasc = {"uasc missing": None, "uasc code": "Q"}.get(kind, chance.choice("NNNY"))
    _person(world, person, *(_UASC if kind.startswith("uasc") else ()), uasc=uasc)
    _case(world, person)
    care = {"person_id": person, "cla_id": person}
    _episode(world, care, kind)
    _address(world, person, chance, kind)
    _placements(world, care, chance, kind)


def _episode(world: World, care: Row, kind: str) -> None:
    row = {**care, "start_date": "2016-11-30", "start_reason": "S"}
    if kind == "episode end unreadable":
        world.add("cla_episodes", *_EPISODE_ENDS, **row, ceased_date=FALSE_DATE, ceased_reason="E4A")
    elif kind == "episode start unreadable":
        world.add("cla_episodes", {"start_date": "2016-11-30"}, **(row | {"start_date": FALSE_DATE}))
    else:
        world.add("cla_episodes", **row)


def _address(world: World, person: str, chance: random.Random, kind: str) -> None:
    row = {"person_id": person, "address_type": "Home", "start_date": "2010-01-01", "postcode": HOME}
    wrong = {"home postcode missing": None, "home postcode impossible": "ME14 OXQ"}
    if kind in wrong:
        world.add("addresses", *_PLACES, **(row | {"postcode": wrong[kind]}))
    elif kind == "no home":
        world.add("addresses", *_PLACES, **row, absent=True)
    elif kind == "home type":
        world.add("addresses", {"address_type": "Home"}, **(row | {"address_type": "Hose"}))
    else:
        world.add("addresses", **row)
    if kind == "old home postcode missing":
        # The home they came into care from is the one above; this one was left long before.
        earlier = {"start_date": "2008-01-01", "end_date": "2010-01-01", "postcode": None}
        world.add("addresses", *_PLACES, **(row | earlier))


def _placements(world: World, care: Row, chance: random.Random, kind: str) -> None:
    row = {
        **care,
        "start_date": "2016-11-30",
        "placement_type": chance.choice(("U3", "U6", "U6", "K2", "A3")),
        "provider": chance.choice(("PR1", "PR2", "PR4")),
        "postcode": chance.choice((HOME, NEAR, FAR)),
    }
    providers = tuple({"provider": code} for code in ("PR1", "PR2", "PR4"))
    if kind in {"placement postcode missing", "placement postcode impossible"}:
        wrong = None if kind.endswith("missing") else "CT1"
        world.add("cla_placements", *_PLACES, **(row | {"postcode": wrong, "placement_type": "U6"}))
    elif kind == "placement type":
        world.add("cla_placements", *_TYPES, **(row | {"placement_type": chance.choice(("Z9", None))}))
    elif kind == "provider":
        world.add("cla_placements", *providers, **(row | {"provider": "PR9"}))
    elif kind == "no placement":
        world.add("cla_placements", *({**t, **p} for t in _TYPES[1:3] for p in _PLACES[1:3]), **row, absent=True)
    elif kind == "placement start unreadable":
        world.add("cla_placements", {"start_date": "2016-11-30"}, **(row | {"start_date": FALSE_DATE}))
    elif kind in {"placement end unreadable", "old provider"}:
        earlier = row | {"end_date": "2017-02-01", "change_reason": "CARPL", "placement_type": "U6"}
        if kind == "old provider":
            world.add("cla_placements", *providers, **(earlier | {"provider": "PR9"}))
        else:
            world.add("cla_placements", {"end_date": "2017-02-01"}, **(earlier | {"end_date": FALSE_DATE}))
        world.add("cla_placements", **(row | {"start_date": "2017-02-01"}))
    else:
        world.add("cla_placements", **row)


_CARE = (
    "uasc missing", "uasc code", "placement type", "no placement", "placement start unreadable",
    "placement end unreadable", "episode end unreadable", "episode start unreadable",
)  # fmt: skip
_DISTANCE = (
    *_CARE, "home postcode missing", "home postcode impossible", "no home", "home type", "old home postcode missing",
    "placement postcode missing", "placement postcode impossible",
)  # fmt: skip


def _within_20_miles(world: World, person: str, chance: random.Random, fault: bool) -> None:
    _child_in_care(world, person, chance, fault, _DISTANCE)


def _foster_care(world: World, person: str, chance: random.Random, fault: bool) -> None:
    _child_in_care(world, person, chance, fault, (*_CARE, "provider", "provider", "old provider"))


_NEED = (
    "seen missing", "seen missing", "seen missing", "seen code", "seen code", "visit date", "case type", "case start",
    "case end", "plan start", "plan end",
)  # fmt: skip


def _child_in_need(world: World, person: str, chance: random.Random, fault: bool) -> None:
    kind = chance.choice(_NEED) if fault else ""
    since = chance.choice(("2016-11-30", "2016-11-30", "2016-11-30", "2017-05-20"))
    case = {"case_type": "CIN", "start_date": since}
    _person(world, person)
    if kind == "case type":
        _case(world, person, *({"case_type": code} for code in ("CIN", "CP", "Other")), **(case | {"case_type": "C1N"}))
    elif kind == "case start":
        starts = ({"start_date": "2016-11-30"}, {"start_date": "2017-05-20"})
        _case(world, person, *starts, **(case | {"start_date": FALSE_DATE}))
    elif kind == "case end":
        _case(world, person, {"end_date": None}, {"end_date": "2017-05-25"}, **case, end_date=FALSE_DATE)
    else:
        _case(world, person, **case)
    plan = {"person_id": person, "start_date": "2017-01-10"}
    if kind == "plan start":
        world.add("cp_plans", {"start_date": "2017-01-10"}, **(plan | {"start_date": FALSE_DATE}))
    elif kind == "plan end":
        world.add("cp_plans", {"end_date": None}, {"end_date": "2017-03-01"}, **plan, end_date=FALSE_DATE)
    for _ in range(chance.randint(0, 2)):
        world.add("cin_visits", person_id=person, visit_date=chance.choice((RECENT, OLD)), seen=chance.choice("YN"))
    visit = {"person_id": person, "visit_date": chance.choice((RECENT, RECENT, OLD)), "seen": "Y"}
    if kind.startswith("seen"):
        wrong = None if kind == "seen missing" else "Maybe"
        world.add("cin_visits", {"seen": "Y"}, {"seen": "N"}, **(visit | {"seen": wrong}))
    elif kind == "visit date":
        world.add("cin_visits", {"visit_date": RECENT}, {"visit_date": OLD}, **(visit | {"visit_date": FALSE_DATE}))


_INTERVIEWS = (
    {"rhi_date": "2017-05-16"}, {"rhi_date": "2017-05-25"}, {"rhi_date": None, "rhi_status": "Declined"},
)  # fmt: skip
"""In time, late, and none, for a child found on Monday 15 May 2017."""
_RETURNS = (
    "undated", "undated", "interview unreadable", "interview first", "return unreadable", "return in future",
    "return before start",
)  # fmt: skip


def _missing(world: World, person: str, chance: random.Random, fault: bool) -> None:
    kind = chance.choice(_RETURNS) if fault else ""
    _person(world, person)
    _case(world, person, start_date="2015-01-05")
    row = {
        "person_id": person,
        "start_date": "2017-05-14 22:00",
        "end_date": "2017-05-15 10:00",
        "rhi_status": "Completed",
        "rhi_date": "2017-05-16",
    }
    ends = ({"end_date": "2017-05-15 10:00"}, {"end_date": None, "rhi_date": None, "rhi_status": None})
    interviews = {"undated": None, "interview unreadable": FALSE_DATE, "interview first": "2017-05-01"}
    returns = {"return unreadable": "15/15/2017 10:00", "return in future": "2017-06-15 10:00"}
    if kind in interviews:
        world.add("missing_episodes", *_INTERVIEWS, **(row | {"rhi_date": interviews[kind]}))
    elif kind in returns:
        long_ago = {"start_date": "2016-05-14", "end_date": "2016-05-15", "rhi_date": "2016-05-16"}
        world.add("missing_episodes", *ends, long_ago, **(row | {"end_date": returns[kind]}))
    elif kind == "return before start":
        earlier = {"start_date": "2016-05-01", "end_date": "2016-05-02", "rhi_date": "2016-05-03"}
        fixes = ({"end_date": "2017-05-15 23:00"}, {"start_date": "2017-05-01 10:00"}, earlier)
        world.add("missing_episodes", *fixes, **(row | {"end_date": "2017-05-14 10:00"}))
    else:
        interview = chance.choice(_INTERVIEWS)
        world.add("missing_episodes", **(row | interview))


_CHILD = {
    "cla_within_20_miles": _within_20_miles,
    "cla_in_house_foster_care": _foster_care,
    "cin_seen": _child_in_need,
    "return_home_interview_timeliness": _missing,
}
INDICATORS = tuple(_CHILD)
