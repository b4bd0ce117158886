"""A rule's fingerprint: the same for the same meaning, however it is laid out, and another for another meaning."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dq.library.folders import policy_root
from dq.library.load import load_library
from dq.library.policy import Library
from tests.conftest import Folder

WHERE = "next_placement_id is not null and start_date <= :period_end and postcode like 'ME14%'"
EXPECT = "change_reason is not null or days_between ( start_date , end_date ) < :cin_visit_days"
RULE = {
    "title": "A rule to lay out",
    "severity": "error",
    "dimension": "completeness",
    "on": "placements_in_order",
    "where": WHERE,
    "expect": EXPECT,
    "fields": "[change_reason, end_date]",
    "message": "Ended {end_date} with no reason",
    "why": "It is a test.",
    "fix": "Choose a reason.",
}
EXAMPLES = [
    "  - {name: a, given: {cla_placements: [{placement_id: P1}]}, in_scope: 0}",
    "  - name: b\n    given: {cla_placements: []}\n    flags: []",
]
KEYWORDS = {"is", "not", "null", "and", "or", "like"}
GAPS = [" ", "  ", "\t", "\n", "\n\n", " /* why */ ", "\n-- a note: 'quoted'\n"]


def _sql(text: str, rng: random.Random) -> str:
    """The same SQL with keywords and names in other cases, and other spaces and comments between them."""
    tokens = [
        token if token[0] in "':" or "'" in token else rng.choice([token, token.upper(), token.capitalize()])
        for token in text.split()
    ]
    return "".join(token + rng.choice(GAPS) for token in tokens).strip()


def _value(text: str, rng: random.Random) -> str:
    """A text as YAML may write it: as a block or in quotes."""
    if rng.random() < 0.5:
        return "|\n" + "".join(f"    {line}\n" for line in text.splitlines()).rstrip("\n")
    return json.dumps(text)


def _laid_out(seed: int) -> str:
    rng = random.Random(seed)
    keys = dict(RULE)
    for key in ("title", "message", "why", "fix"):
        keys[key] = _value(rng.choice(["Other words", "Quite other words, said again.", keys[key]]), rng)
    for key in ("where", "expect"):
        keys[key] = _value(_sql(keys[key], rng), rng)
    keys["fields"] = rng.choice(["[end_date,   change_reason]", "\n  - change_reason\n  - end_date", keys["fields"]])
    if rng.random() < 0.5:
        keys["source"] = "somewhere"
    if rng.random() < 0.5:
        keys |= {"status": "active", "owner": "team_now"}
    examples = rng.sample(EXAMPLES, rng.randrange(1, 3))
    keys["examples"] = "\n" + "\n".join(examples)
    lines = [f"{key}: {value}" for key, value in keys.items()]
    rng.shuffle(lines)
    return "# a comment\n" + ("\n# another\n" if rng.random() < 0.5 else "\n").join(lines) + "\n"


def _marks(folder: Path, thresholds: Mapping[str, float] | None = None) -> dict[str, str]:
    return load_library("casework", folder, thresholds).rule_fingerprints()


def _plain(keys: Mapping[str, str]) -> str:
    return "".join(f"{key}: {value if key == 'fields' else json.dumps(value)}\n" for key, value in keys.items())


@pytest.fixture(scope="module")
def good(project_folder: Folder) -> str:
    """The fingerprint of the rule as it stands above."""
    return _marks(project_folder({"rules/casework/laid/plain.yaml": _plain(RULE)}))["plain"]


def test_layout_wording_and_comments_change_nothing(project_folder: Folder, good: str) -> None:
    @given(seeds=st.lists(st.integers(0, 10**9), min_size=60, max_size=60, unique=True))
    @settings(deadline=None, max_examples=1, derandomize=True, phases=[Phase.generate])
    def same(seeds: list[int]) -> None:
        texts = {f"laid-{seed}": _laid_out(seed) for seed in seeds}
        marks = _marks(project_folder({f"rules/casework/laid/{name}.yaml": text for name, text in texts.items()}))
        for name, text in texts.items():
            assert marks[name] == good, text

    same()


CHANGES = {
    "where": {"where": WHERE.replace("<=", "<")},
    "a text in where": {"where": WHERE.replace("ME14%", "me14%")},
    "expect": {"expect": EXPECT.replace("or", "and")},
    "on": {"on": "cla_placements", "where": "start_date <= :period_end"},
    "severity": {"severity": "query"},
    "dimension": {"dimension": "validity"},
    "owner": {"owner": "team_at_event"},
    "fields": {"fields": "[change_reason]"},
    "from": {"from": "2016-04-01"},
    "until": {"until": "2017-03-31"},
    "shadow": {"status": "shadow"},
    "retired": {"status": "retired"},
    "another limit": {"expect": EXPECT.replace("cin_visit_days", "cla_visit_days")},
    "another function": {"expect": EXPECT.replace("days_between", "working_days_between")},
}


def test_another_meaning_has_another_fingerprint(project_folder: Folder, good: str) -> None:
    texts = {name.replace(" ", "-"): _plain({**RULE, **change}) for name, change in CHANGES.items()}
    marks = _marks(project_folder({f"rules/casework/other/{name}.yaml": text for name, text in texts.items()}))
    found = {name: marks[name] for name in texts}
    assert [name for name, mark in found.items() if mark == good] == []
    assert len(set(found.values())) == len(CHANGES), "each differs from the others too"


def _shipped(relative: str) -> str:
    return (policy_root() / relative).read_text(encoding="utf-8")


def test_what_lies_beneath_a_rule_is_part_of_its_meaning(project_folder: Folder, library: Library, good: str) -> None:
    rule = {"rules/casework/laid/plain.yaml": _plain(RULE)}
    view, contract = "data/casework/views/placements_in_order.sql", "checks/casework/cla_placements.yaml"
    beneath = {
        view: _shipped(view).replace("where start_date <=", "where start_date <"),
        contract: _shipped(contract).replace("postcode: {type: text", "postcode: {type: number"),
    }
    for path, text in beneath.items():
        assert text != _shipped(path), "the change must be one"
        changed = _marks(project_folder({**rule, path: text}))
        assert changed["plain"] != good, path
        assert changed["no-visit-on-plan"] == library.rule_fingerprints()["no-visit-on-plan"], "another's is its own"
    laid = "-- A note.\n" + _shipped(view).replace("select", "SELECT").replace(",\n", " ,\n\n")
    assert _marks(project_folder({**rule, view: laid}), {"ethnicity_days": 29})["plain"] == good, "not a limit of its"
    assert _marks(project_folder(rule), {"cin_visit_days": 29})["plain"] != good


def test_the_packs_fingerprint_follows_its_rules(library: Library) -> None:
    own = load_library("casework", thresholds={"late_recording_working_days": 6})
    assert own.fingerprints()["rules"] != library.fingerprints()["rules"]
    before, after = library.rule_fingerprints(), own.rule_fingerprints()
    changed = {name for name in before if before[name] != after[name]}
    visits = {"cin-visit-recorded-late", "cla-visit-recorded-late", "cp-visit-recorded-late"}
    assert changed == visits | {"oversight-recorded-late"}
    assert len(set(before.values())) == len(before), "no two rules mean the same"
