"""Which columns of which extracts a view or an expression reads, through any depth of views.

Two kinds of reading are kept apart: what decides which *rows* a view has, and what each of its *columns*
takes its value from. The columns of a left-joined table cannot change which rows there are, so what they
read belongs to them alone.
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
    """What the rows of a table depend on, and each of its columns besides."""

    rows: Reads
    columns: Mapping[str, Reads]


def extract_reads(extract: str, key: str, columns: Iterable[str]) -> TableReads:
    """Return the reads of an extract itself: its rows stand on its key, each column on itself."""
    return TableReads(frozenset({(extract, key)}), {column: frozenset({(extract, column)}) for column in columns})


def query_reads(tree: exp.Query, tables: Mapping[str, TableReads]) -> TableReads:
    """Return the reads of a qualified SELECT over tables whose reads are known."""
    scope = build_scope(tree)
    if scope is None:
        return TableReads(frozenset(), {})
    return _scope_reads(scope, tables)


def _scope_reads(scope: Scope, tables: Mapping[str, TableReads]) -> TableReads:
    tree = scope.expression
    if isinstance(tree, exp.SetOperation):
        sides = [_scope_reads(side, tables) for side in scope.union_scopes]
        names = [list(side.columns) for side in sides]
        return TableReads(
            frozenset().union(*(side.rows for side in sides)),
            {
                name: frozenset().union(*(side.columns[own[i]] for side, own in zip(sides, names, strict=True)))
                for i, name in enumerate(names[0])
            },
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
    return TableReads(rows, {item.alias_or_name: _columns_read(item, sources) for item in tree.expressions})


def _source_reads(source: exp.Table | Scope, tables: Mapping[str, TableReads]) -> TableReads:
    if isinstance(source, Scope):
        return _scope_reads(source, tables)
    return tables.get(source.name, TableReads(frozenset(), {}))


def _left_joined(tree: exp.Expression, sources: dict[str, TableReads]) -> dict[str, TableReads]:
    """Give each column of a left-joined source what decides whether a row of it is found."""
    result = dict(sources)
    for join in tree.args.get("joins") or ():
        if join.side == "LEFT":
            alias = join.alias_or_name
            found = result[alias].rows
            if join.args.get("on"):
                found |= _columns_read(join.args["on"], result)
            result[alias] = TableReads(found, {name: reads | found for name, reads in result[alias].columns.items()})
    return result


def _columns_read(tree: exp.Expression, sources: Mapping[str, TableReads]) -> Reads:
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
