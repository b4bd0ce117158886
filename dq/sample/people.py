"""People and who holds their cases: children, homes, workers and involvements. Nobody has a name."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from dq.sample.making import CHILDREN_OF_A_BLOCK, Case, Making
from dq.sample.places import Place
from dq.sample.recipe import Leaf, Work, tree
from dq.sample.records import Address, Involvement, Person, Team, Worker

SERVICE: dict[Work, str] = {
    "district": "Social work", "care": "Care", "disability": "Disability", "arrivals": "Arrivals",
    "adoption": "Adoption", "leavers": "Leaving care", "fostering": "Fostering", "other": "Other",
}  # fmt: skip
CASES_PER_WORKER: dict[Work, int] = {"care": 16, "leavers": 24, "disability": 24, "adoption": 15}
USUAL_CASES = 20
ETHNICITY = {"WBRI": 84.0, "WOTH": 4, "MWBC": 2, "MOTH": 2, "MWBA": 1, "MWAS": 1, "BAFR": 2, "AOTH": 1, "AIND": 1}
ETHNICITY |= {"WROM": 1, "WIRT": 0.5, "OOTH": 0.5}
ARRIVED = {"OOTH": 40.0, "BAFR": 30, "AOTH": 20, "BOTH": 5, "WOTH": 5}
CHANGED = ("Worker left", "Case transferred within the team", "Workload")
TRANSFERRED = "Case transferred to another team"
OPENED = dt.date(1998, 4, 1)
"""When every team began: before any case of theirs did."""
UNUSED_STEMS = 900_000_000
"""NHS numbers that begin with 9 are not issued to anybody."""


@dataclass(frozen=True)
class Spell:
    """A stretch of a case: who held it, as what, from when to when."""

    leaf: Leaf
    case_type: str
    start: dt.date
    end: dt.date | None
    change_reason: str | None = None


class People:
    """Makes children and their addresses, and gives their cases to workers."""

    def __init__(self, making: Making) -> None:
        self._making = making
        self._chance = making.chance
        self._numbers = iter(self._chance.sample(range(1, making.scaled(60_000) + 1000), making.scaled(60_000) + 1000))
        self._staff: dict[str, list[Worker]] = {}
        self._kin: dict[str, list[Leaf]] = {}
        self._make_teams()

    def _make_teams(self) -> None:
        making = self._making
        for branch, unit, _ in tree(making.recipe):
            service = SERVICE[unit.work] if unit is not None and unit.work is not None else None
            making.records.teams.append(
                Team(branch.team_id, branch.name, branch.parent_id, OPENED, None, None, service)
            )
        for leaf in making.leaves:
            self._kin[leaf.team_id] = [o for o in making.leaves if o.area == leaf.area and o.work == leaf.work]
            needed = max(1, math.ceil(leaf.cases / CASES_PER_WORKER.get(leaf.work, USUAL_CASES)))
            self._staff[leaf.team_id] = [
                self._worker(leaf, gone=n > needed) for n in range(1, needed + needed // 3 + 1)
            ]

    def _worker(self, leaf: Leaf, *, gone: bool) -> Worker:
        making, chance = self._making, self._chance
        agency = chance.happens(0.17)
        start = making.history - dt.timedelta(days=chance.between(30, 3000))
        title = (
            "Personal Adviser"
            if leaf.work == "leavers"
            else chance.weighted({"Social Worker": 4.0, "Senior Practitioner": 1})
        )
        worker = Worker(
            worker_id=making.records.key("W"),
            job_title=title,
            full_time_equivalency=chance.weighted({"1": 8.0, "0.8": 1, "0.6": 1}),
            agency_worker="Y" if agency else "N",
            team_id=leaf.team_id,
            start_date=start,
            end_date=chance.day(making.history, making.end) if gone else None,
        )
        making.records.workers.append(worker)
        return worker

    def person(self, dob: dt.date, known: dt.date, *, uasc: bool = False) -> Person:
        """Make a child who became known on a day."""
        number = self._making.block * CHILDREN_OF_A_BLOCK + next(self._numbers)
        chance = self._chance
        person = Person(
            person_id=f"C{number:06d}",
            common_child_id=_nhs_number(number),
            dob=dob,
            sex=chance.weighted({"1": 0.9, "2": 0.1} if uasc else {"1": 0.53, "2": 0.47}),
            ethnicity=chance.weighted(ARRIVED if uasc else ETHNICITY),
            death_date=None,
            uasc="Y" if uasc else "N",
            recorded_on=self._making.recorded(max(dob, known)),
            expected_dob=None,
            upn_unknown=None,
        )
        self._making.records.persons.append(person)
        return person

    def home(self, person: Person, leaf: Leaf, known: dt.date) -> Place:
        """Give a child the home they had when they became known, and sometimes the one before it."""
        chance, place = self._chance, self._making.places.home(leaf.homes)
        since = chance.day(max(person.dob, known - dt.timedelta(days=2500)), known)
        if since > person.dob and chance.happens(0.15):
            self._address(person, self._making.places.home(leaf.homes), chance.day(person.dob, since), since, known)
        self._address(person, place, since, None, known)
        return place

    def _address(self, person: Person, place: Place, start: dt.date, end: dt.date | None, known: dt.date) -> None:
        self._making.records.addresses.append(
            Address(
                self._making.records.key("A"),
                person.person_id,
                "Home",
                start,
                end,
                place.postcode,
                self._making.recorded(max(start, known)),
            )
        )

    def hold(
        self, person: Person, spells: list[Spell], *, steady_from: dt.date | None = None, in_care: bool = False
    ) -> None:
        """Record who held a case through its spells, and changes of worker, none of them after ``steady_from``."""
        making = self._making
        for spell in spells:
            self._hold_spell(person, spell, steady_from or making.end)
        first, last = spells[0], spells[-1]
        making.cases.append(Case(person.person_id, person.dob, first.start, last.end, in_care))

    def _hold_spell(self, person: Person, spell: Spell, steady_from: dt.date) -> None:
        making, chance = self._making, self._chance
        last = min(spell.end or making.end, steady_from) - dt.timedelta(days=1)
        first = max(spell.start, making.history) + dt.timedelta(days=14)
        length = (last - first).days
        changes = chance.days(first, last, 1 if chance.happens(length / 900) else 0) if length > 30 else []
        start = spell.start
        for day in changes:
            earlier = chance.pick(self._kin[spell.leaf.team_id]) if chance.happens(0.4) else spell.leaf
            reason = chance.pick(CHANGED) if earlier is spell.leaf else TRANSFERRED
            self._involve(person, Spell(earlier, spell.case_type, start, day, reason))
            start = day
        self._involve(person, Spell(spell.leaf, spell.case_type, start, spell.end, spell.change_reason))

    def _involve(self, person: Person, spell: Spell) -> None:
        making = self._making
        staff = self._staff[spell.leaf.team_id]
        able = [w for w in staff if w.end_date is None or (spell.end is not None and w.end_date >= spell.end)]
        making.records.involvements.append(
            Involvement(
                involvement_id=making.records.key("I"),
                person_id=person.person_id,
                worker_id=self._chance.pick(able).worker_id,
                role="Personal Adviser" if spell.case_type == "Care leaver" else "Allocated Case Worker",
                team_id=spell.leaf.team_id,
                start_date=spell.start,
                end_date=spell.end,
                change_reason=spell.change_reason,
                case_type=spell.case_type,
                recorded_on=making.recorded(spell.start),
            )
        )


def _nhs_number(serial: int) -> str:
    """Return a ten-digit number of a range that is not issued, with its check digit; another for each serial."""
    # Where the check digit of a stem would be 10 there is no such number; that of the odd stem after it never is.
    stem = UNUSED_STEMS + serial * 2
    return f"{stem}{_check_digit(stem)}" if _check_digit(stem) < 10 else f"{stem + 1}{_check_digit(stem + 1)}"


def _check_digit(stem: int) -> int:
    weighted = sum(int(digit) * (10 - i) for i, digit in enumerate(str(stem)))
    return -weighted % 11
