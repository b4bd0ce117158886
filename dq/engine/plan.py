"""What a check will do, before it does any of it: which views are worked out first, and a step for each table.

A view that one statement alone would read is worked out inside that statement; one that several read is kept as
a table, of no more columns than they use.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from dq.engine.compile import counting, everywhere, finding
from dq.engine.statements import Statement, named
from dq.engine.views import view_statement, view_tree
from dq.language.bind import REFERENCE_TABLES
from dq.language.expression import DIALECT
from dq.language.functions import looks_up_days, write_out
from dq.library.policy import BoundRule, Library, placeholders
from dq.model import Contract

OWNERS = "allocations"
"""The view that says which team holds a child's case, and since when."""

TEAMS_NOW = "teams_now"
"""The view that says which open team does the work of each team, of one that has closed too."""

WORKERS_LEFT = "workers_left"
"""The view of workers who have left: they put nothing right any more."""

_MOST_SELECTS = 8
"""So many sub-selects stand in one statement at most: 43 take DuckDB 1.9 s to plan, and 0.2 s in parts of 8. Of rules
without any there may be any number."""


@dataclass(frozen=True)
class Step:
    """All rules over one extract or view, tested together.

    ``record`` is the contract of the extract whose records are at fault; ``key`` the column of ``on`` that says
    which; ``cells`` the columns an exception needs. A view that is ``inside`` is worked out within the statement.
    """

    on: str
    rules: tuple[BoundRule, ...]
    record: Contract
    key: str
    cells: tuple[str, ...]
    is_view: bool
    inside: bool = False

    def only(self, rules: Iterable[BoundRule]) -> Step:
        """Return the same step with some of its rules."""
        return replace(self, rules=tuple(rules))

    def finding(self, library: Library) -> Statement:
        """Return the statement that finds the rows at fault."""

        def make() -> exp.Query:
            table = self.table(library)
            return finding(table, self.on, self.rules, self.cells, library.thresholds, numbered=not self.is_view)

        return self._statement("find", make, library)

    def counting(self, library: Library) -> Statement:
        """Return the statement that counts the rows in scope of each rule."""
        return self._statement("count", lambda: counting(self.table(library), self.rules, library.thresholds), library)

    def _statement(self, what: str, make: Callable[[], exp.Query], library: Library) -> Statement:
        conditions = [(bound.rule.where, bound.rule.expect) for bound in self.rules]
        name = named(what, self.on, self.inside, self.cells, conditions)
        return Statement(name, make, library.texts)

    def table(self, library: Library) -> exp.Expr:
        """Return what stands in FROM for ``on``: its name, or a view's own SELECT under that name."""
        if not self.inside:
            return exp.to_table(self.on)
        return view_tree(library, library.views[self.on]).subquery(self.on, copy=False)


@dataclass(frozen=True)
class Plan:
    """The views to keep as tables, each after those it reads, with the statement that fills it; then the steps."""

    views: tuple[tuple[str, Statement], ...]
    steps: tuple[Step, ...]

    def over_after(self, library: Library) -> dict[int, list[str]]:
        """Return the place of each step → the kept views that it is the last to read."""
        kept = {view for view, _ in self.views}
        last: dict[str, int] = {}
        for place, step in enumerate(self.steps):
            named = [*tables_of(library, step.rules), *(library.views[step.on].depends if step.inside else ())]
            last.update(dict.fromkeys(kept.intersection(named), place))
        over: dict[int, list[str]] = defaultdict(list)
        for view, place in last.items():
            over[place].append(view)
        return over

    def text(self, library: Library, explained: Callable[[Statement], str] | None = None) -> str:
        """Return the plan as people read it: every statement with what it is for.

        ``explained`` adds how the engine would run a statement.
        """
        parts = [f"{len(self.views)} views kept as tables, {len(self.steps)} statements"]
        for name, statement in self.views:
            parts.append(f"-- keep the view {name}\n{_sql(statement)}")
        for step in self.steps:
            inside = ", the view worked out inside" if step.inside else ""
            named = "\n".join(f"--   {i} {rule.rule.id}" for i, rule in enumerate(step.rules))
            parts.append(f"-- test {step.on}: {len(step.rules)} rules in one reading{inside}\n{named}")
            parts.append(_sql(step.finding(library)) + (f"\n\n{explained(step.finding(library))}" if explained else ""))
            if not all(everywhere(rule) for rule in step.rules):
                parts.append(f"-- count what is in scope\n{_sql(step.counting(library))}")
        return "\n\n".join(parts)


def _sql(statement: Statement) -> str:
    return statement.tree.sql(DIALECT, pretty=True, comments=False) + ";"


def make_plan(library: Library, rules: Sequence[BoundRule], *, keys_only: bool = False) -> Plan:
    """Return the plan that tests ``rules``, those over one table together.

    With ``keys_only`` a flagged row brings its key and no other cell, and owners are not looked for.
    """
    together: dict[str, list[BoundRule]] = defaultdict(list)
    for bound in rules:
        together[bound.rule.on].append(bound)
    steps = [_step(library, on, part) for on, group in together.items() for part in _parts(group)]
    if keys_only:
        steps = [replace(step, cells=(step.key,)) for step in steps]
    owned = [] if keys_only else list(dict.fromkeys(view for step in steps for view in routed(library, step)))
    readers = _readers(library, steps, owned)
    needed = [view for step in steps for view in tables_of(library, step.rules)] + owned
    inlined = {
        step.on for step in steps
        if step.is_view and readers[step.on] == 1 and all(everywhere(rule) for rule in step.rules)
    }  # fmt: skip
    narrow = {step.on: _columns_used(step) for step in steps if step.is_view and readers[step.on] == 1}
    views = []
    for view in library.tables.in_order(needed):
        if view.name in inlined:
            continue
        used = narrow[view.name] if view.name in narrow and view.name not in owned else None
        views.append((view.name, view_statement(library, view, used)))
    planned = [replace(step, inside=step.on in inlined) for step in steps]
    return Plan(tuple(views), tuple(planned))


def _parts(rules: Sequence[BoundRule]) -> list[tuple[BoundRule, ...]]:
    """Return rules over one table in parts, each for a statement, none with too many sub-selects to plan in time."""
    parts: list[list[BoundRule]] = [[]]
    selects = 0
    for bound in sorted(rules, key=_selects):
        selects += _selects(bound)
        if selects > _MOST_SELECTS and parts[-1]:
            parts.append([])
            selects = _selects(bound)
        parts[-1].append(bound)
    return [tuple(part) for part in parts]


def _selects(bound: BoundRule) -> int:
    """Return how many sub-selects the conditions of a rule have."""
    return sum(1 for tree in (bound.where.tree, bound.expect.tree) for _ in tree.find_all(exp.Select))


def _step(library: Library, on: str, rules: tuple[BoundRule, ...]) -> Step:
    view = library.views.get(on)
    extract = on if view is None else view.of
    assert extract is not None  # noqa: S101 - the library refuses rules on views without one
    contract = library.contracts[extract]
    key = contract.key if view is None else view.key
    columns = library.tables.columns[on]
    said = [bound.rule.message + (bound.rule.note or "") for bound in rules]
    named = {column for words in said for column in placeholders(words)} | {key}
    named |= {field for bound in rules for field in bound.rule.fields}
    if view is None:
        roles = (contract.person, contract.team, contract.worker, contract.event, contract.entered)
        named |= {role for role in roles if role is not None} | {"unread"}
    elif "person_id" in columns:
        named.add("person_id")
    return Step(on, rules, contract, key, tuple(c for c in columns if c in named), view is not None)


def tables_of(library: Library, rules: Iterable[BoundRule]) -> list[str]:
    """Return the extracts and views that rules stand on or name in a sub-select."""
    found: dict[str, None] = {}
    for bound in rules:
        found[bound.rule.on] = None
        for tree in (bound.where.tree, bound.expect.tree):
            found.update(dict.fromkeys(sorted(library.tables.tables_named(tree))))
        for mark in bound.marks:
            found.update(dict.fromkeys(sorted(library.tables.tables_named(mark.pairs))))
    return list(found)


def reference_tables(library: Library, rules: Sequence[BoundRule]) -> set[str]:
    """Return the reference tables that rules read, in their conditions or in the views beneath them."""

    def look() -> str:
        trees = [tree for bound in rules for tree in (bound.where.tree, bound.expect.tree)]
        trees += [mark.pairs for bound in rules for mark in bound.marks]
        trees += [view.tree for view in library.tables.in_order([*tables_of(library, rules), *routing(library)])]
        plain = [write_out(tree) for tree in trees]
        found = {table.name for tree in plain for table in tree.find_all(exp.Table)}
        if any(looks_up_days(tree) for tree in plain):
            found.add("calendar")
        return " ".join(sorted(found & set(REFERENCE_TABLES)))

    conditions = [(bound.rule.where, bound.rule.expect) for bound in rules]
    return set(library.texts.of(named("reference tables", "of", conditions), look).split())


def routing(library: Library) -> list[str]:
    """Return the views, of those the policy has, that say who must put a record right."""
    return [view for view in (OWNERS, TEAMS_NOW, WORKERS_LEFT) if view in library.views]


def routed(library: Library, step: Step) -> list[str]:
    """Return those of them that say it of the records of a step: of a child's, a team's, a worker's or nobody's."""
    of_staff = bool(step.record.person or step.record.team or step.record.worker)
    asked = {OWNERS: step.record.person is not None, TEAMS_NOW: of_staff, WORKERS_LEFT: of_staff}
    return [view for view in routing(library) if asked[view]]


def _readers(library: Library, steps: Sequence[Step], owned: Sequence[str]) -> Counter[str]:
    """Return how many statements read each view: steps on it, sub-selects of rules, and other views."""
    readers: Counter[str] = Counter()
    readers.update(owned)
    for step in steps:
        readers[step.on] += 1
        for bound in step.rules:
            named = library.tables.tables_named(bound.where.tree) | library.tables.tables_named(bound.expect.tree)
            readers.update(named)
            for mark in bound.marks:
                readers.update(library.tables.tables_named(mark.pairs))
    needed: Collection[str] = set(readers)
    for view in library.tables.in_order(needed):
        readers.update(view.depends)
    return readers


def _columns_used(step: Step) -> set[str]:
    used = set(step.cells)
    for bound in step.rules:
        for tree in (bound.where.tree, bound.expect.tree):
            used |= {column.name for column in tree.find_all(exp.Column) if column.table == step.on}
    return used
