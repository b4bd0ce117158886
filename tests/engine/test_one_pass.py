"""The fused pass against one naive query a rule, and against plain Python, on random records and rules."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dq.contracts.checks import contract_rules
from dq.engine.check import Absent, check
from dq.engine.compile import compiled, dates_at
from dq.engine.examples import prepare
from dq.language.expression import DIALECT, Origin, parse_expression
from dq.library.policy import BoundRule, Library
from dq.model import Dimension, Findings, Rule, Severity, Status
from dq.sources.load import load_rows
from dq.workspace import Workspace, open_workspace
from tests.conftest import PERIOD

ORIGIN = Origin(None, None, "test")
EXTRACTS = ("persons", "addresses", "cla_placements")
Records = dict[str, list[dict[str, Any]]]

KEY = st.sampled_from(["A", "B", "C", "D", "", None])
DAY = st.sampled_from(["2005-03-01", "31/05/2017", "2017-06-01", "30/02/2016", "soon", "", None])
CODE = st.sampled_from(["Home", "U6", "Y", "N", "zz", None])
COLUMNS: dict[str, dict[str, st.SearchStrategy[str | None]]] = {
    "persons": {"person_id": KEY, "dob": DAY, "death_date": DAY, "uasc": CODE, "ethnicity": CODE},
    "addresses": {"address_id": KEY, "person_id": KEY, "start_date": DAY, "end_date": DAY, "address_type": CODE,
                  "postcode": st.sampled_from(["ME14 1XX", "me141xx", "ME14 OXQ", None])},
    "cla_placements": {"placement_id": KEY, "person_id": KEY, "start_date": DAY, "end_date": DAY, "provider": CODE,
                       "placement_type": CODE},
}  # fmt: skip
DATES = {"persons": ("dob", "death_date"), "addresses": ("start_date", "end_date"),
         "cla_placements": ("start_date", "end_date")}  # fmt: skip


@st.composite
def conditions(draw: st.DrawFn, on: str, depth: int = 2) -> str:
    """Return a condition over an extract: comparisons of its columns, joined by and, or and not."""
    if depth and draw(st.booleans()):
        left, right = draw(conditions(on, depth - 1)), draw(conditions(on, depth - 1))
        form = draw(st.sampled_from(["({}) and ({})", "({}) or ({})", "not ({}) or {}", "coalesce({}, {})"]))
        return form.format(left, right)
    column = draw(st.sampled_from(sorted(COLUMNS[on])))
    first, second = DATES[on]
    return draw(
        st.sampled_from([
            f"{column} is null",
            f"{column} is not null",
            f"{first} <= {second}",
            f"{first} < :period_end - :cin_visit_days",
            f"{second} between {first} and :period_end",
            f"readable({first})",
            f"cast({column} as text) in ('A', 'Y', 'Home')",
            f"cast({column} as text) <> 'A'",
            f"days_between({first}, {second}) > 0",
            f"age_at({first}, :period_end) < 18",
            f"exists (select 1 from addresses x where x.person_id = {on}.person_id and x.start_date is not null)",
            "person_id in (select y.person_id from persons y where y.uasc = 'Y')",
            "true",
        ])
    )  # fmt: skip


def _bound(library: Library, name: str, on: str, where: str, expect: str) -> BoundRule:
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


@dataclass(frozen=True)
class World:
    """Records, and rules over them as (extract, where, expect)."""

    records: Records
    rules: tuple[tuple[str, str, str], ...]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    records = {on: draw(st.lists(st.fixed_dictionaries(COLUMNS[on]), max_size=9)) for on in EXTRACTS}
    count = draw(st.integers(4, 12))
    chosen = [draw(st.sampled_from(EXTRACTS)) for _ in range(count)]
    return World(records, tuple((on, draw(conditions(on)), draw(conditions(on))) for on in chosen))


@pytest.fixture(scope="module")
def ready(library: Library) -> Iterator[Workspace]:
    with open_workspace() as workspace:
        prepare(workspace, library)
        yield workspace


def _load(workspace: Workspace, library: Library, records: Records) -> None:
    for extract, rows in records.items():
        load_rows(workspace, library.contracts[extract], rows)


def _check(workspace: Workspace, library: Library, rules: list[BoundRule]) -> Findings:
    return check(workspace, library, rules, dates_at(PERIOD), Absent((), ()), lambda _: None)


def _keys(findings: Findings) -> dict[str, Counter[str]]:
    """Return rule → how often each record key is flagged."""
    found: dict[str, Counter[str]] = {result.rule.id: Counter() for result in findings.results}
    for row in findings.exceptions.select(["rule_id", "record_key"]).to_pylist():
        found[row["rule_id"]][row["record_key"]] += 1
    return found


def _naive(workspace: Workspace, library: Library, bound: BoundRule) -> tuple[int, Counter[str]]:
    """Return (in scope, keys flagged) of one rule by one plain query each."""
    where, expect = (compiled(b.tree, library.thresholds).sql(DIALECT) for b in (bound.where, bound.expect))
    on = bound.rule.on
    key = f"coalesce({library.contracts[on].key}, 'row ' || (rowid + 2))"
    dates = dates_at(PERIOD)
    ((in_scope,),) = workspace.execute(f"SELECT count(*) FROM {on} WHERE ({where})", dates).fetchall()
    flagged = workspace.execute(f"SELECT {key} FROM {on} WHERE ({where}) AND NOT ({expect})", dates).fetchall()
    return in_scope, Counter(name for (name,) in flagged)


@given(world=worlds())
@settings(deadline=None, max_examples=15, derandomize=True, phases=[Phase.generate])
def test_the_fused_pass_is_one_naive_query_a_rule(ready: Workspace, library: Library, world: World) -> None:
    _load(ready, library, world.records)
    rules = [_bound(library, f"r{i}", *rule) for i, rule in enumerate(world.rules)]
    findings = _check(ready, library, rules)
    keys = _keys(findings)
    for bound, result in zip(rules, findings.results, strict=True):
        in_scope, flagged = _naive(ready, library, bound)
        status = Status.FLAGGED if flagged else Status.PASSED if in_scope else Status.NOT_APPLICABLE
        assert (result.status, result.in_scope, result.flagged) == (status, in_scope, flagged.total()), bound.rule
        assert keys[bound.rule.id] == flagged, bound.rule


def _date(text: str | None) -> dt.date | None:
    """Return the date a cell holds; None where there is none or it cannot be read."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(text or "", form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    return None


def _ordered(row: dict[str, Any]) -> bool | None:
    start, end = _date(row["start_date"]), _date(row["end_date"])
    return None if start is None or end is None else end >= start


def _both(left: bool | None, right: bool | None) -> bool | None:
    """Kleene's and."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def _is(row: dict[str, Any], column: str, text: str) -> bool | None:
    return row[column] == text if row[column] else None


Judge = Callable[[dict[str, Any]], bool | None]
PLAIN: list[tuple[str, str, Judge, Judge]] = [
    ("true", "end_date >= start_date", lambda _: True, _ordered),
    ("end_date is not null", "start_date is not null",
     lambda row: _date(row["end_date"]) is not None, lambda row: _date(row["start_date"]) is not None),
    ("provider = 'Y'", "placement_type = 'U6'", lambda row: _is(row, "provider", "Y"),
     lambda row: _is(row, "placement_type", "U6")),
    ("provider = 'Y' and end_date >= start_date", "person_id = 'A'",
     lambda row: _both(_is(row, "provider", "Y"), _ordered(row)), lambda row: _is(row, "person_id", "A")),
    ("true", "person_id = 'A' and placement_type = 'U6'", lambda _: True,
     lambda row: _both(_is(row, "person_id", "A"), _is(row, "placement_type", "U6"))),
    ("start_date <= :period_end", "not (provider = 'N')",
     lambda row: None if (day := _date(row["start_date"])) is None else day <= PERIOD,
     lambda row: None if (no := _is(row, "provider", "N")) is None else not no),
]  # fmt: skip


@given(rows=st.lists(st.fixed_dictionaries(COLUMNS["cla_placements"]), max_size=25))
@settings(deadline=None, max_examples=8, derandomize=True, phases=[Phase.generate])
def test_the_fused_pass_is_plain_python(ready: Workspace, library: Library, rows: list[dict[str, Any]]) -> None:
    _load(ready, library, {"cla_placements": rows})
    rules = [_bound(library, f"p{i}", "cla_placements", where, expect) for i, (where, expect, *_) in enumerate(PLAIN)]
    findings = _check(ready, library, rules)
    keys = _keys(findings)
    for result, (_, _, where, expect) in zip(findings.results, PLAIN, strict=True):
        scope = [(i, row) for i, row in enumerate(rows) if where(row) is True]
        wrong = Counter(row["placement_id"] or f"row {i + 2}" for i, row in scope if expect(row) is False)
        assert (result.in_scope, result.flagged) == (len(scope), wrong.total()), result.rule
        assert keys[result.rule.id] == wrong, result.rule


def _ids(findings: Findings, *, keyed: bool = False) -> Counter[tuple[str, str]]:
    """Return how often each (rule, exception id) is there; with ``keyed``, of records that have a key of their own."""
    rows = findings.exceptions.select(["rule_id", "exception_id", "record_key"]).to_pylist()
    return Counter(
        (row["rule_id"], row["exception_id"]) for row in rows if not (keyed and row["record_key"].startswith("row "))
    )


@given(world=worlds(), seed=st.integers(0, 99))
@settings(deadline=None, max_examples=8, derandomize=True, phases=[Phase.generate])
def test_order_changes_nothing(ready: Workspace, library: Library, world: World, seed: int) -> None:
    rules = [_bound(library, f"r{i}", *rule) for i, rule in enumerate(world.rules)]
    _load(ready, library, world.records)
    before = _check(ready, library, rules)
    chance = random.Random(seed)
    shuffled = {extract: chance.sample(rows, len(rows)) for extract, rows in world.records.items()}
    _load(ready, library, shuffled)
    for extract, rows in shuffled.items():
        if rows:
            columns = [*library.contracts[extract].columns, "unread"]
            order = ", ".join(chance.sample(columns, len(columns)))
            ready.execute(f"CREATE OR REPLACE TABLE {extract} AS SELECT {order} FROM {extract}")
    after = _check(ready, library, rules[::-1])
    outcome = {r.rule.id: (r.status, r.in_scope, r.flagged) for r in before.results}
    assert {r.rule.id: (r.status, r.in_scope, r.flagged) for r in after.results} == outcome
    # A record without a key is known by its place in the file, which a new order changes.
    assert _ids(before, keyed=True) == _ids(after, keyed=True)
    assert _ids(before).total() == _ids(after).total()


@given(world=worlds())
@settings(deadline=None, max_examples=8, derandomize=True, phases=[Phase.generate])
def test_every_exception_has_an_id_of_its_own(ready: Workspace, library: Library, world: World) -> None:
    _load(ready, library, world.records)
    rules = [_bound(library, f"r{i}", *rule) for i, rule in enumerate(world.rules)]
    shipped = [r.id for on in EXTRACTS for r in contract_rules(library.contracts[on], library.code_lists)]
    findings = _check(ready, library, [*rules, *(library.rules[name] for name in shipped)])
    assert set(_ids(findings).values()) <= {1}
    ids = findings.exceptions["exception_id"].to_pylist()
    assert len(ids) == len(set(ids))


def test_an_exception_keeps_its_id_when_other_records_come_and_go(ready: Workspace, library: Library) -> None:
    row = {"address_id": "A7", "person_id": "C1", "address_type": "Home", "start_date": "2016-01-01"}
    others = [{**row, "address_id": f"B{i}"} for i in range(3)]
    found = []
    for rows in ([row], [*others, row], [row, others[0]]):
        _load(ready, library, {"addresses": rows})
        table = _check(ready, library, [library.rules["home-postcode-missing"]]).exceptions.to_pylist()
        found.append({r["record_key"]: r["exception_id"] for r in table}["A7"])
    assert len(set(found)) == 1
