"""Bind SQL to the columns there are: every name resolved, every reading known, every parameter declared."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlglot import exp
from sqlglot.errors import OptimizeError
from sqlglot.optimizer.qualify import qualify

from dq.language.expression import DIALECT, Origin, parameters, parse_select
from dq.language.functions import own_function, write_out
from dq.language.lineage import Reads, TableReads, extract_reads, query_reads, reference_reads
from dq.model import Contract, Mark
from dq.problems import nearest, refuse

REFERENCE_TABLES = {
    "calendar": ("day", "working_day"),
    "postcodes": ("postcode", "easting", "northing", "local_authority"),
}
"""Tables every view and rule may read besides extracts: working days of England, and the ONS Postcode Directory."""


DATES = ("period_start", "period_end", "collection_start", "collection_end")
"""The parameters that are days: of the month a run is for, and of the year of the national collections it is in."""

MARKED = "marked_key"
"""What the key of a marked record is called, beside that of the record flagged."""


@dataclass(frozen=True, eq=False)
class View:
    """A named derived table. ``of`` names the extract whose records its rows are, where there is one."""

    name: str
    one_row: str
    key: str
    of: str | None
    path: Path
    tree: exp.Query
    columns: tuple[str, ...]
    depends: tuple[str, ...]


@dataclass(frozen=True)
class Bound:
    """An expression over one extract or view: names resolved, our own functions still to be written out."""

    tree: exp.Expr
    reads: Reads

    def and_(self, other: Bound) -> Bound:
        """Return the condition that this and another over the same rows hold."""
        return Bound(exp.and_(self.tree, other.tree), self.reads | other.reads)


class Tables:
    """The extracts, views and reference tables that SQL may name, with their columns and what those read."""

    def __init__(self, contracts: Mapping[str, Contract], thresholds: Iterable[str]) -> None:
        self.views: dict[str, View] = {}
        self.parameters = frozenset({*DATES, *thresholds})
        self.columns: dict[str, tuple[str, ...]] = dict(REFERENCE_TABLES)
        self.keys: dict[str, str] = {name: contract.key for name, contract in contracts.items()}
        self.reads: dict[str, TableReads] = {
            name: reference_reads(columns) for name, columns in REFERENCE_TABLES.items()
        }
        for name, contract in contracts.items():
            # 'unread' holds what could not be read as its column's type: see readable().
            self.columns[name] = (*contract.all_columns, "unread")
            self.reads[name] = extract_reads(name, contract.key, self.columns[name])

    def add_view(self, view: View) -> View:
        """Bind a view and make it a table that later SQL may name. Raises ProblemsError."""
        origin = Origin(view.path, 1, f"view {view.name}")
        tree = self._qualify(view.tree, origin)
        bound = View(**{**view.__dict__, "tree": tree, "columns": tuple(tree.named_selects)})
        if view.key not in bound.columns:
            raise origin.refuse(f"its key '{view.key}' is not one of its columns.", nearest(view.key, bound.columns))
        self.views[view.name] = bound
        self.columns[view.name] = bound.columns
        self.keys[view.name] = view.key
        self.reads[view.name] = query_reads(tree, self.reads)
        return bound

    def bind(self, tree: exp.Expr, on: str, origin: Origin) -> Bound:
        """Bind an expression to the columns of ``on``. Raises ProblemsError naming the nearest right name."""
        self.check_on(on, origin)
        bound = self._bind_with_selects(tree, on, origin) if tree.find(exp.Query) else self._bind_row(tree, on, origin)
        if isinstance(bound.tree, exp.Column) and on not in self.views:
            shown = bound.tree.name
            raise origin.refuse(f"'{shown}' is neither true nor false.", f"Compare it, as in '{shown} is not null'.")
        return bound

    def _bind_with_selects(self, tree: exp.Expr, on: str, origin: Origin) -> Bound:
        query = self._qualify(exp.select(exp.alias_(tree.copy(), "holds")).from_(on), origin)
        found = query_reads(query, self.reads)
        return Bound(query.expressions[0].this, found.rows | found.columns["holds"])

    def _bind_row(self, tree: exp.Expr, on: str, origin: Origin) -> Bound:
        """Bind an expression over one row: each column is one of ``on``. Most are, and it costs next to nothing."""
        self._check_parameters(tree, origin)
        bound = tree.copy()
        reads = self.reads[on].rows
        for column in bound.find_all(exp.Column):
            known = column.name.lower()
            if known not in self.columns[on] or column.table.lower() not in {"", on} or column.args.get("db"):
                raise self._unresolved(exp.select(column.copy()).from_(on), f"column {column.name}", origin)
            column.set("this", exp.to_identifier(known))
            column.set("table", exp.to_identifier(on))
            reads |= self.reads[on].columns[known]
        self._check_cells(exp.select(bound.copy()).from_(on) if bound.find(exp.Anonymous) else bound, origin)
        return Bound(bound, reads)

    def bind_mark(self, tree: exp.Expr, on: str, mark: Mark, origin: Origin) -> exp.Query:
        """Bind the condition of a mark: return the SELECT of the key of each row of ``on`` and of those it marks.

        Raises ProblemsError.
        """
        known = mark.name or mark.table
        if known == on:
            raise origin.refuse(
                f"both rows would be called '{on}'.", "Give the other a name with 'as', as in 'as: other'."
            )
        pairs = exp.select(
            exp.alias_(exp.column(self.keys[on], on), self.keys[on]),
            exp.alias_(exp.column(self.keys[mark.table], known), MARKED),
        ).from_(on)
        return self._qualify(
            pairs.join(exp.alias_(exp.to_table(mark.table), known, table=True), on=tree.copy()), origin
        )

    def check_on(self, on: str, origin: Origin) -> None:
        """Refuse an ``on`` that is no extract or view, naming the nearest that is."""
        if on not in self.columns or on in REFERENCE_TABLES:
            known = [name for name in self.columns if name not in REFERENCE_TABLES]
            raise origin.refuse(f"there is no extract or view '{on}'.", nearest(on, known))

    def cells(self, on: str, columns: Iterable[str]) -> Reads:
        """Return the columns of extracts that the named columns of an extract or view take their values from."""
        return frozenset().union(*(self.reads[on].cells.get(column, frozenset()) for column in columns))

    def in_order(self, names: Iterable[str]) -> list[View]:
        """Return the views needed for ``names``, each after those it depends on."""
        ordered: dict[str, View] = {}

        def add(name: str) -> None:
            view = self.views.get(name)
            if view is not None and name not in ordered:
                for needed in view.depends:
                    add(needed)
                ordered[name] = view

        for name in names:
            add(name)
        return list(ordered.values())

    def tables_named(self, tree: exp.Expr) -> set[str]:
        """Return the extracts and views a tree names in its sub-selects."""
        return {table.name for table in tree.find_all(exp.Table)} & set(self.columns)

    def _qualify(self, tree: exp.Query, origin: Origin) -> exp.Query:
        common = {cte.alias for cte in tree.find_all(exp.CTE)}
        for table in tree.find_all(exp.Table):
            if table.name not in self.columns and table.name not in common:
                raise origin.refuse(f"there is no extract or view '{table.name}'.", nearest(table.name, self.columns))
        self._check_parameters(tree, origin)
        named = {table.name for table in tree.find_all(exp.Table)} - common
        schema: dict[str, object] = {name: dict.fromkeys(self.columns[name], "VARCHAR") for name in named}
        try:
            bound = qualify(tree.copy(), schema=schema, dialect=DIALECT, quote_identifiers=False, identify=False)
        except OptimizeError as error:
            raise self._unresolved(tree, str(error), origin) from None
        assert isinstance(bound, exp.Query)  # noqa: S101 - qualifying a query gives a query
        self._check_cells(bound, origin)
        return bound

    def _check_parameters(self, tree: exp.Expr, origin: Origin) -> None:
        for name in parameters(tree):
            if name not in self.parameters:
                raise origin.refuse(f"there is no parameter ':{name}'.", nearest(name, self.parameters))

    def _check_cells(self, tree: exp.Expr, origin: Origin) -> None:
        """Refuse functions of a cell as it came of anything but a column of an extract: a view holds none."""
        named = {table.alias_or_name: table.name for table in tree.find_all(exp.Table)}
        for call in tree.find_all(exp.Anonymous):
            function = own_function(call)
            if function is not None and function.of_cell:
                table = named.get(call.expressions[0].table, "")
                if "unread" not in self.columns.get(table, ()):
                    what = f"{function.name} looks at the cells of an extract, and '{table}' is not one."
                    raise origin.refuse(what)

    def _unresolved(self, tree: exp.Query, message: str, origin: Origin) -> Exception:
        found = re.search(r"[Cc]olumn:? '?\"?([\w.]+)", message)
        name = found.group(1).split(".")[-1] if found else ""
        named = {table.name for table in tree.find_all(exp.Table)}
        if "mbiguous" in message or sum(name in self.columns.get(table, ()) for table in named) > 1:
            return origin.refuse(f"column '{name}' is in more than one table.", "Write the table's name before it.")
        known = [column for table in named for column in self.columns.get(table, ()) if column != "unread"]
        where = " or ".join(sorted(named))
        return origin.refuse(f"{where} has no column '{name}'.", nearest(name, known))


_HEADER = re.compile(r"^--\s*(one row|key|of):\s*(.+?)\s*$")


def read_view(path: Path, text: str) -> View:
    """Read a view: comment lines ``one row:``, ``key:`` and, for records of an extract, ``of:``; then one SELECT.

    Raises ProblemsError.
    """
    said: dict[str, str] = {}
    for line in text.splitlines():
        found = _HEADER.match(line)
        if found:
            said[found.group(1)] = found.group(2)
    for needed in ("one row", "key"):
        if needed not in said:
            raise refuse(f"a view says '-- {needed}: …' in a comment at its head.", path, 1, "Add that line.")
    tree = parse_select(text, Origin(path, 1, f"view {path.stem}"))
    common = {cte.alias for cte in tree.find_all(exp.CTE)}
    return View(
        name=path.stem,
        one_row=said["one row"],
        key=said["key"],
        of=said.get("of"),
        path=path,
        tree=tree,
        columns=(),
        depends=tuple(sorted({table.name for table in tree.find_all(exp.Table)} - common)),
    )


def fingerprint(parts: Iterable[str]) -> str:
    """Return a short hash of what something means: canonical SQL and settings, not wording or layout."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def canonical(tree: exp.Expr) -> str:
    """Return the SQL of a tree in one form, whatever the comments and layout it was written in."""
    return write_out(tree).sql(DIALECT, comments=False, normalize=True)
