"""Which columns of which extracts a view or an expression reads, through any depth of views.

Three kinds of reading are kept apart: what decides which *rows* a view has; what each of its *columns*
depends on; and, narrower, which *cells* a column takes its value from, without the joins that find them. The
columns of a left-joined table cannot change which rows there are, so what they read belongs to them alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.optimizer.scope import Scope, build_scope

from dq.model import Read

Reads = frozenset[Read]


@dataclass(frozen=True)
class TableReads:
    """What the rows of a table depend on, what each of its columns depends on besides, and its cells' own source."""

    rows: Reads
    columns: Mapping[str, Reads]
    cells: Mapping[str, Reads]


def extract_reads(extract: str, key: str, columns: Iterable[str]) -> TableReads:
    """Return the reads of an extract itself: its rows stand on its key, each column on itself."""
    own = {column: frozenset({(extract, column)}) for column in columns}
    return TableReads(frozenset({(extract, key)}), own, own)


def reference_reads(columns: Iterable[str]) -> TableReads:
    """Return the reads of a reference table: none, for it is no extract."""
    none: dict[str, Reads] = dict.fromkeys(columns, frozenset())
    return TableReads(frozenset(), none, none)


def query_reads(tree: exp.Query, tables: Mapping[str, TableReads]) -> TableReads:
    """Return the reads of a qualified SELECT over tables whose reads are known."""
    scope = build_scope(tree)
    if scope is None:
        return reference_reads(())
    return _scope_reads(scope, tables)


def _scope_reads(scope: Scope, tables: Mapping[str, TableReads]) -> TableReads:
    tree = scope.expression
    if isinstance(tree, exp.SetOperation):
        sides = [_scope_reads(side, tables) for side in (scope.set_operation_scopes or ())]
        return TableReads(
            frozenset().union(*(side.rows for side in sides)),
            _by_position([side.columns for side in sides]),
            _by_position([side.cells for side in sides]),
        )
    sources = {alias: _source_reads(source, tables) for alias, source in scope.sources.items()}
    for inner in scope.subquery_scopes:
        for alias, source in inner.sources.items():
            sources.setdefault(alias, _source_reads(source, tables))
    sources = _left_joined(tree, sources)

    rows: Reads = frozenset()
    optional = {join.alias_or_name for join in tree.args.get("joins") or () if join.side == "LEFT"}
    for alias in scope.selected_sources:
        if alias not in optional:
            rows |= sources[alias].rows
    for join in tree.args.get("joins") or ():
        if join.side != "LEFT" and join.args.get("on"):
            rows |= _columns_read(join.args["on"], sources)
    for clause in ("where", "group", "having", "qualify"):
        if tree.args.get(clause):
            rows |= _columns_read(tree.args[clause], sources)
    windows = {window.name: window for window in tree.args.get("windows") or ()}
    return TableReads(
        rows,
        {item.alias_or_name: _item_reads(item, windows, sources) for item in tree.expressions},
        {item.alias_or_name: _cells_read(item, sources) for item in tree.expressions},
    )


def _item_reads(item: exp.Expr, windows: Mapping[str, exp.Expr], sources: Mapping[str, TableReads]) -> Reads:
    """Return what a column of a SELECT depends on, with the named windows it is worked out over."""
    reads = _columns_read(item, sources)
    for over in item.find_all(exp.Window):
        named = windows.get(over.alias)
        if named is not None:
            reads |= _columns_read(named, sources)
    return reads


def _by_position(sides: list[Mapping[str, Reads]]) -> dict[str, Reads]:
    """Return the reads of a set operation's columns: each from the columns at its place on every side."""
    return {name: frozenset().union(*(list(side.values())[i] for side in sides)) for i, name in enumerate(sides[0])}


def _source_reads(source: exp.Table | Scope, tables: Mapping[str, TableReads]) -> TableReads:
    if isinstance(source, Scope):
        return _scope_reads(source, tables)
    return tables.get(source.name, reference_reads(()))


def _left_joined(tree: exp.Expr, sources: dict[str, TableReads]) -> dict[str, TableReads]:
    """Give each column of a left-joined source what decides whether a row of it is found."""
    result = dict(sources)
    for join in tree.args.get("joins") or ():
        if join.side == "LEFT":
            alias = join.alias_or_name
            joined = result[alias]
            found = joined.rows
            if join.args.get("on"):
                found |= _columns_read(join.args["on"], result)
            widened = {name: reads | found for name, reads in joined.columns.items()}
            result[alias] = TableReads(found, widened, joined.cells)
    return result


def _columns_read(tree: exp.Expr, sources: Mapping[str, TableReads]) -> Reads:
    reads: Reads = frozenset()
    for column in tree.find_all(exp.Column):
        source = sources.get(column.table)
        if source is not None:
            reads |= source.columns.get(column.name, frozenset())
    for table in tree.find_all(exp.Table):
        source = sources.get(table.alias_or_name)
        if source is not None:
            reads |= source.rows
    return reads


def _cells_read(tree: exp.Expr, sources: Mapping[str, TableReads]) -> Reads:
    if isinstance(tree, exp.Column):
        source = sources.get(tree.table)
        return frozenset() if source is None else source.cells.get(tree.name, frozenset())
    parts = tree.iter_expressions()
    if isinstance(tree, exp.Window) and tree.this.find(exp.Column):
        # How a window is divided and ordered finds the row; the value comes from what is taken of it.
        parts = iter([tree.this])
    cells: Reads = frozenset()
    for part in parts:
        cells |= _cells_read(part, sources)
    return cells
