"""Views, worked out once and kept as tables, as they stand at one period end."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import duckdb

from dq.engine.compile import Values, view_statement
from dq.language.bind import Tables, View
from dq.workspace import Workspace, name


def work_out_views(
    workspace: Workspace, tables: Tables, needed: Iterable[str], values: Values
) -> dict[str, str]:
    """Make a table of every view in ``needed`` and those beneath it. Return view → reason for those that failed."""
    failed: dict[str, str] = {}
    for view in tables.in_order(needed):
        broken = [below for below in view.depends if below in failed]
        if broken:
            failed[view.name] = f"view {broken[0]} failed"
            continue
        given = {parameter: values[parameter] for parameter in view.parameters}
        try:
            workspace.execute(f"CREATE OR REPLACE TEMP TABLE {name(view.name)} AS {_statement(view)}", given)
        except duckdb.Error as error:
            failed[view.name] = f"view {view.name} failed: {fault(error)}"
    return failed


@cache
def _statement(view: View) -> str:
    return view_statement(view.tree)


def fault(error: duckdb.Error) -> str:
    """Return what went wrong, in a word or two. The engine's own message may quote a value, so it is not kept."""
    words = type(error).__name__.removesuffix("Exception")
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in words).strip()
    return f"{spaced} error"
