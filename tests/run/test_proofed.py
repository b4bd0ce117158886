"""A run checks its own scorecard as a finished paper is checked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from runs import Ran, records

from dq.proof.own import prove_own

Row = dict[str, str | int | float | bool | None]


def rows_of(ran: Ran) -> list[Row]:
    return [{name: cell or None for name, cell in row.items()} for row in records(ran.out / "scorecard.csv")]


def test_the_demonstration_agrees_with_itself(flawed: Ran) -> None:
    proof = flawed.facts["proof"]
    assert (proof["errors"], proof["rules"]["error"], proof["rules"]["skipped"]) == (0, 0, 0)
    rows = records(flawed.out / "scorecard.csv")
    said = [row for row in rows if row["value"] or row["available"] == "false"]
    assert proof["figures"] == len(said) + sum(bool(row["previous_value"]) for row in rows)
    # Shares, colours, arrows, totals of areas and teams: what a scorecard has to be checked for has been looked at.
    assert proof["rules"]["passed"] > 20
    assert records(flawed.out / "proof" / "proof.csv") == []
    assert (flawed.out / "proof" / "proof.html").is_file()
    assert '<a href="proof/proof.html">' in (flawed.out / "index.html").read_text(encoding="utf-8")


def _of_authority(rows: list[Row], indicator: str) -> Row:
    (found,) = [
        row for row in rows if (row["scope_type"], row["indicator_id"], row["split"]) == ("authority", indicator, "all")
    ]
    return found


def _a_wrong_share(rows: list[Row]) -> Row:
    row = _of_authority(rows, "cin_seen")
    row["value"] = str(float(str(row["value"])) + 1)
    return row


def _a_wrong_colour(rows: list[Row]) -> Row:
    row = _of_authority(rows, "cin_seen")
    assert row["rag"] in {"A", "R"}
    row["rag"] = "G"
    return row


def _a_wrong_arrow(rows: list[Row]) -> Row:
    row = next(row for row in rows if row["previous_direction"] == "better" and row["scope_type"] == "authority")
    row["previous_direction"] = "worse"
    return row


def _a_total_below_its_units(rows: list[Row]) -> Row:
    row = _of_authority(rows, "caseload_open")
    row["value"] = row["numerator"] = "100"
    return row


def _a_numerator_above_its_base(rows: list[Row]) -> Row:
    row = _of_authority(rows, "cin_seen")
    row["numerator"] = str(int(str(row["denominator"])) + 1)
    return row


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (_a_wrong_share, "value-not-of-numerator-and-base"),
        (_a_wrong_colour, "colour-against-the-bands"),
        (_a_wrong_arrow, "arrow-against-the-figures"),
        (_a_total_below_its_units, "units-exceed-their-total"),
        (_a_numerator_above_its_base, "numerator-above-base"),
    ],
)
def test_what_cannot_be_right_is_found_at_its_row(flawed: Ran, spoil: Callable[[list[Row]], Row], rule: str) -> None:
    rows = rows_of(flawed)
    spoilt = spoil(rows)
    found = {(doubt.rule.id, doubt.row_no) for doubt in prove_own(rows).doubts if doubt.is_error}
    assert (rule, rows.index(spoilt) + 2) in found
