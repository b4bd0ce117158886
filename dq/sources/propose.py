"""Propose which table is which extract, and which heading which column, and say how sure that is and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from enum import StrEnum

from dq.model import CodeList, Contract
from dq.sources.heading_words import Vocabulary
from dq.sources.matching import plain_form
from dq.sources.profiles import Evidence, Profile, code_shares, evidence, profile

_NEAR, _FAR = 0.65, 0.34
"""From the first, two names are likely the same; below the second, they have nothing to do with each other."""
_MARGIN = 0.15
"""How far ahead of the next choice a likely one must be."""
_TABLE = 0.25
"""A table that holds less than this of what an extract needs is not it."""


class Sureness(StrEnum):
    """How sure a proposal is. Only what is certain is put into use."""

    CERTAIN = "certain"
    LIKELY = "likely"
    GUESS = "a guess"
    NONE = "none"


_WORTH = {Sureness.CERTAIN: 1.0, Sureness.LIKELY: 0.8, Sureness.GUESS: 0.3, Sureness.NONE: 0.0}


@dataclass(frozen=True)
class SeenTable:
    """A file, sheet or database table: its headings, the first rows under each, and all values under one, on asking.

    ``samples`` holds one sequence of values for each heading, all as text.
    """

    file: str
    name: str
    headings: tuple[str, ...]
    samples: tuple[Sequence[str | None], ...]
    values: Callable[[int], Set[str]]


@dataclass(frozen=True)
class ProposedColumn:
    """What one heading is taken for. ``own`` says that it is found without a mapping."""

    heading: str
    column: str | None
    sure: Sureness
    why: str
    own: bool = False


@dataclass(frozen=True)
class ProposedTable:
    """What one table is taken for; ``values`` is column → value there → our code, where our own labels are there."""

    table: SeenTable
    extract: str | None
    sure: Sureness
    why: str
    columns: tuple[ProposedColumn, ...]
    own: bool = False
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, column: str) -> ProposedColumn | None:
        """Return what is proposed for a column of the contract."""
        return next((proposed for proposed in self.columns if proposed.column == column), None)


@dataclass(frozen=True)
class Proposer:
    """What proposals are made from: the policy, and, once some tables are known, their keys."""

    contracts: Mapping[str, Contract]
    code_lists: Mapping[str, CodeList]
    vocabulary: Vocabulary
    keys: Mapping[str, Set[str]] = field(default_factory=dict)

    def propose(self, tables: Sequence[SeenTable]) -> tuple[ProposedTable, ...]:
        """Return a proposal for each table, in their order."""
        profiles = {i: [profile(sample) for sample in table.samples] for i, table in enumerate(tables)}
        first = self._assigned(tables, profiles)
        keys = {
            proposed.extract: table.values(place)
            for table, proposed in zip(tables, first, strict=True)
            if proposed.extract is not None and (place := _key_place(proposed, self.contracts)) is not None
        }
        return replace(self, keys=keys)._assigned(tables, profiles)

    def _assigned(
        self, tables: Sequence[SeenTable], profiles: Mapping[int, Sequence[Profile]]
    ) -> tuple[ProposedTable, ...]:
        """Give each extract to the table that suits it best, the best suited first."""
        choices = [
            (*self._suited(table, contract, columns), i, extract, columns)
            for i, table in enumerate(tables)
            for extract, contract in self.contracts.items()
            for columns in [self._columns(table, contract, profiles[i])]
        ]
        choices.sort(key=lambda choice: -choice[0])
        given: dict[int, ProposedTable] = {}
        for score, why, i, extract, columns in choices:
            if i in given or score < _TABLE or extract in {proposed.extract for proposed in given.values()}:
                continue
            others = [other for other, _, j, e, _ in choices if j == i and e != extract]
            sure, own = self._table_sureness(tables[i], self.contracts[extract], columns, score, max(others, default=0))
            values = self._values(self.contracts[extract], columns, profiles[i])
            given[i] = ProposedTable(tables[i], extract, sure, why, columns, own, values)
        return tuple(given.get(i, _unknown(table)) for i, table in enumerate(tables))

    def _suited(self, table: SeenTable, contract: Contract, columns: Iterable[ProposedColumn]) -> tuple[float, str]:
        weights = {name: 2.0 if column.required else 1.0 for name, column in contract.columns.items()}
        found = {proposed.column: _WORTH[proposed.sure] for proposed in columns if proposed.column is not None}
        held = sum(weights[name] * worth for name, worth in found.items()) / sum(weights.values())
        called = max(self.vocabulary.likeness(table.name, name) for name in _names(contract))
        known = sum(worth >= _WORTH[Sureness.LIKELY] for worth in found.values())
        why = f"{known} of its {len(weights)} columns" + (", and a name like it" if called >= _NEAR else "")
        # A table's own name settles what its columns leave open: visits are alike, whoever is visited.
        return held + 0.5 * called, "the same name" if _is_own(table, contract) else why

    def _table_sureness(
        self, table: SeenTable, contract: Contract, columns: Sequence[ProposedColumn], score: float, next_best: float
    ) -> tuple[Sureness, bool]:
        own = _is_own(table, contract)
        certain = {proposed.column for proposed in columns if proposed.sure is Sureness.CERTAIN}
        if own or (set(contract.columns) - {contract.entered} <= certain and score - next_best >= _MARGIN):
            return Sureness.CERTAIN, own
        return (Sureness.LIKELY if score - next_best >= _MARGIN else Sureness.GUESS), False

    def _columns(self, table: SeenTable, contract: Contract, profiles: Sequence[Profile]) -> tuple[ProposedColumn, ...]:
        """Give each column to the heading that suits it best, the best suited first."""
        context = self.vocabulary.words(" ".join((*_names(contract), table.name)))
        scored = [
            (self._name_score(heading, contract, column, context), i, column)
            for i, heading in enumerate(table.headings)
            for column in contract.columns
        ]
        weighed = [
            (score, seen, i, column)
            for score, i, column in scored
            for seen in [evidence(contract, column, profiles[i], self.code_lists, self.keys)]
            if score > _FAR or (seen.telling and seen.weight > 0)
        ]
        weighed.sort(key=lambda choice: (-_worth(choice[0], choice[1]), choice[2]))
        given: dict[int, ProposedColumn] = {}
        for score, seen, i, column in weighed:
            if i in given or column in {proposed.column for proposed in given.values()}:
                continue
            own = plain_form(table.headings[i]) in _own_names(contract, column)
            rivals = (_worth(s, e) for s, e, j, c in weighed if (j == i) != (c == column) and not _taken(given, j, c))
            ahead = _worth(score, seen) - max(rivals, default=0)
            sure, why = _column_sureness(score, seen, own, ahead)
            given[i] = ProposedColumn(table.headings[i], column, sure, why, own)
        unknown = (ProposedColumn(heading, None, Sureness.NONE, "nothing like it") for heading in table.headings)
        return tuple(given.get(i, none) for i, none in enumerate(unknown))

    def _name_score(self, heading: str, contract: Contract, column: str, context: frozenset[str]) -> float:
        declared = contract.columns[column]
        if plain_form(heading) in _own_names(contract, column):
            return 1.2
        if plain_form(heading) == plain_form(declared.label):
            return 1.1
        field_name = (declared.source or "").partition("_")[2]
        return max(self.vocabulary.likeness(heading, name, context) for name in (column, declared.label, field_name))

    def _values(
        self, contract: Contract, columns: Sequence[ProposedColumn], profiles: Sequence[Profile]
    ) -> dict[str, dict[str, str]]:
        """Return label → code for coded columns that hold the labels of our own lists in place of the codes."""
        found = {}
        for proposed, seen in zip(columns, profiles, strict=True):
            codes = None if proposed.column is None else contract.columns[proposed.column].codes
            if proposed.column is not None and codes is not None and seen.filled:
                coded, labelled = code_shares(seen, self.code_lists[codes])
                if labelled > coded:
                    found[proposed.column] = {code.label: name for name, code in self.code_lists[codes].codes.items()}
        return found


def _worth(score: float, seen: Evidence) -> float:
    return score + (0.25 if seen.weight > 0 else 0.6) * seen.weight


def _taken(given: Mapping[int, ProposedColumn], place: int, column: str) -> bool:
    return place in given or any(proposed.column == column for proposed in given.values())


def _column_sureness(score: float, seen: Evidence, own: bool, ahead: float) -> tuple[Sureness, str]:
    same = "the same name" if own else "the same words as its label" if score > 1 else None
    near = "a name like it" if score > _FAR else ""
    why = "; ".join(part for part in (same or near, seen.words) if part)
    if own or (same and seen.weight >= 0):
        return Sureness.CERTAIN, why
    if score >= _NEAR and seen.weight >= 0 and ahead >= _MARGIN:
        return Sureness.LIKELY, why
    return Sureness.GUESS, why


def _own_names(contract: Contract, column: str) -> set[str]:
    return {plain_form(name) for name in (column, contract.columns[column].source or column)}


def _names(contract: Contract) -> list[str]:
    return [contract.name, contract.title, (contract.source_table or contract.name).removeprefix("ssd_")]


def _is_own(table: SeenTable, contract: Contract) -> bool:
    return plain_form(table.name) in {plain_form(contract.name), plain_form(contract.source_table or contract.name)}


def _key_place(proposed: ProposedTable, contracts: Mapping[str, Contract]) -> int | None:
    key = None if proposed.extract is None else proposed.of(contracts[proposed.extract].key)
    return None if key is None or key.sure is Sureness.GUESS else proposed.columns.index(key)


def _unknown(table: SeenTable) -> ProposedTable:
    columns = (ProposedColumn(heading, None, Sureness.NONE, "") for heading in table.headings)
    return ProposedTable(table, None, Sureness.NONE, "no extract is like it", tuple(columns))
