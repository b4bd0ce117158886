"""Sample returns run from files to flagged rows, beside what the reference expects of each rule."""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from pathlib import Path

from dq.engine.check import Absent, How, check
from dq.engine.compile import dates_at
from dq.library.load import load_library
from dq.library.policy import is_counted
from dq.model import Status
from dq.sources.load import load_folder
from dq.sources.matching import plain_form
from dq.workspace import name, open_workspace
from tests.statutory.conformance import cells_of

Rows = dict[str, set[tuple[str, int]]]
"""Code of a rule → (extract, row of its file, from 0) that it flags or marks."""
Cells = dict[str, set[tuple[str, int, str]]]
"""Code of a rule → (extract, row of its file, from 0, and column) that it flags or marks."""


def flagged_in(
    pack: str, place: Path, collection_end: dt.date, authority: str | None = None
) -> tuple[Cells, dict[str, str]]:
    """Return what every rule of a pack flags in a file or a folder, and rule → why for those that did not run."""
    library = load_library(pack)
    rules = [bound for bound in library.rules.values() if is_counted(bound.rule, collection_end)]
    with open_workspace() as workspace:
        read = load_folder(
            workspace, place, library.contracts, lambda _: None, documents=library.documents, local_authority=authority
        )
        missing = {(e.extract, column) for e in read if e.present for column in e.missing_columns}
        not_held = {(e.extract, column) for e in read if e.present for column in e.not_held}
        absent = Absent({e.extract for e in read if not e.present}, missing, not_held=not_held)
        findings = check(
            workspace, library, rules, dates_at(collection_end), absent, lambda _: None, How(keys_only=True)
        )
        places = {
            extract: dict(workspace.execute(f"SELECT {name(contract.key)}, rowid FROM {name(extract)}").fetchall())
            for extract, contract in library.contracts.items()
        }
        found: Cells = defaultdict(set)
        for rule, extract, key, field in cells_of(library, findings):
            found[rule.partition(".")[0]].add((extract, places[extract].get(key, -1), field))
    not_run = {r.rule.id: r.reason for r in findings.results if r.status in {Status.SKIPPED, Status.ERROR}}
    return found, not_run


def rows(cells: Cells) -> Rows:
    """Return the rows that cells are of."""
    return {code: {(extract, row) for extract, row, _ in of} for code, of in cells.items()}


def expected_in(path: Path, extracts: Collection[str]) -> Rows:
    """Return what a file of expected rows (table, row, code) says."""
    known = {plain_form(extract): extract for extract in extracts}
    found: Rows = defaultdict(set)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["code"]].add((known[plain_form(row["table"])], int(row["row"])))
    return found


def expected_cells(path: Path, extracts: Collection[str]) -> Cells:
    """Return what a file of expected cells (table, field, row, code) says; a return as a whole has none."""
    known = {plain_form(extract): extract for extract in extracts}
    found: Cells = defaultdict(set)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            cells = found[row["code"]]
            if row["row"]:
                cells.add((known[plain_form(row["table"])], int(row["row"]), plain_form(row["field"])))
    return found
