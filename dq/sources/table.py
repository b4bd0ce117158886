"""A table of records as it lies in its file or database: its headings, and how to read what is beneath them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dq.model import Contract, ExtractMapping
from dq.problems import ProblemsError, refuse
from dq.sources.matching import Matched, match_headings, plain_form

LOOKED_AT = 20
"""The headings are found in one of so many first rows."""


@dataclass(frozen=True)
class Spot:
    """Where a table lies, for messages: the file, and the sheet or the table within it."""

    path: Path | None
    inside: str = ""

    @property
    def file(self) -> str:
        """The file's name, and what within it."""
        return ", ".join(part for part in (self.path.name if self.path else "", self.inside) if part)

    def refuse(self, what: str, line: int | None = None, instead: str | None = None) -> ProblemsError:
        """Return the error for something wrong here, ready to raise."""
        return refuse(f"{self.inside}: {what}" if self.inside else what, self.path, line, instead)


@dataclass(frozen=True)
class Table:
    """A table whose headings are known and whose records are counted, but not yet read.

    ``relation`` is SQL whose columns are ``column 0``, ``column 1``, … in the order of the headings; ``types`` says
    which of them are not text. A ``lasting`` relation has a ``rowid`` and can be read again at any time. ``records``
    counts what is beneath the headings, by other means than the reading. ``again`` reads the table a second time,
    slowly and by another parser, when the first did not succeed; it raises ProblemsError where the fault is found.
    ``lines`` tells the line on which each record begins, in order, where they are not one to a line. ``unknown`` names
    what lies in the records besides, and is read by no column. A row in which nothing stands is no record, unless
    ``blanks_count``: an element of an XML return is one.
    """

    spot: Spot
    headings: tuple[str, ...]
    relation: str
    records: int
    line: int = 1
    titles: int = 0
    encoding: str | None = None
    types: tuple[str, ...] = ()
    lasting: bool = False
    digest: Callable[[], str] | str | None = None
    again: Callable[[], Table] | None = None
    lines: Callable[[], Iterable[int]] | None = None
    unknown: tuple[str, ...] = ()
    blanks_count: bool = False

    def type_of(self, place: int) -> str:
        """Return the type of a column of the relation."""
        return self.types[place] if self.types else "VARCHAR"


@dataclass(frozen=True)
class Wanted:
    """The extract that a table is to be read as."""

    contract: Contract
    mapping: ExtractMapping | None = None

    def fit(self, headings: Sequence[str]) -> int:
        """Return how many columns of the extract a row of headings has; 0 where it lacks the key."""
        try:
            matched = match_headings(self.contract, headings, self.mapping)
        except ProblemsError:
            return len(self.contract.columns)  # it has two for one column, which is said when it is matched
        return len(matched.arrived) if self._keyed(matched) else 0

    def match(self, table: Table) -> Matched:
        """Return which heading is which column. Raises ProblemsError where the key is not there, or a name is twice."""
        matched = match_headings(self.contract, table.headings, self.mapping, table.spot.path)
        key = self.contract.told_by
        if not self._keyed(matched):
            what = (
                f"there is no column '{key}', {'of ' if self.contract.key_of else ''}the key of {self.contract.name}."
            )
            raise table.spot.refuse(what, table.line, _instead(key, table.headings, matched))
        check_headings(table)
        return matched

    def _keyed(self, matched: Matched) -> bool:
        # A table without the columns that the mapping makes a record of has no record of this extract.
        return bool(matched.arrived) if self._makings else self.contract.told_by in matched.arrived

    def has_records(self, matched: Matched) -> bool:
        """Whether a table has the columns that the mapping makes a record of, if it says which."""
        return self._makings <= set(matched.arrived)

    @property
    def _makings(self) -> set[str]:
        if self.mapping is None:
            return set()
        filled = set() if self.mapping.rows_with is None else {self.mapping.rows_with}
        return filled | {self.contract.told_by} & set(self.mapping.made_from)


def fit_of(wanted: Wanted | None, headings: Sequence[str]) -> int:
    """Return how many columns of the extract, if there is one, a row of headings has."""
    return 0 if wanted is None else wanted.fit(headings)


def find_headings(rows: Sequence[Sequence[str]], wanted: Wanted | None) -> int:
    """Return which row holds the headings: that with most columns of the extract, else the one with most cells."""
    fits = [fit_of(wanted, row) for row in rows]
    if any(fits):
        return fits.index(max(fits))
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    return filled.index(max(filled))


def check_headings(table: Table) -> None:
    """Raise ProblemsError for a column without a heading, or two with the same."""
    seen: set[str] = set()
    for i, heading in enumerate(table.headings, 1):
        form = plain_form(heading) or heading.strip()
        if not form:
            raise table.spot.refuse(f"column {i} has no heading.", table.line, "Head every column.")
        if form in seen:
            what = f"the heading '{heading}' is used twice."
            raise table.spot.refuse(what, table.line, "Give each column its own heading.")
        seen.add(form)


def _instead(key: str, headings: Sequence[str], matched: Matched) -> str:
    """Say what is there instead of the key: only words we know, as what stands for headings may be a record."""
    near = difflib.get_close_matches(key, headings, n=1, cutoff=0.75)
    if near:
        return f"Is it '{near[0]}'? Then head it '{key}'."
    if matched.columns:
        return f"Of its columns there are {', '.join(matched.columns)}."
    return "None of its headings is known: is there a row of headings?"
