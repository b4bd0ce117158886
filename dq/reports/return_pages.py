"""A return as pages: the children in doubt and a page for each, the rules and a page for each that found anything.

A child has a page of its own, so that it can be printed or handed to whoever holds the case, with nothing of any other
child in it. A child's page is numbered and not called by the child's id: ids are no names of files, and two that differ
in capitals alone would be one file on some disks.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dq.model import DoubtfulChild, DoubtfulRow, DoubtfulTable, Fault, Rule, RuleResult, RunResult, Severity, Status
from dq.reports import words
from dq.reports.lists import name_of
from dq.reports.page_kit import write_page
from dq.reports.return_words import NO_CHILD, told_of

_LAST = "_last"
_Tables = list[tuple[str, tuple[str, ...], list[DoubtfulRow]]]


@dataclass(frozen=True)
class Child:
    """A child of the index, with the number of its page."""

    number: int
    said: DoubtfulChild

    @property
    def name(self) -> str:
        """The child's id, or what stands for none."""
        return self.said.id or NO_CHILD


@dataclass(frozen=True)
class RuleOfChild:
    """A rule that finds something about a child: its words, and each exception in words with table and row."""

    rule: Rule
    faults: tuple[Fault, ...]


def write_return_pages(
    result: RunResult,
    children: Sequence[DoubtfulChild],
    tables: Sequence[DoubtfulTable],
    faults: Sequence[Fault],
    out: Path,
) -> None:
    """Write ``index.html``, ``rules.html``, ``children/<number>.html`` and ``rules/<rule>.html`` into ``out``."""
    numbered = [Child(number, said) for number, said in enumerate(children, start=1)]
    rules = {one.rule.id: one.rule for one in result.findings.results}
    _write_children(result, numbered, tables, faults, rules, out)
    _write_rules(result, numbered, faults, out)
    named = Counter(rule for child in children for rule in child.rules)
    write_page(
        "return_index.html.j2",
        out / "index.html",
        result=result,
        children=numbered,
        teams=_teams(result, children),
        bypassed=any(child.bypassed for child in children),
        rules=sorted(((rules[rule], count) for rule, count in named.items()), key=lambda one: one[0].id),
        ended=result.findings.counts(),
    )


def _teams(result: RunResult, children: Iterable[DoubtfulChild]) -> dict[str, str]:
    """Return the teams that hold the cases of children, by name: id → name."""
    named = {child.team: name_of(result, child.team) for child in children if child.team is not None}
    return dict(sorted(named.items(), key=lambda one: one[1]))


def _write_children(
    result: RunResult,
    children: Sequence[Child],
    tables: Sequence[DoubtfulTable],
    faults: Iterable[Fault],
    rules: Mapping[str, Rule],
    out: Path,
) -> None:
    found: dict[str | None, dict[str, list[Fault]]] = {}
    for fault in faults:
        found.setdefault(fault.child, {}).setdefault(fault.rule, []).append(fault)
    held = _by_child(tables)
    for child in children:
        own = found.get(child.said.id, {})
        told = [RuleOfChild(rules[rule], tuple(own.get(rule, ()))) for rule in child.said.rules]
        write_page(
            "return_child.html.j2",
            out / "children" / f"{child.number}.html",
            result=result,
            child=child,
            rules=sorted(told, key=lambda one: (one.rule.severity is not Severity.ERROR, one.rule.id)),
            tables=held.get(child.said.id, []),
            table_words=table_words,
            cell=cell,
            team=child.said.team and name_of(result, child.said.team),
            last=len(children),
        )


def _by_child(tables: Iterable[DoubtfulTable]) -> dict[str | None, _Tables]:
    """Return child → its tables, each with its headings and the child's rows in it."""
    held: dict[str | None, _Tables] = {}
    for table in tables:
        rows: dict[str | None, list[DoubtfulRow]] = {}
        for row in table.rows:
            rows.setdefault(row.child, []).append(row)
        for child, own in rows.items():
            held.setdefault(child, []).append((table.name, table.headings, own))
    return held


def _write_rules(result: RunResult, children: Sequence[Child], faults: Iterable[Fault], out: Path) -> None:
    numbers = {child.said.id: child for child in children}
    found: dict[str, Counter[str | None]] = {}
    for fault in faults:
        found.setdefault(fault.rule, Counter())[fault.child] += 1
    flagged = [one for one in result.findings.results if one.status is Status.FLAGGED]
    for one in flagged:
        of = found.get(one.rule.id, Counter())
        own = [(numbers[child], count) for child, count in of.items() if child in numbers]
        write_page(
            "return_rule.html.j2",
            out / "rules" / f"{one.rule.id}.html",
            result=result,
            found=one,
            rule=one.rule,
            children=sorted(own, key=lambda item: (-item[1], item[0].name)),
        )
    write_page(
        "return_rules.html.j2",
        out / "rules.html",
        result=result,
        groups=_groups(result.findings.results),
        children={rule: len(of) for rule, of in found.items()},
        bypassed=any(one.bypassed for one in flagged),
    )


def _groups(results: Iterable[RuleResult]) -> list[tuple[str, list[RuleResult]]]:
    """Return the rules by how they ended: those that did not run first, then those that found anything."""
    names = {Status.ERROR: "Not run", Status.SKIPPED: "Not run", Status.FLAGGED: "Found something"}
    groups: dict[str, list[RuleResult]] = {}
    for one in told_of(results):
        groups.setdefault(names.get(one.status, "Found nothing"), []).append(one)
    return list(groups.items())


def table_words(name: str) -> str:
    """Return what a table is called on a page: episodes, last year."""
    return f"{name.removesuffix(_LAST)}, last year" if name.endswith(_LAST) else name


def cell(value: object) -> str:
    """Return a cell as the page shows it: a day as 31 Aug 2016, nothing as nothing."""
    return "" if value is None else words.day(value) if isinstance(value, dt.date) else str(value)
