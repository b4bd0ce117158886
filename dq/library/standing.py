"""What rules stand on: contracts, with the rules that follow from them, code lists, limits and views."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from dq.contracts.checks import contract_rules
from dq.language.bind import Tables, View, read_view
from dq.language.expression import Origin, is_name, parse_generated
from dq.library.contract_faults import NAMES, contract_faults
from dq.library.declared import code_lists, contracts, datasets, declared, stop, with_files
from dq.library.fingerprints import Fingerprints
from dq.library.folders import policy_files
from dq.library.limits import line_of, read_limits
from dq.library.policy import BoundRule, Library, placeholders
from dq.model import Bands, DocumentLayout, Notes
from dq.problems import Problem, ProblemsError, nearest, refuse

FOLDERS = ("checks", "data")
"""Where it is declared."""
_BORROWED = re.compile(r"-- as in: (\w+)")
"""All that there is in the file of a view that is another dataset's, word for word."""


def read_standing(
    dataset: str, roots: Sequence[Path], own_limits: Mapping[str, float], project_file: Path | None
) -> Library:
    """Return a policy without the rules people wrote. Raises ProblemsError with all problems found."""
    problems: list[Problem] = []
    found = contracts(roots, dataset, problems)
    if not found and not problems:
        line = line_of(project_file, "dataset")
        raise refuse(f"there is no dataset '{dataset}'.", project_file, line, nearest(dataset, datasets(roots)))
    lists = code_lists(roots, problems)
    limits = read_limits(roots, dataset, own_limits, project_file, problems)
    plain = {name: contract for name, (_, contract) in found.items()}
    for document, contract in found.values():
        problems.extend(contract_faults(document, contract, plain, lists))
    stop(problems)
    values = {name: limit.value for name, limit in limits.items()}
    library = Library(dataset, plain, lists, values, Tables(plain, limits), limits)
    for path, bands in with_files(roots, f"data/{dataset}/bands", Bands, problems):
        library.bands[path.stem] = bands
    layouts = declared(roots, f"data/{dataset}/xml", DocumentLayout, problems, lambda path: {"id": path.stem})
    library.documents = tuple(layouts)
    for path, notes in with_files(roots, f"data/{dataset}", Notes, problems, "notes.yaml"):
        library.note = notes.default
        problems.extend(_unknown_in_note(notes, path))
    _load_views(library, roots, problems)
    stop(problems)
    _add_contract_rules(library)
    return library


def _unknown_in_note(notes: Notes, path: Path) -> Iterator[Problem]:
    """Yield a problem for what a note of every query cannot name: it is of no table in particular."""
    for column in placeholders(notes.default):
        if column != "message":
            yield Problem(f"default: '{{{column}}}' is not known here.", path, 1, "{message} is the rule's message.")


def _load_views(library: Library, roots: Sequence[Path], problems: list[Problem]) -> None:
    """Bind every view after those it stands on. One that stands on a faulty view is passed over: its own is told."""
    waiting: dict[str, View] = {}
    faulty: set[str] = set()
    for _, path in policy_files(roots, f"data/{library.dataset}/views", "*.sql"):
        try:
            waiting[path.stem] = _read_view(path, library, roots)
        except ProblemsError as error:
            problems.extend(error.problems)
            faulty.add(path.stem)
    while waiting:
        ready = [view for view in waiting.values() if not any(name in waiting for name in view.depends)]
        if not ready:
            names = ", ".join(sorted(waiting))
            problems.append(Problem(f"these views depend on one another: {names}.", next(iter(waiting.values())).path))
            return
        for view in ready:
            del waiting[view.name]
            try:
                if faulty.isdisjoint(view.depends):
                    library.tables.add_view(view)
                else:
                    faulty.add(view.name)
            except ProblemsError as error:
                problems.extend(error.problems)
                faulty.add(view.name)


def _read_view(path: Path, library: Library, roots: Sequence[Path]) -> View:
    text = _text_of(path)
    if borrowed := _BORROWED.fullmatch(text.strip()):
        there = {view.stem: view for _, view in policy_files(roots, f"data/{borrowed[1]}/views", "*.sql")}
        if path.stem not in there:
            hint = nearest(path.stem, there) if there else nearest(borrowed[1], datasets(roots))
            raise refuse(f"dataset '{borrowed[1]}' has no view '{path.stem}'.", path, 1, hint)
        path = there[path.stem]
        text = _text_of(path)
    view = read_view(path, text)
    if view.name in library.contracts:
        raise refuse(f"'{view.name}' is the name of an extract.", path, 1, "Give the view another.")
    if not is_name(view.name):
        raise refuse(f"'{view.name}' cannot name a view.", path, 1, NAMES)
    if view.of is not None and view.of not in library.contracts:
        line = next(i for i, said in enumerate(text.splitlines(), 1) if said.startswith("--") and "of:" in said)
        raise refuse(f"there is no extract '{view.of}'.", path, line, nearest(view.of, library.contracts))
    return view


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise refuse("this file is not UTF-8 text.", path, instead="Save it as UTF-8.") from None


def _add_contract_rules(library: Library) -> None:
    marks = Fingerprints(library.tables, library.contracts, library.thresholds)
    true = parse_generated("true")
    for contract in library.contracts.values():
        for rule in contract_rules(contract, library.code_lists):
            origin = Origin(contract.path, None, rule.id)
            where = library.tables.bind(true, rule.on, origin)
            expect = library.tables.bind(parse_generated(rule.expect), rule.on, origin)
            library.rules[rule.id] = BoundRule(rule, where, expect, marks.of(rule, where, expect))
