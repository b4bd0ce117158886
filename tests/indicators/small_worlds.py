"""Is a range exact? Small worlds with errors, and the figure of every way in which these could be put right.

Run with ``make worlds``. What a wrong cell could hold is all that its contract allows: every code of its list, and
every day near the period or near another day of the child, with days of long ago. Of two errors every pair of ways is
tried, each left as it is among them. What a rule still finds fault with is no way of putting a record right.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dq.engine.check import Absent, check
from dq.engine.compile import dates_at
from dq.engine.examples import given, prepare
from dq.indicators.compute import tally_all
from dq.indicators.touched import touched
from dq.library.load import load_library
from dq.library.policy import Library, is_counted
from dq.model import ColumnType, Severity
from dq.workspace import Workspace, open_workspace
from tests.conftest import PERIOD
from tests.indicators.an_authority import BESIDE, KEYS, Authority, Row
from tests.indicators.worlds import FAR, HOME, INDICATORS, Fault, Fix, World, make

WORLDS = 300
MOST_WAYS = 1_200
"""A world of more ways is not tried: another is made in its place."""
NEAR_ENOUGH = 1e-9
_LONG_GONE = "2015-01-06 10:00"
_TAKEN_IN = "2016-11-30"
"""When children of these worlds came into care."""
_FEW_DAYS = ("2016-11-30", "2017-03-11", "2017-05-14", "2017-05-15", "2017-05-16", "2017-05-20", "2017-05-31")
_STARTS, _ENDS = ("2016-11-30", "2017-02-01", "2017-05-16"), (None, "2017-03-11", "2017-05-15", "2017-05-31")
"""Days at which a placement may begin and end that another overlaps."""
_PLACED: tuple[Fix, ...] = tuple(
    {"placement_type": kind, "postcode": place, "provider": provider}
    for kind in ("U3", "U6", "K2", "A3") for place in (HOME, FAR) for provider in ("PR1", "PR4")
)  # fmt: skip
"""Placements, one of which a child in care without any could be in."""


@dataclass(frozen=True)
class Held:
    """A world's range, the figures of every way in which it could be put right, and the ranges that these leave."""

    world: World
    low: float | None
    high: float | None
    values: tuple[float, ...]
    after: tuple[tuple[float | None, float | None], ...]

    def __str__(self) -> str:
        at_fault = sorted(
            f"{fault.extract} ({', '.join(sorted(set().union(*fault.fixes)))})" for fault in self.world.faults
        )
        how = "wider" if self.sound else "NARROWER"
        return f"{self.world.indicator}: {how} with {' and '.join(at_fault)}"

    @property
    def sound(self) -> bool:
        """Whether every figure lies in the range."""
        inside = self.low is not None and self.high is not None
        return not self.values or (
            inside and self.low - NEAR_ENOUGH <= min(self.values) and max(self.values) <= self.high + NEAR_ENOUGH
        )

    @property
    def monotone(self) -> bool:
        """Whether no record put right widens the range; which is to say, no error more narrows it."""
        ends = [end for span in self.after for end in span if end is not None]
        return not ends or (
            self.low is not None
            and self.high is not None
            and self.low - NEAR_ENOUGH <= min(ends)
            and max(ends) <= self.high + NEAR_ENOUGH
        )

    @property
    def exact(self) -> bool:
        """Whether the ends of the range are figures."""
        if not self.values:
            return True
        return (
            self.low is not None
            and self.high is not None
            and (abs(self.low - min(self.values)) < NEAR_ENOUGH and abs(self.high - max(self.values)) < NEAR_ENOUGH)
        )


def worlds(library: Library, many: int, seed: int) -> Iterator[World]:
    """Yield so many worlds with one or two errors each, of each indicator in turn."""
    chance, made = random.Random(seed), 0
    while made < many:
        world = make(INDICATORS[made % len(INDICATORS)], chance, most_faults=2)
        if not world.faults:
            continue
        world.faults = [_every_way(library, world, fault) for fault in world.faults]
        for fault in list(world.faults):
            _open_what_it_shows(world, fault)
        ways = 1
        for fault in world.faults:
            ways *= len(fault.fixes) + 1
        if ways <= MOST_WAYS:
            made += 1
            yield world


def _every_way(library: Library, world: World, fault: Fault) -> Fault:
    """Return a fault of one cell with all that this could hold; any other as it was made."""
    row = world.records[fault.extract][fault.row]
    if fault.extract == "cla_placements" and row.get("absent"):
        return Fault(fault.extract, fault.row, _PLACED)
    changed = set.intersection(*(set(fix) for fix in fault.fixes))
    if row.get("absent") or len(changed) != 1:
        return fault
    (name,) = changed
    column = library.contracts[fault.extract].columns[name]
    nothing: list[Fix] = [] if column.required else [{name: None}]
    if column.codes is not None:
        return Fault(
            fault.extract, fault.row, (*({name: code} for code in library.code_lists[column.codes].codes), *nothing)
        )
    if column.type in {ColumnType.DATE, ColumnType.DATETIME}:
        times = (" 10:00", " 23:59") if column.type is ColumnType.DATETIME else ("",)
        days = [f"{day}{time}" for day in sorted(_days(world, row)) for time in times]
        return Fault(fault.extract, fault.row, (*({name: day} for day in days), *nothing))
    return fault


def _open_what_it_shows(world: World, fault: Fault) -> None:
    """Open what rules find wrong besides because of a fault: that may be what is wrong, or wrong too.

    A child in care whose only placement has no day at which it began has no placement, so that one may not be recorded;
    likewise a child whose only address is of no type that is known has no home. Of two placements at once, one of which
    ends on no day, the other may be of other days. An interview before a return that cannot be right may have been on
    another day. A child found before going missing may have gone long before, and been found on any day since.
    """
    rows = world.records[fault.extract]
    row, place = rows[fault.row], world.faults.index(fault)
    changed = set().union(*fault.fixes)
    others = [at for at, one in enumerate(rows) if one["person_id"] == row["person_id"] and at != fault.row]
    alone = not others
    if fault.extract == "cla_placements" and changed == {"start_date"} and alone:
        few = [fix for fix in fault.fixes if fix["start_date"] in _FEW_DAYS]
        world.faults[place] = Fault(fault.extract, fault.row, tuple(few))
        rows.append({"person_id": row["person_id"], "cla_id": row["cla_id"], "absent": True})
        placed = tuple({**fix, "start_date": _TAKEN_IN} for fix in _PLACED)
        world.faults.append(Fault(fault.extract, len(rows) - 1, placed))
    if fault.extract == "cla_placements" and changed == {"end_date"} and not alone:
        few = [fix for fix in fault.fixes if fix["end_date"] in {None, *_FEW_DAYS}]
        world.faults[place] = Fault(fault.extract, fault.row, tuple(few))
        spans = tuple({"start_date": start, "end_date": end} for start, end in itertools.product(_STARTS, _ENDS))
        world.faults += [Fault(fault.extract, other, spans) for other in others]
    if fault.extract == "addresses" and changed == {"address_type"} and alone:
        rows.append({**row, "address_type": "Home", "absent": True})
        world.faults.append(Fault(fault.extract, len(rows) - 1, ({"postcode": HOME}, {"postcode": FAR})))
    seen, back = str(row.get("rhi_date") or ""), str(row.get("end_date") or "")
    if fault.extract == "missing_episodes" and changed == {"end_date"} and "" < seen < back:
        near = [fix for fix in fault.fixes if str(fix["end_date"])[:10] in _FEW_DAYS]
        both = tuple({**fix, "rhi_date": day} for fix in near for day in _FEW_DAYS)
        world.faults[place] = Fault(fault.extract, fault.row, (*fault.fixes, *both))
    if fault.extract == "missing_episodes" and {"start_date", "end_date"} <= changed:
        ends = [f"{day}{time}" for day in sorted(_days(world, row)) for time in (" 10:00", " 23:59")]
        each: list[Fix] = [{**began, "end_date": end} for end in ends for began in ({}, {"start_date": _LONG_GONE})]
        world.faults[place] = Fault(fault.extract, fault.row, (*fault.fixes, *each))


def _days(world: World, row: Row) -> set[dt.date]:
    """Return the days of the last six weeks and the next two, one of each month before, and those near the child's."""
    near = {PERIOD + dt.timedelta(days=by) for by in range(-42, 3)}
    long_ago = {
        dt.date(year, month, 11) for year in (2015, 2016, 2017) for month in range(1, 13) if (year, month) < (2017, 5)
    }
    own = {
        dt.date.fromisoformat(str(value)[:10])
        for rows in world.records.values() for one in rows if one["person_id"] == row["person_id"]
        for name, value in one.items() if name.endswith(("date", "dob")) and str(value)[:2] == "20"
    }  # fmt: skip
    return near | long_ago | {day + dt.timedelta(days=by) for day in own for by in (-1, 0, 1)}


def hold(workspace: Workspace, library: Library, tried: Mapping[str, World]) -> dict[str, Held]:
    """Return each world's range with the figures of every way that no rule finds fault with."""
    authority, ways = Authority(), dict[str, list[tuple[str, set[tuple[str, str, str]]]]]()
    for team, world in tried.items():
        choices = [(None, *fault.fixes) for fault in world.faults]
        for i, chosen in enumerate(itertools.product(*choices)):
            fixes = {place: fix for place, fix in enumerate(chosen) if fix is not None}
            way = f"{team}.{i}" if i else team
            authority.add(way, world.repaired(fixes))
            fixed = {(*_key(world, way, fixes, place), name) for place, fix in fixes.items() for name in fix}
            ways.setdefault(team, []).append((way, fixed))
    rules = [b for key, b in library.rules.items() if is_counted(b.rule, PERIOD) and key not in BESIDE]
    rules = [rule for rule in rules if rule.rule.severity is Severity.ERROR]
    bounds = [library.indicators[name] for name in INDICATORS]
    with given(workspace, library, authority.records):
        findings = check(workspace, library, rules, dates_at(PERIOD), Absent((), ()), lambda _: None)
        tallies = tally_all(workspace, library, bounds, PERIOD, None, lambda _: None)
        found = touched(workspace, library, bounds, {}, findings, tallies, PERIOD)
        at_fault, broken = set[tuple[str, str, str]](), defaultdict[str, set[tuple[str, str]]](set)
        for rule, extract, key, fields in workspace.execute(
            "SELECT rule_id, extract, record_key, fields FROM exceptions"
        ).fetchall():
            at_fault |= {(extract, key, field) for field in fields.split(";")}
            way, _, record = key.partition("-")
            broken[way].add((rule, record))
    held = {}
    for team, world in tried.items():
        bound = library.indicators[world.indicator]
        tallied = {way: tallies.at(bound, ("team", way), PERIOD) for way, _ in ways[team]}
        figures = {way: None if tally is None else tally.value(bound.indicator.unit) for way, tally in tallied.items()}
        spans = found.ranges.get(world.indicator, {})
        ends = {
            way: (figures[way], figures[way]) if (span := spans.get(("team", way))) is None else (span.low, span.high)
            for way, _ in ways[team]
        }
        right = [way for way, fixed in ways[team] if not at_fault & fixed]
        values = tuple(value for way in right if (value := figures[way]) is not None)
        # What makes another record wrong that was not has put nothing right: its range may well be wider.
        better = [way for way in right if broken[way] <= broken[team]]
        held[team] = Held(world, *ends[team], values, tuple(ends[way] for way in better))
    return held


def _key(world: World, way: str, fixes: Mapping[int, Fix], place: int) -> tuple[str, str]:
    """Return the extract and key that the record of a fault is loaded with, when some faults are put right."""
    fault = world.faults[place]
    rows = world.records[fault.extract]
    if KEYS[fault.extract] == "person_id":
        return fault.extract, f"{way}-{rows[fault.row]['person_id']}"
    put_in = {world.faults[other].row for other in fixes if world.faults[other].extract == fault.extract}
    before = [i for i in range(fault.row) if i in put_in or not rows[i].get("absent")]
    return fault.extract, f"{way}-{len(before)}"


def try_worlds(workspace: Workspace, library: Library, many: int, seed: int, at_once: int = 20) -> Iterator[Held]:
    """Yield so many worlds, each held against every way; a few are worked out together."""
    made = worlds(library, many, seed)
    while batch := list(itertools.islice(made, at_once)):
        yield from hold(workspace, library, {f"W{i}": world for i, world in enumerate(batch)}).values()


def main() -> None:
    """Print how many ranges are those of every way, and how the others differ."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--worlds", type=int, default=WORLDS)
    asked.add_argument("--seed", type=int, default=1)
    said = asked.parse_args()
    library = load_library()
    with open_workspace() as workspace:
        prepare(workspace, library)
        held = list(try_worlds(workspace, library, said.worlds, said.seed))
    exact = sum(one.exact for one in held)
    print(f"{exact} of {len(held)} ranges are exactly those of every way ({exact / len(held):.1%}); ", end="")
    print(f"{sum(not one.sound for one in held)} are narrower; {sum(len(one.values) for one in held):,} ways tried,")
    print(f"of which in {sum(not one.monotone for one in held)} worlds some widen the range")
    for kind, count in Counter(str(one) for one in held if not one.exact).most_common():
        print(f"    {count} × {kind}")


if __name__ == "__main__":
    main()
