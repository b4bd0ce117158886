"""Indicators read and bound, and scorecards held against them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from dq.language.bind import Bound
from dq.language.expression import Origin, parse_expression
from dq.library.breakdowns import OTHER, UNKNOWN, parts
from dq.library.folders import policy_files
from dq.library.policy import Base, BoundIndicator, Library
from dq.library.remembered import ReadBefore
from dq.library.yaml_file import Document, as_model, read_yaml
from dq.model import Breakdown, ColumnType, Indicator, Line, PeriodKind, Project, Scorecard, Unit
from dq.problems import Problem, ProblemsError, nearest, refuse

CheckGiven = Callable[[Mapping[str, list[dict[str, object]]], Library, Document, int], None]
"""Refuses the records of an example that no extract could hold."""


def load_indicators(
    library: Library,
    roots: Sequence[Path],
    before: ReadBefore[BoundIndicator],
    check_given: CheckGiven,
    problems: list[Problem],
) -> None:
    """Add every indicator of the library's dataset; what is wrong with one leaves out no other."""
    lists_at = {path.stem: path for _, path in policy_files(roots, "data/codes", "*.yaml")}
    for _, path in policy_files(roots, "reports/indicators", "*.yaml"):
        try:
            bound = before.of(path, partial(_read, path, library, lists_at, check_given))
            if bound.indicator.dataset != library.dataset:
                continue
            if path.stem in library.indicators:
                raise refuse(f"there are two indicators '{path.stem}'.", path, 1, "Rename one.")
            library.indicators[path.stem] = bound
        except ProblemsError as error:
            problems.extend(error.problems)
    for name, bound in library.indicators.items():
        try:
            library.indicators[name] = _with_ratio(bound, library)
        except ProblemsError as error:
            problems.extend(error.problems)


def _read(path: Path, library: Library, lists_at: Mapping[str, Path], check_given: CheckGiven) -> BoundIndicator:
    document = read_yaml(path)
    indicator = as_model(document, Indicator, id=path.stem, topic=path.parent.name, path=path)
    if indicator.dataset != library.dataset:
        return BoundIndicator(indicator, None)
    for i, example in enumerate(indicator.examples):
        check_given(example.given, library, document, i)
    bound = _bound(indicator, document, library)
    examples = list(indicator.examples)
    for i, example in enumerate(examples):
        missing = [split for split in example.splits if split not in bound.splits]
        elsewhere = {split for split in missing if _has_other_codes(indicator, split, lists_at)}
        if refused := [split for split in missing if split not in elsewhere]:
            line = document.line(("examples", i, "splits", refused[0]))
            raise refuse(f"it has no split '{refused[0]}'.", path, line, nearest(refused[0], bound.splits))
        kept = {split: tally for split, tally in example.splits.items() if split not in elsewhere}
        examples[i] = example.model_copy(update={"splits": kept})
    return replace(bound, indicator=indicator.model_copy(update={"examples": examples}))


def _has_other_codes(indicator: Indicator, split: str, lists_at: Mapping[str, Path]) -> bool:
    """Return whether a split is by a code list that an authority has put in the place of the one the examples know."""
    breakdown = indicator.breakdowns.get(split.partition("=")[0])
    if breakdown is None or breakdown.codes is None or indicator.path is None:
        return False
    return lists_at[breakdown.codes].parents[2] != indicator.path.parents[3]


def _bound(indicator: Indicator, document: Document, library: Library) -> BoundIndicator:
    if indicator.on is None or indicator.denominator is None:
        return BoundIndicator(indicator, None)
    path = document.path
    on = indicator.on
    library.tables.check_on(on, Origin(path, document.line(("on",)), path.stem))
    if "team_id" not in library.tables.columns[on]:
        line = document.line(("on",))
        raise refuse(f"view '{on}' has no column 'team_id'.", path, line, "Add it to the view.")

    def bound(text: str | None, *keys: str, condition: bool = True) -> Bound | None:
        if text is None:
            return None
        origin = Origin(path, document.text_line(keys), f"{path.stem}: {'.'.join(keys)}")
        return library.tables.bind(parse_expression(text, origin, condition=condition), on, origin)

    denominator = bound(indicator.denominator, "denominator")
    assert denominator is not None  # noqa: S101 - it is not None above
    base = Base(
        on=on,
        denominator=denominator,
        numerator=bound(indicator.numerator, "numerator"),
        value=bound(indicator.value, "value", condition=False),
        weight=bound(indicator.weight, "weight", condition=False),
    )
    _check_late(indicator, base, document, library)
    splits = {name: bound(text, "splits", name) for name, text in indicator.splits.items()}
    titles: dict[str, str] = {}
    for name, breakdown in indicator.breakdowns.items():
        _check_breakdown(document, name, breakdown, library)
        for part in parts(breakdown, library.code_lists, library.bands):
            splits[f"{name}={part.name}"] = bound(part.condition, "breakdowns", name)
            titles[f"{name}={part.name}"] = part.title
    known = {name: split for name, split in splits.items() if split is not None}
    return BoundIndicator(indicator, base, splits=known, titles=titles)


def _check_late(indicator: Indicator, base: Base, document: Document, library: Library) -> None:
    """Refuse a ``late`` that is no day which the figure rests on, of records that say when they were entered."""
    if indicator.late is None:
        return
    extract, day = indicator.late.split(".")
    line = document.line(("late",))
    contract = library.contracts.get(extract)
    if contract is None:
        raise refuse(f"there is no extract '{extract}'.", document.path, line, nearest(extract, library.contracts))
    days = [name for name, column in contract.columns.items() if column.type in {ColumnType.DATE, ColumnType.DATETIME}]
    if day not in days:
        raise refuse(f"'{day}' is no day of {extract}.", document.path, line, nearest(day, days))
    if contract.entered is None or contract.person is None or "person_id" not in library.tables.columns[base.on]:
        words = f"'{extract}' does not say when a record was entered, or whose it is."
        raise refuse(words, document.path, line, "Its contract says 'entered' and 'person', and the view 'person_id'.")
    if not any((extract, day) in part.reads for part in base.parts.values()):
        raise refuse(f"it does not rest on {extract}.{day}.", document.path, line, "Name a day that moves the figure.")


def _check_breakdown(document: Document, name: str, breakdown: Breakdown, library: Library) -> None:
    there: tuple[tuple[str, str | None, Collection[str]], ...] = (
        ("codes", breakdown.codes, library.code_lists),
        ("bands", breakdown.bands, library.bands),
    )
    for key, asked, known in there:
        if asked is not None and asked not in known:
            line = document.line(("breakdowns", name, key))
            raise refuse(f"there are no {key} '{asked}'.", document.path, line, nearest(asked, known))
    taken = next((group for group in breakdown.groups if group in {OTHER, UNKNOWN}), None)
    if taken is not None:
        line = document.line(("breakdowns", name, "groups", taken))
        raise refuse(f"'{taken}' is a part of its own already.", document.path, line, "Give the group another name.")
    told = [code for group in breakdown.groups.values() for code in group]
    twice = next((code for code in told if told.count(code) > 1), None)
    if twice is not None:
        line = document.line(("breakdowns", name, "groups"))
        raise refuse(f"'{twice}' is in two groups.", document.path, line, "A row is in one part alone.")


def _with_ratio(bound: BoundIndicator, library: Library) -> BoundIndicator:
    ratio = bound.indicator.ratio
    if ratio is None:
        return bound
    path = bound.indicator.path
    assert path is not None  # noqa: S101 - it was read from a file
    document, parts = read_yaml(path), []
    for key, name in (("of", ratio.of), ("per", ratio.per)):
        part, line = library.indicators.get(name), document.line(("ratio", key))
        if part is None:
            raise refuse(f"there is no indicator '{name}'.", path, line, nearest(name, library.indicators))
        if part.indicator.unit is not Unit.COUNT:
            raise refuse(f"'{name}' is no count.", path, line, "A ratio is of two indicators with unit count.")
        parts.append(part)
    if parts[0].indicator.period is not bound.indicator.period:
        line = document.line(("period",))
        raise refuse(f"'{ratio.of}' is of another period.", path, line, f"period: {parts[0].indicator.period}")
    return replace(bound, ratio=(parts[0], parts[1]))


def scorecard_of(library: Library, project: Project) -> Scorecard:
    """Return the scorecard that a project names. Raises ProblemsError where there is none."""
    if project.scorecard not in library.scorecards:
        hint = nearest(project.scorecard, library.scorecards)
        raise refuse(f"there is no scorecard '{project.scorecard}'.", project.path, instead=hint)
    return library.scorecards[project.scorecard]


def check_scorecard(card: Scorecard, library: Library, problems: list[Problem]) -> Scorecard:
    """Return the scorecard with the parts of its breakdowns; add a problem for every line that cannot be shown."""
    over: dict[str, PeriodKind | None] = {}
    known = {name: bound.indicator.unit for name, bound in library.indicators.items()}
    counts = {line.indicator for line in card.lines if line.split == "all" and known.get(line.indicator) is Unit.COUNT}
    for line in card.lines:
        bound = library.indicators.get(line.indicator)
        if bound is None:
            hint = nearest(line.indicator, library.indicators)
            words, key = f"there is no indicator '{line.indicator}'.", "indicator"
        elif line.split != "all" and line.split not in bound.splits:
            hint = nearest(line.split, bound.splits) or "It has none."
            words, key = f"indicator '{line.indicator}' has no split '{line.split}'.", "split"
        elif line.breakdown is not None and line.breakdown not in bound.indicator.breakdowns:
            hint = nearest(line.breakdown, bound.indicator.breakdowns) or "It has none."
            words, key = f"indicator '{line.indicator}' has no breakdown '{line.breakdown}'.", "breakdown"
        elif line.share_of is not None and (bound.indicator.unit is not Unit.COUNT or line.share_of not in counts):
            hint = nearest(line.share_of, counts) or "Both are counts, and the scorecard shows the other whole."
            words, key = f"'{line.indicator}' cannot be shown as a share of '{line.share_of}'.", "share_of"
        elif line.rest and bound.indicator.unit is not Unit.PERCENT:
            hint = "Only a percentage leaves a rest."
            words, key = f"indicator '{line.indicator}' is no percentage.", "rest"
        elif line.period is not None and not bound.may_be_over(line.period):
            hint = f"Leave 'period' out: it is of a {bound.indicator.period.value.replace('_', ' ')}."
            words, key = f"indicator '{line.indicator}' cannot be of a {line.period.value.replace('_', ' ')}.", "period"
        elif over.setdefault(line.indicator, line.period) is not line.period:
            hint = "A scorecard shows an indicator over one stretch of time."
            words, key = f"indicator '{line.indicator}' is here over another period already.", "period"
        else:
            continue
        problems.append(Problem(words, card.path, _line_of(card.path, line.indicator, key), hint))
    return _with_parts(card, library)


def _with_parts(card: Scorecard, library: Library) -> Scorecard:
    def told(line: Line) -> Line:
        known = line.breakdown is not None and line.indicator in library.indicators
        return line.with_parts(library.indicators[line.indicator].titles) if known else line

    sections = [
        section.model_copy(update={"lines": [told(line) for line in section.lines]}) for section in card.sections
    ]
    return card.model_copy(update={"sections": sections})


def _line_of(path: Path | None, indicator: str, key: str) -> int | None:
    """Return the line of a scorecard's file on which it names an indicator, or says something else of it."""
    if path is None:
        return None
    document = read_yaml(path)
    for i, section in enumerate(document.value["sections"]):
        for j, line in enumerate(section["lines"]):
            if line["indicator"] == indicator and key in line:
                return document.line(("sections", i, "lines", j, key))
    return None
