"""Samples: the same for the same seed, smaller to scale, with every defect listed, and never over other files."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections import Counter
from dataclasses import fields
from pathlib import Path

import pytest
import yaml
from checking import exceptions, listed
from recount import Sample

from dq.model import Severity
from dq.problems import ProblemsError
from dq.sample import whole, write_sample
from dq.sample.defects import FAULTS
from dq.sample.records import ROWS

pytestmark = pytest.mark.xdist_group("sample-small")

TINY = 0.02


def test_the_same_seed_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    write_sample("kent-2016-08", tmp_path / "here", seed=3, scale=TINY, defects=0.05)
    there = tmp_path / "there"
    code = (
        "import pathlib, sys; from dq.sample import write_sample; "
        f"write_sample('kent-2016-08', pathlib.Path(sys.argv[1]), seed=3, scale={TINY}, defects=0.05)"
    )
    subprocess.run([sys.executable, "-c", code, str(there)], check=True, env={**os.environ, "PYTHONHASHSEED": "77"})
    files = sorted(path.name for path in there.iterdir())
    assert files == sorted([*(f"{extract}.csv" for extract in ROWS), "truth.csv"])
    assert all((tmp_path / "here" / name).read_bytes() == (there / name).read_bytes() for name in files)


def test_another_seed_gives_another_authority(tmp_path: Path) -> None:
    for seed in (1, 2):
        write_sample("kent-2016-08", tmp_path / str(seed), seed=seed, scale=TINY)
    assert (tmp_path / "1" / "persons.csv").read_bytes() != (tmp_path / "2" / "persons.csv").read_bytes()


def test_a_tenth_gives_a_tenth_of_the_figures(small: Sample) -> None:
    count = small.at("2016-08-31")
    assert len(count.in_care) == pytest.approx(224.6, abs=1)
    assert len(count.holders) == pytest.approx(944.4, abs=3)
    for figure, met, of in (
        ("seen_in_28_days", 159.5, 197.0),
        ("interviewed_in_3_days", 128.1, 189.1),
        ("plan_visits_in_time", 1956.0, 2166.3),
        ("three_placements", 29.3, 224.6),
        ("same_placement", 41.0, 57.6),
        ("own_or_kinship_carers", 102.0, 118.2),
        ("near_home", 111.5, 139.2),
    ):
        # Areas are rounded one by one, so a sum may be a few out.
        assert getattr(count, figure)() == (pytest.approx(met, abs=2), pytest.approx(of, abs=2)), figure


def test_a_small_clean_sample_is_clean(small: Sample) -> None:
    assert exceptions(small.folder) == []


def test_truth_lists_exactly_what_is_flagged(flawed: Path) -> None:
    truth = listed(flawed / "truth.csv")
    assert Counter(exceptions(flawed)) == Counter(truth)
    # Each child carries one fault at most, so a small authority has no room for some.
    assert len({fault.rule for fault in FAULTS} - {rule for rule, _ in truth}) < 0.2 * len(FAULTS)


def test_every_rule_has_a_kind_of_defect() -> None:
    from dq.library import policy_root

    paths = (policy_root() / "rules" / "casework").rglob("*.yaml")
    active = {path.stem for path in paths if yaml.safe_load(path.read_bytes()).get("status", "active") == "active"}
    assert active <= {fault.rule for fault in FAULTS}


def test_a_sample_with_defects_is_the_same_authority(small: Sample, flawed: Path) -> None:
    rows, same = 0, 0
    for extract in ROWS:
        sound = (small.folder / f"{extract}.csv").read_text(encoding="utf-8").splitlines()
        spoilt = (flawed / f"{extract}.csv").read_text(encoding="utf-8").splitlines()
        rows, same = rows + len(sound), same + (Counter(sound) & Counter(spoilt)).total()
    assert same > 0.95 * rows


def test_only_defects_of_a_severity(tmp_path: Path) -> None:
    out = tmp_path / "extracts"
    summary = write_sample("kent-2016-08", out, scale=TINY, defects=0.02, severity=Severity.QUERY)
    queries = {fault.rule for fault in FAULTS if fault.severity is Severity.QUERY}
    assert set(summary.defects) == queries
    assert {rule for rule, _ in listed(out / "truth.csv")} <= queries


def test_an_unknown_recipe_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(ProblemsError, match=r"no recipe 'kant'.*kent-2016-08"):
        write_sample("kant", tmp_path / "out")


def test_a_recipe_that_does_not_add_up_is_refused(tmp_path: Path) -> None:
    from dq.library import policy_root

    recipe = (policy_root() / "data" / "recipes" / "kent-2016-08.yaml").read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(recipe.replace("met: 293", "met: 292"), encoding="utf-8")
    with pytest.raises(ProblemsError, match=r"wrong.yaml.*figure 17 'met'.*292 and 293"):
        write_sample(wrong, tmp_path / "out")


def test_a_district_that_is_not_in_the_directory_is_refused(tmp_path: Path) -> None:
    from dq.library import policy_root

    recipe = (policy_root() / "data" / "recipes" / "kent-2016-08.yaml").read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(recipe.replace("homes: [E07000107]", "homes: [E99999999]"), encoding="utf-8")
    with pytest.raises(ProblemsError, match="district E99999999"):
        write_sample(wrong, tmp_path / "out", scale=TINY)


@pytest.mark.parametrize(("scale", "defects"), [(0.0, 0.0), (0.001, 0.0), (1.0, -0.1), (1.0, 2.0)])
def test_an_impossible_scale_or_rate_is_refused(tmp_path: Path, scale: float, defects: float) -> None:
    with pytest.raises(ProblemsError):
        write_sample("kent-2016-08", tmp_path / "out", scale=scale, defects=defects)
    assert not (tmp_path / "out").exists()


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ProblemsError, match=r"holds other files, such as 'notes.txt'"):
        write_sample("kent-2016-08", tmp_path, scale=TINY)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_earlier_sample_is_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for defects in (0.05, 0.0):
        write_sample("kent-2016-08", out, scale=TINY, defects=defects)
    assert listed(out / "truth.csv") == []
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_is_larger_than_the_recipe_is_made_of_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of a hundredth here, so that three are soon made; each is an authority with keys of its own."""
    monkeypatch.setattr(whole, "LARGEST_BLOCK", 0.01)
    for name in ("once", "again"):
        made = write_sample("kent-2016-08", tmp_path / name, seed=4, scale=0.03, defects=0.05)
    once, again = tmp_path / "once", tmp_path / "again"
    assert all(path.read_bytes() == (again / path.name).read_bytes() for path in once.iterdir())
    spoilt = {key for _, key in listed(once / "truth.csv")}
    for extract, row in ROWS.items():
        keys = Counter(record[fields(row)[0].name] for record in rows(once / f"{extract}.csv"))
        assert sum(keys.values()) == made.rows[extract]
        assert {key for key, times in keys.items() if times > 1} <= spoilt
    assert len({record["common_child_id"] for record in rows(once / "persons.csv")}) > 540
    assert len(rows(once / "teams.csv")) == 34


def test_children_say_the_size_as_well(tmp_path: Path) -> None:
    made = write_sample("kent-2016-08", tmp_path / "out", children=50)
    assert 45 <= made.rows["persons"] <= 60


def rows(file: Path) -> list[dict[str, str]]:
    """Return the rows of a file by heading."""
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))
