"""Load the policy of a dataset: contracts, code lists, views, rules, indicators, scorecards, gates.

Everything is read, checked and bound before anything runs; all problems are told at once, each with its file
and line.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from dq.contracts.checks import contract_rules
from dq.language.bind import Bound, Tables, View, canonical, fingerprint, read_view
from dq.language.expression import DIALECT, Origin, parse_expression, parse_generated
from dq.library.folders import policy_files, policy_root
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
    rules: dict[str, BoundRule] = field(default_factory=dict)
    indicators: dict[str, BoundIndicator] = field(default_factory=dict)
    scorecards: dict[str, Scorecard] = field(default_factory=dict)
    gates: dict[str, Gate] = field(default_factory=dict)
    compiled_views: dict[str, str] = field(default_factory=dict)

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

    def fingerprints(self) -> dict[str, str]:
        """Return a fingerprint of what the rules mean, and of what the indicators mean."""
        views = [f"{name}={canonical(view.tree)}" for name, view in sorted(self.views.items())]
        limits = [f"{name}={value}" for name, value in sorted(self.thresholds.items())]
        rules = [
            f"{name}|{b.rule.severity}|{b.rule.on}|{canonical(b.where.tree)}|{canonical(b.expect.tree)}"
            for name, b in sorted(self.rules.items())
        ]
        indicators = [
            f"{name}|{b.indicator.on}|{b.indicator.period}|{canonical(b.denominator.tree)}"
            f"|{canonical(b.numerator.tree) if b.numerator else ''}"
            for name, b in sorted(self.indicators.items())
        ]
        return {
            "rules": fingerprint([*views, *limits, *rules]),
            "indicators": fingerprint([*views, *limits, *indicators]),
        }


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
    problems: list[Problem] = []
    contracts = _contracts(roots, dataset, problems)
    if not contracts and not problems:
        raise refuse(f"there is no dataset '{dataset}'.", project_file, instead=nearest(dataset, _datasets(roots)))
    code_lists = dict(_named(_declared(roots, "data/codes", CodeList, problems), roots, "data/codes"))
    limits = _thresholds(roots, dataset, thresholds or {}, problems, project_file)
    for document, contract in contracts.values():
        problems.extend(_faults(document, contract, {c.name: c for _, c in contracts.values()}, code_lists))
    _stop(problems)
    plain = {name: contract for name, (_, contract) in contracts.items()}
    library = Library(dataset, plain, code_lists, limits, Tables(plain, limits))
    _load_views(library, roots, problems)
    _stop(problems)
    _load_rules(library, roots, problems)
    _load_indicators(library, roots, problems)
    for card in _declared(roots, "reports/scorecards", Scorecard, problems, lambda path: {"id": path.stem}):
        library.scorecards[card.id] = card
        _check_scorecard(card, library, problems)
    for gate in _declared(roots, "checks/gates", Gate, problems, lambda path: {"id": path.stem}):
        library.gates[gate.id] = gate
    _stop(problems)
    _link(library)
    return library


def _stop(problems: Sequence[Problem]) -> None:
    if problems:
        raise ProblemsError(problems)


def _datasets(roots: Sequence[Path]) -> list[str]:
    return sorted({p.name for root in roots for p in (root / "checks").glob("*") if p.is_dir()} - {"gates"})


def _documents(roots: Sequence[Path], folder: str, problems: list[Problem]) -> Iterator[Document]:
    for _, path in policy_files(roots, folder, "*.yaml"):
        try:
            yield read_yaml(path)
        except ProblemsError as error:
            problems.extend(error.problems)


def _declared(
    roots: Sequence[Path],
    folder: str,
    model: type[D],
    problems: list[Problem],
    more: Callable[[Path], dict[str, str]] = lambda _path: {},
) -> Iterator[D]:
    with_path = "path" in model.model_fields
    for document in _documents(roots, folder, problems):
        try:
            place = {"path": document.path} if with_path else {}
            yield as_model(document, model, **place, **more(document.path))
        except ProblemsError as error:
            problems.extend(error.problems)


def _named(items: Iterable[D], roots: Sequence[Path], folder: str) -> Iterator[tuple[str, D]]:
    names = [relative.stem for relative, _ in policy_files(roots, folder, "*.yaml")]
    return zip(names, items, strict=False)


def _thresholds(
    roots: Sequence[Path],
    dataset: str,
    own: Mapping[str, float],
    problems: list[Problem],
    project_file: Path | None,
) -> dict[str, float]:
    values: dict[str, float] = {}
    for _, path in policy_files(roots, f"data/{dataset}", "thresholds.yaml"):
        document = read_yaml(path)
        for name, value in (document.value or {}).items():
            lines = {place[1:]: line for place, line in document.lines.items() if place[:1] == (name,)}
            part = Document(path, value, lines)
            try:
                values[name] = as_model(part, Threshold).value
            except ProblemsError as error:
                problems.extend(error.problems)
    for name, number in own.items():
        if name not in values:
            problems.append(Problem(f"there is no threshold '{name}'.", project_file, None, nearest(name, values)))
        values[name] = number
    return values


def _contracts(roots: Sequence[Path], dataset: str, problems: list[Problem]) -> dict[str, tuple[Document, Contract]]:
    found = {}
    for document in _documents(roots, f"checks/{dataset}", problems):
        name = document.path.stem
        try:
            found[name] = (document, as_model(document, Contract, name=name, path=document.path))
        except ProblemsError as error:
            problems.extend(error.problems)
    return found


def _faults(
    document: Document, contract: Contract, contracts: Mapping[str, Contract], code_lists: Mapping[str, CodeList]
) -> Iterator[Problem]:
    """Yield what a contract names and is not there: columns of its own, code lists, keys of other extracts."""

    def problem(what: str, place: tuple[str, ...], name: str, known: Iterable[str]) -> Problem:
        return Problem(what, document.path, document.line(place), nearest(name, known))

    for role in ("key", "person", "team", "worker", "event", "entered"):
        name = getattr(contract, role)
        if name is not None and name not in contract.columns:
            yield problem(f"'{role}' names no column '{name}'.", (role,), name, contract.columns)
    for name, column in contract.columns.items():
        if column.codes is not None and column.codes not in code_lists:
            place = ("columns", name, "codes")
            yield problem(f"{name}: there is no code list '{column.codes}'.", place, column.codes, code_lists)
        if column.references is not None:
            extract, _, key = column.references.partition(".")
            if extract not in contracts or key not in contracts[extract].columns:
                known = [f"{other.name}.{other.key}" for other in contracts.values()]
                place = ("columns", name, "references")
                yield problem(f"{name} references no '{column.references}'.", place, column.references, known)


def _load_views(library: Library, roots: Sequence[Path], problems: list[Problem]) -> None:
    waiting: dict[str, View] = {}
    for _, path in policy_files(roots, f"data/{library.dataset}/views", "*.sql"):
        try:
            waiting[path.stem] = read_view(path, path.read_text(encoding="utf-8"))
        except ProblemsError as error:
            problems.extend(error.problems)
    while waiting:
        ready = [view for view in waiting.values() if not any(name in waiting for name in view.depends)]
        if not ready:
            names = ", ".join(sorted(waiting))
            problems.append(Problem(f"these views depend on one another: {names}.", next(iter(waiting.values())).path))
            return
        for view in ready:
            del waiting[view.name]
            try:
                library.tables.add_view(view)
            except ProblemsError as error:
                problems.extend(error.problems)
                return


def _bind(library: Library, document: Document, key: str, text: str, on: str) -> Bound:
    origin = Origin(document.path, document.text_line((key,)), f"{document.path.stem}: {key}")
    return library.tables.bind(parse_expression(text, origin), on, origin)


def _load_rules(library: Library, roots: Sequence[Path], problems: list[Problem]) -> None:
    places: dict[str, Path] = {}
    for document in _documents(roots, f"rules/{library.dataset}", problems):
        path, name = document.path, document.path.stem
        if name in places:
            other = places[name]
            problems.append(Problem(f"there are two rules '{name}': the other is {other}.", path, 1, "Rename one."))
            continue
        places[name] = path
        try:
            rule = as_model(document, Rule, id=name, topic=path.parent.name, path=path)
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
    for document in _documents(roots, "reports/indicators", problems):
        path, name = document.path, document.path.stem
        try:
            indicator = as_model(document, Indicator, id=name, topic=path.parent.name, path=path)
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
            problems.append(Problem(f"there is no indicator '{line.indicator}'.", card.path, None, hint))


def _link(library: Library) -> None:
    """Find, for every rule, the indicators whose value its fields feed."""
    for name, bound in library.rules.items():
        fields = library.tables.cells(bound.rule.on, bound.rule.fields)
        feeds = tuple(i for i, indicator in library.indicators.items() if fields & indicator.reads)
        library.rules[name] = BoundRule(bound.rule, bound.where, bound.expect, feeds)


def is_counted(rule: Rule, period: dt.date) -> bool:
    """Whether a rule takes part in a run for a period: it is active, and the period is within its from and until."""
    begun = rule.since is None or rule.since <= period
    ended = rule.until is not None and rule.until < period
    return rule.status is RuleStatus.ACTIVE and begun and not ended
