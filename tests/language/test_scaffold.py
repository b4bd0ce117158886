"""``dq rules new``: a file that loads, whose examples hold, for every extract there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from dq.engine.examples import run_examples
from dq.library.load import load_library
from dq.library.policy import Library
from dq.library.scaffold import new_rule
from dq.model import RuleStatus
from dq.problems import ProblemsError
from dq.workspace import open_workspace
from tests.conftest import Folder

ONE = """title: Teapots
one_row: a teapot
key: teapot_id
columns:
  teapot_id: {type: text, label: Teapot ID, required: true, local: true}
  spout: {type: text, label: spout, local: true}
"""
BARE = """title: Beans
one_row: a bean
key: bean_id
columns: {bean_id: {type: text, label: Bean ID, required: true, local: true}}
"""
TOOLS = """title: Tools
one_row: a tool
key: tool_id
person: owner_id
event: sold_at
columns:
  tool_id: {type: text, label: Tool ID, required: true, local: true}
  owner_id: {type: text, label: owner, required: true, local: true}
  sold_at: {type: datetime, label: sold at, required: true, local: true}
  weight: {type: number, label: weight, required: true, at_least: 3, local: true}
  kind: {type: code, label: kind, required: true, codes: tool_kinds, local: true}
  maker: {type: code, label: maker, codes: tool_kinds, local: true}
"""
KINDS = """title: Kinds of tool
edition: '1'
source: a test
codes: {"null": {label: none, until: 2017-05-09}, "a: b": {label: odd, from: 2017-05-10}}
"""


def test_a_new_rule_for_every_extract_loads_and_its_examples_hold(project_folder: Folder, library: Library) -> None:
    folder = project_folder({
        "checks/casework/teapots.yaml": ONE, "checks/casework/tools.yaml": TOOLS, "data/codes/tool_kinds.yaml": KINDS,
    })  # fmt: skip
    before = load_library("casework", folder)
    names = [f"new-{extract.replace('_', '-')}" for extract in before.contracts]
    for name, extract in zip(names, before.contracts, strict=True):
        path = new_rule(before, folder, name, extract)
        assert path == folder / "rules" / "casework" / extract.replace("_", "-") / f"{name}.yaml"
    after = load_library("casework", folder)
    with open_workspace() as workspace:
        outcomes = list(run_examples(workspace, after, [after.rules[name] for name in names]))
    assert [outcome for outcome in outcomes if outcome.fault] == []
    for name in names:
        rule = after.rules[name].rule
        assert rule.status is RuleStatus.SHADOW, "what nobody has looked at counts nowhere"
        flags, passes = rule.examples[:2]
        assert flags.flags == ["R1"]
        assert (passes.flags, passes.in_scope) == ([], 1)
        assert [example.in_scope for example in rule.examples[2:]] == ([] if "teapots" in name else [0])
        contract = after.contracts[rule.on]
        required = {column for column, about in contract.columns.items() if about.required}
        assert required <= set(passes.given[rule.on][0])
    assert set(library.contracts) < set(before.contracts)


def _refused(library: Library, folder: Path, name: str, on: str, topic: str | None = None) -> str:
    with pytest.raises(ProblemsError) as refused:
        new_rule(library, folder, name, on, topic)
    (problem,) = refused.value.problems
    return str(problem)


def test_what_is_refused(library: Library, tmp_path: Path) -> None:
    told = _refused(library, tmp_path, "x", "cla_visit")
    assert "there is no extract 'cla_visit'. Did you mean 'cla_visits'?" in told
    assert "It is a view" in _refused(library, tmp_path, "x", "children_in_care")
    for name in ("Upper", "a b", "../up", "", "-a", "a--b", "a.b"):
        assert "cannot name a rule" in _refused(library, tmp_path, name, "teams"), name
    assert "cannot name a rule or topic" in _refused(library, tmp_path, "fine", "teams", "../..")
    told = _refused(library, tmp_path, "no-visit-on-plan", "teams")
    assert "there is a rule 'no-visit-on-plan' already" in told
    assert "no-visit-on-plan.yaml:1" in told
    assert list(tmp_path.iterdir()) == [], "nothing was written"


def test_nothing_is_overwritten(library: Library, tmp_path: Path) -> None:
    path = new_rule(library, tmp_path, "mine", "teams", "own")
    path.write_text("# mine\n", encoding="utf-8")
    assert "there is a file here already" in _refused(library, tmp_path, "mine", "teams", "own")
    assert path.read_text(encoding="utf-8") == "# mine\n"


def test_an_extract_of_a_key_alone_has_nothing_to_expect(project_folder: Folder) -> None:
    folder = project_folder({"checks/casework/beans.yaml": BARE})
    assert "no column besides its key" in _refused(load_library("casework", folder), folder, "x", "beans")
