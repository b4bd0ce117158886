"""A figure explained: the rows behind it are those it counts, and the errors named are those its range knows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow.compute as pc
from command_line import dq_here
from runs import Ran, records

from dq.engine.check import Absent
from dq.explained import Explained
from dq.indicators.behind import rows_behind
from dq.indicators.figures import figures, touching
from dq.library.load import load_library
from dq.library.policy import is_counted
from dq.model import Unit
from dq.project import open_project
from dq.run import checked

PERIOD = dt.date(2016, 8, 31)


def _counted(explained: Explained) -> tuple[float, float]:
    """Return how many rows count, and how many of them meet it."""
    (part,) = explained.behind
    counts, meets = (pc.equal(part.rows[name], "yes") for name in ("counts", "meets"))
    return pc.sum(counts).as_py() or 0, pc.sum(pc.and_(counts, meets)).as_py() or 0


def test_the_rows_behind_every_figure_are_those_it_counts(in_error: Ran) -> None:
    """Of all figures whose rows count for one each, at the authority and at its largest area."""
    project = open_project(in_error.project)
    library = load_library()
    card = library.scorecards["kent-scs"]
    rules = [bound for bound in library.rules.values() if is_counted(bound.rule, PERIOD)]
    compared, touched = 0, 0
    with checked(project, PERIOD, library, rules, lambda _: None) as (workspace, findings, _):
        nothing = Absent((), ())
        worked = figures(workspace, library, card, findings, nothing, project, PERIOD, lambda _: None)
        scopes, found = worked.scopes, worked.figures
        areas = {unit.id: {unit.id} for unit in scopes if unit.type == "area"}
        for unit in scopes:
            if unit.area in areas:
                areas[unit.area].add(unit.id)
        largest = max(areas, key=lambda area: len(areas[area]))
        rule_of = dict(workspace.execute("SELECT exception_id, rule_id FROM exceptions").fetchall())
        for figure in found:
            bound = library.indicators[figure.indicator.id].of(figure.split)
            if (figure.scope.type != "authority" and figure.scope.id != largest) or not figure.available:
                continue
            if bound.base is None or bound.base.value is not None or bound.base.weight is not None:
                continue
            teams = None if figure.scope.type == "authority" else areas[largest]
            found_behind = rows_behind(workspace, library, bound, findings, PERIOD, touching(project), teams)
            matter = worked.movers(bound.id, figure.scope)
            assert matter is not None
            behind = tuple(part.with_only(matter) for part in found_behind)
            explained = Explained(figure, bound, behind, {i: library.rules[r].rule for i, r in rule_of.items()})
            counted, met = _counted(explained)
            if figure.indicator.unit is Unit.COUNT:
                assert counted == figure.value, figure.measure
            else:
                assert (met, counted) == (figure.numerator, figure.denominator), figure.measure
            assert len(explained.movers) == figure.open_exceptions, figure.measure
            compared, touched = compared + 1, touched + bool(explained.movers)
    assert compared > 80
    assert touched > 50


def test_a_figure_is_told_on_a_terminal_and_its_rows_are_written(small: Ran, tmp_path: Path) -> None:
    out = tmp_path / "rows.csv"
    ended = dq_here("explain", "6", small.project, "--scope", "north kent", "--out", out)
    assert (ended.code, ended.err) == (0, "")
    row = next(row for key, row in small.figures.items() if key[2] == "cin_seen" and row["scope_name"] == "North Kent")
    met, of = int(row["numerator"]), int(row["denominator"])
    first, second, *_ = ended.said.splitlines()
    assert first == "6  % of CIN who have been seen in the last 28 days"
    assert second == "North Kent, at 31 Aug 2016"
    assert f"Rows      {of} of children_in_need; {met} meet it, {of - met} do not; 0 in doubt" in ended.said
    assert "No open error can move it." in ended.said
    assert max(map(len, ended.said.splitlines())) <= 100
    rows = records(out)
    assert (sum(r["counts"] == "yes" for r in rows), sum(r["meets"] == "yes" for r in rows)) == (of, met)
    assert len({r["person_id"] for r in rows}) == of, "each child once"


def test_a_figure_or_a_team_there_is_not_is_named_with_the_nearest(small: Ran) -> None:
    ended = dq_here("explain", "cin_sen", small.project)
    assert (ended.code, ended.err) == (2, "dq: there is no figure 'cin_sen'. Did you mean 'cin_seen'?\n")
    ended = dq_here("explain", "cla_count:uacs", small.project)
    assert ended.code == 2
    assert "indicator 'cla_count' has no split 'uacs'." in ended.err
    ended = dq_here("explain", "cin_seen", small.project, "--scope", "Nrth Kent")
    assert (ended.code, ended.err) == (2, "dq: there is no team or area 'Nrth Kent'. Did you mean 'North Kent'?\n")
