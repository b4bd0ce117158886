"""Thirty measures of all topics worked out a second time with plain pandas, at three month ends and for every team."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from made_once import made_once

from dq.indicators.compute import ScopeKey, Tallies, tally_all
from dq.library.load import load_library
from dq.library.policy import BoundIndicator, Library
from dq.periods import length
from dq.sample import write_sample
from dq.sources.load import load_folder
from dq.workspace import open_workspace
from tests.indicators.recounted import MEASURES, At

ENDS = (dt.date(2015, 9, 30), dt.date(2016, 3, 31), dt.date(2016, 8, 31))
Found = dict[dt.date, Tallies]


@pytest.fixture(scope="module")
def extracts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        write_sample("kent-2016-08", folder / "extracts", scale=0.25, seed=9)

    return made_once(tmp_path_factory, "second-check", make) / "extracts"


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


@pytest.fixture(scope="module")
def found(extracts: Path, library: Library) -> Iterator[Found]:
    with open_workspace() as workspace:
        load_folder(workspace, extracts, library.contracts, lambda _: None)
        asked = [library.indicators[name] for name in MEASURES]
        yield {end: tally_all(workspace, library, asked, end, None, lambda _: None) for end in ENDS}


@pytest.mark.parametrize("name", MEASURES)
def test_a_slow_count_agrees_for_the_authority_and_every_team(
    name: str, extracts: Path, library: Library, found: Found
) -> None:
    bound, whole = library.indicators[name], 0.0
    for end in ENDS:
        rows = MEASURES[name](At(extracts, pd.Timestamp(end)))
        is_count = bound.indicator.unit.value == "count"
        sums: dict[ScopeKey, tuple[float | None, float]] = {("authority", ""): _sums(rows, is_count)}
        for team, of_team in rows.dropna(subset=["team"]).groupby("team"):
            sums["team", str(team)] = _sums(of_team, is_count)
        for scope, (met, of) in sums.items():
            tally = found[end].at(bound, scope, end)
            assert tally is not None
            assert (tally.numerator, tally.denominator) == (
                None if met is None else pytest.approx(met), pytest.approx(of)
            ), (scope, end)  # fmt: skip
        teams = {
            key for key, tally in found[end].found[_key(bound, end)].items() if key[0] == "team" and tally.denominator
        }
        assert teams == {key for key, (_, of) in sums.items() if key[0] == "team" and of}
        whole += sums["authority", ""][1]
    assert whole > 0, "nothing to count at any of the month ends"


def _key(bound: BoundIndicator, end: dt.date) -> tuple[str, int, dt.date]:
    return bound.id, length(bound.indicator, end), end


def _sums(rows: pd.DataFrame, is_count: bool) -> tuple[float | None, float]:
    return None if is_count else float(rows["met"].sum()), float(rows["of"].sum())
