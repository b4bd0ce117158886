"""What late recording is expected to bring is said beside a figure, and changes nothing of it."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from a_small_run import a_run

from dq.indicators.published import published
from dq.model import Figure, Nowcast, PublishedNumbers
from dq.reports import nowcasts
from dq.reports.data_files import write_data_files
from dq.reports.indicator_page import past

EXPECTED = Nowcast(expected=85.6, low=83.45, high=88.12, complete=0.79, working_days=0, months=12)


def seen(nowcast: Nowcast | None) -> Figure:
    """Return the authority's share of children seen, 81.0%, with a nowcast."""
    figure = next(f for f in a_run().figures if f.measure == "seen-in-28-days" and f.scope.type == "authority")
    return replace(figure, value=81.0, nowcast=nowcast)


@pytest.mark.parametrize(
    ("nowcast", "short", "says"),
    [
        (EXPECTED, "83.5% to 88.1% once all is entered", "about 85.6%: nine times of ten 83.5% to 88.1%"),
        (replace(EXPECTED, low=80.96, high=81.04, expected=81.0), "", "not expected to move it"),
        (replace(EXPECTED, low=85.6, high=85.6), "about 85.6% once all is entered", "12 earlier month ends"),
        (
            replace(EXPECTED, working_days=1),
            "83.5% to 88.1% once all is entered",
            "As recorded 1 working day after the month end",
        ),
        (Nowcast(reason="The history is too short."), "", "No figure is foretold. The history is too short."),
        (None, "", ""),
    ],
)
def test_it_is_told_in_words(nowcast: Nowcast | None, short: str, says: str) -> None:
    figure = seen(nowcast)
    assert nowcasts.short(figure) == short
    assert says in nowcasts.told(figure)


def test_the_file_has_a_row_for_every_figure_with_one_and_the_scorecard_is_as_it_was(tmp_path: Path) -> None:
    run = a_run()
    figures = tuple(replace(f, nowcast=EXPECTED if f.measure == "seen-in-28-days" else None) for f in run.figures)
    write_data_files(run, tmp_path / "without")
    write_data_files(replace(run, figures=figures), tmp_path / "with")
    with (tmp_path / "with" / "nowcast.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len([f for f in figures if f.nowcast])
    assert {(row["expected"], row["low"], row["high"], row["complete_share"]) for row in rows} == {
        ("85.6", "83.45", "88.12", "0.79")
    }
    for name in ("scorecard.csv", "scorecard.json"):
        assert (tmp_path / "with" / name).read_bytes() == (tmp_path / "without" / name).read_bytes()


def test_neither_earlier_months_nor_what_is_shown_outside_has_one() -> None:
    run = a_run()
    figures = tuple(replace(f, nowcast=EXPECTED) for f in run.figures)
    assert all(f.nowcast is None for f in published(figures, run.scopes, PublishedNumbers()))
    *before, now = past(replace(seen(EXPECTED), history=((run.period.replace(month=7), 80.0), (run.period, 81.0))))
    assert [f.nowcast for f in before] == [None]
    assert now.nowcast == EXPECTED
