"""Random SSDA903 returns of a year and the year before, with faults: ``python -m tests.statutory.random_903 OUT``.

Children have histories that hold together (stretches of care, one after another, with what belongs to them); then cells
are spoiled: emptied, given another code, or moved to a day on which a rule turns (the ends of the years, birthdays,
other days of the child). Nothing here knows a rule; the more is spoiled, the more rules meet their edges.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import random
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.statutory.days import as_text, years_on
from tests.statutory.random_903_codes import AWKWARD, CODES, CROOKED_DAYS, DAYS, POSTCODES, TABLES, TURNING
from tests.statutory.random_903_stories import tell_one

Row = dict[str, str]
Tables = dict[str, list[Row]]

YEAR_ENDS = 2026
_START, _END = dt.date(YEAR_ENDS - 1, 4, 1), dt.date(YEAR_ENDS, 3, 31)
_OPEN = dt.date.max


def main(words: list[str] | None = None) -> None:
    """Write a random return."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--children", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without", nargs="*", choices=STOPPING, default=(), help="faults that are not put in")
    parser.add_argument("--spoiled", type=float, default=0.01, help="the share of cells that are")
    asked = parser.parse_args(words)
    write(asked.out, asked.children, asked.seed, asked.spoiled, asked.without)


STOPPING = ("childless", "twice", "crooked", "tied")
"""Faults at which some rules of the other validator stop, or take rows in an order that nothing says: records without a
child, a child twice in a table of children, a day that cannot be read, two records of a child that began on one day."""


_TOLD = 0.25
"""The share of children's returns that tell a story which chance would not."""


def write(out: Path, children: int, seed: int, spoiled: float, without: Collection[str] = ()) -> None:
    """Write the files of a return to ``out``, last year's to ``out/last_year``; ``without`` some :data:`STOPPING`."""
    chance = random.Random(seed)
    this, last = defaultdict[str, list[Row]](list), defaultdict[str, list[Row]](list)
    for number in range(children):
        child = _Child(chance, f"{'C' if number % 3 else ''}{100000 + number}")
        before: Tables = {}
        for tables, start, end in ((last, years_on(_START, -1), years_on(_END, -1)), (this, _START, _END)):
            mine = _return_of(child, start, end)
            for table in _SEVERAL:
                mine[table] += [row for row in before.get(table, []) if chance.random() < 0.3]
            before = mine
            if chance.random() < _TOLD:
                tell_one(chance, child.dob, (start, end), mine)
            how = _Spoiling(spoiled, without, _days_of(child, mine))
            for table, rows in mine.items():
                tables[table] += _spoiled(chance, rows, how, table)
    if "tied" in without:
        this, last = _apart(this), _apart(last)
    _write(out, this)
    _write(out / "last_year", last)
    _write_providers(out, chance)


@dataclass
class _Child:
    """One child: who it is and the stretches of its care. The same in both returns."""

    chance: random.Random
    name: str
    dob: dt.date = field(init=False)
    fixed: Row = field(init=False)
    episodes: list[tuple[dt.date, dt.date, Row]] = field(init=False)

    def __post_init__(self) -> None:
        self.dob = self._born()
        self.fixed = {
            table: self.chance.choice(CODES[table]) for table in ("SEX", "ETHNIC", "PREV_PERM", "REVIEW_CODE")
        }
        self.fixed["UPN"] = self.chance.choice(["UN1", "UN4", f"A{self.chance.randrange(10**12):012}"])
        self.fixed["MOTHER"] = self.chance.choice(["0", "0", "1", ""]) if self.fixed["SEX"] == "F" else ""
        self.fixed["HOME_POST"] = self.chance.choice(POSTCODES)
        self.episodes = list(self._episodes())

    def _born(self) -> dt.date:
        if self.chance.random() < 0.15:
            return self.chance.choice([dt.date(2008, 2, 29), dt.date(2016, 2, 29), dt.date(2012, 2, 29)])
        if self.chance.random() < 0.3:
            edge = self.chance.choice([_START, _END])
            years = self.chance.choice([1, 4, 5, 10, 11, 14, 16, 17, 18, 19, 20])
            return years_on(edge, -years) + dt.timedelta(self.chance.randint(-2, 2))
        return dt.date(2005, 4, 1) + dt.timedelta(self.chance.randrange(365 * 21))

    def _episodes(self) -> Iterator[tuple[dt.date, dt.date, Row]]:
        chance, day, first = self.chance, max(self.dob, dt.date(2014, 1, 1)), True
        day += dt.timedelta(chance.choice([0, 0, 30, 400, 2000, 3600]))
        day = min(day, dt.date(2026, 1, 10)) if chance.random() < 0.7 else day
        codes = {column: chance.choice(CODES[column]) for column in ("LS", "CIN", "PLACE", "PLACE_PROVIDER")}
        place = {"PL_POST": chance.choice(POSTCODES), "URN": chance.choice(CODES["URN"])}
        while day <= _END:
            open_ended = chance.random() < 0.25
            end = _OPEN if open_ended else day + dt.timedelta(chance.choice([0, 1, 6, 7, 20, 60, 90, 200, 365, 500]))
            leaves = chance.random() < 0.3
            rne = "S" if first else chance.choice(CODES["RNE"])
            rec = chance.choice(CODES["REC"]) if leaves else "X1"
            moved = chance.choice(CODES["REASON_PLACE_CHANGE"]) if rec == "X1" and chance.random() < 0.6 else ""
            yield day, end, {"RNE": rne, "REC": rec, "REASON_PLACE_CHANGE": moved, **codes, **place}
            if open_ended:
                return
            first = leaves
            day = end + dt.timedelta(chance.choice([0, 1, 30, 300]) if leaves else chance.choice([0, 0, 0, 0, 1, -1]))
            changing = chance.sample(["LS", "PLACE", "PLACE_PROVIDER", "CIN"], chance.randint(0, 3))
            codes = {**codes, **{column: chance.choice(CODES[column]) for column in changing}}
            if "PLACE" in changing:
                place = {"PL_POST": chance.choice(POSTCODES), "URN": chance.choice(CODES["URN"])}


def _return_of(child: _Child, start: dt.date, end: dt.date) -> Tables:
    """Return what one year's return says of a child."""
    chance, said = child.chance, defaultdict[str, list[Row]](list)
    mine = [one for one in child.episodes if one[0] <= end and one[1] >= start]
    who = {"CHILD": child.name, "DOB": as_text(child.dob), **child.fixed}
    told = mine or (years_on(child.dob, 17) <= end and chance.random() < 0.5)
    if not told:
        return said
    for began, ended, codes in mine:
        over = ended <= end
        ends = {"DEC": as_text(ended), "REC": codes["REC"]} if over else {"DEC": "", "REC": ""}
        moved = {} if over else {"REASON_PLACE_CHANGE": ""}
        said["episodes"].append({**who, **codes, "DECOM": as_text(began), **ends, **moved})
    mother = child.fixed["MOTHER"] == "1"
    said["header"].append({**who, "MC_DOB": as_text(years_on(child.dob, 15)) if mother else ""})
    for table, often in _OFTEN.items():
        while chance.random() < often:
            said[table].append({**who, **_facts(child, table, start, end)})
            if table not in _SEVERAL:
                break
    return said


_OFTEN = {
    "uasc": 0.1, "oc2": 0.6, "oc3": 0.15, "ad1": 0.15, "placed_for_adoption": 0.2, "previous_permanence": 0.7,
    "reviews": 0.5, "missing": 0.25, "sw_episodes": 0.6, "dolo": 0.12,
}  # fmt: skip
_SEVERAL = ("placed_for_adoption", "reviews", "missing", "sw_episodes", "dolo")


def _facts(child: _Child, table: str, start: dt.date, end: dt.date) -> Row:
    """Return a record of a child in a table: days in or about the year, in order, and codes of each list."""
    chance, facts = child.chance, {}
    days = sorted(start + dt.timedelta(chance.randint(-60, (end - start).days + 5)) for _ in range(2))
    for column in TABLES[table]:
        if column in ("CHILD", "DOB", "SEX", "ETHNIC", "UPN", "REVIEW_CODE", "PREV_PERM"):
            continue
        if column in DAYS:
            facts[column] = as_text(days.pop(0)) if chance.random() < 0.8 or len(days) == 2 else ""
        else:
            facts[column] = chance.choice(CODES[column])
    if table == "uasc" and chance.random() < 0.6:
        facts["DUC"] = as_text(years_on(child.dob, 18))
    return facts


@dataclass(frozen=True)
class _Spoiling:
    """How much is spoiled, what of :data:`STOPPING` is not, and the days on which a rule may turn."""

    share: float
    without: Collection[str]
    days: list[str]


def _days_of(child: _Child, mine: Tables) -> list[str]:
    """Return the days of a child's records, its birthdays, and the days on which rules of the collection turn."""
    own = [day for rows in mine.values() for row in rows for column, day in row.items() if column in DAYS and day]
    fixed = [_START, _END, years_on(_START, -1), years_on(_END, -1), *(dt.date.fromisoformat(day) for day in TURNING)]
    birthdays = [years_on(child.dob, years) for years in (0, 4, 10, 11, 14, 16, 17, 18, 18, 19, 25)]
    near = [as_text(day + dt.timedelta(by)) for day in fixed + birthdays for by in (-7, -1, 0, 0, 1, 7)]
    return [*own * (1 + len(near) // (len(own) or 1)), *near]


def _spoiled(chance: random.Random, rows: list[Row], how: _Spoiling, table: str) -> list[Row]:
    """Return rows with a share of their cells spoiled, and as many rows gone or twice there."""
    share, once = how.share, "twice" in how.without and table in ("header", "oc3", "uasc")
    kept = []
    for row in rows:
        if chance.random() < share:
            continue
        spoiled = dict(row)
        for column in row:
            if chance.random() < share and not ("childless" in how.without and column == "CHILD"):
                spoiled[column] = _another(chance, column, row[column], how)
        kept += [spoiled] * (2 if chance.random() < share and not once else 1)
    return kept


_READ = ("DOB", "DECOM", "DEC", "SW_DECOM", "DATE_PLACED")
"""Days that the other validator must be able to read, or some rule of it stops."""


def _another(chance: random.Random, column: str, value: str, how: _Spoiling) -> str:
    if chance.random() < 0.3 and not ("crooked" in how.without and column == "DECOM"):
        return ""
    if column == "CHILD":
        return chance.choice([value, value + "X"])
    if column not in DAYS:
        return chance.choice(AWKWARD) if chance.random() < 0.15 else chance.choice(CODES.get(column, [value]))
    if chance.random() < 0.2 and not ("crooked" in how.without and column in _READ):
        return chance.choice(CROOKED_DAYS)
    return chance.choice(how.days)


def _apart(tables: Tables) -> Tables:
    """Return tables without a second record of a child that began on the same day as another."""
    apart: Tables = {}
    for table, rows in tables.items():
        first = next((column for column in TABLES[table] if column in DAYS - {"DOB", "MC_DOB"}), "CHILD")
        apart[table] = list({(row["CHILD"], row.get(first, "")): row for row in rows}.values())
    return apart


def _write(folder: Path, tables: Tables) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for table, columns in TABLES.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows(tables[table])


def _write_providers(folder: Path, chance: random.Random) -> None:
    columns = ["URN", "PLACE_CODES", "PROVIDER_CODES", "REG_END", "POSTCODE", "LA_CODE_INFERRED"]
    with (folder / "provider_info.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for urn in CODES["URN"]:
            if urn.isdigit() and chance.random() < 0.8:
                places, providers = (chance.sample(CODES[name], 3) for name in ("PLACE", "PLACE_PROVIDER"))
                ended = as_text(_START + dt.timedelta(chance.randrange(500))) if chance.random() < 0.3 else ""
                postcode = chance.choice(POSTCODES).replace(" ", "").upper()
                writer.writerow([urn, ",".join(places), ",".join(providers), ended, postcode, "E10000016"])


if __name__ == "__main__":
    main()
