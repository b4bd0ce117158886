"""The postcode directory is the same unpacked or as kept, and a spoilt file is not taken for it."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pytest

from dq.postcodes import _beginning_with, postcodes


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DQ_CACHE", str(tmp_path / "cache"))
    _beginning_with.cache_clear()
    return tmp_path / "cache"


def test_what_is_kept_is_what_was_unpacked(cache: Path) -> None:
    unpacked = postcodes(["W"])
    (kept,) = cache.iterdir()
    _beginning_with.cache_clear()
    written = kept.stat().st_mtime_ns
    again = postcodes(["W"])
    assert kept.stat().st_mtime_ns == written
    assert again.equals(unpacked)
    assert again.num_rows > 50_000
    assert pc.all(pc.match_substring_regex(again["postcode"], r"^W[A-Z0-9]{1,3} [0-9][A-Z]{2}$")).as_py()


def test_a_spoilt_file_is_unpacked_anew(cache: Path) -> None:
    sound = postcodes(["W"]).num_rows
    (kept,) = cache.iterdir()
    kept.write_bytes(kept.read_bytes()[:1000])
    _beginning_with.cache_clear()
    assert postcodes(["W"]).num_rows == sound


def test_letters_come_together_and_each_alone(cache: Path) -> None:
    both = postcodes(["E", "W"])
    assert both.num_rows == postcodes(["E"]).num_rows + postcodes(["W"]).num_rows
    assert set(pc.unique(pc.utf8_slice_codeunits(both["postcode"], 0, 1)).to_pylist()) == {"E", "W"}
