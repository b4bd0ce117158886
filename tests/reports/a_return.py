"""A return of two children, one of them with cells in doubt by an error and by a query, as its pages are made of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from a_paper import LATE, NO_ANSWER, run

from dq.model import DoubtfulChild, DoubtfulRow, DoubtfulTable, Fault
from dq.reports.return_pages import write_return_pages

HEADINGS = ("CHILD", "VISIT_DATE", "SEEN_ALONE")
CHILDREN = (
    DoubtfulChild("C1", 1, 1, (LATE.id, NO_ANSWER.id)),
    DoubtfulChild(None, 0, 1, (LATE.id,)),
)
TABLES = (
    DoubtfulTable(
        "visits",
        HEADINGS,
        (
            DoubtfulRow("C1", 0, ("C1", dt.date(2016, 8, 1), None), {2: ((NO_ANSWER.id, True), (LATE.id, False))}),
            DoubtfulRow(None, 1, (None, dt.date(2016, 8, 2), "Y"), {1: ((LATE.id, False),)}),
        ),
    ),
    DoubtfulTable("visits_last", HEADINGS, (DoubtfulRow("C1", 7, ("C1", dt.date(2015, 8, 1), "Y"), {}),)),
)
FAULTS = (
    Fault("C1", LATE.id, "visits", 0, "Entered late"),
    Fault("C1", NO_ANSWER.id, "visits", 0, "Visit on 1 Aug 2016 has no answer"),
    Fault(None, LATE.id, "visits", 1, "Entered late"),
)


def write_return(out: Path) -> None:
    """Write the pages of the return into ``out``."""
    write_return_pages(run(), CHILDREN, TABLES, FAULTS, out)
