"""The rules of a statutory pack run on the cases that the reference gives for each: which rows differ.

A case is a handful of rows of some tables, with the rows that the collection's rule flags. Its tables become extracts
as a file's would, keyed by the case's own row labels, so that what is flagged here can be set beside it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from dq.engine.check import Absent, How, check
from dq.engine.compile import Dates, dates_at
from dq.engine.examples import given, prepare
from dq.library.load import load_library
from dq.library.policy import BoundRule, Library
from dq.model import Findings, Reading, RuleResult, Status
from dq.sources.matching import plain_form
from dq.workspace import Workspace, open_workspace

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference"
AGREED = Path(__file__).with_name("differences.yaml")
PACKS = ("ssda903", "cin")

WHOLE = "header"
"""The extract of which a rule about a return as a whole flags the one row."""
CALLED = {"placement": "place", "dateepisodeceased": "dec", "uascstatus": "uasc"}
"""What some cases call a column, in plain form, and what the return calls it."""

Flagged = dict[str, set[str]]
"""Extract → the labels of its rows that are flagged, or marked with one that is."""


@dataclass(frozen=True)
class Case:
    """One case of one rule. ``number`` counts from 1 within the rule; ``skipped`` says that the rule did not run.

    ``whole`` says that the return as a whole is flagged, and none of its rows.
    """

    code: str
    number: int
    tables: Mapping[str, Sequence[Mapping[str, Any]]]
    metadata: Mapping[str, Any]
    flagged: Flagged
    skipped: bool
    whole: bool = False

    @property
    def name(self) -> str:
        """What it is called in a list of differences."""
        return f"{self.code} case {self.number}"


@dataclass(frozen=True)
class Outcome:
    """What a rule flagged in a case, and what it should; ``fault`` says why it could not run, if so."""

    case: Case
    flagged: Flagged
    expected: Flagged
    fault: str = ""

    @property
    def agrees(self) -> bool:
        """Whether the rows are those expected."""
        return not self.fault and self.flagged == self.expected

    def told(self) -> str:
        """Return in a line how it differs."""
        if self.fault:
            return f"{self.case.name}: {self.fault}"
        return f"{self.case.name}: flags {_shown(self.flagged)}, and should {_shown(self.expected)}"


def cases_of(pack: str, code: str | None = None) -> Iterator[Case]:
    """Yield the cases that the reference gives of a pack, or of one rule of it."""
    for path in sorted((REFERENCE / pack / "cases").glob("*.json" if code is None else f"{code}.json")):
        found = json.loads(path.read_text(encoding="utf-8"))
        for number, case in enumerate(found["cases"], 1):
            yield Case(
                found["rule"], number, case["tables"], case.get("metadata", {}), _flagged(case["flagged"]),
                bool(case.get("skipped")), bool(case.get("la_level_flag")),
            )  # fmt: skip


def agreed(pack: str) -> dict[tuple[str, int], Flagged]:
    """Return (code, case) → what is rightly flagged, where that is not what the reference gives."""
    said = yaml.safe_load(AGREED.read_text(encoding="utf-8"))[pack]["cases"]
    return {
        (str(one["code"]), int(one["case"])): {table: set(map(str, rows)) for table, rows in one["flags"].items()}
        for one in said
    }


def run_pack(pack: str, codes: Sequence[str] | None = None) -> list[Outcome]:
    """Run the cases of every rule that the library has, or of those named, in one workspace."""
    library = as_loaded(load_library(pack))
    wanted = set(by_code(library)) if codes is None else set(codes)
    cases = [case for case in cases_of(pack) if case.code in wanted]
    with open_workspace() as workspace:
        prepare(workspace, library)
        workspace.execute("SET threads = 1")
        outcomes = list(_outcomes(workspace, library, cases, agreed(pack)))
    library.texts.keep()
    return outcomes


def as_loaded(library: Library) -> Library:
    """Return the library for records that have been read already: their letters stay as they are given."""
    for name, contract in library.contracts.items():
        if contract.reading is Reading.CAPITALS:
            library.contracts[name] = contract.model_copy(update={"reading": Reading.AS_SENT})
    return library


def _outcomes(
    workspace: Workspace, library: Library, cases: Sequence[Case], differing: Mapping[tuple[str, int], Flagged]
) -> Iterator[Outcome]:
    rules = by_code(library)
    for case in cases:
        expected = differing.get((case.code, case.number), case.flagged)
        yield run_case(workspace, library, rules[case.code], case, expected)


def by_code(library: Library) -> dict[str, list[BoundRule]]:
    """Return the rules of a pack by their official code: one, or one for each table as in 187 and 187.oc3."""
    found: dict[str, list[BoundRule]] = defaultdict(list)
    for bound in library.rules.values():
        if bound.rule.topic != "contract":
            found[bound.rule.id.partition(".")[0]].append(bound)
    return dict(found)


def run_case(
    workspace: Workspace, library: Library, rules: Sequence[BoundRule], case: Case, expected: Flagged
) -> Outcome:
    """Run the rules of one code on one case, and say which rows they flag and mark."""
    records = records_of(library, case)
    absent = Absent(set(library.contracts) - set(records) if case.skipped else (), ())
    with given(workspace, library, records):
        how = How(keys_only=True)
        findings = check(workspace, library, rules, days_of(case), absent, lambda _: None, how)
    fault = "; ".join(filter(None, (_fault(result, case) for result in findings.results)))
    found: Flagged = defaultdict(set)
    for _, extract, key in rows_of(findings):
        found[extract].add(key)
    if case.whole:
        return Outcome(case, dict(found), found if set(found) == {WHOLE} else {WHOLE: {"the return"}}, fault)
    known = {plain_form(extract): extract for extract in library.contracts}
    named = {known.get(plain_form(table), table): rows for table, rows in expected.items() if rows}
    return Outcome(case, dict(found), named, fault)


def rows_of(findings: Findings) -> Iterator[tuple[str, str, str]]:
    """Yield (rule, extract, key of the record) of every row that is flagged, or marked with one that is."""
    for table in (findings.exceptions, *([] if findings.marks is None else [findings.marks.table()])):
        for row in table.select(["rule_id", "extract", "record_key"]).to_pylist():
            yield row["rule_id"], row["extract"], row["record_key"]


def cells_of(library: Library, findings: Findings) -> Iterator[tuple[str, str, str, str]]:
    """Yield (rule, extract, key of the record, column) of every cell that is flagged, or marked with one that is."""
    for row in findings.exceptions.select(["rule_id", "extract", "record_key"]).to_pylist():
        for field in library.rules[row["rule_id"]].rule.fields:
            yield row["rule_id"], row["extract"], row["record_key"], field
    if findings.marks is not None:
        yield from (tuple(row.values()) for row in findings.marks.table().drop_columns("flagged_key").to_pylist())


def _fault(result: RuleResult, case: Case) -> str:
    """Return why a rule did not run, or not as a whole; a rule that was to be skipped is at no fault."""
    if result.status is Status.ERROR or (result.flagged and result.reason):
        return result.reason
    skipped = result.status is Status.SKIPPED and not case.skipped
    return f"it was skipped: {result.reason}" if skipped else ""


def records_of(library: Library, case: Case) -> dict[str, list[dict[str, Any]]]:
    """Return the records of a case by extract; what the contract does not know of is left out."""
    known = {plain_form(extract): contract for extract, contract in library.contracts.items()}
    records: dict[str, list[dict[str, Any]]] = {}
    for table, rows in {**case.tables, **_from_metadata(case.metadata)}.items():
        contract = known.get(plain_form(table))
        if contract is not None:
            columns = {plain_form(column): column for column in contract.columns}
            columns |= {there: columns[ours] for there, ours in CALLED.items() if ours in columns}
            records[contract.name] = [
                {contract.key: str(row["_row"])}
                | {columns[plain_form(c)]: _plain(v) for c, v in row.items() if plain_form(c) in columns}
                for row in rows
            ]
    return records


def days_of(case: Case) -> Dates:
    """Return the days that a case is run at: of the collection year it says, or of 2017/18."""
    said = case.metadata
    start, end = (
        dt.date.fromisoformat(str(said[day])[:10]) if said.get(day) else None
        for day in ("collection_start", "collection_end")
    )
    year = str(said.get("collectionYear") or "2018")[:4]
    dates = dates_at(end or start or dt.date(int(year), 3, 31))
    if start is not None:
        dates["collection_start"] = start
    if end is not None:
        dates["collection_end"] = end
    return dates


def _from_metadata(said: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return what is said of the return as a whole as tables: of one row, or the list of providers."""
    tables = {name: rows for name, rows in said.items() if isinstance(rows, list)}
    whole = {
        "local_authority": said.get("localAuthority"),
        "file_format": (said.get("file_format") or "").upper() or None,
    }
    return {**tables, "submission": [{"_row": 0, **whole}]}


def _plain(value: Any) -> Any:
    """Return a value of a case as a return may hold it: none of its cells is given and empty, but one may be blank."""
    if value == "":
        return " "
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _flagged(said: Any) -> Flagged:
    """Return table → row labels, as either pack of cases writes them."""
    found: Flagged = defaultdict(set)
    if isinstance(said, dict):
        for table, rows in said.items():
            found[table] |= {str(_plain(row)) for row in rows}
    else:
        for group in said:
            found[group["table"]] |= {str(row) for row in group["rows"]}
    return {table: rows for table, rows in found.items() if rows}


def _shown(flagged: Flagged) -> str:
    said = "; ".join(f"{table} {', '.join(sorted(rows))}" for table, rows in sorted(flagged.items()) if rows)
    return said or "nothing"
