"""Views, worked out once and kept as tables, as they stand at one period end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import duckdb
from sqlglot import exp

from dq.engine.compile import ready
from dq.language.bind import Tables
from dq.language.expression import DIALECT
from dq.workspace import Workspace, name


def work_out_views(
    workspace: Workspace, tables: Tables, needed: Iterable[str], values: Mapping[str, exp.Expression]
) -> dict[str, str]:
    """Make a table of every view in ``needed`` and those beneath it. Return view → reason for those that failed."""
    failed: dict[str, str] = {}
    for view in tables.in_order(needed):
        broken = [below for below in view.depends if below in failed]
        if broken:
            failed[view.name] = f"view {broken[0]} failed"
            continue
        sql = ready(view.tree, values).sql(DIALECT)
        try:
            workspace.execute(f"CREATE OR REPLACE TEMP TABLE {name(view.name)} AS {sql}")
        except duckdb.Error as error:
            failed[view.name] = f"view {view.name} failed: {fault(error)}"
    return failed


def fault(error: duckdb.Error) -> str:
    """Return what went wrong, in a word or two. The engine's own message may quote a value, so it is not kept."""
    words = type(error).__name__.removesuffix("Exception")
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in words).strip()
    return f"{spaced} error"
