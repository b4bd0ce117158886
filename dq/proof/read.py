"""A paper's pages → the records of the dataset ``scorecard``: figures, claims, and how they hang together."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from dq.library.policy import Library
from dq.problems import nearest, refuse
from dq.proof.words import MACROS
from dq.sources.cast import typed_select
from dq.sources.load import load_rows
from dq.sources.paper_file import Page
from dq.workspace import Workspace, name, quoted

FIGURES, CLAIMS, RELATIONS = "published_figures", "published_claims", "published_relations"
_LINKS = ("compared_with", "of_figure", "less_figure")
"""Columns that name another figure of the same file, by its row and cell."""
_OF_THE_SQL = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)
_NEEDED = ("row_no", "cell", "printed", "paper", "edition")
_KEYS = {FIGURES: "figure_id", CLAIMS: "claim_id"}


def read_figures(workspace: Workspace, library: Library, pages: Sequence[Page]) -> None:
    """Make the extracts of the dataset from pages that are in the workspace.

    Raises ProblemsError for a layout whose SQL does not run, or gives a column that the contract has not.
    """
    for macro in MACROS:
        workspace.execute(macro)
    for extract in (FIGURES, CLAIMS):
        parts = [part for page in pages if (part := _part(workspace, library, page, extract)) is not None]
        _make(workspace, library, extract, parts)
    _relate(workspace, library, pages)


def _part(workspace: Workspace, library: Library, page: Page, extract: str) -> str | None:
    """Work out what a page gives of an extract; return the name of the table, whose columns are text."""
    layout = page.layout
    sql = layout.figures if extract == FIGURES else layout.claims
    if sql is None:
        return None
    made = f"{page.table}_{extract}"
    given = _run(workspace, library, page, extract, sql, made, _NEEDED)
    return _finished(workspace, page, made, given, extract)


def _run(
    workspace: Workspace, library: Library, page: Page, extract: str, sql: str, made: str, needed: Sequence[str]
) -> list[str]:
    """Run a layout's SQL over a page and keep what it gives as the table ``made``; return the columns."""
    path, contract = page.layout.path, library.contracts[extract]
    told = extract.removeprefix("published_")
    try:
        workspace.execute(f"CREATE OR REPLACE TEMP VIEW page AS SELECT * FROM {page.table}")
        workspace.execute(f"CREATE OR REPLACE TEMP TABLE {made} AS {sql}")
    except duckdb.Error as error:
        # What is wrong with the statement itself may be told; any other message may quote a cell.
        why = str(error).partition("\n")[0] if isinstance(error, _OF_THE_SQL) else "a cell is not what it takes it for."
        raise refuse(f"{told}: this SQL does not run: {why}", path) from None
    given = list(workspace.types(made))
    unknown = [column for column in given if column not in contract.columns]
    missing = [column for column in needed if column not in given]
    if unknown or missing:
        what = f"gives '{unknown[0]}', which is no column of {extract}." if unknown else f"gives no '{missing[0]}'."
        raise refuse(f"{told}: it {what}", path, instead=nearest(unknown[0], contract.columns) if unknown else None)
    return given


def _finished(workspace: Workspace, page: Page, made: str, given: Sequence[str], extract: str) -> str:
    """Add what every figure has: its id, where it stands, and the number that is printed."""
    own = f"{quoted(page.file)} || '/' || "
    cells = {column: name(column) for column in given}
    cells |= {column: f"{own}{name(column)}" for column in _LINKS if column in given}
    cells[_KEYS[extract]] = f"{own}row_no || '/' || cell"
    cells["file"] = quoted(page.file)
    cells.setdefault("place", "'row ' || row_no || ', ' || cell")
    cells["available"] = "CASE WHEN not_given(printed) THEN 'N' WHEN printed IS NOT NULL THEN 'Y' END"
    cells["value"] = "number_printed(printed)"
    cells["places"] = "places_printed(printed)"
    cells["half_unit"] = "0.5 / 10.0 ** places_printed(printed)"
    if extract == CLAIMS:
        del cells["available"]
    listed = ", ".join(f"CAST({sql} AS VARCHAR) AS {name(column)}" for column, sql in cells.items())
    workspace.execute(f"CREATE OR REPLACE TEMP TABLE {made}_whole AS SELECT {listed} FROM {made}")
    return f"{made}_whole"


def _make(workspace: Workspace, library: Library, extract: str, parts: Sequence[str]) -> None:
    contract = library.contracts[extract]
    if not parts:
        load_rows(workspace, contract, [])
        return
    together = " UNION ALL BY NAME ".join(f"SELECT * FROM {part}" for part in parts)
    workspace.execute(f"CREATE OR REPLACE TEMP TABLE together AS {together}")
    arrived = list(workspace.types("together"))
    workspace.execute(f"CREATE OR REPLACE TABLE {extract} AS {typed_select(contract, 'together', arrived)}")


def _relate(workspace: Workspace, library: Library, pages: Sequence[Page]) -> None:
    """Write down the relations of each paper that the pages are of."""
    told: dict[tuple[tuple[str, str | None], ...], None] = {}  # several pages of one paper may say the same
    for page in pages:
        layout = page.layout
        if layout.relations_from is not None:
            told |= _relations_in(workspace, library, page, layout.relations_from)
        if layout.relations:
            papers = workspace.execute(f"SELECT DISTINCT paper FROM {FIGURES} WHERE file = {quoted(page.file)}")
            told |= {
                (("paper", paper), *one.items()): None for (paper,) in papers.fetchall() for one in layout.relations
            }
    rows = [{"relation_id": f"R{i}", **dict(one)} for i, one in enumerate(told, 1)]
    load_rows(workspace, library.contracts[RELATIONS], rows)


def _relations_in(
    workspace: Workspace, library: Library, page: Page, sql: str
) -> dict[tuple[tuple[str, str | None], ...], None]:
    """Return the relations that a page itself lists."""
    made = f"{page.table}_{RELATIONS}"
    given = _run(workspace, library, page, RELATIONS, sql, made, needed=())
    rows = workspace.execute(f"SELECT * FROM {made}").fetchall()
    return {tuple((c, None if v is None else str(v)) for c, v in zip(given, row, strict=True)): None for row in rows}


def count_of(workspace: Workspace, extract: str) -> int:
    """Return how many records an extract has."""
    return int(workspace.row(f"SELECT count(*) FROM {extract}")[0])
