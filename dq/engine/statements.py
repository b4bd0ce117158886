"""A statement of a check: its syntax tree, made only where it is asked for, and its SQL, which is kept once written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from sqlglot import exp

from dq.language.expression import DIALECT
from dq.library.texts import Texts


@dataclass(frozen=True)
class Statement:
    """One SELECT. ``name`` says all that its tree depends on but the policy; ``texts`` are those of the policy."""

    name: str
    make: Callable[[], exp.Query]
    texts: Texts

    @cached_property
    def tree(self) -> exp.Query:
        """Its syntax tree."""
        return self.make()

    @property
    def sql(self) -> str:
        """Its SQL in DuckDB's dialect."""
        return self.texts.of(self.name, lambda: self.tree.sql(DIALECT, comments=False))


def named(what: str, on: str, *parts: object) -> str:
    """Return a name that says, besides what a statement does and to which table, all the rest in a few letters."""
    return f"{what} {on} {hashlib.sha256(repr(parts).encode()).hexdigest()[:20]}"
