"""What ships in the policy folders: every example holds, and every rule and indicator says what people need to know."""

import itertools
from datetime import date

import pytest

from dq.engine.examples import run_examples
from dq.indicators.examples import run_indicator_examples
from dq.library.load import load_library
from dq.library.policy import is_counted, runs_in_shadow
from dq.model import RuleStatus
from dq.workspace import open_workspace

LIBRARY = load_library()
AUTHORED = {name: bound for name, bound in LIBRARY.rules.items() if bound.rule.topic != "contract"}
TOPICS = {
    topic: [b for b in AUTHORED.values() if b.rule.topic == topic]
    for topic in {b.rule.topic for b in AUTHORED.values()}
}


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_examples_of_rules_hold(topic):
    with open_workspace() as workspace:
        outcomes = list(run_examples(workspace, LIBRARY, TOPICS[topic]))
    assert [outcome for outcome in outcomes if outcome.fault] == []
    assert len(outcomes) == sum(len(bound.rule.examples) for bound in TOPICS[topic]) > 0


def test_examples_of_indicators_hold():
    with open_workspace() as workspace:
        outcomes = list(run_indicator_examples(workspace, LIBRARY, LIBRARY.indicators.values()))
    assert [outcome for outcome in outcomes if outcome.fault] == []
    assert {outcome.rule_id for outcome in outcomes} == set(LIBRARY.indicators)


@pytest.mark.parametrize("name", sorted(AUTHORED))
def test_a_rule_has_examples_that_flag_that_pass_and_that_are_out_of_scope(name):
    rule = AUTHORED[name].rule
    assert any(example.flags for example in rule.examples), "none flags"
    assert any((example.in_scope or 0) > len(example.flags) for example in rule.examples), "none passes"
    in_question = [example.in_scope for example in rule.examples]
    assert 0 in in_question or rule.where == "true", "none is out of scope"


@pytest.mark.parametrize("name", sorted(AUTHORED))
def test_a_rule_says_why_and_what_to_do_in_sentences(name):
    rule = AUTHORED[name].rule
    for text in (rule.why, rule.fix):
        assert text[0].isupper()
        assert text.rstrip().endswith(".")
    assert not rule.message.endswith(".")
    assert rule.id == rule.path.stem


def test_no_two_rules_or_indicators_say_the_same_thing():
    titles = [b.rule.title for b in AUTHORED.values()] + [b.indicator.title for b in LIBRARY.indicators.values()]
    assert len(titles) == len(set(titles))
    conditions = [(b.rule.on, b.rule.where, b.rule.expect) for b in AUTHORED.values()]
    assert [pair for pair in itertools.combinations(conditions, 2) if pair[0] == pair[1]] == []


def test_every_scorecard_line_with_a_target_says_where_its_colours_come_from():
    for card in LIBRARY.scorecards.values():
        has_colours = any(line.band is not None for line in card.lines)
        for line in card.lines:
            assert not has_colours or (line.target is None) == (line.band is None), line.title
            if line.band is not None:
                assert len(line.band.evidence) > 40, line.title


def test_the_three_rules_that_name_the_product_are_there():
    assert {
        "home-postcode-missing", "home-postcode-impossible",
        "placement-postcode-missing", "placement-postcode-impossible",
        "no-visit-in-care", "no-visit-on-plan", "cin-visit-recorded-late", "cp-child-seen-missing",
        "move-without-reason",
    } <= set(AUTHORED)  # fmt: skip


def test_a_meaning_has_a_fingerprint_that_wording_does_not_change(tmp_path):
    path = AUTHORED["move-without-reason"].rule.path
    own = tmp_path / "rules" / "casework" / "placements"
    own.mkdir(parents=True)
    text = path.read_text(encoding="utf-8")
    (own / path.name).write_text(
        text.replace("where: next_placement_id is not null", "where: NEXT_placement_id  IS NOT NULL"), encoding="utf-8"
    )
    assert load_library("casework", tmp_path).fingerprints() == LIBRARY.fingerprints()
    (own / path.name).write_text(
        text.replace("expect: change_reason is not null", "expect: change_reason <> 'OTHER'"), encoding="utf-8"
    )
    assert load_library("casework", tmp_path).fingerprints()["rules"] != LIBRARY.fingerprints()["rules"]


def test_a_rule_takes_part_only_from_and_until_its_dates():
    rule = AUTHORED["move-without-reason"].rule.model_copy(
        update={"since": date(2016, 4, 1), "until": date(2017, 3, 31)}
    )
    months = [date(2016, 3, 31), date(2016, 4, 30), date(2017, 3, 31), date(2017, 4, 30)]
    assert [is_counted(rule, month) for month in months] == [False, True, True, False]
    assert not is_counted(rule.model_copy(update={"status": RuleStatus.RETIRED}), date(2016, 4, 30))


def test_a_rule_in_shadow_runs_beside_those_that_count_within_its_dates():
    rule = AUTHORED["move-without-reason"].rule.model_copy(
        update={"since": date(2016, 4, 1), "until": date(2017, 3, 31)}
    )
    months = [date(2016, 3, 31), date(2016, 4, 30), date(2017, 3, 31), date(2017, 4, 30)]
    for status, counted, shadow in (
        (RuleStatus.DRAFT, [False] * 4, [False] * 4),
        (RuleStatus.SHADOW, [False] * 4, [False, True, True, False]),
        (RuleStatus.ACTIVE, [False, True, True, False], [False] * 4),
        (RuleStatus.RETIRED, [False] * 4, [False] * 4),
    ):
        told = rule.model_copy(update={"status": status})
        assert [is_counted(told, month) for month in months] == counted, status
        assert [runs_in_shadow(told, month) for month in months] == shadow, status
