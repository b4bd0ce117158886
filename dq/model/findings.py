"""What reading and checking find: extracts as they arrived, how each rule ended, exceptions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from dq.model.rules import Rule, Severity

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class ExtractRead:
    """How one extract arrived. ``rows`` counts every record; none is dropped.

    ``digest`` is the SHA-256 of what it was read from, or that which is working it out. ``rows_in`` counts what stands
    beneath the headings, by other means than the reading: records, and rows that are none: ``blank_rows``; and, where
    a mapping reads one row as several extracts' or several as one record, ``rows_without`` and ``rows_merged``.
    ``missing_columns`` are those it should have, ``not_held`` the optional ones that the source does not hold.
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
    not_held: tuple[str, ...] = ()

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


class Standing(StrEnum):
    """How an exception stands: there (the first five), or gone and how (``CLOSED``)."""

    NEW = "new"
    OPEN = "open"
    REOPENED = "reopened"
    WAIVED = "waived"
    LAPSED = "lapsed"
    FIXED = "fixed"
    BLANKED = "blanked"
    VANISHED = "vanished"
    OUT_OF_SCOPE = "out_of_scope"


CLOSED = frozenset({Standing.FIXED, Standing.BLANKED, Standing.VANISHED, Standing.OUT_OF_SCOPE})
"""Put right; or its value removed, its record removed, its rule or whom that is about changed: not put right."""


class Status(StrEnum):
    """How a rule ended. Only ``passed`` counts as passed."""

    PASSED = "passed"
    FLAGGED = "flagged"
    NOT_APPLICABLE = "not_applicable"
    SKIPPED = "skipped"
    ERROR = "error"


@dataclass(frozen=True)
class RuleResult:
    """How one rule ended, over how many records in scope, and why if it did not run.

    Of those it flagged ``waived`` are accepted as they are, ``bypassed`` of them by a request to bypass the rule.
    """

    rule: Rule
    status: Status
    in_scope: int = 0
    flagged: int = 0
    reason: str = ""
    seconds: float = 0.0
    waived: int = 0
    bypassed: int = 0


class ExceptionRows(Protocol):
    """The exceptions of a run, where it keeps them: one row an exception, with the columns of formats.md."""

    def table(self) -> pa.Table:
        """Return them all."""

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield them in the same order, some at a time."""


class KeyRows(Protocol):
    """Exceptions of which no more is kept than rule_id, extract and record_key."""

    def write(self, into: Path) -> None:
        """Write them to a file, .csv or .parquet. Raises OSError."""


@dataclass(frozen=True)
class DoubtfulRow:
    """A record of a child of whom something is in doubt: its place in the file from 0, its cells, and which are.

    ``doubts`` has the place of a cell in doubt → the rules that put it there, and of each whether it is an error.
    """

    child: str | None
    place: int
    cells: tuple[Any, ...]
    doubts: Mapping[int, tuple[tuple[str, bool], ...]]


@dataclass(frozen=True)
class DoubtfulTable:
    """The records of one table, of all children of whom something is in doubt, by child."""

    name: str
    headings: tuple[str, ...]
    rows: Sequence[DoubtfulRow]


@dataclass(frozen=True)
class DoubtfulChild:
    """A child of whom something is in doubt: by how many rules as errors and as queries, and by which.

    An id of None stands for the records that name no child. ``team`` and ``worker`` hold the case, where that is known.
    Of the rules ``bypassed`` are asked to be bypassed wherever they find something of the child.
    """

    id: str | None
    errors: int
    queries: int
    rules: tuple[str, ...]
    team: str | None = None
    worker: str | None = None
    bypassed: int = 0


@dataclass(frozen=True)
class Fault:
    """An exception as a return shows it: of which child, by which rule, in which row of which table, in words.

    ``place`` is that of the row in the file, counted from 0 without the heading; ``bypass`` the reference of a request
    to bypass the rule for it.
    """

    child: str | None
    rule: str
    table: str
    place: int
    message: str
    bypass: str | None = None


class Doubtful(Protocol):
    """What of a return is in doubt, by child."""

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield a line for each cell in doubt and rule, by child: child_id, tables_affected and so on."""

    def children(self) -> Sequence[DoubtfulChild]:
        """Return each child, those with most errors first."""

    def faults(self) -> Sequence[Fault]:
        """Return the exceptions of children's records, by child and rule."""

    def notes(self) -> pa.Table:
        """Return the notes to send with queries, a row for each rule and child.

        Columns: rule_code, rule_description, child_id, records (table and row of each), note and bypass.
        """

    def tables(self) -> Iterator[DoubtfulTable]:
        """Yield the tables that such children have records in."""


@dataclass(frozen=True)
class Findings:
    """What checking found: a result for every rule, and the exceptions, of how many teams and how many of none.

    ``waived`` of them are accepted as they are. Where only ``keys`` are kept the rows have rule_id, extract and
    record_key alone, and teams are not known. ``marks`` are the cells of other records that are doubtful with the
    flagged ones, where any rule that ran says which.
    """

    results: tuple[RuleResult, ...]
    rows: ExceptionRows
    teams: int
    unowned: int
    keys: KeyRows | None = None
    marks: ExceptionRows | None = None
    waived: int = 0

    @property
    def keys_only(self) -> bool:
        """Whether nothing is known of an exception but its rule and the key of its record."""
        return self.keys is not None

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
