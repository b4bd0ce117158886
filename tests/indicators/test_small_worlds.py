"""What is tried of a child: the ranges of small worlds against every way, and what makes trying a child apart right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_once import made_once

from dq.engine.compile import dates_at
from dq.engine.views import work_out_views
from dq.indicators.trials import batches
from dq.indicators.trials.apart import Apart, named_extracts
from dq.indicators.trials.copies import Copy, make_copies, shared_views, work_out_copies
from dq.indicators.trials.tried import Tried
from dq.library.policy import Library
from dq.sample import write_sample
from dq.sources.load import load_folder
from dq.workspace import Workspace, name, open_workspace
from tests.indicators.small_worlds import Held, try_worlds

pytestmark = pytest.mark.xdist_group("small worlds")
WORLDS = 32
NOW = dt.date(2016, 8, 31)


@pytest.fixture(scope="module")
def held(prepared: Workspace, library: Library) -> list[Held]:
    return list(try_worlds(prepared, library, WORLDS, seed=7))


def test_no_way_of_putting_records_right_leads_out_of_the_range(held: list[Held]) -> None:
    assert [str(one) for one in held if not one.sound] == []
    assert sum(len(set(one.values)) > 1 for one in held) > WORLDS / 3


def test_a_record_put_right_never_widens_the_range_and_so_an_error_more_never_narrows_it(held: list[Held]) -> None:
    assert [str(one) for one in held if not one.monotone] == []
    assert sum(len(one.after) for one in held) > 10 * WORLDS


def test_almost_every_range_is_exactly_that_of_every_way(held: list[Held]) -> None:
    wider = [str(one) for one in held if not one.exact]
    assert len(wider) <= 0.1 * WORLDS, wider


def test_copies_worked_out_few_at_a_time_say_what_they_say_together(
    held: list[Held], prepared: Workspace, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 300)
    apart = list(try_worlds(prepared, library, 6, seed=7))
    assert [(one.low, one.high) for one in apart] == [(one.low, one.high) for one in held[:6]]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Iterator[Workspace]:
    def make(folder: Path) -> None:
        write_sample("kent-2016-08", folder / "extracts", scale=0.02)

    folder = made_once(tmp_path_factory, "copied children", make)
    with open_workspace() as workspace:
        load_folder(workspace, folder / "extracts", library.contracts, lambda _: None)
        yield workspace


def test_a_child_copied_alone_has_the_rows_that_it_has_among_all(sample: Workspace, library: Library) -> None:
    """Half the children are copied, so that a view that looked at other children would have other rows of them."""
    apart = Apart(library)
    views = sorted({base.on for bound in library.indicators.values() for base in bound.bases})
    views = [view for view in views if view in library.views and apart.holds(view)]
    assert len(views) > 25
    assert not work_out_views(sample, library, views, dates_at(NOW))
    people = [person for (person,) in sample.execute("SELECT person_id FROM persons ORDER BY 1").fetchall()]
    copies = [Copy(i, person, (), {}) for i, person in enumerate(people[::2])]
    different, extracts = [], frozenset[str]().union(*(named_extracts(library, view) for view in views))
    with sample.beside() as place:
        make_copies(place, library, copies, dict.fromkeys(range(len(copies)), extracts), {})
        used = {view: library.tables.columns[view] for view in views}
        work_out_copies(place, library, shared_views(sample, apart, used), used, NOW)
        for view in views:
            cells = [
                name(column)
                for column in library.tables.columns[view]
                if not column.endswith("_id") or column == "team_id"
            ]
            rows = f"SELECT md5(concat_ws('|', {', '.join(cells)})) FROM {name(view)} AS record"
            of_copy = place.execute(f"{rows} ORDER BY 1").fetchall()
            halved = f"{rows} WHERE person_id IN (SELECT unnest($people)) ORDER BY 1"
            if of_copy != sample.execute(halved, {"people": people[::2]}).fetchall():
                different.append(view)
    assert different == []


def test_an_error_that_makes_no_difference_is_not_among_those_that_matter() -> None:
    def added(met: int) -> tuple[tuple[str, tuple[int, int]], ...]:
        return (("T", (met, 1)),)

    copies = [((a, b), added(int(a == 1))) for a in range(3) for b in range(2)]
    tried = Tried(added(0), copies, {"matters": frozenset({0}), "does not": frozenset({1})})
    assert tried.that_matter() == ("matters",)
    assert tried.alone("does not") == {added(0)}
    assert tried.alone("matters") == {added(0), added(1)}
