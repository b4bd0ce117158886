"""How a run is remembered: what it is compared with, and how it enters the ledger once its outputs are in place."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dq.engine.compile import dates_at
from dq.engine.lifecycle import changes, fingerprints_known, keep_known, keep_routes, keep_waivers
from dq.library.policy import Library
from dq.model import LastMonth, Past, Project, Response, RunResult, rule_seconds
from dq.outputs import RECORD, digests_of
from dq.revisions import Since, differing, revisions, with_causes
from dq.sources.history_file import PublishedRow
from dq.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlalchemy import Connection

    from dq.ledger.imported import PublishedFigure
    from dq.ledger.runs import Before, Recorded
    from dq.ledger.store import Ledger

NO_LEDGER = "none"


@dataclass(frozen=True)
class Written:
    """The outputs of a run, still in a folder of their own, and which: figures, a scorecard for outside, by child."""

    folder: Path
    outside: bool = False
    publish: bool = True
    by_child: bool = False


@dataclass
class Memory:
    """The ledger of a project, for a run of one month; without one it knows nothing, and a run that enters makes it.

    For a run that is made ``again`` it is as it was when that run was made.
    """

    project: Project
    period: dt.date
    again: Past | None = None
    since: Before | None = None
    notices: list[str] = field(default_factory=list)
    responses: Mapping[str, Response] = field(default_factory=dict)
    _compared: bool = False
    _published: list[PublishedFigure] = field(default_factory=list)
    _changed: pa.Table | None = None

    @property
    def month(self) -> dt.date | None:
        """The end of the latest earlier month that is known."""
        return self.since.month if self.since else None

    @property
    def last_month(self) -> LastMonth:
        """What last month's run says to this one's gate; empty if that is not known."""
        return self.since.last_month if self.since else LastMonth()

    def published(self) -> list[PublishedRow]:
        """Return what was published of earlier months, as the ledger has it."""
        if self._keeps_none:
            return []
        from dq.ledger.address import is_there
        from dq.ledger.entries import LATEST
        from dq.ledger.imported import published_figures

        if not is_there(self.project.ledger, self.project.folder, self.project.path):
            return []
        until = self.again.entry if self.again else LATEST
        asked = (self.project.authority, self.project.dataset, self.period, until)
        with self._opened() as ledger, ledger.reading() as connection:
            self._published = published_figures(connection, *asked)
        return [_published_row(one) for one in self._published]

    def compare(self, workspace: Workspace) -> bool:
        """Put what is known into the workspace, and return whether there is anything to compare with."""
        if self._keeps_none:
            return False
        from dq.ledger.address import is_there

        if is_there(self.project.ledger, self.project.folder, self.project.path):
            with self._opened() as ledger, ledger.reading() as connection:
                self._read(connection, workspace)
        return self.since is not None

    def explained(self, workspace: Workspace, library: Library, result: RunResult) -> RunResult:
        """Return a result whose figures say why the records no longer bear out what the ledger has as published."""
        if self.since is None or not self._published or not any(differing(result.figures)):
            return result
        changed = self._changes(workspace, library, result)
        with self._opened() as ledger, ledger.reading() as connection:
            since = Since(self._published, self.since.chain, changed)
            return replace(result, figures=with_causes(connection, workspace, library, result, since))

    @contextmanager
    def recording(
        self, workspace: Workspace, library: Library, result: RunResult, out: Path, written: Written
    ) -> Iterator[None]:
        """Enter a run; what is written is there for others when this ends, and not if it fails.

        Meanwhile no other run enters. Whoever did since this one began is compared with first. ``out`` is where the
        outputs will stand, ``written`` what is to stand there.
        """
        if self._keeps_none:
            yield
            return
        from dq.ledger.entries import append
        from dq.ledger.runs import UNRECORDED, record

        with self._opened() as ledger, ledger.writing() as connection:
            for run_id, period in _unrecorded(connection, out, self.project):
                append(connection, UNRECORDED, {"run_id": run_id, "period": period})
                self.notices.append(f"The outputs of {period} are of a run that is not in the ledger: run it again.")
            if not self._compared or self._moved_on(connection):
                self._read(connection, workspace)
            changed = self._changes(workspace, library, result)
            record(connection, _recorded(library, result, changed, written), self.since)
            yield

    @property
    def _keeps_none(self) -> bool:
        return self.project.ledger == NO_LEDGER

    def _opened(self) -> AbstractContextManager[Ledger]:
        from dq.ledger.store import open_ledger

        return open_ledger(self.project.ledger, self.project.folder, self.project.path)

    def _changes(self, workspace: Workspace, library: Library, result: RunResult) -> pa.Table:
        """Return the exceptions that stand otherwise than is known, worked out once for what is known."""
        if self._changed is None:
            before = self.since.period if self.since else self.period
            then = None if before == self.period else dates_at(before)
            self._changed = changes(workspace, library, result.findings, dates_at(self.period), then)
        return self._changed

    def _read(self, connection: Connection, workspace: Workspace) -> None:
        from dq.ledger.entries import LATEST
        from dq.ledger.responses import NOBODY, responses_that_hold
        from dq.ledger.runs import known
        from dq.ledger.waivers import bypasses, waivers

        self.since, self._compared, self._changed = self._before(connection), True, None
        keep_known(workspace, None if self.since is None else known(connection, self.since.chain))
        today, until = (self.again.today, self.again.entry) if self.again else (_today(), LATEST)
        self.responses = responses_that_hold(connection, partial(fingerprints_known, workspace), today, until)
        away = {key: said.belongs_to for key, said in self.responses.items() if said.belongs_to is not None}
        there = waivers(connection, self.project.authority, self.project.dataset, until)
        requests = bypasses(connection, (row.entry for row in there))
        kept = [{**row._mapping, "number": row.entry, "bypass": requests.get(row.entry)} for row in there]
        keep_waivers(workspace, kept)
        keep_routes(workspace, {key: None if team == NOBODY else team for key, team in away.items()})

    def _moved_on(self, connection: Connection) -> bool:
        now = self._before(connection)
        return (now and now.entry) != (self.since and self.since.entry)

    def _before(self, connection: Connection) -> Before | None:
        from dq.ledger.entries import LATEST
        from dq.ledger.runs import before

        until = self.again.entry if self.again else LATEST
        return before(connection, self.project.authority, self.project.dataset, self.period, until)


def _published_row(one: PublishedFigure) -> PublishedRow:
    indicator, _, split = one.measure.partition(":")
    return PublishedRow(
        path=Path("ledger"), line=one.entry, indicator=indicator, split=split or "all", scope_type=one.scope_type,
        scope_id=one.scope_id, scope_name=None, period_kind=None, end=one.end, value=one.value,
        decimals=0 if one.value.is_integer() else 1, numerator=one.numerator, denominator=one.denominator,
    )  # fmt: skip


def _today() -> dt.date:
    return dt.datetime.now().astimezone().date()


def made_from(project: Project, library: Library) -> dict[str, str]:
    """Return a hash of each thing besides the extracts that people write and outputs come of; none where it is not."""
    commentary = project.folder / project.commentary
    return {
        "dq.yaml": "" if project.path is None else hashlib.sha256(project.path.read_bytes()).hexdigest(),
        "policy": library.words,
        "commentary": json.dumps(digests_of(commentary)),
    }


def _recorded(library: Library, result: RunResult, changed: pa.Table, written: Written) -> Recorded:
    from dq.ledger.runs import Recorded
    from dq.reports.data_files import run_facts

    results = [
        {
            "rule_id": ended.rule.id, "fingerprint": result.rule_fingerprints[ended.rule.id],
            "status": ended.status.value, "in_scope": ended.in_scope, "flagged": ended.flagged,
        }
        for ended in result.findings.results
    ]  # fmt: skip
    verdict = result.verdict
    return Recorded(
        run_id=result.run_id,
        authority=result.project.authority,
        dataset=result.project.dataset,
        period=result.period,
        decision=verdict.decision.value if verdict else "",
        reasons=verdict.reasons if verdict else (),
        facts=run_facts(result),
        scopes=result.scopes,
        results=results,
        figures=_figures(result),
        meanings={name: mark for name, mark in result.fingerprints.items() if name in {"rules", "indicators"}},
        changes=changed,
        recording=asdict(result.recording),
        revisions=revisions(result.figures),
        remake={
            "today": _today().isoformat(),
            "seconds": list(result.seconds.items()),
            "rule_seconds": rule_seconds([*result.findings.results, *(result.shadow.results if result.shadow else ())]),
            "outside": written.outside,
            "publish": written.publish,
            "by_child": written.by_child,
            "with_queries": result.project.with_queries,
            "made_from": made_from(result.project, library),
            "outputs": digests_of(written.folder),
        },
    )


def _figures(result: RunResult) -> list[Mapping[str, Any]]:
    """Return a row for every figure; one that a paper shows twice under one name is the same figure."""
    rows = [
        {
            "scope_type": figure.scope.type, "scope_id": figure.scope.id, "measure": figure.measure,
            "line": f"{figure.number or ''} {figure.title}".strip(), "numerator": figure.numerator,
            "denominator": figure.denominator, "value": figure.value, "low": figure.low, "high": figure.high,
            "rag": figure.rag, "settled": None if figure.settled is None else int(figure.settled),
        }
        for figure in result.figures
    ]  # fmt: skip
    return list({(row["scope_type"], row["scope_id"], row["measure"], row["line"]): row for row in rows}.values())


def _unrecorded(connection: Connection, out: Path, project: Project) -> Iterator[tuple[str, str]]:
    """Yield the runs whose outputs lie beside these and that are not in the ledger: they were stopped in between."""
    from dq.ledger.runs import is_known

    for path in sorted(out.parent.glob(f"[!.]*/{RECORD}")):
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
            run_id, period, judged = str(facts["run_id"]), str(facts["period"]), facts["gate"]
            same = (facts["authority"], facts["dataset"]) == (project.authority, project.dataset)
        except (ValueError, KeyError, TypeError):
            continue  # not of a run
        if same and judged and not is_known(connection, run_id):
            yield run_id, period
