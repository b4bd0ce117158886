"""Figures as published before: held against the policy and the teams, and put beside what the records now say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from dq.engine.check import Absent, check
from dq.engine.compile import dates_at
from dq.engine.examples import given
from dq.indicators.figures import figures
from dq.indicators.published import published
from dq.indicators.published_before import PublishedBefore, published_before, with_published
from dq.library.policy import Library
from dq.model import AsPublished, Figure, History, Line, Project, PublishedNumbers, Scope, Scorecard, Section
from dq.periods import months_before
from dq.problems import ProblemsError
from dq.sources.history_file import PublishedRow
from dq.workspace import Workspace

AUGUST = dt.date(2016, 8, 31)
JULY, YEAR_AGO = dt.date(2016, 7, 31), dt.date(2015, 8, 31)
KENT = Scope("authority", "T001", "Kent")
NORTH = Scope("area", "T002", "North Kent")
DOVER, NORTH_TEAM = Scope("team", "T003", "Dover", "T002"), Scope("team", "T004", "North Kent", "T002")
SCOPES = (KENT, NORTH, DOVER)


def card(library: Library, *indicators: str) -> Scorecard:
    lines = [Line(indicator=name, title=library.indicators[name].indicator.title) for name in indicators]
    return Scorecard(
        title="", authority="", edition="", source="", arrow="number", sections=[Section(title="", lines=lines)]
    )


def before(
    folder: Path, library: Library, *lines: str, stands: Literal["records", "published"] = "records"
) -> PublishedBefore:
    """Write a history file of (indicator, split, scope, month, value, kind of period), and read it."""
    headings = "indicator_id,split,scope_name,period,value,period_kind"
    (folder / "published.csv").write_text("\n".join([headings, *lines]), encoding="utf-8")
    project = Project(
        authority="Kent", scorecard="kent-scs", history=History(file="published.csv", stands=stands), folder=folder
    )
    found = published_before(project, library, card(library, "cin_seen", "cla_count", "re_referrals"), AUGUST)
    assert found is not None
    return found


def said(folder: Path, library: Library, *lines: str) -> list[str]:
    with pytest.raises(ProblemsError) as refused:
        before(folder, library, *lines).by_figure(SCOPES)
    return [str(problem).removeprefix(str(folder / "published.csv")) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("cin_sene,,,2016-07,80,", ":2: there is no indicator 'cin_sene'. Did you mean 'cin_seen'?"),
        (
            "cla_count,not_usac,,2016-07,80,",
            ":2: indicator 'cla_count' has no split 'not_usac'. Did you mean 'not_uasc'?",
        ),
        ("cin_seen,,,2016-07,100.1,", ":2: 'cin_seen' is 100.1, and a share is from 0 to 100. Write 81% as 81.0."),
        ("cin_seen,,,2016-07,-1,", ":2: 'cin_seen' is -1, and a share is from 0 to 100. Write 81% as 81.0."),
        ("cla_count,,,2016-07,-1,", ":2: 'cla_count' is -1, and a count is not below 0."),
        (
            "re_referrals,,,2016-07,22.1,month",
            ":2: 're_referrals' is here of another stretch of time, 'month'. "
            "The scorecard gives it as 'R12M': leave the row out.",
        ),
        ("cin_seen,,North Knet,2016-07,80,", ":2: there is no team or area 'North Knet'. Did you mean 'North Kent'?"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(tmp_path: Path, library: Library, line: str, problem: str) -> None:
    assert said(tmp_path, library, line) == [problem]


def test_two_rows_that_say_different_things_of_one_figure_are_refused_and_the_same_twice_is_not(
    tmp_path: Path, library: Library
) -> None:
    assert said(tmp_path, library, "cin_seen,,,2016-07,80.3,", "cin_seen,all,Kent,31/07/2016,80.4,") == [
        ":3: 'cin_seen' for Kent in 2016-07 is 80.4 here and 80.3 in published.csv:2. Keep one row."
    ]
    found = before(tmp_path, library, "cin_seen,,,2016-07,80.3,", "cin_seen,,kent,2016-07,80.3,").by_figure(SCOPES)
    assert [row.value for row in found["cin_seen", "all", "T001"]] == [80.3]


def test_a_name_that_two_have_is_refused(tmp_path: Path, library: Library) -> None:
    found = before(tmp_path, library, "cin_seen,,North Kent,2016-07,80,")
    with pytest.raises(ProblemsError, match=r"2: two are called 'North Kent'\. Give its 'scope_id'\."):
        found.by_figure((*SCOPES, NORTH_TEAM))


def test_months_after_the_run_are_left_out(tmp_path: Path, library: Library) -> None:
    held = before(tmp_path, library, "cin_seen,,,2016-07,80,", "cin_seen,,,2016-08,81,", "cin_seen,,,2016-09,82,")
    assert [(row.end, row.value) for row in held.rows] == [(JULY, 80.0), (AUGUST, 81.0)]


def test_without_a_history_there_is_none(library: Library) -> None:
    assert published_before(Project(authority="K", scorecard="plain"), library, card(library), AUGUST) is None


def row(end: dt.date, value: float, *, decimals: int = 1, counts: tuple[int, int] | None = None) -> PublishedRow:
    numerator, denominator = counts or (None, None)
    return PublishedRow(
        Path("p.csv"), 2, "cin_seen", "all", None, None, None, None, end, value, decimals, numerator, denominator
    )


@pytest.fixture
def seen(library: Library) -> Figure:
    """A figure whose records reach back one month: 81.1% in July 2016 and 81.4% now."""
    indicator = library.indicators["cin_seen"].indicator
    return Figure(
        indicator, KENT, AUGUST, 814, 1000, 81.4, previous=81.1,
        history=((JULY, 81.1), (AUGUST, 81.4)), counts=((JULY, 811, 1000), (AUGUST, 814, 1000)),
    )  # fmt: skip


def test_where_the_records_stand_what_was_published_fills_in_and_is_compared(seen: Figure) -> None:
    figure = with_published(seen, [row(JULY, 80.3), row(YEAR_AGO, 79.0)], over_records=False)
    assert (figure.previous, figure.year_ago) == (81.1, 79.0)
    assert figure.months_published == {YEAR_AGO}
    assert figure.history == ((YEAR_AGO, 79.0), (JULY, 81.1), (AUGUST, 81.4))
    assert figure.published_for(1) == AsPublished(JULY, 80.3, 1, recorded=81.1, stands=False)
    assert [one.end for one in figure.restated] == [JULY]


def test_where_what_was_published_stands_it_is_compared_with(seen: Figure) -> None:
    figure = with_published(seen, [row(JULY, 82.0), row(AUGUST, 80.0)], over_records=True)
    assert (figure.previous, figure.value) == (82.0, 81.4), "the month of the run is what the records say"
    assert figure.months_published == {JULY}
    assert figure.since_last_month is not None
    assert figure.since_last_month.performance == "worse"
    assert [one.end for one in figure.restated] == [JULY, AUGUST]


@pytest.mark.parametrize(
    ("published", "decimals", "movement"),
    [(81.4, 1, "level"), (81.3, 1, "up"), (81.5, 1, "down"), (81.0, 0, "level"), (82.0, 0, "down")],
)
def test_a_figure_that_prints_as_was_published_has_not_moved(
    seen: Figure, published: float, decimals: int, movement: str
) -> None:
    """81.43% against what was printed: to one decimal 81.4, to none 81."""
    figure = with_published(replace(seen, value=81.43), [row(JULY, published, decimals=decimals)], over_records=True)
    assert figure.since_last_month is not None
    assert figure.since_last_month.movement == movement


@pytest.mark.parametrize(("published", "is_restated"), [(80.5, True), (80.7, False), (81.6, False), (81.7, True)])
def test_more_than_half_a_point_is_restated(seen: Figure, published: float, is_restated: bool) -> None:
    figure = with_published(seen, [row(JULY, published)], over_records=False)
    assert bool(figure.restated) is is_restated


def test_more_than_a_hundredth_of_a_count_is_restated(library: Library) -> None:
    count = Figure(
        library.indicators["cla_count"].indicator, KENT, AUGUST, None, None, 2246.0, history=((JULY, 2248.0),)
    )
    off = {
        value: bool(with_published(count, [row(JULY, value)], over_records=False).restated)
        for value in (2230.0, 2220.0)
    }
    assert off == {2230.0: False, 2220.0: True}


def test_a_whole_number_in_a_file_of_decimals_was_printed_with_one(tmp_path: Path, library: Library) -> None:
    found = before(
        tmp_path, library, "cin_seen,,,2016-07,81,", "re_referrals,,,2016-07,22.1,", "cla_count,,,2016-07,9,"
    )
    assert [one.decimals for one in found.rows] == [1, 1, 0]


# --- computed -----------------------------------------------------------------------------------------------


def computed(
    workspace: Workspace, library: Library, rows: Sequence[PublishedRow], history_from: dt.date | None
) -> Figure:
    """Return the children in care of an authority that has eleven, one since 2016-03-01, the rest since 2010."""
    since = ["2016-03-01", *["2010-01-01"] * 10]
    records = {
        "teams": [{"team_id": "T001", "team_name": "Kent"}],
        "persons": [{"person_id": f"C{i}", "dob": "2009-01-01"} for i in range(11)],
        "cla_episodes": [
            {"episode_id": f"E{i}", "person_id": f"C{i}", "cla_id": f"L{i}", "start_date": day}
            for i, day in enumerate(since)
        ],
    }
    project = Project(authority="Kent", scorecard="plain", history_from=history_from)
    known = PublishedBefore(tuple(replace(one, indicator="cla_count") for one in rows), False, "")
    with given(workspace, library, records):
        findings = check(workspace, library, [], dates_at(AUGUST), Absent((), ()), lambda _: None)
        found = figures(
            workspace, library, card(library, "cla_count"), findings, Absent((), ()), project, AUGUST,
            lambda _: None, known,
        ).figures  # fmt: skip
    (whole,) = [figure for figure in found if figure.scope.type == "authority"]
    return whole


def twelve(first: float, second: float) -> list[PublishedRow]:
    return [row(months_before(AUGUST, back), first if back % 2 else second, decimals=0) for back in range(1, 13)]


def test_where_the_records_do_not_reach_months_as_published_say_what_is_usual(
    prepared: Workspace, library: Library
) -> None:
    figure = computed(prepared, library, twelve(10, 12), None)
    assert figure.value == 11
    assert figure.usual == pytest.approx((5.68, 16.32)), "mean 11, each month two from the one before: 11 ± 2.66 × 2"
    assert (figure.previous, figure.year_ago, len(figure.months_published)) == (10.0, 12.0, 12)


def test_where_the_records_reach_twelve_months_they_alone_say_what_is_usual(
    prepared: Workspace, library: Library
) -> None:
    """Of the 23 months before, 18 have ten children and 5 eleven; one step of one in 22."""
    figure = computed(prepared, library, [row(dt.date(2013, 7, 31), 900.0)], dt.date(2013, 9, 1))
    mean, reach = (18 * 10 + 5 * 11) / 23, 2.66 / 22
    assert figure.usual == pytest.approx((mean - reach, mean + reach))
    assert figure.months_published == {dt.date(2013, 7, 31)}


# --- outside ------------------------------------------------------------------------------------------------


def test_outside_only_the_authoritys_months_are_as_published_and_only_where_their_counts_are_known(
    seen: Figure, library: Library
) -> None:
    rows = [row(JULY, 80.3, counts=(803, 1000)), row(YEAR_AGO, 79.0)]
    whole = with_published(seen, rows, over_records=True)
    part = replace(with_published(replace(seen, scope=DOVER), rows, over_records=True), numerator=81, denominator=100)
    outside = {figure.scope.id: figure for figure in published([whole, part], SCOPES, PublishedNumbers())}
    shown, hidden = outside["T001"], outside["T003"]
    assert (shown.previous, shown.year_ago) == (80.3, None)
    assert [(one.end, one.recorded) for one in shown.published] == [(JULY, None)]
    assert (hidden.previous, hidden.year_ago, hidden.published) == (None, None, ())


def test_outside_a_small_count_that_was_published_inside_is_not_shown(library: Library) -> None:
    count = Figure(library.indicators["cla_count"].indicator, KENT, AUGUST, None, None, 20.0, history=())
    figure = with_published(count, [row(JULY, 3.0)], over_records=False)
    (shown,) = published([figure], [KENT], PublishedNumbers())
    assert (figure.previous, shown.previous, shown.history) == (3.0, None, ())
