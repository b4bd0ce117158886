"""The nouns of Plumbline: what is declared in YAML, and what a run finds.

Declared types are pydantic models (unknown keys are refused); results are frozen dataclasses. Nothing here
reads a file or holds the value of a record, except :class:`Findings`, whose table does.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, model_validator

if TYPE_CHECKING:
    import pyarrow as pa

Read = tuple[str, str]
"""An (extract, column) pair that something reads."""


class Declared(BaseModel):
    """A thing declared in a policy file. Unknown keys are an error, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


# --- what is declared ------------------------------------------------------------------------------------


class Severity(StrEnum):
    """How sure a rule is: the record is wrong, or may be right, or is only worth knowing."""

    ERROR = "error"
    QUERY = "query"
    INFORMATION = "information"


class Dimension(StrEnum):
    """The Government Data Quality Hub's six dimensions."""

    COMPLETENESS = "completeness"
    UNIQUENESS = "uniqueness"
    CONSISTENCY = "consistency"
    TIMELINESS = "timeliness"
    VALIDITY = "validity"
    ACCURACY = "accuracy"


class ColumnType(StrEnum):
    """What a column of an extract holds. ``code`` is text from a code list."""

    TEXT = "text"
    CODE = "code"
    DATE = "date"
    DATETIME = "datetime"
    INTEGER = "integer"
    NUMBER = "number"

    @property
    def sql(self) -> str:
        """The type of such a column in the workspace, in DuckDB's words."""
        return {"date": "DATE", "datetime": "TIMESTAMP", "integer": "BIGINT", "number": "DOUBLE"}.get(self, "VARCHAR")


class Column(Declared):
    """One column of a contract. ``source`` is the national field it comes from; ``local`` says there is none.

    ``dated_by`` names the column whose day decides which codes of a dated list can be used: by default the event's.
    """

    type: ColumnType
    label: str
    required: bool = False
    codes: str | None = None
    dated_by: str | None = None
    references: str | None = None
    not_future: bool = False
    not_before: dt.date | None = None
    at_least: float | None = None
    at_most: float | None = None
    local: bool = False
    source: str | None = Field(default=None, alias="from")

    @model_validator(mode="after")
    def _consistent(self) -> Column:
        if (self.type is ColumnType.CODE) != (self.codes is not None):
            raise ValueError("'codes' goes with type 'code', and only with it")
        if self.dated_by is not None and self.codes is None:
            raise ValueError("'dated_by' goes with 'codes', and only with it")
        if self.local == (self.source is not None):
            raise ValueError("a column says either 'from' (the national field) or 'local: true'")
        return self


class Contract(Declared):
    """What one extract must look like: its columns, its key, and which columns say who, where and when."""

    title: str
    one_row: str
    key: str
    columns: dict[str, Column]
    source_table: str | None = None
    person: str | None = None
    team: str | None = None
    worker: str | None = None
    event: str | None = None
    entered: str | None = None
    name: str = ""
    path: Path | None = None


class Code(Declared):
    """One code of a list: what it means, and the first and last day on which it can be used, where it came or went."""

    label: str
    since: dt.date | None = Field(default=None, alias="from")
    until: dt.date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Code:
        if self.since is not None and self.until is not None and self.until < self.since:
            raise ValueError("'until' is before 'from'")
        return self


def _as_code(value: Any) -> Any:
    """Return what a code means, where that is all that is said of it, as a Code would say it."""
    return {"label": value} if isinstance(value, str) else value


class CodeList(Declared):
    """A list of codes with its edition: code → label, or label with the days from and until which it can be used."""

    title: str
    edition: str
    source: str
    codes: dict[str, Annotated[Code, BeforeValidator(_as_code, json_schema_input_type=str | Code)]]


class Threshold(Declared):
    """A number that rules, views and indicators name as ``:parameter`` and an authority may override."""

    value: Annotated[float, Strict()]
    unit: str
    title: str
    source: str


class Example(Declared):
    """Records, and what a rule says of them. ``given`` maps extract → rows; dates are written as text."""

    name: str
    given: dict[str, list[dict[str, Any]]]
    period: dt.date = dt.date(2017, 5, 31)
    flags: list[str] = []
    in_scope: int | None = None


class RuleStatus(StrEnum):
    """Where a rule is in its life. Only active rules are counted."""

    DRAFT = "draft"
    SHADOW = "shadow"
    ACTIVE = "active"
    RETIRED = "retired"


class Rule(Declared):
    """What each record must satisfy.

    A row of ``on`` is in scope when ``where`` is true, and flagged when it is in scope and ``expect`` is false.
    Null is neither. ``fields`` are the columns in question; with none, what is at fault is a record that is not there,
    and no figure is put in doubt by what is.
    """

    title: str
    severity: Severity
    dimension: Dimension
    on: str
    expect: str
    where: str = "true"
    fields: list[str]
    message: str
    owner: Literal["team_now", "team_at_event"] = "team_now"
    why: str
    fix: str
    source: str | None = None
    status: RuleStatus = RuleStatus.ACTIVE
    since: dt.date | None = Field(default=None, alias="from")
    until: dt.date | None = None
    examples: list[Example] = []
    id: str = ""
    topic: str = ""
    path: Path | None = None


class IndicatorExample(Declared):
    """Records, and the figure an indicator gives for them at a period end."""

    name: str
    given: dict[str, list[dict[str, Any]]]
    period: dt.date = dt.date(2017, 5, 31)
    numerator: int | None = None
    denominator: int | None = None


class Unit(StrEnum):
    """What the number of an indicator is."""

    PERCENT = "percent"
    COUNT = "count"


class Polarity(StrEnum):
    """Which way is better."""

    HIGH = "high"
    LOW = "low"
    NONE = "none"


class PeriodKind(StrEnum):
    """The stretch of time a figure is about: the day of the period end, or the 12 months that end with it."""

    SNAPSHOT = "snapshot"
    R12M = "R12M"


class Indicator(Declared):
    """A published measure: rows of ``on`` that make the denominator, and those of them that make the numerator.

    ``looks_back_months`` is how far before the period end the records it reads may reach, beyond the period
    itself; a figure for a month whose look-back begins before the extracts do is not shown.
    """

    title: str
    on: str
    denominator: str
    numerator: str | None = None
    unit: Unit
    polarity: Polarity
    period: PeriodKind
    definition: str
    source: str
    looks_back_months: int = 0
    dataset: str = "casework"
    examples: list[IndicatorExample] = []
    id: str = ""
    topic: str = ""
    path: Path | None = None

    @model_validator(mode="after")
    def _numerator_with_percent(self) -> Indicator:
        if (self.unit is Unit.PERCENT) != (self.numerator is not None):
            raise ValueError("'numerator' goes with unit 'percent', and only with it")
        return self


Limit = Annotated[str, Field(pattern=r"^(>=|<=|>|<) -?\d+(\.\d+)?$")]


class Band(Declared):
    """The colours of one measure: green, else amber, else red. Documented by the paper, or inferred from it."""

    green: Limit
    amber: Limit
    basis: Literal["documented", "inferred"]
    evidence: str


class Line(Declared):
    """One line of a scorecard: an indicator as the paper numbers, names and judges it."""

    indicator: str
    number: str | None = None
    title: str
    target: float | None = None
    band: Band | None = None


class Section(Declared):
    """A part of a scorecard under one heading."""

    title: str
    lines: list[Line]


class Scorecard(Declared):
    """Indicators laid out for an audience: order, targets and bands, house style."""

    title: str
    authority: str
    edition: str
    source: str
    sections: list[Section]
    arrow: Literal["performance", "number"]
    dataset: str = "casework"
    id: str = ""
    path: Path | None = None

    @property
    def lines(self) -> list[Line]:
        """All lines, in order."""
        return [line for section in self.sections for line in section.lines]


class GateCheck(Declared):
    """One expectation over the facts of a run, and what its failure means."""

    name: str
    facts: Literal["extracts", "rules", "run"]
    expectation: str
    with_: dict[str, Any] = Field(default={}, alias="with")
    when: str | None = None
    if_not: Literal["stop", "caveats"]
    says: str
    weight: int = 50


class ExtractMapping(Declared):
    """How one extract is read from another layout: its tables there, and what its columns and values are called.

    ``tables`` hold its records, one below the other (none: found by its own or its national name). ``columns`` is
    contract column → heading there, or several that it may have; ``values`` column → value there → our code,
    whatever the case. Where it is ``labelled``, coded cells carry a letter or a label (``a) Male``, ``U5 - Foster
    carer``), and the part that is known is read. ``made_from`` joins the cells of other columns, or of headings,
    into a column the layout lacks, null where one is empty; ``fixed`` and ``by_table`` give a column one value,
    throughout or for each table. A row is a record where the column ``rows_with`` is filled in; ``distinct`` says
    that one record may stand in many rows there. ``latest_only`` says that it holds the latest records (the last of
    each child, or those of the last months) and none before them, so that no figure is made of it. ``called`` is
    table → its other names; ``aside`` the headings that are known and not this extract's.
    """

    model_config = ConfigDict(coerce_numbers_to_str=True)

    tables: list[str] = []
    columns: dict[str, str | list[str]] = {}
    values: dict[str, dict[str, str]] = {}
    labelled: bool = False
    made_from: dict[str, list[str]] = {}
    fixed: dict[str, str] = {}
    by_table: dict[str, dict[str, str]] = {}
    rows_with: str | None = None
    distinct: bool = False
    latest_only: bool = False
    called: dict[str, list[str]] = {}
    aside: list[str] = []

    def headings_of(self, column: str) -> tuple[str, ...]:
        """Return the headings that a column of the contract may have there, best first."""
        told = self.columns.get(column, ())
        return (told,) if isinstance(told, str) else tuple(told)

    @property
    def used(self) -> set[str]:
        """The headings there that this extract names."""
        columns = {heading for column in self.columns for heading in self.headings_of(column)}
        return columns | {heading for parts in self.made_from.values() for heading in parts}

    def names_of(self, table: str) -> tuple[str, ...]:
        """Return the names a table may have there."""
        return (table, *self.called.get(table, ()))


class Mapping(Declared):
    """Another layout's names for our extracts: extract → how it is read from there.

    ``tables`` is table → its other names; ``columns`` what a column is called in every extract; ``aside`` the
    headings that are known there and not used; ``codes`` code list → value there → our code, for every column of
    the list; ``labelled`` as of an extract, for all of them; ``cannot_tell`` is a reason → rules that cannot be
    tested there for it, though the columns that they read have come.
    """

    model_config = ConfigDict(coerce_numbers_to_str=True)

    title: str
    source: str
    tables: dict[str, list[str]] = {}
    columns: dict[str, str | list[str]] = {}
    aside: list[str] = []
    codes: dict[str, dict[str, str]] = {}
    labelled: bool = False
    cannot_tell: dict[str, list[str]] = {}
    extracts: dict[str, ExtractMapping] = {}
    id: str = ""
    path: Path | None = None

    @property
    def untold(self) -> dict[str, str]:
        """The rules that cannot be tested there → why."""
        return {rule: why for why, rules in self.cannot_tell.items() for rule in rules}

    def of(self, extract: str) -> ExtractMapping | None:
        """Return how an extract is read, knowing the tables' other names and the headings of other extracts."""
        found = self.extracts.get(extract)
        if found is None:
            return None
        aside = {*found.aside, *self.aside, *(name for other in self.extracts.values() for name in other.used)}
        return found.model_copy(update={"called": {**self.tables, **found.called}, "aside": sorted(aside)})


class HeadingWords(Declared):
    """Words of headings that mean the same: a word, or a phrase, → others for it."""

    title: str
    source: str
    words: dict[str, list[str]]


class CaseSystem(Declared):
    """What a case-management system calls things: our word → its word, and extract → the screen of its records."""

    title: str
    note: str
    words: dict[str, str] = {}
    screens: dict[str, str] = {}
    id: str = ""
    path: Path | None = None


class Gate(Declared):
    """When a run may be published."""

    title: str
    checks: list[GateCheck]
    id: str = ""
    path: Path | None = None


class Project(Declared):
    """An authority's own settings (``dq.yaml``). Paths are relative to the file.

    ``extracts`` is a folder, a workbook, a DuckDB or SQLite database, or the address of a PostgreSQL database.
    ``links`` are the addresses of pages of the case system: of a ``person``, or of the records of an extract.
    """

    authority: str
    dataset: str = "casework"
    scorecard: str
    extracts: str = "extracts"
    period: str | None = Field(default=None, pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    history_from: dt.date | None = None
    expected_rows: dict[str, tuple[int, int]] = {}
    thresholds: dict[str, Annotated[float, Strict()]] = {}
    gate: str = "publication"
    mapping: str | None = None
    case_system: str | None = None
    links: dict[str, str] = {}
    folder: Path = Path()
    path: Path | None = None

    @property
    def source(self) -> Path | str:
        """Where the extracts lie: a path, or an address that holds ``://`` and may hold a password."""
        return self.extracts if "://" in self.extracts else self.folder / self.extracts


# --- what a run finds ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ExtractRead:
    """How one extract arrived. ``rows`` counts every record; none is dropped.

    ``digest`` is the SHA-256 of what it was read from, or that which is working it out. ``rows_in`` counts what stands
    beneath the headings, by other means than the reading: records, and rows that are none: ``blank_rows``; and, where
    a mapping reads one row as several extracts' or several as one record, ``rows_without`` and ``rows_merged``.
    ``title_rows`` stood above the headings. ``encoding`` is that of a text that was not UTF-8. ``like`` is, for an
    extract that did not arrive, a file of the folder with a name like it. ``latest_only`` says that it
    holds the latest records alone.
    """

    extract: str
    file: str | None
    digest: Callable[[], str] | str | None
    rows: int
    missing_columns: tuple[str, ...] = ()
    unknown_columns: tuple[str, ...] = ()
    unread_values: int = 0
    latest_entry: dt.date | None = None
    like: str | None = None
    rows_in: int | None = None
    blank_rows: int = 0
    title_rows: int = 0
    rows_without: int = 0
    rows_merged: int = 0
    encoding: str | None = None
    latest_only: bool = False

    @property
    def sha256(self) -> str | None:
        """The SHA-256 of what the extract was read from, in hexadecimal; waits for it if need be."""
        return self.digest() if callable(self.digest) else self.digest

    @property
    def accounted(self) -> bool:
        """Whether every row that was counted is a record, or is known to be none."""
        others = self.blank_rows + self.rows_without + self.rows_merged
        return self.rows_in is not None and self.rows_in == self.rows + others

    @property
    def present(self) -> bool:
        """Whether a file for this extract was found."""
        return self.file is not None


class Status(StrEnum):
    """How a rule ended. Only ``passed`` counts as passed."""

    PASSED = "passed"
    FLAGGED = "flagged"
    NOT_APPLICABLE = "not_applicable"
    SKIPPED = "skipped"
    ERROR = "error"


@dataclass(frozen=True)
class RuleResult:
    """How one rule ended, over how many records in scope, and why if it did not run."""

    rule: Rule
    status: Status
    in_scope: int = 0
    flagged: int = 0
    reason: str = ""
    seconds: float = 0.0


class ExceptionRows(Protocol):
    """The exceptions of a run, where it keeps them: one row an exception, with the columns of formats.md."""

    def table(self) -> pa.Table:
        """Return them all."""

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield them in the same order, some at a time."""


@dataclass(frozen=True)
class Findings:
    """What checking found: a result for every rule, and the exceptions, of how many teams and how many of none.

    With ``keys_only`` the rows have rule_id, extract and record_key alone, and teams are not known.
    """

    results: tuple[RuleResult, ...]
    rows: ExceptionRows
    teams: int
    unowned: int
    keys_only: bool = False

    @cached_property
    def exceptions(self) -> pa.Table:
        """All exceptions as one table, while the run's workspace is open."""
        return self.rows.table()

    def counts(self) -> dict[str, int]:
        """Return how many rules ended in each status."""
        return {status.value: sum(r.status is status for r in self.results) for status in Status}

    def by_severity(self) -> dict[str, int]:
        """Return how many exceptions there are of each severity."""
        return {
            severity.value: sum(r.flagged for r in self.results if r.rule.severity is severity) for severity in Severity
        }


@dataclass(frozen=True)
class Scope:
    """Whom a figure is about: the authority, an area or a team."""

    type: Literal["authority", "area", "team"]
    id: str
    name: str
    area: str | None = None


@dataclass(frozen=True)
class Direction:
    """How a figure moved: as performance (better, worse, same; empty where no way is better) and as a number."""

    performance: Literal["better", "worse", "same", ""]
    movement: Literal["up", "down", "level"]


def direction(now: float | None, then: float | None, polarity: Polarity) -> Direction | None:
    """Return how a figure moved from ``then`` to ``now``, on unrounded values; None if either is not known."""
    if now is None or then is None:
        return None
    if math.isclose(now, then, rel_tol=0, abs_tol=1e-9):
        return Direction("" if polarity is Polarity.NONE else "same", "level")
    up = now > then
    if polarity is Polarity.NONE:
        return Direction("", "up" if up else "down")
    better = up == (polarity is Polarity.HIGH)
    return Direction("better" if better else "worse", "up" if up else "down")


@dataclass(frozen=True)
class Figure:
    """One indicator for one scope and period, with what it was and the range its open exceptions leave it.

    ``value`` is unrounded: a percentage (81.0 is 81%) or a count; None where not available or without a base.
    ``low`` and ``high`` are the least and greatest the value could be once every open error that touches it is
    resolved; ``unchecked`` is how many rules that could find such an error did not run; ``history`` holds
    (period end, value) for each earlier month end the extracts reach back to.
    """

    indicator: Indicator
    scope: Scope
    period: dt.date
    numerator: int | None
    denominator: int | None
    value: float | None
    number: str | None = None
    title: str = ""
    target: float | None = None
    band: Band | None = None
    rag: str | None = None
    previous: float | None = None
    year_ago: float | None = None
    r3m: float | None = None
    r3m_rag: str | None = None
    low: float | None = None
    high: float | None = None
    rag_low: str | None = None
    rag_high: str | None = None
    open_exceptions: int = 0
    unchecked: int = 0
    available: bool = True
    note: str = ""
    history: tuple[tuple[dt.date, float | None], ...] = ()

    @property
    def settled(self) -> bool | None:
        """Whether the colour is the same at both ends of the range; None where there is no colour.

        While a rule that feeds the figure has not run, nothing is settled.
        """
        if self.rag is None:
            return None
        return not self.unchecked and self.rag_low == self.rag_high == self.rag

    @property
    def since_last_month(self) -> Direction | None:
        """How it moved since last month, recomputed from the same extracts."""
        return direction(self.value, self.previous, self.indicator.polarity)

    @property
    def since_last_year(self) -> Direction | None:
        """How it moved since the same month a year ago, recomputed from the same extracts."""
        return direction(self.value, self.year_ago, self.indicator.polarity)


class Decision(StrEnum):
    """What the gate says."""

    GO = "go"
    CAVEATS = "caveats"
    STOP = "stop"


@dataclass(frozen=True)
class Verdict:
    """The gate's decision, its weightiest reasons first, and every check with its outcome in words."""

    decision: Decision
    reasons: tuple[str, ...]
    outcomes: tuple[tuple[str, bool, str], ...] = ()


@dataclass(frozen=True)
class RunResult:
    """Everything a run found, ready to be written.

    ``shadow`` is what rules in shadow found, which counts for nothing else here; ``rule_fingerprints`` says by id
    what each rule that ran meant.
    """

    run_id: str
    project: Project
    period: dt.date
    started_at: dt.datetime
    finished_at: dt.datetime
    extracts: tuple[ExtractRead, ...]
    findings: Findings
    verdict: Verdict | None
    scorecard: Scorecard | None
    figures: tuple[Figure, ...]
    scopes: tuple[Scope, ...]
    versions: dict[str, str]
    fingerprints: dict[str, str]
    seconds: dict[str, float] = field(default_factory=dict)
    shadow: Findings | None = None
    rule_fingerprints: dict[str, str] = field(default_factory=dict)
