"""The libraries as people read them on a terminal or a page: rules and indicators, listed, shown, tested."""

from __future__ import annotations

import datetime as dt
import json
import textwrap
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from dq.engine.examples import run_examples
from dq.indicators.examples import run_indicator_examples
from dq.library.folders import policy_root
from dq.library.load import load_library
from dq.library.policy import BoundIndicator, BoundRule, Library
from dq.model import Rule, RuleStatus
from dq.outputs import whole_folder
from dq.problems import ProblemsError, nearest, refuse
from dq.project import FILE, open_project
from dq.reports.rule_page import write_rule_pages
from dq.workspace import open_workspace

CASEWORK = "casework"
_SCHEMAS = ("settings.json", '"yaml.schemas"')
_MARK = ("READ-ME.txt", "This folder was made by dq rules docs")


def _fits(pattern: str, *names: str) -> bool:
    return any(fnmatch(name, pattern) for name in names)


def _rules(library: Library, pattern: str, contracts: bool = True) -> list[BoundRule]:
    chosen = [
        bound
        for bound in library.rules.values()
        if _fits(pattern, bound.rule.id, bound.rule.topic) and (contracts or bound.rule.topic != "contract")
    ]
    return sorted(chosen, key=lambda bound: (bound.rule.topic == "contract", bound.rule.topic, bound.rule.id))


def open_library(place: Path | None = None, dataset: str | None = None) -> Library:
    """Return the shipped policy, with that of a project over it: ``place``, or else the folder we are in, if it is one.

    ``dataset`` is another than the project's, whose own limits are then not asked. Raises ProblemsError.
    """
    if place is None and not Path(FILE).is_file():
        return load_library(dataset or CASEWORK)
    project = open_project(place or Path())
    if dataset not in {None, project.dataset}:
        return load_library(dataset or CASEWORK, project.folder)
    return load_library(project.dataset, project.folder, project.thresholds, project.path)


def rules_as_json(pattern: str, contracts: bool, project: Path | None, dataset: str | None = None) -> str:
    """Return the rules whose id or topic fits, with what they read and feed, as JSON."""
    library = open_library(project, dataset)
    chosen = _rules(library, pattern, contracts or pattern.startswith("contract"))
    if not chosen:
        raise refuse(f"no rule is named like '{pattern}'.", instead=nearest(pattern, library.rules))
    marks = library.rule_fingerprints()
    return json.dumps([_rule_facts(bound, marks) for bound in chosen], indent=2)


def list_thresholds(pattern: str, project: Path | None, as_json: bool) -> str:
    """Return the limits that rules, views and indicators name, with what they are for: those a pattern fits.

    Raises ProblemsError where it fits none.
    """
    known = open_library(project).limits
    limits = sorted((name, limit) for name, limit in known.items() if fnmatch(name, pattern))
    if not limits:
        raise refuse(f"no limit is named like '{pattern}'.", instead=nearest(pattern, known))
    if as_json:
        return json.dumps([{"name": name, **limit.model_dump()} for name, limit in limits], indent=2)
    lines = [f":{name:<30}{limit.value:>6g} {limit.unit:<13}{limit.title}" for name, limit in limits]
    return "\n".join([*(line[:100] for line in lines), "", "An authority says its own under 'thresholds' in dq.yaml."])


def _reads(bound: BoundRule | BoundIndicator) -> list[str]:
    return sorted(f"{extract}.{column}" for extract, column in bound.reads)


def _rule_facts(bound: BoundRule, marks: Mapping[str, str]) -> dict[str, Any]:
    rule = bound.rule
    return {
        "id": rule.id, "title": rule.title, "severity": rule.severity.value, "dimension": rule.dimension.value,
        "on": rule.on, "where": rule.where, "expect": rule.expect, "fields": rule.fields, "besides": rule.besides,
        "missing": rule.missing, "extra": rule.extra,
        "owner": rule.owner,
        "why": rule.why, "fix": rule.fix, "source": rule.source, "reads": _reads(bound), "feeds": list(bound.feeds),
        "status": rule.status.value, "from": _day(rule.since), "until": _day(rule.until),
        "fingerprint": marks[rule.id],
        "stage": rule.stage, "edition": rule.edition, "note": rule.note,
    }  # fmt: skip


def _status(rule: Rule) -> str:
    return "" if rule.status is RuleStatus.ACTIVE else f"[{rule.status.value}] "


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _paragraph(heading: str, text: str | None) -> list[str]:
    return [] if not text else ["", heading, textwrap.indent(textwrap.fill(text, 96), "  ")]


def show_rule(rule_id: str, as_json: bool, project: Path | None, dataset: str | None = None) -> str:
    """Return one rule in full."""
    library = open_library(project, dataset)
    if rule_id not in library.rules:
        raise refuse(f"there is no rule '{rule_id}'.", instead=nearest(rule_id, library.rules))
    bound = library.rules[rule_id]
    rule = bound.rule
    if as_json:
        return json.dumps(_rule_facts(bound, library.rule_fingerprints()), indent=2)
    return "\n".join(
        [
            f"{_status(rule)}{rule.title}  ({rule.id}; {rule.severity.value}; {rule.dimension.value})",
            *_paragraph("Tested on", f"{rule.on}, where {rule.where}"),
            *_paragraph("What must hold", rule.expect),
            *_paragraph("Codes as of", rule.edition),
            *_paragraph("Why it matters", rule.why),
            *_paragraph("How to put it right", rule.fix),
            *_paragraph("The note to send, if it is right", rule.note),
            *_paragraph("Source", rule.source),
            *_paragraph("Reads", ", ".join(_reads(bound))),
            *_paragraph("Putting it right may change", ", ".join([*rule.fields, *rule.may_change_besides])),
            *_paragraph("Figures it moves", ", ".join(bound.feeds) or "none of this version"),
            *_paragraph("Examples", "; ".join(example.name for example in rule.examples)),
            *_paragraph("Fingerprint of its meaning", library.rule_fingerprints()[rule_id]),
            "",
            f"{rule.path}",
        ]
    )


def _indicator_facts(bound: BoundIndicator, library: Library) -> dict[str, Any]:
    indicator = bound.indicator
    return {
        "id": indicator.id, "title": indicator.title, "unit": indicator.unit.value, "on": indicator.on,
        "polarity": indicator.polarity.value, "period": indicator.period.value, "definition": indicator.definition,
        "denominator": indicator.denominator, "numerator": indicator.numerator, "value": indicator.value,
        "weight": indicator.weight, "ratio": None if indicator.ratio is None else indicator.ratio.model_dump(),
        "splits": indicator.splits, "late": indicator.late, "source": indicator.source,
        "reads": _reads(bound), "fed_by": [name for name, rule in library.rules.items() if indicator.id in rule.feeds],
    }  # fmt: skip


def _made_of(bound: BoundIndicator, library: Library) -> Iterator[tuple[str, str | None]]:
    indicator = bound.indicator
    if indicator.ratio is not None:
        yield "Ratio", f"{indicator.ratio.of} per {indicator.ratio.per}"
    if indicator.on is not None:
        view = library.views.get(indicator.on)
        yield "One row", library.contracts[indicator.on].one_row if view is None else view.one_row
    yield from (("Denominator", indicator.denominator), ("Numerator", indicator.numerator))
    yield from (("Value", indicator.value), ("Weight", indicator.weight))
    yield from ((f"Split {name}", condition) for name, condition in indicator.splits.items())
    for name in indicator.breakdowns:
        titles = [title for part, title in bound.titles.items() if part.partition("=")[0] == name]
        yield f"Breakdown {name}, of {indicator.breakdowns[name].of}", ", ".join(titles)


def list_indicators(as_json: bool, project: Path | None) -> str:
    """Return the indicators, a line each, by topic."""
    library = open_library(project)
    if as_json:
        return json.dumps([_indicator_facts(bound, library) for bound in library.indicators.values()], indent=2)
    return "\n".join(
        f"{i.topic:<12}{i.id:<34}{i.unit.value:<9}{i.period.value:<10}{i.title}"[:100]
        for i in (bound.indicator for bound in library.indicators.values())
    )


def show_indicator(indicator_id: str, as_json: bool, project: Path | None) -> str:
    """Return one indicator in full."""
    library = open_library(project)
    if indicator_id not in library.indicators:
        raise refuse(f"there is no indicator '{indicator_id}'.", instead=nearest(indicator_id, library.indicators))
    bound = library.indicators[indicator_id]
    indicator = bound.indicator
    facts = _indicator_facts(bound, library)
    if as_json:
        return json.dumps(facts, indent=2)
    return "\n".join(
        [
            f"{indicator.title}  ({indicator.id}; {indicator.unit.value}; {indicator.period.value})",
            *_paragraph("Definition", indicator.definition),
            *(line for name, text in _made_of(bound, library) for line in _paragraph(name, text)),
            *_paragraph("Source", indicator.source),
            *_paragraph("Reads", ", ".join(facts["reads"])),
            *_paragraph("Entered late", indicator.late),
            *_paragraph("Rules that feed it", ", ".join(facts["fed_by"])),
            "",
            f"{indicator.path}",
        ]
    )


def test_examples(pattern: str, project: Path | None, dataset: str | None) -> tuple[str, int]:
    """Run the examples of rules and indicators whose id or topic fits. Return a report, and how many disagree."""
    library = open_library(project, dataset)
    chosen = _rules(library, pattern)
    figures = [b for b in library.indicators.values() if _fits(pattern, b.indicator.id, b.indicator.topic)]
    with open_workspace() as workspace:
        outcomes = [*run_examples(workspace, library, chosen), *run_indicator_examples(workspace, library, figures)]
    faults = [outcome for outcome in outcomes if outcome.fault]
    lines = [f"{outcome.rule_id}: example '{outcome.example}': {outcome.fault}" for outcome in faults]
    if not outcomes:
        known = [*library.rules, *library.indicators]
        raise refuse(f"no rule or indicator with examples is named like '{pattern}'.", instead=nearest(pattern, known))
    owners = len({outcome.rule_id for outcome in outcomes})
    lines.append(f"{len(outcomes)} examples of {owners} rules and indicators, {len(faults)} disagree")
    return "\n".join(lines), len(faults)


def write_docs(out: Path, project: Path | None, dataset: str | None = None) -> int:
    """Write a page for every rule, indicator and function, and one for the limits; return how many."""
    from dq.library.function_examples import function_examples
    from dq.reports.function_page import write_function_pages

    library = open_library(project, dataset)
    functions = function_examples()
    rules = _rules(library, "*")
    feeds = {bound.rule.id: bound.feeds for bound in rules}
    figures = [bound.indicator for bound in library.indicators.values()]
    with whole_folder(out, mark=_MARK) as folder:
        (folder / _MARK[0]).write_text(f"{_MARK[1]}: it is written anew each time.\n", encoding="utf-8")
        write_rule_pages([b.rule for b in rules], figures, feeds, library.sql(), folder, with_language=True)
        write_function_pages(list(functions.values()), library.limits, folder)
    return len(rules) + len(figures) + len(functions) + 1


def new_rule(name: str, on: str, topic: str | None, project: Path | None) -> str:
    """Write a new rule into a project, or the folder we are in, and run its examples. Return what to do next."""
    from dq.library.scaffold import new_rule as write_new_rule

    folder = project or Path()
    if project is None and not Path(FILE).is_file() and folder.resolve() != policy_root():
        raise refuse("this folder is no project.", instead="Say which with --in, or make one with dq init.")
    path = write_new_rule(open_library(project), folder if folder.is_dir() else folder.parent, name, on, topic)
    try:
        report, _ = test_examples(name, project, None)
    except ProblemsError:
        path.unlink()
        raise
    lines = [
        f"Made {path}", f"  {report}", "",
        "Next: say what it expects ('where' and 'expect'), why, and in its examples what your records look like.",
        f"  dq rules test {name} --watch       runs them each time you save",
        "  dq check                            says what it finds; in shadow it is counted nowhere",
        "When it finds what it should and nothing else: status: active",
    ]  # fmt: skip
    return "\n".join(lines)


def write_schemas(out: Path) -> int:
    """Write a JSON Schema for every kind of YAML file, and the settings that tell VS Code of them; return how many."""
    from dq.library.schemas import KINDS, Kind, editor_settings, schema_of_kind
    from dq.sample.recipe import Recipe

    kinds = {**KINDS, "recipe": Kind(Recipe, ("data/recipes/*.yaml",))}
    with whole_folder(out, mark=_SCHEMAS) as folder:
        for name, kind in kinds.items():
            _write_json(schema_of_kind(kind), folder / f"{name}.json")
        _write_json(editor_settings(kinds, f"./{out.name}"), folder / _SCHEMAS[0])
    return len(kinds)


def _write_json(facts: object, path: Path) -> None:
    path.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
