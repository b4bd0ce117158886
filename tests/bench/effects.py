"""Does a figure move as foretold? Errors of a spoiled sample put right one at a time, and figures worked out again.

Run with ``make effects``. Each record gets the cells it had before the sample was spoiled; an error that says a record
is missing, or that records disagree, has its child's records put back, where no other error is about that child. Every
figure with a range that the error's rule feeds must then be one of those foretold; and where none was, as before.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dq.engine.check import Absent, check
from dq.engine.compile import dates_at
from dq.indicators.compute import AUTHORITY, ScopeKey, Tallies, tally_all
from dq.indicators.touched import touched
from dq.library.load import load_library
from dq.library.policy import BoundIndicator, Library, is_counted
from dq.model import Severity
from dq.sample import write_sample
from dq.sources.load import load_folder
from dq.workspace import Workspace, name, open_workspace

RECIPE, CARD, PERIOD = "kent-2016-08", "kent-scs", dt.date(2016, 8, 31)
NEAR_ENOUGH = 1e-9
Foretold = Mapping[tuple[str, str, ScopeKey], dict[str, Any]]
"""(exception, measure, scope) → its effect."""


@dataclass(frozen=True)
class Error:
    """An open error of the spoiled sample."""

    id: str
    rule: str
    extract: str
    key: str
    person: str | None


@dataclass
class Agreed:
    """How many errors were put right, how the figures worked out again stood to what was told, and which did not."""

    exceptions: int = 0
    figures: Counter[str] = field(default_factory=Counter)
    otherwise: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Yield what was found, in words."""
        yield f"{self.exceptions:,} errors put right, {self.figures.total():,} figures worked out again"
        yield from (f"    {count:,} {kind}" for kind, count in sorted(self.figures.items()))
        yield f"    {len(self.otherwise)} otherwise than foretold"
        yield from (f"        {one}" for one in self.otherwise[:20])


def put_right(library: Library, folder: Path, many: int, seed: int) -> Agreed:
    """Put so many errors of a spoiled sample right, one at a time; ``folder`` has it, ``sound`` and ``spoiled``."""
    agreed = Agreed()
    with open_workspace() as workspace:
        load_folder(workspace, folder / "sound", library.contracts, lambda _: None)
        workspace.execute("CREATE SCHEMA sound")
        for extract in library.contracts:
            workspace.execute(f"CREATE TABLE sound.{name(extract)} AS FROM {name(extract)}")
        load_folder(workspace, folder / "spoiled", library.contracts, lambda _: None)
        rules = [b for b in library.rules.values() if is_counted(b.rule, PERIOD) and b.rule.severity is Severity.ERROR]
        findings = check(workspace, library, rules, dates_at(PERIOD), Absent((), ()), lambda _: None)
        bounds = list({line.measure: library.measure(line) for line in library.scorecards[CARD].lines}.values())
        before = tally_all(workspace, library, bounds, PERIOD, None, lambda _: None)
        moved = touched(workspace, library, bounds, {}, findings, before, PERIOD)
        not_known = {key for key, spans in moved.ranges.items() if all(one.low is None for one in spans.values())}
        foretold: dict[tuple[str, str, ScopeKey], dict[str, Any]] = {
            (one["exception_id"], one["measure"], (one["scope_type"], one["scope_id"])): one
            for one in moved.effects.to_pylist()
        }
        errors = list(_errors(workspace))
        alone = Counter(one.person for one in errors)
        random.Random(seed).shuffle(errors)
        for error in errors:
            if agreed.exceptions == many:
                break
            feeds = library.rules[error.rule].feeds
            fed = [bound for bound in bounds if bound.indicator.id in feeds and bound.id not in not_known]
            repair = _repair(workspace, library, error, alone) if fed else None
            if repair is None:
                continue
            with _right(workspace, repair):
                after = tally_all(workspace, library, fed, PERIOD, None, lambda _: None)
            agreed.exceptions += 1
            _compare(agreed, error, fed, before, after, foretold)
    return agreed


def _errors(workspace: Workspace) -> Iterator[Error]:
    rows = workspace.execute("SELECT exception_id, rule_id, extract, record_key, person_id FROM exceptions ORDER BY 1")
    yield from (Error(*row) for row in rows.fetchall() if row[3] is not None)


def _own_fields(library: Library, error: Error) -> list[str] | None:
    """Return the columns to put right in the error's own record; None where it is about more than that record."""
    rule = library.rules[error.rule].rule
    cells = library.tables.cells(rule.on, rule.fields)
    known = library.contracts[error.extract].columns if error.extract in library.contracts else {}
    own = [column for extract, column in sorted(cells) if extract == error.extract and column in known]
    return own if own and len(own) == len(cells) else None


@dataclass(frozen=True)
class Repair:
    """Which rows of which extracts are put back, by a column and its value; some of their cells, or all there is."""

    rows: Mapping[str, tuple[str, str]]
    cells: Sequence[str] | None


def _repair(workspace: Workspace, library: Library, error: Error, alone: Mapping[str | None, int]) -> Repair | None:
    """Return how an error is put right: its own cells, where those differ, or its child's records as a whole."""
    own = _own_fields(library, error)
    if own is not None:
        key = library.contracts[error.extract].key
        differs = " OR ".join(f"now.{name(c)} IS DISTINCT FROM was.{name(c)}" for c in own)
        extract = name(error.extract)
        many, different = workspace.execute(
            f"SELECT count(*), coalesce(bool_or({differs}), false) FROM {extract} AS now "
            f"JOIN sound.{extract} AS was USING ({name(key)}) WHERE {name(key)} = $key", {"key": error.key},
        ).fetchall()[0]  # fmt: skip
        if many == 1 and different:
            return Repair({error.extract: (key, error.key)}, own)
    if error.person is None or alone[error.person] > 1:
        return None
    people = {extract: said.person for extract, said in library.contracts.items() if said.person}
    return Repair({extract: (column, error.person) for extract, column in people.items()}, None)


@contextmanager
def _right(workspace: Workspace, repair: Repair) -> Iterator[None]:
    """Put an error right, and at the end wrong again."""
    for i, (extract, (column, value)) in enumerate(repair.rows.items()):
        here, these = name(extract), {"value": value}
        workspace.execute(f"CREATE OR REPLACE TEMP TABLE kept_{i} AS FROM {here} WHERE {name(column)} = $value", these)
        workspace.execute(f"DELETE FROM {here} WHERE {name(column)} = $value", these)
        if repair.cells is None:
            workspace.execute(f"INSERT INTO {here} FROM sound.{here} WHERE {name(column)} = $value", these)
        else:
            cells = ", ".join(f"was.{name(cell)} AS {name(cell)}" for cell in repair.cells)
            workspace.execute(
                f"INSERT INTO {here} SELECT now.* REPLACE ({cells}) FROM kept_{i} AS now "
                f"JOIN sound.{here} AS was USING ({name(column)})"
            )
    try:
        yield
    finally:
        for i, (extract, (column, value)) in enumerate(repair.rows.items()):
            workspace.execute(f"DELETE FROM {name(extract)} WHERE {name(column)} = $value", {"value": value})
            workspace.execute(f"INSERT INTO {name(extract)} FROM kept_{i}")


def _compare(
    agreed: Agreed, error: Error, fed: Sequence[BoundIndicator], before: Tallies, after: Tallies, foretold: Foretold
) -> None:
    """Hold the figures of every scope against what was told of the error's effect on them."""
    anybodys = not any(one == error.id and scope != AUTHORITY for one, _, scope in foretold)
    for bound in fed:
        unit, scopes = bound.indicator.unit, {AUTHORITY}
        for part in bound.ratio or (bound,):
            scopes |= before.scopes(part, PERIOD).keys() | after.scopes(part, PERIOD).keys()
        for scope in scopes:
            tallies = (before.at(bound, scope, PERIOD), after.at(bound, scope, PERIOD))
            was, now = (None if tally is None else tally.value(unit) for tally in tallies)
            told = foretold.get((error.id, bound.id, scope))
            kind, agrees = _agrees(told, was, now)
            if told is None and was != now and (error.id, bound.id, AUTHORITY) in foretold and anybodys:
                kind, agrees = "of a team, where the record could have been anybody's", True
            if told is not None or not agrees:
                agreed.figures[kind] += 1
            if not agrees:
                agreed.otherwise.append(f"{error.rule}, {bound.id}, {' '.join(scope)}: {was}, then {now}; told {told}")


def _agrees(told: Mapping[str, Any] | None, was: float | None, now: float | None) -> tuple[str, bool]:
    """Return how a figure was foretold, and whether it is as it was."""
    if told is None:
        return "of which nothing was told", was == now
    if now is None:
        return "without a base now", True
    if told["could_be"]:
        return "one of the values told", any(abs(now - value) < NEAR_ENOUGH for value in told["could_be"])
    inside = told["least"] is not None and told["least"] - NEAR_ENOUGH <= now <= told["most"] + NEAR_ENOUGH
    return "between the ends told", inside


def main() -> None:
    """Print what was found."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--exceptions", type=int, default=500)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--scale", type=float, default=0.15, help="size against Kent")
    said = asked.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_sample(RECIPE, folder / "sound", seed=said.seed, scale=said.scale)
        write_sample(
            RECIPE, folder / "spoiled", seed=said.seed, scale=said.scale, defects=0.03, severity=Severity.ERROR
        )
        print("\n".join(put_right(load_library(), folder, said.exceptions, said.seed).lines()))


if __name__ == "__main__":
    main()
