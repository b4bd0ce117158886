"""Views, worked out once and kept as tables, as they stand at one period end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from sqlglot import exp

from dq.engine.compile import Dates, compiled
from dq.engine.places import Here, StatementError
from dq.engine.statements import Statement, named
from dq.language.bind import View
from dq.library.policy import Library
from dq.workspace import Workspace


def work_out_views(
    workspace: Workspace,
    library: Library,
    needed: Iterable[str],
    dates: Dates,
    used: Mapping[str, Collection[str]] | None = None,
    standing: Collection[str] = (),
) -> dict[str, str]:
    """Make a table of every view in ``needed`` and those beneath it. Return view → reason for those that failed.

    Of a view in ``used`` only those columns are worked out, unless another view stands on it. What is in ``standing``
    is left as it stands.
    """
    here, views = Here(workspace, dates), library.tables.in_order(needed)
    beneath = {below for view in views for below in view.depends}
    narrow = {view: columns for view, columns in (used or {}).items() if view not in beneath}
    return keep_views(
        library, [view.name for view in views if view.name not in standing],
        lambda view: here.keep(view, view_statement(library, library.views[view], narrow.get(view))),
    )  # fmt: skip


def keep_views(library: Library, views: Iterable[str], keep: Callable[[str], None]) -> dict[str, str]:
    """Keep views, in order. Return view → reason for those that failed, or that stand on one that did."""
    failed: dict[str, str] = {}
    for view in views:
        broken = [below for below in library.views[view].depends if below in failed]
        if broken:
            failed[view] = f"view {broken[0]} failed"
            continue
        try:
            keep(view)
        except StatementError as error:
            failed[view] = f"view {view} failed: {error}"
    return failed


def view_tree(library: Library, view: View) -> exp.Query:
    """Return the SELECT of a view as it will be run."""
    tree = compiled(view.tree, library.thresholds)
    assert isinstance(tree, exp.Query)  # noqa: S101 - compiling keeps a query a query
    return tree


def view_statement(library: Library, view: View, used: Collection[str] | None = None) -> Statement:
    """Return the statement that works a view out, of all its columns or of those that are used."""
    if used is None:
        return Statement(named("view", view.name), lambda: view_tree(library, view), library.texts)
    kept = [column for column in view.columns if column in used]

    def narrowed() -> exp.Query:
        columns = [exp.column(column, view.name) for column in kept]
        return exp.select(*columns, copy=False).from_(view_tree(library, view).subquery(view.name, copy=False))

    return Statement(named("view", view.name, kept), narrowed, library.texts)
