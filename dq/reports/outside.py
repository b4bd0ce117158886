"""The scorecard as it may be shown outside: a page, a workbook and tables, without what tells of a few children."""

from __future__ import annotations

from pathlib import Path

from dq.model import PublishedNumbers, RunResult, Scorecard, Verdict
from dq.reports.data_files import write_scorecard_files
from dq.reports.scorecard_page import write_scorecard
from dq.reports.scorecard_workbook import write_scorecard as write_workbook

FOLDER = "published"


def write_published(result: RunResult, paper: Scorecard, verdict: Verdict, rules: PublishedNumbers, out: Path) -> None:
    """Write ``out/published/``: scorecard.html, .xlsx, .csv and .json. The figures must be fit to be shown outside."""
    folder = out / FOLDER
    folder.mkdir(parents=True)
    note = note_of(rules)
    write_scorecard(result, paper, None, folder, note=note)
    write_workbook(result, paper, verdict, folder / "scorecard.xlsx", note=note)
    write_scorecard_files(paper, result.figures, folder, without={"open_exceptions"})


def note_of(rules: PublishedNumbers) -> str:
    """Return what is said above figures that are shown outside."""
    rounded = f" Counts are rounded to the nearest {rules.round_to}." if rules.round_to > 1 else ""
    return (
        f"For publication. A figure of fewer than {rules.smallest} children or events, or that would tell of as few, "
        "is not shown; nor are ranges and earlier months of areas and teams, but for last month and a year ago."
        f"{rounded}"
    )
