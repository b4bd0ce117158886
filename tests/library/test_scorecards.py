"""The scorecards that ship: every line has its figure, and every colour the papers print follows from its band."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dq.library.load import load_library
from dq.library.policy import Library
from dq.model import Band, PeriodKind
from dq.problems import ProblemsError

PAPERS = Path(__file__).resolve().parents[3] / "shared" / "published"
needs_papers = pytest.mark.skipif(not PAPERS.is_dir(), reason="the published papers are not beside the checkout")


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


def _bands(library: Library, scorecard: str) -> dict[str, Band]:
    """Return the number of a line → its band."""
    lines = library.scorecards[scorecard].judged
    return {line.number: line.band for line in lines if line.number is not None and line.band is not None}


def _bucks() -> Iterator[tuple[str, float, str]]:
    with (PAPERS / "bucks_2016_09.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["latest_rag"] in {"Green", "Amber", "Red"}:
                yield row["id"], float(row["sep_2016_value"].strip("%")), row["latest_rag"][0]


def _kent_cic() -> Iterator[tuple[str, float, str]]:
    numbers = {"Health Assessments held": "24", "Returner Interviews completed within": "9", "Care Leavers": "32",
               "Foster Care in KCC": "19", "court authority": "30"}  # fmt: skip
    with (PAPERS / "kent_cic_2017_11.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            number = next((number for words, number in numbers.items() if words in row["indicator"]), None)
            for value, colour in ((row["value"], row["rag"]), (row["prior_value"], row["prior_rag"])):
                if number and colour:
                    yield number, float(value.strip("%")), colour


@needs_papers
@pytest.mark.parametrize(("scorecard", "printed", "most"), [("bucks", _bucks, 17), ("kent-cic", _kent_cic, 10)])
def test_every_colour_a_paper_prints_follows_from_its_band(
    scorecard: str, printed: object, most: int, library: Library
) -> None:
    bands, compared = _bands(library, scorecard), 0
    for number, value, colour in printed():  # type: ignore[operator]
        assert bands[number].colour(value) == colour, f"{number}: {value}"
        compared += 1
    assert compared == most


@needs_papers
def test_the_papers_rows_are_all_there(library: Library) -> None:
    with (PAPERS / "bucks_2016_09.csv").open(encoding="utf-8") as file:
        printed = [(row["id"], row["title"]) for row in csv.DictReader(file)]
    assert [(line.number, line.title) for line in library.scorecards["bucks"].judged] == printed


def _kirklees() -> list[dict[str, str]]:
    with (PAPERS / "kirklees_2017_06.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@needs_papers
def test_kirklees_has_the_papers_targets_and_as_it_prints_no_colour_no_bands(library: Library) -> None:
    printed = {}
    for row in _kirklees():
        assert "rag" not in row
        # '30 (Jul 16) 20 (Dec 17)': the first is that of the month.
        if target := re.match(r"[\d.]+", row["target"]):
            printed[row["measure_id"]] = float(target[0])
    lines = library.scorecards["kirklees-cpb"].judged
    ours = {line.number.rstrip("a"): line.target for line in lines if line.target is not None and line.number}
    assert ours == printed
    assert len(printed) == 11
    assert [line.title for line in lines if line.band is not None] == []


NOT_NUMBERED = {
    "% LAC who have had statutory visit in line with Practice Standards": "cla_visits_practice_standards",
    "LAC allocated by team of primary worker": "cla_allocated_by_team",
    "Sum of FTE": "staff_fte_by_team",
    "Count of Primary Worker": "primary_workers_by_team",
}
"""What Kirklees prints without a number: the indicator that shows it."""
TOLD_OTHERWISE = {
    ("4.01.05", "LA boundary"): "within, and the rest of it",
    ("4.02.07", "placed at home"): "a line each",
    ("4.04.03", "outcome"): "positive, and the rest of it",
    ("4.05.04", "statistic"): "the average, and in brackets the number",
    ("4.10.01", "population"): "no extract holds the results of others",
    ("4.11.13", "area and type"): "no extract holds the provider's records",
    ("4.11.13", "quarter"): "no extract holds the provider's records",
    ("4.12.01", "quarter"): "each third month is a quarter",
    ("4.12.01", "year to date"): "adding up quarters counts a child twice",
    ("7.02.04", "service"): "by unit",
}
"""Tables of the paper that are no breakdown of ours, and why or where they are."""


@needs_papers
def test_every_measure_and_table_of_kirklees_is_on_the_scorecard_or_said_to_be_left_out(library: Library) -> None:
    card = library.scorecards["kirklees-cpb"]
    printed = {row["measure_id"] for row in _kirklees()} - {"(none printed)"}
    assert {re.sub(r"[a-e]$", "", line.number) for line in card.lines if line.number} == printed
    assert len(printed) == 65
    unnumbered = {row["measure"] for row in _kirklees() if row["measure_id"] == "(none printed)"}
    assert unnumbered == set(NOT_NUMBERED)
    assert set(NOT_NUMBERED.values()) <= {line.indicator for line in card.lines}
    tables = {(row["measure_id"], row["breakdown_type"]) for row in _kirklees() if row["breakdown_type"]}
    broken_down = {line.number for line in card.lines if line.parts}
    missing = {(number, kind) for number, kind in tables if number not in broken_down and number != "(none printed)"}
    assert missing | {("4.05.04", "statistic")} == set(TOLD_OTHERWISE)


def test_a_breakdown_has_a_line_for_every_part(library: Library) -> None:
    (line,) = [line for line in library.scorecards["kirklees-cpb"].sections[0].lines if line.breakdown == "age"]
    assert line.title == "Characteristics of children entering care, age range"
    assert [(part.split, line.label_of(part)) for part in line.parts] == [
        ("age=1", "Under 1"), ("age=2", "1 to 4"), ("age=3", "5 to 9"), ("age=4", "10 to 15"),
        ("age=5", "16 and over"), ("age=unknown", "Not recorded"),
    ]  # fmt: skip
    assert {part.number for part in line.parts} == {"4.01.02"}
    judged = {judged.measure for judged in library.scorecards["kirklees-cpb"].judged}
    assert not judged & {part.measure for part in line.parts}


def test_every_line_has_its_figure(library: Library) -> None:
    for card in library.scorecards.values():
        for line in card.lines:
            bound = library.measure(line)
            assert bound.indicator.period is (line.period or library.indicators[line.indicator].indicator.period)


def test_over_a_month_an_indicator_says_so_and_is_otherwise_the_same(library: Library) -> None:
    (line,) = [line for line in library.scorecards["bucks"].judged if line.indicator == "re_referrals"]
    month, year = library.measure(line), library.indicators["re_referrals"]
    assert (month.indicator.period, year.indicator.period) == (PeriodKind.MONTH, PeriodKind.R12M)
    assert month.indicator.definition.endswith(" On this scorecard it is of the month alone.")
    assert (month.base, month.id) == (year.base, year.id)


CARD = """\
title: A paper
authority: Ours
edition: now
source: ours
arrow: number
sections:
  - title: All
    lines:
"""


def _refused(card: str, folder: Path) -> str:
    path = folder / "reports" / "scorecards" / "own.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(card, encoding="utf-8")
    with pytest.raises(ProblemsError) as refused:
        load_library("casework", folder)
    return str(refused.value)


BY_MONTH = f"{CARD.replace('lines:', 'layout: by_month')}    lines:\n      - {{indicator: cla_count, title: All}}\n"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{indicator: cla_count, breakdown: sexes, title: A}", "indicator 'cla_count' has no breakdown 'sexes'."),
        ("{indicator: cla_count, breakdown: sexes, title: A}", "sex"),
        ("{indicator: cla_count, breakdown: sex, target: 5, title: A}", "has no 'split', 'target', 'band'"),
        ("{indicator: cla_starts, share_of: cla_counts, title: A}", "Did you mean 'cla_count'?"),
        (
            "{indicator: cin_seen, share_of: cla_count, title: A}",
            "'cin_seen' cannot be shown as a share of 'cla_count'.",
        ),
        ("{indicator: cla_starts, rest: Others, title: A}", "indicator 'cla_starts' is no percentage."),
    ],
)
def test_what_a_table_by_month_cannot_show_is_refused(line: str, said: str, tmp_path: Path) -> None:
    told = _refused(f"{BY_MONTH}      - {line}\n", tmp_path)
    assert said in told
    assert "own.yaml" in told


@pytest.mark.parametrize("more", ["breakdown: sex", "share_of: cla_starts", "rest: Others"])
def test_parts_shares_and_rests_are_of_tables_by_month_alone(more: str, tmp_path: Path) -> None:
    told = _refused(f"{CARD}      - {{indicator: cla_count, {more}, title: A}}\n", tmp_path)
    assert "'breakdown', 'share_of' and 'rest' go with layout 'by_month'" in told


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("- {indicator: cin_seen, period: month, title: A}", "indicator 'cin_seen' cannot be of a month."),
        ("- {indicator: re_referrals, period: snapshot, title: A}", "'re_referrals' cannot be of a snapshot."),
        ("- {indicator: cla_rate, period: month, title: A}", "indicator 'cla_rate' cannot be of a month."),
        (
            "- {indicator: re_referrals, title: A}\n      - {indicator: re_referrals, period: month, title: B}",
            "indicator 're_referrals' is here over another period already.",
        ),
        ("- {indicator: re_referrals, period: weekly, title: A}", "own.yaml:9"),
    ],
)
def test_a_period_that_cannot_be_is_refused(lines: str, said: str, tmp_path: Path) -> None:
    assert said in _refused(f"{CARD}      {lines}\n", tmp_path)
