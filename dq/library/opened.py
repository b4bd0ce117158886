"""What an error of a rule leaves open: the cells, and the records, that putting it right may change."""

from __future__ import annotations

from dataclasses import dataclass

from dq.library.policy import Library
from dq.model import Read, Rule


@dataclass(frozen=True)
class Opened:
    """What putting a record of an ``extract`` right may change.

    ``own`` are the cells that its fields take their values from, ``elsewhere`` those of other records of its child.
    There may be a record ``missing`` of some extracts, or the flagged one may be ``extra``.
    """

    extract: str
    own: frozenset[Read]
    elsewhere: frozenset[Read]
    missing: frozenset[str]
    extra: bool

    @property
    def come_or_go(self) -> frozenset[str]:
        """The extracts of which there may be one record more, or fewer."""
        return self.missing | ({self.extract} if self.extra else set())


def opened_by(library: Library, rule: Rule) -> Opened:
    """Return what the exceptions of a rule leave open: its fields, and what it says besides."""
    view = library.views.get(rule.on)
    extract = rule.on if view is None or view.of is None else view.of
    elsewhere = frozenset((name, column) for name, _, column in (read.partition(".") for read in rule.besides))
    own = library.tables.cells(rule.on, rule.fields)
    return Opened(extract, own, elsewhere, frozenset(rule.missing), rule.extra)


def cells_of(library: Library, extract: str) -> frozenset[Read]:
    """Return every column of an extract."""
    return frozenset((extract, column) for column in library.contracts[extract].all_columns)


def other_cells(library: Library, opened: Opened) -> frozenset[Read]:
    """Return the columns in which other records may be at fault, with those of records that may come or go."""
    return opened.elsewhere.union(*(cells_of(library, name) for name in opened.come_or_go))
