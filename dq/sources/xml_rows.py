"""The elements of an XML return, one after the other → rows of the tables that its layout names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from dq.model import DocumentLayout
from dq.sources.xml_plan import ANY, Node, plan_of

DEEPEST = 64
"""Levels of elements; the returns have seven."""
LONGEST_TEXT = 1_000_000
"""Letters of one text."""
_BATCH = 2_000
"""Rows that are held as Python's before they are packed; few, as the garbage collector goes over them all."""
_MOST_UNKNOWN = 100
"""Names of elements that a layout does not know, which are told; a whole return of another kind has no more."""
_LONGEST_NAME = 80


class BoundError(Exception):
    """The file goes beyond what any return does; says how."""


@dataclass(frozen=True)
class Rows:
    """The rows of one table, as columns of text ``column 0``, …, and the elements in them that have no column."""

    cells: pa.Table
    unknown: tuple[str, ...]


class RowsReader:
    """What is done at each element: rows begin and end, cells are filled, values passed on.

    ``take_text`` takes the pieces of the text of the element that is open.
    """

    def __init__(self, layout: DocumentLayout) -> None:
        self._layout = layout
        self._around: list[Node] = []
        self._beneath = Node((ANY,))  # whatever lies within an element that is not known
        self._beneath.children[ANY] = self._beneath
        self._texts: list[str] = []
        self.take_text = self._texts.append
        tables = range(len(layout.tables))
        self._open: list[list[str | None]] = [[] for _ in tables]
        self._present = [False for _ in tables]
        self._rows: list[list[list[str | None]]] = [[] for _ in tables]
        self._packed: list[list[pa.Table]] = [[] for _ in tables]
        self._held = 0
        self._unknown: dict[tuple[str, str], None] = {}

    def handlers(self) -> tuple[Callable[[str, Mapping[str, str]], None], Callable[[str], None]]:
        """Return what is to be done where an element within the root begins, and where one ends.

        Both raise BoundError. They are called for every element of the return: all they need is at hand, and what
        is seldom needed is elsewhere.
        """
        node = plan_of(self._layout)
        enter, leave, texts, forget = self._around.append, self._around.pop, self._texts, self._texts.clear
        begin, finish, other = self._begin, self._finish, self._other
        rows, whole_text = self._open, self.whole_text
        begin(node)
        enter(node)

        def start(name: str, _: Mapping[str, str]) -> None:
            nonlocal node
            enter(node)
            node = node.children.get(name) or other(node, name)
            if texts:
                forget()
            if node.begins:
                begin(node)

        def end(_: str) -> None:
            nonlocal node
            cell = node.only_cell
            if cell is not None and rows[cell[0]][cell[1]] is None:
                if texts:
                    short = len(texts) == 1 and len(texts[0]) <= LONGEST_TEXT
                    rows[cell[0]][cell[1]] = texts[0] if short else whole_text()
            elif node.ends:
                finish(node)
            if texts:
                forget()
            node = leave()

        return start, end

    def whole_text(self) -> str:
        """Return the text, so far, of the element that is open. Raises BoundError where it is too long."""
        if sum(map(len, self._texts)) > LONGEST_TEXT:
            raise BoundError(f"a text of more than {LONGEST_TEXT:,} letters stands here.")
        return "".join(self._texts)

    def tables(self) -> dict[str, Rows]:
        """Return the tables by name, once the file is at its end."""
        self._pack()
        read = {}
        for number, (name, rows) in enumerate(self._layout.tables.items()):
            cells = pa.concat_tables([*self._packed[number], _arrow([], len(rows.headings))])
            read[name] = Rows(cells, tuple(element for table, element in self._unknown if table == name))
        return read

    def _begin(self, node: Node) -> None:
        node.number += 1
        for opening in node.opens:
            row: list[str | None] = [None] * opening.width
            for column, numbered in opening.numbers:
                row[column] = str(numbered.number)
            self._open[opening.table] = row
            self._present[opening.table] = False
        for table in node.presence:
            self._present[table] = True
        for counted in node.counted:
            counted.number = 0
        if node.shares:
            self._held += 1
            node.values[:] = [None] * len(node.shares)
            node.starts[:] = [len(rows) for rows in self._rows]

    def _finish(self, node: Node) -> None:
        text = self.whole_text() or None
        for cell in node.cells:
            row = self._open[cell.table]
            before = row[cell.column]
            if before is None:
                row[cell.column] = text
            elif cell.joined:
                row[cell.column] = before if text is None else f"{before}, {text}"
            else:
                self._not_taken(node, f"{node.path[-1]}, a second one")
        for around, slot in node.gives:
            around.values[slot] = around.values[slot] or text
        for opening in node.opens:
            if self._present[opening.table] or not opening.only_with:
                self._rows[opening.table].append(self._open[opening.table])
        if node.shares:
            self._pass_on(node)

    def _pass_on(self, node: Node) -> None:
        """Give the rows within an element the values they share, and pack them if no other may still come."""
        for shared, value in zip(node.shares, node.values, strict=True):
            for table, column in shared.cells:
                for row in self._rows[table][node.starts[table] :]:
                    row[column] = value
        self._held -= 1
        if not self._held and sum(map(len, self._rows)) > _BATCH:
            self._pack()

    def _pack(self) -> None:
        for number, rows in enumerate(self._rows):
            if rows:
                self._packed[number].append(_arrow(rows, len(rows[0])))
                rows.clear()

    def _other(self, around: Node, name: str) -> Node:
        """Return what stands for an element that the layout does not name so: any, one with a prefix, or nothing."""
        if len(self._around) > DEEPEST:
            raise BoundError(f"elements lie more than {DEEPEST} deep here; those of a return do not.")
        plain = name.rpartition(":")[2]
        node = around.children.get(plain) or around.children.get(ANY)
        if node is not None:
            return node
        self._not_taken(around, plain)
        return self._beneath

    def _not_taken(self, around: Node, name: str) -> None:
        """Note, for the table in whose row it lies, an element whose text has no column."""
        if len(self._unknown) < _MOST_UNKNOWN:
            self._unknown[self._table_around(around), name[:_LONGEST_NAME]] = None

    def _table_around(self, node: Node) -> str:
        def fit(name: str) -> tuple[int, bool]:
            rows = self._layout.tables[name]
            steps = rows.rows.split("/")
            within = len(steps) if node.path[: len(steps)] == tuple(steps) else 0
            rest = "/".join(node.path[len(steps) :])
            return within, any(isinstance(at, str) and at.startswith(f"{rest}/") for at in rows.columns.values())

        return max(self._layout.tables, key=fit)


def _arrow(rows: list[list[str | None]], width: int) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ([] for _ in range(width))
    return pa.table({f"column {i}": pa.array(column, pa.string()) for i, column in enumerate(columns)})
