"""The libraries as people read them on a terminal or a page: rules and indicators, listed, shown, tested."""

from __future__ import annotations

import json
import textwrap
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from dq.engine.examples import run_examples
from dq.indicators.examples import run_indicator_examples
from dq.library.load import BoundIndicator, BoundRule, Library, load_library
from dq.outputs import whole_folder
from dq.problems import nearest, refuse
from dq.reports.rule_page import write_rule_pages
from dq.workspace import open_workspace

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


def list_rules(pattern: str, contracts: bool, as_json: bool) -> str:
    """Return the rules whose id or topic fits, a line each, by topic."""
    library = load_library()
    chosen = _rules(library, pattern, contracts or pattern.startswith("contract"))
    if not chosen:
        raise refuse(f"no rule is named like '{pattern}'.", instead=nearest(pattern, library.rules))
    if as_json:
        return json.dumps([_rule_facts(bound) for bound in chosen], indent=2)
    lines: list[str] = []
    topic = ""
    for bound in chosen:
        if bound.rule.topic != topic:
            topic = bound.rule.topic
            lines.append(f"{'' if not lines else chr(10)}{topic}")
        lines.append(f"  {bound.rule.severity.value:<12}{bound.rule.id:<36} {bound.rule.title}"[:100])
    hidden = sum(bound.rule.topic == "contract" for bound in library.rules.values())
    shown = f"{len(chosen)} rules"
    more = "" if contracts else f"; {hidden} more follow from the contracts (--contracts)"
    return "\n".join([*lines, "", shown + more])


def list_thresholds() -> str:
    """Return the limits that rules, views and indicators name."""
    return "\n".join(f"{name:<32}{value:>8g}" for name, value in sorted(load_library().thresholds.items()))


def _reads(bound: BoundRule | BoundIndicator) -> list[str]:
    return sorted(f"{extract}.{column}" for extract, column in bound.reads)


def _rule_facts(bound: BoundRule) -> dict[str, Any]:
    rule = bound.rule
    return {
        "id": rule.id, "title": rule.title, "severity": rule.severity.value, "dimension": rule.dimension.value,
        "on": rule.on, "where": rule.where, "expect": rule.expect, "fields": rule.fields, "owner": rule.owner,
        "why": rule.why, "fix": rule.fix, "source": rule.source, "reads": _reads(bound), "feeds": list(bound.feeds),
    }  # fmt: skip


def _paragraph(heading: str, text: str | None) -> list[str]:
    return [] if not text else ["", heading, textwrap.indent(textwrap.fill(text, 96), "  ")]


def show_rule(rule_id: str, as_json: bool) -> str:
    """Return one rule in full."""
    library = load_library()
    if rule_id not in library.rules:
        raise refuse(f"there is no rule '{rule_id}'.", instead=nearest(rule_id, library.rules))
    bound = library.rules[rule_id]
    rule = bound.rule
    if as_json:
        return json.dumps(_rule_facts(bound), indent=2)
    return "\n".join(
        [
            f"{rule.title}  ({rule.id}; {rule.severity.value}; {rule.dimension.value})",
            *_paragraph("Tested on", f"{rule.on}, where {rule.where}"),
            *_paragraph("What must hold", rule.expect),
            *_paragraph("Why it matters", rule.why),
            *_paragraph("How to put it right", rule.fix),
            *_paragraph("Source", rule.source),
            *_paragraph("Reads", ", ".join(_reads(bound))),
            *_paragraph("Figures it moves", ", ".join(bound.feeds) or "none of this version"),
            *_paragraph("Examples", "; ".join(example.name for example in rule.examples)),
            "",
            f"{rule.path}",
        ]
    )


def _indicator_facts(bound: BoundIndicator, library: Library) -> dict[str, Any]:
    indicator = bound.indicator
    return {
        "id": indicator.id, "title": indicator.title, "unit": indicator.unit.value, "on": indicator.on,
        "polarity": indicator.polarity.value, "period": indicator.period.value, "definition": indicator.definition,
        "denominator": indicator.denominator, "numerator": indicator.numerator, "source": indicator.source,
        "reads": _reads(bound), "fed_by": [name for name, rule in library.rules.items() if indicator.id in rule.feeds],
    }  # fmt: skip


def list_indicators(as_json: bool) -> str:
    """Return the indicators, a line each, by topic."""
    library = load_library()
    if as_json:
        return json.dumps([_indicator_facts(bound, library) for bound in library.indicators.values()], indent=2)
    return "\n".join(
        f"{i.topic:<12}{i.id:<34}{i.unit.value:<9}{i.period.value:<10}{i.title}"[:100]
        for i in (bound.indicator for bound in library.indicators.values())
    )


def show_indicator(indicator_id: str, as_json: bool) -> str:
    """Return one indicator in full."""
    library = load_library()
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
            *_paragraph("One row", library.views[indicator.on].one_row),
            *_paragraph("Denominator", indicator.denominator),
            *_paragraph("Numerator", indicator.numerator),
            *_paragraph("Source", indicator.source),
            *_paragraph("Reads", ", ".join(facts["reads"])),
            *_paragraph("Rules that feed it", ", ".join(facts["fed_by"])),
            "",
            f"{indicator.path}",
        ]
    )


def test_examples(pattern: str) -> tuple[str, int]:
    """Run the examples of rules and indicators whose id or topic fits. Return a report, and how many disagree."""
    library = load_library()
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


def write_docs(out: Path) -> int:
    """Write a page for every rule and indicator; return how many."""
    library = load_library()
    rules = _rules(library, "*")
    feeds = {bound.rule.id: bound.feeds for bound in rules}
    figures = [bound.indicator for bound in library.indicators.values()]
    with whole_folder(out, mark=_MARK) as folder:
        (folder / _MARK[0]).write_text(f"{_MARK[1]}: it is written anew each time.\n", encoding="utf-8")
        write_rule_pages([bound.rule for bound in rules], figures, feeds, library.sql(), folder)
    return len(rules) + len(figures)
