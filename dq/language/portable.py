"""The SQL of rules and views for another engine than DuckDB, where the data already is.

What comes of a statement is the same, row for row. Where an engine cannot be made to do the same, it is refused
rather than done nearly.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from sqlglot import exp
from sqlglot.optimizer.annotate_types import annotate_types

from dq.language.expression import DIALECT
from dq.language.postgres import CALLS, REWRITES, UnportableError
from dq.model import Contract
from dq.problems import refuse

Schema = Mapping[str, Mapping[str, str]]
"""Table → column → type, in DuckDB's words."""

SESSION = {"postgres": ("SET datestyle TO 'ISO, YMD'", "SET extra_float_digits TO 1")}
"""What a session of an engine must be told first, for dates and numbers to be worded as DuckDB words them."""

_REFERENCE: Schema = {
    "calendar": {"day": "DATE", "working_day": "INT"},
    "postcodes": {"postcode": "VARCHAR", "easting": "DOUBLE", "northing": "DOUBLE", "local_authority": "VARCHAR"},
}
_RESERVED = frozenset(
    """all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation
    column concurrently constraint create cross current_catalog current_date current_role current_schema current_time
    current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze
    from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit
    localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references
    returning right select session_user similar some symmetric table tablesample then to trailing true union unique user
    using variadic verbose when where window with""".split()  # noqa: SIM905 - a hundred words are read more easily as words
)


def extract_types(contracts: Iterable[Contract]) -> dict[str, dict[str, str]]:
    """Return the types of the columns of extracts, as their contracts give them, and of the reference tables."""
    types = {name: dict(columns) for name, columns in _REFERENCE.items()}
    for contract in contracts:
        types[contract.name] = {name: column.type.sql for name, column in contract.columns.items()}
    return types


def column_types(select: exp.Query, schema: Schema) -> dict[str, str]:
    """Return column → type of a bound, written-out SELECT over the tables of ``schema``: those of a view."""
    typed = _typed(select.copy(), schema)
    assert isinstance(typed, exp.Query)  # noqa: S101 - typing a query gives a query
    return {item.alias_or_name: item.type.sql(DIALECT) for item in typed.selects if item.type is not None}


def portable(
    tree: exp.Expr,
    schema: Schema,
    dates: Mapping[str, dt.date] | None = None,
    dialect: str = "postgres",
    *,
    unread: bool = False,
    pretty: bool = False,
) -> str:
    """Return a bound, written-out condition or SELECT as SQL of another engine, with the same outcome on every row.

    ``schema`` has the columns of every table the tree names, views among them. ``dates`` are put in for the
    parameters left open. ``unread`` says that extracts there have a column ``unread`` (JSONB: column → text that
    could not be read as its type); without it every cell could be read. Raises ProblemsError for what the engine
    cannot do the same way.
    """
    check_dialect(dialect)
    filled = _dated(tree.copy(), dates or {})
    typed = _typed(filled, {**schema, **_with_unread(schema)})
    try:
        said = _rewritten(typed, unread=unread)
    except UnportableError as error:
        raise refuse(f"{error} cannot be had in {dialect}.") from None
    return said.sql(dialect, comments=False, pretty=pretty)


def check_dialect(dialect: str) -> None:
    """Refuse an engine that SQL is not written for."""
    if dialect not in SESSION:
        raise refuse(f"SQL cannot be written for '{dialect}'.", instead=f"Known: {', '.join(SESSION)}.")


def _dated(tree: exp.Expr, dates: Mapping[str, dt.date]) -> exp.Expr:
    def put_in(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, (exp.Placeholder, exp.Parameter)):
            return node
        name = node.name
        if name not in dates:
            raise refuse(f"no date is given for '{name}'.")
        day = exp.Literal.string(dates[name].isoformat())
        return day if isinstance(node.parent, exp.Cast) else exp.cast(day, "DATE")

    return tree.transform(put_in, copy=False)


def _with_unread(schema: Schema) -> Schema:
    return {table: {**columns, "unread": "MAP(VARCHAR, VARCHAR)"} for table, columns in schema.items()}


def _typed(tree: exp.Expr, schema: Schema) -> exp.Expr:
    """Return the tree with the type of every node known; a condition is typed within the SELECT it would stand in."""
    named = {table.name for table in tree.find_all(exp.Table)} | {column.table for column in tree.find_all(exp.Column)}
    known: dict[str, object] = {table: dict(columns) for table, columns in schema.items() if table in named}
    if isinstance(tree, exp.Query):
        return annotate_types(tree, schema=known, dialect=DIALECT)
    outer = {column.table for column in tree.find_all(exp.Column) if column.find_ancestor(exp.Select) is None}
    aliases = {table.alias_or_name for table in tree.find_all(exp.Table)}
    outer |= {column.table for column in tree.find_all(exp.Column)} - aliases
    within = exp.select(exp.alias_(tree, "holds"), copy=False)
    for i, table in enumerate(sorted(outer - {""})):
        within = within.from_(table, copy=False) if i == 0 else within.join(table, join_type="cross", copy=False)
    typed = annotate_types(within, schema=known, dialect=DIALECT)
    condition: exp.Expr = typed.selects[0].this.pop()
    return condition


def _rewritten(tree: exp.Expr, *, unread: bool) -> exp.Expr:
    """Rewrite every node, those within before those around them."""
    top = exp.Paren(this=tree)
    for node in reversed(list(tree.dfs())):
        new = _rewrite(node, unread=unread)
        if new is not node:
            if new.type is None:
                new.type = node.type
            node.replace(new)
    for name in top.find_all(exp.Identifier):
        if name.name.lower() in _RESERVED:
            name.set("quoted", True)
    whole: exp.Expr = top.this
    return whole


def _rewrite(node: exp.Expr, *, unread: bool) -> exp.Expr:
    if isinstance(node, exp.Is) and not unread and _is_unread(node.this.unnest()):
        return exp.true()
    if not isinstance(node, exp.Anonymous):
        change = REWRITES.get(type(node))
        return node if change is None else change(node)
    name = node.name.lower()
    if name == "map_contains":
        return _could_not_be_read(node) if unread else exp.false()
    if name == "map_extract_value":
        return _as_it_came(node) if unread else exp.null()
    if name not in CALLS:
        raise UnportableError(f"the function {name}")
    return CALLS[name](node)


def _is_unread(node: exp.Expr) -> bool:
    return isinstance(node, exp.Column) and node.name == "unread"


def _could_not_be_read(node: exp.Anonymous) -> exp.Expr:
    return exp.paren(exp.not_(_as_it_came(node).is_(exp.null())))


def _as_it_came(node: exp.Anonymous) -> exp.Expr:
    cells, column = (argument.unnest() for argument in node.expressions)
    return exp.JSONExtractScalar(this=cells, expression=column)
