"""Every example of ``data/language/functions.yaml``, in DuckDB and, where the data may be, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from dq.engine.compile import compiled
from dq.language.expression import DIALECT, Origin, parse_generated
from dq.language.portable import SESSION, extract_types, portable
from dq.library.function_examples import FunctionExample, function_examples
from dq.library.policy import Library
from dq.sources.load import load_rows
from dq.sources.reference import add_calendar, add_postcodes
from dq.workspace import Workspace, open_workspace
from tests.postgres import postgres_url

__all__ = ["postgres_url"]

ORIGIN = Origin(None, None, "example")
EXAMPLES = [(name, example) for name, (_, examples) in function_examples().items() for example in examples]
PLACES = [pytest.param(i, id=f"{name} {i}") for i, (name, _) in enumerate(EXAMPLES)]
Session = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture(scope="module")
def opened(library: Library) -> Iterator[Workspace]:
    """A workspace with the records of all examples: row j of example i is E<i>R<j>."""
    contract = library.contracts["addresses"]
    assert {example.on for _, example in EXAMPLES} == {None, contract.name}
    rows = [
        {"address_id": f"E{i}R{j}", **row}
        for i, (_, example) in enumerate(EXAMPLES)
        for j, row in enumerate(example.rows)
    ]
    with open_workspace() as workspace:
        load_rows(workspace, contract, rows)
        add_calendar(workspace)
        add_postcodes(workspace, [contract])
        yield workspace


@pytest.fixture(scope="module")
def other(opened: Workspace, postgres_url: str) -> Iterator[Session]:
    """A session of PostgreSQL with the same tables."""
    tables = {
        "calendar": ("day DATE, working_day INT", "SELECT day, working_day FROM calendar"),
        "postcodes": (
            "postcode TEXT, easting FLOAT8, northing FLOAT8, local_authority TEXT",
            "SELECT * FROM postcodes",
        ),
        "addresses": (
            "address_id TEXT, postcode TEXT, start_date DATE, unread JSONB",
            "SELECT address_id, postcode, start_date, to_json(unread)::VARCHAR FROM addresses",
        ),
    }
    with psycopg.connect(postgres_url, autocommit=True) as session:
        session.execute("CREATE SCHEMA function_examples")
        session.execute("SET search_path TO function_examples")
        for statement in SESSION["postgres"]:
            session.execute(statement)
        for name, (columns, rows) in tables.items():
            session.execute(f"CREATE TABLE {name} ({columns})")  # type: ignore[arg-type]
            with session.cursor().copy(f"COPY {name} FROM STDIN") as copy:  # type: ignore[arg-type]
                for row in opened.execute(rows).fetchall():
                    copy.write_row(row)
        yield session
        session.execute("DROP SCHEMA function_examples CASCADE")


def _plain(value: Any) -> Any:
    """A value as YAML would write it."""
    if isinstance(value, (Decimal, float)):
        return float(value)
    return value if value is None or isinstance(value, (bool, int, str)) else value.isoformat()


def _call(library: Library, example: FunctionExample) -> Any:
    tree = parse_generated(example.call)
    if example.on is not None:
        tree = library.tables.bind(tree, example.on, ORIGIN).tree
    return compiled(tree, {})


def _asked(call: str, example: FunctionExample, place: int) -> str:
    return f"SELECT {call}" if example.on is None else f"SELECT {call} FROM addresses WHERE address_id = 'E{place}R0'"


@pytest.mark.parametrize("place", PLACES)
def test_an_example_holds(place: int, opened: Workspace, library: Library) -> None:
    _, example = EXAMPLES[place]
    (found,) = opened.row(_asked(_call(library, example).sql(DIALECT), example, place))
    assert _plain(found) == example.gives
    assert isinstance(found, bool) == isinstance(example.gives, bool)


@pytest.mark.parametrize("place", PLACES)
def test_an_example_holds_in_postgresql(place: int, other: Session, library: Library) -> None:
    _, example = EXAMPLES[place]
    call = portable(_call(library, example), extract_types(library.contracts.values()), unread=True)
    found = other.execute(_asked(call, example, place)).fetchone()  # type: ignore[arg-type]
    assert found is not None
    assert _plain(found[0]) == example.gives


def test_every_function_has_three_examples_and_one_of_them_with_null() -> None:
    for name, (function, examples) in function_examples().items():
        assert len(examples) >= 3, name
        assert all(name in example.call for example in examples), name
        assert len({str(example.gives) for example in examples}) > 1, f"{name}: they all give the same"
        if function.takes != ("column",):
            assert any("null::" in e.call or (e.on and e.rows == ({},)) for e in examples), f"{name}: none of null"


def test_what_a_function_takes_is_what_its_call_names() -> None:
    kinds = {"date", "text", "number", "any", "column", "part"}
    for name, (function, _) in function_examples().items():
        named = [part for part in function.call.partition("(")[2].rstrip(")").split(",") if "…" not in part]
        assert len(named) == function.arguments, name
        assert set(function.takes) <= kinds, name
        assert function.gives.endswith("."), name
        assert function.null.endswith("."), name
