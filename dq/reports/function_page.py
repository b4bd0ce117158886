"""The pages of the rule language: one for each function, one that lists them, and one for the limits rules name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dq.language.function_list import Function
from dq.library.function_examples import FunctionExample
from dq.model import Threshold
from dq.reports.page_kit import write_page

KIND_WORDS = {
    "date": "a date, or a moment, of which the day counts",
    "text": "a text",
    "number": "a number",
    "any": "anything, all of one kind",
    "column": "a column of an extract",
    "part": "'day', 'month' or 'year'",
}
Documented = tuple[Function, Sequence[FunctionExample]]
"""A function, and examples of it."""


def write_function_pages(functions: Sequence[Documented], limits: Mapping[str, Threshold], out: Path) -> None:
    """Write ``functions/<name>.html``, ``functions/index.html`` and ``functions/limits.html`` under ``out``."""
    for function, examples in functions:
        write_page(
            "function.html.j2",
            out / "functions" / f"{function.name}.html",
            function=function,
            takes=[(name, KIND_WORDS[kind]) for name, kind in zip(_names(function), function.takes, strict=True)],
            examples=[(example, _worded(example.gives), _records(example)) for example in examples],
        )
    write_page("functions.html.j2", out / "functions" / "index.html", functions=[f for f, _ in functions])
    write_page("limits.html.j2", out / "functions" / "limits.html", limits=sorted(limits.items()))


def _names(function: Function) -> list[str]:
    inside = function.call.partition("(")[2].rstrip(")")
    return [name.strip() for name in inside.split(",") if "…" not in name]


def _worded(value: Any) -> str:
    """Return a value as SQL shows it."""
    return {None: "null", True: "true", False: "false"}.get(value, str(value)) if _is_word(value) else str(value)


def _is_word(value: Any) -> bool:
    return value is None or isinstance(value, bool)


def _records(example: FunctionExample) -> str:
    """Return the records an example is given, in a line; empty where it is given none."""
    if example.on is None:
        return ""
    rows = [", ".join(f"{name}: {value}" for name, value in row.items()) or "an empty cell" for row in example.rows]
    return f"{example.on}: {'; '.join(rows)}"
