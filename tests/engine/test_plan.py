"""The plan of a check: every rule in one statement, none too much to plan, no view forgotten before it is read."""

from __future__ import annotations

import pytest
from sqlglot import exp

from dq.engine.plan import Step, make_plan, tables_of
from dq.library.load import load_library
from dq.library.policy import Library

MOST = 8


@pytest.fixture(scope="module", params=["casework", "ssda903", "cin"])
def policy(request: pytest.FixtureRequest) -> Library:
    return load_library(request.param)


def test_every_rule_is_in_one_step(policy: Library) -> None:
    planned = [bound.rule.id for step in make_plan(policy, list(policy.rules.values())).steps for bound in step.rules]
    assert sorted(planned) == sorted(bound.rule.id for bound in policy.rules.values())


def test_a_statement_has_few_sub_selects_or_one_rule(policy: Library) -> None:
    steps = make_plan(policy, list(policy.rules.values())).steps
    assert all(_selects(step) <= MOST or len(step.rules) == 1 for step in steps)


def test_rules_without_sub_selects_are_never_parted(policy: Library) -> None:
    alone = [step.on for step in make_plan(policy, list(policy.rules.values())).steps if not _selects(step)]
    assert len(alone) == len(set(alone))


def test_a_view_is_forgotten_after_its_last_reader(policy: Library) -> None:
    plan = make_plan(policy, list(policy.rules.values()), keys_only=True)
    over = plan.over_after(policy)
    gone: set[str] = set()
    for place, step in enumerate(plan.steps):
        read = {*tables_of(policy, step.rules), *(policy.views[step.on].depends if step.inside else ())}
        assert not gone & read
        gone |= set(over.get(place, ()))
    assert gone == {view for view, _ in plan.views} & {
        table for step in plan.steps for table in (*tables_of(policy, step.rules), *_beneath(policy, step))
    }


def _beneath(policy: Library, step: Step) -> tuple[str, ...]:
    return tuple(policy.views[step.on].depends) if step.inside else ()


def _selects(step: Step) -> int:
    return sum(
        1
        for bound in step.rules
        for tree in (bound.where.tree, bound.expect.tree)
        for _ in tree.find_all(exp.Select)
    )  # fmt: skip
