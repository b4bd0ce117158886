"""The check of a finished paper: how its files are laid out, and what is doubtful in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dq.model.declared import Declared
from dq.model.findings import RuleResult, Status
from dq.model.rules import Rule, Severity


class PaperLayout(Declared):
    """How a file of a paper is laid out: the headings it is known by, and SQL that makes figures of its rows.

    ``figures`` and ``claims`` are SELECTs from ``page``, whose columns are the headings, as text, and ``row_no``;
    each gives ``row_no``, ``cell`` (the heading that the figure stands under) and columns of the contracts
    ``published_figures`` and ``published_claims``. ``relations`` is extract column → value, for each relation of a
    paper in this layout; ``relations_from`` is a SELECT of relations from ``page``, for files that carry their own.
    """

    title: str
    source: str
    headings: list[str]
    figures: str | None = None
    claims: str | None = None
    relations: list[dict[str, str]] = []
    relations_from: str | None = None
    id: str = ""
    path: Path | None = None


@dataclass(frozen=True)
class PaperTable:
    """A file of a paper as it lies there: its headings and rows, with the number of each in the file."""

    file: str
    layout: str
    headings: tuple[str, ...]
    rows: Sequence[tuple[int, tuple[str | None, ...]]]


@dataclass(frozen=True)
class Doubt:
    """One figure that cannot be right beside others, or that something must explain: what is printed and expected."""

    rule: Rule
    record_key: str
    file: str
    place: str
    row_no: int | None
    cell: str | None
    printed: str | None
    expected: str | None
    difference: str | None
    message: str

    @property
    def is_error(self) -> bool:
        """Whether the figures cannot all be right."""
        return self.rule.severity is Severity.ERROR


@dataclass(frozen=True)
class Proof:
    """What checking a paper found: how each rule ended, the doubts, and the tables they stand in."""

    results: tuple[RuleResult, ...]
    doubts: tuple[Doubt, ...]
    tables: tuple[PaperTable, ...]
    figures: int
    claims: int
    layouts: Mapping[str, PaperLayout]

    @property
    def not_run(self) -> tuple[RuleResult, ...]:
        """The rules that could not be tested: what they look for is not known of the paper."""
        return tuple(result for result in self.results if result.status in {Status.ERROR, Status.SKIPPED})

    @property
    def holds(self) -> bool:
        """Whether figures were read, every rule was tested on them, and none found an error."""
        return self.figures > 0 and not self.not_run and not any(doubt.is_error for doubt in self.doubts)
