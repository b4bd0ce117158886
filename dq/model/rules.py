"""Rules as they are declared, with their examples."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from dq.model.declared import Declared


def _rows(given: Any) -> Any:
    """Return the rows of an example with their columns in small letters; what is no row is left to be refused."""
    if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
        return given
    return [{str(column).lower(): value for column, value in row.items()} for row in given]


def _message(message: str) -> str:
    return re.sub(r"\{[^{}]*\}", lambda column: column.group().lower(), message)


Name = Annotated[str, AfterValidator(str.lower)]
"""The name of a column: as in SQL, capitals make no difference. Those of national returns are written in capitals."""

Rows = Annotated[list[dict[str, Any]], BeforeValidator(_rows, json_schema_input_type=list[dict[str, Any]])]


class Severity(StrEnum):
    """How sure a rule is: the record is wrong, or may be right, or is only worth knowing."""

    ERROR = "error"
    QUERY = "query"
    INFORMATION = "information"


class Dimension(StrEnum):
    """The Government Data Quality Hub's six dimensions."""

    COMPLETENESS = "completeness"
    UNIQUENESS = "uniqueness"
    CONSISTENCY = "consistency"
    TIMELINESS = "timeliness"
    VALIDITY = "validity"
    ACCURACY = "accuracy"


class Example(Declared):
    """Records, and what a rule says of them. ``given`` maps extract → rows; dates are written as text.

    ``flags`` are the keys of flagged records, ``marks`` those of the records marked with them: extract → keys.
    """

    name: str
    given: dict[str, Rows]
    period: dt.date = dt.date(2017, 5, 31)
    flags: list[str] = []
    marks: dict[str, list[str]] = {}
    in_scope: int | None = None


class Mark(Declared):
    """Cells of other records that the fault of a flagged record lies in as well.

    ``table`` is an extract. ``where`` is over one row of it and the row that was flagged; each row of it for which
    that is true is marked in its ``fields``. Where the flagged row is of the same extract, the other goes by the name
    given with ``as``.
    """

    table: str
    where: str
    fields: list[Name] = Field(min_length=1)
    name: str | None = Field(default=None, alias="as")


class RuleStatus(StrEnum):
    """Where a rule is in its life. Only active rules are counted."""

    DRAFT = "draft"
    SHADOW = "shadow"
    ACTIVE = "active"
    RETIRED = "retired"


class Rule(Declared):
    """What each record must satisfy.

    A row of ``on`` is in scope when ``where`` is true, and flagged when it is in scope and ``expect`` is false.
    Null is neither. ``fields`` are the columns in question; with none, what is at fault is a record that is not there,
    and no figure is put in doubt by what is. Putting the record right may change more: ``besides`` are columns of the
    child's other records (``extract.column``), ``missing`` are extracts of which a record is to come, and one that is
    ``extra`` may itself be one too many. ``marks`` say which cells of other records are doubtful with them.
    ``without`` names extracts, and columns (``extract.column``), that need not be there: the rule reads them as
    holding nothing. A query of a national return is sent with a ``note`` of why the record is right as it stands: the
    words to begin from, with columns as in ``message``. ``edition`` is that of the code list which a condition spells
    out. ``stage``
    is that of the rules of a national return: at the second the return is whole, with that of last year beside it.
    """

    title: str
    severity: Severity
    dimension: Dimension
    on: str
    expect: str
    where: str = "true"
    fields: list[Name]
    besides: list[str] = []
    missing: list[Name] = []
    extra: bool = False
    marks: list[Mark] = []
    message: Annotated[str, AfterValidator(_message)]
    note: Annotated[str, AfterValidator(_message)] | None = None
    owner: Literal["team_now", "team_at_event"] = "team_now"
    without: list[str] = []
    stage: Literal[1, 2] | None = None
    edition: str | None = None
    why: str
    fix: str
    source: str | None = None
    status: RuleStatus = RuleStatus.ACTIVE
    since: dt.date | None = Field(default=None, alias="from")
    until: dt.date | None = None
    examples: list[Example] = []
    id: str = ""
    topic: str = ""
    path: Path | None = None

    @model_validator(mode="after")
    def _of_a_query(self) -> Rule:
        if self.note is not None and self.severity is not Severity.QUERY:
            raise ValueError("'note' goes with severity 'query', and only with it: an error is put right")
        return self

    @property
    def may_change_besides(self) -> list[str]:
        """What putting a record right may change beyond the fields in question, in words."""
        come = [f"a record of {extract} that is missing" for extract in self.missing]
        return [*self.besides, *come, *(["whether there is such a record at all"] if self.extra else [])]

    def note_or(self, default: str | None) -> str | None:
        """Return the words of its note, else the ``default`` with its message in them; None if it is no query."""
        if self.severity is not Severity.QUERY:
            return None
        return self.note or (None if default is None else default.replace("{message}", self.message))


class Notes(Declared):
    """The note of a query whose rule has none: words in which ``{message}`` stands for the rule's message."""

    default: str
