"""The Data Docs of a run: pages an auditor can browse from a folder, with no network.

Great Expectations writes a page of results for each set of checks; what it says is kept, and set in a frame that
needs nothing from the internet. Its index is made by a script, so ours takes its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from dq.gate.columns import COLUMNS, Kind
from dq.gate.facts import Facts, rows_of
from dq.gate.outcome import Outcome, weightiest
from dq.gate.sections import sections
from dq.gate.sentences import NAMES_SHOWN, worded
from dq.model import Gate, Verdict

SUITES: dict[Kind, str] = {
    "extracts": "Extracts: what arrived",
    "fields": "Fields: how far they are filled in",
    "rules": "Rules: what ran",
    "teams": "Teams: whose the exceptions are",
    "figures": "Figures: movements and colours",
    "totals": "Totals: counts that must agree",
    "run": "The run as a whole",
}
"""What each set of checks is called on the pages."""

_SHORT: dict[Kind, str] = {
    "extracts": "Extracts",
    "fields": "Fields",
    "rules": "Rules",
    "teams": "Teams",
    "figures": "Figures",
    "totals": "Totals",
    "run": "The run",
}
_KINDS = {"leave": "Leave to skip rules", "confirmed": "Figure confirmed"}
_ASIDE = {
    "extracts": {"size_known"},
    "fields": {"extract"},
    "figures": {"measure", "is_share", "has_colour"},
    "totals": {"known"},
}
"""Columns that say nothing to a reader beside the others."""
_WHOLE: tuple[Kind, ...] = ("fields", "teams", "figures", "totals")
"""The facts that their own page shows in full; those of extracts and of the run are on the first."""
_STATES = {"passed": "Passed", "failed": "Failed", "untested": "Not judged", "crashed": "Could not be judged"}
_IF_NOT = {"stop": "Stop", "caveats": "Caveat"}
_HEADINGS = {
    "Table-Level Expectations": "More than one column, or the whole table",
    "Status": "Result",
    "Expectation": "What was expected",
    "Observed Value": "What was found",
}


def write(docs: Path, site: Path, gate: Gate, facts: Facts, outcomes: Sequence[Outcome], verdict: Verdict) -> None:
    """Write the pages to ``docs``, from those that the library wrote to ``site``."""
    docs.mkdir(parents=True, exist_ok=True)
    pages = _environment()
    common = {"gate": gate, "facts": facts, "suites": SUITES, "version": version("great_expectations")}
    judged: list[Kind] = [kind for kind in COLUMNS if any(o.check.facts == kind for o in outcomes)]
    for kind in judged:
        _save(
            docs / f"{kind}.html",
            pages.get_template("suite.html.j2").render(
                **common,
                kind=kind,
                rows=rows_of(facts.table(kind)) if kind in _WHOLE else [],
                outcomes=[outcome for outcome in outcomes if outcome.check.facts == kind],
                sections=sections(_results_page(site, kind), _headings(kind)),
            ),
        )
    _save(
        docs / "index.html",
        pages.get_template("index.html.j2").render(
            **common,
            verdict=verdict,
            outcomes=weightiest(outcomes),
            judged=judged,
            tables=_tables(facts),
            unsettled=[row for row in rows_of(facts.table("figures")) if not row["settled"]],
        ),
    )


def _results_page(site: Path, kind: Kind) -> str:
    found = list((site / "validations" / kind).rglob("*.html"))
    if len(found) != 1:  # the library logs a page it cannot write, and goes on
        raise RuntimeError(f"Great Expectations wrote {len(found)} pages of results for '{kind}' where one was due")
    return found[0].read_text(encoding="utf-8")


def _headings(kind: Kind) -> dict[str, str]:
    return _HEADINGS | {name: column.label for name, column in COLUMNS[kind].items()}


def _save(path: Path, page: str) -> None:
    path.write_text(page, encoding="utf-8", newline="\n")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("dq", "gate/templates"),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["worded"] = worded
    shown = {kind: [name for name in names if name not in _ASIDE.get(kind, ())] for kind, names in COLUMNS.items()}
    environment.globals.update(
        states=_STATES,
        if_not=_IF_NOT,
        short=_SHORT,
        shown=NAMES_SHOWN,
        columns=COLUMNS,
        shown_columns=shown,
        kinds=_KINDS,
    )
    return environment


def _tables(facts: Facts) -> Mapping[str, list[dict[str, Any]]]:
    """Return the facts as rows. Those of rules are counted by how the rule ended, as there are hundreds."""
    ended = facts.table("rules")["status"].value_counts()
    return {
        "extracts": rows_of(facts.table("extracts")),
        "rules": [{"status": str(status), "rules": int(count)} for status, count in ended.items()],
        "run": rows_of(facts.table("run")),
    }
