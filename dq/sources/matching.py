"""Which table holds an extract, and which of its headings is which column.

Names are compared in plain form: letters and digits only, whatever the case, so ``PersonID``, ``person_id`` and
``Person - ID`` are one. Where a mapping says what a thing is called there, that comes first; then our own name for
it; then its national name (the Standard Safeguarding Dataset's), which the contract gives.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from dq.model import Contract, ExtractMapping
from dq.problems import refuse


@dataclass(frozen=True)
class Matched:
    """How the headings of one table stand against a contract.

    ``columns`` is contract column → index of its heading (from 0); ``made`` those a mapping makes up from other
    headings (their indexes) or, with none, from a constant; ``unknown`` the headings nothing uses, as they came;
    ``missing`` the contract's columns that are neither headed nor made.
    """

    columns: dict[str, int]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    made: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def arrived(self) -> tuple[str, ...]:
        """The contract's columns that have values here."""
        return (*self.columns, *self.made)


@lru_cache(maxsize=10_000)
def plain_form(name: str) -> str:
    """Return the form in which names are compared: letters and digits alone, in small letters."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", name).casefold() if letter.isalnum())


def find_tables(
    extract: str, contract: Contract, names: Iterable[str], mapping: ExtractMapping | None = None
) -> dict[str, str]:
    """Return, of ``names`` (of files without their ending, sheets or database tables), those that hold an extract.

    They are given as table → name, where table is what the mapping calls it, else the name itself. Only a mapping
    names several for one extract; the rest of the time there is one or none. Raises ProblemsError for two names
    of one table.
    """
    known = list(names)
    if mapping is not None and mapping.tables:
        mapped = {table: _only(extract, known, mapping.names_of(table)) for table in mapping.tables}
        return {table: name for table, name in mapped.items() if name is not None}
    called = [extract] if contract.source_table is None else [extract, contract.source_table]
    for own in called:
        found = _only(extract, known, [own])
        if found is not None:
            return {found: found}
    return {}


def find_table(
    extract: str, contract: Contract, names: Iterable[str], mapping: ExtractMapping | None = None
) -> str | None:
    """Return the first of ``names`` that :func:`find_tables` finds, or None. Raises ProblemsError as it does."""
    return next(iter(find_tables(extract, contract, names, mapping).values()), None)


def _only(extract: str, names: Sequence[str], called: Sequence[str]) -> str | None:
    wanted = {plain_form(name) for name in called}
    found = [name for name in names if plain_form(name) in wanted]
    if len(found) > 1:
        raise refuse(f"two tables for the extract '{extract}': {found[0]} and {found[1]}.", instead="Keep one.")
    return found[0] if found else None


def match_headings(
    contract: Contract, headings: Sequence[str], mapping: ExtractMapping | None = None, path: Path | None = None
) -> Matched:
    """Return which heading is which column of the contract; ``path`` is the file, for the message.

    Raises ProblemsError where two headings fit one column equally well.
    """
    places: dict[str, list[int]] = {}
    for i, heading in enumerate(headings):
        places.setdefault(plain_form(heading), []).append(i)
    columns: dict[str, int] = {}
    made: dict[str, tuple[int, ...]] = {}
    for column, declared in contract.columns.items():
        told = () if mapping is None else mapping.headings_of(column)
        found = _place(places, headings, column, [told, (column,), (declared.source or "",)], path)
        if found is not None:
            columns[column] = found
    for column in contract.columns:
        parts = None if mapping is None else _made(mapping, column, columns, places)
        if parts is not None:
            made[column] = parts
            columns.pop(column, None)
    used = {*columns.values(), *(i for parts in made.values() for i in parts)}
    aside = set() if mapping is None else {plain_form(heading) for heading in mapping.aside}
    unknown = (h for i, h in enumerate(headings) if i not in used and plain_form(h) not in aside)
    missing = (column for column in contract.columns if column not in columns and column not in made)
    return Matched(columns, tuple(unknown), tuple(missing), made)


def _place(
    places: dict[str, list[int]],
    headings: Sequence[str],
    column: str,
    choices: Iterable[Sequence[str]],
    path: Path | None,
) -> int | None:
    for choice in choices:
        found = sorted({i for name in choice if plain_form(name) for i in places.get(plain_form(name), [])})
        if len(found) > 1:
            first, second = headings[found[0]], headings[found[1]]
            raise refuse(
                f"two headings fit the column '{column}': '{first}' and '{second}'.", path, 1 if path else None,
                "Keep one, or say which in a mapping (docs/project-file.md).",
            )  # fmt: skip
        if found:
            return found[0]
    return None


def _made(
    mapping: ExtractMapping, column: str, columns: dict[str, int], places: dict[str, list[int]]
) -> tuple[int, ...] | None:
    if column in mapping.fixed or column in mapping.by_table:
        return ()
    if column not in mapping.made_from:
        return None
    parts = [
        [columns[part]] if part in columns else places.get(plain_form(part), []) for part in mapping.made_from[column]
    ]
    return tuple(part[0] for part in parts) if all(parts) else None
