"""Views, worked out once and kept as tables, as they stand at one period end."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from dq.engine.compile import Dates, compiled
from dq.language.expression import DIALECT
from dq.library.load import Library
from dq.workspace import Workspace, name


def work_out_views(workspace: Workspace, library: Library, needed: Iterable[str], dates: Dates) -> dict[str, str]:
    """Make a table of every view in ``needed`` and those beneath it. Return view → reason for those that failed."""
    failed: dict[str, str] = {}
    for view in library.tables.in_order(needed):
        broken = [below for below in view.depends if below in failed]
        if broken:
            failed[view.name] = f"view {broken[0]} failed"
            continue
        statement = _statement(library, view.name)
        try:
            workspace.execute(f"CREATE OR REPLACE TEMP TABLE {name(view.name)} AS {statement}", dates)
        except duckdb.Error as error:
            failed[view.name] = f"view {view.name} failed: {fault(error)}"
    return failed


def _statement(library: Library, view: str) -> str:
    if view not in library.compiled_views:
        library.compiled_views[view] = compiled(library.views[view].tree, library.thresholds).sql(
            DIALECT, comments=False
        )
    return library.compiled_views[view]


def fault(error: duckdb.Error) -> str:
    """Return what went wrong, in a word or two. The engine's own message may quote a value, so it is not kept."""
    words = type(error).__name__.removesuffix("Exception")
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in words).strip()
    return f"{spaced} error"
