"""The nouns of Plumbline: what is declared in YAML, and what a run finds.

Declared types are pydantic models (unknown keys are refused); results are frozen dataclasses. Nothing here
reads a file or holds the value of a record, except :class:`Findings`, whose table does.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

if TYPE_CHECKING:
    import pyarrow as pa

Read = tuple[str, str]
"""An (extract, column) pair that something reads."""


class Declared(BaseModel):
    """A thing declared in a policy file. Unknown keys are an error, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


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


class Column(Declared):
    """One column of a contract. ``source`` is the national field it comes from; ``local`` says there is none."""

    type: ColumnType
    label: str
    required: bool = False
    codes: str | None = None
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


class CodeList(Declared):
    """A list of codes with its edition: code → label."""

    title: str
    edition: str
    source: str
    codes: dict[str, str]


class Threshold(Declared):
    """A number that rules, views and indicators name as ``:parameter`` and an authority may override."""

    value: float
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
    Null is neither.
    """

    title: str
    severity: Severity
    dimension: Dimension
    on: str
    expect: str
    where: str = "true"
    fields: Annotated[list[str], Field(min_length=1)]
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


class Gate(Declared):
    """When a run may be published."""

    title: str
    checks: list[GateCheck]
    id: str = ""
    path: Path | None = None


class Project(Declared):
    """An authority's own settings (``dq.yaml``). Paths are relative to the file."""

    authority: str
    dataset: str = "casework"
    scorecard: str
    extracts: Path = Path("extracts")
    period: str | None = Field(default=None, pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    history_from: dt.date | None = None
    expected_rows: dict[str, tuple[int, int]] = {}
    thresholds: dict[str, float] = {}
    gate: str = "publication"
    folder: Path = Path()
    path: Path | None = None


# --- what a run finds ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ExtractRead:
    """How one extract arrived. ``rows`` counts every record of the file; none is dropped.

    ``like`` is, for an extract that did not arrive, a file of the folder with a name like it.
    """

    extract: str
    file: str | None
    sha256: str | None
    rows: int
    missing_columns: tuple[str, ...] = ()
    unknown_columns: tuple[str, ...] = ()
    unread_values: int = 0
    latest_entry: dt.date | None = None
    like: str | None = None

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


@dataclass(frozen=True)
class Findings:
    """What checking found: a result for every rule, and a table with one row per exception (formats.md)."""

    results: tuple[RuleResult, ...]
    exceptions: pa.Table

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
    """Everything a run found, ready to be written."""

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
