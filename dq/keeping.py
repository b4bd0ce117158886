"""What is kept and shown of the past: an auditor's sample, retention, and figures published before this tool."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from dq.history import ledger_of
from dq.indicators.published_before import faults_of, meant, not_meant
from dq.ledger.imported import PublishedFigure, enter_published
from dq.ledger.purge import Gone, due, purge
from dq.ledger.queries import PastRun, past_runs, run_named
from dq.ledger.runs import scopes_of
from dq.ledger.sampling import draw
from dq.library.load import load_library
from dq.model import Scope, split_id
from dq.periods import months_before
from dq.problems import Problem, refuse
from dq.project import open_project
from dq.sources.history_file import PublishedRow, read_history
from dq.sources.small_file import raise_some

_RECORD = ("exception_id", "rule_id", "extract", "record_key", "team_id", "state", "since")
_FIGURE = ("scope_type", "scope_id", "line", "numerator", "denominator", "value")


def sample(place: Path, seed: int, run: str | None, figures: int, records: int, *, as_json: bool) -> str:
    """Return a sample of the figures and records of a run, the last one if none is named. Raises ProblemsError."""
    with ledger_of(place) as ledger, ledger.reading() as connection:
        found = run_named(connection, run) if run else _last(past_runs(connection))
        drawn = draw(connection, found, seed, figures, records)
    if as_json:
        parts = {"figures": drawn.figures, "there": drawn.there, "fixed": drawn.fixed}
        rows = {name: [dict(row._mapping) for row in some] for name, some in parts.items()}
        return json.dumps({"run_id": found.run_id, "seed": seed, "of": drawn.of, **rows}, indent=2, ensure_ascii=False)
    said = (("figures", "recompute from the extracts"), ("exceptions there", "see that the record is so"),
            ("exceptions fixed", "see that the record is right"))  # fmt: skip
    lines = [f"Sample of {found.run_id}, seed {seed}"]
    for (what, todo), some, of, columns in zip(
        said, (drawn.figures, drawn.there, drawn.fixed), drawn.of, (_FIGURE, _RECORD, _RECORD), strict=True
    ):
        lines += ["", f"{len(some)} of {of:,} {what}: {todo}"]
        lines += ["  " + "  ".join(_cell(getattr(row, column)) for column in columns) for row in some]
    return "\n".join(lines)


def retain(place: Path, today: dt.date, *, now: bool) -> str:
    """Remove what is kept for longer than the project says, or only say what that would be. Raises ProblemsError."""
    project = open_project(place)
    rule = project.retention
    if rule.exceptions is None and rule.answers is None:
        raise refuse(
            "the project does not say how long anything is kept.", project.path,
            instead="Write 'retention: {exceptions: 72, answers: 72}', in months.",
        )  # fmt: skip
    days = [None if months is None else months_before(today, months) for months in (rule.exceptions, rule.answers)]
    with ledger_of(place) as ledger:
        if not now:
            with ledger.reading() as connection:
                return f"{_gone(due(connection, *days))} would be removed. --yes removes them, for good."
        with ledger.writing() as connection:
            found = purge(connection, *days)
        ledger.settle()
    return f"{_gone(found)} are removed. `dq ledger verify` says whether the rest is whole."


def take_published(file: Path, place: Path) -> str:
    """Enter the figures of a file that were published before, and say how many. Raises ProblemsError; then none is."""
    project = open_project(place)
    library = load_library(project.dataset, project.folder, project.thresholds, project.path)
    rows = read_history(file)
    raise_some([Problem(what, row.path, row.line, hint) for row in rows for what, hint in faults_of(row, library)])
    said = {"file": file.name, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    with ledger_of(place) as ledger, ledger.writing() as connection:
        runs = past_runs(connection)
        scopes = scopes_of(connection, _last(runs).entry)
        named = [(row, meant(row, scopes)) for row in rows]
        raise_some([not_meant(row, some, scopes) for row, some in named if len(some) != 1])
        found = [_figure(row, some[0]) for row, some in named]
        added = enter_published(connection, project.authority, project.dataset, found, said)
    return f"{added:,} figures entered, {len(found) - added:,} known already"


def _figure(row: PublishedRow, scope: Scope) -> PublishedFigure:
    measure = split_id(row.indicator, row.split)
    return PublishedFigure(0, row.end, scope.type, scope.id, measure, row.value, row.numerator, row.denominator)


def _last(runs: Sequence[PastRun]) -> PastRun:
    if not runs:
        raise refuse("the ledger has no run yet.", instead="Run the project first: `dq run`.")
    return runs[-1]


def _gone(found: Gone) -> str:
    return f"{found.rows:,} rows of {found.entries:,} entries ({found.carried:,} of what still stands are carried over)"


def _cell(value: object) -> str:
    return "-" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
