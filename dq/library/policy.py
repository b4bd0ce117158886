"""The policy of a dataset, read and bound: what every later step works from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from dq.language.bind import Bound, Tables, View, canonical, fingerprint
from dq.language.expression import DIALECT
from dq.library.texts import Texts
from dq.model import CodeList, Contract, Gate, Indicator, Rule, RuleStatus, Scorecard, Threshold


@dataclass(frozen=True)
class BoundRule:
    """A rule with its two conditions bound, a fingerprint of what it means, and the indicators its fields feed."""

    rule: Rule
    where: Bound
    expect: Bound
    mark: str
    feeds: tuple[str, ...] = ()

    @property
    def reads(self) -> frozenset[tuple[str, str]]:
        """All (extract, column) pairs the rule reads."""
        return self.where.reads | self.expect.reads


@dataclass(frozen=True)
class BoundIndicator:
    """An indicator with its conditions bound; ``reads`` is all its value depends on."""

    indicator: Indicator
    denominator: Bound
    numerator: Bound | None

    @property
    def reads(self) -> frozenset[tuple[str, str]]:
        """All (extract, column) pairs the indicator's value depends on."""
        return self.denominator.reads | (self.numerator.reads if self.numerator else frozenset())


@dataclass
class Library:
    """The policy of one dataset, bound and ready to run."""

    dataset: str
    contracts: dict[str, Contract]
    code_lists: dict[str, CodeList]
    thresholds: dict[str, float]
    tables: Tables
    limits: dict[str, Threshold]
    rules: dict[str, BoundRule] = field(default_factory=dict)
    indicators: dict[str, BoundIndicator] = field(default_factory=dict)
    scorecards: dict[str, Scorecard] = field(default_factory=dict)
    gates: dict[str, Gate] = field(default_factory=dict)
    texts: Texts = field(default_factory=Texts)

    @property
    def views(self) -> Mapping[str, View]:
        """The views, by name."""
        return self.tables.views

    def sql(self) -> dict[str, str]:
        """Return the bound conditions of every rule and indicator, by id, as people may read them."""
        shown = {name: _shown({"in scope": b.where, "must hold": b.expect}) for name, b in self.rules.items()}
        for name, bound in self.indicators.items():
            numerator = {} if bound.numerator is None else {"numerator": bound.numerator}
            shown[name] = _shown({"denominator": bound.denominator, **numerator})
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
            f"{name}|{b.indicator.on}|{b.indicator.period}|{canonical(b.denominator.tree)}"
            f"|{canonical(b.numerator.tree) if b.numerator else ''}"
            for name, b in sorted(self.indicators.items())
        ]
        return fingerprint([*views, *limits, *indicators])


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
