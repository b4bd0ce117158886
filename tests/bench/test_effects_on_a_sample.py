"""A few errors of a small sample put right one at a time: every figure moves as was foretold."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_once import made_once

from dq.library.policy import Library
from dq.model import Severity
from dq.sample import write_sample
from tests.bench.effects import RECIPE, put_right

SCALE = 0.02


def test_figures_move_as_was_foretold(tmp_path_factory: pytest.TempPathFactory, library: Library) -> None:
    def make(folder: Path) -> None:
        write_sample(RECIPE, folder / "sound", seed=3, scale=SCALE)
        write_sample(RECIPE, folder / "spoiled", seed=3, scale=SCALE, defects=0.05, severity=Severity.ERROR)

    agreed = put_right(library, made_once(tmp_path_factory, "effects", make), 12, seed=3)
    assert agreed.otherwise == []
    assert agreed.exceptions == 12
    assert agreed.figures["one of the values told"] > 20
