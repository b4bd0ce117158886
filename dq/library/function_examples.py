"""The examples of the language's functions, as written in ``data/language/functions.yaml``."""

from __future__ import annotations

from typing import Any

from pydantic import RootModel

from dq.language.function_list import Function, all_functions
from dq.library.folders import policy_root
from dq.library.yaml_file import as_model, read_yaml
from dq.model import Declared
from dq.problems import nearest, refuse


class FunctionExample(Declared):
    """A call, and what it gives: a number, a text, true or false, a date written as text, or null.

    Where the call looks at records, ``rows`` are all there are of the extract ``on``, and it is asked of the first.
    """

    call: str
    gives: Any
    note: str = ""
    on: str | None = None
    rows: tuple[dict[str, Any], ...] = ()


class FunctionExamples(RootModel[dict[str, list[FunctionExample]]]):
    """The file: function → its examples."""


def function_examples() -> dict[str, tuple[Function, list[FunctionExample]]]:
    """Return every function of the language with its examples, in order of name. Raises ProblemsError."""
    functions = all_functions()
    document = read_yaml(policy_root() / "data" / "language" / "functions.yaml")
    found = as_model(document, FunctionExamples).root
    for name in found.keys() - functions.keys():
        hint = nearest(name, functions)
        raise refuse(f"there is no function '{name}'.", document.path, document.line((name,)), hint)
    return {name: (function, found.get(name, [])) for name, function in functions.items()}
