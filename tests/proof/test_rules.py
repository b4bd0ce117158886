"""Rules about a finished paper: every example holds, and every rule shows what it finds and what it leaves alone."""

from __future__ import annotations

import pytest

from dq.engine.examples import run_examples
from dq.library.load import load_library
from dq.workspace import open_workspace

LIBRARY = load_library("scorecard")
AUTHORED = {name: bound for name, bound in LIBRARY.rules.items() if bound.rule.topic != "contract"}


def test_examples_hold():
    with open_workspace() as workspace:
        outcomes = list(run_examples(workspace, LIBRARY, AUTHORED.values()))
    assert [outcome for outcome in outcomes if outcome.fault] == []
    assert len(outcomes) == sum(len(bound.rule.examples) for bound in AUTHORED.values()) > 0


@pytest.mark.parametrize("name", sorted(AUTHORED))
def test_a_rule_has_an_example_that_flags_and_one_that_does_not(name):
    examples = AUTHORED[name].rule.examples
    assert any(example.flags for example in examples), "none flags"
    assert any(not example.flags and example.in_scope for example in examples), "none is in scope and sound"
