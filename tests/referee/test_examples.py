"""Every rule's examples on PostgreSQL, by the query that the rule is exported as: what each says is flagged, is.

All examples stand side by side in one set of extracts, as the worlds of :mod:`tests.referee.worlds` do.
"""

from __future__ import annotations

import datetime as dt

import pytest

from dq.engine.examples import prepare
from dq.export.queries import rule_queries
from dq.library.policy import BoundRule, Library
from dq.model import Example
from dq.sources.load import load_rows
from dq.sources.reference import add_postcodes
from dq.workspace import open_workspace
from tests.referee.in_postgres import database, fill, make_tables
from tests.referee.worlds import Rows, numbered

TOGETHER = {
    "attendance-feed-missing", "attendance-missing", "identifier-of-two-children", "more-than-one-head",
    "nhs-number-impossible", "nhs-numbers-differ", "population-areas-do-not-add-up",
    "probable-duplicate-birth-turned-round", "probable-duplicate-child",
}  # fmt: skip
"""Rules that look at the whole authority, or at numbers that examples share: side by side they see one another's."""


def _side_by_side(library: Library, examples: list[tuple[BoundRule, Example]]) -> dict[str, Rows]:
    records: dict[str, Rows] = {extract: [] for extract in library.contracts}
    for number, (_, example) in enumerate(examples):
        for extract, rows in example.given.items():
            for row in rows:
                cells = {name: None if cell is None else str(cell) for name, cell in row.items()}
                records[extract].append({name: numbered(name, cell, number) for name, cell in cells.items()})
    return records


def _queries(library: Library, period: dt.date) -> dict[str, str]:
    """Return the query of every rule that has an example for the period."""
    rules = [bound for bound in library.rules.values() if any(e.period == period for e in bound.rule.examples)]
    queries, left_out = rule_queries(library, rules, period, "postgres")
    # A typed column there holds nothing that could not be read.
    assert all("readable(" in f"{left.rule.where} {left.rule.expect}" for left in left_out)
    return {query.rule.id: query.sql for query in queries}


def test_the_examples_of_every_rule_hold_on_postgres(
    library: Library, postgres_url: str, record_property: pytest.RecordProperty
) -> None:
    examples = [(bound, example) for bound in library.rules.values() for example in bound.rule.examples]
    found: dict[tuple[str, dt.date], list[str]] = {}
    with open_workspace() as workspace, database(postgres_url, "examples") as connection:
        prepare(workspace, library)
        for extract, rows in _side_by_side(library, examples).items():
            load_rows(workspace, library.contracts[extract], rows)
        add_postcodes(workspace, library.contracts.values())
        make_tables(connection, library)
        fill(connection, workspace, library, [*library.contracts, "calendar", "postcodes"])
        for period in {example.period for _, example in examples}:
            for rule, sql in _queries(library, period).items():
                found[rule, period] = [str(key) for (key,) in connection.execute(sql).fetchall()]
    differ = []
    for number, (bound, example) in enumerate(examples):
        if bound.rule.id in TOGETHER or (bound.rule.id, example.period) not in found:
            continue
        keys = [key.partition("|") for key in found[bound.rule.id, example.period]]
        flagged = sorted(key for at, _, key in keys if at == str(number))
        if flagged != sorted(example.flags):
            differ.append((bound.rule.id, example.name, flagged, example.flags))
    assert differ == []
    rules = {bound.rule.id for bound, _ in examples} - TOGETHER
    assert rules | TOGETHER == {name for name in library.rules if not name.startswith("contract.")}
    assert len(rules) > 600
    examples = [(bound, example) for bound, example in examples if bound.rule.id in rules]
    record_property("referee", f"PostgreSQL agrees with {len(examples)} examples of {len(rules)} rules")
