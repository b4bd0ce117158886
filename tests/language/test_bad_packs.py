"""Packs of policy with a fault each: what their author is told. The cases are in ``bad_packs.yaml``."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from dq.library.folders import policy_root
from dq.library.load import load_library
from dq.library.mappings import load_mapping
from dq.library.policy import Library
from dq.library.yaml_file import read_yaml
from dq.problems import Problem, ProblemsError
from dq.project import open_project
from tests.conftest import Folder

pytestmark = pytest.mark.xdist_group("refused")
DATA: dict[str, Any] = read_yaml(Path(__file__).with_name("bad_packs.yaml")).value
CASES: dict[str, list[dict[str, Any]]] = DATA["cases"]
PLACES = {
    "contract": "checks/casework/{}.yaml", "code_list": "data/codes/{}.yaml", "view": "data/casework/views/{}.sql",
    "rule": "rules/casework/spoilt/{}.yaml", "indicator": "reports/indicators/spoilt/{}.yaml",
    "scorecard": "reports/scorecards/{}.yaml", "gate": "checks/gates/{}.yaml",
}  # fmt: skip
TOGETHER = (("contract", "code_list"), ("view",), ("rule", "indicator", "scorecard", "gate"))
"""Kinds whose faults are told at once, so that one load serves all their cases."""


def _name(case: dict[str, Any]) -> str:
    return "spoilt_" + re.sub(r"\W+", "_", case["name"].lower())


def _text(kind: str, case: dict[str, Any]) -> str:
    if "text" in case:
        return str(case["text"])
    text = str(DATA["good"][kind])
    for old, new in case["swap"].items():
        assert old in text, f"{old!r} is not in the good {kind}"
        text = text.replace(old, str(new), 1)
    return text


def _refused(load: Any) -> tuple[Problem, ...]:
    with pytest.raises(ProblemsError) as refused:
        load()
    return refused.value.problems


@pytest.fixture(scope="module")
def told(project_folder: Folder) -> dict[tuple[str, str], list[Problem]]:
    """(Kind, name of the file) → what its author is told, of the kinds that a load reads whole."""
    found: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    for kinds in TOGETHER:
        files = {PLACES[kind].format(_name(case)): _text(kind, case) for kind in kinds for case in CASES[kind]}
        by_path = {PLACES[kind].format(_name(case)): (kind, _name(case)) for kind in kinds for case in CASES[kind]}
        folder = project_folder(files)
        for problem in _refused(lambda folder=folder: load_library("casework", folder)):
            assert problem.path is not None, f"in no file: {problem}"
            found[by_path[problem.path.relative_to(folder).as_posix()]].append(problem)
    return found


def _alone(kind: str, case: dict[str, Any], folder: Path, library: Library) -> tuple[Problem, ...]:
    """What is told of a file that is read by itself."""
    text = _text(kind, case)
    if kind == "thresholds":
        path = folder / "data" / "casework" / "thresholds.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        return tuple(p for p in _refused(lambda: load_library("casework", folder)) if p.path == path)
    if kind == "mapping":
        path = folder / "data" / "mappings" / "toys.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        return _refused(lambda: load_mapping([policy_root(), folder], "toys", library.contracts, library.code_lists))
    (folder / "dq.yaml").write_text(text, encoding="utf-8")

    def load() -> None:
        project = open_project(folder)
        load_library(project.dataset, project.folder, project.thresholds, project.path)

    return _refused(load)


@pytest.mark.parametrize(
    ("kind", "case"), [pytest.param(k, c, id=f"{k}: {c['name']}") for k, cases in CASES.items() for c in cases]
)
def test_what_its_author_is_told(
    kind: str, case: dict[str, Any], told: dict[tuple[str, str], list[Problem]], library: Library, tmp_path: Path
) -> None:
    problems = told[kind, _name(case)] if kind in PLACES else list(_alone(kind, case, tmp_path, library))
    # A key misspelt is told as one unknown, and as one missing where it must be there.
    assert len(problems) == 1 + case.get("more", 0), [str(problem) for problem in problems]
    fitting = [p for p in problems if all(re.search(_pattern(words), str(p)) for words in case["says"])]
    assert fitting, [str(problem) for problem in problems]
    assert fitting[0].path is not None
    assert fitting[0].line == case["line"]


def _pattern(words: str) -> str:
    return "|".join(re.escape(part) for part in words.split("|"))


def test_the_good_files_are_accepted(project_folder: Folder, library: Library) -> None:
    good = DATA["good"]
    files = {place.format(f"good_{kind}"): good[kind] for kind, place in PLACES.items()}
    folder = project_folder({**files, "dq.yaml": good["project"], "data/mappings/toys.yaml": good["mapping"]})
    project = open_project(folder)
    own = load_library(project.dataset, folder, project.thresholds, project.path)
    assert own.thresholds["cin_visit_days"] == 30
    assert {"good_contract"} == set(own.contracts) - set(library.contracts)
    assert load_mapping([policy_root(), folder], "toys", own.contracts, own.code_lists).title == "A toy layout"


def test_there_are_forty_and_no_case_twice() -> None:
    names = [(kind, _name(case)) for kind, cases in CASES.items() for case in cases]
    assert len(names) == len(set(names)) >= 40
