"""One recording fault: the cells it would change, and every (rule, record) that is then flagged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from dq.model import Severity
from dq.sample.defects.scene import Scene
from dq.sample.records import Record
from dq.sample.write import Cell

Flag = tuple[str, str]
"""(rule id, record key)."""


@dataclass(frozen=True)
class Defect:
    """A fault that could be put in. ``child`` is whose record carries it (or the worker): each carries one at most.

    ``beside`` names others (children, workers) whose records it rests on: none of them carries another, and nor do
    children whom it gives a record, or changes.
    """

    child: str
    flags: tuple[Flag, ...]
    cells: Mapping[Cell, str] = field(default_factory=dict)
    added: tuple[tuple[str, Record], ...] = ()
    dropped: tuple[tuple[str, str], ...] = ()
    beside: frozenset[str] = frozenset()

    @property
    def who(self) -> frozenset[str]:
        """Return everybody who carries no other fault when this one is put in."""
        changed = {key for extract, key, _ in self.cells if extract == "persons"}
        of_children = {record.person_id for _, record in self.added if hasattr(record, "person_id")}
        return self.beside | {self.child} | changed | of_children


def change(
    child: str,
    extract: str,
    key: str,
    rule: str,
    *,
    also: Iterable[Flag] = (),
    flagged: str | None = None,
    **cells: str,
) -> Defect:
    """Return a fault of one record: ``cells`` are column=text; ``flagged`` is the key flagged, if not the record's."""
    written = {(extract, key, column): text for column, text in cells.items()}
    return Defect(child, ((rule, flagged or key), *also), written)


@dataclass(frozen=True)
class Fault:
    """A kind of fault, named by the rule that finds it.

    ``usual`` is how common it is against the rate asked for; ``most`` caps faults that are rare however large
    the authority. ``of_team`` says that it shows in what a team, or the whole authority, recorded together;
    ``of_many`` that it takes many children at once, so that it is put in before the others.
    """

    rule: str
    severity: Severity
    carriers: Callable[[Scene, str], Iterable[Defect]]
    usual: float = 1.0
    most: int | None = None
    of_team: bool = False
    of_many: bool = False
