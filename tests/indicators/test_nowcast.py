"""The nowcast over records: by hand, where nothing can be said, and how it fares where the truth is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from dq.engine.examples import given
from dq.indicators.compute import AUTHORITY, ScopeKey, tally_all
from dq.indicators.nowcast import nowcasts
from dq.library.policy import Library
from dq.model import Nowcast
from dq.periods import month_end, month_run
from dq.sample import write_sample
from dq.sources.load import load_folder
from dq.workspace import Workspace, open_workspace
from tests.bench.nowcast import LAST, Cell, back_test, measures, slow_down
from tests.conftest import PERIOD

FIRST = dt.date(2015, 6, 30)
CHILDREN = 40
LATE = 4
"""Days after a visit, over two working days at the most."""
Entry = Callable[[dt.date], dt.date | None]


def same_day(visited: dt.date) -> dt.date:
    return visited


def days_later(visited: dt.date) -> dt.date:
    return visited + dt.timedelta(days=LATE)


def records(prompt: Entry, other: Entry, taken: dt.date) -> dict[str, list[dict[str, Any]]]:
    """Return children seen on the last two days of every month; of half of them ``other`` says when it was entered.

    Only what was entered by the day the extracts were taken is in them.
    """
    children = [f"C{n}" for n in range(CHILDREN)]
    visits = []
    for end in month_run(FIRST, PERIOD):
        for n, child in enumerate(children):
            visited = end - dt.timedelta(days=n // 2 % 2)
            entered = (prompt if n % 2 else other)(visited)
            if entered is None or entered <= taken:
                visits.append({
                    "visit_id": f"{child}-{end}", "person_id": child, "visit_date": visited, "seen": "Y",
                    "recorded_on": entered,
                })  # fmt: skip
    return {
        "teams": [{"team_id": "T", "team_name": "All"}, {"team_id": "A", "team_name": "A", "parent_id": "T"}],
        "persons": [{"person_id": child, "dob": dt.date(2008, 1, 1)} for child in children],
        "involvements": [
            {
                "involvement_id": f"I-{child}", "person_id": child, "team_id": "A", "worker_id": "W",
                "case_type": "CIN", "role": "Allocated Case Worker", "start_date": dt.date(2015, 1, 1),
            }
            for child in children
        ],
        "cin_visits": visits,
    }  # fmt: skip


@contextmanager
def seen(
    prepared: Workspace, library: Library, rows: dict[str, list[dict[str, Any]]], since: dt.date | None
) -> Iterator[tuple[float | None, dict[ScopeKey, Nowcast]]]:
    """Yield the share of children seen as recorded, and its nowcast."""
    bound = library.indicators["cin_seen"]
    with given(prepared, library, rows):
        tallies = tally_all(prepared, library, [bound], PERIOD, since, lambda _: None)
        whole = tallies.at(bound, AUTHORITY, PERIOD)
        assert whole is not None
        found = nowcasts(prepared, library, [bound], tallies, PERIOD, lambda _: None)
        yield whole.value(bound.indicator.unit), found["cin_seen"]


def test_visits_always_entered_days_later_are_expected_to_come(prepared: Workspace, library: Library) -> None:
    """As recorded on the day, half the children were seen; in every month before, all turned out to have been."""
    with seen(prepared, library, records(same_day, days_later, PERIOD), FIRST) as (recorded, found):
        assert recorded == 50
        assert found.keys() == {AUTHORITY, ("team", "A")}
        for nowcast in found.values():
            assert nowcast.expected == pytest.approx(100, abs=3)
            assert nowcast.low is not None
            assert nowcast.low > 90
            assert nowcast.complete == pytest.approx(0.5, abs=0.1)
            assert (nowcast.months, nowcast.working_days) == (12, 0)


def test_visits_entered_at_once_leave_nothing_to_come(prepared: Workspace, library: Library) -> None:
    with seen(prepared, library, records(same_day, same_day, PERIOD), FIRST) as (recorded, found):
        assert recorded == 100
        assert (found[AUTHORITY].low, found[AUTHORITY].high, found[AUTHORITY].complete) == (100, 100, 1)


def test_a_week_after_the_month_end_late_visits_are_there_and_none_is_expected(
    prepared: Workspace, library: Library
) -> None:
    rows = records(same_day, days_later, PERIOD + dt.timedelta(days=7))
    with seen(prepared, library, rows, FIRST) as (recorded, found):
        assert recorded == 100
        assert (found[AUTHORITY].low, found[AUTHORITY].high) == (100, 100)


@pytest.mark.parametrize(
    ("other", "since", "says"),
    [
        (days_later, month_end(2017, 1), "The history is too short: recording is complete after 4 working days, and 3"),
        (days_later, None, "The history is too short"),
        (lambda _: None, FIRST, "When it was entered is not recorded of 50% of events"),
        (lambda visited: visited - dt.timedelta(days=9), FIRST, "50% of events are dated after the day on which their"),
        (
            lambda visited: visited + dt.timedelta(days=40 if visited > dt.date(2017, 2, 1) else 0),
            FIRST,
            "Recording has changed pace",
        ),
    ],
    ids=["short history", "no history", "no day of entry", "entered before it happened", "slower of late"],
)
def test_where_nothing_can_be_said_the_reason_is(
    prepared: Workspace, library: Library, other: Entry, since: dt.date | None, says: str
) -> None:
    with seen(prepared, library, records(same_day, other, PERIOD), since) as (_, found):
        assert found.keys() == {AUTHORITY}
        assert found[AUTHORITY].expected is None
        assert says in found[AUTHORITY].reason


def test_long_after_the_month_end_nothing_is_foretold(prepared: Workspace, library: Library) -> None:
    rows = records(same_day, days_later, PERIOD + dt.timedelta(days=7))
    rows["cin_visits"] += [
        row | {"visit_id": f"late-{n}", "visit_date": dt.date(2017, 7, 3), "recorded_on": dt.date(2017, 7, 3)}
        for n, row in enumerate(rows["cin_visits"][:CHILDREN])
    ]
    with seen(prepared, library, rows, FIRST) as (recorded, found):
        assert recorded == 100
        assert found[AUTHORITY].reason == "Recording counts as complete after 4 working days, and 23 have passed."


def test_a_mistyped_day_of_entry_does_not_make_the_extracts_later(prepared: Workspace, library: Library) -> None:
    rows = records(same_day, days_later, PERIOD)
    rows["cin_visits"][0]["recorded_on"] = dt.date(2026, 1, 1)
    with seen(prepared, library, rows, FIRST) as (_, found):
        assert found[AUTHORITY].working_days == 0
        assert found[AUTHORITY].expected == pytest.approx(100, abs=3)


def test_on_a_sample_entered_slowly_it_is_nearer_than_as_recorded_and_its_interval_holds(
    library: Library, tmp_path: Path
) -> None:
    asked = [bound for bound in measures(library) if bound.id in {"cin_seen", "cp_children_seen", "cla_visits_6_weeks"}]
    write_sample("kent-2016-08", tmp_path / "extracts", seed=3, scale=0.1)
    with open_workspace() as workspace:
        load_folder(workspace, tmp_path / "extracts", library.contracts, lambda _: None)
        slow_down(workspace, library, seed=3)
        ends = [LAST, month_end(2016, 4), month_end(2016, 1), month_end(2015, 10)]
        fared = back_test(workspace, library, asked, ends, days=0)
    assert not fared.unsaid
    every: list[Cell] = []
    for bound in asked:
        whole = fared.cells[bound.id, "authority"]
        assert len(whole) == len(ends)
        assert fmean(abs(cell.expected - cell.final) for cell in whole) < fmean(
            abs(cell.recorded - cell.final) for cell in whole
        ), bound.id
        every += [cell for level in ("authority", "area", "team") for cell in fared.cells[bound.id, level]]
    assert len(every) > 150
    # Of a few children the interval cannot be cut so fine that it holds no more than nine in ten.
    assert fmean(cell.covered for cell in every) >= 0.85
    assert fmean(cell.high - cell.low for cell in every) < 40
