"""A child of which every way was tried: what it could add, and which exceptions make a difference to that."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from dq.indicators.ends import Way

Parts = tuple[tuple[str | None, Way], ...]
"""What a child adds, by team."""


@dataclass(frozen=True)
class Tried:
    """A child, with what it adds as recorded, and in every way its open errors could be put right.

    ``copies`` has the values chosen for the cells (0 is as recorded) and what the child then adds; ``open_by`` says
    which cells each exception leaves open.
    """

    now: Parts
    copies: Sequence[tuple[tuple[int, ...], Parts]]
    open_by: Mapping[str, frozenset[int]]

    @property
    def outcomes(self) -> frozenset[Parts]:
        """All that the child could add."""
        return frozenset(parts for _, parts in self.copies)

    def alone(self, exception: str) -> frozenset[Parts]:
        """Return what the child could add if that one exception were put right, and all else left."""
        own = self.open_by[exception]
        return frozenset(
            parts for chosen, parts in self.copies if all(not value or i in own for i, value in enumerate(chosen))
        )

    def that_matter(self) -> tuple[str, ...]:
        """Return the exceptions that make a difference to what the child adds, whatever the others turn out to be."""
        kept = sorted(self.open_by)
        for one in sorted(self.open_by):
            fewer = [other for other in kept if other != one]
            cells = frozenset[int]().union(*(self.open_by[other] for other in fewer))
            if self._rests_on(cells):
                kept = fewer
        return tuple(kept)

    def _rests_on(self, cells: Collection[int]) -> bool:
        """Whether what the child adds follows from those cells alone."""
        found: dict[tuple[int, ...], Parts] = {}
        return all(
            found.setdefault(tuple(value for i, value in enumerate(chosen) if i in cells), parts) == parts
            for chosen, parts in self.copies
        )
