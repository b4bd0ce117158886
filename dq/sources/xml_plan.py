"""A layout of an XML return → a tree of the elements it names, which says at each what is to be done.

The tree is walked once, element by element, as the file is read (:mod:`dq.sources.xml_rows`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from dq.model import DocumentLayout, Gathered, RowsOfElement
from dq.problems import ProblemsError, refuse

ANY = "*"
"""An element of any name."""
_Path = tuple[str, ...]


@dataclass(frozen=True)
class Opening:
    """A row of a table begins at an element: how wide it is, and which of its columns number which elements."""

    table: int
    width: int
    numbers: tuple[tuple[int, Node], ...]
    only_with: bool


@dataclass(frozen=True)
class Cell:
    """The text of an element is a cell of the row that is open; with ``joined``, one text of several in it."""

    table: int
    column: int
    joined: bool


@dataclass(frozen=True)
class Shared:
    """A value that rows within an element have of another part of it: which cells (table, column) it fills."""

    cells: list[tuple[int, int]] = field(default_factory=list)


@dataclass(eq=False)
class Node:
    """An element that the layout names, or that lies on the way to one.

    ``gives`` are the shared values, of elements around it, that its text is; ``presence`` the tables whose rows ask for
    it. While a file is read, ``number`` is that of the element among its like in the one around it; ``values`` hold
    what ``shares`` are, and ``starts`` how many rows each table had when the element began.
    """

    path: _Path
    children: dict[str, Node] = field(default_factory=dict)
    opens: list[Opening] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    gives: list[tuple[Node, int]] = field(default_factory=list)
    shares: list[Shared] = field(default_factory=list)
    presence: list[int] = field(default_factory=list)
    counted: list[Node] = field(default_factory=list)
    is_numbered: bool = False
    number: int = 0
    values: list[str | None] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    @cached_property
    def begins(self) -> bool:
        """Whether anything is to be done where it begins."""
        return bool(self.opens or self.shares or self.counted or self.presence or self.is_numbered)

    @cached_property
    def only_cell(self) -> tuple[int, int] | None:
        """The cell (table, column) that its text is, where that is all that is to be done at its end, as is usual."""
        more = self.gives or self.opens or self.shares or len(self.cells) != 1
        return None if more or self.cells[0].joined else (self.cells[0].table, self.cells[0].column)

    @cached_property
    def ends(self) -> bool:
        """Whether anything is to be done where it ends."""
        return bool(self.cells or self.gives or self.opens or self.shares)


def plan_of(layout: DocumentLayout) -> Node:
    """Return the tree of a layout, from the root element. Raises ProblemsError for paths that cannot be meant."""
    root = Node(())
    for number, (table, rows) in enumerate(layout.tables.items()):
        _Planned(root, layout, table, number, rows).add()
    return root


@dataclass(frozen=True)
class _Planned:
    """The rows of one table, as they are added to the tree."""

    root: Node
    layout: DocumentLayout
    table: str
    number: int
    rows: RowsOfElement

    def add(self) -> None:
        base = self._path((), self.rows.rows)
        numbers: list[tuple[int, Node]] = []
        for column, heading in enumerate(self.rows.headings):
            said = self.rows.columns.get(heading, heading)
            if isinstance(said, Gathered) and said.number is not None:
                numbers.append((column, self._numbered(self._path(base, said.number))))
            elif isinstance(said, Gathered):
                self._within(base, self._path(base, said.all_ or ""), Cell(self.number, column, joined=True))
            else:
                self._cell(base, self._path(base, said), column)
        asked = self.rows.only_with
        if asked is not None:
            self._reach(self._path(base, asked)).presence.append(self.number)
        opening = Opening(self.number, len(self.rows.headings), tuple(numbers), asked is not None)
        self._reach(base).opens.append(opening)

    def _cell(self, base: _Path, path: _Path, column: int) -> None:
        if path[: len(base)] == base:
            self._within(base, path, Cell(self.number, column, joined=False))
        else:
            self._share(base, path, (self.number, column))

    def _within(self, base: _Path, path: _Path, cell: Cell) -> None:
        if path[: len(base)] != base:
            raise self._refuse(f"{'/'.join(path)} is not within the row.")
        self._reach(path).cells.append(cell)

    def _share(self, base: _Path, path: _Path, cell: tuple[int, int]) -> None:
        """Let the innermost element around a row and a value pass the value on to the row."""
        depth = 0
        while depth < min(len(base), len(path)) and base[depth] == path[depth]:
            depth += 1
        around, giver = self._reach(path[:depth]), self._reach(path)
        slot = next((slot for node, slot in giver.gives if node is around), None)
        if slot is None:
            slot = len(around.shares)
            around.shares.append(Shared())
            around.values.append(None)
            giver.gives.append((around, slot))
        around.shares[slot].cells.append(cell)

    def _numbered(self, path: _Path) -> Node:
        if not path:
            raise self._refuse("there is but one root to number.")
        node, around = self._reach(path), self._reach(path[:-1])
        if node not in around.counted:
            around.counted.append(node)
            node.is_numbered = True
        return node

    def _path(self, base: _Path, said: str) -> _Path:
        """Return the path from the root that a path from ``base`` means."""
        at = list(base)
        for step in said.split("/"):
            if step == "..":
                if not at:
                    raise self._refuse(f"'{said}' leads out of the return.")
                at.pop()
            elif not step:
                raise self._refuse(f"'{said}' is no path.")
            elif step != ".":
                at.append(step)
        return tuple(at)

    def _reach(self, path: _Path) -> Node:
        node = self.root
        for step in path:
            node = node.children.setdefault(step, Node((*node.path, step)))
        return node

    def _refuse(self, what: str) -> ProblemsError:
        return refuse(f"tables, {self.table}: {what}", self.layout.path)
