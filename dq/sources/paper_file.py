"""A file of a finished paper, read as text: which layout it is in, its headings, and a table of its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dq.model import PaperLayout
from dq.problems import ProblemsError, refuse
from dq.sources.cast import cleaned
from dq.sources.intake import Intake
from dq.sources.matching import plain_form
from dq.sources.places import ACCEPTED, Offer, each_table, offers_of
from dq.sources.table import Table, check_headings
from dq.sources.take import read_texts
from dq.workspace import Workspace, name

ROW = "row_no"
"""The column of a page that tells the row of the file, as Excel counts: the first beneath headings in row 1 is 2."""


@dataclass(frozen=True)
class Page:
    """One table of a paper: its layout, its headings as they came, and the workspace's table of its cells as text.

    The columns of ``table`` are ``row_no`` and the layout's headings, in the layout's words.
    """

    file: str
    layout: PaperLayout
    headings: tuple[str, ...]
    table: str


def read_pages(paths: Iterable[Path], layouts: Mapping[str, PaperLayout], intake: Intake) -> list[Page]:
    """Read every table of the files into the workspace.

    Raises ProblemsError for a file that is no table, or whose headings are those of no layout.
    """
    pages: list[Page] = []
    for path in paths:
        if not path.is_file():
            raise refuse(f"there is no file {path}.", instead=f"Name the files of a paper, as {ACCEPTED}.")
        offers = each_table(offers_of(path, intake))
        if not offers:
            raise refuse("this file is no table of figures.", path, instead=f"Save it as {ACCEPTED}.")
        opened = [(offer, offer.open(None)) for offer in offers]
        known = [(offer, table, found) for offer, table in opened if (found := _layout_of(table, layouts))]
        if not known:
            raise _unknown(opened[0][1], layouts)
        pages += [_read(offer, table, layout, intake, len(pages) + i) for i, (offer, table, layout) in enumerate(known)]
    names = [page.file for page in pages]
    for page in pages:
        if names.count(page.file) > 1:
            raise refuse(f"two files are called {page.file}.", instead="Rename one: doubts are told by file and row.")
    return pages


def _layout_of(table: Table, layouts: Mapping[str, PaperLayout]) -> PaperLayout | None:
    """Return the layout all of whose headings a table has; of several, that with most."""
    there = {plain_form(heading) for heading in table.headings}
    fitting = [layout for layout in layouts.values() if there.issuperset(map(plain_form, layout.headings))]
    return max(fitting, key=lambda layout: len(layout.headings), default=None)


def _unknown(table: Table, layouts: Mapping[str, PaperLayout]) -> ProblemsError:
    """Return the error for a table in no layout, naming the nearest one and what it lacks of that."""
    there = {plain_form(heading) for heading in table.headings}

    def shared(layout: PaperLayout) -> float:
        return sum(plain_form(heading) in there for heading in layout.headings) / len(layout.headings)

    near = max(layouts.values(), key=shared, default=None)
    what = "its headings are those of no layout of a paper."
    if near is None or not shared(near):
        known = "; ".join(layout.title for layout in layouts.values())
        return table.spot.refuse(what, table.line, f"Known: {known}. docs/proof.md says how to add one.")
    lacking = ", ".join(f"'{heading}'" for heading in near.headings if plain_form(heading) not in there)
    return table.spot.refuse(what, table.line, f"Nearest is '{near.title}', which has {lacking} besides.")


def _read(offer: Offer, table: Table, layout: PaperLayout, intake: Intake, number: int) -> Page:
    check_headings(table)
    places = {plain_form(heading): i for i, heading in enumerate(table.headings)}
    copied, made = f"page_{number}_as_it_came", f"page_{number}"
    read_texts(intake, table, copied)
    # As Excel counts: one row to a record, however many lines it has.
    row = f"rowid + {table.line + 1}"
    cells = ", ".join(
        f"{cleaned(name(f'column {places[plain_form(heading)]}'))} AS {name(heading)}" for heading in layout.headings
    )
    intake.workspace.execute(f"CREATE OR REPLACE TABLE {made} AS SELECT {row} AS {ROW}, {cells} FROM {copied}")
    return Page(offer.file, layout, tuple(layout.headings), made)


def rows_of(workspace: Workspace, page: Page) -> list[tuple[int, tuple[str | None, ...]]]:
    """Return the rows of a page, each with its number in the file."""
    return [
        (int(row), tuple(cells))
        for row, *cells in workspace.execute(f"SELECT * FROM {page.table} ORDER BY {ROW}").fetchall()
    ]
