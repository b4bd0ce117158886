"""The policy of a dataset, read and bound: what every later step works from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dq.language.bind import Bound, Tables, View, canonical, fingerprint
from dq.language.expression import DIALECT
from dq.library.texts import Texts
from dq.model import (
    Bands,
    CodeList,
    Contract,
    DocumentLayout,
    Gate,
    Indicator,
    Line,
    Mark,
    PeriodKind,
    Rule,
    RuleStatus,
    Scorecard,
    Threshold,
    Total,
    split_id,
)

if TYPE_CHECKING:
    from sqlglot import exp


@dataclass(frozen=True)
class BoundMark:
    """A mark with the SELECT of its pairs: the key of a row that may be flagged, and of a row marked with it."""

    mark: Mark
    pairs: exp.Query


@dataclass(frozen=True)
class BoundRule:
    """A rule with its conditions and marks bound, a fingerprint of its meaning, and the indicators its fields feed."""

    rule: Rule
    where: Bound
    expect: Bound
    mark: str
    feeds: tuple[str, ...] = ()
    marks: tuple[BoundMark, ...] = ()

    @property
    def reads(self) -> frozenset[tuple[str, str]]:
        """All (extract, column) pairs the rule reads."""
        return self.where.reads | self.expect.reads


@dataclass(frozen=True)
class Base:
    """The rows an indicator is about: which make its base, which of them its numerator, and what each counts for."""

    on: str
    denominator: Bound
    numerator: Bound | None = None
    value: Bound | None = None
    weight: Bound | None = None

    @property
    def parts(self) -> dict[str, Bound]:
        """What was declared, by the name it was declared under."""
        named = {
            "denominator": self.denominator, "numerator": self.numerator, "value": self.value, "weight": self.weight,
        }  # fmt: skip
        return {name: bound for name, bound in named.items() if bound is not None}


@dataclass(frozen=True)
class BoundIndicator:
    """An indicator with its conditions bound, or the two it is the ratio of; whole, or one split of it.

    ``titles`` says what the parts of its breakdowns are called.
    """

    indicator: Indicator
    base: Base | None
    ratio: tuple[BoundIndicator, BoundIndicator] | None = None
    splits: Mapping[str, Bound] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    split: str = "all"

    @property
    def id(self) -> str:
        """The id its figures are kept under: the indicator's, with the split where it is one."""
        return split_id(self.indicator.id, self.split)

    @property
    def bases(self) -> tuple[Base, ...]:
        """Its base, or those of the two it is the ratio of."""
        own = () if self.base is None else (self.base,)
        return own if self.ratio is None else (*self.ratio[0].bases, *self.ratio[1].bases)

    @property
    def reads(self) -> frozenset[tuple[str, str]]:
        """All (extract, column) pairs the indicator's value depends on."""
        return frozenset().union(*(bound.reads for base in self.bases for bound in base.parts.values()))

    def of(self, split: str) -> BoundIndicator:
        """Return one split of it: the same figure of fewer rows."""
        if split == "all":
            return self
        assert self.base is not None  # noqa: S101 - a ratio has no splits, as its model says
        fewer = replace(self.base, denominator=self.base.denominator.and_(self.splits[split]))
        return replace(self, base=fewer, splits={}, split=split)

    def may_be_over(self, period: PeriodKind) -> bool:
        """Whether it can be given for another stretch of time: it counts what happened in one."""
        return self.ratio is None and {self.indicator.period, period} <= set(_STRETCHES)

    def over(self, period: PeriodKind | None) -> BoundIndicator:
        """Return it over the stretch of time that a paper gives it for."""
        if period is None or period is self.indicator.period:
            return self
        said = f"{self.indicator.definition.rstrip()} On this scorecard it is of {_STRETCHES[period]}."
        return replace(self, indicator=self.indicator.model_copy(update={"period": period, "definition": said}))


_STRETCHES = {
    PeriodKind.MONTH: "the month alone",
    PeriodKind.QUARTER: "the quarter so far",
    PeriodKind.R3M: "three months",
    PeriodKind.R12M: "twelve months",
    PeriodKind.FINANCIAL_YEAR: "the financial year so far",
    PeriodKind.ACADEMIC_YEAR: "the school year so far",
}
"""How long the periods are that a paper may choose between."""


@dataclass(frozen=True)
class BoundCount:
    """Rows that are counted: of what, and by which condition."""

    on: str
    where: Bound


@dataclass(frozen=True)
class BoundTotal:
    """A total with its counts bound: the one, and those that make it up."""

    total: Total
    count: BoundCount
    parts: tuple[BoundCount, ...]

    @property
    def reads(self) -> frozenset[tuple[str, str]]:
        """All (extract, column) pairs that either side depends on."""
        return frozenset().union(*(count.where.reads for count in (self.count, *self.parts)))


@dataclass
class Library:
    """The policy of one dataset, bound and ready to run. ``note`` is that of a query whose rule has none."""

    dataset: str
    contracts: dict[str, Contract]
    code_lists: dict[str, CodeList]
    thresholds: dict[str, float]
    tables: Tables
    limits: dict[str, Threshold]
    bands: dict[str, Bands] = field(default_factory=dict)
    documents: tuple[DocumentLayout, ...] = ()
    rules: dict[str, BoundRule] = field(default_factory=dict)
    indicators: dict[str, BoundIndicator] = field(default_factory=dict)
    scorecards: dict[str, Scorecard] = field(default_factory=dict)
    gates: dict[str, Gate] = field(default_factory=dict)
    totals: dict[str, BoundTotal] = field(default_factory=dict)
    note: str | None = None
    texts: Texts = field(default_factory=Texts)
    words: str = ""
    """A hash of every file it came of: another wherever anything at all is written otherwise."""

    @property
    def views(self) -> Mapping[str, View]:
        """The views, by name."""
        return self.tables.views

    def measure(self, line: Line) -> BoundIndicator:
        """Return what a line of a scorecard shows; raises KeyError where there is no such indicator or split."""
        return self.indicators[line.indicator].of(line.split).over(line.period)

    def sql(self) -> dict[str, str]:
        """Return the bound conditions of every rule and indicator, by id, as people may read them."""
        shown = {name: _shown({"in scope": b.where, "must hold": b.expect}) for name, b in self.rules.items()}
        for name, bound in self.indicators.items():
            shown[name] = "\n\n".join(_shown(base.parts) for base in bound.bases)
        return shown

    def rule_fingerprints(self) -> dict[str, str]:
        """Return a fingerprint of what each rule means, by its id."""
        return {name: bound.mark for name, bound in self.rules.items()}

    def fingerprints(self) -> dict[str, str]:
        """Return a fingerprint of what the rules mean, and of what the indicators mean."""
        rules = [f"{name}={found}" for name, found in sorted(self.rule_fingerprints().items())]
        return {
            "rules": fingerprint(rules),
            "indicators": self.texts.of("fingerprint of indicators", self._indicators_fingerprint),
        }

    def _indicators_fingerprint(self) -> str:
        views = [f"{name}={canonical(view.tree)}" for name, view in sorted(self.views.items())]
        limits = [f"{name}={value}" for name, value in sorted(self.thresholds.items())]
        indicators = [
            "|".join([name, b.indicator.unit, b.indicator.period, *_meaning(b)])
            for name, b in sorted(self.indicators.items())
        ]
        return fingerprint([*views, *limits, *indicators])


def _meaning(bound: BoundIndicator) -> Iterator[str]:
    """Yield what an indicator says of which rows, whatever the words."""
    for base in bound.bases:
        yield base.on
        yield from (f"{name}:{canonical(part.tree)}" for name, part in base.parts.items())
    yield from (f"{name}:{canonical(split.tree)}" for name, split in sorted(bound.splits.items()))


def _shown(conditions: Mapping[str, Bound]) -> str:
    return "\n\n".join(f"-- {what}\n{bound.tree.sql(DIALECT, pretty=True)}" for what, bound in conditions.items())


def placeholders(message: str) -> list[str]:
    """Return the columns named in braces in a message."""
    return [part.partition("}")[0] for part in message.split("{")[1:]]


def is_counted(rule: Rule, period: dt.date) -> bool:
    """Whether a rule takes part in a run for a period: it is active, and the period is within its from and until."""
    return rule.status is RuleStatus.ACTIVE and _in_force(rule, period)


def runs_in_shadow(rule: Rule, period: dt.date) -> bool:
    """Whether a rule runs beside the others for a period, to see what it would find, and is counted nowhere."""
    return rule.status is RuleStatus.SHADOW and _in_force(rule, period)


def _in_force(rule: Rule, period: dt.date) -> bool:
    begun = rule.since is None or rule.since <= period
    ended = rule.until is not None and rule.until < period
    return begun and not ended
