"""Tables that are about no child: how many children live here, and the figures of other authorities. All invented."""

from __future__ import annotations

import datetime as dt

from dq.sample.making import Making
from dq.sample.recipe import tree
from dq.sample.records.staff import Benchmark, Population

CHILDREN = 326_000
YEARS = 4
BANDS = {"0-4": 0.27, "5-9": 0.28, "10-15": 0.33, "16-17": 0.12}
GROWTH = (0.985, 1.02)
PUBLISHED = (6, 25)
COMPARED = {"England": 1.0, "South East": 0.9, "Statistical neighbours": 0.95}
FIGURES = {"cla_rate": 60.0, "cp_plan_rate": 43.0, "cin_rate": 337.0, "cla_reviews_timeliness": 90.0,
           "placement_stability_3_plus": 10.0, "placement_stability_2_years": 68.0, "cla_dental_checks": 84.0,
           "cla_health_assessments": 90.0, "offending_cla": 5.2}  # fmt: skip


def population(making: Making) -> None:
    """Make the children of each area and of the authority, its sum, for the latest years published."""
    latest = making.end.year - (1 if (making.end.month, making.end.day) >= PUBLISHED else 2)
    root, areas = _areas(making)
    for band, share in BANDS.items():
        counts = [max(40.0, making.scaled(CHILDREN) * share / max(1, len(areas))) for _ in areas or [root]]
        counts = [count * making.chance.spread(0.2) for count in counts]
        for year in range(latest - YEARS + 1, latest + 1):
            counts = [n * (GROWTH[0] + (GROWTH[1] - GROWTH[0]) * making.chance.uniform()) for n in counts]
            whole = [round(n) for n in counts]
            for area, children in zip([root, *areas], [sum(whole), *whole] if areas else whole, strict=True):
                making.records.child_population.append(
                    Population(making.records.key("CN"), area, year, band, children, dt.date(year + 1, *PUBLISHED))
                )


def _areas(making: Making) -> tuple[str, list[str]]:
    """Return the authority and its areas: the units of teams that serve districts."""
    root, areas = "", []
    for branch, unit, _ in tree(making.recipe):
        if unit is None:
            root = branch.team_id
        elif any(team.work == "district" for team in unit.units):
            areas.append(branch.team_id)
    return root, areas


def benchmarks(making: Making) -> None:
    """Make the figures of other authorities for three financial years, as validated."""
    for indicator, usual in FIGURES.items():
        for group, share in COMPARED.items():
            for year in range(making.end.year - 3, making.end.year):
                making.records.benchmarks.append(
                    Benchmark(
                        benchmark_id=making.records.key("BM"),
                        indicator_id=indicator,
                        compared_with=group,
                        period_to=dt.date(year, 3, 31),
                        value=round(usual * share * (0.96 + 0.08 * making.chance.uniform()), 1),
                        quality="Validated",
                        source="National tables",
                    )
                )
