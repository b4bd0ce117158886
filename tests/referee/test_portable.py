"""What DuckDB says of an expression, PostgreSQL says of what it becomes: over values at every edge, one by one."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
import sqlglot
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from dq.engine.compile import compiled
from dq.language.expression import DIALECT, Origin, parse_generated
from dq.language.functions import write_out
from dq.language.portable import SESSION, column_types, extract_types, portable
from dq.library.function_examples import function_examples
from dq.library.policy import Library
from dq.problems import ProblemsError
from tests.conftest import PERIOD
from tests.engine.grammar import ADDRESSES, PLACEMENTS, Said, conditions
from tests.referee.in_postgres import TYPES, database

if TYPE_CHECKING:
    import psycopg

TEXTS = [
    "", "a", "A", "b", "B", "Z", "é", "É", " a ", "\u00a0a", "a\nb", "a_b", "a\\_b", "a%", "10", "9", "5.7", " 5 ",
    "x1", "SW1A 1AA", "sw1a1aa", "2016-02-29", "2016/1/2", "2016-02-30", "2016-13-01", "abcdefghij", "ab12",
    "[", "a.b", None,
]  # fmt: skip
DAYS = [
    dt.date(2016, 2, 29), dt.date(2016, 1, 31), dt.date(2015, 12, 31), dt.date(2017, 2, 28), dt.date(2016, 2, 28),
    dt.date(2016, 3, 1), dt.date(2016, 3, 31), dt.date(2016, 4, 30), dt.date(2000, 1, 1), None,
]  # fmt: skip
MOMENTS = [
    dt.datetime.fromisoformat(moment)
    for moment in (
        "2016-02-29T23:59:59", "2016-01-31", "2016-01-31T12:30:15.25", "2016-02-29T12:00", "2017-02-28T12:00",
    )
]  # fmt: skip
FRACTIONS = [0.0, 0.5, -0.5, 1.5, 2.5, -2.5, 2.675, 8.155, 40.495, 1e15, 1e20, 1234567.0, 0.1, -3.0, None]
VALUES: dict[str, tuple[str, Sequence[Any]]] = {
    "t": ("VARCHAR", TEXTS), "u": ("VARCHAR", ["a", "B", "é", "10", "", None, "b"]),
    "d": ("DATE", DAYS), "e": ("DATE", DAYS), "m": ("TIMESTAMP", [*MOMENTS, None]),
    "n": ("TIMESTAMP", [*MOMENTS, None]),
    "i": ("BIGINT", [0, 1, -1, 7, -7, 3, 100, None]), "j": ("BIGINT", [1, 3, -2, 7, None]),
    "f": ("DOUBLE", FRACTIONS), "g": ("DOUBLE", [0.0, 2.0, -3.0, 0.3, None]), "b": ("BOOLEAN", [True, False, None]),
}  # fmt: skip
SCHEMA = {"r": {"id": "BIGINT", **{name: kind for name, (kind, _) in VALUES.items()}}}
ROWS = 600
ORIGIN = Origin(None, None, "test")

EXPRESSIONS = """
t < u | t >= u | t <= u | t > u | t = u | t between 'A' and 'b' | t is not distinct from u | t in ('a', 'b')
t not in ('a', u) | t in ('a', null) | greatest(t, u) | least(t, u) | coalesce(t, u) | nullif(t, u)
t || u | t || i | t || d | t || b | cast(d as varchar) is not distinct from e
cast(d as varchar) is distinct from e | cast(i as varchar) = j | cast(i as varchar) <> j
lower(t) | trim(t) | length(t) | substring(t, 1, 2) | substring(t, -2, 2) | substring(t, i, 2) | substring(t, 0, 3)
substring(t, -5, 3) | substring(t, 3) | starts_with(t, u) | ends_with(t, u) | contains(t, u) | replace(t, 'a', 'x')
left(t, 2) | right(t, 2)
regexp_matches(t, 'a.b') | regexp_matches(t, '^[a-z]+$') | regexp_matches(t, '\\d') | regexp_matches(t, '\\bb')
regexp_matches(t, '(?i)abc') | regexp_matches(t, '[[:upper:]]{1,2}\\d') | regexp_matches(t, '[\\s_]')
regexp_matches(t, '^\\s') | regexp_matches(t, '[^a-z]') | regexp_matches(t, 'a\\.b') | regexp_matches(t, '[[]')
regexp_matches(t, '(?P<x>a)[]b]?') | regexp_full_match(t, 'ab12') | regexp_full_match(t, '\\w+')
regexp_replace(t, 'a.b', 'x') | regexp_replace(t, '^(\\w)(\\d)', '\\2\\1')
regexp_full_match(t, '(?i)A') | regexp_full_match(t, '(?:a|b)+?') | regexp_full_match(t, '\\S{2,}')
t like 'a%' | t like 'a\\_b' | t like 'a_b' | t like u | t ilike 'A%' | t ilike 'A\\_b'
t not like '%b' | t like 'a!_b' escape '!'
date_diff('minute', m, n) | date_diff('hour', m, n) | date_diff('hour', d, n)
date_diff('day', d, e) | date_diff('month', d, e) | date_diff('year', d, e) | date_diff('day', m, n)
date_diff('month', m, e) | date_diff('year', m, n) | date_sub('day', d, e) | date_sub('month', d, e)
date_sub('year', d, e) | date_sub('day', m, n) | date_sub('month', m, n) | date_sub('year', m, n)
date_sub('month', m, e) | year(d) // 100 | month(m) // 5 | day(d) // 7 | last_day(d)
last_day(m) | date_trunc('quarter', cast(m as date)) | d + 3 | 3 + d | d - 28 | d - e
d + interval 1 month | d - interval 1 year | m + interval 1 day | m - interval 2 month | d - interval (3) day
d < m | d = m | cast(m as date) = d | d between m and n | d > '2016-01-31' | d in ('2016-01-31', '2016-02-29')
greatest(d, e) | least(d, e, m) | date_trunc('month', d) | date_trunc('year', m) | strftime(d, '%-d %b %Y')
strftime(m, '%-d %b %Y %H:%M') | strftime(d, '%d/%m/%Y')
i / j | i / g | f / g | f / 2 | i // j | i // 2 | f // 2 | i % 3 | i % j | i * j - 3 | -i | f + i | f > i | f = i
i between -1 and f | sqrt(f) | power(f, 2) | power(i, 2) | abs(i) | abs(f) | round(f) | round(f, 2) | round(f, 1)
round(i) | round(f, 0) | least(i, j, 3) | i = '7'
cast(m as date) | cast(d as timestamp) | cast(f as varchar) | cast(d as varchar) | cast(m as varchar)
cast(b as varchar) | cast(i as varchar) | cast(b as int) | cast(b as bigint) | cast(i as boolean)
cast(i as double) | cast(i as decimal(10, 2)) | try_cast(t as int) | try_cast(t as bigint) | try_cast(t as double)
try_cast(t as date) | try_cast(d as varchar)
b and (i > 0) | b or i > 0 | not b | b = (i > 0) | b is distinct from (i > 0) | b is null | b is true
case when b then t end | case when i > 0 then d else e end
(i, j) = (1, 3) | (i, j) <> (1, 3) | (i, j) in ((1, 3), (7, 7)) | (t, i) in (('a', 1))
(i, j) in (select x.i, x.j from r x where x.id < 5) | exists (select 1 from r x where x.t = r.u and x.i > r.j)
age_at(d, e) | days_between(d, e) | is_postcode(t)
"""
GROUPED = """
max(t) | min(t) | min(t) filter (where t > 'A') | max(d) | min(i) | bool_and(b) | bool_or(b) | max(b) | count(*)
count(distinct t) | sum(i) | sum(j > 0) | avg(j) | cast(avg(j) as varchar)
count(*) filter (where b) | min(t) filter (where i > 0) | any_value(u) is null
"""
OVER = """
row_number() over (partition by i order by t desc, id) | lag(t) over (partition by i order by t, id)
lead(id) over (partition by b order by d desc, t, id) | max(t) over (partition by id % 100)
count(*) over (partition by t)
max(d) over (partition by i order by id rows between unbounded preceding and 1 preceding)
min(t) filter (where b) over (partition by i) = u | first_value(t) over (partition by j order by u desc, t, id)
rank() over (order by t) | dense_rank() over (partition by b order by e desc)
"""
REFUSED = {
    "f % g": "the remainder of a division of numbers with decimals",
    "try_cast(f as int)": "try_cast of a number with decimals",
    "try_cast(t as boolean)": "try_cast of a text to BOOLEAN",
    "regexp_matches(t, u)": "a regular expression that is not written out",
    "regexp_matches(t, '\\p{L}')": "the regular expression with '\\p'",
    "regexp_matches(t, '(?s)a.b')": "the regular expression with '(?s'",
    "regexp_matches(t, 'a{300}')": "the regular expression with '{300}', for it repeats at most 255 times",
    "date_diff('week', d, e)": "date_diff of 'week'",
    "date_sub('hour', d, e)": "date_sub of 'hour'",
    "(i, j) < (1, 3)": "which of two rows of values comes first",
    "last_value(t ignore nulls) over (order by id)": "ignore nulls",
    "substring(t, 2, -1)": "substring of a length below nought",
    "strftime(d, '%G')": "strftime with '%G'",
    "jaccard(t, u)": "the function jaccard",
}


def _listed(text: str) -> list[str]:
    return [part.strip() for line in text.strip().splitlines() for part in line.split(" | ")]


@dataclass(frozen=True)
class Both:
    """The same table in both engines."""

    here: duckdb.DuckDBPyConnection
    there: psycopg.Connection

    def ask(self, select: exp.Query) -> tuple[list[Any], list[Any]]:
        """Return the rows of a query from each."""
        mine = self.here.execute(select.sql(DIALECT)).fetchall()
        theirs = self.there.execute(portable(select, SCHEMA)).fetchall()
        return [tuple(map(_plain, row)) for row in mine], [tuple(map(_plain, row)) for row in theirs]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float) and math.isnan(value):
        return "not a number"
    return value


@pytest.fixture(scope="module")
def both(postgres_url: str) -> Iterator[Both]:
    chance = random.Random(7)
    rows = [(n, *(chance.choice(held) for _, held in VALUES.values())) for n in range(ROWS)]
    here = duckdb.connect()
    columns = ", ".join(f"{name} {kind}" for name, kind in SCHEMA["r"].items())
    here.execute(f"CREATE TABLE r ({columns})")
    here.executemany(f"INSERT INTO r VALUES ({', '.join('?' * len(SCHEMA['r']))})", rows)
    with database(postgres_url, "expressions") as there:
        for command in SESSION["postgres"]:
            there.execute(command)
        columns = ", ".join(f"{name} {TYPES.get(kind, kind)}" for name, kind in SCHEMA["r"].items())
        # A column with an order of its own, beside those that have the database's.
        own_order = columns.replace("t TEXT", 't TEXT COLLATE "de-x-icu"')
        there.execute(f"CREATE TABLE r ({own_order})")
        with there.cursor().copy("COPY r FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        yield Both(here, there)
    here.close()


def _tree(text: str) -> exp.Expr:
    """Return an expression of the language over the table, every column bound to it."""
    tree = write_out(sqlglot.parse_one(text, read=DIALECT))
    for column in tree.find_all(exp.Column):
        if not column.table:
            column.set("table", exp.to_identifier("r"))
    return tree


@pytest.mark.parametrize("text", _listed(EXPRESSIONS))
def test_an_expression_means_the_same(both: Both, text: str) -> None:
    here, there = both.ask(exp.select("r.id", exp.alias_(_tree(text), "x")).from_("r").order_by("r.id"))
    assert len({value for _, value in here}) > 1, "it says the same of every row, and so nothing"
    assert there == here


@pytest.mark.parametrize("text", _listed(GROUPED))
def test_an_aggregate_means_the_same(both: Both, text: str) -> None:
    here, there = both.ask(exp.select("r.i", exp.alias_(_tree(text), "x")).from_("r").group_by("r.i").order_by("r.i"))
    assert len(here) == len(VALUES["i"][1])
    assert there == here


@pytest.mark.parametrize("text", _listed(OVER))
def test_a_window_means_the_same(both: Both, text: str) -> None:
    here, there = both.ask(exp.select("r.id", exp.alias_(_tree(text), "x")).from_("r").order_by("r.id"))
    assert len({value for _, value in here}) > 1
    assert there == here


def test_whole_selects_mean_the_same(both: Both) -> None:
    for text in (
        # Qualify, a named window, and a text got by its order compared with one as it stands.
        "with best as (select r.i as i, r.t as t from r "
        "qualify row_number() over (partition by r.i order by r.t desc, r.id) = 1) "
        "select best.i as i, count(*) as n from best left join r on r.t = best.t group by best.i order by best.i",
        "select r.id as id, lag(r.t) over w as t from r "
        "window w as (partition by r.b order by r.t, r.id) order by r.id",
        "select top.t as t from (select max(r.t) as t from r group by r.j) as top order by top.t",
        "select x.id as id from (select r.id as id, max(r.t) over (partition by r.i) as most from r) as x "
        "inner join r on r.t = x.most order by x.id",
        "select x.i as i from (select r.i as i, min(r.t) filter (where r.b) as least_of from r group by r.i) as x "
        "inner join r on r.t = x.least_of order by x.i",
        "select r.id as id from r where r.t in (select max(x.t) from r as x group by x.i) order by r.id",
    ):
        here, there = both.ask(_query(text))
        assert len(here) > 1
        assert there == here, text


def _query(text: str) -> exp.Query:
    tree = sqlglot.parse_one(text, read=DIALECT)
    assert isinstance(tree, exp.Query)
    return tree


def test_names_that_postgres_keeps_for_itself_are_quoted() -> None:
    tree = _query("select x.user as user, x.end as placing from x where x.offset > 1")
    sql = portable(tree, {"x": {"user": "VARCHAR", "end": "DATE", "offset": "BIGINT"}})
    assert sql == 'SELECT x."user" AS "user", x."end" AS "placing" FROM x WHERE x."offset" > 1'


@pytest.mark.parametrize(("text", "said"), REFUSED.items())
def test_what_cannot_be_the_same_is_refused(text: str, said: str) -> None:
    with pytest.raises(ProblemsError) as refused:
        portable(_tree(text), SCHEMA)
    assert str(refused.value) == f"{said} cannot be had in postgres."


def test_an_engine_that_is_not_known_is_refused() -> None:
    with pytest.raises(ProblemsError, match=r"SQL cannot be written for 'sqlite'\. Known: postgres\."):
        portable(_tree("t = 'a'"), SCHEMA, dialect="sqlite")


def test_a_date_that_is_not_given_is_refused(library: Library) -> None:
    tree = compiled(library.rules["no-visit-in-care"].expect.tree, library.thresholds)
    with pytest.raises(ProblemsError, match="no date is given for 'period_end'"):
        portable(tree, {"children_in_care": {"last_visit_on": "DATE"}})


def test_what_could_not_be_read_is_asked_where_it_is_kept(both: Both, library: Library) -> None:
    tree = compiled(library.rules["contract.persons.dob.readable"].expect.tree, library.thresholds)
    typed = {"persons": {"dob": "DATE"}}
    both.there.execute("CREATE TABLE persons (n int, dob DATE, unread JSONB)")
    both.there.execute(
        """INSERT INTO persons VALUES (1, NULL, '{"dob": "soon"}'), (2, NULL, '{"sex": "x"}'), (3, NULL, NULL)"""
    )
    for kept, expected in ((True, [False, True, True]), (False, [True, True, True])):
        sql = portable(tree, typed, unread=kept)
        assert [row[0] for row in both.there.execute(f"SELECT {sql} FROM persons ORDER BY n")] == expected


def test_the_types_of_a_views_columns_are_known() -> None:
    tree = _query("select r.t as t, max(r.d) as d, count(*) as n, avg(r.i) > 1 as b from r group by r.t")
    assert column_types(tree, SCHEMA) == {"t": "TEXT", "d": "DATE", "n": "BIGINT", "b": "BOOLEAN"}


@pytest.fixture(scope="module")
def records(both: Both) -> dict[str, dict[str, str]]:
    """The same records of two extracts in both engines; return their columns' types."""
    chance = random.Random(3)
    tables = {
        on.extract: dict.fromkeys(on.dates, "DATE") | dict.fromkeys(on.texts, "VARCHAR")
        for on in (PLACEMENTS, ADDRESSES)
    }
    choices = {"DATE": [*DAYS, PERIOD], "VARCHAR": [*PLACEMENTS.texts_held, *ADDRESSES.texts_held, None]}
    for table, held in tables.items():
        here = ", ".join(f"{name} {kind}" for name, kind in held.items())
        there = ", ".join(f"{name} {TYPES.get(kind, kind)}" for name, kind in held.items())
        rows = [(*(chance.choice(choices[kind]) for kind in held.values()), n) for n in range(200)]
        both.here.execute(f"CREATE TABLE {table} ({here}, n INT)")
        both.here.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        both.there.execute(f"CREATE TABLE {table} ({there}, n INT)")
        with both.there.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    return tables


def test_random_conditions_mean_the_same(
    both: Both, records: dict[str, dict[str, str]], library: Library, record_property: pytest.RecordProperty
) -> None:
    compared = 0
    dates = {"period_end": PERIOD}

    @given(said=st.lists(conditions(PLACEMENTS), min_size=5, max_size=5))
    @settings(deadline=None, max_examples=20, derandomize=True, phases=[Phase.generate],
              suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])  # fmt: skip
    def agree(said: list[Said]) -> None:
        nonlocal compared
        for condition in said:
            bound = library.tables.bind(sqlglot.parse_one(condition.sql, read=DIALECT), PLACEMENTS.extract, ORIGIN)
            tree = compiled(bound.tree, library.thresholds)
            mine, theirs = tree.sql(DIALECT), portable(tree, records, dates)
            select = f"SELECT {{}} FROM {PLACEMENTS.extract} ORDER BY n"
            here = both.here.execute(select.format(mine), dates if "$period_end" in mine else None).fetchall()
            assert both.there.execute(select.format(theirs)).fetchall() == here, condition.sql
            compared += 1

    agree()
    record_property("referee", f"PostgreSQL agrees on {compared} random conditions over 200 records each")


def test_every_function_of_the_language_can_be_said_there(library: Library) -> None:
    """One that could not would keep every rule that calls it out of an export, and from being run in place."""
    types = extract_types(library.contracts.values())
    for function, examples in function_examples().values():
        assert examples, function.name
        for example in examples:
            if example.on is None:
                assert portable(compiled(parse_generated(example.call), library.thresholds), types), example.call
