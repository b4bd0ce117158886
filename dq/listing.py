"""The list of rules as people read it on a terminal: from the files alone, for a list should come at once."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

from dq.contracts.checks import contract_rules
from dq.library.declared import code_lists, contracts, datasets, read_rule, rule_files, stop
from dq.library.folders import policy_root
from dq.library.remembered import digests_of, place_of, remembered
from dq.model import Project, Rule, RuleStatus
from dq.problems import Problem, ProblemsError, nearest, refuse
from dq.project import FILE, open_project


class _Listed(NamedTuple):
    """What a line of the list says of a rule."""

    topic: str
    id: str
    severity: str
    status: str
    title: str


def list_rules(pattern: str, project: Path | None, *, with_contracts: bool, dataset: str | None = None) -> str:
    """Return the rules whose id or topic fits, a line each, by topic. Raises ProblemsError."""
    written, following = _rules(project, dataset)
    shown = [*written, *(following if with_contracts or pattern.startswith("contract") else ())]
    chosen = [rule for rule in shown if fnmatch(rule.id, pattern) or fnmatch(rule.topic, pattern)]
    if not chosen:
        known = [rule.id for rule in (*written, *following)]
        raise refuse(f"no rule is named like '{pattern}'.", instead=nearest(pattern, known))
    lines: list[str] = []
    topic = ""
    for rule in sorted(chosen, key=lambda rule: (rule.topic == "contract", rule)):
        if rule.topic != topic:
            topic = rule.topic
            lines.append(f"{'' if not lines else chr(10)}{topic}")
        status = "" if rule.status == RuleStatus.ACTIVE else f"[{rule.status}] "
        lines.append(f"  {rule.severity:<12}{rule.id:<36} {status}{rule.title}"[:100])
    more = "" if with_contracts else f"; {len(following)} more follow from the contracts (--contracts)"
    return "\n".join([*lines, "", f"{len(chosen)} rules{more}"])


def _rules(place: Path | None, other: str | None) -> tuple[list[_Listed], list[_Listed]]:
    """Return the rules people wrote, and those that follow from contracts."""
    project = open_project(place or Path()) if place is not None or Path(FILE).is_file() else None
    roots = [policy_root(), *([project.folder] if project else [])]
    dataset = other or (project.dataset if project else "casework")
    return remembered(place_of(digests_of(roots), dataset, "list"), lambda: _read(roots, dataset, project))


def _read(roots: Sequence[Path], dataset: str, project: Project | None) -> tuple[list[_Listed], list[_Listed]]:
    problems: list[Problem] = []
    found = contracts(roots, dataset, problems)
    if not found and not problems:
        known = datasets(roots)
        raise refuse(
            f"there is no dataset '{dataset}'.", project.path if project else None, None, nearest(dataset, known)
        )
    written: list[Rule] = []
    for path in rule_files(roots, dataset, problems):
        try:
            written.append(read_rule(path)[1])
        except ProblemsError as error:
            problems.extend(error.problems)
    lists = code_lists(roots, problems)
    stop(problems)
    following = [rule for _, contract in found.values() for rule in contract_rules(contract, lists)]
    return [_listed(rule) for rule in written], [_listed(rule) for rule in following]


def _listed(rule: Rule) -> _Listed:
    return _Listed(rule.topic, rule.id, rule.severity.value, rule.status.value, rule.title)
