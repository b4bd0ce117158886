"""A project and what it is set up with: mappings of other layouts, the words of a case system."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, Strict

from dq.model.declared import Declared
from dq.model.gates import Confirmed, Leave


class ExtractMapping(Declared):
    """How one extract is read from another layout: its tables there, and what its columns and values are called.

    ``tables`` hold its records, one below the other (none: found by its own or its national name). ``columns`` is
    contract column → heading there, or several that it may have; ``values`` column → value there → our code,
    whatever the case. Where it is ``labelled``, coded cells carry a letter or a label (``a) Male``, ``U5 - Foster
    carer``), and the part that is known is read. ``made_from`` joins the cells of other columns, or of headings,
    into a column the layout lacks, null where one is empty; ``fixed`` and ``by_table`` give a column one value,
    throughout or for each table. A row is a record where the column ``rows_with`` is filled in; ``distinct`` says
    that one record may stand in many rows there. ``latest_only`` says that it holds the latest records (the last of
    each child, or those of the last months) and none before them, so that no figure is made of it. ``called`` is
    table → its other names; ``aside`` the headings that are known and not this extract's.
    """

    model_config = ConfigDict(coerce_numbers_to_str=True)

    tables: list[str] = []
    columns: dict[str, str | list[str]] = {}
    values: dict[str, dict[str, str]] = {}
    labelled: bool = False
    made_from: dict[str, list[str]] = {}
    fixed: dict[str, str] = {}
    by_table: dict[str, dict[str, str]] = {}
    rows_with: str | None = None
    distinct: bool = False
    latest_only: bool = False
    called: dict[str, list[str]] = {}
    aside: list[str] = []

    def headings_of(self, column: str) -> tuple[str, ...]:
        """Return the headings that a column of the contract may have there, best first."""
        told = self.columns.get(column, ())
        return (told,) if isinstance(told, str) else tuple(told)

    @property
    def used(self) -> set[str]:
        """The headings there that this extract names."""
        columns = {heading for column in self.columns for heading in self.headings_of(column)}
        return columns | {heading for parts in self.made_from.values() for heading in parts}

    def names_of(self, table: str) -> tuple[str, ...]:
        """Return the names a table may have there."""
        return (table, *self.called.get(table, ()))


class Mapping(Declared):
    """Another layout's names for our extracts: extract → how it is read from there.

    ``tables`` is table → its other names; ``columns`` what a column is called in every extract; ``aside`` the
    headings that are known there and not used; ``codes`` code list → value there → our code, for every column of
    the list; ``labelled`` as of an extract, for all of them; ``cannot_tell`` is a reason → rules that cannot be
    tested there for it, though the columns that they read have come.
    """

    model_config = ConfigDict(coerce_numbers_to_str=True)

    title: str
    source: str
    tables: dict[str, list[str]] = {}
    columns: dict[str, str | list[str]] = {}
    aside: list[str] = []
    codes: dict[str, dict[str, str]] = {}
    labelled: bool = False
    cannot_tell: dict[str, list[str]] = {}
    extracts: dict[str, ExtractMapping] = {}
    id: str = ""
    path: Path | None = None

    @property
    def untold(self) -> dict[str, str]:
        """The rules that cannot be tested there → why."""
        return {rule: why for why, rules in self.cannot_tell.items() for rule in rules}

    def of(self, extract: str) -> ExtractMapping | None:
        """Return how an extract is read, knowing the tables' other names and the headings of other extracts."""
        found = self.extracts.get(extract)
        if found is None:
            return None
        aside = {*found.aside, *self.aside, *(name for other in self.extracts.values() for name in other.used)}
        return found.model_copy(update={"called": {**self.tables, **found.called}, "aside": sorted(aside)})


class HeadingWords(Declared):
    """Words of headings that mean the same: a word, or a phrase, → others for it."""

    title: str
    source: str
    words: dict[str, list[str]]


class CaseSystem(Declared):
    """What a case-management system calls things: our word → its word, and extract → the screen of its records."""

    title: str
    note: str
    words: dict[str, str] = {}
    screens: dict[str, str] = {}
    id: str = ""
    path: Path | None = None


class PublishedNumbers(Declared):
    """What may be shown outside: no count of fewer than ``smallest`` but none, others to the nearest ``round_to``."""

    smallest: Annotated[int, Strict(), Field(ge=2)] = 5
    round_to: Annotated[int, Strict(), Field(ge=1)] = 1


class History(Declared):
    """Figures published before, in a file or a folder of them.

    ``stands`` says which of the two does, for a month that the extracts reach back to as well:
    ``records``: what the records now say, so that like is compared with like; ``published``: what was printed then.
    """

    file: str
    stands: Literal["records", "published"] = "records"


class Retention(Declared):
    """For how many months the ledger keeps what it knows of exceptions that are there no more, and their answers."""

    exceptions: Annotated[int, Strict(), Field(ge=1)] | None = None
    answers: Annotated[int, Strict(), Field(ge=1)] | None = None


class Project(Declared):
    """An authority's own settings (``dq.yaml``). Paths are relative to the file.

    ``extracts`` is a folder, a workbook, a DuckDB or SQLite database, or the address of a PostgreSQL database; so is
    ``casework``, which says of the children of a national return who holds their cases.
    ``links`` are the addresses of pages of the case system: of a ``person``, or of the records of an extract.
    ``commentary`` is the folder of what managers write of the figures. ``with_queries``: ranges are as wide as queries,
    of records that may be right, would leave them too. ``may_skip`` gives rules leave to be skipped, and ``confirmed``
    says of which figures somebody stands by a large movement. ``ledger`` is the address of the database that remembers:
    ``sqlite:///`` and a file, or ``postgresql://``; or ``none``; and ``retention`` how long that keeps what is over.
    """

    authority: str
    dataset: str = "casework"
    scorecard: str
    extracts: str = "extracts"
    casework: str | None = None
    period: str | None = Field(default=None, pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    local_authority: str | None = Field(default=None, pattern=r"^[ENSW]\d{8}$")
    history_from: dt.date | None = None
    history: History | None = None
    expected_rows: dict[str, tuple[int, int]] = {}
    thresholds: dict[str, Annotated[float, Strict()]] = {}
    gate: str = "publication"
    may_skip: list[Leave] = []
    confirmed: list[Confirmed] = []
    mapping: str | None = None
    case_system: str | None = None
    links: dict[str, str] = {}
    commentary: str = "commentary"
    with_queries: bool = False
    ledger: str = "sqlite:///ledger.sqlite"
    retention: Retention = Retention()
    published: PublishedNumbers = PublishedNumbers()
    folder: Path = Path()
    path: Path | None = None

    @property
    def source(self) -> Path | str:
        """Where the extracts lie: a path, or an address that holds ``://`` and may hold a password."""
        return self._at(self.extracts)

    @property
    def casework_source(self) -> Path | str | None:
        """Where it says who holds the cases of a return's children, if that is not where its extracts lie."""
        return None if self.casework is None else self._at(self.casework)

    def _at(self, place: str) -> Path | str:
        return place if "://" in place else self.folder / place
