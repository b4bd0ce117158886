"""Every exception has one owner, as a slow reading would choose; moving work about moves exceptions and loses none."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dq.library.policy import Library
from dq.model import Findings
from dq.workspace import Workspace
from tests.conftest import PERIOD, check_records

Row = dict[str, Any]
World = dict[str, list[Row]]
NOW, THEN = "home-postcode-missing", "cla-child-seen-missing"
OF_WORKERS = "worker-in-no-team"
RULES = (NOW, THEN, OF_WORKERS)
SETTINGS = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
START = dt.date(2016, 1, 1)
DAYS = st.integers(0, 540).map(lambda days: START + dt.timedelta(days=days))
"""Seventeen months and more, of which the last weeks are after the month end."""
TEAMS, WORKERS, CHILDREN = ("T1", "T2", "T3", "T4"), ("W1", "W2", "W3"), ("C1", "C2", "C3")


def _team(name: str) -> st.SearchStrategy[Row]:
    return st.fixed_dictionaries({
        "team_id": st.just(name), "team_name": st.just(name), "end_date": st.none() | DAYS,
        "successor_id": st.sampled_from([None, "T9", *TEAMS]),
    })  # fmt: skip


def _worker(name: str) -> st.SearchStrategy[Row]:
    return st.fixed_dictionaries({
        "worker_id": st.just(name), "team_id": st.sampled_from([None, *TEAMS]), "end_date": st.none() | DAYS,
    })  # fmt: skip


def _rows(key: str, **columns: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Row]]:
    listed = st.lists(st.fixed_dictionaries(columns), max_size=8)
    return listed.map(lambda rows: [{key: f"{key[0].upper()}{i}", **row} for i, row in enumerate(rows)])


WORLDS: st.SearchStrategy[World] = st.fixed_dictionaries({
    "teams": st.tuples(*map(_team, TEAMS)).map(list),
    "workers": st.tuples(*map(_worker, WORKERS)).map(list),
    "involvements": _rows(
        "involvement_id", person_id=st.sampled_from(CHILDREN), worker_id=st.sampled_from(WORKERS),
        team_id=st.sampled_from(["T9", *TEAMS]), start_date=DAYS, end_date=st.none() | DAYS,
        role=st.sampled_from(["Allocated Case Worker", "Personal Adviser", "Family Support Worker"]),
    ),
    "addresses": _rows("address_id", person_id=st.sampled_from(CHILDREN), address_type=st.just("Home")),
    "cla_visits": _rows("visit_id", person_id=st.sampled_from(CHILDREN), visit_date=st.none() | DAYS),
})  # fmt: skip


def _check(workspace: Workspace, library: Library, world: World) -> list[Row]:
    found: Findings = check_records(workspace, library, world, RULES)
    rows: list[Row] = found.exceptions.to_pylist()
    counted = Counter(row["rule_id"] for row in rows)
    assert counted == Counter({result.rule.id: result.flagged for result in found.results if result.flagged})
    return rows


def _team_now(world: World, team: str | None) -> str | None:
    """Follow a closed team to the open one that took over; where there is none, it stands for itself."""
    known = {row["team_id"]: row for row in world["teams"]}
    seen, at = [team], team
    while at in known and known[at]["end_date"] is not None and known[at]["end_date"] <= PERIOD:
        at = known[at]["successor_id"]
        if at not in known or at in seen:
            return team
        seen.append(at)
    return at


def _worker_now(world: World, worker: str | None) -> str | None:
    left = {w["worker_id"] for w in world["workers"] if w["end_date"] is not None and w["end_date"] <= PERIOD}
    return None if worker in left else worker


def _owner(world: World, row: Row) -> tuple[str | None, str | None]:
    """Read who must put an exception right, spell by spell."""
    if row["rule_id"] == OF_WORKERS:
        worker = next(w for w in world["workers"] if w["worker_id"] == row["record_key"])
        return _team_now(world, worker["team_id"]), _worker_now(world, worker["worker_id"])
    ended = {s["involvement_id"]: s["end_date"] for s in world["involvements"]}
    ended = {key: day if day is not None and day <= PERIOD else None for key, day in ended.items()}
    spells = [
        s for s in world["involvements"]
        if s["person_id"] == row["person_id"] and s["role"] != "Family Support Worker" and s["start_date"] <= PERIOD
    ]  # fmt: skip
    if not spells:
        return None, None

    def order(spell: Row) -> tuple[bool, bool, dt.date, dt.date, str]:
        end = ended[spell["involvement_id"]]
        on = next((v["visit_date"] for v in world["cla_visits"] if v["visit_id"] == row["record_key"]), None)
        held_then = (
            row["rule_id"] == THEN and on is not None and spell["start_date"] <= on and (end is None or end > on)
        )
        return held_then, end is None, end or dt.date.max, spell["start_date"], spell["involvement_id"]

    best = max(spells, key=order)
    return _team_now(world, best["team_id"]), _worker_now(world, best["worker_id"])


def _ids(rows: list[Row]) -> list[str]:
    return sorted(row["exception_id"] for row in rows)


def test_each_exception_belongs_where_a_slow_reading_says(library: Library, prepared: Workspace) -> None:
    owned: Counter[bool] = Counter()

    @SETTINGS
    @given(WORLDS)
    def holds(world: World) -> None:
        for row in _check(prepared, library, world):
            assert (row["team_id"], row["worker_id"]) == _owner(world, row), row
            owned[row["team_id"] is not None] += 1

    holds()
    assert min(owned[True], owned[False]) > 20


def test_splitting_a_team_moves_its_exceptions_and_loses_none(library: Library, prepared: Workspace) -> None:
    moved: Counter[bool] = Counter()

    @SETTINGS
    @given(WORLDS, st.sampled_from(TEAMS), st.integers(0, 516).map(lambda days: START + dt.timedelta(days=days)))
    def holds(world: World, split: str, on: dt.date) -> None:
        before = _check(prepared, library, world)
        after = _check(prepared, library, _split(world, split, on))
        assert _ids(after) == _ids(before)
        assert split not in {row["team_id"] for row in after}
        moved.update(row["team_id"] in ("T7", "T8") for row in after)

    holds()
    assert moved[True] > 20


def test_moving_a_worker_loses_no_exception(library: Library, prepared: Workspace) -> None:
    @SETTINGS
    @given(WORLDS, st.sampled_from(WORKERS), st.sampled_from(TEAMS))
    def holds(world: World, worker: str, team: str) -> None:
        def moved(row: Row) -> Row:
            return {**row, "team_id": team} if row.get("worker_id") == worker else row

        world = {**world, "workers": [{**row, "team_id": row["team_id"] or "T1"} for row in world["workers"]]}
        before = _check(prepared, library, world)
        staff = {extract: list(map(moved, world[extract])) for extract in ("workers", "involvements")}
        after = _check(prepared, library, {**world, **staff})
        assert _ids(after) == _ids(before)
        owners = {row["exception_id"]: row["team_id"] for row in before}
        changed = {row["team_id"] for row in after if row["team_id"] != owners[row["exception_id"]]}
        assert changed <= {_team_now(world, team)}

    holds()


def _split(world: Mapping[str, list[Row]], split: str, on: dt.date) -> World:
    """Close a team on a day and give its work to two new ones, child by child; what is left over goes to the first."""
    spells: list[Row] = []
    for spell in world["involvements"]:
        end = spell["end_date"]
        if spell["team_id"] != split or (end is not None and end <= on):
            spells.append(spell)
            continue
        heir = "T7" if spell["person_id"] == "C1" else "T8"
        begun = max(on, spell["start_date"])
        if spell["start_date"] < on:
            spells.append({**spell, "end_date": on})
        spells.append({**spell, "involvement_id": spell["involvement_id"] + "x", "start_date": begun, "team_id": heir})
    closed = [
        {**row, "end_date": on, "successor_id": "T7"} if row["team_id"] == split
        else row for row in world["teams"]
    ]  # fmt: skip
    opened = [{"team_id": name, "team_name": name, "end_date": None, "successor_id": None} for name in ("T7", "T8")]
    workers = [{**row, "team_id": "T8"} if row["team_id"] == split else row for row in world["workers"]]
    return {**world, "teams": closed + opened, "involvements": spells, "workers": workers}
