"""A fingerprint of what a rule means: the same whatever its wording and layout, another if it tests otherwise.

It covers the conditions, the table and the views beneath it, the limits and code lists they name, the kinds of the
columns they read, whose record it is, and when and how the rule is counted. Titles, reasons, messages and examples
are words about a rule, and change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from dq.language.bind import Bound, Tables, canonical, fingerprint
from dq.language.expression import parameters
from dq.library.policy import BoundMark
from dq.model import Contract, Rule

if TYPE_CHECKING:
    from sqlglot import exp


class Fingerprints:
    """What rules stand on, put in one form once for all of them."""

    def __init__(self, tables: Tables, contracts: Mapping[str, Contract], limits: Mapping[str, float]) -> None:
        self._tables = tables
        self._contracts = contracts
        self._limits = limits
        self._views: dict[str, str] = {}

    def of(self, rule: Rule, where: Bound, expect: Bound, marks: Sequence[BoundMark] = ()) -> str:
        """Return the fingerprint of one rule, 16 hexadecimal digits.

        Marks are part of it, as fields and what is open besides are: they say where the fault lies.
        """
        settings = (
            rule.severity, rule.dimension, rule.on, rule.owner, ",".join(sorted(rule.fields)), rule.status,
            rule.since or "", rule.until or "",
        )  # fmt: skip
        named = {rule.on} | self._tables.tables_named(where.tree) | self._tables.tables_named(expect.tree)
        named |= {table for mark in marks for table in self._tables.tables_named(mark.pairs)}
        views = self._tables.in_order(sorted(named))
        trees = [where.tree, expect.tree, *(mark.pairs for mark in marks), *(view.tree for view in views)]
        return fingerprint(
            [
                *(str(setting) for setting in settings),
                canonical(where.tree),
                canonical(expect.tree),
                *(self._view(view.name) for view in sorted(views, key=lambda view: view.name)),
                *self._limits_of(trees),
                *self._columns_of(where.reads | expect.reads),
                *self._record_of(rule.on),
                *(f"without {extract}" for extract in sorted(rule.without)),
                *(f"besides {read}" for read in sorted(rule.besides)),
                *(f"missing {extract}" for extract in sorted(rule.missing)),
                *(["extra"] if rule.extra else []),
                *(f"{','.join(sorted(mark.mark.fields))} of {canonical(mark.pairs)}" for mark in marks),
            ]
        )

    def _view(self, name: str) -> str:
        if name not in self._views:
            view = self._tables.views[name]
            self._views[name] = f"{name}|{view.key}|{view.of}|{canonical(view.tree)}"
        return self._views[name]

    def _limits_of(self, trees: Iterable[exp.Expr]) -> list[str]:
        named = {name for tree in trees for name in parameters(tree)} & set(self._limits)
        return [f"{name}={self._limits[name]!r}" for name in sorted(named)]

    def _columns_of(self, reads: Iterable[tuple[str, str]]) -> Iterator[str]:
        for extract, column in sorted(reads):
            known = self._contracts[extract].columns.get(column)
            if known is not None:
                yield f"{extract}.{column} {known.type}"

    def _record_of(self, on: str) -> list[str]:
        """Return which columns say what record is at fault, whose it is, and when it was."""
        view = self._tables.views.get(on)
        contract = self._contracts.get(on if view is None else view.of or "")
        roles = ("key", "person", "team", "worker", "event", "entered")
        return [] if contract is None else [f"{role}={getattr(contract, role)}" for role in roles]
