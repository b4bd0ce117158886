"""The manual that rules and indicators write of themselves: a page each, and an index by topic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from dq.model import Example, Indicator, IndicatorExample, Rule, RuleResult
from dq.reports.page_kit import write_page

OWNERS = {
    "team_now": "The team that holds the child's case now.",
    "team_at_event": "The team that held the child's case on the day it happened.",
}


@dataclass(frozen=True)
class GivenTable:
    """The records of one extract in an example: the columns any of them has, and a text for each cell."""

    extract: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def write_rule_pages(
    rules: Sequence[Rule],
    indicators: Sequence[Indicator],
    feeds: Mapping[str, Sequence[str]],
    sql: Mapping[str, str],
    out: Path,
    results: Mapping[str, RuleResult] | None = None,
    *,
    with_language: bool = False,
) -> None:
    """Write ``index.html``, ``rules/<id>.html`` and ``indicators/<id>.html`` under ``out``.

    ``feeds`` maps a rule's id to the indicators its exceptions touch; ``sql`` maps the id of a rule or indicator to
    its expression as SQL; ``results`` maps a rule's id to how it ended in a run, where there was one. With
    ``with_language`` the index leads to the pages of the language, which stand beside these.
    """
    known = {indicator.id: indicator for indicator in indicators}
    fed_by = {name: [rule for rule in rules if name in feeds.get(rule.id, ())] for name in known}
    for rule in rules:
        write_page(
            "rule.html.j2",
            out / "rules" / f"{rule.id}.html",
            rule=rule,
            owner=OWNERS[rule.owner],
            moves=[known[name] for name in feeds.get(rule.id, ()) if name in known],
            sql=sql.get(rule.id),
            with_run=results is not None,
            found=(results or {}).get(rule.id),
            examples=[(example, given_tables(example)) for example in rule.examples],
        )
    for indicator in indicators:
        write_page(
            "indicator.html.j2",
            out / "indicators" / f"{indicator.id}.html",
            indicator=indicator,
            touched_by=fed_by[indicator.id],
            sql=sql.get(indicator.id),
            examples=[(example, given_tables(example)) for example in indicator.examples],
        )
    write_page(
        "manual.html.j2",
        out / "index.html",
        topics=by_topic(rules),
        indicator_topics=by_topic(indicators),
        rules=len(rules),
        indicators=len(indicators),
        with_language=with_language,
    )


def given_tables(example: Example | IndicatorExample) -> list[GivenTable]:
    """Return the records an example is given, a table for each extract."""
    return [_given_table(extract, rows) for extract, rows in example.given.items()]


def by_topic(things: Iterable[Any]) -> list[tuple[str, list[Any]]]:
    """Return (topic, rules or indicators) in order of topic and title; what has no topic comes last."""
    ordered = sorted(things, key=lambda thing: (not thing.topic, thing.topic, thing.title, thing.id))
    return [(topic or "contract", list(group)) for topic, group in groupby(ordered, key=lambda thing: thing.topic)]


def _given_table(extract: str, rows: Sequence[Mapping[str, Any]]) -> GivenTable:
    columns = tuple(dict.fromkeys(column for row in rows for column in row))
    texts = tuple(tuple("" if row.get(column) is None else str(row[column]) for column in columns) for row in rows)
    return GivenTable(extract, columns, texts)
