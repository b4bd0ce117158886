"""Load the policy of a dataset: contracts, code lists, views, rules, indicators, scorecards, gates.

Everything is read, checked and bound before anything runs; all problems are told at once, each with its file
and line.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from dq.contracts.checks import contract_rules
from dq.language.bind import Bound, Tables, View, canonical, fingerprint, read_view
from dq.language.expression import DIALECT, Origin, is_name, parse_expression, parse_generated
from dq.library.contract_faults import NAMES, contract_faults
from dq.library.declared import code_lists, contracts, datasets, declared, documents, rules, stop
from dq.library.fingerprints import Fingerprints
from dq.library.folders import policy_files, policy_root
from dq.library.limits import line_of, read_limits
from dq.library.remembered import place_of, remembered
from dq.library.texts import Texts
from dq.library.yaml_file import Document, as_model, read_yaml
from dq.model import CodeList, Contract, Declared, Gate, Indicator, Rule, RuleStatus, Scorecard, Threshold
from dq.problems import Problem, ProblemsError, nearest, refuse

D = TypeVar("D", bound=Declared)


@dataclass(frozen=True)
class BoundRule:
    """A rule with its two conditions bound, and the indicators its fields feed."""

    rule: Rule
    where: Bound
    expect: Bound
    feeds: tuple[str, ...] = ()

    @property
    def reads(self) -> frozenset[tuple[str, str]]:
        """All (extract, column) pairs the rule reads."""
        return self.where.reads | self.expect.reads


@dataclass(frozen=True)
class BoundIndicator:
    """An indicator with its conditions bound; ``reads`` is all its value depends on."""

    indicator: Indicator
    denominator: Bound
    numerator: Bound | None

    @property
    def reads(self) -> frozenset[tuple[str, str]]:
        """All (extract, column) pairs the indicator's value depends on."""
        return self.denominator.reads | (self.numerator.reads if self.numerator else frozenset())


@dataclass
class Library:
    """The policy of one dataset, bound and ready to run."""

    dataset: str
    contracts: dict[str, Contract]
    code_lists: dict[str, CodeList]
    thresholds: dict[str, float]
    tables: Tables
    limits: dict[str, Threshold]
    rules: dict[str, BoundRule] = field(default_factory=dict)
    indicators: dict[str, BoundIndicator] = field(default_factory=dict)
    scorecards: dict[str, Scorecard] = field(default_factory=dict)
    gates: dict[str, Gate] = field(default_factory=dict)
    texts: Texts = field(default_factory=Texts)
    _marks: dict[str, str] = field(default_factory=dict)

    @property
    def views(self) -> Mapping[str, View]:
        """The views, by name."""
        return self.tables.views

    def sql(self) -> dict[str, str]:
        """Return the bound conditions of every rule and indicator, by id, as people may read them."""
        shown = {name: _shown({"in scope": b.where, "must hold": b.expect}) for name, b in self.rules.items()}
        for name, bound in self.indicators.items():
            numerator = {} if bound.numerator is None else {"numerator": bound.numerator}
            shown[name] = _shown({"denominator": bound.denominator, **numerator})
        return shown

    def rule_fingerprints(self) -> dict[str, str]:
        """Return a fingerprint of what each rule means, by its id."""
        if not self._marks:
            marks = Fingerprints(self.tables, self.contracts, self.thresholds)
            self._marks = {name: marks.of(bound.rule, bound.where, bound.expect) for name, bound in self.rules.items()}
        return self._marks

    def fingerprints(self) -> dict[str, str]:
        """Return a fingerprint of what the rules mean, and of what the indicators mean."""
        rules = [f"{name}={found}" for name, found in sorted(self.rule_fingerprints().items())]
        return {
            "rules": fingerprint(rules),
            "indicators": self.texts.of("fingerprint of indicators", self._indicators_fingerprint),
        }

    def _indicators_fingerprint(self) -> str:
        views = [f"{name}={canonical(view.tree)}" for name, view in sorted(self.views.items())]
        limits = [f"{name}={value}" for name, value in sorted(self.thresholds.items())]
        indicators = [
            f"{name}|{b.indicator.on}|{b.indicator.period}|{canonical(b.denominator.tree)}"
            f"|{canonical(b.numerator.tree) if b.numerator else ''}"
            for name, b in sorted(self.indicators.items())
        ]
        return fingerprint([*views, *limits, *indicators])


def _shown(conditions: Mapping[str, Bound]) -> str:
    return "\n\n".join(f"-- {what}\n{bound.tree.sql(DIALECT, pretty=True)}" for what, bound in conditions.items())


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
    said = (dataset, sorted(limits.items()), project_file)
    place = place_of(roots, said)
    library = remembered(place, lambda: _read(dataset, roots, limits, project_file))
    library.texts = Texts(place)
    return library


def _read(dataset: str, roots: Sequence[Path], own_limits: Mapping[str, float], project_file: Path | None) -> Library:
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
    _load_views(library, roots, problems)
    stop(problems)
    _load_rules(library, roots, problems)
    _load_indicators(library, roots, problems)
    for card in declared(roots, "reports/scorecards", Scorecard, problems, lambda path: {"id": path.stem}):
        if card.dataset == library.dataset:
            library.scorecards[card.id] = card
            _check_scorecard(card, library, problems)
    for gate in declared(roots, "checks/gates", Gate, problems, lambda path: {"id": path.stem}):
        library.gates[gate.id] = gate
    stop(problems)
    _link(library)
    library.rule_fingerprints()
    return library


def _load_views(library: Library, roots: Sequence[Path], problems: list[Problem]) -> None:
    """Bind every view after those it stands on. One that stands on a faulty view is passed over: its own is told."""
    waiting: dict[str, View] = {}
    faulty: set[str] = set()
    for _, path in policy_files(roots, f"data/{library.dataset}/views", "*.sql"):
        try:
            waiting[path.stem] = _read_view(path, library)
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


def _read_view(path: Path, library: Library) -> View:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise refuse("this file is not UTF-8 text.", path, instead="Save it as UTF-8.") from None
    view = read_view(path, text)
    if view.name in library.contracts:
        raise refuse(f"'{view.name}' is the name of an extract.", path, 1, "Give the view another.")
    if not is_name(view.name):
        raise refuse(f"'{view.name}' cannot name a view.", path, 1, NAMES)
    if view.of is not None and view.of not in library.contracts:
        line = next(i for i, said in enumerate(text.splitlines(), 1) if said.startswith("--") and "of:" in said)
        raise refuse(f"there is no extract '{view.of}'.", path, line, nearest(view.of, library.contracts))
    return view


def _bind(library: Library, document: Document, key: str, text: str, on: str) -> Bound:
    origin = Origin(document.path, document.text_line((key,)), f"{document.path.stem}: {key}")
    return library.tables.bind(parse_expression(text, origin), on, origin)


def _load_rules(library: Library, roots: Sequence[Path], problems: list[Problem]) -> None:
    for document, rule in rules(roots, library.dataset, problems):
        path, name = document.path, rule.id
        try:
            library.tables.check_on(rule.on, Origin(path, document.line(("on",)), name))
            bound = BoundRule(
                rule,
                _bind(library, document, "where", rule.where, rule.on),
                _bind(library, document, "expect", rule.expect, rule.on),
            )
            _check_rule(rule, library, document)
            library.rules[name] = bound
        except ProblemsError as error:
            problems.extend(error.problems)
    true = parse_generated("true")
    for contract in library.contracts.values():
        for rule in contract_rules(contract, library.code_lists):
            origin = Origin(contract.path, None, rule.id)
            expect = library.tables.bind(parse_generated(rule.expect), rule.on, origin)
            library.rules[rule.id] = BoundRule(rule, library.tables.bind(true, rule.on, origin), expect)


def _check_rule(rule: Rule, library: Library, document: Document) -> None:
    columns = [c for c in library.tables.columns[rule.on] if c != "unread"]
    for i, name in enumerate(rule.fields):
        if name not in columns:
            line = document.line(("fields", i))
            raise refuse(f"fields: {rule.on} has no column '{name}'.", document.path, line, nearest(name, columns))
    for name in placeholders(rule.message):
        if name not in columns:
            line = document.line(("message",))
            raise refuse(f"message: {rule.on} has no column '{name}'.", document.path, line, nearest(name, columns))
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
                if column not in library.contracts[extract].columns:
                    line = document.line(("examples", i, "given", extract, j))
                    hint = nearest(column, library.contracts[extract].columns)
                    raise refuse(f"{extract} has no column '{column}'.", document.path, line, hint)


def placeholders(message: str) -> list[str]:
    """Return the columns named in braces in a message."""
    return [part.partition("}")[0] for part in message.split("{")[1:]]


def _load_indicators(library: Library, roots: Sequence[Path], problems: list[Problem]) -> None:
    for document in documents(roots, "reports/indicators", problems):
        path, name = document.path, document.path.stem
        try:
            indicator = as_model(document, Indicator, id=name, topic=path.parent.name, path=path)
            if indicator.dataset != library.dataset:
                continue
            library.tables.check_on(indicator.on, Origin(path, document.line(("on",)), name))
            if name in library.indicators:
                raise refuse(f"there are two indicators '{name}'.", path, 1, "Rename one.")
            denominator, numerator = _bind(library, document, "denominator", indicator.denominator, indicator.on), None
            if indicator.numerator is not None:
                numerator = _bind(library, document, "numerator", indicator.numerator, indicator.on)
            for i, example in enumerate(indicator.examples):
                _check_given(example.given, library, document, i)
            for needed in ("team_id", "person_id"):
                if needed not in library.tables.columns[indicator.on]:
                    line = document.line(("on",))
                    raise refuse(f"view '{indicator.on}' has no column '{needed}'.", path, line, "Add it to the view.")
            library.indicators[name] = BoundIndicator(indicator, denominator, numerator)
        except ProblemsError as error:
            problems.extend(error.problems)


def _check_scorecard(card: Scorecard, library: Library, problems: list[Problem]) -> None:
    for line in card.lines:
        if line.indicator not in library.indicators:
            hint = nearest(line.indicator, library.indicators)
            place = _line_of(card.path, line.indicator)
            problems.append(Problem(f"there is no indicator '{line.indicator}'.", card.path, place, hint))


def _line_of(path: Path | None, indicator: str) -> int | None:
    """Return the line of a scorecard's file on which it names an indicator."""
    if path is None:
        return None
    document = read_yaml(path)
    for i, section in enumerate(document.value["sections"]):
        for j, line in enumerate(section["lines"]):
            if line["indicator"] == indicator:
                return document.line(("sections", i, "lines", j, "indicator"))
    return None


def _link(library: Library) -> None:
    """Find, for every rule, the indicators whose value its fields feed."""
    for name, bound in library.rules.items():
        fields = library.tables.cells(bound.rule.on, bound.rule.fields)
        feeds = tuple(i for i, indicator in library.indicators.items() if fields & indicator.reads)
        library.rules[name] = BoundRule(bound.rule, bound.where, bound.expect, feeds)


def is_counted(rule: Rule, period: dt.date) -> bool:
    """Whether a rule takes part in a run for a period: it is active, and the period is within its from and until."""
    return rule.status is RuleStatus.ACTIVE and _in_force(rule, period)


def runs_in_shadow(rule: Rule, period: dt.date) -> bool:
    """Whether a rule runs beside the others for a period, to see what it would find, and is counted nowhere."""
    return rule.status is RuleStatus.SHADOW and _in_force(rule, period)


def _in_force(rule: Rule, period: dt.date) -> bool:
    begun = rule.since is None or rule.since <= period
    ended = rule.until is not None and rule.until < period
    return begun and not ended
