"""Extracts read once and made to stand as they are, or changed: every tally of every indicator, to be compared."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from dq.engine.compile import dates_at
from dq.indicators.compute import ScopeKey, Tally, tally_all, trees
from dq.language.expression import DIALECT
from dq.library.policy import BoundIndicator, Library
from dq.periods import length
from dq.sources.reference import add_postcodes
from dq.workspace import Workspace, name

Place = tuple[str, int, dt.date, ScopeKey]
"""(indicator with its split, window in months, month end, scope)."""
Counted = Mapping[Place, Tally]
"""Every tally that is of anything: 0 of 0 and no tally at all are one."""
SHOWN = 30
"""How many differences are printed, out of how many there are."""


class Recorded:
    """The extracts of a workspace as they were read, and what the figures come to once some of them are changed."""

    def __init__(self, workspace: Workspace, library: Library) -> None:
        self.workspace, self.library = workspace, library
        self.indicators = [bound.of(split) for bound in library.indicators.values() for split in ("all", *bound.splits)]
        self._changed: set[str] = set()
        keep(workspace, library, "recorded")

    def stand(self, changes: Mapping[str, str]) -> None:
        """Make the extracts stand as recorded, but for ``changes``: extract → a query over ``recorded``."""
        for extract in self._changed | changes.keys():
            query = changes.get(extract, f"FROM recorded.{name(extract)}")
            self.workspace.execute(f"CREATE OR REPLACE TABLE {name(extract)} AS {query}")
        self._changed = set(changes)
        add_postcodes(self.workspace, self.library.contracts.values())

    def counted(self, ends: Sequence[dt.date], changes: Mapping[str, str] | None = None) -> Counted:
        """Return every tally at some month ends; the views are left as at the last of them."""
        self.stand(changes or {})
        found = {}
        for end in ends:
            tallies = tally_all(self.workspace, self.library, self.indicators, end, None, lambda _: None)
            found |= {(*key, scope): tally for key, of in tallies.found.items() for scope, tally in of.items()}
        return {place: tally for place, tally in found.items() if tally.denominator or tally.numerator}

    def counted_again(self, bound: BoundIndicator, end: dt.date) -> dict[str | None, float]:
        """Return team, or None → what a count comes to over the rows of its view, which must stand."""
        assert bound.base is not None
        months = length(bound.indicator, end)
        said = {part: tree.sql(DIALECT) for part, tree in trees(bound.base, months, self.library).items()}
        found = self.workspace.execute(
            f"SELECT team_id, {said.get('weight', '1')} FROM {name(bound.base.on)} WHERE {said['denominator']}",
            dates_at(end, [months]),
        )
        again: dict[str | None, float] = defaultdict(float)
        for team, weight in found.fetchall():
            again[team] += weight or 0
        return again


def keep(workspace: Workspace, library: Library, schema: str) -> None:
    """Copy every extract as it stands into a schema."""
    workspace.execute(f"CREATE SCHEMA {schema}")
    for extract in library.contracts:
        workspace.execute(f"CREATE TABLE {schema}.{name(extract)} AS FROM {name(extract)}")


def differences(before: Counted, after: Counted) -> str:
    """Say which tallies differ, a line each; nothing where none does."""
    places = sorted(place for place in before.keys() | after.keys() if before.get(place) != after.get(place))
    lines = [
        f"{indicator} ({months} months to {end}), {' '.join(scope)}: {_worded(before.get(place))}, "
        f"changed {_worded(after.get(place))}"
        for place in places[:SHOWN]
        for indicator, months, end, scope in [place]
    ]
    more = [f"and {len(places) - SHOWN} more"] if len(places) > SHOWN else []
    return "\n".join(lines + more)


def _worded(tally: Tally | None) -> str:
    return "nothing" if tally is None else f"{tally.numerator} of {tally.denominator}"
