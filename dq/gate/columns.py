"""The tables of facts that a gate may name: what each column holds, and what people call it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["extracts", "fields", "rules", "teams", "figures", "totals", "run"]


@dataclass(frozen=True)
class Column:
    """One column of facts: what it holds, and its name for people."""

    holds: Literal["text", "flag", "count", "number", "day"]
    label: str


COLUMNS: dict[Kind, dict[str, Column]] = {
    "extracts": {
        "extract": Column("text", "Extract"),
        "present": Column("flag", "A file was found"),
        "rows": Column("count", "Records"),
        "expected_low": Column("number", "Expected, at least"),
        "expected_high": Column("number", "Expected, at most"),
        "size_known": Column("flag", "There is a size to compare with"),
        "missing_columns": Column("count", "Columns missing"),
        "latest_only": Column("flag", "Holds only the latest records"),
        "unread_values": Column("count", "Values that could not be read"),
        "latest_entry": Column("day", "Latest entry"),
        "days_to_period_end": Column("number", "Days from the latest entry to the period end"),
    },
    "fields": {
        "field": Column("text", "Field"),
        "extract": Column("text", "Extract"),
        "required": Column("flag", "The contract requires it"),
        "rows": Column("count", "Records"),
        "filled": Column("count", "Records with a value"),
        "percent_filled": Column("number", "Filled in, %"),
        "percent_before": Column("number", "Filled in last month, %"),
        "fallen_by": Column("number", "Fallen since last month, points"),
    },
    "rules": {
        "rule_id": Column("text", "Rule"),
        "severity": Column("text", "Severity"),
        "status": Column("text", "How it ended"),
        "in_scope": Column("count", "Records in scope"),
        "flagged": Column("count", "Records flagged"),
        "rate": Column("number", "Share of records flagged"),
        "reason": Column("text", "Why it did not run"),
        "has_leave": Column("flag", "May be skipped"),
    },
    "teams": {
        "team": Column("text", "Team"),
        "records": Column("count", "Records it answers for"),
        "errors": Column("count", "Errors"),
        "queries": Column("count", "Queries"),
        "errors_per_1000": Column("number", "Errors for every 1,000 records"),
        "queries_per_1000": Column("number", "Queries for every 1,000 records"),
    },
    "figures": {
        "figure": Column("text", "Figure"),
        "measure": Column("text", "Indicator"),
        "is_share": Column("flag", "Is a percentage"),
        "value": Column("number", "Now"),
        "before": Column("number", "Last month"),
        "before_is": Column("text", "Last month's is"),
        "moved_by": Column("number", "Moved by: points, or % of what it was"),
        "times_usual_move": Column("number", "Against its usual move in a month"),
        "moves_known": Column("count", "Earlier moves known"),
        "confirmed": Column("flag", "Somebody has confirmed it"),
        "has_colour": Column("flag", "Has a colour"),
        "settled": Column("flag", "Its colour is settled"),
        "colours": Column("text", "Colour, and what it could be"),
    },
    "totals": {
        "total": Column("text", "Total"),
        "known": Column("flag", "Both sides could be counted"),
        "counted": Column("number", "Counted"),
        "others": Column("number", "Against"),
        "off_by": Column("number", "Off by"),
        "off_per_1000": Column("number", "Off by, for every 1,000"),
        "reason": Column("text", "Why it could not be counted"),
    },
    "run": {
        "proof_errors": Column("count", "Figures that cannot all be right beside one another"),
        "proof_rules_run": Column("count", "Rules that looked at the finished figures"),
        "proof_rules_not_run": Column("count", "Rules about the finished figures that did not run"),
        "extracts_missing": Column("count", "Extracts missing"),
        "rules_total": Column("count", "Rules"),
        "rules_error": Column("count", "Rules that failed to run"),
        "rules_skipped": Column("count", "Rules skipped"),
        "records_tested": Column("count", "Records tested"),
        "exceptions_error": Column("count", "Errors found"),
        "errors_per_1000": Column("number", "Errors for every 1,000 records"),
        "exceptions_query": Column("count", "Queries found"),
        "queries_per_1000": Column("number", "Queries for every 1,000 records"),
        "unread_values": Column("count", "Values that could not be read"),
        "sizes_unknown": Column("count", "Extracts with no size to compare with"),
        "colours_unsettled": Column("count", "Colours that are not settled"),
    },
}
"""Every column of every table of facts. A gate can name these and no others."""

NAMED_BY: dict[Kind, str | None] = {
    "extracts": "extract",
    "fields": "field",
    "rules": "rule_id",
    "teams": "team",
    "figures": "figure",
    "totals": "total",
    "run": None,
}
"""The column that names a row of each table; the table of the run has one row and needs no name."""
