"""Tables by month: what is in which month, shares of the whole, and the same figures as a run of that month gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from a_small_run import PAPER, a_run
from made_once import made_once
from page_reader import Page
from test_workbooks import opened

from dq.engine.check import Absent, check
from dq.engine.compile import dates_at
from dq.indicators.figures import figures
from dq.library.load import load_library
from dq.library.policy import Library
from dq.model import Direction, Figure, Indicator, Line, Project, RunResult, Scope, Scorecard, Section
from dq.periods import month_end, months_before
from dq.reports.by_month import Amount, MonthGroup, MonthTable, month_tables
from dq.reports.scorecard_page import write_scorecard
from dq.reports.workbooks import write_scorecard_workbook
from dq.sample import write_sample
from dq.sources.load import load_folder
from dq.summary import summary
from dq.workspace import Workspace, open_workspace

PERIOD = dt.date(2017, 6, 30)
MAY, JUNE = dt.date(2017, 5, 31), PERIOD
KIRKLEES = Scope("authority", "K", "Kirklees")


def an_indicator(name: str, unit: str = "count", polarity: str = "none", period: str = "month") -> Indicator:
    with_numerator = {"numerator": "met"} if unit == "percent" else {}
    return Indicator(
        id=name, title=name, on="entries_to_care", denominator="true", unit=unit, polarity=polarity, period=period,
        definition="-", source="-", **with_numerator,
    )  # fmt: skip


def counts(line: Line, *months: float | None, period: str = "month") -> Figure:
    """A count whose last month is the period."""
    ends = [months_before(PERIOD, back) for back in range(len(months) - 1, -1, -1)]
    return Figure(
        an_indicator(line.indicator, period=period), KIRKLEES, PERIOD, None, None, months[-1], line.number, line.title,
        line.split, line.target, history=tuple(zip(ends, months, strict=True)),
    )  # fmt: skip


def share(line: Line, *months: tuple[int, int]) -> Figure:
    """A percentage whose last month is the period, of which lower is better."""
    ends = [months_before(PERIOD, back) for back in range(len(months) - 1, -1, -1)]
    values = [100 * met / of for met, of in months]
    return Figure(
        an_indicator(line.indicator, "percent", "low"), KIRKLEES, PERIOD, *months[-1], values[-1], line.number,
        line.title, line.split, line.target, history=tuple(zip(ends, values, strict=True)),
        counts=tuple((end, met, of) for end, (met, of) in zip(ends, months, strict=True)),
    )  # fmt: skip


def a_table(lines: list[Line], found: list[Figure], together: str | None = None) -> MonthTable:
    section = Section(title="All", layout="by_month", over_the_months=together, lines=lines)
    (table,) = month_tables([section], {figure.key: figure for figure in found})
    return table


def shown(amounts: Sequence[Amount | None]) -> list[tuple[float | None, str, float | None] | None]:
    """Return what stands in each cell, to one place."""
    return [
        None if one is None else (_to_one_place(one.value), one.unit.value, _to_one_place(one.beside))
        for one in amounts
    ]


def _to_one_place(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


ENTERED = Line(indicator="starts", title="Entering care", breakdown="sex").with_parts(
    {"sex=1": "Male", "sex=2": "Female", "sex=unknown": "Not recorded", "age=1": "Under 1"}
)


def entered(*months: tuple[float | None, float | None, float | None, float | None]) -> list[Figure]:
    """Those who came into care, and of them male, female and of sex not recorded."""
    lines = (ENTERED, *ENTERED.parts)
    return [counts(line, *(month[place] for month in months)) for place, line in enumerate(lines)]


def by_sex(
    *months: tuple[float | None, float | None, float | None, float | None], together: str | None = None
) -> MonthGroup:
    (group,) = a_table([ENTERED], entered(*months), together).groups
    return group


def test_a_part_has_its_share_of_the_month_and_its_number() -> None:
    # Kirklees, 4.01.02: in May 8 girls of 17, 47.1%; in June 7 of 17, 41.2%.
    group = by_sex((17, 9, 8, 0), (17, 10, 7, 0))
    assert shown(group.whole.amounts) == [(17, "count", None), (17, "count", None)]
    male, female = group.beneath
    assert (female.title, male.title) == ("Female", "Male")
    assert shown(female.amounts) == [(47.1, "percent", 8), (41.2, "percent", 7)]
    assert female.moved == Direction("", "down")


def test_a_part_moves_as_its_share_does_and_not_as_its_number() -> None:
    # Kirklees, 4.02.03: foster care fell from 486 to 479, and rose from 70.4% of 690 to 71.1% of 674.
    male, _ = by_sex((690, 486, 204, 0), (674, 479, 195, 0)).beneath
    assert male.moved == Direction("", "up")


def test_parts_with_none_in_any_month_are_named_together() -> None:
    assert by_sex((17, 9, 8, 0), (17, 10, 7, 0)).empty == ("Not recorded",)
    assert by_sex((17, 9, 7, 1), (17, 10, 7, 0)).empty == ()


def test_of_a_part_that_is_hidden_in_a_month_none_is_not_said() -> None:
    group = by_sex((17, None, 8, None), (17, 10, 7, 0))
    assert group.empty == ()
    assert [row.amounts[0].value for row in group.beneath] == [None, pytest.approx(47.06, abs=0.01), None]


def test_of_a_month_with_nobody_there_is_no_share() -> None:
    male, _ = by_sex((0, 0, 0, 0), (2, 1, 1, 0)).beneath
    assert shown(male.amounts) == [(None, "percent", 0), (50, "percent", 1)]


def test_a_rest_is_what_a_percentage_leaves_and_the_other_way_is_better() -> None:
    # Kirklees, 4.01.07: 20 miles or more from home 1 of 17 in May, 5.9%, and 2 of 17 in June, 11.8%.
    line = Line(indicator="far", title="Outside 20 miles", rest="Inside 20 miles")
    (group,) = a_table([line], [share(line, (1, 17), (2, 17))]).groups
    (inside,) = group.beneath
    assert shown(group.whole.amounts) == [(5.9, "percent", 1), (11.8, "percent", 2)]
    assert shown(inside.amounts) == [(94.1, "percent", 16), (88.2, "percent", 15)]
    assert (group.whole.moved, inside.moved) == (Direction("worse", "up"), Direction("worse", "down"))


def test_a_count_has_its_share_of_another_in_brackets() -> None:
    # Kirklees, 4.09.02: 26 of 665 children in care went missing in June, 3.9%.
    all_, missing = Line(indicator="cla", title="In care"), Line(indicator="gone", title="Missing", share_of="cla")
    *_, group = a_table([all_, missing], [counts(all_, 674, 665), counts(missing, 29, 26)]).groups
    assert shown(group.whole.amounts) == [(29, "count", 4.3), (26, "count", 3.9)]


def test_the_months_are_twelve_that_end_with_the_period_from_the_first_that_is_known() -> None:
    line = Line(indicator="starts", title="A")
    assert a_table([line], [counts(line, *range(15))]).months == tuple(
        month_end(year, month) for year, months in ((2016, range(7, 13)), (2017, range(1, 7))) for month in months
    )
    assert a_table([line], [counts(line, None, None, 3, 4)]).months == (MAY, JUNE)
    assert a_table([line], [counts(line, 4)]).months == (JUNE,)


def test_twelve_months_come_to_their_total_with_the_share_of_all() -> None:
    # A girl a month of two children, but in June two of three: 13 of 25.
    months = [(2, 1, 1, 0)] * 11 + [(3, 1, 2, 0)]
    group = by_sex(*months, together="total")
    assert shown([group.whole.together, group.beneath[1].together]) == [(25, "count", None), (52, "percent", 13)]
    assert by_sex(*months[1:], together="total").whole.together is None, "eleven months are no twelve"
    hidden = by_sex(*[(2, 1, None, 0), *months[1:]], together="total")
    assert hidden.beneath[1].together is None, "a total would tell the month that is not known"


def test_counts_at_month_ends_have_a_mean_and_no_total() -> None:
    line = Line(indicator="cla", title="In care")
    found = counts(line, *range(1, 13), period="snapshot")
    (mean,) = a_table([line], [found], "average").groups
    (total,) = a_table([line], [found], "total").groups
    assert shown([mean.whole.together]) == [(6.5, "count", None)]
    assert total.whole.together is None


@pytest.mark.parametrize(("value", "polarity", "met"), [(10, "low", True), (10.01, "low", False), (9.99, "high", False),
                                                       (10, "high", True), (10, "none", None)])  # fmt: skip
def test_a_target_is_met_at_its_edge(value: float, polarity: str, met: bool | None) -> None:
    found = Figure(an_indicator("a", "percent", polarity), KIRKLEES, PERIOD, 1, 1, value, target=10)
    assert found.meets_target is met


# --- as a workbook and on a terminal ------------------------------------------------------------------------------


def a_run_by_month() -> RunResult:
    line = Line(indicator="far", number="1", title="Outside 20 miles", rest="Inside 20 miles", target=10)
    section = Section(title="Entering care", layout="by_month", lines=[ENTERED, line])
    paper = PAPER.model_copy(update={"sections": [section]})
    found = (*entered((17, 9, 8, 0), (17, 10, 7, 0)), share(line, (1, 17), (2, 17)))
    return replace(a_run(), scorecard=paper, figures=found, scopes=(KIRKLEES,), period=PERIOD)


def test_the_workbook_has_the_same_tables_as_numbers(tmp_path: Path) -> None:
    write_scorecard_workbook(a_run_by_month(), tmp_path)
    sheet = opened(tmp_path / "scorecard.xlsx")["By month"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert rows[0][:2] == ["No.", "Indicator"]
    assert [month.date() for month in rows[0][2:4]] == [MAY, JUNE]
    assert rows[0][-2:] == ["May 2017, in brackets", "Jun 2017, in brackets"]
    told = {row[1]: (row[2], row[3], row[-2], row[-1]) for row in rows[1:]}
    assert told["Entering care"] == (17, 17, "–", "–")
    assert told["Female"] == (pytest.approx(8 / 17), pytest.approx(7 / 17), 8, 7)
    assert told["Inside 20 miles"] == (pytest.approx(16 / 17), pytest.approx(15 / 17), 16, 15)
    assert "Not recorded" not in told


def test_a_paper_without_colours_says_how_many_targets_are_met(tmp_path: Path) -> None:
    said = summary(a_run_by_month(), tmp_path)
    assert "Figures 1 on the scorecard: 0 targets met, 1 not met; it has no bands, so no colours" in said
    write_scorecard(a_run_by_month(), a_run_by_month().scorecard or PAPER, None, tmp_path)
    page = Page((tmp_path / "scorecard.html").read_text(encoding="utf-8"))
    assert page.all("h2", id="amiss") == ["Targets not met"]
    assert "No indicator is red." not in page.source


# --- against runs at other month ends, on a sample authority ----------------------------------------------------------

NOW, THEN = dt.date(2016, 8, 31), dt.date(2016, 3, 31)


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


@pytest.fixture(scope="module")
def tables(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[dt.date, list[MonthTable]]]:
    def make(folder: Path) -> None:
        write_sample("kent-2016-08", folder / "extracts", scale=0.1, seed=4)

    folder = made_once(tmp_path_factory, "by-month", make) / "extracts"
    whole = library.scorecards["kirklees-cpb"]
    card = whole.model_copy(update={"sections": [whole.sections[place] for place in (0, 1, 3)]})
    with open_workspace() as workspace:
        load_folder(workspace, folder, library.contracts, lambda _: None)
        yield {end: _tables(workspace, library, card, end) for end in (NOW, THEN)}


def _tables(workspace: Workspace, library: Library, card: Scorecard, end: dt.date) -> list[MonthTable]:
    nothing = Absent((), ())
    project = Project(authority="Kent", scorecard=card.id, history_from=dt.date(2014, 6, 1))
    findings = check(workspace, library, [], dates_at(end), nothing, lambda _: None)
    found = figures(workspace, library, card, findings, nothing, project, end, lambda _: None).figures
    return month_tables(card.sections, {figure.key: figure for figure in found if figure.scope.type == "authority"})


def test_a_month_has_the_figures_that_a_run_of_that_month_has(tables: dict[dt.date, list[MonthTable]]) -> None:
    compared = 0
    for now, then in zip(tables[NOW], tables[THEN], strict=True):
        place = now.months.index(THEN)
        last = {(g.line.key, row.title): row.amounts[-1] for g in then.groups for row in g.rows}
        for group in now.groups:
            for row in group.rows:
                # A part with nothing in the months to March may have something since.
                was = last.get((group.line.key, row.title))
                assert row.amounts[place] == was or (was is None and not row.amounts[place].beside)
                compared += was is not None and bool(was.value)
    assert compared > 50


def test_the_parts_come_to_the_whole_in_every_month(tables: dict[dt.date, list[MonthTable]]) -> None:
    months = 0
    for table in tables[NOW]:
        for group in table.groups:
            if not group.line.parts:
                continue
            for place, whole in enumerate(group.whole.amounts):
                if whole.value:
                    parts = [row.amounts[place] for row in group.beneath]
                    assert sum(part.beside or 0 for part in parts) == whole.value
                    assert sum(part.value or 0 for part in parts) == pytest.approx(100)
                    months += 1
    assert months > 100
