"""What must leave every figure as it is: the order of rows, ids, cases long closed, a team cut in two, what came later.

Every tally of every indicator and its parts is compared, for the authority, its areas and its teams.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_once import made_once

from dq.indicators.compute import AUTHORITY, ScopeKey, Tally
from dq.library.policy import Library
from dq.model import ColumnType, Contract, Unit
from dq.periods import length
from dq.sample import write_sample
from dq.sources.load import load_folder
from dq.workspace import name, open_workspace
from tests.indicators.as_known import KNOWN, as_known, put_off
from tests.indicators.recorded import Counted, Recorded, differences, keep

NOW, SIX_MONTHS_AGO, A_YEAR_AGO = dt.date(2016, 8, 31), dt.date(2016, 2, 29), dt.date(2015, 8, 31)
ENDS = (A_YEAR_AGO, SIX_MONTHS_AGO, NOW)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Iterator[Recorded]:
    """A twentieth of Kent; and beside it, in the schema ``others``, other children of the same authority."""

    def make(folder: Path) -> None:
        write_sample("kent-2016-08", folder / "extracts", scale=0.05)
        write_sample("kent-2016-08", folder / "others", scale=0.02, seed=2)

    folder = made_once(tmp_path_factory, "properties", make)
    with open_workspace() as workspace:
        load_folder(workspace, folder / "others", library.contracts, lambda _: None, reference=())
        keep(workspace, library, "others")
        load_folder(workspace, folder / "extracts", library.contracts, lambda _: None)
        # A few hundred children: more than one thread would only wait for another.
        workspace.execute("SET threads = 1")
        yield Recorded(workspace, library)


@pytest.fixture(scope="module")
def before(recorded: Recorded) -> Counted:
    """Every tally of the extracts as they were recorded."""
    return recorded.counted(ENDS)


def _at(counted: Counted, *ends: dt.date) -> Counted:
    return {place: tally for place, tally in counted.items() if place[2] in ends}


def test_almost_every_indicator_counts_something(before: Counted, library: Library) -> None:
    """Of what counts nothing it would prove little that nothing changes. In so small an authority a few do."""
    of_something = {indicator.partition(":")[0] for indicator, *_ in before}
    of_nothing = {key for key, bound in library.indicators.items() if not bound.ratio} - of_something
    assert len(of_nothing) < 10, sorted(of_nothing)


def test_one_record_that_is_lost_is_seen(recorded: Recorded, before: Counted) -> None:
    one = "(SELECT min(visit_id) FROM recorded.iro_visits WHERE visit_date BETWEEN '2016-08-02' AND '2016-08-30')"
    after = recorded.counted([NOW], {"iro_visits": f"FROM recorded.iro_visits WHERE visit_id <> {one}"})
    assert "iro_visits_in_month (1 months to 2016-08-31), authority" in differences(_at(before, NOW), after)


@pytest.mark.parametrize("end", [SIX_MONTHS_AGO, NOW])
def test_the_order_of_rows_is_nothing(end: dt.date, recorded: Recorded, before: Counted) -> None:
    shuffled = {
        extract: f"FROM recorded.{name(extract)} ORDER BY md5(rowid || '{end}')"
        for extract in recorded.library.contracts
    }
    assert differences(_at(before, end), recorded.counted([end], shuffled)) == ""


def _ids(contract: Contract) -> list[str]:
    """Return the columns that hold the name of a record, a person, a team, a worker or a spell."""
    return [
        column
        for column, said in contract.columns.items()
        if column == contract.key or said.references or column.endswith("_id")
    ]


@pytest.mark.parametrize("end", [SIX_MONTHS_AGO, NOW])
def test_what_things_are_called_is_nothing(end: dt.date, recorded: Recorded, before: Counted) -> None:
    """An id decides only between two records of one child of one day that neither began nor ended apart.

    That a case is held twice over, or a child placed twice at once, is a fault that rules find: either is as wrong.
    """
    renamed = {}
    for extract, contract in recorded.library.contracts.items():
        cells = ", ".join(f"md5('{end}' || {column}) AS {column}" for column in _ids(contract))
        renamed[extract] = f"SELECT * REPLACE ({cells}) FROM recorded.{name(extract)}"
    after = recorded.counted([end], renamed)

    def new(scope: tuple[str, str]) -> tuple[str, str]:
        kind, team = scope
        return scope if scope == AUTHORITY else (kind, hashlib.md5(f"{end}{team}".encode()).hexdigest())

    expected = {(*figure, new(scope)): tally for (*figure, scope), tally in _at(before, end).items()}
    assert differences(expected, after) == ""


CLOSES = {
    "involvements": "end_date", "cla_episodes": "ceased_date", "cla_placements": "end_date", "care_plans": "end_date",
    "legal_statuses": "end_date", "cp_plans": "end_date", "cin_plans": "end_date", "early_help_episodes": "end_date",
    "referrals": "closed_date", "assessments": "authorised_date", "s47_enquiries": "end_date",
    "care_proceedings": "end_date", "pre_proceedings": "end_date", "private_fostering": "end_date",
    "missing_episodes": "end_date",
}  # fmt: skip
"""What ends at the latest when a case closes. Nobody ends a home or a school then."""
ELSEWHERE = "CM14 5JW"
"""In Essex, where children of the sample are placed and none has a home."""


def _of_long_ago(contract: Contract, contracts: dict[str, Contract]) -> str:
    """Return the query for other children's records, ten years older and closed by then; the families have moved."""
    cells = []
    for column, said in contract.columns.items():
        of = said.references.partition(".")[0] if said.references else contract.name
        if column in _ids(contract) and contracts[of].person:
            cells.append(f"'old-' || {column} AS {column}")
        elif said.type in {ColumnType.DATE, ColumnType.DATETIME}:
            day = f"{column} - INTERVAL 10 YEAR"
            if CLOSES.get(contract.name) == column:
                day = f"coalesce({day}, DATE '2006-08-31')"
            cells.append(f"CAST({day} AS {said.type.sql}) AS {column}")
        elif column == "academic_year":
            cells.append(f"{column} - 10 AS {column}")
        elif (contract.name, column) == ("addresses", "postcode"):
            cells.append(f"'{ELSEWHERE}' AS {column}")
    return f"SELECT * REPLACE ({', '.join(cells)}) FROM others.{name(contract.name)}"


def test_children_whose_cases_closed_long_ago_are_nothing(recorded: Recorded, before: Counted) -> None:
    contracts = recorded.library.contracts
    more = {
        extract: f"FROM recorded.{name(extract)} UNION ALL BY NAME {_of_long_ago(contract, contracts)}"
        for extract, contract in contracts.items()
        if contract.person
    }
    ends = (A_YEAR_AGO, NOW)
    assert differences(_at(before, *ends), recorded.counted(ends, more)) == ""


def test_an_area_is_its_teams_however_it_is_cut_into_them(recorded: Recorded, before: Counted) -> None:
    """Every team gives half its children, its staff and its households to a new team beside it."""
    teams = (
        "(SELECT team_id FROM recorded.teams unit"
        " WHERE NOT EXISTS (SELECT 1 FROM recorded.teams below WHERE below.parent_id = unit.team_id))"
    )
    halved = f"SELECT * REPLACE (team_id || '-2' AS team_id) FROM recorded.teams WHERE team_id IN {teams}"
    cut = {"teams": f"FROM recorded.teams UNION ALL {halved}"}
    for extract, contract in recorded.library.contracts.items():
        named = [column for column, said in contract.columns.items() if said.references == "teams.team_id"]
        if named and extract not in cut:
            whose = contract.person or contract.worker or contract.key
            goes = f"md5(coalesce({whose}, {contract.key})) < '8'"
            cells = [f"CASE WHEN {goes} AND {c} IN {teams} THEN {c} || '-2' ELSE {c} END AS {c}" for c in named]
            cut[extract] = f"SELECT * REPLACE ({', '.join(cells)}) FROM recorded.{name(extract)}"
    after = recorded.counted((A_YEAR_AGO, NOW), cut)
    assert any(scope[1].endswith("-2") for *_, scope in after)
    assert differences(_of_no_team(_at(before, A_YEAR_AGO, NOW)), _of_no_team(after)) == ""


def _of_no_team(counted: Counted) -> Counted:
    return {place: tally for place, tally in counted.items() if place[-1][0] != "team"}


def test_a_count_is_that_of_its_teams_and_what_is_of_none(recorded: Recorded) -> None:
    """The rows of every view are counted again; what names no team is the authority's alone."""
    counted = recorded.counted([NOW])
    units = recorded.workspace.execute("SELECT team_id, area_id FROM team_areas WHERE level = 'team'").fetchall()
    counts = [bound for bound in recorded.indicators if bound.indicator.unit is Unit.COUNT]
    found, expected = {}, {}
    for bound in counts:
        figure, again = (bound.id, length(bound.indicator, NOW), NOW), recorded.counted_again(bound, NOW)
        shown = {AUTHORITY, *(("team", team) for team, _ in units), *(("area", area) for _, area in units)}
        found |= {place: tally for place, tally in counted.items() if place[:3] == figure and place[3] in shown}
        of_none = sum(many for team, many in again.items() if team not in dict(units))
        sums: dict[ScopeKey, float] = {AUTHORITY: of_none}
        for team, area in units:
            for scope in (AUTHORITY, ("team", team), *([("area", area)] if area else ())):
                sums[scope] = sums.get(scope, 0) + again.get(team, 0)
        expected |= {(*figure, scope): Tally(None, round(many, 4)) for scope, many in sums.items() if many}
    assert differences(expected, found) == ""
    assert len(counts) > 50


def test_every_day_that_a_figure_may_go_by_is_cut_away(library: Library) -> None:
    read = {extract for bound in library.indicators.values() for extract, _ in bound.reads}
    assert read == KNOWN.keys()
    for extract, known in KNOWN.items():
        contract = library.contracts[extract]
        days = {c for c, said in contract.columns.items() if said.type in {ColumnType.DATE, ColumnType.DATETIME}}
        placed = {*known.since, *known.told, *known.ahead}
        assert days - {contract.entered} <= placed, extract


@pytest.fixture(scope="module")
def slow(recorded: Recorded) -> Counted:
    """The tallies of an authority that is slow, in the schema ``slow``: at every month end much is not yet done."""
    recorded.stand(put_off(recorded.library, 40))
    keep(recorded.workspace, recorded.library, "slow")
    return recorded.counted((A_YEAR_AGO, SIX_MONTHS_AGO), {extract: f"FROM slow.{name(extract)}" for extract in KNOWN})


@pytest.mark.parametrize("end", [A_YEAR_AGO, SIX_MONTHS_AGO])
def test_what_came_later_is_nothing(end: dt.date, recorded: Recorded, slow: Counted) -> None:
    """A figure as at an earlier month end is that of extracts from which all that happened afterwards is taken away."""
    earlier = recorded.counted([end], as_known(end, "slow"))
    of_now = {bound.id for bound in recorded.indicators if bound.indicator.now_only}
    full, cut = ({p: t for p, t in counted.items() if p[0] not in of_now} for counted in (_at(slow, end), earlier))
    assert differences(full, cut) == ""
