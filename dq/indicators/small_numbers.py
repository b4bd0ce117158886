"""Small numbers: which figures must not be shown outside, so that no count of a few children can be worked back.

A count of fewer children than the threshold, and more than none, could tell who they are. A figure that holds one is
hidden: the number that meet it, the number that do not, and the base alike. That alone is not enough, for what an
authority has is what its areas have together, an area what its teams have, and the whole of a measure what its parts
have: one hidden figure among others that are shown is the difference. So more are hidden, the least that can be, until
the shown ones leave no small count determined, nor told to be less than the threshold by what is hidden beside it.

This is the complementary (secondary) suppression of official statistics, done by linear algebra over all the
totals of one measure, which is exact for them. Totals of different measures are not held against one another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from dq.model import Number, Scope, Unit

Key = tuple[str, str]
"""(split, scope id)."""
Counts = tuple[Number, ...]
_WEIGHT = {"team": 0, "area": 1, "authority": 2}
_REST = "rest of "


def counts_of(unit: Unit, numerator: Number | None, denominator: Number | None, value: float | None) -> Counts:
    """Return the numbers of children or events that a figure tells: counted, meeting it, and not meeting it."""
    if unit is Unit.COUNT:
        return () if value is None else (value,)
    if denominator is None:
        return ()
    if unit is Unit.PERCENT and numerator is not None:
        return (denominator, numerator, denominator - numerator)
    if unit is Unit.RATE and numerator is not None:
        return (numerator,)
    return (denominator,)


def hidden_cells(cells: Mapping[Key, Counts], scopes: Sequence[Scope], threshold: int) -> set[Key]:
    """Return the cells of one measure that must not be shown: with a small count, or telling one."""
    table = _Table(dict(cells), {scope.id: scope for scope in scopes}, threshold)
    table.add_totals()
    table.add_rests()
    hidden = {key for key in cells if table.is_small(key)}
    while more := table.next_to_hide(hidden):
        hidden.add(more)
    return hidden


@dataclass
class _Table:
    """The cells of one measure and the totals that bind them: of each, one cell is what the others come to together.

    What a part leaves of the whole is a cell too, that is never shown.
    """

    cells: dict[Key, Counts]
    scopes: Mapping[str, Scope]
    threshold: int
    totals: list[tuple[Key, ...]] = field(default_factory=list)
    never_shown: set[Key] = field(default_factory=set)

    def add_totals(self) -> None:
        """Bind each authority to its areas, and each area to its teams."""
        for split in sorted({split for split, _ in self.cells}):
            members: dict[str, list[Key]] = defaultdict(list)
            for scope in self.scopes.values():
                above = self._above(scope)
                if above is not None and (split, scope.id) in self.cells:
                    members[above].append((split, scope.id))
            self.totals += [((split, above), *keys) for above, keys in members.items() if (split, above) in self.cells]

    def _above(self, scope: Scope) -> str | None:
        if scope.type == "team" and scope.area is not None:
            return scope.area
        top = next((one.id for one in self.scopes.values() if one.type == "authority"), None)
        return None if scope.id == top else top

    def add_rests(self) -> None:
        """Bind the whole, at each scope, to each split and what it leaves; to the parts of each breakdown together."""
        groups: dict[str, list[str]] = defaultdict(list)
        for split in sorted({split for split, _ in self.cells} - {"all"}):
            groups[split.partition("=")[0]].append(split)
        for name, parts in groups.items():
            for scope in self.scopes:
                there = [(part, scope) for part in parts if (part, scope) in self.cells]
                whole = self.cells.get(("all", scope))
                if whole is None or not there:
                    continue
                left = tuple(
                    number - sum(self.cells[key][i] for key in there if i < len(self.cells[key]))
                    for i, number in enumerate(whole)
                )
                rest: tuple[Key, ...] = ()
                if any(left):
                    rest = ((f"{_REST}{name}", scope),)
                    self.cells[rest[0]] = left
                    self.never_shown.add(rest[0])
                self.totals.append((("all", scope), *there, *rest))

    def is_small(self, key: Key) -> bool:
        """Whether a cell holds a count that must not be told."""
        return any(0 < count < self.threshold for count in self.cells[key])

    def next_to_hide(self, hidden: set[Key]) -> Key | None:
        """Return one more cell to hide, or None where nothing small is told by the cells that are shown."""
        unknown = hidden | self.never_shown
        fixed = _determined(sorted(unknown), self.totals)
        beside: set[Key] = set()
        for total in self.totals:
            away = [key for key in total if key in unknown]
            if self._is_tight(total, away):
                beside |= set(total) - unknown
        if told := {key for key in fixed if self.is_small(key)}:
            beside |= self._around(told, fixed) - unknown
        return min(beside, key=self._loss, default=None)

    def _around(self, told: set[Key], fixed: set[Key]) -> set[Key]:
        """Return the cells that tell of some: of their totals, and of totals that tell what those hide."""
        reached, known = set(told), set[Key]()
        while fixed & reached != known:
            known = fixed & reached
            for total in self.totals:
                if not known.isdisjoint(total):
                    reached |= set(total)
        return reached

    def _is_tight(self, total: tuple[Key, ...], away: Sequence[Key]) -> bool:
        """Whether what is hidden of a total comes to so little that it is told to be small."""
        if not any(self.is_small(key) for key in away) or total[0] in away:
            return False
        sums = (sum(column) for column in zip(*(self.cells[key] for key in away), strict=False))
        return any(0 < together < self.threshold for together in sums)

    def _loss(self, key: Key) -> tuple[int, bool, float, Key]:
        """Order the cells by how little is lost with each; a nought hides little."""
        split, scope = key
        return (_WEIGHT[self.scopes[scope].type], not self.cells[key][0], float(self.cells[key][0]), (split, scope))


def _determined(unknown: Sequence[Key], totals: Sequence[tuple[Key, ...]]) -> set[Key]:
    """Return the unknown cells that the totals determine: where no solution differs from another."""
    places = {key: i for i, key in enumerate(unknown)}
    rows = []
    for whole, *parts in totals:
        row = np.zeros(len(unknown))
        for key, sign in ((whole, 1.0), *((part, -1.0) for part in parts)):
            if key in places:
                row[places[key]] += sign
        if row.any():
            rows.append(row)
    if not rows:
        return set()
    system = np.vstack(rows)
    _, strengths, directions = np.linalg.svd(system, full_matrices=True)
    rank = int((strengths > 1e-9 * max(1.0, strengths[0])).sum())
    free = directions[rank:]
    fixed = np.abs(free).max(axis=0) < 1e-9 if len(free) else np.ones(len(unknown), dtype=bool)
    return {key for key, i in places.items() if fixed[i]}
