"""Load the policy of a dataset: contracts, code lists, views, rules, indicators, scorecards, gates.

Everything is read, checked and bound before anything runs; all problems are told at once, each with its file
and line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from dq.language.bind import Bound
from dq.language.expression import Origin, parse_expression
from dq.library.declared import declared, read_rule, rule_files, stop
from dq.library.fingerprints import Fingerprints
from dq.library.folders import policy_root
from dq.library.measures import check_scorecard, load_indicators
from dq.library.opened import opened_by, other_cells
from dq.library.policy import BoundIndicator, BoundMark, BoundRule, Library, placeholders
from dq.library.remembered import ReadBefore, digests_of, mark_of, place_of, remembered
from dq.library.standing import FOLDERS, read_standing
from dq.library.texts import Texts
from dq.library.totals import load_totals
from dq.library.yaml_file import Document, Place
from dq.model import Gate, Read, Rule, Scorecard
from dq.problems import Problem, ProblemsError, nearest, refuse


def load_library(
    dataset: str = "casework",
    project: Path | None = None,
    thresholds: Mapping[str, float] | None = None,
    project_file: Path | None = None,
) -> Library:
    """Load everything of a dataset from the shipped policy and, over it, a project's own folders.

    ``thresholds`` are an authority's own limits. Raises ProblemsError with all problems found.
    """
    roots = [policy_root(), *([project] if project else [])]
    limits = dict(thresholds or {})
    said = (dataset, sorted(limits.items()), project_file if limits else None)
    digests = digests_of(roots)
    library = remembered(
        place_of(digests, said, "standing", FOLDERS), lambda: read_standing(dataset, roots, limits, project_file)
    )
    library.texts = Texts(place_of(digests, said, "texts"))
    library.words = mark_of(digests)
    problems: list[Problem] = []
    before: ReadBefore[BoundRule] = ReadBefore(place_of(digests, said, "rules", FOLDERS), digests)
    _load_rules(library, roots, before, problems)
    measures: ReadBefore[BoundIndicator] = ReadBefore(place_of(digests, said, "indicators", FOLDERS), digests)
    load_indicators(library, roots, measures, _check_given, problems)
    for card in declared(roots, "reports/scorecards", Scorecard, problems, lambda path: {"id": path.stem}):
        if card.dataset == library.dataset:
            library.scorecards[card.id] = check_scorecard(card, library, problems)
    for gate in declared(roots, "checks/gates", Gate, problems, lambda path: {"id": path.stem}):
        library.gates[gate.id] = gate
    load_totals(library, roots, problems)
    stop(problems)
    before.keep()
    measures.keep()
    _link(library)
    return library


def _bind(library: Library, document: Document, key: str, text: str, on: str) -> Bound:
    origin = Origin(document.path, document.text_line((key,)), f"{document.path.stem}: {key}")
    return library.tables.bind(parse_expression(text, origin), on, origin)


def _load_rules(
    library: Library, roots: Sequence[Path], before: ReadBefore[BoundRule], problems: list[Problem]
) -> None:
    """Add the rules people wrote, ahead of those that follow from contracts."""
    marks = Fingerprints(library.tables, library.contracts, library.thresholds)
    following, library.rules = library.rules, {}
    for path in rule_files(roots, library.dataset, problems):
        try:
            library.rules[path.stem] = before.of(path, partial(_read_rule, path, library, marks))
        except ProblemsError as error:
            problems.extend(error.problems)
    library.rules.update(following)


def _read_rule(path: Path, library: Library, marks: Fingerprints) -> BoundRule:
    document, rule = read_rule(path)
    library.tables.check_on(rule.on, Origin(path, document.line(("on",)), rule.id))
    where = _bind(library, document, "where", rule.where, rule.on)
    expect = _bind(library, document, "expect", rule.expect, rule.on)
    _check_rule(rule, library, document)
    marked = tuple(_bind_mark(rule, library, document, i) for i in range(len(rule.marks)))
    return BoundRule(rule, where, expect, marks.of(rule, where, expect, marked), marks=marked)


def _bind_mark(rule: Rule, library: Library, document: Document, i: int) -> BoundMark:
    mark, place = rule.marks[i], ("marks", i)
    if mark.table not in library.contracts:
        line, hint = document.line((*place, "table")), nearest(mark.table, library.contracts)
        raise refuse(f"marks: there is no extract '{mark.table}'.", document.path, line, hint)
    _check_columns(mark.fields, mark.table, library, document, (*place, "fields"))
    origin = Origin(document.path, document.text_line((*place, "where")), f"{rule.id}: marks: where")
    return BoundMark(mark, library.tables.bind_mark(parse_expression(mark.where, origin), rule.on, mark, origin))


def _check_columns(names: Iterable[str], on: str, library: Library, document: Document, place: Place) -> None:
    columns = [c for c in library.tables.columns[on] if c != "unread"]
    for i, name in enumerate(names):
        if name not in columns:
            said = f"{place[0]}: {on} has no column '{name}'."
            raise refuse(said, document.path, document.line((*place, i)), nearest(name, columns))


def _check_rule(rule: Rule, library: Library, document: Document) -> None:
    known = {f"{name}.{column}" for name, contract in library.contracts.items() for column in contract.columns}
    extracts = set(library.contracts)
    for key, named, there, what in (
        ("without", rule.without, known | extracts, "extract or column"),
        ("besides", rule.besides, known, "column"),
        ("missing", rule.missing, extracts, "extract"),
    ):
        for i, read in enumerate(named):
            if read not in there:
                line = document.line((key, i))
                raise refuse(f"{key}: there is no {what} '{read}'.", document.path, line, nearest(read, there))
    _check_columns(rule.fields, rule.on, library, document, ("fields",))
    _check_columns(placeholders(rule.message), rule.on, library, document, ("message",))
    _check_columns(placeholders(rule.note or ""), rule.on, library, document, ("note",))
    if rule.on in library.views and library.views[rule.on].of is None:
        raise refuse(
            f"rows of view '{rule.on}' are not records of an extract, so they cannot be flagged.",
            document.path, document.line(("on",)), f"Add '-- of: <extract>' to {library.views[rule.on].path.name}.",
        )  # fmt: skip
    for i, example in enumerate(rule.examples):
        _check_given(example.given, library, document, i)


def _check_given(given: Mapping[str, list[dict[str, object]]], library: Library, document: Document, i: int) -> None:
    for extract, rows in given.items():
        if extract not in library.contracts:
            line = document.line(("examples", i, "given", extract))
            raise refuse(f"there is no extract '{extract}'.", document.path, line, nearest(extract, library.contracts))
        for j, row in enumerate(rows):
            for column in row:
                if column not in library.contracts[extract].all_columns:
                    line = document.line(("examples", i, "given", extract, j))
                    hint = nearest(column, library.contracts[extract].all_columns)
                    raise refuse(f"{extract} has no column '{column}'.", document.path, line, hint)


def _link(library: Library) -> None:
    """Find, for every rule, the indicators whose value what it leaves open feeds."""
    readers: dict[Read, set[str]] = defaultdict(set)
    for name, indicator in library.indicators.items():
        for read in indicator.reads:
            readers[read].add(name)
    for name, bound in library.rules.items():
        opened = opened_by(library, bound.rule)
        fed = set().union(*(readers.get(cell, ()) for cell in opened.own | other_cells(library, opened)))
        library.rules[name] = replace(bound, feeds=tuple(name for name in library.indicators if name in fed))
