"""A run of the ledger made once more, from the same extracts: the same bytes, or what differs and why."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dq.history import ledger_of
from dq.ledger.entries import content_of
from dq.ledger.queries import PastRun, rows_of_run, run_named
from dq.ledger.tables import RULE_RESULT
from dq.library.load import load_library
from dq.model import Override, Past, Project, Request, RunResult
from dq.outputs import digests_of
from dq.problems import refuse
from dq.project import open_project
from dq.remember import made_from
from dq.run import run as run_project

_SHOWN = 5


@dataclass(frozen=True)
class Reproduced:
    """What came of making a run again: which files and folders differ, of how many, and why."""

    run_id: str
    outputs: int
    differ: tuple[str, ...]
    why: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether it gave the same bytes."""
        return not self.differ


def reproduce(
    place: Path, name: str, extracts: str | None, out: Path | None, progress: Callable[[str], None]
) -> Reproduced:
    """Make a run again as it was made, and compare what it writes with what it wrote then; nothing is entered.

    ``extracts`` is where its extracts lie now, if not where the project says; ``out`` where to write, if the outputs
    are to stay. Raises ProblemsError where there is no such run, or it was entered before outputs were hashed.
    """
    with ledger_of(place) as ledger, ledger.reading() as connection:
        then = run_named(connection, name)
        said = content_of(connection, then.entry)
        meant = {row.rule_id: row.fingerprint for row in rows_of_run(connection, RULE_RESULT, then)}
    remake = said.get("remake", {})
    if not remake.get("outputs"):
        raise refuse(f"of run {then.run_id} the ledger has no hashes of outputs, so nothing can be compared.")
    project = open_project(place).model_copy(update={"with_queries": remake["with_queries"]})
    if extracts is not None:
        # As it was typed: relative to where the command is given, and not to the project.
        project = project.model_copy(
            update={"extracts": extracts if "://" in extracts else str(Path(extracts).resolve())}
        )
    with tempfile.TemporaryDirectory(prefix="plumbline-") as scratch:
        folder = out or Path(scratch) / "out"
        result = _made_again(project, then, said, folder, progress)
        now = digests_of(folder)
    before = remake["outputs"]
    differ = tuple(sorted(name for name in now.keys() | before.keys() if now.get(name) != before.get(name)))
    why = tuple(_why(project, said, meant, result)) if differ else ()
    return Reproduced(then.run_id, len(before), differ, why)


def told(found: Reproduced, out: Path | None) -> str:
    """Return what came of it in words."""
    where = [f"What it gives now is in {out}."] if out else []
    if found.same:
        return "\n".join(
            [f"{found.run_id} gives the same bytes again, in all {found.outputs} files and folders", *where]
        )
    lines = [f"{found.run_id} does not give the same again: {', '.join(found.differ)}", *where]
    return "\n".join([*lines, "Since then:", *(f"  {why}" for why in found.why)])


def _made_again(
    project: Project, then: PastRun, said: Mapping[str, Any], out: Path, progress: Callable[[str], None]
) -> RunResult:
    facts, remake = said["facts"], said["remake"]
    past = Past(
        entry=then.entry,
        started_at=dt.datetime.fromisoformat(facts["started_at"]),
        finished_at=dt.datetime.fromisoformat(facts["finished_at"]),
        today=dt.date.fromisoformat(remake["today"]),
        seconds=dict(remake["seconds"]),
        rule_seconds=remake["rule_seconds"],
    )
    word = (facts["gate"] or {}).get("overridden")
    override = None if word is None else Override(**word)
    request = Request(
        publish=remake.get("publish", True),
        outside=remake["outside"],
        by_child=remake.get("by_child", False),
        override=override,
    )
    return run_project(project, then.period, out, request, again=past, progress=progress)


def _why(project: Project, said: Mapping[str, Any], meant: Mapping[str, str], now: RunResult) -> Iterator[str]:
    """Yield what is otherwise than it was, of all that outputs come of."""
    facts, made = said["facts"], said["remake"]["made_from"]
    there = {read.extract: read for read in now.extracts}
    for before in facts["inputs"]:
        read = there[before["extract"]]
        if read.sha256 != before["sha256"]:
            yield f"extract {read.extract} has changed: it held {before['rows']:,} records, and holds {read.rows:,}"
        elif read.file != before["file"]:
            yield f"extract {read.extract} came as {before['file']}, and comes as {read.file}"
    other = [rule for rule, mark in now.rule_fingerprints.items() if meant.get(rule, mark) != mark]
    other += sorted(meant.keys() - now.rule_fingerprints.keys())
    yield from (f"rule {rule} means something else" for rule in other[:_SHOWN])
    if len(other) > _SHOWN:
        yield f"{len(other) - _SHOWN:,} more rules mean something else"
    for kind, what in (("indicators", "an indicator, or a view,"), ("history", "what was published before")):
        if facts["fingerprints"].get(kind) != now.fingerprints.get(kind):
            yield f"{what} means something else" if kind == "indicators" else f"{what} has changed"
    library = load_library(project.dataset, project.folder, project.thresholds, project.path)
    for what, mark in made_from(project, library).items():
        if made[what] != mark and not (what == "policy" and other):
            yield "the words of rules or scorecards have changed" if what == "policy" else f"{what} has changed"
    for library_name, version in now.versions.items():
        if facts["versions"].get(library_name) != version:
            yield f"{library_name} was {facts['versions'].get(library_name)}, and is {version}"
