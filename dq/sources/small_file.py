"""A small table that people fill in, CSV or XLSX, read line by line as text: figures published before, answers."""

from __future__ import annotations

import datetime as dt
import difflib
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from dq.contracts.forms import MOMENTS
from dq.model import Contract
from dq.problems import Problem, ProblemsError, nearest, refuse
from dq.sources.cast import cleaned
from dq.sources.intake import Intake
from dq.sources.matching import Matched, plain_form
from dq.sources.places import offers_of
from dq.sources.table import Table, Wanted
from dq.sources.take import read_texts
from dq.workspace import Workspace, name, open_workspace

_SHOWN = 10
"""Faults that are told one by one."""
_TABLE = "small"


def raise_some(faults: list[Problem]) -> None:
    """Raise ProblemsError with the first faults and how many there are besides; nothing where there are none."""
    if len(faults) > _SHOWN:
        besides = Problem(f"there are {len(faults) - _SHOWN:,} faults besides.", faults[-1].path)
        raise ProblemsError([*faults[:_SHOWN], besides])
    if faults:
        raise ProblemsError(faults)


def lines_of(
    path: Path, contract: Contract, needed: Sequence[str], what: str
) -> Iterator[tuple[int, Mapping[str, str | None]]]:
    """Yield the line of each record, and column → cell; other columns than the contract's are left out.

    Raises ProblemsError for a file that is no table of ``what``, and for one that lacks a column that is ``needed``.
    """
    wanted = Wanted(contract)
    with open_workspace() as workspace, tempfile.TemporaryDirectory(prefix="plumbline-") as folder:
        intake = Intake(workspace, Path(folder))
        offers = offers_of(path, intake)
        if not offers:
            raise refuse(f"this file is no table of {what}.", path, instead="Save it as CSV or XLSX.")
        table = offers[0].open(wanted)
        matched = wanted.match(table)
        _check_columns(table, matched, needed)
        table = read_texts(intake, table, _TABLE)
        numbers = table.lines() if table.lines else range(table.line + 1, table.line + 1 + table.records)
        yield from zip(numbers, _cells(workspace, matched), strict=True)


def _check_columns(table: Table, matched: Matched, needed: Sequence[str]) -> None:
    for column in needed:
        if column not in matched.columns:
            raise table.spot.refuse(
                f"there is no column '{column}'.", table.line, nearest(column, matched.unknown) or "Add it."
            )
    for heading in matched.unknown:
        near = difflib.get_close_matches(plain_form(heading), [plain_form(name) for name in matched.missing], 1, 0.8)
        if near:
            meant = next(column for column in matched.missing if plain_form(column) == near[0])
            raise table.spot.refuse(f"the column '{heading}' is not known.", table.line, f"Did you mean '{meant}'?")


def _cells(workspace: Workspace, matched: Matched) -> Iterator[Mapping[str, str | None]]:
    columns = ", ".join(cleaned(name(f"column {place}")) for place in matched.columns.values())
    for row in workspace.execute(f"SELECT {columns} FROM {_TABLE} ORDER BY rowid").fetchall():
        yield dict(zip(matched.columns, row, strict=True))


def days_written(text: str) -> Iterable[dt.date]:
    """Yield the day that a text is in each form in which it is one."""
    for form in MOMENTS:
        try:
            yield dt.datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, of no time zone
        except ValueError:
            continue
