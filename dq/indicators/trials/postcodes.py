"""Postcodes in doubt: whether a figure looks at one at all, which a few places far apart tell.

A postcode may be any of millions, so not every one is tried. But a figure can look at one in a few ways only: is it
there, is it that of another address of the child, in which district is it, how far is it from another. So one for each
district where children live, those of the child's own other addresses, one far from all and in no district, and none
at all are tried. Where the child's rows are the same with each, miles and all, the figure does not look. A view that
gave no miles, but only whether they lie between two bounds, could look and not be seen to: none that ships is so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from dq.indicators.trials.cells import Cell
from dq.indicators.trials.copies import MARK, Copy
from dq.language.expression import DIALECT
from dq.language.functions import write_out
from dq.library.policy import Library
from dq.workspace import Workspace, name, quoted

NOWHERE = "ZY99 9ZZ"
"""Of a postcode's form, and in no directory: in copies it lies far from England, and in no district."""
_MOST_DISTRICTS = 300
_EASTING = _NORTHING = -1_000_000


def is_postcode(library: Library, cell: Cell) -> bool:
    """Whether a cell holds a postcode."""
    extract, _, column = cell
    return column in library.contracts[extract].postcodes


@dataclass(frozen=True)
class Postcodes:
    """What postcodes are tried: one of each district that any record is in, and by child those of its own records."""

    by_district: tuple[str, ...]
    own: Mapping[str, Sequence[tuple[Cell, str]]]

    def of(self, cell: Cell, person: str) -> list[str | None]:
        """Return what a cell of a child's is tried with; nothing where districts are too many to try each."""
        if not self.by_district:
            return []
        others = [held for of, held in self.own.get(person, ()) if of != cell]
        return [*dict.fromkeys((*self.by_district, *others, NOWHERE)), None]


def postcodes_to_try(workspace: Workspace, library: Library, people: Collection[str]) -> Postcodes:
    """Return what postcodes are tried of some children."""
    if not people:
        return Postcodes((), {})
    districts = workspace.execute(
        "SELECT min(postcode) FROM postcodes WHERE easting IS NOT NULL GROUP BY local_authority ORDER BY 1"
    ).fetchall()
    own: dict[str, list[tuple[Cell, str]]] = defaultdict(list)
    for extract, contract in library.contracts.items():
        if not contract.person:
            continue
        for column in contract.postcodes:
            rows = workspace.execute(
                f"SELECT {name(contract.person)}, {name(contract.key)}, {name(column)} FROM {name(extract)} "
                f"WHERE {name(contract.person)} IN (SELECT unnest($people)) AND EXISTS ("
                f"FROM postcodes AS known WHERE known.postcode = {_standard(extract, column)} "
                "AND known.easting IS NOT NULL) ORDER BY ALL",
                {"people": sorted(people)},
            ).fetchall()
            for person, key, held in rows:
                own[person].append(((extract, key, column), held))
    few = len(districts) <= _MOST_DISTRICTS
    return Postcodes(tuple(postcode for (postcode,) in districts) if few else (), own)


def _standard(extract: str, column: str) -> str:
    cell = exp.column(column, extract, quoted=True)
    return write_out(exp.Anonymous(this="standard_postcode", expressions=[cell])).sql(DIALECT)


def add_nowhere(place: Workspace, library: Library, copies: Iterable[Copy]) -> None:
    """Give copies a directory of their own, in which :data:`NOWHERE` is a place, if any has a postcode otherwise."""
    columns = {cell[::2] for copy in copies for cell in copy.changed}
    if not any(column in library.contracts[extract].postcodes for extract, column in columns):
        return
    (records,) = place.row("SELECT current_database()")
    place.execute(
        f"CREATE OR REPLACE TEMP TABLE postcodes AS FROM {name(records)}.main.postcodes "
        f"UNION ALL SELECT {quoted(NOWHERE)}, {_EASTING}, {_NORTHING}, NULL"
    )


def rows_of_copies(place: Workspace, on: str, groups: Sequence[int]) -> dict[int, str]:
    """Return copy → its rows of a view, all that figures use of them, in words that are the same for any copy."""
    row = f"regexp_replace(CAST({name(on)} AS VARCHAR), '{MARK}[0-9]+', '', 'g')"
    found = place.execute(
        f"SELECT copy, string_agg(said, chr(10) ORDER BY said) FROM (SELECT copy, {row} AS said FROM {name(on)} "
        f"JOIN trial_copy ON copy_id = {name(on)}.person_id WHERE of_group IN (SELECT unnest($groups))) GROUP BY copy",
        {"groups": list(groups)},
    ).fetchall()
    return {int(copy): str(said) for copy, said in found}


def looked_at(
    cells: Sequence[Cell],
    at: Collection[int],
    copies: Iterable[Copy],
    came: Mapping[tuple[int, ...], str | None],
) -> bool:
    """Whether the rows that ``came`` of the values chosen for ``cells`` rest on those ``at`` these places.

    For all anyone knows they do where one of the postcodes that ``copies`` were made with came nowhere, as policy
    forbids it.
    """
    rows: dict[tuple[int, ...], str | None] = {}
    for chosen, found in came.items():
        others = tuple(value for i, value in enumerate(chosen) if i not in at)
        if rows.setdefault(others, found) != found:
            return True
    made = {(i, copy.chosen[i]) for copy in copies for i in at if copy.changed.get(cells[i]) is not None}
    return bool(made - {(i, chosen[i]) for chosen in came for i in at})
