"""Months of a small authority, checked and entered in its ledger one after another, without pages and gate."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import select

from dq.engine.check import Absent, How, check
from dq.engine.compile import dates_at
from dq.ledger.store import Ledger, open_ledger
from dq.ledger.tables import EXCEPTION
from dq.library.load import load_library
from dq.library.policy import Library, is_counted
from dq.model import Project, Recording, Response, RunResult, Scope
from dq.periods import month_named
from dq.remember import Memory, Written
from dq.sources.load import load_folder
from dq.workspace import open_workspace

PLACED: Mapping[str, str] = {
    "start_date": "01/05/2016", "placement_type": "U4", "provider": "PR1", "postcode": "ME14 1XX",
    "recorded_on": "01/05/2016",
}  # fmt: skip
TEAMS = (Scope("authority", "K", "Kent"), Scope("team", "T1", "North"), Scope("team", "T2", "South"))
Cells = Mapping[str, str]


def placement(key: str, **cells: str) -> dict[str, str]:
    """Return a placement that is sound but for what is said of it; P1 is of child C1."""
    return {**PLACED, "placement_id": key, "person_id": f"C{key[1:]}", "cla_id": f"L{key[1:]}", **cells}


@dataclass
class Authority:
    """A project, and its months one after another. ``rules`` names those that are run; all, if none.

    With ``lists`` it holds what each month's list says of each exception.
    """

    folder: Path
    rules: tuple[str, ...] = ()
    authority: str = "Kent"
    ledger: str = "sqlite:///ledger.sqlite"
    reference: frozenset[str] = frozenset({"calendar"})
    lists: bool = True
    listed: dict[tuple[str, str], dict[str, dict[str, Any]]] = field(default_factory=dict)

    answered: Mapping[str, Response] = field(default_factory=dict)

    @cached_property
    def library(self) -> Library:
        return load_library("casework", self.folder)

    def write(self, extract: str, rows: Iterable[Cells], file: str = "", more: Sequence[str] = ()) -> None:
        """Write an extract in place of the one before, in a file of any name that begins as it does.

        ``more`` are headings besides those of its contract.
        """
        there = self.folder / "extracts"
        there.mkdir(exist_ok=True)
        for old in there.iterdir():
            if old.stem.casefold().replace(" ", "_") == extract:
                old.unlink()
        with (there / f"{file or extract}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, [*self.library.contracts[extract].columns, *more], restval="")
            writer.writeheader()
            writer.writerows(rows)

    def run(self, period: str, *rows: Cells, recording: Recording | None = None) -> RunResult:
        """Check a month, with these placements if any are given, and enter it with what is counted of its records."""
        if rows:
            self.write("cla_placements", rows)
        end = month_named(period)
        assert end is not None
        project = Project(authority=self.authority, scorecard="kent-scs", folder=self.folder, ledger=self.ledger)
        chosen = [bound for bound in self.library.rules.values() if is_counted(bound.rule, end)]
        chosen = [bound for bound in chosen if not self.rules or bound.rule.id in self.rules]
        memory = Memory(project, end)
        with open_workspace() as workspace:
            known = memory.compare(workspace)
            extracts = load_folder(
                workspace, project.source, self.library.contracts, lambda _: None, None, set(self.reference)
            )
            missing = {read.extract for read in extracts if not read.present}
            absent = Absent(missing, set(), set(), {}, set())
            findings = check(workspace, self.library, chosen, dates_at(end), absent, lambda _: None, How(known=known))
            for row in findings.exceptions.to_pylist() if self.lists else ():
                self.listed.setdefault((period, row["rule_id"]), {})[row["record_key"]] = row
            now = dt.datetime.now(dt.UTC)
            result = RunResult(
                f"{period} {now}", project, end, now, now, extracts, findings, None, None, (), TEAMS, {},
                self.library.fingerprints(), rule_fingerprints=self.library.rule_fingerprints(),
                recording=recording or Recording(),
            )  # fmt: skip
            self.answered = memory.responses
            with memory.recording(workspace, self.library, result, self.folder / "out", Written(self.folder / "none")):
                pass
        return result

    def states(self, period: str, rule: str) -> dict[str, tuple[str, str]]:
        """Return record → (since when, how it stands) of a rule's exceptions in a month."""
        found = self.listed.get((period, rule), {})
        return {key: (row["first_seen"].isoformat(), row["state"]) for key, row in found.items()}

    def written(self, rule: str) -> dict[str, list[str]]:
        """Return record → each state of a rule's exceptions that the ledger wrote, in order."""
        with open_ledger(self.ledger, self.folder, None) as ledger:
            return _written(ledger, rule)


def _written(ledger: Ledger, rule: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with ledger.reading() as connection:
        query = select(EXCEPTION).where(EXCEPTION.c.rule_id == rule).order_by(EXCEPTION.c.entry)
        for row in connection.execute(query):
            found.setdefault(row.record_key, []).append(row.state)
    return found
