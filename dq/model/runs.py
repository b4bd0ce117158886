"""A run as a whole, and what the gate says of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from dq.model.answers import Response
from dq.model.figures import Figure, Scope
from dq.model.findings import ExtractRead, Findings, RuleResult
from dq.model.gates import Override, TeamRecords, Word
from dq.model.measures import Scorecard
from dq.model.projects import Project
from dq.model.proofs import Proof

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Request:
    """What a run is asked for, besides its project and month.

    Without ``publish`` only contracts and rules are run: no gate, figures or scorecard; with ``outside`` the scorecard
    is written once more without small numbers. ``rules`` is a pattern of rule ids to keep to. ``engine`` is the address
    of a database whose tables are the extracts: a check runs there, where they are. With ``keys``, for a check,
    exceptions are no more than rule and key, written as csv, as parquet or as both; with ``by_child`` the records are
    written too, with the cells that are in doubt marked. A check that is to ``enter`` the ledger does so as a run does.
    With an ``override`` the figures are published on somebody's word where the gate says stop.
    """

    publish: bool = True
    outside: bool = False
    rules: str | None = None
    engine: str | None = None
    keys: Sequence[str] = ()
    by_child: bool = False
    enter: bool = False
    override: Override | None = None


class Decision(StrEnum):
    """What the gate says."""

    GO = "go"
    CAVEATS = "caveats"
    STOP = "stop"


_IN_WORDS = {
    Decision.GO: "Go: these figures may be published",
    Decision.CAVEATS: "Go with caveats: publish with the wording below",
    Decision.STOP: "Stop: do not publish these figures",
}


@dataclass(frozen=True)
class Verdict:
    """The gate's decision, its weightiest reasons first, and every check with its outcome in words.

    ``caveat`` is the one sentence to print with the figures, empty where there is nothing to say. A stop that somebody
    has ``overridden`` stays a stop. ``words`` are what people said of the run in the project's file.
    """

    decision: Decision
    reasons: tuple[str, ...]
    outcomes: tuple[tuple[str, bool, str], ...] = ()
    caveat: str = ""
    overridden: Override | None = None
    words: tuple[Word, ...] = ()

    @property
    def publishes(self) -> bool:
        """Whether the figures may be published: the gate lets them, or somebody did in its stead."""
        return self.decision is not Decision.STOP or self.overridden is not None

    @property
    def in_words(self) -> str:
        """The decision as it is said wherever it is shown."""
        if self.overridden is None:
            return _IN_WORDS[self.decision]
        return f"Stopped; published on the word of {self.overridden.by}: {self.overridden.because}"


@dataclass(frozen=True)
class Recording:
    """What a run counts for the audit of recording, and no record of it.

    ``records`` is team id → how many records it answers for; ``delays`` extract, or ``all`` → of those entered in the
    month how many, the median of the days from event to entry, and the days within which nine of ten were entered;
    ``team_delays`` the same by team.
    """

    records: Mapping[str, int] = field(default_factory=dict)
    delays: Mapping[str, tuple[int, float, float]] = field(default_factory=dict)
    team_delays: Mapping[str, tuple[int, float, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """What a run has found when it asks the gate; ``filled`` as in a :class:`RunResult`."""

    extracts: tuple[ExtractRead, ...]
    findings: Findings
    scopes: tuple[Scope, ...]
    figures: tuple[Figure, ...]
    proof: Proof
    filled: Mapping[str, Mapping[str, int]]
    teams: tuple[TeamRecords, ...]


@dataclass(frozen=True)
class Past:
    """A run as the ledger has it, to be made once more: its entry, and when it began and how long it took.

    ``today`` is the day it was run on, where it was. ``rule_seconds`` says by what a rule is on, or by the rule itself
    where that took another time, how long it took: what a run wrote says so too.
    """

    entry: int
    started_at: dt.datetime
    finished_at: dt.datetime
    today: dt.date
    seconds: Mapping[str, float]
    rule_seconds: Mapping[str, float]

    def as_then(self, findings: Findings) -> Findings:
        """Return findings as if each rule had taken as long as it did then."""
        took = self.rule_seconds
        results = (
            replace(ended, seconds=took.get(ended.rule.id, took.get(ended.rule.on, 0.0))) for ended in findings.results
        )
        return replace(findings, results=tuple(results))


def rule_seconds(results: Iterable[RuleResult]) -> dict[str, float]:
    """Return how long rules took, by what they are on, or by the rule where that took another time."""
    took: dict[str, float] = {}
    for ended in results:
        if took.setdefault(ended.rule.on, ended.seconds) != ended.seconds:
            took[ended.rule.id] = ended.seconds
    return took


@dataclass(frozen=True)
class RunResult:
    """Everything a run found, ready to be written.

    ``shadow`` is what rules in shadow found, which counts for nothing else here; ``rule_fingerprints`` says by id
    what each rule that ran meant; ``proof`` is the check of the finished scorecard. ``effects`` has a row an exception
    and figure that it could move by itself: exception_id, measure, scope_type, scope_id, and the ``least`` and ``most``
    that the figure could be once that record is put right, all else as recorded. ``filled`` is extract → column →
    how many records have a value there, for the columns that the gate looks at. ``compared_with`` is the end of the
    latest earlier month that the ledger knows, against which exceptions are new; ``notices`` what else it has to
    say; ``responses`` what teams answered, by exception, and still holds; ``recording`` what is counted of the records.
    """

    run_id: str
    project: Project
    period: dt.date
    started_at: dt.datetime
    finished_at: dt.datetime
    extracts: tuple[ExtractRead, ...]
    findings: Findings
    verdict: Verdict | None
    scorecard: Scorecard | None
    figures: tuple[Figure, ...]
    scopes: tuple[Scope, ...]
    versions: dict[str, str]
    fingerprints: dict[str, str]
    seconds: dict[str, float] = field(default_factory=dict)
    shadow: Findings | None = None
    rule_fingerprints: dict[str, str] = field(default_factory=dict)
    proof: Proof | None = None
    effects: pa.Table | None = None
    filled: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    compared_with: dt.date | None = None
    notices: tuple[str, ...] = ()
    responses: Mapping[str, Response] = field(default_factory=dict)
    recording: Recording = field(default_factory=Recording)
