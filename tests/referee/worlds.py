"""Made-up records at the edges of every rule: small worlds, a thousand of them side by side in one set of extracts.

Each world's identifiers bear its number, so that no record has anything to do with one of another world, and one
query answers for all of them.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dq.library.policy import Library
from dq.model import Column, ColumnType

Rows = list[dict[str, str | None]]
_DAYS_BACK = (-1, 0, 0, 1, 6, 7, 8, 14, 15, 27, 28, 29, 30, 31, 41, 42, 43, 61, 90, 200, 364, 365, 366, 367, 400, 800)
_BIRTHS = (
    "29/02/2000",
    "1999-05-31",
    "01/06/1999",
    "30/05/1999",
    "2010-07-15",
    "2017-05-31",
    "01/06/2017",
    "31/12/1899",
)
_UNREADABLE = ("30/02/2016", "soon", "03/04/16")
_POSTCODES = ("ME14 1XX", "me14 1xq", "ME141XQ", " ME14 1XQ", "ME14  1XQ", "M1 1AE", "ME99 9ZZ", "ME14 OXQ", "M1")
_IDS = ("A", "B", "C", "D")
_NUMBERS = ("0", "1", "0.5", "-0.1", "1.01", "half")
_WORDS = ("words", "more words", "Ünïcode, 'quoted'")


@dataclass(frozen=True)
class Worlds:
    """The records of all worlds, by extract; in those that are ``tidy`` every record has a key of its own."""

    records: dict[str, Rows]
    tidy: frozenset[int]


def worlds(library: Library, count: int, period_end: dt.date, seed: int) -> Worlds:
    """Return so many worlds; the same seed makes the same."""
    chance = random.Random(seed)
    tidy = frozenset(number for number in range(count) if chance.random() < 0.6)
    records: dict[str, Rows] = {extract: [] for extract in library.contracts}
    for number in range(count):
        start = period_end - dt.timedelta(days=chance.choice(_DAYS_BACK))
        for extract in library.contracts:
            records[extract].extend(_rows(library, extract, number, number in tidy, start, chance))
    return Worlds(records, tidy)


def _rows(
    library: Library, extract: str, number: int, tidy: bool, around: dt.date, chance: random.Random
) -> Iterator[dict[str, str | None]]:
    contract = library.contracts[extract]
    for place in range(chance.choice((0, 1, 2, 2, 3, 4))):
        row = {name: _cell(library, name, column, around, chance) for name, column in contract.columns.items()}
        if tidy:
            row[contract.key] = _IDS[place]
        yield {name: numbered(name, cell, number) for name, cell in row.items()}


def numbered(name: str, cell: str | None, number: int) -> str | None:
    """Return a cell as one of a numbered world: an identifier with the number before it, anything else as it is."""
    return f"{number}|{cell}" if cell is not None and name.endswith("_id") else cell


def _cell(library: Library, name: str, column: Column, around: dt.date, chance: random.Random) -> str | None:
    if chance.random() < 0.12:
        return None
    if column.type in {ColumnType.DATE, ColumnType.DATETIME}:
        return _day(name, column, around, chance)
    return chance.choice(_choices(library, name, column))


def _choices(library: Library, name: str, column: Column) -> Sequence[str]:
    if column.codes is not None:
        codes = list(library.code_lists[column.codes].codes)
        return (*codes, *codes, "zz", codes[0].lower())
    if column.type in {ColumnType.INTEGER, ColumnType.NUMBER}:
        return _NUMBERS
    return _POSTCODES if name.endswith("postcode") else _IDS if name.endswith("_id") else _WORDS


def _day(name: str, column: Column, around: dt.date, chance: random.Random) -> str:
    if chance.random() < 0.03:
        return chance.choice(_UNREADABLE)
    if name == "dob":
        return chance.choice(_BIRTHS)
    # Near one another more often than not, so that days are the same, in order and out of order.
    back = chance.choice(_DAYS_BACK) if chance.random() < 0.5 else chance.choice((-2, -1, 0, 0, 0, 1, 2, 6, 7, 8))
    day = around - dt.timedelta(days=back)
    written = f"{day:%d/%m/%Y}" if chance.random() < 0.5 else day.isoformat()
    if column.type is ColumnType.DATETIME and chance.random() < 0.7:
        written += chance.choice((" 00:00", " 23:59:59", " 12:30"))
    return "31/12/1984" if chance.random() < 0.01 else written
