"""The rules of the dataset ``scorecard`` over a paper's figures → what is doubtful in it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence

from dq.engine.check import Absent, check
from dq.engine.compile import dates_at
from dq.library.policy import Library, is_counted
from dq.model import Doubt, Findings, PaperTable, Proof
from dq.proof.read import CLAIMS, FIGURES, count_of, read_figures
from dq.sources.paper_file import Page, rows_of
from dq.workspace import Workspace

_NO_EDITION = dt.date(2017, 5, 31)
"""The month of the rules' own examples, where no figure says that of its paper: which the contract's rule tells."""
_SHOWN = ("printed", "expected", "difference")


def prove(
    workspace: Workspace, library: Library, pages: Sequence[Page], progress: Callable[[str], None] = lambda _: None
) -> Proof:
    """Check the papers that some pages in the workspace are of. Raises ProblemsError for a faulty layout."""
    read_figures(workspace, library, pages)
    findings, doubts = _doubts(workspace, library, progress)
    return Proof(
        results=findings.results,
        doubts=doubts,
        tables=tuple(PaperTable(page.file, page.layout.id, page.headings, rows_of(workspace, page)) for page in pages),
        figures=count_of(workspace, FIGURES),
        claims=count_of(workspace, CLAIMS),
        layouts={page.layout.id: page.layout for page in pages},
    )


def _doubts(
    workspace: Workspace, library: Library, progress: Callable[[str], None]
) -> tuple[Findings, tuple[Doubt, ...]]:
    """Test the figures and return how the rules ended, and the doubts: by rule, then by record."""
    edition = _latest_edition(workspace)
    rules = [bound for bound in library.rules.values() if is_counted(bound.rule, edition)]
    findings = check(workspace, library, rules, dates_at(edition), Absent((), ()), progress)
    places = _places(workspace)
    doubts = []
    by_id = {bound.rule.id: bound.rule for bound in rules}
    for row in findings.exceptions.to_pylist():
        file, place, row_no, cell = places.get(row["record_key"], ("", row["record_key"], None, None))
        values = json.loads(row["values"])
        printed, expected, difference = (values.get(name) for name in _SHOWN)
        doubts.append(
            Doubt(
                by_id[row["rule_id"]], row["record_key"], file, place, row_no, cell,
                printed, expected, difference, row["message"],
            )
        )  # fmt: skip
    return findings, tuple(doubts)


def _latest_edition(workspace: Workspace) -> dt.date:
    (found,) = workspace.row(f"SELECT max(edition) FROM {FIGURES}")
    return found if isinstance(found, dt.date) else _NO_EDITION


def _places(workspace: Workspace) -> dict[str, tuple[str, str, int | None, str | None]]:
    """Return where each figure and claim stands: its file, the place in words, the row and the column."""
    told = " UNION ALL ".join(
        f"SELECT {key}, file, place, row_no, cell FROM {extract}"
        for extract, key in ((FIGURES, "figure_id"), (CLAIMS, "claim_id"))
    )
    return {key: (file, place, row, cell) for key, file, place, row, cell in workspace.execute(told).fetchall()}
