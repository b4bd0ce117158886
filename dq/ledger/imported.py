"""Figures that were published before this tool, as figures of the ledger: an entry for each month of a file."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from dq.ledger.chain import Row as Said
from dq.ledger.entries import LATEST, append, content_of
from dq.ledger.tables import ENTRY, FIGURE, RUN

IMPORT = "import"
"""The kind of an entry with the figures of a month that another program, or a person, published."""
_Key = tuple[dt.date, str, str, str]
LINE = "as imported"
"""Stands for the line of the scorecard, which is not known."""


@dataclass(frozen=True)
class PublishedFigure:
    """A figure as it was published: for the month that ends at ``end``, and by which entry that is known."""

    entry: int
    end: dt.date
    scope_type: str
    scope_id: str
    measure: str
    value: float
    numerator: float | None
    denominator: float | None


def enter_published(
    connection: Connection, authority: str, dataset: str, found: Iterable[PublishedFigure], said: Mapping[str, str]
) -> int:
    """Add figures of before, an entry a month; those known as they are already are left out. Returns how many are new.

    ``said`` is what the file was: its name and hash. The connection must be writing.
    """
    known = {_key(one): one.value for one in _imported(connection, authority, dataset, LATEST)}
    months: dict[dt.date, list[PublishedFigure]] = defaultdict(list)
    for one in found:
        if known.get(_key(one)) != one.value:
            months[one.end].append(one)
    for end, figures in sorted(months.items()):
        content = {"authority": authority, "dataset": dataset, "period_end": end.isoformat(), **said}
        append(connection, IMPORT, content, {FIGURE: [_row(one) for one in figures]})
    return sum(len(figures) for figures in months.values())


def published_figures(
    connection: Connection, authority: str, dataset: str, period: dt.date, until: int = LATEST
) -> list[PublishedFigure]:
    """Return what was published of months before one, the last word of each: of the ledger's runs, else imported.

    A run counts where its gate let it be published, or somebody did. Where one paper gives a measure over two
    stretches of time, which of them was meant is not known, and neither is returned. ``until`` is the entry before
    which the ledger is looked at.
    """
    found = {_key(one): one for one in _imported(connection, authority, dataset, until)}
    of_runs: dict[tuple[dt.date, str, str, str], dict[int, set[PublishedFigure]]] = defaultdict(
        lambda: defaultdict(set)
    )
    for one in _of_runs(connection, authority, dataset, until):
        of_runs[_key(one)][one.entry].add(one)
    for key, by_entry in of_runs.items():
        last = by_entry[max(by_entry)]
        found.pop(key, None)
        if len(last) == 1:
            (found[key],) = last
    return [one for one in found.values() if one.end < period]


def _of_runs(connection: Connection, authority: str, dataset: str, until: int) -> list[PublishedFigure]:
    """Return the figures of the last run of each month that was published."""
    runs = select(RUN).where(RUN.c.authority == authority, RUN.c.dataset == dataset, RUN.c.entry < until)
    last = {
        row.period_end: row.entry
        for row in connection.execute(runs.order_by(RUN.c.entry)).all()
        if row.decision != "stop" or content_of(connection, row.entry)["facts"]["gate"].get("overridden")
    }
    return _figures(connection, {entry: dt.date.fromisoformat(end) for end, entry in last.items()})


def _imported(connection: Connection, authority: str, dataset: str, until: int) -> list[PublishedFigure]:
    query = select(ENTRY.c.number, ENTRY.c.content).where(ENTRY.c.kind == IMPORT, ENTRY.c.number < until)
    ends = {}
    for row in connection.execute(query.order_by(ENTRY.c.number)):
        said = json.loads(row.content)
        if (said["authority"], said["dataset"]) == (authority, dataset):
            ends[row.number] = dt.date.fromisoformat(said["period_end"])
    return _figures(connection, ends)


def _figures(connection: Connection, ends: Mapping[int, dt.date]) -> list[PublishedFigure]:
    """Return the figures of some entries, each of the month that ends on a day, in order."""
    query = select(FIGURE).where(FIGURE.c.entry.in_(list(ends)), FIGURE.c.value.is_not(None))
    return [
        PublishedFigure(
            row.entry, ends[row.entry], row.scope_type, row.scope_id, row.measure, row.value, row.numerator,
            row.denominator,
        )
        for row in connection.execute(query.order_by(FIGURE.c.entry))
    ]  # fmt: skip


def _key(one: PublishedFigure) -> _Key:
    return one.end, one.scope_type, one.scope_id, one.measure


def _row(one: PublishedFigure) -> Said:
    return {
        "scope_type": one.scope_type, "scope_id": one.scope_id, "measure": one.measure, "line": LINE,
        "numerator": one.numerator, "denominator": one.denominator, "value": one.value, "low": None, "high": None,
        "rag": None, "settled": None,
    }  # fmt: skip
