"""The check of a run's own scorecard, before anybody reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from dq.library.folders import policy_root
from dq.library.layouts import load_layouts
from dq.library.load import load_library
from dq.model import Proof
from dq.proof import DATASET
from dq.proof.check import prove
from dq.sources.paper_file import ROW, Page
from dq.sources.reference import add_calendar
from dq.workspace import open_workspace

LAYOUT, FILE = "plumbline", "scorecard.csv"


def prove_own(rows: Sequence[Mapping[str, str | int | float | bool | None]]) -> Proof:
    """Check the rows of ``scorecard.csv`` as a paper is checked, by the rules that ship: a project's stand for others'.

    ``rows`` is column → cell, as the file has them.
    """
    library = load_library(DATASET)
    layout = load_layouts(DATASET, [policy_root()])[LAYOUT]
    cells = {ROW: pa.array(range(2, len(rows) + 2), pa.int64())}
    cells |= {name: pa.array([_text(row[name]) for row in rows], pa.string()) for name in layout.headings}
    with open_workspace() as workspace:
        add_calendar(workspace)
        workspace.connection.register("own_rows", pa.table(cells))
        workspace.execute("CREATE TABLE page_0 AS SELECT * FROM own_rows")
        workspace.connection.unregister("own_rows")
        workspace.seal()
        proof = prove(workspace, library, [Page(FILE, layout, tuple(layout.headings), "page_0")])
    library.texts.keep()
    return proof


def _text(cell: str | int | float | bool | None) -> str | None:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return None if cell is None or cell == "" else str(cell)
