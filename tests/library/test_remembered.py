"""A policy that has been read is remembered, and never when anything that it came of has changed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dq.library.load import load_library
from dq.library.remembered import KEPT, place_of, remembered

RULE = "rules/casework/visits/own.yaml"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DQ_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """A folder with one file of policy."""
    file = tmp_path / "policy" / RULE
    file.parent.mkdir(parents=True)
    file.write_text("title: first", encoding="utf-8")
    return tmp_path / "policy"


def counted() -> tuple[list[int], Callable[[], str]]:
    """Return a list that grows with every reading, and what reads."""
    readings: list[int] = []

    def read() -> str:
        readings.append(1)
        return f"reading {len(readings)}"

    return readings, read


def test_the_second_time_nothing_is_read(cache: Path, policy: Path) -> None:
    readings, read = counted()
    assert [remembered(place_of([policy], "casework"), read) for _ in range(3)] == ["reading 1"] * 3
    assert len(readings) == 1


def test_the_whole_policy_comes_back_as_it_was(cache: Path) -> None:
    first, again = load_library(), load_library()
    assert len(list(cache.iterdir())) == 1
    assert again is not first
    assert again.fingerprints() == first.fingerprints()
    assert again.sql() == first.sql()
    assert list(again.rules) == list(first.rules)


def _other_words(policy: Path) -> None:
    (policy / RULE).write_text("title: other", encoding="utf-8")


def _another_file(policy: Path) -> None:
    (policy / "rules/casework/visits/another.yaml").write_text("title: more", encoding="utf-8")


def _one_less(policy: Path) -> None:
    (policy / RULE).unlink()


def _another_name(policy: Path) -> None:
    (policy / RULE).rename(policy / "rules/casework/visits/renamed.yaml")


@pytest.mark.parametrize("change", [_other_words, _another_file, _one_less, _another_name])
def test_what_has_changed_is_read_anew(cache: Path, policy: Path, change: Callable[[Path], None]) -> None:
    readings, read = counted()
    remembered(place_of([policy], "casework"), read)
    kept = (policy / RULE).stat()
    change(policy)
    if (policy / RULE).exists():  # not seen by its time, nor by its size
        os.utime(policy / RULE, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    assert remembered(place_of([policy], "casework"), read) == "reading 2"
    assert len(readings) == 2


def test_what_the_authority_set_is_part_of_it(cache: Path) -> None:
    usual = load_library()
    own = load_library(thresholds={"cla_visit_days": 30})
    assert (usual.thresholds["cla_visit_days"], own.thresholds["cla_visit_days"]) == (42, 30)
    assert load_library().thresholds["cla_visit_days"] == 42


def test_a_fault_is_not_remembered(cache: Path, policy: Path) -> None:
    def fails() -> str:
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            remembered(place_of([policy], "casework"), fails)
    assert list(cache.iterdir()) == []


@pytest.mark.parametrize("spoilt", [b"", b"not a policy", b"\x80\x05cos\nno_such_thing\n."])
def test_what_cannot_be_recalled_is_read(cache: Path, policy: Path, spoilt: bytes) -> None:
    _, read = counted()
    remembered(place_of([policy], "casework"), read)
    (kept,) = cache.iterdir()
    kept.write_bytes(spoilt)
    assert remembered(place_of([policy], "casework"), read) == "reading 2"
    assert remembered(place_of([policy], "casework"), read) == "reading 2"


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_a_folder_that_others_may_write_is_not_trusted(cache: Path, policy: Path) -> None:
    _, read = counted()
    cache.mkdir()
    cache.chmod(0o777)
    assert [remembered(place_of([policy], "casework"), read) for _ in range(2)] == ["reading 1", "reading 2"]
    assert list(cache.iterdir()) == []


def test_it_can_be_done_without(policy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DQ_CACHE", "off")
    _, read = counted()
    assert [remembered(place_of([policy], "casework"), read) for _ in range(2)] == ["reading 1", "reading 2"]


def test_what_is_not_used_for_longest_is_forgotten(cache: Path, policy: Path) -> None:
    _, read = counted()
    for number in range(KEPT + 3):
        remembered(place_of([policy], number), read)
    assert len(list(cache.iterdir())) == KEPT
    assert remembered(place_of([policy], KEPT + 2), read) == f"reading {KEPT + 3}"
