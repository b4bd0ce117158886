"""docs/language.md says what the language is: its functions, limits and examples of SQL are those there are."""

from __future__ import annotations

import re

import pytest

from dq.language.bind import read_view
from dq.language.expression import Origin, parse_expression
from dq.language.function_list import all_functions
from dq.library.folders import policy_root
from dq.library.policy import Library

PAGE = (policy_root() / "docs" / "language.md").read_text(encoding="utf-8")
ORIGIN = Origin(None, None, "page")


def _rows(heading: str) -> list[list[str]]:
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_the_page_lists_exactly_the_functions_there_are() -> None:
    told = {call.strip("`"): (gives, null) for call, gives, null in _rows("Functions")}
    assert told == {function.call: (function.gives, function.null) for function in all_functions().values()}


def test_the_page_lists_exactly_the_limits_there_are(library: Library) -> None:
    told = {name.strip("`:"): (value, title) for name, value, title in _rows("Parameters")}
    assert told == {name: (f"{limit.value:g} {limit.unit}", limit.title) for name, limit in library.limits.items()}


OPERATORS = [
    "dob = dob", "sex <> '1'", "dob < dob", "dob <= dob", "dob > dob", "dob >= dob", "dob is null", "dob is not null",
    "sex is distinct from '1'", "sex in ('1', '2')", "dob between dob and :period_end", "sex like 'a%'",
    "sex ilike 'a%'", "1 + 2 - 3 * 4 / 5 // 6 % 7 = 0", "sex || sex = '11'", "not (sex = '1')",
    "case when sex = '1' then true else false end", "cast(dob as date) = dob", "dob::date = dob",
    "try_cast(sex as int) = 1", "dob > date '2016-08-31'",
]  # fmt: skip


@pytest.mark.parametrize("text", OPERATORS)
def test_what_the_page_allows_is_allowed(text: str, library: Library) -> None:
    library.tables.bind(parse_expression(text, ORIGIN), "persons", ORIGIN)


@pytest.mark.parametrize("kind", ["date", "timestamp", "text", "int", "bigint", "double", "decimal", "boolean"])
def test_the_types_it_names_are_those_there_are(kind: str) -> None:
    assert kind in PAGE
    parse_expression(f"cast(a as {kind}) is null", ORIGIN)


def test_the_conditions_shown_are_accepted(library: Library) -> None:
    (shown,) = re.findall(r"```sql\n\s*(not exists .*?)\n\s*```", PAGE, re.DOTALL)
    library.tables.bind(parse_expression(shown, ORIGIN), "persons", ORIGIN)
    for key in ("where", "expect"):
        (text,) = re.findall(rf"^{key}: (.*?)  +#", PAGE, re.MULTILINE)
        library.tables.bind(parse_expression(text.partition("#")[0], ORIGIN), "cla_placements", ORIGIN)


def test_a_view_with_the_head_shown_is_read() -> None:
    head = PAGE.split("```sql\n-- one row")[1].split("select …")[0]
    view = read_view(policy_root() / "x.sql", f"-- one row{head}select person_id from persons")
    assert view.key.startswith("the column")
    assert view.of is not None
