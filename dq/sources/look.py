"""Look at the files of a folder whose names and headings are not known yet: what `dq init --from` begins with."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import partial
from pathlib import Path

from dq.problems import refuse
from dq.sources.intake import Intake
from dq.sources.places import SUFFIXES, Offer, each_table, offers_at
from dq.sources.profiles import profile
from dq.sources.propose import ProposedTable, SeenTable
from dq.sources.table import Table, check_headings
from dq.sources.take import read_texts
from dq.workspace import Workspace, name

_SAMPLED = 1000
_FORMS = ("%d/%m/%Y", "%Y-%m-%d")
_MONTH_DONE = 25
"""A latest date before this day of its month means extracts drawn early in it, for the month before."""


def look(workspace: Workspace, place: Path) -> tuple[SeenTable, ...]:
    """Return every table of a folder or a database file, in order of the files' names.

    Raises ProblemsError where there is none, and for a file that cannot be read or has no headings.
    """
    with tempfile.TemporaryDirectory(prefix="plumbline-") as copies:
        intake = Intake(workspace, Path(copies))
        with offers_at(place, intake) as offers:
            seen = tuple(_seen(intake, offer, i) for i, offer in enumerate(each_table(offers)))
    if not seen:
        raise refuse("this folder holds no file of records.", place, instead=f"Looked for {', '.join(SUFFIXES)}.")
    return seen


def _seen(intake: Intake, offer: Offer, i: int) -> SeenTable:
    table = read_texts(intake, offer.open(None), keep := name(f"seen {i}"))
    check_headings(table)
    _check_headings(table)
    rows = intake.workspace.arrow(f"SELECT * FROM {keep} LIMIT {_SAMPLED}")
    samples = tuple(column.to_pylist() for column in rows.columns)
    intake.clear()
    return SeenTable(offer.file, offer.name, table.headings, samples, partial(_values, intake.workspace, keep))


def _check_headings(table: Table) -> None:
    """Refuse a first row that is a record: its values would be shown and stored as headings."""
    seen = profile(table.headings)
    if seen.dates > 0 or seen.numbers > 0:
        what = "the first row holds values, not headings."
        raise table.spot.refuse(what, table.line, "Put a row of headings above it.")


def _values(workspace: Workspace, relation: str, place: int) -> Set[str]:
    column = name(f"column {place}")
    found = workspace.execute(f"SELECT DISTINCT lower(trim({column})) FROM {relation} WHERE {column} IS NOT NULL")
    return frozenset(str(value) for (value,) in found.fetchall()) - {""}


def latest_month(proposals: Iterable[ProposedTable], entered: Set[str], today: dt.date) -> str | None:
    """Return the month, ``YYYY-MM``, that extracts seem to be for: by the latest day on which something was recorded.

    ``entered`` names the columns that say when. None where there is no such column.
    """
    days = [
        day
        for proposed in proposals
        for i, column in enumerate(proposed.columns)
        if column.column in entered
        for day in _days(sorted(proposed.table.values(i)))
        if day <= today
    ]
    if not days:
        return None
    last = max(days)
    month = last if last.day >= _MONTH_DONE else last.replace(day=1) - dt.timedelta(days=1)
    return f"{month:%Y-%m}"


def _days(values: Sequence[str]) -> Iterator[dt.date]:
    for value in values:
        for form in _FORMS:
            try:
                yield dt.datetime.strptime(value[:10], form).date()  # noqa: DTZ007 - a day, of no time zone
            except ValueError:
                continue
