"""Indicators and scorecards as they are declared."""

from __future__ import annotations

import datetime as dt
import operator
import re
from bisect import bisect_left
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr, model_validator

from dq.model.declared import Declared

Number = int | float


class IndicatorExample(Declared):
    """Records, and the figure an indicator gives for them at a period end.

    ``splits`` says, of those that the indicator has, what the figure is of the rows of each: numerator, denominator.
    """

    name: str
    given: dict[str, list[dict[str, Any]]]
    period: dt.date = dt.date(2017, 5, 31)
    numerator: Number | None = None
    denominator: Number | None = None
    splits: dict[str, tuple[Number | None, Number]] = {}


class Unit(StrEnum):
    """What the number of an indicator is."""

    PERCENT = "percent"
    COUNT = "count"
    AVERAGE = "average"
    AVERAGE_DAYS = "average_days"
    RATE = "rate_per_10000"


class Polarity(StrEnum):
    """Which way is better; ``target``: the nearer to the target, from either side."""

    HIGH = "high"
    LOW = "low"
    TARGET = "target"
    NONE = "none"


class PeriodKind(StrEnum):
    """The stretch of time a figure is about, which ends with the period end: that day alone, or so many months.

    A quarter, a financial year (from April) and an academic year (from September) are those that hold the period
    end, as far as they have gone.
    """

    SNAPSHOT = "snapshot"
    MONTH = "month"
    QUARTER = "quarter"
    R3M = "R3M"
    R12M = "R12M"
    FINANCIAL_YEAR = "financial_year"
    ACADEMIC_YEAR = "academic_year"


class Ratio(Declared):
    """A figure made of two counts: so many ``of`` one indicator for each ``per`` another."""

    of: str
    per: str


class Step(Declared):
    """One of several bands: what it is called, and the number below which a value belongs to it."""

    title: str
    below: Number | None = None


class Bands(Declared):
    """How a number is told in bands, as of age or duration: in order, each from where the one before it ends.

    The first has no least value and the last no greatest, so that every number is in one band and none in two.
    """

    title: str
    unit: str
    source: str
    bands: list[Step] = Field(min_length=2)

    @model_validator(mode="after")
    def _follow_on(self) -> Bands:
        *edges, last = [step.below for step in self.bands]
        if last is not None:
            raise ValueError("the last band has no 'below': it holds whatever is greater")
        known = [edge for edge in edges if edge is not None]
        if len(known) < len(edges) or any(low >= high for low, high in pairwise(known)):
            raise ValueError("every band but the last says 'below' what it ends, each more than the one before")
        return self


class Breakdown(Declared):
    """How the rows of an indicator fall apart by a column of theirs: by its codes, by groups of them, or in bands."""

    of: str
    codes: str | None = None
    groups: dict[str, list[str]] = {}
    bands: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Breakdown:
        if sum((self.codes is not None, bool(self.groups), self.bands is not None)) != 1:
            raise ValueError("say 'codes' (a code list), 'groups' (name: [codes]) or 'bands'")
        return self


class Indicator(Declared):
    """A published measure: rows of ``on`` that make the denominator, and those of them that make the numerator.

    An average sums ``value`` over the rows of the base whose value is known. With ``weight`` a row of the base counts
    for so much, not for one (a post for its full time equivalent). ``plausible`` says how far a value or a weight that
    is in doubt may lie, least and most, where no contract does. A ``ratio`` has no rows of its own. ``splits`` are
    conditions under which the figure is worked out besides, as of the children who are not unaccompanied; every part
    of a breakdown is a split, named ``<breakdown>=<part>``.

    ``looks_back_months`` is how far before the period end the records it reads may reach, beyond the period
    itself; a figure for a month whose look-back begins before the extracts do is not shown. One that is ``now_only``
    reads records that say how things stand now and not how they stood: it has no earlier month, nor three of twelve.
    """

    title: str
    on: str | None = None
    denominator: str | None = None
    numerator: str | None = None
    value: str | None = None
    weight: str | None = None
    plausible: dict[str, tuple[Number, Number]] = {}
    ratio: Ratio | None = None
    splits: dict[str, str] = {}
    breakdowns: dict[str, Breakdown] = {}
    unit: Unit
    polarity: Polarity
    period: PeriodKind
    definition: str
    source: str
    looks_back_months: int = 0
    now_only: bool = False
    late: str | None = Field(default=None, pattern=r"^\w+\.\w+$")
    dataset: str = "casework"
    examples: list[IndicatorExample] = []
    id: str = ""
    topic: str = ""
    path: Path | None = None

    @model_validator(mode="after")
    def _fits_its_unit(self) -> Indicator:
        if self.late is not None and (self.unit not in {Unit.PERCENT, Unit.COUNT} or self.weight or self.now_only):
            raise ValueError("'late' goes with unit 'percent' or 'count', without 'weight' or 'now_only'")
        if self.ratio is not None:
            if any(
                (
                    self.late,
                    self.on,
                    self.denominator,
                    self.numerator,
                    self.value,
                    self.weight,
                    self.splits,
                    self.breakdowns,
                )
            ):
                raise ValueError("'ratio' stands alone: its two indicators say of which rows it is made")
            if self.unit is Unit.COUNT:
                raise ValueError("a 'ratio' is no count: its unit is percent, average or rate_per_10000")
            if self.plausible:
                raise ValueError("'plausible' is said of the values of rows, and a 'ratio' has none of its own")
            return self
        if self.on is None or self.denominator is None:
            raise ValueError("an indicator says 'on' what and which rows are its 'denominator', or is a 'ratio'")
        if self.unit is Unit.RATE:
            raise ValueError("a rate is a 'ratio' of two indicators")
        if (self.unit is Unit.PERCENT) != (self.numerator is not None):
            raise ValueError("'numerator' goes with unit 'percent', and only with it")
        if (self.unit in {Unit.AVERAGE, Unit.AVERAGE_DAYS}) != (self.value is not None):
            raise ValueError("'value' is what an average is of, and goes with no other unit")
        return self

    @model_validator(mode="after")
    def _plausible_of_what_there_is(self) -> Indicator:
        for part, (least, most) in self.plausible.items():
            if part not in ("value", "weight"):
                raise ValueError(f"'plausible' is said of a value or a weight, and not of '{part}'")
            if getattr(self, part) is None:
                raise ValueError(f"'plausible' says how far a {part} may lie, and there is no '{part}'")
            if least > most:
                raise ValueError(f"'plausible' says the least {part} first: {least} is more than {most}")
        return self


_NUMBER = r"-?\d+(?:\.\d+)?"
_LIMIT = rf"(>=|<=|>|<) ({_NUMBER})|within ({_NUMBER}) of ({_NUMBER})"
_COMPARE = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
Limit = Annotated[str, Field(pattern=f"^(?:{_LIMIT})$")]
"""'>= 80', '< 13', or 'within 2.5 of 17.5' where both ways lead away from a target."""


def edges_of(limit: str) -> tuple[float, ...]:
    """Return the value at which a limit begins to hold or ceases to, or the two between which it holds."""
    found = re.fullmatch(_LIMIT, limit)
    assert found is not None  # noqa: S101 - the pattern was checked when the limit was read
    _, edge, off, aim = found.groups()
    # Decimal, so that within 2.3 of 17.5 begins at 15.2.
    return (float(edge),) if edge else (float(Decimal(aim) - Decimal(off)), float(Decimal(aim) + Decimal(off)))


def _holds(limit: str, value: float) -> bool:
    edges = edges_of(limit)
    if len(edges) == 2:
        return edges[0] <= value <= edges[1]
    return bool(_COMPARE[limit.partition(" ")[0]](value, edges[0]))


class Band(Declared):
    """The colours of one measure: green, else amber, else red. Documented by the paper, or inferred from it."""

    green: Limit
    amber: Limit
    basis: Literal["documented", "inferred"]
    evidence: str

    def colour(self, value: float) -> Literal["G", "A", "R"]:
        """Return the colour of an unrounded value."""
        return "G" if _holds(self.green, value) else "A" if _holds(self.amber, value) else "R"

    def zone(self, value: float) -> int:
        """Return in which stretch between two edges an unrounded value lies: 0 for the lowest."""
        below = bisect_left(self.edges, value)
        on_edge = below < len(self.edges) and self.edges[below] == value
        return below + 1 if on_edge and self.colour(value) == self.zones[below + 1] else below

    @cached_property
    def edges(self) -> list[float]:
        """The values at which the colour changes, least first."""
        return sorted({*edges_of(self.green), *edges_of(self.amber)})

    @cached_property
    def zones(self) -> str:
        """The colours between the edges, from the least value to the greatest, as 'RAG'."""
        cuts = [self.edges[0] - 1, *self.edges, self.edges[-1] + 1]
        return "".join(self.colour((low + high) / 2) for low, high in pairwise(cuts))


class Line(Declared):
    """One line of a scorecard: an indicator as the paper numbers, names and judges it.

    ``split`` is that of the indicator which the line shows, beside the line that shows it whole. ``period`` is the
    stretch of time that the paper gives it for, where that is not the indicator's own: a month, and not twelve.

    Three more go with a table by month alone. A ``breakdown`` gives a row for each of its parts beneath that of the
    whole. A count with ``share_of`` is shown with its share of another. ``rest`` is what a percentage leaves, and gives
    that a row: of children placed inside the authority, those placed outside.
    """

    indicator: str
    split: str = "all"
    period: PeriodKind | None = None
    number: str | None = None
    title: str
    target: float | None = None
    band: Band | None = None
    breakdown: str | None = None
    share_of: str | None = None
    rest: str = ""
    _parts: tuple[Line, ...] = PrivateAttr(())

    @model_validator(mode="after")
    def _counts_parts_alone(self) -> Line:
        judged = self.target is not None or self.band is not None
        if self.breakdown is not None and (self.split != "all" or judged or self.share_of or self.rest):
            raise ValueError("a line with a 'breakdown' has no 'split', 'target', 'band', 'share_of' or 'rest'")
        return self

    @property
    def measure(self) -> str:
        """The id of what is worked out for it: the indicator's, with its split where it has one."""
        return split_id(self.indicator, self.split)

    @property
    def key(self) -> tuple[str, str | None, str]:
        """What tells it from every other line of its scorecard; its figures bear the same."""
        return self.measure, self.number, self.title

    @property
    def parts(self) -> tuple[Line, ...]:
        """A line for each part of its breakdown, once the library has told what they are."""
        return self._parts

    @property
    def is_part(self) -> bool:
        """Whether it is one part of the breakdown of another line."""
        return self.breakdown is not None and self.split != "all"

    @property
    def alone(self) -> Line:
        """The same line by itself, as it may stand in any section."""
        return self.model_copy(update={"breakdown": None, "share_of": None, "rest": ""})

    def with_parts(self, titles: Mapping[str, str]) -> Line:
        """Return it with a line for each part of its breakdown; ``titles`` are those of all the indicator's parts."""
        whole = self.model_copy()
        whole._parts = tuple(
            self.model_copy(update={"split": split, "title": f"{self.title}: {title}"})
            for split, title in titles.items()
            if split.partition("=")[0] == self.breakdown
        )
        return whole

    def label_of(self, part: Line) -> str:
        """Return what one of its parts is called beneath its own title."""
        return part.title.removeprefix(f"{self.title}: ")


def split_id(indicator: str, split: str) -> str:
    """Return the id under which the figures of an indicator and one of its splits are kept."""
    return indicator if split == "all" else f"{indicator}:{split}"


Layout = Literal["lines", "by_unit", "comparison", "by_month"]


class Section(Declared):
    """A part of a scorecard under one heading.

    ``lines`` are judged, a row each. ``by_unit`` is a table of what there is, with a row for the authority and each of
    its units. A ``comparison`` sets each line, which is of a split, beside the line of the same number that is of the
    whole, and judges it by that line's target and band; ``compares`` says what the split is, as 'Excluding UASC'.

    ``by_month`` is a table of up to twelve months, with a row for each line and each part of a breakdown;
    ``over_the_months`` adds a column of what they come to together: of counts of a month the ``total``, of counts at
    month ends the ``average``.
    """

    title: str
    layout: Layout = "lines"
    compares: str = ""
    over_the_months: Literal["total", "average"] | None = None
    lines: list[Line]

    @model_validator(mode="after")
    def _says_what_it_compares(self) -> Section:
        if (self.layout == "comparison") != bool(self.compares):
            raise ValueError("'compares' goes with layout 'comparison', and only with it")
        if self.layout == "comparison" and any(line.split == "all" for line in self.lines):
            raise ValueError("every line of a comparison names a 'split'")
        return self

    @model_validator(mode="after")
    def _is_by_month(self) -> Section:
        if self.layout != "by_month":
            if self.over_the_months is not None:
                raise ValueError("'over_the_months' goes with layout 'by_month'")
            if any(line.breakdown or line.share_of or line.rest for line in self.lines):
                raise ValueError("'breakdown', 'share_of' and 'rest' go with layout 'by_month'")
        return self


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
        """All lines, in order; those of a comparison with the target and band of the line they stand beside."""
        return [line for section in self.sections for line in self.lines_of(section)]

    @property
    def judged(self) -> list[Line]:
        """The lines with a row of their own, in order: not those that only compare, count or break down."""
        rows = [line for section in self.sections if section.layout in ("lines", "by_month") for line in section.lines]
        return [line for line in rows if line.breakdown is None]

    @cached_property
    def section_titles(self) -> dict[tuple[str, str | None, str], str]:
        """By the key of each line the title of the first section that shows it."""
        return {line.key: section.title for section in reversed(self.sections) for line in self.lines_of(section)}

    def lines_of(self, section: Section) -> list[Line]:
        """Return the lines of one section, each as it is judged; one with a breakdown before its parts."""
        if section.layout != "comparison":
            return [line for whole in section.lines for line in (whole, *whole.parts)]
        whole = {line.number: line for line in self.judged}
        return [
            line.model_copy(update={"target": beside.target, "band": beside.band})
            if (beside := whole.get(line.number)) is not None and line.band is None
            else line
            for line in section.lines
        ]
