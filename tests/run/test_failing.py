"""A rule that fails is one rule; a run that fails leaves what there was; one that does not takes its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_line import dq_here, python
from extract_files import everything_under
from kents import ran
from runs import Ran, changed, run


@pytest.fixture(scope="module")
def small(small_policy: Path, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A run of a small sound authority over a part of the policy."""
    return ran(tmp_path_factory, "small-in-part", "--scale", "0.05")


CRASHES = """\
title: Placement type is a number
severity: query
dimension: validity
on: cla_placements
expect: cast(placement_type as integer) > 0
fields: [placement_type]
message: "The placement type is not a number"
why: It never is; this rule fails when it runs.
fix: Remove the rule.
examples:
  - name: a number
    given: {cla_placements: [{placement_id: P1, placement_type: "5"}]}
"""


def test_a_rule_that_fails_when_it_runs_is_an_error_of_its_own(small: Ran, tmp_path: Path) -> None:
    project = changed(small.project, tmp_path / "kent")
    rule = project / "rules" / "casework" / "own" / "type-is-a-number.yaml"
    rule.parent.mkdir(parents=True)
    rule.write_text(CRASHES, encoding="utf-8")
    ran = run(project)

    assert ran.ended.code == 1, ran.ended.said
    failed = ran.rules["type-is-a-number"]
    assert (failed["status"], failed["in_scope"], failed["flagged"]) == ("error", "", "")
    assert failed["reason"]
    for code in ("U6", "K2", "T0"):  # the engine's own message quotes the cell it choked on
        assert code not in failed["reason"]

    def ended(of: Ran) -> dict[str, tuple[str, ...]]:
        columns = ("status", "in_scope", "flagged", "reason")
        return {name: tuple(row[c] for c in columns) for name, row in of.rules.items() if name != "type-is-a-number"}

    assert ended(ran) == ended(small)
    assert ran.figures == small.figures
    assert ran.facts["gate"]["decision"] == "stop"
    assert ran.facts["gate"]["reasons"][0].startswith("1 rule failed to run")
    assert "type-is-a-number" in ran.facts["gate"]["reasons"][0]


BREAKS_AT_THE_LAST_STEP = """
import sys
import dq.reports.data_files
from dq.cli import main

def broken(*_):
    raise RuntimeError("at the last step")

dq.reports.data_files.write_data_files = broken
sys.argv = ["dq", "run", "."]
main()
"""


def test_a_run_that_fails_leaves_the_earlier_outputs_as_they_were(small: Ran, tmp_path: Path) -> None:
    project = changed(small.project, tmp_path / "kent")
    shutil.copytree(small.out, project / "out" / "2016-08")
    before = everything_under(project)

    broken = python(BREAKS_AT_THE_LAST_STEP, cwd=project)
    assert broken.code == 3, broken.said
    assert everything_under(project) == before

    with (project / "extracts" / "workers.csv").open("a", encoding="utf-8") as file:
        file.write("W999999,too,many,cells,for,the,heading,there,is\n")
    before = everything_under(project)
    refused = dq_here("run", project)
    assert refused.code == 2, refused.said
    assert everything_under(project) == before


def test_outputs_take_the_place_of_a_runs_earlier_ones(small: Ran, tmp_path: Path) -> None:
    project = changed(small.project, tmp_path / "kent")
    (project / "out").mkdir()
    (project / "out" / "run.json").write_bytes((small.out / "run.json").read_bytes())
    (project / "out" / "exceptions.csv").write_text("of last week", encoding="utf-8")

    again = run(project)

    assert again.ended.code == small.ended.code
    assert again.facts["run_id"] != small.facts["run_id"]
    assert sorted(path.name for path in project.iterdir()) == ["dq.yaml", "extracts", "ledger.sqlite", "out"]
    for name in ("exceptions.csv", "scorecard.csv"):
        assert (again.out / name).read_bytes() == (small.out / name).read_bytes()
