"""Random rules over random records: the one pass against a query a rule, and against a slow reading in plain Python."""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dq.engine.check import Absent, check
from dq.engine.compile import compiled, dates_at
from dq.engine.examples import prepare
from dq.language.expression import DIALECT, Origin, parse_expression
from dq.library.policy import BoundRule, Library
from dq.model import Dimension, Findings, Rule, Severity, Status
from dq.sources.load import load_folder, load_rows
from dq.workspace import Workspace, open_workspace
from tests.conftest import PERIOD
from tests.engine.grammar import DAYS, PLACEMENTS, Said, World, conditions

ORIGIN = Origin(None, None, "test")
DAY = st.sampled_from([*DAYS, None])
SETTINGS = settings(
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
PLACEMENT = st.fixed_dictionaries({
    "placement_id": st.sampled_from(["P1", "P2", "P3", None]),
    "person_id": st.sampled_from(["A", "B", "C", None]),
    "start_date": DAY, "end_date": DAY, "recorded_on": DAY,
    "placement_type": st.sampled_from(["U6", "K2", "u6", "Z", None]),
    "provider": st.sampled_from(["PR1", "PR2", "U", None]),
})  # fmt: skip
ADDRESS = st.fixed_dictionaries({
    "address_id": st.sampled_from(["X1", "X2", "X3"]),
    "person_id": st.sampled_from(["A", "B", None]),
    "start_date": DAY, "end_date": DAY,
    "address_type": st.sampled_from(["Home", "home", None]),
})  # fmt: skip
WORLDS = st.builds(
    lambda placements, addresses: World({"cla_placements": placements, "addresses": addresses}, PERIOD),
    st.lists(PLACEMENT, min_size=1, max_size=12),
    st.lists(ADDRESS, max_size=4),
)
RULES = st.lists(st.tuples(conditions(PLACEMENTS), conditions(PLACEMENTS)), min_size=8, max_size=10)


@pytest.fixture(scope="module")
def ready(library: Library) -> Iterator[Workspace]:
    with open_workspace() as workspace:
        prepare(workspace, library)
        yield workspace


def _load(workspace: Workspace, library: Library, world: World) -> None:
    for extract, rows in world.records.items():
        load_rows(workspace, library.contracts[extract], rows)


def _bound(library: Library, name: str, where: str, expect: str) -> BoundRule:
    on = PLACEMENTS.extract
    rule = Rule(
        id=name, title=name, severity=Severity.ERROR, dimension=Dimension.VALIDITY, on=on, where=where, expect=expect,
        fields=["person_id"], message="A test", why="A test", fix="A test",
    )  # fmt: skip
    bind = library.tables.bind
    return BoundRule(
        rule,
        bind(parse_expression(where, ORIGIN), on, ORIGIN),
        bind(parse_expression(expect, ORIGIN), on, ORIGIN),
        name,
    )


def _rules(library: Library, said: list[tuple[Said, Said]], prefix: str = "r") -> list[BoundRule]:
    return [_bound(library, f"{prefix}{i}", where.sql, expect.sql) for i, (where, expect) in enumerate(said)]


def _check(workspace: Workspace, library: Library, rules: list[BoundRule]) -> Findings:
    findings = check(workspace, library, rules, dates_at(PERIOD), Absent((), ()), lambda _: None)
    assert findings.exceptions is not None, "read while the workspace still holds them"
    return findings


def _flagged(findings: Findings) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {result.rule.id: Counter() for result in findings.results}
    for row in findings.exceptions.select(["rule_id", "record_key"]).to_pylist():
        found[row["rule_id"]][row["record_key"]] += 1
    return found


def _naive(workspace: Workspace, library: Library, bound: BoundRule) -> tuple[int, Counter[str]]:
    """Return (in scope, keys flagged) by a query of the rule's own."""
    where, expect = (compiled(b.tree, library.thresholds).sql(DIALECT) for b in (bound.where, bound.expect))
    key = "coalesce(placement_id, 'row ' || (rowid + 2))"
    select = f"SELECT {key}, NOT ({expect}) FROM {bound.rule.on} WHERE ({where})"
    rows = workspace.execute(select, dates_at(PERIOD)).fetchall()
    return len(rows), Counter(name for name, wrong in rows if wrong)


def _read(world: World, where: Said, expect: Said) -> tuple[int, Counter[str]]:
    """Return (in scope, keys flagged) by reading the rule record by record."""
    rows = enumerate(world.records["cla_placements"])
    scope = [(i, row) for i, row in rows if where.of(row, world) is True]
    wrong = [row["placement_id"] or f"row {i + 2}" for i, row in scope if expect.of(row, world) is False]
    return len(scope), Counter(wrong)


def test_the_one_pass_is_a_query_a_rule_and_a_slow_reading(
    ready: Workspace, library: Library, record_property: pytest.RecordProperty
) -> None:
    seen: Counter[str] = Counter()

    @given(world=WORLDS, said=RULES)
    @settings(SETTINGS, max_examples=12)
    def agree(world: World, said: list[tuple[Said, Said]]) -> None:
        _load(ready, library, world)
        rules = _rules(library, said)
        findings = _check(ready, library, rules)
        keys = _flagged(findings)
        for bound, result, (where, expect) in zip(rules, findings.results, said, strict=True):
            in_scope, wrong = _read(world, where, expect)
            status = Status.FLAGGED if wrong else Status.PASSED if in_scope else Status.NOT_APPLICABLE
            assert (result.status, result.in_scope, result.flagged) == (status, in_scope, wrong.total()), bound.rule
            assert keys[bound.rule.id] == wrong, bound.rule
            assert _naive(ready, library, bound) == (in_scope, wrong), bound.rule
            seen[status] += 1
            seen["records"] += len(world.records["cla_placements"])

    agree()
    assert min(seen[status] for status in (Status.FLAGGED, Status.PASSED, Status.NOT_APPLICABLE)) > 5, seen
    rules = seen.total() - seen["records"]
    told = f"plain Python and one query a rule agree on {rules} random rules over {seen['records']:,} records"
    record_property("referee", told)


@given(world=WORLDS, said=RULES, more=RULES)
@settings(SETTINGS, max_examples=2)
def test_a_rule_beside_them_changes_nothing_for_others(
    ready: Workspace, library: Library, world: World, said: list[tuple[Said, Said]], more: list[tuple[Said, Said]]
) -> None:
    _load(ready, library, world)
    rules, others = _rules(library, said), _rules(library, more, "other")
    shipped = [bound for bound in library.rules.values() if bound.rule.on == PLACEMENTS.extract]
    alone = _check(ready, library, rules)
    alone_rows = alone.exceptions.to_pylist()
    together = _check(ready, library, [*others[:2], *rules, *shipped, *others[2:]])
    ids = {bound.rule.id for bound in rules}
    assert [row for row in together.exceptions.to_pylist() if row["rule_id"] in ids] == alone_rows
    outcome = [(r.rule.id, r.status, r.in_scope, r.flagged) for r in together.results if r.rule.id in ids]
    assert outcome == [(r.rule.id, r.status, r.in_scope, r.flagged) for r in alone.results]


def _write(folder: Path, records: dict[str, list[dict[str, Any]]], chance: random.Random | None) -> None:
    """Write extracts as CSV; with ``chance``, their rows and their columns in another order."""
    folder.mkdir()
    for extract, rows in records.items():
        order = chance.sample if chance else lambda things, _: things
        columns = order(list(rows[0]), len(rows[0]))
        with (folder / f"{extract}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(order(rows, len(rows)))


def _found(folder: Path, library: Library, rules: list[BoundRule]) -> tuple[list[Any], Counter[tuple[Any, ...]]]:
    with open_workspace() as workspace:
        load_folder(workspace, folder, library.contracts, lambda _: None)
        findings = _check(workspace, library, rules)
        rows = Counter(tuple(row.items()) for row in findings.exceptions.to_pylist())
    return sorted((r.rule.id, r.status, r.in_scope, r.flagged) for r in findings.results), rows


def test_the_order_of_rows_and_columns_in_a_file_changes_nothing(library: Library, tmp_path: Path) -> None:
    chance = random.Random(5)
    rows = {"cla_placements": _many(PLACEMENT, "placement_id", 60), "addresses": _many(ADDRESS, "address_id", 30)}
    rows["persons"] = [{"person_id": key, "dob": "29/02/2000", "sex": "1"} for key in "ABC"]
    random_rules = [("start_date <= end_date", "recorded_on >= start_date"), ("true", "person_id in ('A', 'C')")]
    rules = [_bound(library, f"r{i}", where, expect) for i, (where, expect) in enumerate(random_rules)]
    rules += [b for b in library.rules.values() if b.rule.on not in library.views or b.rule.topic == "placements"]
    _write(tmp_path / "in order", rows, None)
    in_order = _found(tmp_path / "in order", library, rules)
    assert in_order[1].total() > 100
    for turn in range(2):
        _write(tmp_path / f"shuffled {turn}", rows, chance)
        assert _found(tmp_path / f"shuffled {turn}", library, rules) == in_order


def _many(kind: st.SearchStrategy[dict[str, Any]], key: str, count: int) -> list[dict[str, Any]]:
    """Return so many records, each with a key of its own."""
    made: list[dict[str, Any]] = []

    @given(rows=st.lists(kind, min_size=count, max_size=count))
    @settings(SETTINGS, max_examples=2)
    def make(rows: list[dict[str, Any]]) -> None:
        made[:] = [{**row, key: f"{key}{i}"} for i, row in enumerate(rows)]

    make()
    return [{name: f"{cell:%d/%m/%Y}" if isinstance(cell, dt.date) else cell for name, cell in r.items()} for r in made]
