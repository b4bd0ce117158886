"""A policy that has been read is remembered, and never when anything that it came of has changed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dq.library.folders import policy_root
from dq.library.load import load_library
from dq.library.remembered import KEPT, ReadBefore, digests_of, place_of, remembered

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


def place(policy: Path, said: object) -> Path | None:
    return place_of(digests_of([policy]), said)


def test_the_second_time_nothing_is_read(cache: Path, policy: Path) -> None:
    readings, read = counted()
    assert [remembered(place(policy, "casework"), read) for _ in range(3)] == ["reading 1"] * 3
    assert len(readings) == 1


def test_the_whole_policy_comes_back_as_it_was(small_policy: Path, cache: Path) -> None:
    first, again = load_library(), load_library()
    assert sorted(path.name.partition("-")[0] for path in cache.iterdir()) == ["indicators", "rules", "standing"]
    assert again is not first
    assert again.fingerprints() == first.fingerprints()
    assert again.sql() == first.sql()
    assert list(again.rules) == list(first.rules)


def test_of_many_rules_the_one_that_has_changed_is_read(cache: Path, policy: Path) -> None:
    other = policy / "rules/casework/visits/other.yaml"
    other.write_text("title: other", encoding="utf-8")

    def read_all() -> list[str]:
        digests = digests_of([policy])
        before: ReadBefore[str] = ReadBefore(place_of(digests, "casework", "rules", ("checks",)), digests)
        found = [before.of(path, lambda: f"reading {next(numbers)}") for path in (policy / RULE, other)]
        before.keep()
        return found

    numbers = iter(range(1, 10))
    assert read_all() == ["reading 1", "reading 2"]
    assert read_all() == ["reading 1", "reading 2"]
    other.write_text("title: again", encoding="utf-8")
    assert read_all() == ["reading 1", "reading 3"]
    assert read_all() == ["reading 1", "reading 3"]
    digests = digests_of([policy])
    late: ReadBefore[str] = ReadBefore(place_of(digests, "casework", "rules", ("checks",)), {})
    assert late.of(policy / RULE, lambda: "not known by what it holds") == "not known by what it holds"
    late.keep()
    assert read_all() == ["reading 1", "reading 3"]
    (policy / "checks").mkdir()
    (policy / "checks/teams.yaml").write_text("title: what rules stand on", encoding="utf-8")
    assert read_all() == ["reading 4", "reading 5"]


def test_a_project_over_a_remembered_policy_is_the_project_read_anew(
    small_policy: Path, cache: Path, project_folder: Callable[[dict[str, str]], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = load_library().rules["no-visit-on-plan"].rule
    assert shipped.path is not None
    text = shipped.path.read_text(encoding="utf-8")
    place = shipped.path.relative_to(policy_root()).as_posix()
    own = project_folder({place: text.replace("severity: query", "severity: error"), "rules/casework/own/a.yaml": text})
    over = load_library(project=own)
    monkeypatch.setenv("DQ_CACHE", "off")
    anew = load_library(project=own)
    assert over.rules["no-visit-on-plan"].rule.severity == "error" != shipped.severity
    assert over.rules["a"].rule.path == own / "rules/casework/own/a.yaml"
    assert list(over.rules) == list(anew.rules)
    assert over.fingerprints() == anew.fingerprints() != load_library().fingerprints()
    assert over.sql() == anew.sql()


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
    remembered(place(policy, "casework"), read)
    kept = (policy / RULE).stat()
    change(policy)
    if (policy / RULE).exists():  # not seen by its time, nor by its size
        os.utime(policy / RULE, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    assert remembered(place(policy, "casework"), read) == "reading 2"
    assert len(readings) == 2


def test_what_the_authority_set_is_part_of_it(small_policy: Path, cache: Path) -> None:
    usual = load_library()
    own = load_library(thresholds={"cla_visit_days": 30})
    assert (usual.thresholds["cla_visit_days"], own.thresholds["cla_visit_days"]) == (42, 30)
    assert load_library().thresholds["cla_visit_days"] == 42


def test_a_fault_is_not_remembered(cache: Path, policy: Path) -> None:
    def fails() -> str:
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            remembered(place(policy, "casework"), fails)
    assert list(cache.iterdir()) == []


@pytest.mark.parametrize("spoilt", [b"", b"not a policy", b"\x80\x05cos\nno_such_thing\n."])
def test_what_cannot_be_recalled_is_read(cache: Path, policy: Path, spoilt: bytes) -> None:
    _, read = counted()
    remembered(place(policy, "casework"), read)
    (kept,) = cache.iterdir()
    kept.write_bytes(spoilt)
    assert remembered(place(policy, "casework"), read) == "reading 2"
    assert remembered(place(policy, "casework"), read) == "reading 2"


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_a_folder_that_others_may_write_is_not_trusted(cache: Path, policy: Path) -> None:
    _, read = counted()
    cache.mkdir()
    cache.chmod(0o777)
    assert [remembered(place(policy, "casework"), read) for _ in range(2)] == ["reading 1", "reading 2"]
    assert list(cache.iterdir()) == []


def test_it_can_be_done_without(policy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DQ_CACHE", "off")
    _, read = counted()
    assert [remembered(place(policy, "casework"), read) for _ in range(2)] == ["reading 1", "reading 2"]


def test_what_is_not_used_for_longest_is_forgotten(cache: Path, policy: Path) -> None:
    _, read = counted()
    for number in range(KEPT + 3):
        remembered(place(policy, number), read)
    assert len(list(cache.iterdir())) == KEPT
    assert remembered(place(policy, KEPT + 2), read) == f"reading {KEPT + 3}"
