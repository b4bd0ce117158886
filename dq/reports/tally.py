"""Exceptions counted once, for every page: by rule and team, by rule and indicator, and the new ones by team."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from dq.model import Rule


@dataclass(frozen=True)
class Tally:
    """Counts of exceptions. A team of None holds those that belong to no team."""

    titles: Mapping[str, str]
    by_rule_and_team: Mapping[tuple[str, str | None], int]
    by_rule_and_indicator: Mapping[tuple[str, str], int]
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
        found = {rule: count for (rule, of), count in self.by_rule_and_indicator.items() if of == indicator}
        ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
        return tuple((self.titles.get(rule, rule), count) for rule, count in ranked)


def tally(exceptions: pa.Table, rules: Mapping[str, Rule]) -> Tally:
    """Count the exceptions of a run (one row each; columns rule_id, team_id and indicators, 'id;id')."""
    by_indicator: Counter[tuple[str, str]] = Counter()
    for rule, indicators, count in _groups(exceptions, "rule_id", "indicators"):
        for indicator in filter(None, (indicators or "").split(";")):
            by_indicator[rule or "", indicator] += count
    return Tally(
        titles={name: rule.title for name, rule in rules.items()},
        by_rule_and_team={(rule or "", team): n for rule, team, n in _groups(exceptions, "rule_id", "team_id")},
        by_rule_and_indicator=by_indicator,
        new_by_team={team: n for team, state, n in _groups(exceptions, "team_id", "state") if state == "new"},
    )


def _groups(table: pa.Table, first: str, second: str) -> Iterable[tuple[str | None, str | None, int]]:
    counted = table.group_by([first, second]).aggregate([([], "count_all")])
    return zip(counted[first].to_pylist(), counted[second].to_pylist(), counted["count_all"].to_pylist(), strict=True)
