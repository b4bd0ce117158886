"""Test every rule over the extracts: one status each, and a row for every exception."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import duckdb

from dq.engine.compile import Dates, rules_statement
from dq.engine.exceptions import ExceptionTable
from dq.engine.views import fault, work_out_views
from dq.library.load import BoundRule, Library
from dq.model import Findings, Read, RuleResult, Status
from dq.workspace import Workspace, name

_TESTED = "tested_now"


@dataclass(frozen=True)
class Absent:
    """What a run cannot read: extracts that did not arrive, and columns that extracts arrived without."""

    extracts: Collection[str]
    columns: Collection[Read]

    def reason(self, reads: Collection[Read]) -> str:
        """Return why something that reads ``reads`` cannot be worked out; empty if it can."""
        missing = sorted({extract for extract, _ in reads if extract in self.extracts})
        if missing:
            return f"no extract {', '.join(missing)}"
        columns = sorted({f"{extract}.{column}" for extract, column in reads if (extract, column) in self.columns})
        return f"no column {', '.join(columns)}" if columns else ""


def check(
    workspace: Workspace,
    library: Library,
    rules: Sequence[BoundRule],
    dates: Dates,
    absent: Absent,
    progress: Callable[[str], None],
) -> Findings:
    """Test ``rules`` and return a result for each, in their order, with the table of exceptions.

    A rule that cannot run is ``skipped`` (what it reads is absent) or ``error`` (it failed), with the reason;
    the others are unaffected. Raises nothing for a rule's own fault.
    """
    table = ExceptionTable(workspace, library, dates["period_end"])
    results: dict[str, RuleResult] = {}
    waiting: dict[str, list[BoundRule]] = defaultdict(list)
    for bound in rules:
        reason = absent.reason(bound.reads)
        if reason:
            results[bound.rule.id] = RuleResult(bound.rule, Status.SKIPPED, reason=reason)
        else:
            waiting[bound.rule.on].append(bound)
    named = {table for group in waiting.values() for bound in group for table in _tables(library, bound)}
    progress("working out views")
    failed = work_out_views(workspace, library, [*named, *table.views], dates)
    for on, group in waiting.items():
        progress(f"testing {on}")
        broken = {b.rule.id: failed[t] for b in group for t in _tables(library, b) if t in failed}
        for bound in group:
            if bound.rule.id in broken:
                results[bound.rule.id] = RuleResult(bound.rule, Status.ERROR, reason=broken[bound.rule.id])
        sound = [bound for bound in group if bound.rule.id not in broken]
        results.update(_test(workspace, library, on, sound, dates, table))
    ordered = tuple(results[bound.rule.id] for bound in rules)
    return Findings(ordered, table.rows([result.rule.id for result in ordered]))


def _tables(library: Library, bound: BoundRule) -> set[str]:
    named = library.tables.tables_named(bound.where.tree) | library.tables.tables_named(bound.expect.tree)
    return {bound.rule.on, *named}


def _test(
    workspace: Workspace,
    library: Library,
    on: str,
    rules: Sequence[BoundRule],
    dates: Dates,
    table: ExceptionTable,
) -> dict[str, RuleResult]:
    """Test rules over one table in one statement; if that fails, halve until the rule at fault stands alone."""
    if not rules:
        return {}
    began = time.perf_counter()
    try:
        statement = rules_statement(on, rules, library.thresholds)
        workspace.execute(f"CREATE OR REPLACE TEMP TABLE {_TESTED} AS {statement}", dates)
    except duckdb.Error as error:
        if len(rules) == 1:
            only = rules[0].rule
            return {only.id: RuleResult(only, Status.ERROR, reason=fault(error))}
        half = len(rules) // 2
        return {
            **_test(workspace, library, on, rules[:half], dates, table),
            **_test(workspace, library, on, rules[half:], dates, table),
        }
    counted = workspace.row(
        f"SELECT {', '.join(f'n{i}, coalesce(len(f{i}), 0)' for i in range(len(rules)))} FROM {name(_TESTED)}"
    )
    share = (time.perf_counter() - began) / len(rules)
    results = {}
    for i, bound in enumerate(rules):
        in_scope, flagged = int(counted[2 * i]), int(counted[2 * i + 1])
        started = time.perf_counter()
        if flagged:
            table.add(bound, f"SELECT unnest(f{i}) FROM {_TESTED}")
        status = Status.FLAGGED if flagged else Status.PASSED if in_scope else Status.NOT_APPLICABLE
        seconds = share + time.perf_counter() - started
        results[bound.rule.id] = RuleResult(bound.rule, status, in_scope, flagged, seconds=seconds)
    return results
