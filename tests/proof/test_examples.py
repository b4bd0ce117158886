"""The examples of the rules about published figures."""

from __future__ import annotations

from dq.engine.examples import run_examples
from dq.library.load import load_library
from dq.workspace import open_workspace


def test_each_example_comes_out_as_it_says() -> None:
    library = load_library("scorecard")
    with open_workspace() as workspace:
        outcomes = list(run_examples(workspace, library, library.rules.values()))
    assert outcomes
    assert [f"{outcome.rule_id}, {outcome.example}: {outcome.fault}" for outcome in outcomes if outcome.fault] == []
