"""The postcode directory is the same unpacked or as kept, and a spoilt file is not taken for it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from dq.library.policy import Library
from dq.postcodes import _beginning_with, postcodes
from dq.sources.load import load_rows
from dq.sources.reference import add_postcodes
from dq.workspace import open_workspace


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


HELD = [
    "WA1 1AA", "WC2B 6EX", "wr11pb", "EH1 1YZ", "W1A 9ZZ", "1AB", "W", "", "WZ99 9ZZ", "ZZ1 1ZZ", "W{0} 1AA", "W'1 1AA",
    None,
]  # fmt: skip


def test_some_are_the_same_from_what_is_kept_and_from_what_is_not(cache: Path, library: Library) -> None:
    first = _added(library, HELD)
    assert {file.name[-9:] for file in cache.iterdir()} == {"E.parquet", "W.parquet", "Z.parquet"}
    whole = postcodes(["E", "W"])
    written = [*filter(None, HELD), "WR1 1PB"]
    wanted = whole.filter(pc.is_in(whole["postcode"], pa.array(written)))
    assert 1 < wanted.num_rows < len(HELD)
    assert first.equals(wanted.sort_by("postcode"))
    assert _added(library, HELD).equals(first)


def test_some_are_the_same_where_nothing_is_kept(
    cache: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = _added(library, HELD)
    monkeypatch.setenv("DQ_CACHE", "off")
    _beginning_with.cache_clear()
    assert _added(library, HELD).equals(kept)


def test_none_are_found_of_none(cache: Path, library: Library) -> None:
    assert _added(library, [None]).num_rows == 0


def test_a_spoilt_file_still_gives_some(cache: Path, library: Library) -> None:
    sound = _added(library, ["WC2B 6EX", "WR1 1PB"])
    assert sound.num_rows == 2
    (kept,) = cache.iterdir()
    kept.write_bytes(kept.read_bytes()[:1000])
    _beginning_with.cache_clear()
    assert _added(library, ["WC2B 6EX", "WR1 1PB"]).equals(sound)
    _beginning_with.cache_clear()
    assert postcodes(["W"]).num_rows > 50_000, "it is whole again"


def _added(library: Library, held: list[str | None]) -> pa.Table:
    """Return the directory's part for addresses with these postcodes, in order."""
    addresses = library.contracts["addresses"]
    with open_workspace() as workspace:
        load_rows(workspace, addresses, [{"address_id": f"A{i}", "postcode": one} for i, one in enumerate(held)])
        add_postcodes(workspace, [addresses])
        return workspace.arrow("SELECT * FROM postcodes ORDER BY postcode")
