"""A proof of two small tables, with doubts of every kind."""

from __future__ import annotations

from collections.abc import Sequence

from dq.model import Dimension, Doubt, PaperLayout, PaperTable, Proof, Rule, RuleResult, Severity, Status

UNITS, PAGE = "units.csv", "page.csv"
LAYOUT = PaperLayout(id="units", title="A table of units", source="a county", headings=["unit", "open_cases"])


def a_rule(name: str, severity: Severity = Severity.ERROR, **said: str) -> Rule:
    told = {"title": f"Title of {name}", "why": f"Why {name} matters.", "fix": f"How to mend {name}.", **said}
    return Rule(
        id=name, topic="totals", severity=severity, dimension=Dimension.CONSISTENCY, on="totals", expect="true",
        fields=["printed"], message="-", **told,
    )  # fmt: skip


TOTALS = a_rule("totals", source="a page of last year")
ARROWS = a_rule("arrows", Severity.QUERY)
SERIES = a_rule("series", Severity.QUERY)
LOST, IDLE = a_rule("lost"), a_rule("idle")


def a_doubt(
    rule: Rule, row: int | None, cell: str | None, message: str, file: str = UNITS, printed: str | None = "12"
) -> Doubt:
    place = f"row {row}, {cell}" if row else "the words"
    return Doubt(rule, f"{file}/{row}/{cell}/{message}", file, place, row, cell, printed, "11", "1", message)


def a_table(rows: int = 4, columns: int = 3, file: str = UNITS) -> PaperTable:
    headings = ("unit", *(f"open_cases_{column}" for column in range(1, columns)))
    numbers = range(2, rows + 2)
    cells = [(row, (f"Team {row}", *(f"{row},0{column}0" for column in range(1, columns)))) for row in numbers]
    return PaperTable(file, "units", headings, cells)


DOUBTS = (
    a_doubt(ARROWS, 3, "open_cases_1", "an arrow at odds"),
    a_doubt(TOTALS, 5, "open_cases_2", "a total too high"),
    a_doubt(TOTALS, 3, "open_cases_1", "another total too high"),
    a_doubt(SERIES, None, None, "words of no cell", PAGE),
)
RESULTS = (
    RuleResult(ARROWS, Status.FLAGGED, 8, 1),
    RuleResult(TOTALS, Status.FLAGGED, 9, 2),
    RuleResult(SERIES, Status.FLAGGED, 3, 1),
    RuleResult(IDLE, Status.NOT_APPLICABLE),
)
NOT_RUN = RuleResult(LOST, Status.SKIPPED, reason="the extract claims is not there")


def a_proof(
    doubts: Sequence[Doubt] = DOUBTS,
    results: Sequence[RuleResult] = RESULTS,
    tables: Sequence[PaperTable] | None = None,
    figures: int = 16,
    claims: int = 2,
) -> Proof:
    shown = (a_table(), a_table(2, 2, PAGE)) if tables is None else tables
    return Proof(tuple(results), tuple(doubts), tuple(shown), figures, claims, {"units": LAYOUT})
