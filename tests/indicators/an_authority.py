"""An authority made of teams that share nothing, loaded and computed as a run does it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dq.engine.check import Absent, check
from dq.engine.compile import dates_at
from dq.engine.examples import given
from dq.indicators.figures import Worked, figures
from dq.library.policy import Library, is_counted
from dq.model import Figure, Project
from dq.workspace import Workspace
from tests.conftest import PERIOD

Row = dict[str, Any]

BESIDE = {"adoption-placement-without-dates"}
"""Rules that ask for a record of an extract the worlds have nothing of."""
KEYS = {
    "persons": "person_id",
    "addresses": "address_id",
    "cin_visits": "visit_id",
    "cp_plans": "cp_plan_id",
    "cp_visits": "visit_id",
    "cla_episodes": "episode_id",
    "cla_placements": "placement_id",
    "involvements": "involvement_id",
    "missing_episodes": "missing_episode_id",
}


@dataclass
class Authority:
    """Teams and their records, all loaded together."""

    records: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.records["teams"] = [
            {"team_id": "T", "team_name": "All"},
            {"team_id": "A", "team_name": "A", "parent_id": "T"},
        ]

    def add(self, team: str, records: Mapping[str, list[Row]]) -> None:
        """Add the records of one team; the names in them become its own."""
        self.records["teams"].append({"team_id": team, "team_name": team, "parent_id": "A"})
        self.records["workers"].append({"worker_id": team, "team_id": team})
        for extract, rows in records.items():
            for place, row in enumerate(rows):
                own = {name: value for name, value in row.items() if name != "absent"}
                for name in ("person_id", "cla_id", "cp_plan_id"):
                    if own.get(name) is not None:
                        own[name] = f"{team}-{own[name]}"
                own.setdefault(KEYS[extract], f"{team}-{place}")
                if extract == "involvements":
                    own |= {"team_id": team, "worker_id": team}
                self.records[extract].append(own)

    def figures(self, workspace: Workspace, library: Library) -> dict[tuple[str, str], Figure]:
        """Return (team or 'T' for the authority, indicator) → figure, computed as a run computes it."""
        return {(figure.scope.id, figure.indicator.id): figure for figure in self.worked(workspace, library).figures}

    def worked(self, workspace: Workspace, library: Library) -> Worked:
        """Return what a run would work out."""
        rules = [b for name, b in library.rules.items() if is_counted(b.rule, PERIOD) and name not in BESIDE]
        nothing = Absent((), ())
        project = Project(authority="Test", scorecard="plain")
        with given(workspace, library, self.records):
            findings = check(workspace, library, rules, dates_at(PERIOD), nothing, lambda _: None)
            broken = [f"{r.rule.id}: {r.reason}" for r in findings.results if r.reason]
            assert not broken, broken
            card = library.scorecards["plain"]
            return figures(workspace, library, card, findings, nothing, project, PERIOD, lambda _: None)
