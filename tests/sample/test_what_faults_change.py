"""Every cell that a fault changes, and a figure reads, is one that the rules it trips say putting it right may change.

Otherwise a figure would be shown with a range that its true value is not in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from itertools import islice

import pytest

from dq.library.opened import opened_by, other_cells
from dq.library.policy import Library
from dq.model import Read, Severity
from dq.sample.authority import make_authority
from dq.sample.chance import Chance
from dq.sample.defects import DEFECT_STREAM, FAULTS
from dq.sample.defects.defect import Defect, Fault
from dq.sample.defects.scene import Scene
from dq.sample.recipe import load_recipe
from dq.sample.records import ROWS, Record

MAY_NEVER_HAVE_BEEN = frozenset({"child-in-need-never-visited"})
"""A visit is missing that may not have been made: the child is then rightly not seen, and no figure is open."""
MAKES_STAFF = frozenset({"closed-team-without-successor"})
"""A worker is made up for it, who is no fault; it trips a query, so a sample of errors alone has none."""
ERRORS = [
    fault
    for fault in FAULTS
    if fault.severity is Severity.ERROR and fault.rule not in MAY_NEVER_HAVE_BEEN | MAKES_STAFF
]
CARRIERS = 20
STAGES = frozenset({"teams"})
"""Made for a fault to happen in: a team that closed and held nothing else is no fault, and moves no figure."""
LONG_OPEN = ("posts", "start_date")
"""Of the post of a worker who is entered as coming later: it began long before the month either way."""


@pytest.fixture(scope="module")
def scene() -> Scene:
    making = make_authority(load_recipe("kent-2016-08"), seed=1, scale=0.05, block=0)
    return Scene(making, Chance(1, DEFECT_STREAM, 0))


@pytest.fixture(scope="module")
def read(library: Library) -> frozenset[Read]:
    """Return every column that some figure reads."""
    return frozenset().union(*(bound.reads for bound in library.indicators.values()))


def key_of(extract: str, record: Record) -> str:
    return str(getattr(record, fields(ROWS[extract])[0].name))


def changed(scene: Scene, defect: Defect) -> Iterator[Read]:
    """Yield the columns a defect changes: of a record it adds or drops, every one."""
    yield from ((extract, column) for extract, _, column in defect.cells)
    dropped = set(defect.dropped)
    for extract, record in defect.added:
        place, columns = (extract, key_of(extract, record)), [one.name for one in fields(ROWS[extract])]
        before = None
        if place in dropped:
            dropped.remove(place)
            before = next(one for one in getattr(scene.records, extract) if key_of(extract, one) == place[1])
        for column in columns:
            if before is None or getattr(before, column) != getattr(record, column):
                yield extract, column
    yield from ((extract, one.name) for extract, _ in dropped for one in fields(ROWS[extract]))


def may_change(library: Library, defect: Defect) -> frozenset[Read]:
    """Return what the rules it trips leave open, queries too; of a record that may come or go, all."""
    found = [opened_by(library, library.rules[rule].rule) for rule, _ in defect.flags]
    cells = frozenset().union(*(one.own | other_cells(library, one) for one in found))
    # A record with another key, or of another child, or none, is one that may be any other.
    keys = {(name, key) for name, contract in library.contracts.items() for key in (contract.key, contract.person)}
    whole = {extract for extract, column in cells if (extract, column) in keys}
    return cells | {(extract, column) for extract in whole for column in library.contracts[extract].all_columns}


@pytest.mark.parametrize("fault", ERRORS, ids=lambda fault: fault.rule)
def test_what_a_fault_changes_is_what_its_rules_leave_open(
    library: Library, scene: Scene, read: frozenset[Read], fault: Fault
) -> None:
    defects = list(islice(fault.carriers(scene, fault.rule), CARRIERS))
    assert defects
    for defect in defects:
        moved = {cell for cell in changed(scene, defect) if cell in read - {LONG_OPEN} and cell[0] not in STAGES}
        assert moved <= may_change(library, defect)
