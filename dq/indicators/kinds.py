"""How the rows of a figure's base count, and what a row may add where something of it is in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from sqlglot import exp

from dq.indicators.ends import NOTHING, Way, Ways
from dq.language.bind import Bound
from dq.library.policy import Base, BoundIndicator, Library
from dq.model import Number

Bounds = tuple[Number, Number]
"""The least and greatest that a row's value, or its weight, may be."""


@dataclass(frozen=True)
class Kind:
    """How the rows of a base count: whether some meet it, how far a value and a weight may lie, what they add to."""

    met: bool
    value: Bounds | None
    weight: Bounds | None

    @classmethod
    def of(cls, library: Library, bound: BoundIndicator, base: Base) -> Kind | None:
        """Return how the rows of a base count; None where nobody can say how far a value or a weight may lie."""
        value, weight = (
            None if part is None else bounds_of(library, bound, said, part)
            for said, part in (("value", base.value), ("weight", base.weight))
        )
        if (base.value is not None and value is None) or (base.weight is not None and weight is None):
            return None
        return cls(base.numerator is not None, value, weight)

    def way(self, *, met: bool, value: Number | None, weight: Number | None) -> Way:
        """Return what a row of the base adds."""
        each = 1 if weight is None else weight
        if self.value is not None:
            return (value or 0, each)
        return (each if met else 0, each) if self.met else (0, each)

    def ways(
        self,
        *,
        belongs: bool | None,
        met: Sequence[bool],
        values: Sequence[Number | None],
        weights: Sequence[Number | None],
    ) -> Ways:
        """Return what a row may add: nothing too, where it may not belong."""
        added = {self.way(met=m, value=v, weight=w) for m, v, w in product(met, values, weights)}
        return frozenset(added | ({NOTHING} if belongs is None else set()))

    def any_way(self) -> Ways:
        """Return what a record nothing is known of may add."""
        return self.ways(
            belongs=None,
            met=(True, False) if self.met else (False,),
            values=self.value or (None,),
            weights=self.weight or (None,),
        )

    def elsewhere(self) -> Ways:
        """Return how a figure may change when a record is somebody else's, and so one row of anybody's another.

        That a row is met which was not moves a share further than that it comes or goes, so that it is all there is
        to say; likewise an average, of which a value may be the greatest in place of the least. But where nobody is in
        an average yet, that one comes is all there is.
        """
        most = self.weight[1] if self.weight is not None else 1
        if self.value is not None:
            far = self.value[1] - self.value[0]
            return frozenset({NOTHING, (far, 0), (-far, 0)}) | self.any_way()
        return frozenset({NOTHING, (most, 0), (-most, 0)} if self.met else {NOTHING, (0, most), (0, -most)})


def bounds_of(library: Library, bound: BoundIndicator, part: str, said: Bound) -> Bounds | None:
    """Return how far the value or the weight of a row may lie; None where nothing says.

    What the indicator itself calls plausible goes before the limits that contracts declare for the cells it is.
    """
    plausible = bound.indicator.plausible.get(part)
    if plausible is not None:
        return plausible
    if not isinstance(said.tree, exp.Column):
        return None
    cells = library.tables.cells(said.tree.table, [said.tree.name])
    columns = [library.contracts[extract].columns.get(column) for extract, column in cells]
    limits = [(column.at_least, column.at_most) for column in columns if column is not None]
    known = [(low, high) for low, high in limits if low is not None and high is not None]
    if not known or len(known) < len(cells):
        return None
    return min(low for low, _ in known), max(high for _, high in known)
