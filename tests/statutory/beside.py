"""Our rules beside another validator's on a random return: ``python -m tests.statutory.beside ssda903 PEERS_PYTHON``.

The other validator is run as a program, each rule by itself. Printed is each rule that flags other rows (SSDA903) or
cells (CIN), with the first of them; those that docs/statutory-differences.md tells of are counted in a line.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import re
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dq.library.load import load_library
from dq.sources.matching import plain_form
from tests.statutory import random_903, random_cin
from tests.statutory.conformance import PACKS
from tests.statutory.returns import flagged_in

PEERS = Path(__file__).with_name("peers")
DIFFERENCES = Path(__file__).parents[2] / "docs" / "statutory-differences.md"
KENT = "E10000016"
_LONGEST = 300
"""Seconds that the other validator may take."""

Place = tuple[str, int, str]
"""Extract, row of its file from 0, and column, which is empty where only rows are compared."""


@dataclass
class Flagged:
    """Code → what a validator flags, and code → why it did not run."""

    places: dict[str, set[Place]] = field(default_factory=lambda: defaultdict(set))
    stopped: dict[str, str] = field(default_factory=dict)


def main(words: list[str] | None = None) -> None:
    """Compare, as the words say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pack", choices=PACKS)
    parser.add_argument("peers_python", help="the Python of the environment that has the other validator")
    parser.add_argument("--children", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--spoiled", type=float, default=0.06)
    parser.add_argument("--year", type=int, default=2026)
    parser.add_argument("--without", nargs="*", choices=random_903.STOPPING, default=random_903.STOPPING)
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / ("return" if asked.pack == "ssda903" else "return.xml")
        if asked.pack == "ssda903":
            random_903.write(place, asked.children, asked.seed, asked.spoiled, asked.without)
        else:
            random_cin.write(place, asked.children, asked.seed, asked.spoiled)
        theirs = _theirs(asked.pack, asked.peers_python, place, asked.year)
        ours = _ours(asked.pack, place, asked.year)
    print("\n".join(compared(ours.places, theirs, told())))


def compared(ours: Mapping[str, set[Place]], theirs: Flagged, told_of: set[str]) -> list[str]:
    """Return a line for each rule that differs or stopped, and the sum of it."""
    lines, alike, differing = [], 0, 0
    for code in sorted({*ours, *theirs.places, *theirs.stopped}):
        mine, other = ours.get(code, set()), theirs.places.get(code, set())
        if theirs.stopped.get(code, "").startswith("raised"):
            lines.append(f"{code}: the other {theirs.stopped[code]}; {len(mine)} here")
        elif mine == other:
            alike += bool(mine)
        else:
            counts = f"{len(mine & other)} by both, {len(mine - other)} here alone, {len(other - mine)} there alone"
            differing += code not in told_of
            shown = sorted(mine - other)[:3], sorted(other - mine)[:3]
            lines.append(
                f"{code}: {counts}" + (" (told of)" if code in told_of else f": here {shown[0]}, there {shown[1]}")
            )
    return [*lines, f"{alike} rules flag the same; {differing} differ and are not told of."]


def told() -> set[str]:
    """Return the codes of which the list of differences tells."""
    named = re.findall(r"^\| ([^|]+) \|", DIFFERENCES.read_text(encoding="utf-8"), re.MULTILINE)
    return set(re.findall(r"\w+", " ".join(named)))


def _ours(pack: str, place: Path, year: int) -> Flagged:
    cells, not_run = flagged_in(pack, place, dt.date(year, 3, 31), KENT)
    found = Flagged(stopped=dict(not_run))
    whole = {"2883", "2886Q", "2887Q", "2888Q"}
    for code, of in cells.items():
        if code != "contract":
            found.places[code] = {("", 0, "")} if code in whole else {_kept(pack, *cell) for cell in of}
    return found


def _theirs(pack: str, python: str, place: Path, year: int) -> Flagged:
    known = {plain_form(extract): extract for extract in load_library(pack).contracts}
    found = Flagged()
    with tempfile.NamedTemporaryFile("r", encoding="utf-8", newline="") as out:
        script, where = ("lac.py", [KENT]) if pack == "ssda903" else ("cin.py", [])
        command = [python, "-W", "ignore", str(PEERS / script), str(place), *where, str(year), out.name, "--each"]
        subprocess.run(command, check=True, capture_output=True, timeout=_LONGEST)
        for row in csv.DictReader(out):
            if row["table"] in ("raised", "skipped"):
                found.stopped[row["code"]] = f"{row['table']}: {row['row']}"
            elif not row["row"]:
                found.places[row["code"]].add(("", 0, ""))
            else:
                extract, column = known[plain_form(row["table"])], plain_form(row.get("field") or "")
                found.places[row["code"]].add(_kept(pack, extract, int(float(row["row"])), column))
    return found


def _kept(pack: str, extract: str, row: int, column: str) -> Place:
    """The cells of SSDA903 are not compared: the other validator says rows."""
    return (extract, row, "") if pack == "ssda903" else (extract, row, column)


if __name__ == "__main__":
    main()
