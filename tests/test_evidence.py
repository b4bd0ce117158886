"""The table of evidence: every entry is there, once, with rules that exist or a reason why none can."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from dq.model import RuleStatus

PAGE = Path(__file__).resolve().parent.parent / "docs" / "evidence.md"
READ = Path(__file__).resolve().parents[2] / "shared" / "published" / "data_quality_evidence.md"
PAPERS = {
    "Kent, August 2016", "Kent, October 2016", "Kent, August and October 2016", "Kent, November 2017",
    "Buckinghamshire, September 2016", "Kirklees, June 2017",
}  # fmt: skip
A_RULE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+|contract(\.[a-z0-9_]+){3}")


class Entry(NamedTuple):
    id: str
    reported: str
    paper: str
    rules: str
    left: str

    @property
    def named(self) -> list[tuple[str, bool]]:
        """The rules that find it, and whether each is said to be in shadow."""
        return [(name, bool(mark)) for name, mark in re.findall(r"`([^`]+)`( \(shadow\))?", self.rules)]

    @property
    def mentioned(self) -> list[str]:
        """The rules that are spoken of beside them."""
        return [name for name in re.findall(r"`([^`]+)`", self.left) if A_RULE.fullmatch(name)]


def rows(text: str) -> list[list[str]]:
    """The cells of every row of a table whose first cell is the id of an entry."""
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if re.match(r"\| *[AB][0-9]+ *\|", line)
    ]


TEXT = PAGE.read_text(encoding="utf-8")
ENTRIES = [Entry(*cells) for cells in rows(TEXT)]
IDS = [entry.id for entry in ENTRIES]


def test_entries_are_numbered_in_order_with_none_left_out():
    first = [name for name in IDS if name.startswith("A")]
    second = [name for name in IDS if name.startswith("B")]
    assert first + second == IDS
    assert first == [f"A{number}" for number in range(1, len(first) + 1)]
    assert second == [f"B{number}" for number in range(1, len(second) + 1)]
    assert first
    assert second


@pytest.mark.parametrize("entry", ENTRIES, ids=IDS)
def test_an_entry_says_what_was_reported_and_where(entry):
    assert len(entry.reported) > 20
    assert entry.paper in PAPERS


@pytest.mark.parametrize("entry", ENTRIES, ids=IDS)
def test_an_entry_has_rules_or_a_reason(entry):
    assert entry.named or re.match("About an? (figure|extract)\\b.{30,}", entry.left)
    assert not (entry.named and entry.left.startswith("About a"))


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.named or entry.mentioned], ids=lambda e: e.id)
def test_every_rule_named_is_there_and_counted_unless_it_is_said_to_be_in_shadow(entry, library):
    for name, in_shadow in [*entry.named, *((name, False) for name in entry.mentioned)]:
        assert name in library.rules, name
        status = RuleStatus.SHADOW if in_shadow else RuleStatus.ACTIVE
        assert library.rules[name].rule.status is status, name
    names = [name for name, _ in entry.named]
    assert len(names) == len(set(names))
    assert re.sub(r"`[^`]+`( \(shadow\))?(, )?", "", entry.rules) == ""


def test_the_counts_at_the_head_are_those_of_the_table():
    said = re.search(
        r"have (\d+) entries: (\d+) are about records, .*?; (\d+) are about figures, .*? "
        r"Of the (\d+), (\d+) has rules in shadow only",
        TEXT,
        re.DOTALL,
    )
    assert said is not None
    of_records = [entry for entry in ENTRIES if entry.named]
    in_shadow_only = [entry for entry in of_records if all(shadow for _, shadow in entry.named)]
    counts = [len(ENTRIES), len(of_records), len(ENTRIES) - len(of_records), len(of_records), len(in_shadow_only)]
    assert [int(number) for number in said.groups()] == counts


def test_the_entries_are_those_read_in_the_papers():
    if not READ.exists():
        pytest.skip("the entries as read in the papers are not beside this checkout, so the two lists are not compared")
    assert [cells[0] for cells in rows(READ.read_text(encoding="utf-8"))] == IDS
