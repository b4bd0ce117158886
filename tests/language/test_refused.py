"""Policy files that must be refused: the cases are in ``refused.yaml``."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from dq.library.load import load_library
from dq.library.policy import Library
from dq.library.yaml_file import read_yaml
from dq.problems import Problem, ProblemsError
from tests.conftest import Folder

pytestmark = pytest.mark.xdist_group("refused")  # two loads serve every case, so on one worker
CASES: dict[str, list[dict[str, Any]]] = read_yaml(Path(__file__).with_name("refused.yaml")).value
RULE = {
    "title": "A rule to spoil",
    "severity": "error",
    "dimension": "completeness",
    "on": "cla_placements",
    "where": "end_date is not null",
    "expect": "change_reason is not null",
    "fields": "[change_reason]",
    "message": '"Ended {end_date} with no reason"',
    "why": "It is a test.",
    "fix": "Choose a reason.",
    "examples": "[]",
}
INDICATOR = {
    "title": "A measure to spoil",
    "on": "children_in_care",
    "denominator": "age is not null",
    "numerator": "age < 16",
    "unit": "percent",
    "polarity": "high",
    "period": "snapshot",
    "definition": "It is a test.",
    "source": "A test",
}


def _text(case: dict[str, Any], good: dict[str, str]) -> str | bytes:
    if "latin1" in case:
        return str(case["latin1"]).encode("latin-1")
    if "text" in case:
        return str(case["text"])
    keys = {key: value for key, value in good.items() if key not in case.get("without", ())}
    keys |= {key: str(value) for key, value in case.get("changes", {}).items()}
    return "".join(f"{key}: {value}\n" for key, value in keys.items())


def _path(kind: str, case: dict[str, Any]) -> str:
    name = "spoilt-" + re.sub(r"\W+", "-", case["name"])
    folder = {"rules": "rules/casework/spoilt", "indicators": "reports/indicators/spoilt"}
    return f"data/casework/views/{name}.sql" if kind == "views" else f"{folder[kind]}/{name}.yaml"


def _problems(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(ProblemsError) as refused:
        load_library("casework", folder)
    return refused.value.problems


@pytest.fixture(scope="module")
def told(project_folder: Folder) -> dict[str, list[Problem]]:
    """File name → what its author is told. All problems are told at once, so two loads serve every case."""
    found: dict[str, list[Problem]] = defaultdict(list)
    for kinds in (("rules", "indicators"), ("views",)):
        good = {"rules": RULE, "indicators": INDICATOR, "views": {}}
        files = {_path(kind, case): _text(case, good[kind]) for kind in kinds for case in CASES[kind]}
        for problem in _problems(project_folder(files)):
            assert problem.path is not None, f"in no file: {problem}"
            found[problem.path.name].append(problem)
    return found


@pytest.mark.parametrize(
    ("kind", "case"), [pytest.param(k, c, id=f"{k}: {c['name']}") for k, cases in CASES.items() for c in cases]
)
def test_what_a_file_may_not_say(kind: str, case: dict[str, Any], told: dict[str, list[Problem]]) -> None:
    problems = told[Path(_path(kind, case)).name]
    assert len(problems) == 1, f"one problem expected, told: {[str(p) for p in problems]}"
    for words in case["says"]:
        assert words in str(problems[0])
    assert problems[0].line == case.get("line")


def test_no_case_is_there_twice() -> None:
    paths = [_path(kind, case) for kind, cases in CASES.items() for case in cases]
    assert len(paths) == len(set(paths))


def test_the_good_files_that_cases_spoil_are_accepted(project_folder: Folder) -> None:
    files = {
        "rules/casework/good/good-rule.yaml": _text({}, RULE),
        "reports/indicators/good/good_measure.yaml": _text({}, INDICATOR),
    }
    library = load_library("casework", project_folder(files))
    assert library.rules["good-rule"].rule.topic == "good"
    assert "good_measure" in library.indicators


def test_two_rules_of_one_name_in_two_folders(project_folder: Folder) -> None:
    text = _text({}, RULE)
    problems = _problems(project_folder({"rules/casework/a/same.yaml": text, "rules/casework/b/same.yaml": text}))
    assert len(problems) == 1
    assert "there are two rules 'same'" in str(problems[0])
    assert problems[0].path is not None
    assert problems[0].path.parent.name == "b"
    assert str(Path("a") / "same.yaml") in problems[0].what


def test_views_in_a_circle(project_folder: Folder) -> None:
    one, other = (f"-- one row: a child\n-- key: person_id\nselect person_id from circle_{name}\n" for name in "ba")
    folder = project_folder({"data/casework/views/circle_a.sql": one, "data/casework/views/circle_b.sql": other})
    problems = _problems(folder)
    assert len(problems) == 1
    assert "these views depend on one another: circle_a, circle_b" in problems[0].what


def test_a_view_that_names_no_column_says_its_file_and_the_nearest(project_folder: Folder) -> None:
    text = "-- one row: a child\n-- key: person_id\nselect person_id, dobb from persons\n"
    (problem,) = _problems(project_folder({"data/casework/views/born.sql": text}))
    assert problem.path is not None
    assert problem.path.name == "born.sql"
    assert "persons has no column 'dobb'" in problem.what
    assert problem.instead == "Did you mean 'dob'?"


def test_a_view_borrowed_from_where_it_is_not(project_folder: Folder) -> None:
    (problem,) = _problems(project_folder({"data/casework/views/team_area.sql": "-- as in: recording\n"}))
    assert problem.path is not None
    assert (problem.path.name, problem.line) == ("team_area.sql", 1)
    assert problem.what == "dataset 'recording' has no view 'team_area'."
    assert problem.instead == "Did you mean 'team_areas'?"


def test_a_view_whose_key_is_not_its_column(project_folder: Folder) -> None:
    text = "-- one row: a child\n-- key: person\nselect person_id from persons\n"
    (problem,) = _problems(project_folder({"data/casework/views/keyless.sql": text}))
    assert "its key 'person' is not one of its columns" in problem.what
    assert problem.instead == "Did you mean 'person_id'?"


CONTRACT = """title: Toys
one_row: a toy
key: toy_id
columns:
  toy_id: {type: text, label: Toy ID, required: true, local: true}
  colour: {type: code, label: colour, codes: COLOURS, local: true}
"""


def test_a_contract_with_an_unknown_code_list(project_folder: Folder) -> None:
    folder = project_folder({"checks/casework/toys.yaml": CONTRACT.replace("COLOURS", "yes_noo")})
    (problem,) = _problems(folder)
    assert "colour: there is no code list 'yes_noo'" in problem.what
    assert problem.instead == "Did you mean 'yes_no'?"
    assert problem.path is not None
    assert problem.path.name == "toys.yaml"
    assert problem.line == 6


def test_a_contract_whose_key_is_not_its_column(project_folder: Folder) -> None:
    text = CONTRACT.replace("COLOURS", "yes_no").replace("key: toy_id", "key: toyid")
    (problem,) = _problems(project_folder({"checks/casework/toys.yaml": text}))
    assert "'key' names no column 'toyid'" in problem.what
    assert problem.instead == "Did you mean 'toy_id'?"
    assert problem.line == 3


def test_a_threshold_that_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "dq.yaml"
    with pytest.raises(ProblemsError) as refused:
        load_library("casework", thresholds={"cin_visit_dayz": 30}, project_file=file)
    (problem,) = refused.value.problems
    assert problem == Problem("there is no threshold 'cin_visit_dayz'.", file, None, "Did you mean 'cin_visit_days'?")


def test_a_threshold_of_an_authority_is_used(library: Library) -> None:
    own = load_library("casework", thresholds={"cin_visit_days": 30})
    assert (library.thresholds["cin_visit_days"], own.thresholds["cin_visit_days"]) == (28, 30)
    assert own.fingerprints()["indicators"] != library.fingerprints()["indicators"]


def test_a_dataset_that_is_not_there() -> None:
    with pytest.raises(ProblemsError, match=r"there is no dataset 'caswork'\. Did you mean 'casework'\?"):
        load_library("caswork")
