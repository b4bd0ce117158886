"""What a paper prints, cell by cell, beside what is worked out from the records made for it."""

from __future__ import annotations

import csv
import datetime as dt
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from dq.indicators.figures import figures
from dq.indicators.published_before import published_before
from dq.library import policy_root
from dq.library.policy import Library
from dq.model import Contract, Figure
from dq.project import open_project
from dq.reports.data_files import scorecard_rows
from dq.run import checked
from tests.papers.records import Records

HERE = Path(__file__).parent
Recipe = Callable[[Mapping[str, Contract]], Records]


@dataclass(frozen=True)
class Paper:
    """A paper: the scorecard whose lines it prints, and what makes the records of its authority.

    ``printed/<name>.csv`` holds its cells, ``reasons.yaml`` why some cannot be as printed. What it prints of earlier
    months is in ``data/published/`` or, of an edition that is known in part, in ``earlier/``; it ``stands`` over what
    the records say of those months unless the records are made to give them.
    """

    name: str
    scorecard: str
    make: Recipe
    stands: Literal["published", "records"] = "published"


@dataclass(frozen=True)
class Cell:
    """One printed cell: where it stands, what it is of a figure, and its text."""

    table: str
    indicator: str
    number: str
    split: str
    scope: str
    what: str
    printed: str

    def __str__(self) -> str:
        """Return where the cell stands."""
        of = "" if self.split == "all" else f" ({self.split})"
        return f"{self.table}, {self.number or self.indicator}{of}, {self.scope}, {self.what}"


@dataclass(frozen=True)
class Compared:
    """A cell beside what was found; ``reason`` says why it cannot be as printed, where that is known.

    ``source`` says what it was found from: the records, what was published of an earlier month, or the scorecard's own
    declaration, as a target is. An arrow, from the records to an earlier month, is of that month's source.
    """

    cell: Cell
    found: str
    same: bool
    reason: str
    source: Literal["records", "published", "declared"]


@dataclass(frozen=True)
class WorkedOut:
    """The figures of a paper's scorecard as they are worked out from its records, and as scorecard.csv tells them."""

    period: dt.date
    figures: Sequence[Figure]
    rows: Sequence[Mapping[str, str | int | float | bool | None]]


def compare(paper: Paper, worked_out: WorkedOut) -> list[Compared]:
    """Return every printed cell of a paper beside what is worked out from its records."""
    found = _found(worked_out)
    reasons = yaml.safe_load((HERE / "reasons.yaml").read_text(encoding="utf-8"))[paper.name]
    return list(_compared(printed(paper.name), found, reasons))


def printed(paper: str) -> list[Cell]:
    """Return the cells that a paper prints."""
    with (HERE / "printed" / f"{paper}.csv").open(encoding="utf-8") as file:
        return [Cell(**row) for row in csv.DictReader(file)]


def work_out(paper: Paper, library: Library) -> WorkedOut:
    """Make the records of a paper and work out its scorecard."""
    records = paper.make(library.contracts)
    with tempfile.TemporaryDirectory() as folder:
        project = open_project(records.write(Path(folder) / paper.name, paper.scorecard, _history(paper)))
        period, card = records.period, library.scorecards[paper.scorecard]
        before = published_before(project, library, card, period)
        with checked(project, period, library, [], lambda _: None) as (workspace, findings, absent):
            told = figures(workspace, library, card, findings, absent, project, period, lambda _: None, before).figures
    return WorkedOut(period, told, scorecard_rows(card, told))


def _found(worked_out: WorkedOut) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Return (number or indicator, split, scope's name) → what a scorecard tells of the figure."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for figure, row in zip(worked_out.figures, worked_out.rows, strict=True):
        monitored = "monitor" if figure.available and figure.band is None else ""
        available = "available" if figure.available else "currently unavailable"
        cells = {**row, "rag": row["rag"] or monitored, "available": available}
        for end, value in {**dict(figure.history), worked_out.period: figure.value}.items():
            colour = figure.band.colour(value) if figure.band and value is not None else None
            cells |= {f"value {end:%Y-%m}": value, f"target {end:%Y-%m}": figure.target, f"rag {end:%Y-%m}": colour}
            cells[f"source {end:%Y-%m}"] = "published" if end in figure.months_published else "records"
        for key in filter(None, (figure.number, figure.indicator.id)):
            found.setdefault((key, figure.split, figure.scope.name), cells)
    return found


def _compared(
    cells: Sequence[Cell], found: Mapping[tuple[str, str, str], Mapping[str, Any]], reasons: Sequence[Mapping[str, Any]]
) -> Iterator[Compared]:
    for cell in cells:
        row = found.get((cell.number or cell.indicator, cell.split, cell.scope), {})
        value = row.get(cell.what)
        if cell.what.startswith("share_of:"):
            value = _share(row, found.get((cell.what.removeprefix("share_of:"), "all", cell.scope), {}))
        reason = next((r["reason"] for r in reasons if _meant(cell, r["cells"])), "")
        yield Compared(cell, "" if value is None else str(value), same(cell.printed, value), reason, _source(cell, row))


def _source(cell: Cell, row: Mapping[str, Any]) -> Literal["records", "published", "declared"]:
    what, _, month = cell.what.partition(" ")
    if what == "target":
        return "declared"
    before = next((name for name in ("previous", "year_ago") if what.startswith(name)), "")
    source = row.get(f"{before}_source") if before else row.get(f"source {month}")
    return "published" if source == "published" else "records"


def _history(paper: Paper) -> dict[str, Any]:
    """Return the setting by which what the paper prints of earlier months stands over the records."""
    places = (policy_root() / "data" / "published", HERE / "earlier")
    file = next(file for folder in places if (file := folder / f"{paper.name}.csv").is_file())
    return {"history": {"file": str(file), "stands": paper.stands}}


def _share(part: Mapping[str, Any], whole: Mapping[str, Any]) -> float | None:
    """Return the percentage that one count is of another."""
    value, of = part.get("value"), whole.get("value")
    return None if value is None or not of else 100 * float(value) / float(of)


def _meant(cell: Cell, cells: Mapping[str, Any]) -> bool:
    return all(
        getattr(cell, name) in ([wanted] if isinstance(wanted, str) else wanted) for name, wanted in cells.items()
    )


def same(told: str, value: Any) -> bool:
    """Say whether a value is what is printed: a word, or a number to the places printed."""
    number = re.fullmatch(r"(-?[\d,]+(?:\.(\d+))?)%?", told.strip())
    if number is None or value in (None, ""):
        return value is not None and str(value).casefold() == told.strip().casefold()
    places = len(number[2] or "")
    return abs(float(value) - float(number[1].replace(",", ""))) <= 0.5 * 10**-places + 1e-9
