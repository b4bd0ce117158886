"""XML returns: read once, element by element, into the tables that their layout names.

A file is refused that declares a document type (and with it any entity, or anything outside the file), that has more
levels or longer texts than any return, or is larger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from xml.parsers import expat

from dq.model import DocumentLayout
from dq.problems import ProblemsError, refuse
from dq.sources.intake import Digest, Intake
from dq.sources.kinds import MARKUP, kind_of
from dq.sources.table import Spot, Table
from dq.sources.xml_rows import BoundError, Rows, RowsReader

LARGEST = 2 << 30
"""Bytes of a return; that of an authority with 20,000 children is a thirtieth of it."""
_PIECE = 1 << 20
_EXPORT = "Export the return again from the case-management system."


class Document:
    """An XML return, which is read when its first table is asked for."""

    def __init__(self, path: Path, layouts: Sequence[DocumentLayout], intake: Intake) -> None:
        self._path, self._intake = path, intake
        self._layouts = {layout.root: layout for layout in layouts}

    @property
    def tables(self) -> list[str]:
        """The tables that it may hold, by any of its layouts."""
        return list(dict.fromkeys(table for layout in self._layouts.values() for table in layout.tables))

    def open(self, name: str) -> Table:
        """Return one of its tables. Raises ProblemsError where the file is no such return, or not well formed."""
        layout, rows = self._read
        if name not in rows:
            what = f"a return whose root is '{layout.root}' has no table {name}."
            raise refuse(what, self._path, instead=f"It has {', '.join(rows)}.")
        cells = rows[name].cells
        return Table(
            Spot(self._path, name),
            layout.tables[name].headings,
            self._intake.register(cells),
            cells.num_rows,
            digest=self._digest,
            unknown=rows[name].unknown,
            blanks_count=True,
        )

    @cached_property
    def _digest(self) -> Digest:
        return Digest(self._path)

    @cached_property
    def _read(self) -> tuple[DocumentLayout, Mapping[str, Rows]]:
        kind = kind_of(self._path)
        if kind is not None and kind not in MARKUP:
            raise refuse(f"this file is {kind}, whatever its name says.", self._path, instead=_EXPORT)
        size = self._path.stat().st_size
        if size > LARGEST:
            what = f"this file is {size / (1 << 30):.1f} GiB large; no return is larger than {LARGEST >> 30} GiB."
            raise refuse(what, self._path, instead=_EXPORT)
        return _Reading(self._path, self._layouts).whole()


class _Reading:
    """One reading of a file, from its first byte to its last."""

    def __init__(self, path: Path, layouts: Mapping[str, DocumentLayout]) -> None:
        self._path, self._layouts = path, layouts
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._root
        self._begun: tuple[DocumentLayout, RowsReader] | None = None

    def whole(self) -> tuple[DocumentLayout, Mapping[str, Rows]]:
        """Return the layout that the file is in, and its tables by name."""
        with self._path.open("rb") as file:
            try:
                while piece := file.read(_PIECE):
                    self._parser.Parse(piece, False)
                    if self._begun is not None:
                        self._begun[1].whole_text()  # which is refused before it fills the machine
                self._parser.Parse(b"", True)
            except expat.ExpatError as error:
                raise self._refuse(f"this is not well-formed XML: {expat.errors.messages[error.code]}.") from None
            except LookupError:
                raise self._refuse("the encoding that this file declares is not known.") from None
            except BoundError as error:
                raise self._refuse(str(error)) from None
        if self._begun is None:
            raise self._refuse("this file holds no return.")
        layout, reader = self._begun
        return layout, reader.tables()

    def _root(self, name: str, _: Mapping[str, str]) -> None:
        layout = self._layouts.get(name.rpartition(":")[2])
        if layout is None:
            roots = " or ".join(f"'{root}'" for root in self._layouts)
            raise self._refuse("this is an XML document of another kind.", f"The root element should be {roots}.")
        reader = RowsReader(layout)
        self._begun = layout, reader
        self._parser.StartElementHandler, self._parser.EndElementHandler = reader.handlers()
        self._parser.CharacterDataHandler = reader.take_text

    def _doctype(self, *_: object) -> None:
        raise self._refuse("this file declares a document type, and with it what it likes; a return declares none.")

    def _refuse(self, what: str, instead: str = _EXPORT) -> ProblemsError:
        return refuse(what, self._path, self._parser.CurrentLineNumber, instead)
