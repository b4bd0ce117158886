"""What chance alone hardly ever puts together in a random SSDA903 return: an adoption, a run of holidays, and others.

Each story is told of one child, over what the return says of it already. None knows a rule.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping

from tests.statutory.days import as_text, years_on

Row = dict[str, str]
Tables = dict[str, list[Row]]


def tell_one(chance: random.Random, dob: dt.date, year: tuple[dt.date, dt.date], mine: Tables) -> None:
    """Tell a story of a child that has an episode; ``year`` is the first and the last day of the return's."""
    if mine.get("episodes"):
        chance.choice(_STORIES)(chance, dob, year, mine)


def _adopted(chance: random.Random, dob: dt.date, year: tuple[dt.date, dt.date], mine: Tables) -> None:
    """Decided, matched, placed and adopted, each on a day of the order or on the day of the next."""
    decided = chance.choice(_within(chance, year))
    days = [decided]
    for _ in range(3):
        days.append(days[-1] + dt.timedelta(chance.choice([0, 0, 1, 30])))
    last, who = mine["episodes"][-1], _who(mine["episodes"][-1])
    place = chance.choice(["A3", "A4", "A5", "A6"])
    last |= {"PLACE": place, "LS": "E1", "DEC": as_text(days[3]), "REC": chance.choice(["E11", "E12"])}
    last |= {"DECOM": as_text(min(days[2], _day(last["DECOM"])))}
    mine["placed_for_adoption"] = [{**who, "DATE_PLACED": as_text(days[0]), "DATE_PLACED_CEASED": ""}]
    adopters = {"NB_ADOPTR": "2", "SEX_ADOPTR": "MF", "LS_ADOPTR": chance.choice(["L0", "L11", "L9"])}
    mine["ad1"] = [
        {**who, **adopters, "DATE_INT": as_text(days[0]), "DATE_MATCH": as_text(days[chance.choice([1, 3])]),
         "FOSTER_CARE": chance.choice("01")}
    ]  # fmt: skip


def _holidays(chance: random.Random, dob: dt.date, year: tuple[dt.date, dt.date], mine: Tables) -> None:
    """Temporary placements one after the other, back with the same carers or not."""
    first, kind = mine["episodes"][0], chance.choice(["T0", "T1", "T2", "T3", "T4"])
    day, end = year[0] + dt.timedelta(chance.randrange(200)), dt.timedelta(chance.choice([3, 7, 8, 21]))
    rows = []
    for number in range(chance.choice([2, 3, 4])):
        away = number % 2 if chance.random() < 0.7 else 1
        rows.append(
            {**first, "DECOM": as_text(day), "DEC": as_text(day + end), "REC": "X1", "RNE": "T" if rows else "S",
             "PLACE": kind if away else first["PLACE"], "REASON_PLACE_CHANGE": chance.choice(["CARPL", "OTHER", ""])}
        )  # fmt: skip
        day += end
    mine["episodes"] = [*rows, {**first, "DECOM": as_text(day), "DEC": "", "REC": "", "RNE": "T"}]


def _missing_at_eighteen(chance: random.Random, dob: dt.date, year: tuple[dt.date, dt.date], mine: Tables) -> None:
    """Missing until a birthday, on which care ended, or a day beside it."""
    last = mine["episodes"][-1]
    over = years_on(dob, chance.choice([16, 18, 18])) + dt.timedelta(chance.choice([0, 0, 0, 1, -1]))
    last |= {"DEC": as_text(over), "REC": chance.choice(["E8", "E11", "E4A", "E3"])}
    last |= {"DECOM": as_text(min(over, _day(last["DECOM"])))}
    began = over - dt.timedelta(chance.choice([0, 1, 20]))
    mine["missing"] = [{**_who(last), "MISSING": "M", "MIS_START": as_text(began), "MIS_END": as_text(over)}]


def _long_ago(chance: random.Random, dob: dt.date, year: tuple[dt.date, dt.date], mine: Tables) -> None:
    """In care since about when placement orders began, and under one."""
    began = dt.date(2005, 12, 1) + dt.timedelta(chance.choice([-30, -1, 0, 1]))
    mine["episodes"][0] |= {"DECOM": as_text(began), "LS": chance.choice(["E1", "D1", "C2"])}


def _handed_over(chance: random.Random, dob: dt.date, year: tuple[dt.date, dt.date], mine: Tables) -> None:
    """Care went over to another authority, or ended otherwise; a care leaver since."""
    last = mine["episodes"][-1]
    last |= {"DEC": as_text(chance.choice(_within(chance, year))), "REC": chance.choice(["E3", "E3", "E4A", "X1"])}
    leaver = {"IN_TOUCH": chance.choice(["YES", "NO"]), "ACTIV": "F2", "ACCOM": "U1"}
    mine["oc3"] = [{**_who(last), **leaver}]


def _unaccompanied(chance: random.Random, dob: dt.date, year: tuple[dt.date, dt.date], mine: Tables) -> None:
    """Unaccompanied, with the status ending about a birthday or within the year."""
    ends = chance.choice([years_on(dob, 18), *year, *_within(chance, year)]) + dt.timedelta(chance.choice([-1, 0, 1]))
    mine["uasc"] = [{**_who(mine["episodes"][0]), "DUC": chance.choice([as_text(ends), ""])}]


_STORIES: tuple[Callable[[random.Random, dt.date, tuple[dt.date, dt.date], Tables], None], ...] = (
    _adopted, _holidays, _missing_at_eighteen, _long_ago, _handed_over, _unaccompanied,
)  # fmt: skip


def _who(row: Mapping[str, str]) -> Row:
    return {column: row[column] for column in ("CHILD", "DOB", "SEX")}


def _within(chance: random.Random, year: tuple[dt.date, dt.date]) -> list[dt.date]:
    days = (year[1] - year[0]).days
    return [year[0] + dt.timedelta(chance.randint(0, days)) for _ in range(2)]


def _day(text: str) -> dt.date:
    return dt.datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone
