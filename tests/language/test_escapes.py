"""Nothing a rule, view or indicator says can reach beyond the records; the cases are in ``escapes.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dq.engine.examples import prepare
from dq.language.bind import read_view
from dq.language.expression import Origin, parse_expression
from dq.library.policy import Library
from dq.library.yaml_file import read_yaml
from dq.problems import ProblemsError
from dq.workspace import Workspace, open_workspace

CASES: list[dict[str, Any]] = read_yaml(Path(__file__).with_name("escapes.yaml")).value
ORIGIN = Origin(Path("rule.yaml"), 1, "rule: expect")
DEEP = "(" * 3000 + "true" + ")" * 3000


def _ids(kind: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in CASES if kind in case]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("outside")
    (made / "there.csv").write_text("a\n1\n", encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def sealed(library: Library) -> Iterator[Workspace]:
    with open_workspace() as workspace:
        prepare(workspace, library)
        workspace.seal()
        yield workspace


def _filled(text: str, folder: Path) -> str:
    places = {"{path}": str(folder / "there.csv"), "{new}": str(folder / "made"), "{deep}": DEEP}
    for name, value in places.items():
        text = text.replace(name, value)
    return text


def _says(error: ProblemsError, case: dict[str, Any]) -> None:
    (problem,) = error.problems
    assert re.search(case["says"], str(problem)), str(problem)
    assert problem.path is not None
    assert problem.line is not None


@pytest.mark.parametrize("case", _ids("rule"))
def test_no_condition_of_a_rule_or_indicator_says_it(case: dict[str, Any], folder: Path, library: Library) -> None:
    with pytest.raises(ProblemsError) as refused:
        library.tables.bind(parse_expression(_filled(case["rule"], folder), ORIGIN), "persons", ORIGIN)
    _says(refused.value, case)


@pytest.mark.parametrize("case", _ids("view"))
def test_no_view_says_it(case: dict[str, Any], folder: Path, library: Library) -> None:
    text = f"-- one row: a person\n-- key: person_id\n{_filled(case['view'], folder)}\n"
    with pytest.raises(ProblemsError) as refused:
        library.tables.add_view(read_view(Path("reaching.sql"), text))
    _says(refused.value, case)
    assert "reaching" not in library.views


@pytest.mark.parametrize("case", _ids("run"))
def test_the_sealed_database_does_not_do_it_either(case: dict[str, Any], folder: Path, sealed: Workspace) -> None:
    with pytest.raises(duckdb.Error):
        sealed.connection.execute(_filled(case["run"], folder)).fetchall()
    assert [path.name for path in folder.iterdir()] == ["there.csv"], "nothing was written"


def test_there_are_many_ways() -> None:
    assert len(_ids("rule")) >= 50
    assert len(_ids("run")) >= 25
    assert len({case["name"] for case in CASES}) == len(CASES)


def test_the_database_does_these_things_until_it_is_sealed(folder: Path) -> None:
    """What is refused above is refused by the seal, and not because it is misspelt."""
    with open_workspace() as workspace:
        for text in ("select * from read_text('{path}')", "select * from glob('{path}*')", "select * from '{path}'",
                     "set threads = 1"):  # fmt: skip
            workspace.execute(_filled(text, folder))


def test_parameters_limits_and_sub_selects_that_are_allowed(library: Library) -> None:
    for text in (
        "exists (select 1 from addresses a where a.person_id = persons.person_id and a.end_date is null)",
        "not exists (select 1 from children_in_care c where c.person_id = persons.person_id)",
        "person_id in (select person_id from cp_plans where end_date is null or end_date > :period_end)",
        "person_id not in (select a.person_id from addresses a where a.start_date > persons.dob)",
        "exists (select 1 from cp_plans p where p.person_id = persons.person_id and exists "
        "(select 1 from cp_visits v where v.cp_plan_id = p.cp_plan_id and v.visit_date >= :period_start))",
        "days_between(dob, :period_end) > :cin_visit_days",
        "sex in ('1', '2') and ethnicity like 'W%' and dob between date '1998-01-01' and timestamp '2016-08-31 10:00'",
    ):
        library.tables.bind(parse_expression(text, ORIGIN), "persons", ORIGIN)
