"""The ways in which a child's records could be put right: a copy for each value, and for each choice of several."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import product

from dq.indicators.trials.apart import Apart
from dq.indicators.trials.cells import DAYS, Group, Question, reads_of
from dq.indicators.trials.copies import Copy
from dq.indicators.trials.days import Turning, Turns
from dq.indicators.trials.postcodes import Postcodes, is_postcode, postcodes_to_try
from dq.indicators.trials.values import Recorded, Values, recorded_days
from dq.library.policy import Library
from dq.model import Read
from dq.workspace import Workspace

MOST_COPIES = 400
"""A child whose records could be put right in more ways is not tried."""


def every_way(
    workspace: Workspace,
    library: Library,
    apart: Apart,
    questions: Sequence[Question],
    asking: Mapping[Group, Collection[int]],
    period: dt.date,
) -> Iterator[Copy]:
    """Yield the copies of every group that has few enough, with what is changed in each; the first is as recorded.

    ``asking`` says of each group which questions ask of it.
    """
    turning, values = Turning(workspace, library, apart, period), Values(workspace, library, period)
    turns: dict[frozenset[int], tuple[Turns, frozenset[Read]]] = {}
    days = {group for group in asking if _has_day(library, group)}
    recorded = recorded_days(workspace, library, {group.person for group in days})
    placed = {group.person for group in asking if any(is_postcode(library, cell) for cell in group.cells)}
    postcodes = postcodes_to_try(workspace, library, placed)
    for number, (group, by) in enumerate(asking.items()):
        here, reads = Turns(), frozenset[Read]()
        if group in days:
            if frozenset(by) not in turns:
                turns[frozenset(by)] = _turns(turning, library, [questions[i] for i in by])
            here, reads = turns[frozenset(by)]
        own = [one for one in recorded.get(group.person, ()) if one.cell[::2] in reads]
        yield from _of_group(library, values, postcodes, number, group, here, own)


def _has_day(library: Library, group: Group) -> bool:
    return any(library.contracts[extract].columns[column].type in DAYS for extract, _, column in group.cells)


def _turns(turning: Turning, library: Library, questions: Iterable[Question]) -> tuple[Turns, frozenset[Read]]:
    turns, reads = Turns(), frozenset[Read]()
    for question in questions:
        turns = turns.and_(turning.of(question.base, question.months))
        reads |= reads_of(library, question.bound, question.base)
    return turns, reads


def _of_group(
    library: Library,
    values: Values,
    postcodes: Postcodes,
    number: int,
    group: Group,
    turns: Turns,
    own: Collection[Recorded],
) -> Iterator[Copy]:
    # Two days could matter by how far they lie apart, wherever they lie; that many pairs are not tried.
    two = sum(library.contracts[extract].columns[column].type in DAYS for extract, _, column in group.cells) > 1
    if two or not turns.known:
        return
    may_hold = [
        postcodes.of(cell, group.person) if is_postcode(library, cell) else values.of(cell, turns, own)
        for cell in group.cells
    ]
    if any(is_postcode(library, cell) and not held for cell, held in zip(group.cells, may_hold, strict=True)):
        return
    many = 1
    for held in may_hold:
        many *= len(held) + 1
    if many > MOST_COPIES:
        return
    places = product(*(range(len(held) + 1) for held in may_hold))
    cells = [[None, *((cell, value) for value in held)] for cell, held in zip(group.cells, may_hold, strict=True)]
    for chosen, changed in zip(places, product(*cells), strict=True):
        yield Copy(number, group.person, chosen, dict(filter(None, changed)))
