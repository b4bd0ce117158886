"""What the papers print of earlier months, as files of a project: each figure is in its paper."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
import yaml

from dq.indicators.published_before import published_before
from dq.library.folders import policy_root
from dq.library.load import load_library
from dq.library.policy import Library
from dq.model import AsPublished, Figure, History, Project, Scope, Scorecard
from dq.periods import month_named, months_before

FILES = policy_root() / "data" / "published"
PAPERS = Path(__file__).resolve().parents[3] / "shared" / "published"
needs_papers = pytest.mark.skipif(not PAPERS.is_dir(), reason="the published papers are not beside the checkout")
EDITIONS = {"kent-scs": "2016-08", "kent-cic": "2017-11", "bucks": "2016-09", "kirklees-cpb": "2017-06"}
KENT = Scope("authority", "K", "Kent")
ACTIVITY = {
    "caseload_open": "caseloads", "cp_plan_count": "cp_plans", "cla_count": "total_lac",
    "cla_uasc_count": "uasc_lac", "private_fostering_cases": "pf_cases",
}  # fmt: skip

Rows = list[dict[str, str]]


def rows(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def bare(printed: str) -> str:
    return printed.strip().replace("%", "").replace(",", "")


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


def by_number(library: Library, scorecard: str) -> dict[str, tuple[str, str]]:
    """Return the number of a line → its indicator and split."""
    return {line.number: (line.indicator, line.split) for line in library.scorecards[scorecard].judged if line.number}


@pytest.mark.parametrize(("name", "edition"), EDITIONS.items())
def test_a_project_of_the_papers_month_may_name_it(name: str, edition: str, library: Library) -> None:
    period = month_named(edition)
    assert period is not None
    nothing = Scorecard(title="", authority="", edition="", source="", sections=[], arrow="number")
    card = library.scorecards.get(name, nothing)
    project = Project(authority="A", scorecard=name, history=History(file=f"{name}.csv"), folder=FILES)
    held = published_before(project, library, card, period)
    assert held is not None
    assert all(row.end < period for row in held.rows)


def test_there_is_no_other_file() -> None:
    assert {path.stem for path in FILES.iterdir()} == set(EDITIONS)


def test_kents_units_are_those_of_the_sample() -> None:
    recipe = yaml.safe_load((policy_root() / "data" / "recipes" / "kent-2016-08.yaml").read_text(encoding="utf-8"))
    units = recipe["units"]
    known = {unit["name"] for unit in units} | {part["name"] for unit in units for part in unit.get("units", ())}
    assert {row["scope_name"] for row in rows(FILES / "kent-scs.csv")} - {""} <= known


@needs_papers
def test_every_figure_of_kents_file_is_in_its_paper(library: Library) -> None:
    indicators = {row["id"]: row for row in rows(PAPERS / "kent_scs_2016_08_indicators.csv")}
    units = {row["unit"]: row for row in rows(PAPERS / "kent_scs_2016_08_activity.csv")}
    pages = {(row["indicator_id"], row["month"]): row for row in rows(PAPERS / "kent_exception_pages.csv")
             if row["seed"] == "001"}  # fmt: skip
    numbers, checked = by_number(library, "kent-scs"), 0
    for row in rows(FILES / "kent-scs.csv"):
        of, split = row["indicator_id"], row["split"]
        place = row["source"].removeprefix("Kent scorecard August 2016, ")
        if found := re.fullmatch(r"indicator (\d+), (month|year) ago", place):
            printed = indicators[found[1]][f"{found[2]}_ago"]
            assert numbers[found[1]] == (of, split), row
            assert row["period"] == {"month": "2016-07", "year": "2015-08"}[found[2]]
        elif found := re.fullmatch(r"exception page (\d+), (May|Jun) 2016", place):
            printed = pages[found[1], f"{found[2]} 2016"]["result"]
            assert numbers[found[1]] == (of, split), row
            assert row["period"] == {"May": "2016-05", "Jun": "2016-06"}[found[2]]
        else:
            unit = units[row["scope_name"] or "Kent"]
            printed = unit[f"{ACTIVITY[of]}_last_month"]
            assert row["period"] == "2016-07"
        assert row["value"] == bare(printed), row
        checked += 1
    printed_before = sum(bool(row[f"{when}_ago"]) for row in indicators.values() for when in ("month", "year"))
    assert checked == printed_before + len(units) * len(ACTIVITY) + 6


@needs_papers
def test_every_figure_of_bucks_file_is_in_its_paper(library: Library) -> None:
    printed = {row["id"]: row for row in rows(PAPERS / "bucks_2016_09.csv")}
    columns, numbers = {"2016-03": "mar_2016_value", "2016-06": "jun_2016_value"}, by_number(library, "bucks")
    held = rows(FILES / "bucks.csv")
    for row in held:
        number = re.search(r"measure (\d+)", row["source"])
        assert number is not None
        assert numbers[number[1]] == (row["indicator_id"], row["split"]), row
        assert row["value"] == bare(printed[number[1]][columns[row["period"]]]), row
    assert len(held) == sum(bool(row[column]) for row in printed.values() for column in columns.values())


@needs_papers
def test_every_figure_of_kents_report_on_children_in_care_is_in_it() -> None:
    printed = {
        (row["para"], row["prior_month"], bare(row["prior_value"])) for row in rows(PAPERS / "kent_cic_2017_11.csv")
    }
    held = rows(FILES / "kent-cic.csv")
    assert len(held) == 10
    for row in held:
        paragraph = row["source"].split(", ")[1]
        assert (paragraph, row["period"], row["value"]) in printed, row


@needs_papers
def test_every_figure_of_kirklees_file_is_in_its_paper() -> None:
    quarters = {"2016/17 Q1": "2016-06", "2016/17 Q2": "2016-09", "2016/17 Q3": "2016-12", "2016/17 Q4": "2017-03"}
    printed = {
        (row["measure_id"].strip("()"), row["seed_line"], quarters.get(row["period"], row["period"])): row
        for row in rows(PAPERS / "kirklees_2017_06.csv")
        if "year to date" not in row["breakdown_type"]
    }
    for row in rows(FILES / "kirklees-cpb.csv"):
        measure, line = re.fullmatch(r"Kirklees June 2017, (.+?), .*line ([\d;]+)", row["source"]).groups()  # type: ignore[union-attr]
        there = printed[measure, line, row["period"]]
        assert row["value"] in {bare(there[name]) for name in ("value_pct", "value_count", "value_other")}, row
        assert row["denominator"] in {"", there["denominator"]}, row


@needs_papers
def test_kents_arrows_follow_from_what_it_printed(library: Library) -> None:
    """Of the 87 arrows of its paper, those that this month's numbers and the printed ones of earlier months give."""
    numbers, same, arrows = by_number(library, "kent-scs"), 0, 0
    targets = {line.number: line.target for line in library.scorecards["kent-scs"].judged}
    period = month_named("2016-08")
    assert period is not None
    for row in rows(PAPERS / "kent_scs_2016_08_indicators.csv"):
        indicator = library.indicators[numbers[row["id"]][0]].indicator
        value = float(bare(row["result"]))
        if row["denominator"]:
            value = float(row["numerator"]) / float(row["denominator"]) * (100 if "%" in row["result"] else 1)
        for months, when in ((1, "month_ago"), (12, "year_ago")):
            if not row[f"{when}_dot"]:
                continue
            then = float(bare(row[when]))
            published = AsPublished(months_before(period, months), then, 1, None, stands=True)
            figure = Figure(
                indicator, KENT, period, None, None, value, target=targets[row["id"]], published=(published,),
                **{"previous" if months == 1 else "year_ago": then},
            )  # fmt: skip
            moved = figure.since_last_month if months == 1 else figure.since_last_year
            assert moved is not None
            same += moved.performance == row[f"{when}_dot"]
            arrows += 1
    assert (arrows, same) == (87, 84)
