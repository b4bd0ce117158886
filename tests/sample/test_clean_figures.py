"""The clean sample gives the figures the paper prints, counted here with plain pandas. All numbers are the paper's."""

from __future__ import annotations

import csv

import pandas as pd
import pytest
import yaml
from checking import listed
from recount import Count, Sample

from dq.library import policy_root

pytestmark = pytest.mark.xdist_group("sample-clean")

# Printed: met, of, with UASC; then without.
STABILITY_17 = {
    "North Kent": (39, 282, 27, 209),
    "East Kent": (85, 643, 72, 552),
    "South Kent": (56, 392, 49, 320),
    "West Kent": (47, 362, 32, 264),
}
STABILITY_18 = {
    "North Kent": (51, 77, 51, 77),
    "East Kent": (174, 228, 173, 226),
    "South Kent": (72, 105, 71, 104),
    "West Kent": (72, 112, 72, 112),
}
# Printed: open cases, plans, children in care, UASC in care.
TEAMS = {
    "Ashford CSWT": (413, 121, 5, 0),
    "Swale CSWT": (605, 119, 7, 0),
    "North Kent CIC": (310, 15, 271, 73),
    "East Kent (Can/Swa) CIC": (367, 9, 343, 64),
    "West Kent CIC": (422, 24, 355, 98),
    "SUASC Service": (513, 0, 464, 464),
    "Disability EK": (631, 9, 66, 0),
    "Care Leaver Service (18+)": (1099, 0, 0, 0),
}
AREAS = {
    "North Kent": (1112, 194, 282, 73),
    "East Kent": (2375, 379, 643, 91),
    "South Kent": (1777, 339, 392, 72),
    "West Kent": (1256, 219, 362, 98),
    "Disability Service": (1211, 14, 99, 0),
}


def test_children_in_care(august: Count) -> None:
    assert len(august.in_care) == 2246
    assert august.in_care["uasc"].value_counts().to_dict() == {"N": 1448, "Y": 798}


def test_figure_6_children_in_need_seen(august: Count) -> None:
    assert august.seen_in_28_days() == (1595, 1970)


def test_figure_9_return_interviews(august: Count) -> None:
    assert august.interviewed_in_3_days() == (1281, 1891)
    met, of = august.interviewed_in_3_days(months=3)
    assert round(100 * met / of, 1) == 73.9


def test_figure_11_plan_visits(august: Count) -> None:
    assert len(august.plans) == 1145
    assert august.plan_visits_in_time() == (19560, 21663)


def test_figure_17_three_placements(august: Count) -> None:
    children = august.in_care
    others = children[children["uasc"] == "N"]
    assert (august.three_placements(), august.three_placements(others)) == ((293, 2246), (186, 1448))
    for area, expected in STABILITY_17.items():
        both = [august.three_placements(c[c["area"] == area]) for c in (children, others)]
        assert (*both[0], *both[1]) == expected, area


def test_figure_18_same_placement(august: Count) -> None:
    children = august.in_care
    others = children[children["uasc"] == "N"]
    assert (august.same_placement(), august.same_placement(others)) == ((410, 576), (408, 573))
    for area, expected in STABILITY_18.items():
        both = [august.same_placement(c[c["area"] == area]) for c in (children, others)]
        assert (*both[0], *both[1]) == expected, area


def test_figure_19_own_or_kinship_carers(august: Count) -> None:
    assert august.own_or_kinship_carers() == (1020, 1182)


def test_figure_20_near_home(august: Count) -> None:
    assert august.near_home() == (1115, 1392)
    assert not august.miles.between(19.9, 20.1).any()


@pytest.mark.parametrize(("column", "printed"), [("team", TEAMS), ("area", AREAS)])
def test_activity_of_units(august: Count, column: str, printed: dict[str, tuple[int, int, int, int]]) -> None:
    held, in_care = august.holders, august.in_care
    counts = pd.DataFrame(
        {
            "cases": held.groupby(column).size(),
            "plans": august.plans["person_id"].map(held[column]).value_counts(),
            "in_care": in_care.groupby(column).size(),
            "uasc": in_care[in_care["uasc"] == "Y"].groupby(column).size(),
        }
    ).fillna(0)
    assert {unit: tuple(counts.loc[unit].astype(int)) for unit in printed} == printed


def test_every_open_case_is_held_once(august: Count) -> None:
    assert len(august.holders) == 9444
    assert august.holders.index.is_unique


@pytest.mark.parametrize(
    ("figure", "month_ago", "year_ago"),
    [
        ("seen_in_28_days", 82.9, 80.0),
        ("plan_visits_in_time", 90.8, 92.6),
        ("three_placements", 12.9, 9.6),
        ("same_placement", 71.6, 74.2),
        ("own_or_kinship_carers", 86.9, 86.2),
        ("near_home", 80.6, 81.3),
    ],
)
def test_earlier_figures_are_on_the_printed_side_of_the_latest(
    clean: Sample, august: Count, figure: str, month_ago: float, year_ago: float
) -> None:
    latest = _percent(august, figure)
    for period, printed in (("2016-07-31", month_ago), ("2015-08-31", year_ago)):
        counted = _percent(clean.at(period), figure)
        assert abs(counted - printed) < 1.5, period
        assert (counted > latest) == (printed > latest), period


def _percent(count: Count, figure: str) -> float:
    met, of = getattr(count, figure)()
    return float(100 * met / of)


def test_columns_are_those_of_the_contracts(clean: Sample) -> None:
    for contract in sorted((policy_root() / "checks" / "casework").glob("*.yaml")):
        columns = list(yaml.safe_load(contract.read_text(encoding="utf-8"))["columns"])
        with (clean.folder / f"{contract.stem}.csv").open(encoding="utf-8-sig", newline="") as file:
            assert next(csv.reader(file)) == columns


def test_nhs_numbers_are_unique_and_well_formed(clean: Sample) -> None:
    numbers = clean.read("persons")["common_child_id"]
    assert numbers.is_unique
    digits = numbers.str.split("", expand=True).iloc[:, 1:11].astype(int).to_numpy()
    assert ((digits * range(10, 0, -1)).sum(axis=1) % 11 == 0).all()


def test_no_rule_flags_a_record(clean: Sample) -> None:
    assert listed(clean.folder.parent / "out" / "exceptions.csv") == []
    assert listed(clean.folder / "truth.csv") == []
