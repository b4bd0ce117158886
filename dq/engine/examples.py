"""Run the examples of rules: the given records through contract, views and engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from dq.engine.check import Absent, How, check
from dq.engine.compile import dates_at
from dq.library.policy import BoundRule, Library
from dq.model import Example, Status
from dq.sources.load import load_rows
from dq.sources.reference import add_calendar, add_postcodes
from dq.workspace import Workspace, name


@dataclass(frozen=True)
class ExampleOutcome:
    """What an example should give and what it gave; ``fault`` is empty when they agree."""

    rule_id: str
    example: str
    fault: str


def run_examples(workspace: Workspace, library: Library, rules: Iterable[BoundRule]) -> Iterator[ExampleOutcome]:
    """Run every example of ``rules`` and yield how each came out."""
    prepare(workspace, library)
    # Records by the handful: more than one thread would only wait for another.
    workspace.execute("SET threads = 1")
    for bound in rules:
        for example in bound.rule.examples:
            yield ExampleOutcome(bound.rule.id, example.name, _run(workspace, library, bound, example))
    library.texts.keep()


def prepare(workspace: Workspace, library: Library) -> None:
    """Make every extract, empty, and the calendar, ready for examples."""
    for contract in library.contracts.values():
        load_rows(workspace, contract, [])
    add_calendar(workspace)


@contextmanager
def given(workspace: Workspace, library: Library, records: Mapping[str, list[dict[str, Any]]]) -> Iterator[None]:
    """Load the records of an example, and clear them at the end; every other extract is there and empty."""
    chosen = [library.contracts[extract] for extract in records]
    for contract in chosen:
        load_rows(workspace, contract, records[contract.name])
    add_postcodes(workspace, chosen)
    yield
    for contract in chosen:
        workspace.execute(f"TRUNCATE {name(contract.name)}")


def _run(workspace: Workspace, library: Library, bound: BoundRule, example: Example) -> str:
    with given(workspace, library, example.given):
        # Which records fail is asked, and not whose they are.
        how = How(keys_only=True)
        findings = check(workspace, library, [bound], dates_at(example.period), Absent((), ()), lambda _: None, how)
    (result,) = findings.results
    if result.status is Status.ERROR:
        return f"it failed to run: {result.reason}"
    flagged = sorted(findings.exceptions["record_key"].to_pylist())
    if flagged != sorted(example.flags):
        return f"flags {_listed(flagged)}, not {_listed(sorted(example.flags))}"
    marked = defaultdict(set)
    for mark in [] if findings.marks is None else findings.marks.table().to_pylist():
        marked[mark["extract"]].add(mark["record_key"])
    if marked != {extract: set(keys) for extract, keys in example.marks.items() if keys}:
        said = {extract: sorted(keys) for extract, keys in marked.items()}
        return f"marks {said or 'nothing'}, not {example.marks or 'nothing'}"
    if example.in_scope is not None and result.in_scope != example.in_scope:
        return f"has {result.in_scope} in scope, not {example.in_scope}"
    return ""


def _listed(keys: list[str]) -> str:
    return ", ".join(keys) if keys else "nothing"
