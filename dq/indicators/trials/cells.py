"""Which cells an open error leaves open, where its record can be put right in so few ways that each can be tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from dq.library.opened import opened_by, other_cells
from dq.library.policy import Base, BoundIndicator, BoundRule, Library
from dq.model import Column, ColumnType, Contract, Read

Cell = tuple[str, str, str]
"""(extract, key of the record, column)."""
DAYS = frozenset({ColumnType.DATE, ColumnType.DATETIME})
MOST_NUMBERS = 50
"""A whole number that may be any of more is not tried."""


@dataclass(frozen=True)
class Open:
    """An open exception of a record of a child's."""

    id: str
    rule: str
    person: str
    extract: str
    key: str


@dataclass(frozen=True)
class Group:
    """A child, and the cells of its records that may turn out otherwise."""

    person: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Question:
    """A figure over a window of so many months, and the rules whose exceptions touch it."""

    bound: BoundIndicator
    base: Base
    months: int
    rules: Sequence[BoundRule]


def own_columns(library: Library, rule: BoundRule, base: Base, reads: frozenset[Read]) -> tuple[str, ...] | None:
    """Return which columns that a figure reads an exception of a rule leaves open in its own record.

    None where they cannot be tried: the rule compares records, so that another may be the one at fault, or says that
    something else is open besides; or a column is a name, a text or a number of any size, but for a postcode; or a
    day, in a figure that sums what lies between days.
    """
    contract = library.contracts.get(rule.rule.on)
    if contract is None or not of_row_itself(rule):
        return None
    if other_cells(library, opened_by(library, rule.rule)) & reads:
        return None
    columns = tuple(column for column in rule.rule.fields if (contract.name, column) in reads)
    sums = base.value is not None or base.weight is not None
    for column in columns:
        said = contract.columns.get(column)
        if said is None or not _can_be_tried(contract, column, said) or (sums and said.type in DAYS):
            return None
    return columns


def of_row_itself(rule: BoundRule) -> bool:
    """Whether a rule says something of one row of an extract, whatever other rows there are."""
    return not rule.marks and not any(bound.tree.find(exp.Query) for bound in (rule.where, rule.expect))


def _can_be_tried(contract: Contract, name: str, column: Column) -> bool:
    named = {contract.key, contract.person, contract.team, contract.worker}
    if name in named or column.references is not None:
        return False
    few = column.type is ColumnType.CODE or whole_numbers(column) is not None
    return few or column.type in DAYS or name in contract.postcodes


def whole_numbers(column: Column) -> range | None:
    """Return the numbers that a column may hold, if they are few."""
    if column.type is not ColumnType.INTEGER or column.at_least is None or column.at_most is None:
        return None
    found = range(round(column.at_least), round(column.at_most) + 1)
    return found if len(found) <= MOST_NUMBERS else None


@dataclass(frozen=True)
class Asked:
    """What a figure asks to be tried of one child: a group, and which of its cells each exception leaves open."""

    group: Group
    open_by: Mapping[str, frozenset[int]]


def reads_of(library: Library, bound: BoundIndicator, base: Base) -> frozenset[Read]:
    """Return the cells that decide what a base's rows are, what they add, and to whose figure."""
    table = library.tables.reads[base.on]
    return bound.reads | table.rows | table.columns.get("team_id", frozenset())


def asked_of(
    columns: Mapping[str, tuple[str, ...] | None], by_person: Mapping[str, Sequence[Open]]
) -> dict[str, Asked]:
    """Return what a figure asks to be tried, by child: of those whose every exception that touches it can be.

    ``columns`` has the rules whose exceptions touch the figure, with what each leaves open.
    """
    found = {}
    for person, exceptions in by_person.items():
        touching = [one for one in exceptions if one.rule in columns]
        if not touching or any(columns[one.rule] is None for one in touching):
            continue
        open_cells = {
            one.id: [(one.extract, one.key, column) for column in columns[one.rule] or ()] for one in touching
        }
        cells = tuple(sorted({cell for cells in open_cells.values() for cell in cells}))
        place = {cell: i for i, cell in enumerate(cells)}
        open_by = {one: frozenset(place[cell] for cell in cells) for one, cells in open_cells.items()}
        found[person] = Asked(Group(person, cells), open_by)
    return found
