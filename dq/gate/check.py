"""Whether a gate can be judged at all: its expectations, arguments, columns and sentences are all known.

Great Expectations ships a JSON Schema of each of its expectations. Reading those takes milliseconds, where
importing the library takes seconds.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dq.gate import sentences
from dq.gate.columns import COLUMNS, NAMED_BY
from dq.gate.when import WhenError, terms
from dq.model import Gate, GateCheck
from dq.problems import Problem, ProblemsError, nearest

_HELD = {
    "text": ((str,), "text"),
    "flag": ((bool,), "true or false"),
    "count": ((int, float), "numbers"),
    "number": ((int, float), "numbers"),
}
_COLUMN_ARGUMENTS = ("column", "column_A", "column_B", "column_list", "column_set")
_NOT_ARGUMENTS = frozenset(
    [
        "id",
        "meta",
        "metadata",
        "notes",
        "result_format",
        "description",
        "catch_exceptions",
        "rendered_content",
        "severity",
        "windows",
        "batch_id",
        "row_condition",
        "condition_parser",
        "library_metadata",
    ]
)
"""What an expectation takes that is the gate's to say, by other keys, and not the check's."""


@dataclass(frozen=True)
class Expectation:
    """One of the library's expectations: its class, what it takes, and whether it looks at each row."""

    class_name: str
    arguments: frozenset[str]
    required: frozenset[str]
    each_row: bool


@cache
def expectations() -> Mapping[str, Expectation]:
    """Return every expectation that can be held against a table of facts, by its name in snake case."""
    found: dict[str, Expectation] = {}
    for path in _schema_files():
        schema = json.loads(path.read_text(encoding="utf-8"))
        about = schema.get("properties", {}).get("metadata", {}).get("properties", {})
        if "Pandas" in about.get("supported_data_sources", {}).get("const", ()):
            arguments = frozenset(schema["properties"]) - _NOT_ARGUMENTS
            found[about["expectation_type"]["const"]] = Expectation(
                about["expectation_class"]["const"],
                arguments,
                frozenset(schema.get("required", ())),
                "mostly" in arguments,
            )
    return found


def _schema_files() -> Iterable[Path]:
    library = importlib.util.find_spec("great_expectations")
    if library is None or library.origin is None:
        raise ModuleNotFoundError("great_expectations is not installed")
    return sorted((Path(library.origin).parent / "expectations" / "core" / "schemas").glob("*.json"))


def columns_of(check: GateCheck) -> list[str]:
    """Return the columns that a check's expectation looks at, in the order they are given."""
    given = [check.with_[name] for name in _COLUMN_ARGUMENTS if name in check.with_]
    return [str(name) for value in given for name in (value if isinstance(value, list) else [value])]


def check_gate(gate: Gate) -> None:
    """Refuse a gate that could not be judged. Raises ProblemsError with the file and every fault in it.

    Unknown expectations, arguments and columns are faults, as are two checks of one name, a ``when`` or a
    sentence that cannot be read, and a gate that checks nothing, which would let anything through.
    """
    problems = [Problem(what, gate.path, line_of(gate, check), instead) for check, what, instead in _faults(gate)]
    if problems:
        raise ProblemsError(problems)


Fault = tuple[GateCheck | None, str, str | None]


def _faults(gate: Gate) -> Iterator[Fault]:
    if not gate.checks:
        yield None, "this gate has no checks, so it would let anything through.", "Add a check."
    names = [check.name for check in gate.checks]
    for check in gate.checks:
        if names.count(check.name) > 1:
            yield check, f"two checks are named '{check.name}'.", "Give each its own name."
        known = expectations()
        if check.expectation not in known:
            yield check, f"there is no expectation '{check.expectation}'.", nearest(check.expectation, known)
            continue
        expectation = known[check.expectation]
        for what, instead in (
            *_argument_faults(check, expectation),
            *_when_faults(check, expectation),
            *_sentence_faults(check, expectation),
        ):
            yield check, what, instead


def _argument_faults(check: GateCheck, expectation: Expectation) -> Iterator[tuple[str, str | None]]:
    for name, value in check.with_.items():
        if name not in expectation.arguments:
            yield f"'{check.expectation}' takes no argument '{name}'.", nearest(name, expectation.arguments)
        elif name in _COLUMN_ARGUMENTS:
            yield from _column_faults(check, value)
    yield from _value_faults(check)
    for name in sorted(expectation.required - set(check.with_)):
        yield f"'{check.expectation}' needs the argument '{name}'.", f"Add it under 'with' in '{check.name}'."


def _column_faults(check: GateCheck, value: object) -> Iterator[tuple[str, str | None]]:
    columns = COLUMNS[check.facts]
    for name in value if isinstance(value, list) else [value]:
        if name not in columns:
            yield f"'{name}' is not a column of the facts of '{check.facts}'.", nearest(str(name), columns)


def _value_faults(check: GateCheck) -> Iterator[tuple[str, str | None]]:
    """Yield values that a column cannot hold: the library would find that no row has them, and blame the data."""
    column = COLUMNS[check.facts].get(str(check.with_.get("column")))
    values = check.with_.get("value_set")
    if column is None or column.holds not in _HELD or not isinstance(values, list):
        return
    types, words = _HELD[column.holds]
    for value in values:
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            yield f"'{value}' in the 'value_set' of '{check.name}' cannot be found.", f"The column holds {words}."


def _when_faults(check: GateCheck, expectation: Expectation) -> Iterator[tuple[str, str | None]]:
    if check.when is None:
        return
    if not expectation.each_row:
        yield f"'{check.expectation}' looks at the whole table, so it takes no 'when'.", "Take 'when' out."
        return
    try:
        terms(check.when, COLUMNS[check.facts])
    except WhenError as error:
        yield error.what, error.instead


def _sentence_faults(check: GateCheck, expectation: Expectation) -> Iterator[tuple[str, str | None]]:
    for verb, text in (("says", check.says), ("prints", check.prints or "")):
        yield from _text_faults(check, expectation, verb, text)


def _text_faults(check: GateCheck, expectation: Expectation, verb: str, text: str) -> Iterator[tuple[str, str | None]]:
    if sentences.unbalanced(text):
        yield f"a brace or bracket of what '{check.name}' {verb} does not match.", "Close it, or take it out."
    columns = set(COLUMNS[check.facts])
    of_run = columns if NAMED_BY[check.facts] is None else set()
    whole = of_run | ({"count", "which"} if expectation.each_row else {"observed"})
    each = columns if expectation.each_row else of_run
    for name, said_of_each in sentences.places(text):
        known = each if said_of_each else whole
        if name not in known:
            yield f"'{check.name}' {verb} '{{{name}}}', which cannot be filled in there.", nearest(name, known)


def line_of(gate: Gate, check: GateCheck | None) -> int | None:
    """Return the line of the file that names the check, so that its reader need not search."""
    if check is None or gate.path is None or not gate.path.is_file():
        return None
    lines = gate.path.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((number for number, line in enumerate(lines, 1) if "name:" in line and check.name in line), None)
