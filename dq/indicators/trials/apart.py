"""Which views work out a child's rows from that child's records alone, so that copies of a child can be tried apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlglot import exp

from dq.library.policy import Library


class Apart:
    """Tells the views in which children lie apart; each is looked at once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.own = own_ids(library)
        extracts = {contract.name for contract in library.contracts.values() if contract.person}
        self._personal = extracts | {view.name for view in library.views.values() if self.own & set(view.columns)}
        self._known: dict[str, bool] = {}

    def shared(self, views: Iterable[str]) -> list[str]:
        """Return those views, and those beneath, that are of no child, though worked out of the records of many."""
        return [view.name for view in self._library.tables.in_order(views) if view.name not in self._personal]

    def holds(self, on: str) -> bool:
        """Whether a child's rows of a view come of the records of that child, and of what is of no child, alone."""
        if "person_id" not in self._library.tables.columns[on]:
            return False
        for view in self._library.tables.in_order([on]):
            if view.name not in self._known:
                of_none = view.name not in self._personal
                self._known[view.name] = of_none or _selects_apart(view.tree, self.own, self._personal)
            if not self._known[view.name]:
                return False
        return True


def own_ids(library: Library) -> frozenset[str]:
    """Return the columns that hold the name of a child, or of something that is one child's: a plan, a period of care.

    They are the keys of extracts of children, of views whose rows are each a child's, and what refers to them.
    """
    personal = [contract for contract in library.contracts.values() if contract.person]
    keys = {contract.key for contract in personal} | {contract.person for contract in personal if contract.person}
    return frozenset(keys | {view.key for view in library.views.values() if "person_id" in view.columns})


def named_extracts(library: Library, on: str) -> frozenset[str]:
    """Return the extracts that a view stands on, through any depth of views; of an extract, itself."""
    views = library.tables.in_order([on])
    return frozenset({on} | {below for view in views for below in view.depends}) & frozenset(library.contracts)


def _selects_apart(tree: exp.Expr, own: Collection[str], personal: Collection[str]) -> bool:
    """Whether every SELECT of a view that reads records of children takes those of one child together, no others'."""
    of_children = set(personal)
    for common in tree.find_all(exp.CTE):
        if any(table.name in of_children for table in common.find_all(exp.Table)):
            of_children.add(common.alias)
    return all(
        _of_one(select, own, of_children)
        for select in tree.find_all(exp.Select)
        if any(table.name in of_children for table in select.find_all(exp.Table))
    )


def _of_one(select: exp.Select, own: Collection[str], personal: Collection[str]) -> bool:
    group = select.args.get("group")
    windows = [over for over in select.find_all(exp.Window) if over.parent_select is select]
    sums = [
        one for one in select.find_all(exp.AggFunc)
        if one.parent_select is select and one.find_ancestor(exp.Window, exp.Select) is select
    ]  # fmt: skip
    if (group or sums) and not (group and _names(group.expressions, own)):
        return False
    if select.args.get("distinct") and not _names(select.expressions, own):
        return False
    named = {window.name: window for window in select.args.get("windows") or ()}
    for over in windows:
        divided = named.get(over.alias, over)
        if not _names(divided.args.get("partition_by") or (), own):
            return False
    sources = [join for join in select.args.get("joins") or () if _reads(join.this, personal)]
    first = select.args.get("from_") or select.args.get("from")
    if first is None or not _reads(first.this, personal):
        sources = sources[1:]
    return all(_joined(join.args.get("on"), own) for join in sources)


def _reads(source: exp.Expr, personal: Collection[str]) -> bool:
    return any(table.name in personal for table in source.find_all(exp.Table))


def _names(expressions: Collection[exp.Expr], own: Collection[str]) -> bool:
    """Whether one of the expressions is itself the name of what is one child's."""
    return any(isinstance(one.unalias(), exp.Column) and one.unalias().name in own for one in expressions)


def _joined(on: exp.Expr | None, own: Collection[str]) -> bool:
    """Whether a join is of rows of which both name the same that is one child's."""
    conditions = [] if on is None else list(on.flatten()) if isinstance(on, exp.And) else [on]
    return any(
        isinstance(one, exp.EQ)
        and all(isinstance(side, exp.Column) and side.name in own for side in (one.this, one.expression))
        for one in conditions
    )
