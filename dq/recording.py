"""The audit of recording: what the ledger knows, as extracts of a dataset of its own, and figures of them."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from dq.history import ledger_of
from dq.ledger.queries import past_runs, run_named
from dq.ledger.spells import extracts_of
from dq.library.load import load_library
from dq.model import Contract, Project, Request, RunResult
from dq.problems import refuse
from dq.project import open_project
from dq.run import run as run_project

DATASET, SCORECARD, GATE = "recording", "recording-quality", "recording"


def quality(
    place: Path, name: str | None, out: Path | None, progress: Callable[[str], None], *, outside: bool
) -> tuple[RunResult, Path]:
    """Work out the figures of recording quality after a run, the last if none is named, and return them and where.

    With ``outside`` they are written without small numbers too. Raises ProblemsError where there is no run.
    """
    project = open_project(place)
    with ledger_of(place) as ledger, ledger.reading() as connection:
        runs = [run for run in past_runs(connection) if (run.authority, run.dataset) == _whose(project)]
        if not runs:
            raise refuse("the ledger has no run yet.", instead="Run the project first: `dq run`.")
        run = run_named(connection, name) if name else max(runs, key=lambda run: (run.period, run.entry))
        extracts = extracts_of(connection, run)
        first = min(past.period for past in runs)
    folder = out or project.folder / "recording" / f"{run.period:%Y-%m}"
    contracts = load_library(DATASET, project.folder).contracts
    with tempfile.TemporaryDirectory(prefix="plumbline-") as scratch:
        for extract, rows in extracts.items():
            _write(Path(scratch) / f"{extract}.csv", contracts[extract], rows)
        asked = Project(
            authority=project.authority, dataset=DATASET, scorecard=SCORECARD, extracts=scratch, gate=GATE,
            history_from=first.replace(day=1), ledger="none", published=project.published, folder=project.folder,
        )  # fmt: skip
        return run_project(asked, run.period, folder, Request(outside=outside), progress=progress), folder


def _whose(project: Project) -> tuple[str, str]:
    return project.authority, project.dataset


def _write(path: Path, contract: Contract, rows: Sequence[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(contract.columns))
        writer.writeheader()
        writer.writerows(rows)
