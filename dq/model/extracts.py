"""Extracts as they are declared: columns, contracts, code lists and limits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, Strict, model_validator

from dq.model.declared import Declared


class ColumnType(StrEnum):
    """What a column of an extract holds. ``code`` is text from a code list."""

    TEXT = "text"
    CODE = "code"
    DATE = "date"
    DATETIME = "datetime"
    INTEGER = "integer"
    NUMBER = "number"

    @property
    def sql(self) -> str:
        """The type of such a column in the workspace, in DuckDB's words."""
        return {"date": "DATE", "datetime": "TIMESTAMP", "integer": "BIGINT", "number": "DOUBLE"}.get(self, "VARCHAR")


class Reading(StrEnum):
    """How the cells of an extract are read.

    ``tidied``: without spaces at their ends, and days in any usual form. Returns to the Department for Education are
    read as it reads them, with nothing trimmed: ``capitals`` puts all text in capitals and takes for a day
    31/08/2016 alone, ``as_sent`` leaves text as it is and takes for one 2016-08-31 alone.
    """

    TIDIED = "tidied"
    CAPITALS = "capitals"
    AS_SENT = "as_sent"


class Column(Declared):
    """One column of a contract. ``source`` is the national field it comes from; ``local`` says there is none.

    ``dated_by`` names the column whose day decides which codes of a dated list can be used: by default the event's.
    An ``optional`` column is one that many systems do not hold: an extract without it is whole. One that is
    ``worked_out`` is given by a view where it has not come. ``postcode`` says that it holds postcodes. ``checked_by``
    names the rule that says whether its cells can be read.
    """

    type: ColumnType
    label: str
    required: bool = False
    optional: bool = False
    worked_out: bool = False
    postcode: bool = False
    checked_by: str | None = None
    codes: str | None = None
    dated_by: str | None = None
    references: str | None = None
    not_future: bool = False
    not_before: dt.date | None = None
    at_least: float | None = None
    at_most: float | None = None
    local: bool = False
    source: str | None = Field(default=None, alias="from")

    @model_validator(mode="after")
    def _consistent(self) -> Column:
        if (self.type is ColumnType.CODE) != (self.codes is not None):
            raise ValueError("'codes' goes with type 'code', and only with it")
        if self.dated_by is not None and self.codes is None:
            raise ValueError("'dated_by' goes with 'codes', and only with it")
        if self.local == (self.source is not None):
            raise ValueError("a column says either 'from' (the national field) or 'local: true'")
        if self.required and self.optional:
            raise ValueError("a column says 'required' or 'optional', and not both")
        return self


class Contract(Declared):
    """What one extract must look like: its columns, its key, and which columns say who, where and when.

    Where its records have no key of their own, one is worked out as they are read: ``key`` names it, and ``key_of``
    the columns that it is made of, the first of which must be there. It is the same from extract to extract; records
    that agree in all of those columns are numbered by what else they hold. Cells are read as ``reading`` says.
    ``with_last_year``: last year's may stand beside it, as an extract of its own that is called ``<extract>_last``.
    ``apart``: it is no table of the return, but says who holds the cases of its children; it is read from the project's
    ``casework`` where that is named.
    """

    title: str
    one_row: str
    key: str
    columns: dict[str, Column]
    key_of: list[str] = []
    reading: Reading = Reading.TIDIED
    with_last_year: bool = False
    apart: bool = False
    source_table: str | None = None
    person: str | None = None
    team: str | None = None
    worker: str | None = None
    event: str | None = None
    entered: str | None = None
    name: str = ""
    path: Path | None = None

    @property
    def last_year(self) -> Contract:
        """The contract of last year's."""
        known = None if self.source_table is None else f"{self.source_table}_last"
        changed = {"name": f"{self.name}_last", "title": f"{self.title}, last year", "source_table": known}
        return self.model_copy(update={**changed, "with_last_year": False})

    @property
    def all_columns(self) -> tuple[str, ...]:
        """Its columns as SQL may name them: with the key, where that is worked out."""
        return (self.key, *self.columns) if self.key_of else tuple(self.columns)

    @property
    def told_by(self) -> str:
        """The column without which a table holds no records of this extract."""
        return self.key_of[0] if self.key_of else self.key

    @property
    def postcodes(self) -> tuple[str, ...]:
        """The columns that hold postcodes."""
        return tuple(name for name, column in self.columns.items() if column.postcode or name == "postcode")

    def lacking(self, absent: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return, of columns that are not there, those an extract should have and those it need not, in order."""
        columns = [name for name, column in self.columns.items() if name in absent and not column.worked_out]
        return (
            tuple(column for column in columns if not self.columns[column].optional),
            tuple(column for column in columns if self.columns[column].optional),
        )


class Code(Declared):
    """One code of a list: what it means, and the first and last day on which it can be used, where it came or went."""

    label: str
    since: dt.date | None = Field(default=None, alias="from")
    until: dt.date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Code:
        if self.since is not None and self.until is not None and self.until < self.since:
            raise ValueError("'until' is before 'from'")
        return self


def _as_code(value: Any) -> Any:
    """Return what a code means, where that is all that is said of it, as a Code would say it."""
    return {"label": value} if isinstance(value, str) else value


class CodeList(Declared):
    """A list of codes with its edition: code → label, or label with the days from and until which it can be used."""

    title: str
    edition: str
    source: str
    codes: dict[str, Annotated[Code, BeforeValidator(_as_code, json_schema_input_type=str | Code)]]


class Threshold(Declared):
    """A number that rules, views and indicators name as ``:parameter`` and an authority may override."""

    value: Annotated[float, Strict()]
    unit: str
    title: str
    source: str
