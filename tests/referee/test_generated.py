"""The engine's one pass against PostgreSQL, one naive query a rule, over a thousand made-up worlds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from dq.engine.check import Absent, check
from dq.engine.compile import compiled, dates_at
from dq.engine.examples import prepare
from dq.language.portable import Schema, column_types, extract_types, portable
from dq.library.policy import BoundRule, Library
from dq.model import Findings
from dq.sources.load import load_rows
from dq.sources.reference import add_postcodes
from dq.workspace import Workspace, open_workspace
from tests.conftest import PERIOD
from tests.referee.in_postgres import TYPES, database, fill, make_tables
from tests.referee.worlds import Worlds, worlds

WORLDS = 1_000
Flagged = dict[str, Counter[str]]
"""Rule → how often each record key is flagged; a record without a key is ``(none)``."""
NO_KEY = "(none)"


@pytest.fixture(scope="module")
def made(library: Library) -> Worlds:
    return worlds(library, WORLDS, PERIOD, seed=11)


@pytest.fixture(scope="module")
def loaded(library: Library, made: Worlds) -> Iterator[Workspace]:
    with open_workspace() as workspace:
        prepare(workspace, library)
        for extract, rows in made.records.items():
            load_rows(workspace, library.contracts[extract], rows)
        add_postcodes(workspace, library.contracts.values())
        yield workspace


@pytest.fixture(scope="module")
def findings(library: Library, loaded: Workspace) -> Findings:
    rules = list(library.rules.values())
    found = check(loaded, library, rules, dates_at(PERIOD), Absent((), ()), lambda _: None)
    assert found.exceptions is not None
    return found


@pytest.fixture(scope="module")
def ours(findings: Findings) -> Flagged:
    flagged: Flagged = {result.rule.id: Counter() for result in findings.results}
    for row in findings.exceptions.select(["rule_id", "record_key"]).to_pylist():
        # A key begins with the number of its world; other words stand for one that is missing.
        flagged[row["rule_id"]][row["record_key"] if row["record_key"][0].isdigit() else NO_KEY] += 1
    return flagged


@pytest.fixture(scope="module")
def theirs(library: Library, loaded: Workspace, postgres_url: str) -> Flagged:
    """What PostgreSQL flags: every view a table of its own, every rule a query of its own."""
    dates = dates_at(PERIOD)
    with database(postgres_url, "generated") as connection:
        make_tables(connection, library, unread=True)
        fill(connection, loaded, library, [*library.contracts, "calendar", "postcodes"], unread=True)
        types = extract_types(library.contracts.values())
        for view in library.tables.in_order(library.views):
            tree = compiled(view.tree, library.thresholds)
            connection.execute(f'CREATE TABLE "{view.name}" AS {portable(tree, types, dates)}')
            connection.execute(f'ANALYZE "{view.name}"')
            types[view.name] = column_types(tree, types)
        return {
            name: Counter(key or NO_KEY for (key,) in connection.execute(_naive(library, bound, types)).fetchall())
            for name, bound in library.rules.items()
        }


def _naive(library: Library, bound: BoundRule, types: Schema) -> str:
    where, expect = (
        portable(compiled(part.tree, library.thresholds), types, dates_at(PERIOD), unread=True)
        for part in (bound.where, bound.expect)
    )
    on = bound.rule.on
    view = library.views.get(on)
    key = library.contracts[on].key if view is None else view.key
    return f'SELECT CAST("{key}" AS {TYPES["VARCHAR"]}) FROM "{on}" WHERE ({where}) AND NOT ({expect})'


def _comparable(library: Library, rule: str, flagged: Counter[str], tidy: frozenset[int]) -> Counter[str]:
    """Leave out what has no one answer: which of two records with the same key a view takes for the latest."""
    if library.rules[rule].rule.on not in library.views:
        return flagged
    return Counter({key: n for key, n in flagged.items() if key != NO_KEY and int(key.partition("|")[0]) in tidy})


def test_postgres_flags_the_same_records(
    library: Library, made: Worlds, ours: Flagged, theirs: Flagged, record_property: pytest.RecordProperty
) -> None:
    assert ours.keys() == theirs.keys() == library.rules.keys()
    found = 0
    for rule, flagged in ours.items():
        mine = _comparable(library, rule, flagged, made.tidy)
        assert mine == _comparable(library, rule, theirs[rule], made.tidy), rule
        found += mine.total()
    compared = f"{len(ours)} rules over {WORLDS:,} made-up worlds ({len(ours) * WORLDS:,} comparisons"
    record_property("referee", f"PostgreSQL agrees on {compared}, {found:,} records flagged)")


def test_most_rules_are_put_to_the_test(
    findings: Findings, made: Worlds, library: Library, ours: Flagged, record_property: pytest.RecordProperty
) -> None:
    """A rule that flags nothing, or everything, in a thousand worlds has not been compared: its examples have been."""
    tried = {
        result.rule.id
        for result in findings.results
        if _comparable(library, result.rule.id, ours[result.rule.id], made.tidy) and result.flagged < result.in_scope
    }
    record_property(
        "referee", f"{len(tried):,} of these {len(ours):,} rules flag some of the records they look at, not all"
    )
    assert len(tried) > 0.9 * len(ours)
    assert {"home-postcode-missing", "move-without-reason", "no-visit-in-care", "visit-outside-plan"} <= tried
