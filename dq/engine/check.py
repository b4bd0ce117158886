"""Test every rule over the extracts: one status each, and a row for every exception."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlglot import exp

from dq.engine.compile import Dates, everywhere
from dq.engine.exceptions import ExceptionTable
from dq.engine.keys import KeyTable
from dq.engine.marks import MarkTable, marked
from dq.engine.places import Here, Place, StatementError
from dq.engine.plan import Step, make_plan, tables_of
from dq.engine.statements import Statement
from dq.engine.views import keep_views
from dq.library.policy import BoundRule, Library
from dq.model import Findings, Read, RuleResult, Status
from dq.workspace import Workspace

_FOUND = "found_now"


@dataclass(frozen=True)
class Absent:
    """What a run cannot read: extracts that did not arrive, and columns that extracts arrived without.

    Of the extracts ``latest_only`` the latest records are there, and none before them. ``cannot_tell`` is rule → why
    the source cannot answer it. ``not_held`` are the optional columns that the source does not hold: a rule that
    reads one has nothing to be tested on, and no figure is made of one.
    """

    extracts: Collection[str]
    columns: Collection[Read]
    latest_only: Collection[str] = ()
    cannot_tell: Mapping[str, str] = field(default_factory=dict)
    not_held: Collection[Read] = ()

    def reason(self, reads: Collection[Read]) -> str:
        """Return why something that reads ``reads`` cannot be worked out; empty if it can."""
        missing = sorted({extract for extract, _ in reads if extract in self.extracts})
        if missing:
            return f"no extract {', '.join(missing)}"
        return _lacks(reads, self.columns)

    def untested(self, bound: BoundRule) -> RuleResult | None:
        """Return how a rule ends that is not tested, with the reason; None if it is tested."""
        spared = {*bound.rule.without}
        needed = {read for read in bound.reads if spared.isdisjoint({read[0], ".".join(read)})}
        if reason := self.reason(needed) or self.cannot_tell.get(bound.rule.id, ""):
            return RuleResult(bound.rule, Status.SKIPPED, reason=reason)
        if reason := _lacks(needed, self.not_held):
            return RuleResult(bound.rule, Status.NOT_APPLICABLE, reason=reason)
        return None

    def reason_for_figure(self, reads: Collection[Read]) -> str:
        """Return why a figure that reads ``reads`` cannot be worked out; empty if it can.

        What a rule says of a record it says of the latest too, but for those that the source ``cannot_tell``. A figure
        counts, at this month end and at those before it, and the conditions do not show whether it counts records
        that are not there.
        """
        latest = sorted({extract for extract, _ in reads if extract in self.latest_only})
        if latest:
            return f"{', '.join(latest)} {'holds' if len(latest) == 1 else 'hold'} only the latest records"
        return self.reason(reads) or _lacks(reads, self.not_held)


def _lacks(reads: Collection[Read], absent: Collection[Read]) -> str:
    """Return in words which columns that are read are absent; empty if none is."""
    columns = sorted({f"{extract}.{column}" for extract, column in reads if (extract, column) in absent})
    return f"no column {', '.join(columns)}" if columns else ""


@dataclass(frozen=True)
class How:
    """How a check is done: the statements run in ``place``, by default the workspace itself.

    With ``keys_only`` exceptions are no more than rules and keys; ``marks`` are looked for or not. ``known`` says that
    there is something to compare them with. ``kept`` begins the names of the tables that hold the exceptions.
    """

    place: Place | None = None
    keys_only: bool = False
    marks: bool = True
    known: bool = False
    kept: str = "exception"


def check(
    workspace: Workspace,
    library: Library,
    rules: Sequence[BoundRule],
    dates: Dates,
    absent: Absent,
    progress: Callable[[str], None],
    how: How | None = None,
) -> Findings:
    """Test ``rules`` and return a result for each, in their order, with the table of exceptions.

    A rule that cannot run is ``skipped`` (what it reads is absent) or ``error`` (it failed), with the reason; one of
    an optional column that is not held is ``not_applicable``; the others are unaffected. Raises nothing for a rule's
    own fault.
    """
    how = how or How()
    place = how.place or Here(workspace, dates)
    results = {bound.rule.id: ended for bound in rules if (ended := absent.untested(bound))}
    runnable = [bound for bound in rules if bound.rule.id not in results]
    if not how.marks:
        runnable = [replace(bound, marks=()) for bound in runnable]
    plan = make_plan(library, runnable, keys_only=how.keys_only)
    progress("working out views")
    statements = dict(plan.views)
    failed = keep_views(library, statements, lambda view: place.keep(view, statements[view]))
    table: ExceptionTable | KeyTable
    if how.keys_only:
        table = KeyTable(workspace, how.kept)
    else:
        table = ExceptionTable(workspace, library, dates["period_end"], place, how.kept, how.known, failed)
    marks = MarkTable(workspace, library, place, how.kept) if marked(runnable) else None
    # Whole exceptions are told from views once all are found; keys are not, and their records may be many millions.
    over = plan.over_after(library) if how.keys_only else {}
    for number, step in enumerate(plan.steps):
        progress(f"testing {step.on}")
        broken = {b.rule.id: reason for b in step.rules if (reason := _failed(library, step, b, failed))}
        for bound in step.rules:
            if bound.rule.id in broken:
                results[bound.rule.id] = RuleResult(bound.rule, Status.ERROR, reason=broken[bound.rule.id])
        sound = step.only(bound for bound in step.rules if bound.rule.id not in broken)
        results.update(_test(workspace, library, sound, place, _Kept(table, marks)))
        for view in over.get(number, ()):
            if view not in failed:
                place.forget(view)
    findings = table.findings(tuple(results[bound.rule.id] for bound in rules))
    return replace(findings, marks=marks)


@dataclass(frozen=True)
class _Kept:
    """Where what is found is kept: exceptions, and the marks that go with them if any rule has some."""

    table: ExceptionTable | KeyTable
    marks: MarkTable | None

    def add(self, step: Step, found: str) -> dict[str, str]:
        """Add what the step's statement gave; return rule → why its marks could not be worked out."""
        unmarked = {} if self.marks is None else self.marks.add(step, found)
        self.table.add(step, found)
        return unmarked


def explain_check(
    workspace: Workspace,
    library: Library,
    rules: Sequence[BoundRule],
    dates: Dates,
    absent: Absent,
    place: Place | None = None,
) -> str:
    """Return the plan of a check in words and SQL, with how the engine would run each statement."""
    place = place or Here(workspace, dates)
    untested = {bound.rule.id: ended for bound in rules if (ended := absent.untested(bound))}
    plan = make_plan(library, [bound for bound in rules if bound.rule.id not in untested])
    statements = dict(plan.views)
    failed = keep_views(library, statements, lambda view: place.keep(view, statements[view]))

    def explained(statement: Statement) -> str:
        try:
            return place.explained(statement)
        except StatementError as error:
            return f"It would fail: {error}."

    said = [f"-- {ended.status.value}: {rule}, {ended.reason}" for rule, ended in untested.items()]
    said += [f"-- error: {reason}" for reason in failed.values()]
    return "\n\n".join([plan.text(library, explained), *said])


def _failed(library: Library, step: Step, bound: BoundRule, failed: Mapping[str, str]) -> str:
    """Return why a rule cannot be tested, where a view that it stands on or names has failed; else nothing."""
    for table in tables_of(library, [bound]):
        if table in failed:
            return failed[table]
    beneath = library.views[step.on].depends if step.inside else ()
    return next((f"view {view} failed" for view in beneath if view in failed), "")


def _test(workspace: Workspace, library: Library, step: Step, place: Place, kept: _Kept) -> dict[str, RuleResult]:
    """Test the rules of a step together; should that fail, find those at fault and test the others together."""
    if not step.rules:
        return {}
    began = time.perf_counter()
    try:
        place.find(step.finding(library), _FOUND)
        in_scope = place.count(step.counting(library))
    except StatementError as error:
        if len(step.rules) == 1:
            (only,) = step.rules
            return {only.rule.id: RuleResult(only.rule, Status.ERROR, reason=str(error))}
        return _without_faulty(workspace, library, step, place, kept)
    flagged = dict(workspace.execute(f"SELECT rule_no, count(*) FROM {_FOUND} GROUP BY rule_no").fetchall())
    unmarked = kept.add(step, _FOUND) if flagged else {}
    share = (time.perf_counter() - began) / len(step.rules)
    results = {}
    for i, bound in enumerate(step.rules):
        found = int(flagged.get(i, 0))
        status = Status.FLAGGED if found else Status.PASSED if in_scope[i] else Status.NOT_APPLICABLE
        reason = unmarked.get(bound.rule.id, "")
        results[bound.rule.id] = RuleResult(bound.rule, status, in_scope[i], found, reason, share)
    return results


def _without_faulty(
    workspace: Workspace, library: Library, step: Step, place: Place, kept: _Kept
) -> dict[str, RuleResult]:
    """Name the rules that cannot run, and test the rest together.

    What is wrong with a statement itself shows without reading a record. Only where that finds nothing is each rule
    run by itself, over its own columns alone.
    """
    faults = _faults(step, lambda only: place.accepts(only.finding(library)))
    if not faults:
        faults = _faults(step, lambda only: _probe(library, only, place))
    results = {
        bound.rule.id: RuleResult(bound.rule, Status.ERROR, reason=faults[bound.rule.id])
        for bound in step.rules
        if bound.rule.id in faults
    }
    sound = [bound for bound in step.rules if bound.rule.id not in faults]
    # Where none is at fault, the machine is too small for all of them at once.
    parts = [sound] if faults else [[bound] for bound in sound]
    for part in parts:
        results |= _test(workspace, library, step.only(part), place, kept)
    return results


def _faults(step: Step, attempt: Callable[[Step], object]) -> dict[str, str]:
    """Return rule → what went wrong, for the rules of a step with which the attempt fails when each is alone."""
    faults = {}
    for bound in step.rules:
        try:
            attempt(step.only([bound]))
        except StatementError as error:
            faults[bound.rule.id] = str(error)
    return faults


def _probe(library: Library, step: Step, place: Place) -> None:
    """Run one rule to the end and keep no row of it."""
    place.count(exp.select(exp.Count(this=exp.Star())).from_(step.finding(library).tree.subquery("probe")))
    if not all(everywhere(bound) for bound in step.rules):
        place.count(step.counting(library))
