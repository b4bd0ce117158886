"""What a ledger tells of what records hold: it must tell of nothing but ids, codes, days of its own, and teams."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from runs import records

from dq.model import Contract

_SHORTEST = 6
"""Shorter texts are found in anything."""
_WORD = re.compile(r"\w+")


def held_in(extracts: Path, contracts: Mapping[str, Contract]) -> set[str]:
    """Return the texts of CSV files that are neither ids nor codes, nor of teams; and days of birth, as ISO too."""
    held = set[str]()
    for path in extracts.glob("*.csv"):
        contract = contracts[path.stem.casefold().replace(" ", "_")]
        ids = {contract.key, contract.person, contract.team, contract.worker}
        ids |= {column for column in contract.columns if column.endswith("_id") and column != "common_child_id"}
        coded = {name for name, about in contract.columns.items() if about.references or about.codes}
        for row in records(path) if contract.name != "teams" else ():
            held |= {text for column, text in row.items() if column not in ids | coded and len(text) >= _SHORTEST}
            if typed := row.get("dob"):
                born = dt.datetime.strptime(typed, "%d/%m/%Y").date()  # noqa: DTZ007 - a day
                # The ledger has the ends of months in plenty, and they are nobody's birthday there.
                held |= {born.isoformat()} if (born + dt.timedelta(1)).day > 1 else set()
    return held


def told_in(ledger: Path, held: set[str]) -> list[str]:
    """Return those of some texts that stand in any column of any table of a ledger in SQLite."""
    with sqlite3.connect(ledger) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        cells = {str(cell) for name in tables for row in connection.execute(f"SELECT * FROM {name}") for cell in row}
    connection.close()
    said = "\n".join(cells)
    words = set(_WORD.findall(said))
    return sorted(text for text in held if words.issuperset(_WORD.findall(text)) and text in said)
