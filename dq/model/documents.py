"""How an XML return is laid out: which of its elements are the rows of which extract."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, model_validator

from dq.model.declared import Declared


class Gathered(Declared):
    """A column that is worked out: the number of an element among its like, or all texts of several.

    ``number`` is a path to the row's own element (``.``) or to one that it lies in (``..``); the column is 1 for the
    first such element in the one around it, 2 for the next. ``all`` is a path to elements within the row, whose texts
    are joined by a comma and a space.
    """

    number: str | None = None
    all_: str | None = Field(default=None, alias="all")

    @model_validator(mode="after")
    def _one_of_them(self) -> Gathered:
        if (self.number is None) == (self.all_ is None):
            raise ValueError("a column says either 'number' or 'all'")
        if self.number is not None and set(self.number.split("/")) - {"..", "."}:
            raise ValueError("'number' is '.' or leads outwards: '..', '../..'")
        return self


class RowsOfElement(Declared):
    """The rows of one extract: one for each element at ``rows``, a path from the root without the root.

    ``named`` are the columns that are called as the element they stand in; ``columns`` says where others are, by a path
    from the row's element: ``Source/LEA``, ``../../ChildIdentifiers/LAchildID``, ``.`` for its own text. ``*`` is an
    element of any name. An element without one called ``only_with`` in it is no row.
    """

    rows: str
    named: list[str] = []
    columns: dict[str, str | Gathered] = {}
    only_with: str | None = None

    @property
    def headings(self) -> tuple[str, ...]:
        """The columns there are, in order."""
        return (*self.named, *self.columns)


class DocumentLayout(Declared):
    """An XML return: the name of its root element, and extract → its rows."""

    title: str
    source: str
    root: str
    tables: dict[str, RowsOfElement]
    id: str = ""
    path: Path | None = None
