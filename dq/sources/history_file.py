"""A file of figures as they were published, read: a row a figure; a scorecard.csv of an earlier run is one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from dq.contracts.forms import NUMBERS
from dq.model import Column, ColumnType, Contract, Number
from dq.periods import month_end, month_named
from dq.problems import Problem, nearest, refuse
from dq.sources.places import SUFFIXES
from dq.sources.small_file import days_written, lines_of, raise_some

_NEEDED = ("indicator_id", "period", "value")
_LABELS = {
    "indicator_id": "Indicator", "split": "Split", "scope_type": "Kind of scope", "scope_id": "Scope",
    "scope_name": "Name of the scope", "period_kind": "Kind of period", "period": "Month",
    "value": "Value as published", "numerator": "Numerator", "denominator": "Denominator",
}  # fmt: skip
_CONTRACT = Contract(
    title="Figures as they were published",
    one_row="one figure for one month and scope",
    key="indicator_id",
    columns={column: Column(type=ColumnType.TEXT, label=label, local=True) for column, label in _LABELS.items()},
    name="history",
)
_NUMBER = re.compile(NUMBERS[ColumnType.NUMBER])


@dataclass(frozen=True)
class PublishedRow:
    """One figure as it was published: of which month (its end), whose, and the value with so many decimals.

    Where no scope is named it is the authority's. ``line`` is its line, or its row, in the file.
    """

    path: Path
    line: int
    indicator: str
    split: str
    scope_type: str | None
    scope_id: str | None
    scope_name: str | None
    period_kind: str | None
    end: dt.date
    value: float
    decimals: int
    numerator: Number | None
    denominator: Number | None


def history_files(place: Path, asked_in: Path | None) -> tuple[Path, ...]:
    """Return a file that the project file ``asked_in`` names, or those of a folder. Raises ProblemsError for none."""
    if place.is_file():
        return (place,)
    if not place.is_dir():
        there = [one.name for one in place.parent.iterdir()] if place.parent.is_dir() else []
        raise refuse(f"there is no file {place}.", asked_in, instead=nearest(place.name, there))
    found = tuple(path for path in sorted(place.iterdir()) if path.suffix.lower() in SUFFIXES)
    if not found:
        raise refuse(f"the folder {place} holds no figures.", asked_in, instead=f"Looked for {', '.join(SUFFIXES)}.")
    return found


def read_history(path: Path) -> tuple[PublishedRow, ...]:
    """Return the figures of a file; a row without a value is of none.

    Raises ProblemsError where the file lacks a column, and for every month or number that is none.
    """
    rows: list[PublishedRow] = []
    faults: list[Problem] = []
    for line, cells in lines_of(path, _CONTRACT, _NEEDED, "figures"):
        if cells.get("value") is None:
            continue
        wrong = [Problem(what, path, line, instead) for what, instead in _faults(cells)]
        faults += wrong
        if not wrong:
            rows.append(_row(path, line, cells))
    raise_some(faults)
    return tuple(rows)


def _faults(cells: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a row, and what would be right."""
    if cells["indicator_id"] is None:
        yield "this figure has no 'indicator_id'.", "Give the id of an indicator: dq indicators list."
    if _month(cells["period"]) is None:
        yield f"'{cells['period'] or ''}' is no month.", "Write it as 2016-07, or as its last day, 31/07/2016."
    for column in ("value", "numerator", "denominator"):
        text = cells.get(column)
        if text is not None and not _NUMBER.fullmatch(text):
            yield f"'{column}' is '{text}', which is no number.", f"Write {_plainly(text)}."


def _plainly(text: str) -> str:
    """Return a number without the marks it may be printed with, or an example of one."""
    bare = re.sub(r"[%,\s£]", "", text)
    return f"'{bare}'" if _NUMBER.fullmatch(bare) else "it in figures, a percentage as 81.0; or leave the cell empty"


def _row(path: Path, line: int, cells: Mapping[str, str | None]) -> PublishedRow:
    end, value, indicator = _month(cells["period"]), cells["value"], cells["indicator_id"]
    assert end is not None and value is not None and indicator is not None  # noqa: S101, PT018 - no fault was found
    exponent = Decimal(value).as_tuple().exponent
    return PublishedRow(
        path=path,
        line=line,
        indicator=indicator,
        split=cells.get("split") or "all",
        scope_type=cells.get("scope_type"),
        scope_id=cells.get("scope_id"),
        scope_name=cells.get("scope_name"),
        period_kind=cells.get("period_kind"),
        end=end,
        value=float(value),
        decimals=max(0, -exponent) if isinstance(exponent, int) else 0,
        numerator=_quantity(cells.get("numerator")),
        denominator=_quantity(cells.get("denominator")),
    )


def _quantity(text: str | None) -> Number | None:
    if text is None:
        return None
    return int(float(text)) if float(text).is_integer() else float(text)


def _month(text: str | None) -> dt.date | None:
    """Return the month end that is meant: a month, or its last day in any form that a day may have."""
    if text is None:
        return None
    named = month_named(text)
    return (
        named
        if named is not None
        else next((day for day in days_written(text) if day == month_end(day.year, day.month)), None)
    )
