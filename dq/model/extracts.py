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


class Column(Declared):
    """One column of a contract. ``source`` is the national field it comes from; ``local`` says there is none.

    ``dated_by`` names the column whose day decides which codes of a dated list can be used: by default the event's.
    An ``optional`` column is one that many systems do not hold: an extract without it is whole.
    """

    type: ColumnType
    label: str
    required: bool = False
    optional: bool = False
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
    """What one extract must look like: its columns, its key, and which columns say who, where and when."""

    title: str
    one_row: str
    key: str
    columns: dict[str, Column]
    source_table: str | None = None
    person: str | None = None
    team: str | None = None
    worker: str | None = None
    event: str | None = None
    entered: str | None = None
    name: str = ""
    path: Path | None = None

    def lacking(self, absent: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return, of columns that are not there, those an extract should have and those it need not, in order."""
        columns = [column for column in self.columns if column in absent]
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
