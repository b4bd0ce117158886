"""Exceptions counted once, for every page: by rule and team, of each indicator too, and the new ones by team."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from dq.model import Rule

RuleAndTeam = tuple[str, str | None]


@dataclass(frozen=True)
class Tally:
    """Counts of exceptions. A team of None holds those that belong to no team."""

    titles: Mapping[str, str]
    by_rule_and_team: Mapping[RuleAndTeam, int]
    by_indicator: Mapping[str, Mapping[RuleAndTeam, int]]
    new_by_team: Mapping[str | None, int]

    def teams(self) -> list[str | None]:
        """Return the teams that have exceptions, by id; none last."""
        return sorted({team for _, team in self.by_rule_and_team}, key=lambda team: (team is None, team or ""))

    def of_team(self, team: str | None) -> int:
        """Return how many exceptions a team has."""
        return sum(count for (_, of), count in self.by_rule_and_team.items() if of == team)

    def of_rule(self) -> Counter[str]:
        """Return how many exceptions each rule has."""
        counts: Counter[str] = Counter()
        for (rule, _), count in self.by_rule_and_team.items():
            counts[rule] += count
        return counts

    def rules_of_indicator(self, indicator: str) -> tuple[tuple[str, int], ...]:
        """Return (title, exceptions) of the rules whose exceptions touch an indicator, most first."""
        found: Counter[str] = Counter()
        for (rule, _), count in self.by_indicator.get(indicator, {}).items():
            found[rule] += count
        ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
        return tuple((self.titles.get(rule, rule), count) for rule, count in ranked)


def tally(exceptions: pa.Table, rules: Mapping[str, Rule]) -> Tally:
    """Count the exceptions of a run (one row each; columns rule_id, team_id and indicators, 'id;id')."""
    by_indicator: dict[str, Counter[RuleAndTeam]] = defaultdict(Counter)
    for rule, indicators, team, count in _groups(exceptions, "rule_id", "indicators", "team_id"):
        for indicator in filter(None, (indicators or "").split(";")):
            by_indicator[indicator][rule or "", team] += count
    return Tally(
        titles={name: rule.title for name, rule in rules.items()},
        by_rule_and_team={(rule or "", team): n for rule, team, n in _groups(exceptions, "rule_id", "team_id")},
        by_indicator=dict(by_indicator),
        new_by_team={team: n for team, state, n in _groups(exceptions, "team_id", "state") if state == "new"},
    )


def _groups(table: pa.Table, *columns: str) -> Iterable[tuple[Any, ...]]:
    """Return the values of some columns that stand together, each with how many rows they are of."""
    counted = table.group_by(list(columns)).aggregate([([], "count_all")])
    return zip(*(counted[column].to_pylist() for column in (*columns, "count_all")), strict=True)
